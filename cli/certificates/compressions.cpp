// SPDX-License-Identifier: Apache-2.0
#include "certificates/compressions.hpp"

#ifdef ASHLAR_ZLIB
#include <ashlar/posix/zlib.hpp>
#endif
#ifdef ASHLAR_BROTLI
#include <ashlar/posix/brotli.hpp>
#endif
#ifdef ASHLAR_ZSTD
#include <ashlar/posix/zstd.hpp>
#endif

namespace ashlar::cli {

std::span<const tls::CertificateCompression* const> compressions() {
  // Null: the last, so that there is an array where none was built.
  static constexpr const tls::CertificateCompression* kRows[] = {
#ifdef ASHLAR_ZLIB
      &posix::kZlib,
#endif
#ifdef ASHLAR_BROTLI
      &posix::kBrotli,
#endif
#ifdef ASHLAR_ZSTD
      &posix::kZstd,
#endif
      nullptr};
  return std::span(kRows).first(std::size(kRows) - 1);
}

}  // namespace ashlar::cli
