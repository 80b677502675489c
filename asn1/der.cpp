// SPDX-License-Identifier: Apache-2.0
#include <ashlar/asn1/der_core.h>
#include <ashlar/asn1/der.hpp>
#include <ashlar/asn1/oid.hpp>
#include <ashlar/asn1/string.hpp>

namespace ashlar::asn1 {
namespace {

ErrorCode code_of(ashlar_der_status status) {
  switch (status) {
    case ASHLAR_DER_HIGH_TAG:
      return ErrorCode::der_bad_tag;
    case ASHLAR_DER_INDEFINITE:
      return ErrorCode::der_indefinite_length;
    case ASHLAR_DER_NOT_MINIMAL:
      return ErrorCode::der_length_not_minimal;
    case ASHLAR_DER_TOO_LONG:
      return ErrorCode::der_length_too_long;
    case ASHLAR_DER_OK:
    case ASHLAR_DER_TRUNCATED:
      break;
  }
  return ErrorCode::truncated;
}

Error wrong_tag(ErrorCode code, Tag found, std::uint32_t offset) {
  return {code, Place::none, tag_detail(static_cast<std::uint8_t>(found), offset)};
}

// The rules of each type's content. `offset` is where the content starts.

Result<void> check_boolean(Bytes content, std::uint32_t offset) {
  if (content.size() != 1 || (content[0] != 0x00 && content[0] != 0xff)) {
    return DerReader::fail_at(ErrorCode::der_bad_boolean, offset);
  }
  return {};
}

Result<void> check_integer(Bytes content, std::uint32_t offset) {
  if (content.empty()) {
    return DerReader::fail_at(ErrorCode::der_integer_empty, offset);
  }
  if (content.size() > 1) {
    const bool top = (content[1] & 0x80) != 0;
    if ((content[0] == 0x00 && !top) || (content[0] == 0xff && top)) {
      return DerReader::fail_at(ErrorCode::der_integer_not_minimal, offset);
    }
  }
  return {};
}

Result<void> check_bit_string(Bytes content, std::uint32_t offset) {
  bool good = !content.empty() && content[0] <= 7;
  if (good && content[0] != 0) {
    const unsigned unused_mask = (1u << content[0]) - 1;
    good = content.size() > 1 && (content.back() & unused_mask) == 0;
  }
  if (!good) {
    return DerReader::fail_at(ErrorCode::der_bad_bit_string, offset);
  }
  return {};
}

Result<void> check_oid(Bytes content, std::uint32_t offset) {
  if (!is_valid_oid(content)) {
    return DerReader::fail_at(ErrorCode::der_bad_oid, offset);
  }
  return {};
}

Result<void> check_null(Bytes content, std::uint32_t offset) {
  if (!content.empty()) {
    return DerReader::fail_at(ErrorCode::der_bad_null, offset);
  }
  return {};
}

// Reads a header at the front of `data`, which starts at `offset`.
Result<void> parse_element(Bytes data, std::uint32_t offset, Element& element) {
  ashlar_der_header header{};
  const ashlar_der_status status = ashlar_der_parse_header(data.data(), data.size(), &header);
  if (status != ASHLAR_DER_OK) {
    return DerReader::fail_at(code_of(status), offset);
  }
  element.tag = static_cast<Tag>(header.tag);
  element.content = data.subspan(header.header_size, header.content_size);
  element.whole = data.first(header.header_size + header.content_size);
  element.offset = offset + static_cast<std::uint32_t>(header.header_size);
  return {};
}

}  // namespace

Result<Element> DerReader::any() {
  Element element{};
  ASHLAR_CHECK(parse_element(reader_.peek(), offset(), element));
  ASHLAR_CHECK(reader_.take(element.whole.size()));
  return element;
}

Result<Element> DerReader::element(Tag tag) {
  const std::uint32_t start = offset();
  Element element{};
  ASHLAR_CHECK(parse_element(reader_.peek(), start, element));
  if (element.tag != tag) {
    return wrong_tag(ErrorCode::der_unexpected_tag, element.tag, start);
  }
  ASHLAR_CHECK(reader_.take(element.whole.size()));
  return element;
}

Result<std::optional<Element>> DerReader::optional(Tag tag) {
  if (!next_is(tag)) {
    return std::optional<Element>();
  }
  ASHLAR_TRY(const Element element, element(tag));
  return std::optional<Element>(element);
}

Result<DerReader> DerReader::nested(Tag tag) {
  if (depth_ + 1 > kMaxDepth) {
    return fail(ErrorCode::der_too_deep);
  }
  ASHLAR_TRY(const Element inner, element(tag));
  return DerReader(inner.content, inner.offset, depth_ + 1);
}

Result<bool> DerReader::boolean() {
  DerReader probe = *this;
  ASHLAR_TRY(const Element element, probe.element(Tag::boolean));
  ASHLAR_CHECK(check_boolean(element.content, element.offset));
  *this = probe;
  return element.content[0] != 0;
}

Result<bool> DerReader::boolean_default_false(bool* written) {
  if (!next_is(Tag::boolean)) {
    return false;
  }
  const std::uint32_t start = offset();
  ASHLAR_TRY(const bool value, boolean());
  if (!value && written == nullptr) {
    return fail_at(ErrorCode::der_default_encoded, start);
  }
  if (!value) {
    *written = true;
  }
  return value;
}

Result<Bytes> DerReader::integer(Tag tag) {
  DerReader probe = *this;
  ASHLAR_TRY(const Element element, probe.element(tag));
  ASHLAR_CHECK(check_integer(element.content, element.offset));
  *this = probe;
  return element.content;
}

Result<Bytes> DerReader::unsigned_integer(Tag tag) {
  DerReader probe = *this;
  ASHLAR_TRY(const Bytes content, probe.integer(tag));
  if ((content[0] & 0x80) != 0) {
    return fail(ErrorCode::der_integer_negative);
  }
  *this = probe;
  return content.size() > 1 && content[0] == 0 ? content.subspan(1) : content;
}

Result<std::uint32_t> DerReader::small_integer(Tag tag) {
  DerReader probe = *this;
  ASHLAR_TRY(const Bytes magnitude, probe.unsigned_integer(tag));
  if (magnitude.size() > 4) {
    return fail(ErrorCode::der_integer_too_large);
  }
  *this = probe;
  std::uint32_t value = 0;
  for (const std::uint8_t byte : magnitude) {
    value = (value << 8) | byte;
  }
  return value;
}

Result<Bytes> DerReader::oid() {
  DerReader probe = *this;
  ASHLAR_TRY(const Element element, probe.element(Tag::oid));
  ASHLAR_CHECK(check_oid(element.content, element.offset));
  *this = probe;
  return element.content;
}

Result<void> DerReader::null() {
  DerReader probe = *this;
  ASHLAR_TRY(const Element element, probe.element(Tag::null));
  ASHLAR_CHECK(check_null(element.content, element.offset));
  *this = probe;
  return {};
}

Result<Bytes> DerReader::octet_string() {
  ASHLAR_TRY(const Element inner, element(Tag::octet_string));
  return inner.content;
}

Result<BitString> DerReader::bit_string(Tag tag) {
  DerReader probe = *this;
  ASHLAR_TRY(const Element element, probe.element(tag));
  ASHLAR_CHECK(check_bit_string(element.content, element.offset));
  *this = probe;
  return BitString{element.content.subspan(1), element.content[0]};
}

Result<Bytes> DerReader::octet_aligned_bit_string(Tag tag) {
  DerReader probe = *this;
  ASHLAR_TRY(const BitString bits, probe.bit_string(tag));
  if (bits.unused_bits != 0) {
    return fail(ErrorCode::der_bit_string_not_octets);
  }
  *this = probe;
  return bits.bytes;
}

Result<Time> DerReader::time(TimeFault* fault) {
  DerReader probe = *this;
  ASHLAR_TRY(const Element element, probe.any());
  if (element.tag != Tag::utc_time && element.tag != Tag::generalized_time) {
    return wrong_tag(ErrorCode::der_unexpected_tag, element.tag, offset());
  }
  const bool general = element.tag == Tag::generalized_time;
  Result<Time> parsed =
      general ? Time::parse_generalized_time(element.content) : Time::parse_utc_time(element.content);
  if (!parsed) {
    return fail_at(parsed.error().code, element.offset);
  }
  if (general && *parsed < kFirstGeneralizedTime) {
    const bool early = *parsed < kFirstTime;
    if (fault == nullptr) {
      return fail_at(early ? ErrorCode::der_time_before_1950 : ErrorCode::der_wrong_time_type,
                     element.offset);
    }
    *fault = early ? TimeFault::before_1950 : TimeFault::wrong_type;
  }
  *this = probe;
  return parsed;
}

Result<void> check_primitive(const Element& element, StringFault* worst) {
  const std::uint32_t offset = element.offset;
  const auto tag = static_cast<std::uint8_t>(element.tag);
  if ((tag & 0xc0) != 0) {
    return {};
  }
  const unsigned number = tag & 0x1f;
  constexpr unsigned kSequence = 0x10, kSet = 0x11;
  constexpr unsigned kExternal = 0x08, kEmbeddedPdv = 0x0b;
  const bool must_be_constructed =
      number == kSequence || number == kSet || number == kExternal || number == kEmbeddedPdv;
  if (is_constructed(element.tag) != must_be_constructed) {
    const auto header_size = static_cast<std::uint32_t>(element.whole.size() - element.content.size());
    return wrong_tag(ErrorCode::der_wrong_form, element.tag, offset - header_size);
  }
  switch (element.tag) {
    case Tag::boolean:
      return check_boolean(element.content, offset);
    case Tag::integer:
    case Tag::enumerated:
      return check_integer(element.content, offset);
    case Tag::bit_string:
      return check_bit_string(element.content, offset);
    case Tag::null:
      return check_null(element.content, offset);
    case Tag::oid:
      return check_oid(element.content, offset);
    default:
      break;
  }
  if (!is_string(element.tag)) {
    return {};
  }
  const StringFault fault = fault_of(element.tag, element.content);
  if (fault == StringFault::unreadable || (fault != StringFault::none && worst == nullptr)) {
    return DerReader::fail_at(ErrorCode::der_bad_string, offset);
  }
  if (worst != nullptr && fault > *worst) {
    *worst = fault;
  }
  return {};
}

// False at the end. The node is written in place: check_tree must be fast on hostile input with many small
// elements.
Result<bool> TreeWalker::advance(Node& node, StringFault* worst) {
  while (open_ > 0 && ends_[open_ - 1] == reader_.offset()) {
    open_--;
  }
  if (reader_.empty()) {
    return false;
  }
  Bytes rest = reader_.peek();
  if (open_ > 0) {
    rest = rest.first(ends_[open_ - 1] - reader_.offset());
  }
  const std::uint32_t start = reader_.offset();
  Element& element = node.element;
  ASHLAR_CHECK(parse_element(rest, start, element));
  ASHLAR_CHECK(check_primitive(element, worst));
  node.depth = open_;
  const std::size_t header_size = element.whole.size() - element.content.size();
  if (is_constructed(element.tag)) {
    if (open_ == kMaxDepth) {
      return DerReader::fail_at(ErrorCode::der_too_deep, start);
    }
    ends_[open_++] = element.offset + static_cast<std::uint32_t>(element.content.size());
    ASHLAR_CHECK(reader_.take(header_size));
  } else {
    ASHLAR_CHECK(reader_.take(element.whole.size()));
  }
  return true;
}

Result<std::optional<TreeWalker::Node>> TreeWalker::next() {
  Node node{};
  ASHLAR_TRY(const bool more, advance(node, nullptr));
  return more ? std::optional<Node>(node) : std::nullopt;
}

Result<void> check_tree(Bytes der, std::uint32_t base_offset, StringFault* worst) {
  TreeWalker walker(der, base_offset);
  TreeWalker::Node node{};
  while (true) {
    ASHLAR_TRY(const bool more, walker.advance(node, worst));
    if (!more) {
      return {};
    }
  }
}

}  // namespace ashlar::asn1
