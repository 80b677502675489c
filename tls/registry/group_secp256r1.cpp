// SPDX-License-Identifier: Apache-2.0
// ECDHE over secp256r1 with uncompressed points: RFC 8422 §5.4, §5.10.
#include <ashlar/crypto/p256.hpp>
#include <ashlar/tls/registry.hpp>

namespace ashlar::tls {
namespace {

Result<void> generate(crypto::Random random, SecretBuffer<32>& private_key, MutBytes key_share) {
  if (key_share.size() != crypto::kP256PointSize) {
    return ErrorCode::buffer_too_small;
  }
  ASHLAR_TRY(const crypto::P256PrivateKey key, crypto::P256PrivateKey::generate(random));
  private_key.assign(key.reveal());
  key.public_key().point(key_share.first<crypto::kP256PointSize>());
  return {};
}

Result<void> agree(const SecretBuffer<32>& private_key, Bytes peer_share,
                   SecretBuffer<kMaxSharedSecretSize>& shared) {
  ASHLAR_TRY(const crypto::P256PublicKey peer, crypto::P256PublicKey::create(peer_share));
  ASHLAR_TRY(const crypto::P256PrivateKey key,
             crypto::P256PrivateKey::create(private_key.reveal().first<32>()));
  Secret<32> secret;
  ASHLAR_CHECK(key.agree(peer, secret));
  shared.assign(secret.reveal());
  return {};
}

}  // namespace

constinit const Group kSecp256r1 = {GroupId::secp256r1, "secp256r1", crypto::kP256PointSize, generate, agree};

}  // namespace ashlar::tls
