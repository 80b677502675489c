// SPDX-License-Identifier: Apache-2.0
// The KEMs over X25519 and P-256 (RFC 9180 §7.1).
#include "cpu/dead_stack.hpp"
#include "hpke/labeled.hpp"

#include <ashlar/crypto/hpke.hpp>
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/x25519.hpp>

namespace ashlar::crypto {
namespace {

constexpr std::size_t kSize = 32;
constexpr std::size_t kPointSize = 65;

// "KEM" and the number of the KEM.
constexpr std::uint8_t kX25519Suite[] = {'K', 'E', 'M', 0x00, 0x20};
constexpr std::uint8_t kP256Suite[] = {'K', 'E', 'M', 0x00, 0x10};

Result<void> check_sizes(Bytes private_key, std::size_t private_size) {
  if (private_key.size() != private_size) {
    return Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(private_key.size())};
  }
  return {};
}
Error bad_public_key(Bytes key) {
  return {ErrorCode::bad_point_encoding, Place::none, static_cast<std::uint32_t>(key.size())};
}

// ---- X25519 -----------------------------------------------------------------------------------------

Result<void> x25519_public_key(Bytes private_key, MutBytes public_key) {
  ASHLAR_CHECK(check_sizes(private_key, kSize));
  X25519PrivateKey(private_key.first<kSize>()).public_key(public_key.first<kSize>());
  return {};
}

Result<void> x25519_derive(Bytes input_key, MutBytes private_key, MutBytes public_key) {
  const WipeBelow<4096> wipe_below;
  hpke::Prk prk;
  hpke::labeled_extract(prk, kSha256, kX25519Suite, {}, "dkp_prk", input_key);
  ASHLAR_CHECK(hpke::labeled_expand(kSha256, prk, kX25519Suite, "sk", {}, private_key));
  return x25519_public_key(private_key, public_key);
}

Result<void> x25519_agree(Bytes private_key, Bytes public_key, MutBytes shared) {
  ASHLAR_CHECK(check_sizes(private_key, kSize));
  if (public_key.size() != kSize) {
    return bad_public_key(public_key);
  }
  Secret<kSize> secret;
  ASHLAR_CHECK(X25519PrivateKey(private_key.first<kSize>()).agree(public_key.first<kSize>(), secret));
  copy_bytes(shared, secret.reveal());
  return {};
}

// ---- P-256 ------------------------------------------------------------------------------------------

Result<void> p256_public_key(Bytes private_key, MutBytes public_key) {
  ASHLAR_CHECK(check_sizes(private_key, kSize));
  ASHLAR_TRY(const P256PrivateKey key, P256PrivateKey::create(private_key.first<kSize>()));
  key.public_key().point(public_key.first<kPointSize>());
  return {};
}

// By rejection (§7.1.3); one candidate in 2^32 is thrown away.
Result<void> p256_derive(Bytes input_key, MutBytes private_key, MutBytes public_key) {
  const WipeBelow<4096> wipe_below;
  hpke::Prk prk;
  hpke::labeled_extract(prk, kSha256, kP256Suite, {}, "dkp_prk", input_key);
  for (unsigned counter = 0; counter < 256; counter++) {
    const auto byte = static_cast<std::uint8_t>(counter);
    const Bytes info[] = {Bytes(&byte, 1)};
    ASHLAR_CHECK(hpke::labeled_expand(kSha256, prk, kP256Suite, "candidate", info, private_key));
    if (p256_public_key(private_key, public_key)) {
      return {};
    }
  }
  return ErrorCode::scalar_out_of_range;
}

Result<void> p256_agree(Bytes private_key, Bytes public_key, MutBytes shared) {
  ASHLAR_CHECK(check_sizes(private_key, kSize));
  // Keys may be compressed elsewhere, but not here (§7.1.1).
  if (public_key.size() != kPointSize) {
    return bad_public_key(public_key);
  }
  ASHLAR_TRY(const P256PrivateKey key, P256PrivateKey::create(private_key.first<kSize>()));
  ASHLAR_TRY(const P256PublicKey peer, P256PublicKey::create(public_key));
  Secret<kSize> secret;
  ASHLAR_CHECK(key.agree(peer, secret));
  copy_bytes(shared, secret.reveal());
  return {};
}

}  // namespace

constinit const HpkeKem kDhkemX25519HkdfSha256 = {
    0x0020,      "DHKEM(X25519, HKDF-SHA256)", kSize, kSize, kSize, x25519_derive, x25519_public_key,
    x25519_agree};
constinit const HpkeKem kDhkemP256HkdfSha256 = {
    0x0010, "DHKEM(P-256, HKDF-SHA256)", kSize, kPointSize, kSize, p256_derive, p256_public_key, p256_agree};

}  // namespace ashlar::crypto
