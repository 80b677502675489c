// SPDX-License-Identifier: Apache-2.0
// X25519 and Ed25519: every kernel as the portable one; what is signed verifies, and nothing else does
//
// Input: a scalar, a point, both of 32 bytes, then a message. The point is used as X25519's u and as an
// encoding of Ed25519. Scalar and point together are used as a signature; the message may begin with its key.
#include "crypto/every_row.hpp"
#include "support/check.hpp"

#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/crypto/x25519.hpp>

#include <cstring>

using namespace ashlar;
using namespace ashlar::crypto;
using fuzz::on_every_row;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 64) {
    return -1;
  }
  const std::uint8_t* const scalar = data;
  const std::uint8_t* const point = data + 32;
  const Bytes message(data + 64, size - 64);
  on_every_row(x25519_kernels(), [&](const X25519Kernel& row) {
    const X25519Kernel& portable = x25519_kernels().back();
    std::uint8_t ours[32], expected[32];
    row.multiply(ours, scalar, point);
    portable.multiply(expected, scalar, point);
    FUZZ_CHECK(std::memcmp(ours, expected, 32) == 0);
    row.multiply_base(ours, scalar);
    static constexpr std::uint8_t kNine[32] = {9};
    portable.multiply(expected, scalar, kNine);
    FUZZ_CHECK(std::memcmp(ours, expected, 32) == 0);
  });
  on_every_row(ed25519_kernels(), [&](const Ed25519Kernel& row) {
    const Ed25519Kernel& portable = ed25519_kernels().back();
    const auto key = Ed25519PrivateKey::create(BytesOf<32>(scalar, 32), &row);
    const auto other = Ed25519PrivateKey::create(BytesOf<32>(scalar, 32), &portable);
    FUZZ_CHECK(equal_public(key.public_key(), other.public_key()));
    std::uint8_t ours[64], expected[64];
    const Bytes parts[] = {message};
    key.sign(parts, ours);
    other.sign(parts, expected);
    FUZZ_CHECK(std::memcmp(ours, expected, 64) == 0);
    const auto public_key = Ed25519PublicKey::create(key.public_key(), &row);
    FUZZ_CHECK(public_key.ok());
    FUZZ_CHECK(public_key->verify(parts, ours).ok());
    ours[size % 64] = static_cast<std::uint8_t>(ours[size % 64] ^ 1);
    FUZZ_CHECK(!public_key->verify(parts, ours).ok());

    // Any bytes serve as a key, and as a signature under it.
    std::uint64_t negated[8], reference[8];
    const bool decoded = row.decode_negated(negated, point);
    FUZZ_CHECK(decoded == portable.decode_negated(reference, point));
    if (decoded) {
      FUZZ_CHECK(std::memcmp(negated, reference, sizeof negated) == 0);
      std::uint8_t k[32], sum[32], expected_sum[32];
      std::memcpy(k, scalar, 32);
      k[31] &= 0x1f;
      row.sum(sum, k, k, negated);
      portable.sum(expected_sum, k, k, negated);
      FUZZ_CHECK(std::memcmp(sum, expected_sum, 32) == 0);
    }
    if (size >= 96) {
      const auto first = Ed25519PublicKey::create(BytesOf<32>(data + 64, 32), &row);
      const auto second = Ed25519PublicKey::create(BytesOf<32>(data + 64, 32), &portable);
      FUZZ_CHECK(first.ok() == second.ok());
      FUZZ_CHECK(!first || first->verify(parts, BytesOf<64>(data, 64)).ok() ==
                               second->verify(parts, BytesOf<64>(data, 64)).ok());
    }
  });
  return 0;
}
