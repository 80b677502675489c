// SPDX-License-Identifier: Apache-2.0
// PEM: a block that decodes is its bytes' base64, with the same label at both ends; the reader always ends
#include <ashlar/asn1/pem.hpp>

#include <optional>
#include <string>
#include <vector>

#include "support/check.hpp"
#include "support/plain.hpp"

using namespace ashlar;

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Reads the block in the text a second time: "-----BEGIN label-----", base64 and blanks, "-----END
// label-----". Each boundary has a line of its own.
void check_block(std::string_view text, const asn1::PemBlock& block) {
  const auto label_at = static_cast<std::size_t>(block.label.data() - text.data());
  constexpr std::string_view kBegin = "-----BEGIN ", kDashes = "-----";
  FUZZ_CHECK(label_at >= kBegin.size() && label_at <= text.size());
  FUZZ_CHECK(text.substr(label_at - kBegin.size(), kBegin.size()) == kBegin);
  std::size_t at = label_at + block.label.size();
  FUZZ_CHECK(text.substr(at, kDashes.size()) == kDashes);
  at += kDashes.size();
  const std::size_t first_body = at;
  const std::string end = "-----END " + std::string(block.label) + "-----";
  at = text.find('-', at);
  FUZZ_CHECK(at != std::string_view::npos && text.substr(at, end.size()) == end);
  FUZZ_CHECK(text[at - 1] == '\n' || text[at - 1] == '\r' ||
             text.substr(0, at).ends_with("\xef\xbb\xbf"));  // a byte order mark is not part of a line
  std::string body;
  for (const char c : text.substr(first_body, at - first_body)) {
    if (!is_blank(c) && static_cast<unsigned char>(c) < 0x80) {
      body += c;
    }
  }
  FUZZ_CHECK(body == fuzz::plain::base64(block.der));
  // Nothing but blanks follows the boundary on its line.
  for (std::size_t i = at + end.size(); i < text.size() && text[i] != '\n' && text[i] != '\r'; ++i) {
    FUZZ_CHECK(is_blank(text[i]));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = text_of(Bytes(data, size));
  std::vector<std::uint8_t> out(asn1::pem_decoded_capacity(size));
  asn1::PemReader reader(text);
  std::size_t blocks = 0;
  std::optional<Error> first_error;
  for (std::size_t calls = 0;; calls++) {
    FUZZ_CHECK(calls <= size);
    auto block = reader.next(out);
    if (!block) {
      FUZZ_CHECK(block.error().code != ErrorCode::buffer_too_small);
      FUZZ_CHECK(block.error().detail <= size);
      first_error = first_error ? first_error : block.error();
      continue;
    }
    if (block->label.empty()) {
      if (first_error) {
        fuzz::refused(*first_error, blocks == 0 ? "refused" : "some blocks, and refused");
      } else {
        fuzz::accepted("blocks", blocks);
      }
      return 0;
    }
    ++blocks;
    check_block(text, *block);
    std::string written(asn1::pem_encoded_size(block->label, block->der.size()), '?');
    auto again = asn1::write_pem(block->label, block->der, written);
    FUZZ_CHECK(again.ok() && again->size() == written.size());
    std::vector<std::uint8_t> decoded(asn1::pem_decoded_capacity(written.size()));
    auto same = asn1::PemReader(*again).next(decoded);
    FUZZ_CHECK(same.ok() && same->label == block->label && equal_public(same->der, block->der));
  }
}
