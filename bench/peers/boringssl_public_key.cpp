// SPDX-License-Identifier: Apache-2.0
// BoringSSL's and AWS-LC's public-key operations, below EVP.
#include "measure/data.hpp"
#include "peers/parts.hpp"
#include "peers/pointers.hpp"

#include <openssl/bn.h>
#include <openssl/curve25519.h>
#include <openssl/ec_key.h>
#include <openssl/ecdh.h>
#include <openssl/ecdsa.h>
#include <openssl/nid.h>
#include <openssl/rsa.h>
#if defined(OPENSSL_IS_AWSLC)
#include <openssl/evp.h>
#endif

namespace ashlar::measure {

namespace {

using EcKey = Ptr<EC_KEY, EC_KEY_free>;
using RsaKey = Ptr<RSA, RSA_free>;

template <int Nid>
EcKey new_ec() {
  EcKey key(EC_KEY_new_by_curve_name(Nid));
  return key != nullptr && EC_KEY_generate_key(key.get()) == 1 ? std::move(key) : nullptr;
}

Work x25519_key(const PeerTask&) {
  return repeat([] {
    std::uint8_t point[32], secret[32];
    X25519_keypair(point, secret);
    return true;
  });
}

Work x25519_agree(const PeerTask&) {
  std::vector<std::uint8_t> point(32), secret(32), other(32);
  X25519_keypair(point.data(), other.data());
  X25519_keypair(other.data(), secret.data());
  return repeat([point, secret] {
    std::uint8_t shared[32];
    return X25519(shared, secret.data(), point.data()) == 1;
  });
}

Work ed25519_key(const PeerTask&) {
  return repeat([] {
    std::uint8_t point[32], secret[64];
    ED25519_keypair(point, secret);
    return true;
  });
}

template <bool Verify>
Work ed25519_sign(const PeerTask&) {
  std::vector<std::uint8_t> point(32), secret(64), signature(64);
  auto message = filler(32);
  ED25519_keypair(point.data(), secret.data());
  ED25519_sign(signature.data(), message.data(), message.size(), secret.data());
  return repeat([point, secret, signature, message = std::move(message)] {
    std::uint8_t again[64];
    return (Verify ? ED25519_verify(message.data(), message.size(), signature.data(), point.data())
                   : ED25519_sign(again, message.data(), message.size(), secret.data())) == 1;
  });
}

template <int Nid>
Work ec_key(const PeerTask&) {
  return repeat([] { return new_ec<Nid>() != nullptr; });
}

template <int Nid>
Work ec_agree(const PeerTask&) {
  return repeat([ours = new_ec<Nid>(), theirs = new_ec<Nid>()] {
    std::uint8_t shared[66];
    return ECDH_compute_key(shared, sizeof shared, EC_KEY_get0_public_key(theirs.get()), ours.get(),
                            nullptr) > 0;
  });
}

template <int Nid, bool Verify>
Work ec_sign(const PeerTask&) {
  EcKey key = new_ec<Nid>();
  auto digest = filler(32);
  std::vector<std::uint8_t> signature(ECDSA_size(key.get()));
  unsigned size = 0;
  if (ECDSA_sign(0, digest.data(), digest.size(), signature.data(), &size, key.get()) != 1) {
    return {};
  }
  signature.resize(size);
  return repeat([key = std::move(key), digest = std::move(digest), signature = std::move(signature)] {
    std::uint8_t again[160];
    unsigned written = 0;
    return (Verify
                ? ECDSA_verify(0, digest.data(), digest.size(), signature.data(), signature.size(), key.get())
                : ECDSA_sign(0, digest.data(), digest.size(), again, &written, key.get())) == 1;
  });
}

RsaKey new_rsa(unsigned bits) {
  RsaKey key(RSA_new());
  const Ptr<BIGNUM, BN_free> exponent(BN_new());
  return BN_set_word(exponent.get(), RSA_F4) == 1 &&
                 RSA_generate_key_ex(key.get(), static_cast<int>(bits), exponent.get(), nullptr) == 1
             ? std::move(key)
             : nullptr;
}

Work rsa_key(const PeerTask&) {
  return repeat([] { return new_rsa(2048) != nullptr; });
}

template <unsigned Bits, bool Verify>
Work rsa_sign(const PeerTask&) {
  RsaKey key = new_rsa(Bits);
  auto digest = filler(32);
  std::vector<std::uint8_t> signature(Bits / 8);
  unsigned size = 0;
  if (key == nullptr ||
      RSA_sign(NID_sha256, digest.data(), digest.size(), signature.data(), &size, key.get()) != 1) {
    return {};
  }
  return repeat([key = std::move(key), digest = std::move(digest), signature = std::move(signature)] {
    std::uint8_t again[Bits / 8];
    unsigned written = 0;
    return (Verify ? RSA_verify(NID_sha256, digest.data(), digest.size(), signature.data(), signature.size(),
                                key.get())
                   : RSA_sign(NID_sha256, digest.data(), digest.size(), again, &written, key.get())) == 1;
  });
}

#if defined(OPENSSL_IS_AWSLC)
using Key = Ptr<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Ptr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

template <int Nid>
Key new_kem() {
  const KeyContext context(EVP_PKEY_CTX_new_id(EVP_PKEY_KEM, nullptr));
  EVP_PKEY* key = nullptr;
  const bool made = EVP_PKEY_CTX_kem_set_params(context.get(), Nid) == 1 &&
                    EVP_PKEY_keygen_init(context.get()) == 1 && EVP_PKEY_keygen(context.get(), &key) == 1;
  return Key(made ? key : nullptr);
}

template <int Nid>
Work kem_key(const PeerTask&) {
  return repeat([] { return new_kem<Nid>() != nullptr; });
}

// Begins with the bytes of a peer's key, as a server does.
template <int Nid>
Work kem_encapsulate(const PeerTask&) {
  std::vector<std::uint8_t> encoded(2048);
  std::size_t size = encoded.size();
  const Key key = new_kem<Nid>();
  if (EVP_PKEY_get_raw_public_key(key.get(), encoded.data(), &size) != 1) {
    return {};
  }
  encoded.resize(size);
  return repeat([encoded] {
    const Key peer(EVP_PKEY_kem_new_raw_public_key(Nid, encoded.data(), encoded.size()));
    const KeyContext context(EVP_PKEY_CTX_new(peer.get(), nullptr));
    std::uint8_t ciphertext[2048], shared[32];
    std::size_t ciphertext_size = sizeof ciphertext, shared_size = sizeof shared;
    return EVP_PKEY_encapsulate(context.get(), ciphertext, &ciphertext_size, shared, &shared_size) == 1;
  });
}

template <int Nid>
Work kem_decapsulate(const PeerTask&) {
  Key key = new_kem<Nid>();
  KeyContext context(EVP_PKEY_CTX_new(key.get(), nullptr));
  std::vector<std::uint8_t> ciphertext(2048);
  std::uint8_t shared[32];
  std::size_t size = ciphertext.size(), shared_size = sizeof shared;
  if (EVP_PKEY_encapsulate(context.get(), ciphertext.data(), &size, shared, &shared_size) != 1) {
    return {};
  }
  ciphertext.resize(size);
  return repeat([key = std::move(key), context = std::move(context), ciphertext] {
    std::uint8_t again[32];
    std::size_t again_size = sizeof again;
    return EVP_PKEY_decapsulate(context.get(), again, &again_size, ciphertext.data(), ciphertext.size()) == 1;
  });
}
#endif

constexpr PeerRow kRows[] = {
#if defined(OPENSSL_IS_AWSLC)
    {"ml-kem-512 key", kem_key<NID_MLKEM512>},
    {"ml-kem-512 encapsulate", kem_encapsulate<NID_MLKEM512>},
    {"ml-kem-512 decapsulate", kem_decapsulate<NID_MLKEM512>},
    {"ml-kem-768 key", kem_key<NID_MLKEM768>},
    {"ml-kem-768 encapsulate", kem_encapsulate<NID_MLKEM768>},
    {"ml-kem-768 decapsulate", kem_decapsulate<NID_MLKEM768>},
    {"ml-kem-1024 key", kem_key<NID_MLKEM1024>},
    {"ml-kem-1024 encapsulate", kem_encapsulate<NID_MLKEM1024>},
    {"ml-kem-1024 decapsulate", kem_decapsulate<NID_MLKEM1024>},
#endif
    {"x25519 key", x25519_key},
    {"x25519 agree", x25519_agree},
    {"ed25519 key", ed25519_key},
    {"ed25519 sign", ed25519_sign<false>},
    {"ed25519 verify", ed25519_sign<true>},
    {"p-256 key", ec_key<NID_X9_62_prime256v1>},
    {"p-256 agree", ec_agree<NID_X9_62_prime256v1>},
    {"p-256 sign", ec_sign<NID_X9_62_prime256v1, false>},
    {"p-256 verify", ec_sign<NID_X9_62_prime256v1, true>},
    {"p-384 key", ec_key<NID_secp384r1>},
    {"p-384 agree", ec_agree<NID_secp384r1>},
    {"p-384 sign", ec_sign<NID_secp384r1, false>},
    {"p-384 verify", ec_sign<NID_secp384r1, true>},
    {"p-521 key", ec_key<NID_secp521r1>},
    {"p-521 agree", ec_agree<NID_secp521r1>},
    {"p-521 sign", ec_sign<NID_secp521r1, false>},
    {"p-521 verify", ec_sign<NID_secp521r1, true>},
    {"rsa-2048 sign", rsa_sign<2048, false>},
    {"rsa-2048 verify", rsa_sign<2048, true>},
    {"rsa-3072 sign", rsa_sign<3072, false>},
    {"rsa-3072 verify", rsa_sign<3072, true>},
    {"rsa-4096 sign", rsa_sign<4096, false>},
    {"rsa-4096 verify", rsa_sign<4096, true>},
    {"rsa-2048 key", rsa_key},
};

}  // namespace

Work public_key(const PeerTask& task) {
  return prepare_from(kRows, task);
}

}  // namespace ashlar::measure
