// SPDX-License-Identifier: Apache-2.0
// The strict DER reader (X.690). Every rule of the encoding is checked here and nowhere else. It consumes
// through the base Reader. A read that fails consumes nothing. Its error carries the offset from the start of
// the outermost input.
//
//   DerReader outer(der);
//   ASHLAR_TRY(DerReader sequence, outer.sequence());
//   ASHLAR_CHECK(outer.expect_end());
//   ASHLAR_TRY(const Bytes oid, sequence.oid());
#pragma once

#include <ashlar/asn1/time.hpp>
#include <ashlar/base/reader.hpp>

#include <optional>

namespace ashlar::asn1 {

// Identifier octets: class, form (primitive or constructed) and number in one byte, as DER fixes them.
enum class Tag : std::uint8_t {
  boolean = 0x01,
  integer = 0x02,
  bit_string = 0x03,
  octet_string = 0x04,
  null = 0x05,
  oid = 0x06,
  enumerated = 0x0a,
  utf8_string = 0x0c,
  numeric_string = 0x12,
  printable_string = 0x13,
  teletex_string = 0x14,
  ia5_string = 0x16,
  utc_time = 0x17,
  generalized_time = 0x18,
  visible_string = 0x1a,
  universal_string = 0x1c,
  bmp_string = 0x1e,
  sequence = 0x30,
  set = 0x31,
};
// [number] IMPLICIT of a primitive type, and [number] of a constructed one or EXPLICIT; number below 31.
constexpr Tag context(unsigned number) {
  return static_cast<Tag>(0x80 | number);
}
constexpr Tag context_constructed(unsigned number) {  // the tag [number], constructed
  return static_cast<Tag>(0xa0 | number);
}
constexpr bool is_constructed(Tag tag) {  // whether it holds elements
  return (static_cast<unsigned>(tag) & 0x20) != 0;
}

// Elements nested deeper than this are refused (A04).
inline constexpr unsigned kMaxDepth = 32;

// One element as it stands in the input.
struct Element {
  Tag tag;
  Bytes content;
  Bytes whole;           // header included
  std::uint32_t offset;  // of the content, from the start of the outermost input
};

struct BitString {  // the content of a BIT STRING
  Bytes bytes;
  std::uint8_t unused_bits;  // 0 to 7, at the end of the last byte; they are zero
};

// What is odd about a time that can be read.
enum class TimeFault : std::uint8_t {
  none,
  wrong_type,   // a year from 1950 to 2049 in a GeneralizedTime
  before_1950,  // RFC 5280 has no form for it
};

enum class StringFault : std::uint8_t;  // string.hpp

class DerReader {  // Reads strict DER, one element at a time; results are views into the input
 public:
  // base_offset: the offset of `data` in the input that errors speak of.
  explicit DerReader(Bytes data, std::uint32_t base_offset = 0, unsigned depth = 0)
      : reader_(data, base_offset), depth_(depth) {}
  // Reads the content of an element that was taken before.
  explicit DerReader(const Element& element) : DerReader(element.content, element.offset) {}

  bool empty() const { return reader_.empty(); }
  std::uint32_t offset() const { return reader_.offset(); }
  // What is left, without consuming it.
  Bytes peek() const { return reader_.peek(); }
  // Whether another element follows, and has this tag.
  bool next_is(Tag tag) const { return !empty() && reader_.peek()[0] == static_cast<std::uint8_t>(tag); }
  Result<void> expect_end() const { return reader_.expect_end(); }
  // An error at the next byte; `fail_at` at another one.
  Error fail(ErrorCode code) const { return reader_.fail(code); }
  static Error fail_at(ErrorCode code, std::uint32_t offset) { return {code, Place::none, offset}; }

  // The next element with any tag. Its content is not checked.
  Result<Element> any();
  // The next element, which must have this tag: der_unexpected_tag otherwise.
  Result<Element> element(Tag tag);
  // The next element if it has this tag, else nothing.
  Result<std::optional<Element>> optional(Tag tag);
  // The content of the next element, which must have this tag, as a new reader.
  Result<DerReader> nested(Tag tag);
  Result<DerReader> sequence() { return nested(Tag::sequence); }  // what is inside a SEQUENCE
  Result<DerReader> set() { return nested(Tag::set); }            // what is inside a SET

  Result<bool> boolean();  // BOOLEAN: 00 or FF
  // BOOLEAN DEFAULT FALSE: absent is false, present must be TRUE. With `written`, an explicit FALSE is no
  // error but sets `written`.
  Result<bool> boolean_default_false(bool* written = nullptr);
  // Content of an INTEGER: two's complement, big-endian, minimal. tag: of an IMPLICIT one, here and below.
  Result<Bytes> integer(Tag tag = Tag::integer);
  // A non-negative INTEGER without its leading zero; one zero byte for 0.
  Result<Bytes> unsigned_integer(Tag tag = Tag::integer);
  // A non-negative INTEGER below 2^32.
  Result<std::uint32_t> small_integer(Tag tag = Tag::integer);
  // Content of an OBJECT IDENTIFIER, checked (at most kMaxOidSize bytes).
  Result<Bytes> oid();
  Result<void> null();           // NULL
  Result<Bytes> octet_string();  // the content of an OCTET STRING
  // tag: of an IMPLICIT BIT STRING.
  Result<BitString> bit_string(Tag tag = Tag::bit_string);
  // A BIT STRING of whole bytes.
  Result<Bytes> octet_aligned_bit_string(Tag tag = Tag::bit_string);
  // A Time of RFC 5280 §4.1.2.5: UTCTime up to 2049, GeneralizedTime from 2050 on. With `fault`, an earlier
  // year in a GeneralizedTime is no error but sets `fault`.
  Result<Time> time(TimeFault* fault = nullptr);

 private:
  Reader reader_;
  unsigned depth_;
};

// Checks an element's content against the rules of its universal type: INTEGER, BOOLEAN, OBJECT IDENTIFIER,
// strings and so on. Context-specific and constructed elements pass. The error has the offset. With `worst`,
// a readable string is no error, whatever its characters are. `worst` is set to its fault if that is worse
// than the value before.
Result<void> check_primitive(const Element& element, StringFault* worst = nullptr);

// Walks a whole DER tree in order, without recursion. It checks depth, lengths, and the content of each
// universal primitive. For input of unknown structure (ANY), and for display.
class TreeWalker {
 public:
  struct Node {  // an element, and how deep it lies
    Element element;
    unsigned depth;  // 0 for the outermost
  };

  explicit TreeWalker(Bytes der, std::uint32_t base_offset = 0) : reader_(der, base_offset) {}
  // The next element in reading order; nothing at the end of the input.
  Result<std::optional<Node>> next();

 private:
  friend Result<void> check_tree(Bytes der, std::uint32_t base_offset, StringFault* worst);
  Result<bool> advance(Node& node, StringFault* worst);

  Reader reader_;
  unsigned open_ = 0;                // constructed elements that are open
  std::uint32_t ends_[kMaxDepth]{};  // where each of them ends
};

// Walks the whole tree and returns the first error. worst: as check_primitive.
Result<void> check_tree(Bytes der, std::uint32_t base_offset = 0, StringFault* worst = nullptr);

}  // namespace ashlar::asn1
