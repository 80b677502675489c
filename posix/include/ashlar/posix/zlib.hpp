// SPDX-License-Identifier: Apache-2.0
// Certificates compressed by zlib (RFC 8879), for policies that name the row. Link with -lz (zlib 1.2.9 or
// newer).
//
//   constexpr const tls::CertificateCompression* kRows[] = {&posix::kZlib};
//   tls::Policy policy = tls::policy::modern;
//   policy.certificate_compressions = kRows;  // what the peer may do
//   ASHLAR_CHECK(credential.compress(kRows)); // what we show
#pragma once

#include <ashlar/tls/policy.hpp>

#include <zlib.h>

namespace ashlar::posix {

// CertificateCompression::compress and decompress.
inline Result<Bytes> zlib_compress(Bytes in, MutBytes out) {
  uLongf size = out.size();
  if (compress2(out.data(), &size, in.data(), in.size(), Z_BEST_COMPRESSION) != Z_OK) {
    return ErrorCode::buffer_too_small;
  }
  return Bytes(out.first(size));
}

// The stream must end where `in` ends.
inline Result<void> zlib_decompress(Bytes in, MutBytes out) {
  uLongf size = out.size();
  uLong used = in.size();
  const bool whole = uncompress2(out.data(), &size, in.data(), &used) == Z_OK;
  return whole && size == out.size() && used == in.size() ? Result<void>()
                                                          : ErrorCode::bad_compressed_certificate;
}

// The row.
inline constexpr tls::CertificateCompression kZlib = {tls::CertificateCompressionId::zlib, "zlib",
                                                      zlib_compress, zlib_decompress};

}  // namespace ashlar::posix
