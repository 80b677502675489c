// SPDX-License-Identifier: Apache-2.0
// Certificates compressed by Zstandard (RFC 8879), as zlib.hpp shows. Link with -lzstd.
#pragma once

#include <ashlar/tls/policy.hpp>

#include <zstd.h>

namespace ashlar::posix {

// CertificateCompression::compress and decompress.
inline Result<Bytes> zstd_compress(Bytes in, MutBytes out) {
  const std::size_t size = ZSTD_compress(out.data(), out.size(), in.data(), in.size(), ZSTD_maxCLevel());
  if (ZSTD_isError(size) != 0) {
    return ErrorCode::buffer_too_small;
  }
  return Bytes(out.first(size));
}

// One frame, and nothing after it.
inline Result<void> zstd_decompress(Bytes in, MutBytes out) {
  const bool one = ZSTD_findFrameCompressedSize(in.data(), in.size()) == in.size();
  const std::size_t size = one ? ZSTD_decompress(out.data(), out.size(), in.data(), in.size()) : 0;
  return one && ZSTD_isError(size) == 0 && size == out.size() ? Result<void>()
                                                              : ErrorCode::bad_compressed_certificate;
}

// The row.
inline constexpr tls::CertificateCompression kZstd = {tls::CertificateCompressionId::zstd, "zstd",
                                                      zstd_compress, zstd_decompress};

}  // namespace ashlar::posix
