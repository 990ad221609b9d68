#include "csimdjson.h"

#include <cstdlib>
#include <cstring>
#include <new>
#include <simdjson.h>

// No exception leaves this file: simdjson's `noexcept` calls are used, and memory is asked for
// with malloc and nothrow new.

struct csimdjson_parser {
  simdjson::dom::parser parser;
  size_t max_bytes;
  size_t max_depth;
  uint8_t *padded = nullptr;
  size_t capacity = 0;

  csimdjson_parser(size_t bytes, size_t depth)
      : parser(bytes), max_bytes(bytes), max_depth(depth) {}
  ~csimdjson_parser() { std::free(padded); }
};

namespace {

// Doubles the room, so that frames of slowly growing size do not each allocate.
bool grow(csimdjson_parser *self, size_t count) {
  if (count <= self->capacity) return true;
  size_t capacity = self->capacity == 0 ? 4096 : self->capacity;
  while (capacity < count) capacity *= 2;
  if (capacity > self->max_bytes) capacity = self->max_bytes;
  auto *padded = static_cast<uint8_t *>(std::malloc(capacity + simdjson::SIMDJSON_PADDING));
  if (padded == nullptr) return false;
  if (self->parser.allocate(capacity, self->max_depth) != simdjson::SUCCESS ||
      self->parser.doc.allocate(capacity) != simdjson::SUCCESS) {
    std::free(padded);
    return false;
  }
  std::free(self->padded);
  self->padded = padded;
  self->capacity = capacity;
  return true;
}

int32_t status(simdjson::error_code code) {
  switch (code) {
    case simdjson::SUCCESS: return csimdjson_ok;
    case simdjson::EMPTY: return csimdjson_empty;
    case simdjson::CAPACITY: return csimdjson_too_large;
    case simdjson::DEPTH_ERROR: return csimdjson_too_deep;
    case simdjson::UTF8_ERROR: return csimdjson_not_utf8;
    case simdjson::NUMBER_ERROR: return csimdjson_number;
    case simdjson::MEMALLOC: return csimdjson_memory;
    default: return csimdjson_syntax;
  }
}

}  // namespace

csimdjson_parser *csimdjson_create(size_t max_bytes, size_t max_depth) {
  return new (std::nothrow) csimdjson_parser(max_bytes, max_depth);
}

void csimdjson_destroy(csimdjson_parser *parser) { delete parser; }

int32_t csimdjson_parse(csimdjson_parser *self, const uint8_t *bytes, size_t count) {
  if (count == 0) return csimdjson_empty;
  if (count > self->max_bytes) return csimdjson_too_large;
  if (!grow(self, count)) return csimdjson_memory;
  std::memcpy(self->padded, bytes, count);
  std::memset(self->padded + count, ' ', simdjson::SIMDJSON_PADDING);
  return status(self->parser.parse(self->padded, count, false).error());
}

const uint64_t *csimdjson_tape(const csimdjson_parser *parser) {
  return parser->parser.doc.tape.get();
}

const uint8_t *csimdjson_strings(const csimdjson_parser *parser) {
  return parser->parser.doc.string_buf.get();
}
