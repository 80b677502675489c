// SPDX-License-Identifier: Apache-2.0
#include "names.hpp"

#include <ashlar/asn1/string.hpp>
#include <ashlar/crypto/sha2.hpp>

namespace ashlar::x509 {

using asn1::DerReader;
using asn1::Element;
using asn1::Tag;

namespace {

// Ascending order of encodings: the shorter is padded with zeros for the comparison (X.690 §11.6). Equal
// encodings would be one element twice, which a set does not allow.
bool is_ascending(Bytes a, Bytes b) {
  const std::size_t common = a.size() < b.size() ? a.size() : b.size();
  const int order = std::memcmp(a.data(), b.data(), common);
  return order < 0 || (order == 0 && a.size() < b.size());
}

Result<void> check_attribute(DerReader attribute, const Noting& note) {
  ASHLAR_CHECK(attribute.oid());
  ASHLAR_TRY(const Element value, attribute.any());
  ASHLAR_CHECK(attribute.expect_end());
  asn1::StringFault worst = asn1::StringFault::none;
  if (asn1::is_constructed(value.tag)) {
    const auto header_size = static_cast<std::uint32_t>(value.whole.size() - value.content.size());
    ASHLAR_CHECK(asn1::check_tree(value.whole, value.offset - header_size, &worst));
  } else {
    ASHLAR_CHECK(asn1::check_primitive(value, &worst));
  }
  if (worst != asn1::StringFault::none) {
    note(worst == asn1::StringFault::foreign ? Deviation::foreign_character : Deviation::unclear_character,
         value.offset);
  }
  return {};
}

// An RDN without attributes would end a comparison of names early, so it is an error.
Result<void> check_rdn(DerReader rdn, const Noting& note) {
  if (rdn.empty()) {
    return rdn.fail(ErrorCode::der_empty);
  }
  Bytes last;
  while (!rdn.empty()) {
    const std::uint32_t offset = rdn.offset();
    DerReader probe = rdn;
    ASHLAR_TRY(const Element attribute, probe.element(Tag::sequence));
    if (!last.empty() && !is_ascending(last, attribute.whole)) {
      note(Deviation::unsorted_set, offset);
    }
    last = attribute.whole;
    ASHLAR_TRY(DerReader content, rdn.sequence());
    ASHLAR_CHECK(check_attribute(content, note));
  }
  return {};
}

}  // namespace

Result<Bytes> read_name(DerReader& reader, const Noting& note) {
  DerReader probe = reader;
  ASHLAR_TRY(const Element whole, probe.element(Tag::sequence));
  ASHLAR_TRY(DerReader rdns, reader.sequence());
  while (!rdns.empty()) {
    ASHLAR_TRY(DerReader rdn, rdns.set());
    ASHLAR_CHECK(check_rdn(rdn, note));
  }
  return whole.whole;
}

NameWalker::NameWalker(Bytes name) : rdns_(Bytes()), attributes_(Bytes()) {
  DerReader outer(name);
  if (auto rdns = outer.sequence()) {
    rdns_ = *rdns;
  }
}

std::optional<NameWalker::Attribute> NameWalker::next() {
  const bool starts_rdn = attributes_.empty();
  if (starts_rdn) {
    auto rdn = rdns_.set();
    if (!rdn) {
      return {};
    }
    attributes_ = *rdn;
  }
  return take(attributes_, starts_rdn);
}

std::optional<NameWalker::Attribute> NameWalker::take(DerReader& rdn, bool starts_rdn) {
  auto attribute = rdn.sequence();
  if (!attribute) {
    return {};
  }
  auto type = attribute->oid();
  auto value = attribute->any();
  if (!type || !value) {
    return {};
  }
  return Attribute{*type, value->tag, value->content, starts_rdn};
}

namespace {

// Walks the bytes of a string, with letters in lower case, runs of spaces as one, and none at the ends.
class FoldedText {
 public:
  explicit FoldedText(Bytes text) : rest_(text) { skip_spaces(); }
  // The next byte, or -1 at the end.
  int next() {
    if (rest_.empty()) {
      return -1;
    }
    const std::uint8_t c = rest_[0];
    rest_ = rest_.subspan(1);
    if (c == ' ') {
      skip_spaces();
      return rest_.empty() ? -1 : ' ';
    }
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
  }

