// SPDX-License-Identifier: Apache-2.0
// Public-key operations side by side, eight at a time: each row of their tables. Peers do them one after the
// other.
#include "measure/contest.hpp"

#include <ashlar/crypto/ed25519_many.hpp>
#include <ashlar/crypto/p256_many.hpp>
#include <ashlar/crypto/rsa_many.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/x25519_many.hpp>

#include <algorithm>
#include <array>

namespace ashlar::measure {

namespace {

constexpr std::size_t kCount = 8;

// Whether every operation succeeded.
template <class Operations>
bool all_done(const Result<void>& called, const Operations& operations) {
  return called.ok() &&
         std::all_of(operations.begin(), operations.end(), [](const auto& one) { return one.result.ok(); });
}

struct P256Keys {
  std::vector<crypto::P256PrivateKey> keys;
  std::vector<crypto::P256PublicKey> peers;
  std::vector<std::uint8_t> digest = filler(32);
  std::array<std::array<std::uint8_t, 64>, kCount> signatures;

  P256Keys() {
    const crypto::Random random = crypto::system_random();
    for (std::size_t i = 0; i < kCount; i++) {
      keys.push_back(must(crypto::P256PrivateKey::generate(random)));
      peers.push_back(keys.back().public_key());
      (void)keys.back().sign(digest, &random, signatures[i]);
    }
  }
};

void add_p256(const crypto::P256ManyKernel& row, Group& key, Group& agree, Group& sign, Group& verify) {
  key.add(row.name, [&row] {
    return repeat([&row] {
      std::vector<crypto::P256PrivateKey> keys;
      std::uint8_t points[kCount][crypto::kP256PointSize];
      std::vector<crypto::P256PublicPoint> wanted;
      keys.reserve(kCount);
      for (auto& point : points) {
        keys.push_back(must(crypto::P256PrivateKey::generate(crypto::system_random())));
        wanted.push_back({&keys.back(), point});
      }
      return crypto::p256_public_points_many(wanted, &row).ok();
    });
  });
  agree.add(row.name, [&row] {
    return repeat([&row, keys = P256Keys()] {
      Secret<32> shared[kCount];
      std::vector<crypto::P256Agreement> agreements;
      for (std::size_t i = 0; i < kCount; i++) {
        agreements.push_back({&keys.keys[i], &keys.peers[kCount - 1 - i], &shared[i]});
      }
      const auto done = crypto::p256_agree_many(agreements, &row);
      return all_done(done, agreements);
    });
  });
  sign.add(row.name, [&row] {
    return repeat([&row, keys = P256Keys(), random = crypto::system_random()] {
      std::uint8_t signatures[kCount][64];
      std::vector<crypto::P256Signing> signings;
      for (std::size_t i = 0; i < kCount; i++) {
        signings.push_back({&keys.keys[i], keys.digest, signatures[i]});
      }
      const auto done = crypto::p256_sign_many(signings, &random, &row);
      return all_done(done, signings);
    });
  });
  verify.add(row.name, [&row] {
    return repeat([&row, keys = P256Keys()] {
      std::vector<crypto::P256Verification> verifications;
      for (std::size_t i = 0; i < kCount; i++) {
        verifications.push_back({&keys.peers[i], keys.digest, keys.signatures[i]});
      }
      const auto done = crypto::p256_verify_many(verifications, &row);
      return all_done(done, verifications);
    });
  });
}

// Messages of 32 bytes, and keys from their bytes, as in the rows of one.
void add_ed25519(const crypto::Ed25519ManyKernel& row, Group& sign, Group& verify) {
  const auto new_keys = [] {
    std::vector<crypto::Ed25519PrivateKey> keys;
    for (std::size_t i = 0; i < kCount; i++) {
      keys.push_back(must(crypto::Ed25519PrivateKey::generate(crypto::system_random())));
    }
    return keys;
  };
  sign.add(row.name, [&row, new_keys] {
    return repeat([&row, keys = new_keys(), message = filler(32)] {
      const Bytes parts[] = {message};
      std::uint8_t signatures[kCount][64];
      std::vector<crypto::Ed25519Signing> signings;
      for (std::size_t i = 0; i < kCount; i++) {
        signings.push_back({&keys[i], parts, signatures[i]});
      }
      return crypto::ed25519_sign_many(signings, &row).ok();
    });
  });
  verify.add(row.name, [&row, new_keys] {
    std::array<std::array<std::uint8_t, 64>, kCount> signatures;
    auto keys = new_keys();
    auto message = filler(32);
    for (std::size_t i = 0; i < kCount; i++) {
      const Bytes parts[] = {message};
      keys[i].sign(parts, signatures[i]);
    }
    return repeat([&row, keys = std::move(keys), message = std::move(message), signatures] {
      const Bytes parts[] = {message};
      std::vector<crypto::Ed25519Decoding> decoded;
      std::vector<crypto::Ed25519Verification> verifications;
      for (const auto& key : keys) {
        decoded.push_back({key.public_key()});
      }
      if (!crypto::ed25519_public_keys_many(decoded, &row)) {
        return false;
      }
      for (std::size_t i = 0; i < kCount; i++) {
        verifications.push_back({&*decoded[i].key, parts, BytesOf<64>(signatures[i])});
      }
      const auto done = crypto::ed25519_verify_many(verifications, &row);
      return all_done(done, verifications);
    });
  });
}

void add_x25519(const crypto::X25519ManyKernel& row, Group& key, Group& agree) {
  key.add(row.name, [&row] {
    return repeat([&row] {
      std::vector<crypto::X25519PrivateKey> keys;
      std::uint8_t bytes[kCount][32];
      std::vector<crypto::X25519PublicKeyBytes> wanted;
      keys.reserve(kCount);
      for (auto& one : bytes) {
        keys.push_back(must(crypto::X25519PrivateKey::generate(crypto::system_random())));
        wanted.push_back({&keys.back(), one});
      }
      return crypto::x25519_public_keys_many(wanted, &row).ok();
    });
  });
  agree.add(row.name, [&row] {
    std::vector<crypto::X25519PrivateKey> keys;
    std::array<std::array<std::uint8_t, 32>, kCount> peers;
    for (auto& peer : peers) {
      must(crypto::X25519PrivateKey::generate(crypto::system_random())).public_key(peer);
      keys.push_back(must(crypto::X25519PrivateKey::generate(crypto::system_random())));
    }
    return repeat([&row, keys = std::move(keys), peers] {
      Secret<32> shared[kCount];
      std::vector<crypto::X25519Agreement> agreements;
      for (std::size_t i = 0; i < kCount; i++) {
        agreements.push_back({&keys[i], BytesOf<32>(peers[i]), &shared[i]});
      }
      const auto done = crypto::x25519_agree_many(agreements, &row);
      return all_done(done, agreements);
    });
  });
}

void add_rsa(std::size_t bits, const crypto::BignumManyKernel& row, Group& sign, Group& verify) {
  const auto new_key = [bits] {
    crypto::DeterministicRandom seeded(std::uint64_t{bits});
    return must(crypto::RsaPrivateKey::generate(bits, seeded.random()));
  };
  sign.add(row.name, [&row, new_key] {
    return repeat([&row, key = new_key(), digest = filler(32)] {
      std::uint8_t signatures[kCount][crypto::kRsaMaxSize];
      std::vector<crypto::RsaSigning> signings;
      for (auto& signature : signatures) {
        signings.push_back({&key, &crypto::kSha256, digest, signature});
      }
      const auto done = crypto::rsa_sign_many(signings, crypto::system_random(), &row);
      return all_done(done, signings);
    });
  });
  verify.add(row.name, [&row, new_key] {
    const auto key = new_key();
    auto digest = filler(32);
    std::vector<std::uint8_t> signature(key.size());
    must(key.sign_pkcs1(crypto::kSha256, digest, crypto::system_random(), signature));
    return repeat(
        [&row, key = key.public_key(), digest = std::move(digest), signature = std::move(signature)] {
          std::vector<crypto::RsaVerification> verifications;
          for (std::size_t i = 0; i < kCount; i++) {
            verifications.push_back({&key, &crypto::kSha256, digest, signature});
          }
          const auto done = crypto::rsa_verify_many(verifications, &row);
          return all_done(done, verifications);
        });
  });
}

}  // namespace

void add_side_by_side() {
  for (const std::size_t bits : {2048u, 3072u, 4096u}) {
    const std::string name = "rsa-" + std::to_string(bits);
    Group sign(name + " sign", 0, kCount), verify(name + " verify", 0, kCount);
    for (const crypto::BignumManyKernel& row : usable(crypto::bignum_many_kernels())) {
      add_rsa(bits, row, sign, verify);
    }
  }
  Group x25519_key("x25519 key", 0, kCount), x25519_agree("x25519 agree", 0, kCount);
  for (const crypto::X25519ManyKernel& row : usable(crypto::x25519_many_kernels())) {
    add_x25519(row, x25519_key, x25519_agree);
  }
  Group ed25519_sign("ed25519 sign", 0, kCount), ed25519_verify("ed25519 verify", 0, kCount);
  for (const crypto::Ed25519ManyKernel& row : usable(crypto::ed25519_many_kernels())) {
    add_ed25519(row, ed25519_sign, ed25519_verify);
  }
  Group key("p-256 key", 0, kCount), agree("p-256 agree", 0, kCount), sign("p-256 sign", 0, kCount),
      verify("p-256 verify", 0, kCount);
  for (const crypto::P256ManyKernel& row : usable(crypto::p256_many_kernels())) {
    add_p256(row, key, agree, sign, verify);
  }
}

}  // namespace ashlar::measure
