// SPDX-License-Identifier: Apache-2.0
// ECDHE over X25519: RFC 8422 §5.11, RFC 7748 §6.1.
#include <ashlar/crypto/x25519.hpp>
#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {
namespace {

constexpr std::size_t kSize = 32;

Result<void> start(crypto::Random random, MutBytes private_key, MutBytes share) {
  if (private_key.size() != kSize || share.size() != kSize) {
    return ErrorCode::invalid_argument;
  }
  ASHLAR_CHECK(random.fill(private_key));
  crypto::X25519PrivateKey(private_key.first<kSize>()).public_key(share.first<kSize>());
  return {};
}

Result<void> finish(Bytes private_key, Bytes peer_share, MutBytes secret) {
  if (private_key.size() != kSize || secret.size() != kSize) {
    return ErrorCode::invalid_argument;
  }
  if (peer_share.size() != kSize) {
    return Error{ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(peer_share.size())};
  }
  Secret<kSize> shared;
  ASHLAR_CHECK(crypto::X25519PrivateKey(private_key.first<kSize>()).agree(peer_share.first<kSize>(), shared));
  copy_bytes(secret, shared.reveal());
  return {};
}

Result<void> respond(crypto::Random random, Bytes peer_share, MutBytes share, MutBytes secret) {
  Secret<kSize> private_key;
  ASHLAR_CHECK(start(random, private_key.reveal_mut(), share));
  return finish(private_key.reveal(), peer_share, secret);
}

}  // namespace

constinit const Group kX25519 = {GroupId::x25519, "x25519", kSize,   kSize, kSize,
                                 kSize,           start,    respond, finish};

}  // namespace ashlar::tls