 private:
  void skip_spaces() {
    while (!rest_.empty() && rest_[0] == ' ') {
      rest_ = rest_.subspan(1);
    }
  }
  Bytes rest_;
};

// String types whose ASCII characters are single bytes can be compared with each other.
bool is_byte_string(Tag tag) {
  return tag == Tag::utf8_string || tag == Tag::printable_string || tag == Tag::ia5_string ||
         tag == Tag::teletex_string || tag == Tag::numeric_string || tag == Tag::visible_string;
}

using Attribute = NameWalker::Attribute;

bool same_value(const Attribute& a, const Attribute& b) {
  if (!is_byte_string(a.tag) || !is_byte_string(b.tag)) {
    return a.tag == b.tag && equal_public(a.value, b.value);
  }
  FoldedText left(a.value), right(b.value);
  while (true) {
    const int l = left.next(), r = right.next();
    if (l != r) {
      return false;
    }
    if (l < 0) {
      return true;
    }
  }
}

bool same_attribute(const Attribute& a, const Attribute& b) {
  return equal_public(a.type, b.type) && same_value(a, b);
}

std::size_t size_of(DerReader rdn) {
  std::size_t size = 0;
  while (NameWalker::take(rdn)) {
    ++size;
  }
  return size;
}

bool holds(DerReader rdn, const Attribute& wanted) {
  while (const auto each = NameWalker::take(rdn)) {
    if (same_attribute(*each, wanted)) {
      return true;
    }
  }
  return false;
}

bool is_part_of(DerReader a, DerReader b) {
  while (const auto each = NameWalker::take(a)) {
    if (!holds(b, *each)) {
      return false;
    }
  }
  return true;
}

bool same_in_order(DerReader a, DerReader b) {
  while (const auto left = NameWalker::take(a)) {
    const auto right = NameWalker::take(b);
    if (!right || !same_attribute(*left, *right)) {
      return false;
    }
  }
  return b.empty();
}

constexpr std::size_t kMaxUnordered = 16;

// An RDN is a set. The order of its attributes depends on their string types and on the writer, and does not
// count. With more attributes than anybody needs the order does count, so that no comparison takes quadratic
// time (A05).
bool same_rdn(DerReader a, DerReader b) {
  const std::size_t size = size_of(a);
  if (size > kMaxUnordered || size != size_of(b)) {
    return same_in_order(a, b);
  }
  return is_part_of(a, b) && is_part_of(b, a);
}

}  // namespace

bool name_is_within(Bytes base, Bytes name) {
  auto wanted = DerReader(base).sequence(), rdns = DerReader(name).sequence();
  if (!wanted || !rdns) {
    return false;
  }
  while (!wanted->empty()) {
    const auto left = wanted->set(), right = rdns->set();
    if (!left || !right || !same_rdn(*left, *right)) {
      return false;
    }
  }
  return true;
}

std::uint32_t unordered_comparisons(Bytes base) {
  std::size_t comparisons = 0;
  auto rdns = DerReader(base).sequence();
  while (rdns && !rdns->empty()) {
    const auto rdn = rdns->set();
    if (!rdn) {
      break;
    }
    const std::size_t size = size_of(*rdn);
    comparisons += size > 1 && size <= kMaxUnordered ? 2 * size * size : 0;
  }
  return static_cast<std::uint32_t>(comparisons);
}

namespace {

// Collects bytes for a hash, so that each call hashes many.
class HashedBytes {
 public:
  void add(std::uint8_t byte) {
    if (size_ == sizeof buffer_) {
      flush();
    }
    buffer_[size_++] = byte;
  }
  void add(Bytes bytes) {
    for (const std::uint8_t byte : bytes) {
      add(byte);
    }
  }
  void add_size(std::size_t size) {
    for (unsigned shift = 0; shift < 32; shift += 8) {
      add(static_cast<std::uint8_t>(size >> shift));
    }
  }
  NameDigest finish() {
    flush();
    NameDigest digest;
    hash_.finish(digest);
    return digest;
  }

 private:
  void flush() {
    hash_.update({buffer_, size_});
    size_ = 0;
  }
  crypto::Hash hash_{crypto::kSha256};
  std::uint8_t buffer_[256];
  std::size_t size_ = 0;
};

}  // namespace

// The parts of each attribute are followed by their sizes. Read from the end, the hashed bytes can be split
// in one way only, so two names with one digest are the same name.
NameDigest digest_of_name(Bytes name) {
  HashedBytes hash;
  NameWalker walker(name);
  while (const auto attribute = walker.next()) {
    hash.add(attribute->type);
    hash.add_size(attribute->type.size());
    std::size_t size = 0;
    if (is_byte_string(attribute->tag)) {
      FoldedText text(attribute->value);
      for (int c = text.next(); c >= 0; c = text.next(), ++size) {
        hash.add(static_cast<std::uint8_t>(c));
      }
      hash.add(0);
    } else {
      hash.add(attribute->value);
      size = attribute->value.size();
      hash.add(static_cast<std::uint8_t>(attribute->tag));
    }
    hash.add_size(size);
    hash.add(attribute->starts_rdn ? 1 : 0);
  }
  return hash.finish();
}

int order_public(Bytes a, Bytes b) {
  const std::size_t common = a.size() < b.size() ? a.size() : b.size();
  const int order = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
  return order != 0 ? order : a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

}  // namespace ashlar::x509
