// SPDX-License-Identifier: Apache-2.0
// The functions of a group of RFC 7919. Shares and secrets have the prime's length, as in TLS 1.3 (RFC 8446
// §4.2.8.1, §7.4.1). The handshake of TLS 1.2 has to deal with leading zeros itself.
#pragma once

#include <ashlar/crypto/ffdhe.hpp>
#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {

template <const crypto::FfdheGroup& kGroup, std::size_t kSize, std::size_t kExponentSize>
struct FfdheKem {
  using Key = crypto::FfdhePrivateKey;

  static Result<void> start(crypto::Random random, MutBytes private_key, MutBytes share) {
    if (private_key.size() != kExponentSize) {
      return ErrorCode::invalid_argument;
    }
    ASHLAR_TRY(const Key key, Key::generate(kGroup, random));
    ASHLAR_CHECK(key.public_value(share));
    copy_bytes(private_key, key.reveal());
    return {};
  }
  static Result<void> respond(crypto::Random random, Bytes peer_share, MutBytes share, MutBytes secret) {
    ASHLAR_TRY(const Key key, Key::generate(kGroup, random));
    ASHLAR_CHECK(key.public_value(share));
    return key.agree(peer_share, secret);
  }
  static Result<void> finish(Bytes private_key, Bytes peer_share, MutBytes secret) {
    if (private_key.size() != kExponentSize) {
      return ErrorCode::invalid_argument;
    }
    ASHLAR_TRY(const Key key, Key::create(kGroup, private_key));
    return key.agree(peer_share, secret);
  }
  static constexpr Group row(GroupId id, std::string_view name) {
    return {.id = id,
            .name = name,
            .start_share_size = kSize,
            .response_share_size = kSize,
            .secret_size = kSize,
            .private_size = kExponentSize,
            .start = start,
            .respond = respond,
            .finish = finish,
            .finite_field = &kGroup};
  }
};

}  // namespace ashlar::tls
