// SPDX-License-Identifier: Apache-2.0
// The functions of a group over a curve whose points have x and y, sent uncompressed: RFC 8422 §5.4, §5.10.
// They call create, generate, public_key, point and agree of PrivateKey and PublicKey.
#pragma once

#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

template <class PrivateKey, class PublicKey, std::size_t kScalarSize>
struct CurveGroup {
  static constexpr std::size_t kPointSize = 1 + 2 * kScalarSize;

  static Result<void> start(crypto::Random random, MutBytes private_key, MutBytes share) {
    if (private_key.size() != kScalarSize || share.size() != kPointSize) {
      return ErrorCode::invalid_argument;
    }
    ASHLAR_TRY(const PrivateKey key, PrivateKey::generate(random));
    copy_bytes(private_key, key.reveal());
    key.public_key().point(share.template first<kPointSize>());
    return {};
  }
  static Result<void> respond(crypto::Random random, Bytes peer_share, MutBytes share, MutBytes secret) {
    if (share.size() != kPointSize) {
      return ErrorCode::invalid_argument;
    }
    ASHLAR_TRY(const PrivateKey key, PrivateKey::generate(random));
    key.public_key().point(share.template first<kPointSize>());
    return agree(key, peer_share, secret);
  }
  static Result<void> finish(Bytes private_key, Bytes peer_share, MutBytes secret) {
    if (private_key.size() != kScalarSize) {
      return ErrorCode::invalid_argument;
    }
    ASHLAR_TRY(const PrivateKey key, PrivateKey::create(private_key.template first<kScalarSize>()));
    return agree(key, peer_share, secret);
  }
  static constexpr Group row(GroupId id, std::string_view name) {
    return {id, name, kPointSize, kPointSize, kScalarSize, kScalarSize, start, respond, finish};
  }

 private:
  static Result<void> agree(const PrivateKey& key, Bytes peer_share, MutBytes secret) {
    if (secret.size() != kScalarSize) {
      return ErrorCode::invalid_argument;
    }
    // Keys may be compressed; shares may not (RFC 8422 §5.1.2).
    if (peer_share.size() != kPointSize) {
      return Error{ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(peer_share.size())};
    }
    ASHLAR_TRY(const PublicKey peer, PublicKey::create(peer_share));
    Secret<kScalarSize> shared;
    ASHLAR_CHECK(key.agree(peer, shared));
    copy_bytes(secret, shared.reveal());
    return {};
  }
};

}  // namespace ashlar::tls
