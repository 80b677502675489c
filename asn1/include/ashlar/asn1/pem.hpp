// SPDX-License-Identifier: Apache-2.0
// PEM (RFC 7468): labelled base64 in text. Decoding is constant time in the encoded bytes (A14), because they
// may be a private key. Labels and lengths are public.
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>

namespace ashlar::asn1 {

struct PemBlock {          // a block that has been decoded
  std::string_view label;  // such as "CERTIFICATE", a view into the text
  Bytes der;               // what was decoded, in the caller's buffer
};

// A block whose base64 has not been decoded.
struct PemText {
  std::string_view label;
  std::string_view body;  // the text between the boundary lines
  std::uint32_t offset;   // of the body in the text

  // Decodes the body into `out` and returns the bytes. Errors: what is wrong, with its byte offset in the
  // text; pem_has_headers; buffer_too_small. `out` is wiped on error.
  Result<MutBytes> decode(MutBytes out) const;
};

// Walks the blocks of a text. Text between blocks is ignored. Linear time. After a block without an END line,
// nothing follows. After any other faulty block, the next call continues behind it.
class PemReader {
 public:
  explicit PemReader(std::string_view text) : text_(text) {}

  // The next block, decoded into `out`; a block with an empty label if there are no more. Errors: what is
  // wrong with the block, with its byte offset in the text; buffer_too_small.
  Result<PemBlock> next(MutBytes out);
  // The next block as text; its label is empty if there are no more.
  Result<PemText> next_text();

 private:
  std::string_view text_;
  std::size_t at_ = 0;
};

// The most bytes that decoding `text_size` characters of PEM can give.
constexpr std::size_t pem_decoded_capacity(std::size_t text_size) {
  return text_size / 4 * 3 + 3;
}
// Characters that encoding `der_size` bytes needs.
constexpr std::size_t pem_encoded_size(std::string_view label, std::size_t der_size) {
  const std::size_t base64 = (der_size + 2) / 3 * 4;
  return 2 * label.size() + 32 + base64 + (base64 + 63) / 64;
}
// Writes one block, lines of 64 characters, into `out` and returns it. Constant time in the bytes. Errors:
// buffer_too_small; invalid_argument for a label that could not be read back.
Result<std::string_view> write_pem(std::string_view label, Bytes der, std::span<char> out);

}  // namespace ashlar::asn1
