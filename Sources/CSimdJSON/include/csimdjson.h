#ifndef ASSAY_CSIMDJSON_H
#define ASSAY_CSIMDJSON_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// A reusable parser with the tape and strings of the last document.
typedef struct csimdjson_parser csimdjson_parser;

/// What became of a document.
enum csimdjson_status {
  csimdjson_ok = 0,
  csimdjson_empty = 1,
  csimdjson_too_large = 2,
  csimdjson_too_deep = 3,
  csimdjson_not_utf8 = 4,
  csimdjson_number = 5,
  csimdjson_syntax = 6,
  csimdjson_memory = 7,
  csimdjson_duplicate_key = 8,
};

/// Makes a parser for documents of at most `max_bytes` and `max_depth`; NULL without memory.
csimdjson_parser *csimdjson_create(size_t max_bytes, size_t max_depth);
/// Ends a parser and the tape and strings that it handed out.
void csimdjson_destroy(csimdjson_parser *parser);
/// Parses a copy of `count` bytes; the tape and strings of the previous document end here.
int32_t csimdjson_parse(csimdjson_parser *parser, const uint8_t *bytes, size_t count);
/// The tape of the last document that parsed (simdjson doc/tape.md).
const uint64_t *csimdjson_tape(const csimdjson_parser *parser);
/// The strings that the tape points into: a 32-bit count, then the bytes.
const uint8_t *csimdjson_strings(const csimdjson_parser *parser);

#ifdef __cplusplus
}
#endif

#endif
