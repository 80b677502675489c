// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/random.hpp>

#include "catch.hpp"
#include "random/fast_key_erasure.hpp"
#include "support/bytes.hpp"

#include <cstring>
#include <memory>
#include <set>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;

namespace random_test {
namespace {

Buffer draw(const Random& random, std::size_t size) {
  Buffer out(size);
  REQUIRE(random.fill(out).ok());
  return out;
}

Result<void> no_entropy(MutBytes) {
  return ErrorCode::random_unavailable;
}

int entropy_calls = 0;
Result<void> counted_entropy(MutBytes out) {
  ++entropy_calls;
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = static_cast<std::uint8_t>(i + static_cast<std::size_t>(entropy_calls));
  }
  return {};
}

std::unique_ptr<FastKeyErasure> fresh_generator() {
  auto generator = std::make_unique<FastKeyErasure>();
  std::memset(static_cast<void*>(generator.get()), 0, sizeof(FastKeyErasure));
  return generator;
}

}  // namespace

TEST_CASE("random: draws of any size fill the whole buffer and differ", "[random]") {
  std::set<std::string> seen;
  for (const std::size_t size : {16u, 32u, 100u, 991u, 992u, 993u, 1024u, 5000u, 70000u}) {
    for (int i = 0; i < 3; ++i) {
      const Buffer out = draw(system_random(), size);
      CHECK(seen.insert(test::hex(out)).second);
      // Each sixteen bytes of the buffer were written: sixteen zero bytes have probability 2^-128.
      for (std::size_t at = 0; at + 16 <= size; at += 16) {
        REQUIRE(Buffer(out.begin() + static_cast<long>(at), out.begin() + static_cast<long>(at) + 16) !=
                Buffer(16, 0));
      }
    }
  }
  CHECK(system_random().fill({}).ok());
}

TEST_CASE("random: bytes are spread evenly", "[random]") {
  const Buffer out = draw(system_random(), 1 << 20);
  std::size_t counts[256] = {};
  for (const std::uint8_t b : out) {
    ++counts[b];
  }
  double chi = 0;
  for (const std::size_t count : counts) {
    const double off = static_cast<double>(count) - 4096;
    chi += off * off / 4096;
  }
  // 255 degrees of freedom: outside these bounds less than once in 10^9 runs.
  CHECK(chi > 140);
  CHECK(chi < 420);
}

TEST_CASE("random: S11 a system source that fails is an error, and the buffer is wiped", "[random]") {
  const auto generator = fresh_generator();
  Buffer out(64, 0xaa);
  const auto refused = generator->fill(out, no_entropy);
  REQUIRE(!refused);
  CHECK(refused.error() == ErrorCode::random_unavailable);
  CHECK_BYTES(out, Buffer(64, 0));
  // When the source works again, the generator does too. A failure at a later reseeding is also an error.
  CHECK(generator->fill(out, counted_entropy).ok());
  Buffer large(FastKeyErasure::kReseedInterval);
  CHECK(generator->fill(large, no_entropy).ok());
  CHECK(!generator->fill(out, no_entropy).ok());
  CHECK_BYTES(out, Buffer(64, 0));
}

TEST_CASE("random: entropy is taken once, then again after each MiB", "[random]") {
  const auto generator = fresh_generator();
  entropy_calls = 0;
  Buffer out(1024);
  for (std::size_t i = 0; i < 1024; ++i) {
    REQUIRE(generator->fill(out, counted_entropy).ok());
  }
  CHECK(entropy_calls == 1);
  REQUIRE(generator->fill(MutBytes(out).first(1), counted_entropy).ok());
  CHECK(entropy_calls == 2);
}

TEST_CASE("random: S11 a fresh draw takes entropy each time, and fails with its source", "[random]") {
  const auto generator = fresh_generator();
  const auto twin = fresh_generator();
  Buffer a(32), b(32);
  REQUIRE(generator->fill(a, counted_entropy).ok());
  std::memcpy(static_cast<void*>(twin.get()), generator.get(), sizeof(FastKeyErasure));
  // Two copies of one state give the same bytes, but not with fresh entropy.
  REQUIRE(generator->fill(a, counted_entropy).ok());
  REQUIRE(twin->fill(b, counted_entropy).ok());
  CHECK_BYTES(a, b);
  entropy_calls = 100;
  for (int i = 1; i <= 3; ++i) {
    REQUIRE(generator->fill(a, counted_entropy, true).ok());
    CHECK(entropy_calls == 100 + i);
  }
  REQUIRE(twin->fill(b, counted_entropy, true).ok());
  CHECK(a != b);
  CHECK(!generator->fill(a, no_entropy, true).ok());
  CHECK_BYTES(a, Buffer(32));
}

TEST_CASE("random: S12 what was given is not held any more", "[random]") {
  const auto generator = fresh_generator();
  for (const std::size_t size : {32u, 200u, 992u, 4096u}) {
    Buffer out(size);
    REQUIRE(generator->fill(out, counted_entropy).ok());
    const auto* const held = reinterpret_cast<const std::uint8_t*>(generator.get());
    for (std::size_t at = 0; at + 16 <= sizeof(FastKeyErasure); ++at) {
      REQUIRE(std::memcmp(held + at, out.data(), 16) != 0);
    }
  }
}

TEST_CASE("random: the deterministic generator repeats itself, and only itself", "[random]") {
  DeterministicRandom a(7);
  DeterministicRandom b(7);
  DeterministicRandom c(8);
  const Buffer seed = test::noise(32);
  DeterministicRandom d{BytesOf<32>(seed.data(), 32)};
  const Buffer first = draw(a.random(), 100);
  CHECK_BYTES(draw(b.random(), 100), first);
  CHECK(draw(c.random(), 100) != first);
  CHECK(draw(d.random(), 100) != first);
  const Buffer second = draw(a.random(), 100);
  CHECK(second != first);
  CHECK_BYTES(draw(b.random(), 100), second);
}

}  // namespace random_test
