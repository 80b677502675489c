// SPDX-License-Identifier: Apache-2.0
// The rows of system libraries that compress certificates: what goes in comes out, and nothing else is taken.
#include "catch.hpp"
#include "support/bytes.hpp"
#include "tls/message/build.hpp"
#include "tls/support/endpoint.hpp"

#ifdef ASHLAR_ZLIB
#include <ashlar/posix/zlib.hpp>
#endif
#ifdef ASHLAR_BROTLI
#include <ashlar/posix/brotli.hpp>
#endif
#ifdef ASHLAR_ZSTD
#include <ashlar/posix/zstd.hpp>
#endif

using namespace ashlar;
using namespace ashlar::test;

namespace {

const tls::CertificateCompression* const kRows[] = {
#ifdef ASHLAR_ZLIB
    &posix::kZlib,
#endif
#ifdef ASHLAR_BROTLI
    &posix::kBrotli,
#endif
#ifdef ASHLAR_ZSTD
    &posix::kZstd,
#endif
};

Buffer compressed(const tls::CertificateCompression& row, const Buffer& plain) {
  Buffer room(plain.size() + 1024);
  const auto done = row.compress(plain, room);
  REQUIRE(done);
  return buffer_of(*done);
}

// Whether it becomes a text of this size.
bool decompresses(const tls::CertificateCompression& row, const Buffer& stream, std::size_t size) {
  Buffer out(size + 16, 0xee);
  const bool done = row.decompress(stream, MutBytes(out).first(size)).ok();
  for (std::size_t i = size; i < out.size(); ++i) {
    CHECK(out[i] == 0xee);
  }
  return done;
}

}  // namespace

TEST_CASE("posix compression: each row gives back what it was given") {
  for (const auto* row : kRows) {
    INFO(row->name);
    for (const std::size_t size : {1u, 2u, 100u, 3000u, 131072u}) {
      Buffer plain = noise(size / 2, 1);
      plain.resize(size, 7);
      const Buffer stream = compressed(*row, plain);
      Buffer out(size);
      REQUIRE(row->decompress(stream, out));
      CHECK(out == plain);
    }
  }
}

TEST_CASE("posix compression: a stream that is longer, shorter, cut, followed or another one is refused") {
  const Buffer plain = der_of(pem::kEcdsaServer) + der_of(pem::kCa);
  for (const auto* row : kRows) {
    INFO(row->name);
    const Buffer stream = compressed(*row, plain);
    CHECK(stream.size() < plain.size());
    CHECK(decompresses(*row, stream, plain.size()));
    CHECK_FALSE(decompresses(*row, stream, plain.size() - 1));
    CHECK_FALSE(decompresses(*row, stream, plain.size() + 1));
    CHECK_FALSE(decompresses(*row, stream + Buffer{0}, plain.size()));
    CHECK_FALSE(decompresses(*row, stream + stream, plain.size()));
    CHECK_FALSE(decompresses(*row, stream + stream, 2 * plain.size()));
    for (std::size_t size = 0; size < stream.size(); ++size) {
      CHECK_FALSE(decompresses(
          *row, Buffer(stream.begin(), stream.begin() + static_cast<std::ptrdiff_t>(size)), plain.size()));
    }
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      CHECK_FALSE(decompresses(*row, noise(stream.size(), seed), plain.size()));
    }
  }
}

TEST_CASE("posix compression: a bomb fills no more than it may") {
  const Buffer plain(1 << 24, 0);
  for (const auto* row : kRows) {
    INFO(row->name);
    const Buffer stream = compressed(*row, plain);
    CHECK(stream.size() < 32768);
    CHECK_FALSE(decompresses(*row, stream, 131072));
  }
}

TEST_CASE("posix compression: too little room is an error") {
  for (const auto* row : kRows) {
    INFO(row->name);
    const Buffer plain = noise(1000, 3);
    Buffer room(100);
    CHECK_FALSE(row->compress(plain, room));
  }
}
