// SPDX-License-Identifier: Apache-2.0
// Batches of P-256, X25519 and Ed25519: on every row each operation gives what it gives alone
//
// The first byte chooses the operation, the second how many there are; then each takes scalars, points and
// signatures, which are short, full of ones, or bytes of the input.
#include <ashlar/crypto/ed25519_many.hpp>
#include <ashlar/crypto/p256_many.hpp>
#include <ashlar/crypto/x25519_many.hpp>

#include "crypto/every_row.hpp"
#include "support/check.hpp"
#include "support/choices.hpp"

#include <array>

using namespace ashlar;
using namespace ashlar::crypto;
using fuzz::on_every_row;

namespace {

using Bytes32 = std::array<std::uint8_t, 32>;
using Bytes64 = std::array<std::uint8_t, 64>;

Bytes32 number(fuzz::Choices& in) {
  Bytes32 out = {};
  const std::uint8_t how = in.byte();
  if (how < 64) {
    out[how % 32] = in.byte();
  } else if (how < 128) {
    for (std::size_t i = 0; i < 32; i++) {
      out[i] = i <= how % 32u ? 0xff : 0;
    }
  } else {
    copy_bytes(out, in.fill(32));
  }
  return out;
}

// A private key: the number, or 1 where it is none.
P256PrivateKey p256_key(fuzz::Choices& in) {
  const Bytes32 scalar = number(in);
  auto key = P256PrivateKey::create(scalar);
  Bytes32 one = {};
  one[31] = 1;
  return key ? std::move(*key) : std::move(*P256PrivateKey::create(one));
}

bool same(const Result<void>& a, const Result<void>& b) {
  return a.ok() == b.ok() && (a.ok() || a.error() == b.error().code);
}

void p256_private(std::size_t count, fuzz::Choices& in) {
  std::vector<P256PrivateKey> keys;
  std::vector<P256PublicKey> peers;
  std::vector<Bytes32> digests;
  for (std::size_t i = 0; i < count; i++) {
    keys.push_back(p256_key(in));
    peers.push_back(p256_key(in).public_key());
    digests.push_back(number(in));
  }
  on_every_row(p256_many_kernels(), [&](const P256ManyKernel& row) {
    std::vector<std::array<std::uint8_t, kP256PointSize>> points(count);
    std::vector<Bytes64> signatures(count);
    std::vector<Secret<32>> shared(count);
    std::vector<P256PublicPoint> wanted;
    std::vector<P256Agreement> agreements;
    std::vector<P256Signing> signings;
    for (std::size_t i = 0; i < count; i++) {
      wanted.push_back({&keys[i], points[i]});
      agreements.push_back({&keys[i], &peers[i], &shared[i]});
      signings.push_back({&keys[i], digests[i], signatures[i]});
    }
    FUZZ_CHECK(p256_public_points_many(wanted, &row).ok() && p256_agree_many(agreements, &row).ok() &&
               p256_sign_many(signings, nullptr, &row).ok());
    for (std::size_t i = 0; i < count; i++) {
      std::uint8_t point[kP256PointSize], signature[64];
      Secret<32> alone;
      keys[i].public_key().point(point);
      FUZZ_CHECK(equal_public(point, points[i]));
      FUZZ_CHECK(keys[i].agree(peers[i], alone).ok() && agreements[i].result.ok());
      FUZZ_CHECK(equal_public(alone.reveal(), shared[i].reveal()));
      FUZZ_CHECK(keys[i].sign(digests[i], nullptr, signature).ok() && signings[i].result.ok());
      FUZZ_CHECK(equal_public(signature, signatures[i]));
    }
  });
}

void p256_public(std::size_t count, fuzz::Choices& in) {
  std::vector<P256PublicKey> keys;
  std::vector<Bytes32> digests(count);
  std::vector<Bytes64> signatures(count);
  for (std::size_t i = 0; i < count; i++) {
    const P256PrivateKey key = p256_key(in);
    keys.push_back(key.public_key());
    digests[i] = number(in);
    // A signature of the key, perhaps of another digest, or any two numbers.
    if (in.byte() % 2 == 0) {
      (void)key.sign(digests[i], nullptr, signatures[i]);
      digests[i][in.below(32)] ^= static_cast<std::uint8_t>(in.byte() & 1);
    } else {
      copy_bytes(signatures[i], number(in));
      copy_bytes(MutBytes(signatures[i]).subspan(32), number(in));
    }
  }
  on_every_row(p256_many_kernels(), [&](const P256ManyKernel& row) {
    std::vector<P256Verification> verifications;
    for (std::size_t i = 0; i < count; i++) {
      verifications.push_back({&keys[i], digests[i], signatures[i]});
    }
    FUZZ_CHECK(p256_verify_many(verifications, &row).ok());
    for (std::size_t i = 0; i < count; i++) {
      FUZZ_CHECK(same(verifications[i].result, keys[i].verify(digests[i], signatures[i])));
    }
  });
}

void x25519(std::size_t count, fuzz::Choices& in) {
  std::vector<X25519PrivateKey> keys;
  std::vector<Bytes32> peers;
  for (std::size_t i = 0; i < count; i++) {
    keys.emplace_back(number(in));
    peers.push_back(number(in));
  }
  on_every_row(x25519_many_kernels(), [&](const X25519ManyKernel& row) {
    std::vector<Bytes32> points(count);
    std::vector<Secret<32>> shared(count);
    std::vector<X25519PublicKeyBytes> wanted;
    std::vector<X25519Agreement> agreements;
    for (std::size_t i = 0; i < count; i++) {
      wanted.push_back({&keys[i], points[i]});
      agreements.push_back({&keys[i], peers[i], &shared[i]});
    }
    FUZZ_CHECK(x25519_public_keys_many(wanted, &row).ok() && x25519_agree_many(agreements, &row).ok());
    for (std::size_t i = 0; i < count; i++) {
      std::uint8_t point[32];
      Secret<32> alone;
      keys[i].public_key(point);
      FUZZ_CHECK(equal_public(point, points[i]));
      FUZZ_CHECK(same(keys[i].agree(peers[i], alone), agreements[i].result));
      FUZZ_CHECK(equal_public(alone.reveal(), shared[i].reveal()));
    }
  });
}

void ed25519(std::size_t count, fuzz::Choices& in) {
  std::vector<Ed25519PrivateKey> keys;
  std::vector<Bytes32> messages, encoded;
  std::vector<std::array<Bytes, 1>> parts(count);
  std::vector<Bytes64> expected(count), others(count);
  for (std::size_t i = 0; i < count; i++) {
    keys.push_back(Ed25519PrivateKey::create(number(in)));
    messages.push_back(number(in));
    encoded.push_back(number(in));
    if (in.byte() % 2 == 0) {
      copy_bytes(encoded[i], keys[i].public_key());
    }
  }
  for (std::size_t i = 0; i < count; i++) {
    parts[i] = {Bytes(messages[i])};
    keys[i].sign(parts[i], expected[i]);
    others[i] = expected[i];
    others[i][in.below(64)] ^= static_cast<std::uint8_t>(in.byte() & 1);
  }
  on_every_row(ed25519_many_kernels(), [&](const Ed25519ManyKernel& row) {
    std::vector<Bytes64> signatures(count);
    std::vector<Ed25519Signing> signings;
    std::vector<Ed25519Decoding> decodings;
    for (std::size_t i = 0; i < count; i++) {
      signings.push_back({&keys[i], parts[i], signatures[i]});
      decodings.push_back({encoded[i]});
    }
    FUZZ_CHECK(ed25519_sign_many(signings, &row).ok() && ed25519_public_keys_many(decodings, &row).ok());
    FUZZ_CHECK(signatures == expected);
    std::vector<Ed25519Verification> verifications;
    std::vector<Result<void>> alone;
    for (std::size_t i = 0; i < count; i++) {
      const auto key = Ed25519PublicKey::create(encoded[i]);
      FUZZ_CHECK(key.ok() == decodings[i].key.ok());
      if (key) {
        verifications.push_back({&*decodings[i].key, parts[i], others[i]});
        alone.push_back(key->verify(parts[i], others[i]));
      }
    }
    FUZZ_CHECK(ed25519_verify_many(verifications, &row).ok());
    for (std::size_t i = 0; i < verifications.size(); i++) {
      FUZZ_CHECK(same(verifications[i].result, alone[i]));
    }
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 4 || size > 1200) {
    return -1;
  }
  fuzz::Choices in(data, size);
  const std::size_t what = in.below(4), count = 1 + in.below(10);
  switch (what) {
    case 0:
      p256_private(count, in);
      fuzz::accepted("keys, agreements and signatures of P-256", count);
      break;
    case 1:
      p256_public(count, in);
      fuzz::accepted("verifications of P-256", count);
      break;
    case 2:
      x25519(count, in);
      fuzz::accepted("X25519", count);
      break;
    default:
      ed25519(count, in);
      fuzz::accepted("Ed25519", count);
      break;
  }
  return 0;
}
