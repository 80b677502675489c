// SPDX-License-Identifier: Apache-2.0
// ECDHE over X25519: RFC 8422 §5.11, RFC 7748 §6.1.
#include <ashlar/crypto/x25519.hpp>
#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {
namespace {

constexpr std::size_t kSize = 32;

Result<void> generate(crypto::Random random, SecretBuffer<32>& private_key, MutBytes key_share) {
  if (key_share.size() != kSize) {
    return ErrorCode::buffer_too_small;
  }
  private_key.resize(kSize);
  ASHLAR_CHECK(random.fill(private_key.reveal_mut()));
  crypto::X25519PrivateKey(private_key.reveal().first<kSize>()).public_key(key_share.first<kSize>());
  return {};
}

Result<void> agree(const SecretBuffer<32>& private_key, Bytes peer_share,
                   SecretBuffer<kMaxSharedSecretSize>& shared) {
  if (peer_share.size() != kSize) {
    return Error{ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(peer_share.size())};
  }
  Secret<32> secret;
  ASHLAR_CHECK(
      crypto::X25519PrivateKey(private_key.reveal().first<kSize>()).agree(peer_share.first<kSize>(), secret));
  shared.assign(secret.reveal());
  return {};
}

}  // namespace

constinit const Group kX25519 = {GroupId::x25519, "x25519", kSize, generate, agree};

}  // namespace ashlar::tls
