// SPDX-License-Identifier: Apache-2.0
// PEM: blocks that decode encode to a block that decodes to the same bytes; the reader always ends
#include <ashlar/asn1/pem.hpp>

#include <string>
#include <vector>

#include "support/check.hpp"

using namespace ashlar;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(Bytes(data, size));
  std::vector<std::uint8_t> out(asn1::pem_decoded_capacity(size));
  asn1::PemReader reader(text);
  for (std::size_t calls = 0;; calls++) {
    FUZZ_CHECK(calls <= size);
    auto block = reader.next(out);
    if (!block) {
      FUZZ_CHECK(block.error().code != ErrorCode::buffer_too_small);
      FUZZ_CHECK(block.error().detail <= size);
      continue;
    }
    if (block->label.empty()) {
      return 0;
    }
    std::string written(asn1::pem_encoded_size(block->label, block->der.size()), '?');
    auto again = asn1::write_pem(block->label, block->der, written);
    FUZZ_CHECK(again.ok() && again->size() == written.size());
    std::vector<std::uint8_t> decoded(asn1::pem_decoded_capacity(written.size()));
    auto same = asn1::PemReader(*again).next(decoded);
    FUZZ_CHECK(same.ok() && same->label == block->label && equal_public(same->der, block->der));
  }
}
