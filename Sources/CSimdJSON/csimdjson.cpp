#include "csimdjson.h"

#include <algorithm>
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
  uint64_t *hashes = nullptr;
  size_t hash_capacity = 0;

  csimdjson_parser(size_t bytes, size_t depth)
      : parser(bytes), max_bytes(bytes), max_depth(depth) {}
  ~csimdjson_parser() {
    std::free(padded);
    std::free(hashes);
  }
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

struct key {
  const uint8_t *bytes;
  uint32_t count;

  bool operator==(const key &other) const {
    return count == other.count && std::memcmp(bytes, other.bytes, count) == 0;
  }

  // One of 64 places, by what tells short keys apart.
  uint64_t place() const {
    if (count == 0) return 1;
    uint64_t word = bytes[0] * 7u + bytes[count - 1] * 11u + count;
    return uint64_t{1} << ((word ^ (word >> 5)) & 63);
  }

  // FNV-1a.
  uint64_t hash() const {
    uint64_t word = 0xcbf29ce484222325;
    for (uint32_t index = 0; index < count; index++) {
      word = (word ^ bytes[index]) * 0x100000001b3;
    }
    return word;
  }
};

// The members of one object on the tape.
class members {
 public:
  members(const uint64_t *tape, const uint8_t *strings, size_t start)
      : tape_(tape), strings_(strings), cursor_(start + 1), end_(uint32_t(tape[start]) - 1) {}

  bool next(key *found) {
    if (cursor_ >= end_) return false;
    const uint8_t *text = strings_ + (tape_[cursor_] & 0x00ffffffffffffff);
    std::memcpy(&found->count, text, sizeof(found->count));
    found->bytes = text + sizeof(found->count);
    uint64_t value = tape_[cursor_ + 1];
    switch (value >> 56) {
      case '{':
      case '[': cursor_ = uint32_t(value); break;
      case 'l':
      case 'u':
      case 'd': cursor_ += 3; break;
      default: cursor_ += 2;
    }
    return true;
  }

 private:
  const uint64_t *tape_;
  const uint8_t *strings_;
  size_t cursor_;
  size_t end_;
};

constexpr size_t few = 32;

// Whether a key of a wide object comes twice; 64 bits of hash stand for the key, so that the time
// grows with its length however the keys are chosen.
int32_t check_wide(csimdjson_parser *self, members rest) {
  size_t count = 0;
  for (key found; rest.next(&found);) {
    if (count == self->hash_capacity) {
      size_t capacity = count == 0 ? 256 : count * 2;
      void *grown = std::realloc(self->hashes, capacity * sizeof(uint64_t));
      if (grown == nullptr) return csimdjson_memory;
      self->hashes = static_cast<uint64_t *>(grown);
      self->hash_capacity = capacity;
    }
    self->hashes[count++] = found.hash();
  }
  std::sort(self->hashes, self->hashes + count);
  bool twice = std::adjacent_find(self->hashes, self->hashes + count) != self->hashes + count;
  return twice ? csimdjson_duplicate_key : csimdjson_ok;
}

int32_t check_object(csimdjson_parser *self, const members &object) {
  key known[few];
  size_t count = 0;
  uint64_t places = 0;
  members rest = object;
  for (key found; rest.next(&found);) {
    if (count == few) return check_wide(self, object);
    if ((places & found.place()) != 0) {
      for (size_t index = 0; index < count; index++) {
        if (known[index] == found) return csimdjson_duplicate_key;
      }
    }
    places |= found.place();
    known[count++] = found;
  }
  return csimdjson_ok;
}

// Readers disagree on which of two members with one name counts: a document with such is none.
int32_t check_keys(csimdjson_parser *self) {
  const uint64_t *tape = self->parser.doc.tape.get();
  const uint8_t *strings = self->parser.doc.string_buf.get();
  size_t end = uint32_t(tape[0]);
  for (size_t index = 1; index < end; index++) {
    switch (tape[index] >> 56) {
      case '{':
        if (int32_t fault = check_object(self, members(tape, strings, index))) return fault;
        break;
      case 'l':
      case 'u':
      case 'd': index++;
    }
  }
  return csimdjson_ok;
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
  int32_t fault = status(self->parser.parse(self->padded, count, false).error());
  return fault == csimdjson_ok ? check_keys(self) : fault;
}

const uint64_t *csimdjson_tape(const csimdjson_parser *parser) {
  return parser->parser.doc.tape.get();
}

const uint8_t *csimdjson_strings(const csimdjson_parser *parser) {
  return parser->parser.doc.string_buf.get();
}
