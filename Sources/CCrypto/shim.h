#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

// Macros and calls with a variable list of arguments, which Swift does not see.
static inline EVP_PKEY *ccrypto_make_p256_key(void) { return EVP_EC_gen("P-256"); }
static inline int ccrypto_add_extension(X509 *certificate, int nid, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
  if (extension == NULL) return 0;
  int is_added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return is_added;
}
