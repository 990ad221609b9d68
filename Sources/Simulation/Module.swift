// NOTE to the author of Simulation: Sources/Simulation/Replay and the command line (Sources/assay) are written by
// another colleague (helper-8) at the same time: do NOT build Replay. Configuration-file decoding stays yours.
