// SPDX-License-Identifier: Apache-2.0
// ECDHE over X25519 and X448: RFC 8422 §5.11, RFC 7748 §6.
#pragma once

#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

template <class PrivateKey, std::size_t Size>
struct MontgomeryGroup {
  static Result<void> start(crypto::Random random, MutBytes private_key, MutBytes share) {
    if (private_key.size() != Size || share.size() != Size) {
      return ErrorCode::invalid_argument;
    }
    ASHLAR_CHECK(random.fill(private_key));
    PrivateKey(private_key.first<Size>()).public_key(share.first<Size>());
    return {};
  }

  static Result<void> finish(Bytes private_key, Bytes peer_share, MutBytes secret) {
    if (private_key.size() != Size || secret.size() != Size) {
      return ErrorCode::invalid_argument;
    }
    if (peer_share.size() != Size) {
      return Error{ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(peer_share.size())};
    }
    Secret<Size> shared;
    ASHLAR_CHECK(PrivateKey(private_key.first<Size>()).agree(peer_share.first<Size>(), shared));
    copy_bytes(secret, shared.reveal());
    return {};
  }

  static Result<void> respond(crypto::Random random, Bytes peer_share, MutBytes share, MutBytes secret) {
    Secret<Size> private_key;
    ASHLAR_CHECK(start(random, private_key.reveal_mut(), share));
    return finish(private_key.reveal(), peer_share, secret);
  }

  static constexpr Group row(GroupId id, std::string_view name) {
    return {id, name, Size, Size, Size, Size, start, respond, finish};
  }
};

}  // namespace ashlar::tls
