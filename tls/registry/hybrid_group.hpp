// SPDX-License-Identifier: Apache-2.0
// The functions of a group that is ML-KEM and a curve side by side: RFC 10024. Shares, private keys and
// secrets of both are put together, in the order that the group has. Whoever would know the secret must break
// both.
#pragma once

#include <ashlar/crypto/mlkem.hpp>
#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

// kCurve: a row with sizes kCurveShare and kCurveSecret. kKemFirst: ML-KEM's part stands first.
template <const crypto::MlKemSet& kSet, const Group& kCurve, std::size_t kCurveShare,
          std::size_t kCurveSecret, bool kKemFirst>
struct HybridGroup {
  using DecapsulationKey = crypto::MlKemDecapsulationKey<kSet>;
  using EncapsulationKey = crypto::MlKemEncapsulationKey<kSet>;
  static constexpr std::size_t kKeySize = EncapsulationKey::kSize;
  static constexpr std::size_t kCiphertextSize = EncapsulationKey::kCiphertextSize;
  static constexpr std::size_t kSeedSize = crypto::kMlKemSeedSize;
  static constexpr std::size_t kKemSecret = crypto::kMlKemSecretSize;

  static Result<void> start(crypto::Random random, MutBytes private_key, MutBytes share) {
    if (private_key.size() != kSeedSize + kCurveSecret || share.size() != kKeySize + kCurveShare) {
      return ErrorCode::invalid_argument;
    }
    const Parts key = cut(private_key, kSeedSize, kCurveSecret);
    const Parts out = cut(share, kKeySize, kCurveShare);
    ASHLAR_CHECK(random.fill(key.kem));
    ASHLAR_TRY(const DecapsulationKey made, DecapsulationKey::from_seed(key.kem));
    copy_bytes(out.kem, made.encapsulation_key());
    return kCurve.start(random, key.curve, out.curve);
  }

  // The curve's part comes first: a share whose point is not on the curve costs no encapsulation.
  static Result<void> respond(crypto::Random random, Bytes peer_share, MutBytes share, MutBytes secret) {
    ASHLAR_CHECK(check_sizes(peer_share, share, secret));
    const ConstParts peer = cut(peer_share, kKeySize, kCurveShare);
    const Parts out = cut(share, kCiphertextSize, kCurveShare);
    const Parts secrets = cut(secret, kKemSecret, kCurveSecret);
    ASHLAR_CHECK(kCurve.respond(random, peer.curve, out.curve, secrets.curve));
    return encapsulate(random, peer.kem, out.kem, secrets.kem);
  }
  static Result<void> respond_beside(crypto::Random random, Bytes peer_share, MutBytes share,
                                     MutBytes secret) {
    ASHLAR_CHECK(check_sizes(peer_share, share, secret));
    return encapsulate(random, cut(peer_share, kKeySize, kCurveShare).kem,
                       cut(share, kCiphertextSize, kCurveShare).kem,
                       cut(secret, kKemSecret, kCurveSecret).kem);
  }

  static Result<void> finish(Bytes private_key, Bytes peer_share, MutBytes secret) {
    if (private_key.size() != kSeedSize + kCurveSecret || secret.size() != kKemSecret + kCurveSecret) {
      return ErrorCode::invalid_argument;
    }
    if (peer_share.size() != kCiphertextSize + kCurveShare) {
      return Error{ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(peer_share.size())};
    }
    const ConstParts key = cut(private_key, kSeedSize, kCurveSecret);
    const ConstParts peer = cut(peer_share, kCiphertextSize, kCurveShare);
    const Parts secrets = cut(secret, kKemSecret, kCurveSecret);
    ASHLAR_CHECK(kCurve.finish(key.curve, peer.curve, secrets.curve));
    ASHLAR_TRY(const DecapsulationKey kem, DecapsulationKey::from_seed(key.kem));
    Secret<kKemSecret> shared;
    ASHLAR_CHECK(kem.decapsulate(peer.kem, shared));
    copy_bytes(secrets.kem, shared.reveal());
    return {};
  }

  static constexpr Group row(GroupId id, std::string_view name) {
    return {id,
            name,
            kKeySize + kCurveShare,
            kCiphertextSize + kCurveShare,
            kKemSecret + kCurveSecret,
            kSeedSize + kCurveSecret,
            start,
            respond,
            finish,
            &kCurve,
            kKemFirst ? kKeySize : 0,
            kKemFirst ? kSeedSize : 0,
            kKemFirst ? kCiphertextSize : 0,
            kKemFirst ? kKemSecret : 0,
            respond_beside};
  }

 private:
  static Result<void> check_sizes(Bytes peer_share, MutBytes share, MutBytes secret) {
    if (share.size() != kCiphertextSize + kCurveShare || secret.size() != kKemSecret + kCurveSecret) {
      return ErrorCode::invalid_argument;
    }
    if (peer_share.size() != kKeySize + kCurveShare) {
      return Error{ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(peer_share.size())};
    }
    return {};
  }
  static Result<void> encapsulate(crypto::Random random, Bytes peer, MutBytes ciphertext, MutBytes secret) {
    ASHLAR_TRY(const EncapsulationKey key, EncapsulationKey::create(peer));
    Secret<kKemSecret> shared;
    ASHLAR_CHECK(key.encapsulate(random, ciphertext.template first<kCiphertextSize>(), shared));
    copy_bytes(secret, shared.reveal());
    return {};
  }

  template <class Span>
  struct PartsOf {
    Span kem;
    Span curve;
  };
  using Parts = PartsOf<MutBytes>;
  using ConstParts = PartsOf<Bytes>;

  template <class Span>
  static PartsOf<Span> cut(Span whole, std::size_t kem_size, std::size_t curve_size) {
    return kKemFirst ? PartsOf<Span>{whole.first(kem_size), whole.last(curve_size)}
                     : PartsOf<Span>{whole.last(kem_size), whole.first(curve_size)};
  }
};

}  // namespace ashlar::tls
