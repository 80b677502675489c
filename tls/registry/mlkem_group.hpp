// SPDX-License-Identifier: Apache-2.0
// The functions of a group that is ML-KEM alone: draft-ietf-tls-mlkem. The one who starts shows an
// encapsulation key, the other answers with a ciphertext, and ML-KEM's shared secret is the secret. The
// private key is kept as its seed.
#pragma once

#include <ashlar/crypto/mlkem.hpp>
#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

template <const crypto::MlKemSet& kSet>
struct MlKemGroup {
  using DecapsulationKey = crypto::MlKemDecapsulationKey<kSet>;
  using EncapsulationKey = crypto::MlKemEncapsulationKey<kSet>;
  static constexpr std::size_t kKeySize = EncapsulationKey::kSize;
  static constexpr std::size_t kCiphertextSize = EncapsulationKey::kCiphertextSize;
  static constexpr std::size_t kSecretSize = crypto::kMlKemSecretSize;

  static Result<void> start(crypto::Random random, MutBytes private_key, MutBytes share) {
    if (private_key.size() != crypto::kMlKemSeedSize || share.size() != kKeySize) {
      return ErrorCode::invalid_argument;
    }
    ASHLAR_CHECK(random.fill(private_key));
    ASHLAR_TRY(const DecapsulationKey made, DecapsulationKey::from_seed(private_key));
    copy_bytes(share, made.encapsulation_key());
    return {};
  }

  static Result<void> respond(crypto::Random random, Bytes peer_share, MutBytes share, MutBytes secret) {
    if (share.size() != kCiphertextSize || secret.size() != kSecretSize) {
      return ErrorCode::invalid_argument;
    }
    if (peer_share.size() != kKeySize) {
      return Error{ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(peer_share.size())};
    }
    ASHLAR_TRY(const EncapsulationKey key, EncapsulationKey::create(peer_share));
    Secret<kSecretSize> shared;
    ASHLAR_CHECK(key.encapsulate(random, share.template first<kCiphertextSize>(), shared));
    copy_bytes(secret, shared.reveal());
    return {};
  }

  static Result<void> finish(Bytes private_key, Bytes peer_share, MutBytes secret) {
    if (private_key.size() != crypto::kMlKemSeedSize || secret.size() != kSecretSize) {
      return ErrorCode::invalid_argument;
    }
    if (peer_share.size() != kCiphertextSize) {
      return Error{ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(peer_share.size())};
    }
    ASHLAR_TRY(const DecapsulationKey key, DecapsulationKey::from_seed(private_key));
    Secret<kSecretSize> shared;
    ASHLAR_CHECK(key.decapsulate(peer_share, shared));
    copy_bytes(secret, shared.reveal());
    return {};
  }

  static constexpr Group row(GroupId id, std::string_view name) {
    return {id, name, kKeySize, kCiphertextSize, kSecretSize, crypto::kMlKemSeedSize, start, respond, finish};
  }
};

}  // namespace ashlar::tls
