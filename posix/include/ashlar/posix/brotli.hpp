// SPDX-License-Identifier: Apache-2.0
// Certificates compressed by brotli (RFC 8879), as zlib.hpp shows. Link with -lbrotlienc -lbrotlidec.
#pragma once

#include <ashlar/tls/policy.hpp>

#include <brotli/decode.h>
#include <brotli/encode.h>

namespace ashlar::posix {

// CertificateCompression::compress and decompress.
inline Result<Bytes> brotli_compress(Bytes in, MutBytes out) {
  std::size_t size = out.size();
  if (BrotliEncoderCompress(BROTLI_MAX_QUALITY, BROTLI_DEFAULT_WINDOW, BROTLI_MODE_GENERIC, in.size(),
                            in.data(), &size, out.data()) != BROTLI_TRUE) {
    return ErrorCode::buffer_too_small;
  }
  return Bytes(out.first(size));
}

// The stream must end where `in` ends.
inline Result<void> brotli_decompress(Bytes in, MutBytes out) {
  BrotliDecoderState* const state = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
  if (state == nullptr) {
    return ErrorCode::out_of_memory;
  }
  std::size_t left = in.size(), room = out.size();
  const std::uint8_t* from = in.data();
  std::uint8_t* to = out.data();
  const BrotliDecoderResult done = BrotliDecoderDecompressStream(state, &left, &from, &room, &to, nullptr);
  BrotliDecoderDestroyInstance(state);
  return done == BROTLI_DECODER_RESULT_SUCCESS && left == 0 && room == 0
             ? Result<void>()
             : ErrorCode::bad_compressed_certificate;
}

// The row.
inline constexpr tls::CertificateCompression kBrotli = {tls::CertificateCompressionId::brotli, "brotli",
                                                        brotli_compress, brotli_decompress};

}  // namespace ashlar::posix
