// SPDX-License-Identifier: Apache-2.0
// DER: what the tree walker accepts is strict by a plain second reading, and writes back to the same bytes
#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/asn1/oid.hpp>

#include <string>
#include <vector>

#include "support/check.hpp"
#include "support/mutate_der.hpp"
#include "support/plain.hpp"

using namespace ashlar;
using asn1::Tag;

namespace {

using Buffer = std::vector<std::uint8_t>;

// An element being put together again.
struct Frame {
  Tag tag;
  Buffer content;
};

void close(std::vector<Frame>& open) {
  Buffer element(open.back().content.size() + 8);
  asn1::DerWriter writer(element);
  writer.element(open.back().tag, open.back().content);
  FUZZ_CHECK(writer.ok());
  open.pop_back();
  open.back().content.insert(open.back().content.end(), element.begin(),
                             element.begin() + static_cast<std::ptrdiff_t>(writer.size()));
}

// The typed reads agree with the walker about what is well-formed.
void check_typed(const asn1::Element& element) {
  const auto tag = static_cast<std::uint8_t>(element.tag);
  FUZZ_CHECK(fuzz::plain::primitive_is_strict(tag, element.content));
  fuzz::plain::Cursor cursor{element.whole};
  fuzz::plain::Der second;
  FUZZ_CHECK(fuzz::plain::read_der(cursor, second) && cursor.ended() && second.tag == tag &&
             equal_public(second.content, element.content));
  asn1::DerReader reader(element.whole);
  Buffer out(element.whole.size() + 8);
  asn1::DerWriter writer(out);
  switch (element.tag) {
    case Tag::boolean: {
      auto value = reader.boolean();
      FUZZ_CHECK(value.ok());
      writer.boolean(*value);
      break;
    }
    case Tag::integer: {
      auto value = reader.unsigned_integer();
      if (!value) {
        return;
      }
      writer.unsigned_integer(*value);
      break;
    }
    case Tag::oid: {
      auto value = reader.oid();
      FUZZ_CHECK(value.ok());
      char text[200];
      FUZZ_CHECK(asn1::format_oid(*value, text) != "invalid OID");
      writer.oid(*value);
      break;
    }
    case Tag::bit_string: {
      auto value = reader.bit_string();
      FUZZ_CHECK(value.ok() && value->unused_bits == element.content[0]);
      asn1::DerReader again(element.whole);
      FUZZ_CHECK(again.octet_aligned_bit_string().ok() == (element.content[0] == 0));
      return;
    }
    case Tag::utc_time:
    case Tag::generalized_time: {
      auto value = reader.time();
      if (!value) {
        return;
      }
      writer.time(*value);
      break;
    }
    default:
      return;
  }
  auto written = writer.finish();
  FUZZ_CHECK(written.ok() && equal_public(*written, element.whole));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes input(data, size);
  // Typed reads of the first element: they refuse what the plain reading calls wrong.
  if (fuzz::plain::Der first; size != 0) {
    fuzz::plain::Cursor cursor{input};
    const bool framed = fuzz::plain::read_der(cursor, first);
    FUZZ_CHECK(asn1::DerReader(input).any().ok() == framed);
    const bool strict = framed && fuzz::plain::primitive_is_strict(first.tag, first.content);
    FUZZ_CHECK(asn1::DerReader(input).boolean().ok() == (strict && first.tag == 0x01));
    FUZZ_CHECK(asn1::DerReader(input).integer().ok() == (strict && first.tag == 0x02));
    FUZZ_CHECK(asn1::DerReader(input).bit_string().ok() == (strict && first.tag == 0x03));
    FUZZ_CHECK(asn1::DerReader(input).null().ok() == (strict && first.tag == 0x05));
    FUZZ_CHECK(!asn1::DerReader(input).oid().ok() || (strict && first.tag == 0x06));
  }
  std::vector<Frame> open(1);
  asn1::TreeWalker walker(input);
  while (true) {
    auto node = walker.next();
    if (!node) {
      FUZZ_CHECK(!asn1::check_tree(input));
      fuzz::refused(node.error());
      return 0;
    }
    if (!*node) {
      break;
    }
    const asn1::Element& element = (*node)->element;
    FUZZ_CHECK((*node)->depth < asn1::kMaxDepth + 1);
    while (open.size() > (*node)->depth + 1) {
      close(open);
    }
    check_typed(element);
    open.push_back({element.tag, asn1::is_constructed(element.tag)
                                     ? Buffer()
                                     : Buffer(element.content.begin(), element.content.end())});
  }
  while (open.size() > 1) {
    close(open);
  }
  FUZZ_CHECK(equal_public(open[0].content, input));
  FUZZ_CHECK(asn1::check_tree(input).ok());
  fuzz::accepted();
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_der)
