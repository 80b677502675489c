// SPDX-License-Identifier: Apache-2.0
// DER: what the tree walker accepts writes back to the same bytes
#include <ashlar/asn1/der_writer.hpp>
#include <ashlar/asn1/oid.hpp>

#include <string>
#include <vector>

#include "support/check.hpp"

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
  std::vector<Frame> open(1);
  asn1::TreeWalker walker(input);
  while (true) {
    auto node = walker.next();
    if (!node) {
      FUZZ_CHECK(!asn1::check_tree(input));
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
  return 0;
}
