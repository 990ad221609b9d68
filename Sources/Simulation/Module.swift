// Filled by the first commit of the module.
