// SPDX-License-Identifier: Apache-2.0
// OpenSSL's primitives, called as a program that keeps its contexts would call them.
#include "support/openssl.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <cstring>
#include <memory>

namespace ashlar::bench::openssl {

namespace {

template <auto Free>
struct Freer {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};
template <class T, auto Free>
using Ptr = std::unique_ptr<T, Freer<Free>>;
using Key = Ptr<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Ptr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

// Ends the measurement where OpenSSL reports anything but success.
void check(benchmark::State& state, int result) {
  if (result != 1) {
    state.SkipWithError("OpenSSL failed");
  }
}

Key new_key(const char* name) {
  if (std::strcmp(name, "X25519") == 0) {
    return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, name));
  }
  if (std::strcmp(name, "RSA-2048") == 0) {
    return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
  }
  return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", name));
}

}  // namespace

std::string name() {
  return std::string("OpenSSL ") + OpenSSL_version(OPENSSL_VERSION_STRING);
}

void digest(benchmark::State& state, const char* algorithm, std::size_t size) {
  const auto message = filler(size);
  std::uint8_t out[EVP_MAX_MD_SIZE];
  const Ptr<EVP_MD, EVP_MD_free> md(EVP_MD_fetch(nullptr, algorithm, nullptr));
  const Ptr<EVP_MD_CTX, EVP_MD_CTX_free> context(EVP_MD_CTX_new());
  measure(state, size, [&] {
    check(state, EVP_DigestInit_ex2(context.get(), md.get(), nullptr));
    check(state, EVP_DigestUpdate(context.get(), message.data(), message.size()));
    check(state, EVP_DigestFinal_ex(context.get(), out, nullptr));
  });
}

void aead(benchmark::State& state, const char* algorithm, std::size_t key_size, std::size_t size, bool open) {
  const auto key = filler(key_size);
  auto nonce = filler(12);
  const auto aad = filler(13);
  const auto plaintext = filler(size);
  std::vector<std::uint8_t> sealed(size);
  std::vector<std::uint8_t> out(size);
  std::uint8_t tag[16];
  const Ptr<EVP_CIPHER, EVP_CIPHER_free> cipher(EVP_CIPHER_fetch(nullptr, algorithm, nullptr));
  const Ptr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> sealer(EVP_CIPHER_CTX_new());
  const Ptr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free> opener(EVP_CIPHER_CTX_new());
  check(state, EVP_EncryptInit_ex2(sealer.get(), cipher.get(), key.data(), nonce.data(), nullptr));
  check(state, EVP_DecryptInit_ex2(opener.get(), cipher.get(), key.data(), nonce.data(), nullptr));
  int done = 0;
  const auto seal_once = [&] {
    check(state, EVP_EncryptInit_ex2(sealer.get(), nullptr, nullptr, nonce.data(), nullptr));
    check(state, EVP_EncryptUpdate(sealer.get(), nullptr, &done, aad.data(), static_cast<int>(aad.size())));
    check(state,
          EVP_EncryptUpdate(sealer.get(), sealed.data(), &done, plaintext.data(), static_cast<int>(size)));
    check(state, EVP_EncryptFinal_ex(sealer.get(), sealed.data() + size, &done));
    check(state, EVP_CIPHER_CTX_ctrl(sealer.get(), EVP_CTRL_AEAD_GET_TAG, 16, tag));
  };
  if (!open) {
    measure(state, size, seal_once);
    return;
  }
  seal_once();
  measure(state, size, [&] {
    check(state, EVP_DecryptInit_ex2(opener.get(), nullptr, nullptr, nonce.data(), nullptr));
    check(state, EVP_DecryptUpdate(opener.get(), nullptr, &done, aad.data(), static_cast<int>(aad.size())));
    check(state, EVP_DecryptUpdate(opener.get(), out.data(), &done, sealed.data(), static_cast<int>(size)));
    check(state, EVP_CIPHER_CTX_ctrl(opener.get(), EVP_CTRL_AEAD_SET_TAG, 16, tag));
    check(state, EVP_DecryptFinal_ex(opener.get(), out.data() + size, &done));
  });
}

void generate(benchmark::State& state, const char* curve) {
  measure(state, 0, [&] { check(state, new_key(curve) != nullptr ? 1 : 0); });
}

void agree(benchmark::State& state, const char* curve) {
  const Key ours = new_key(curve);
  const Key theirs = new_key(curve);
  std::uint8_t shared[32];
  measure(state, 0, [&] {
    const KeyContext context(EVP_PKEY_CTX_new(ours.get(), nullptr));
    std::size_t size = sizeof shared;
    check(state, EVP_PKEY_derive_init(context.get()));
    check(state, EVP_PKEY_derive_set_peer(context.get(), theirs.get()));
    check(state, EVP_PKEY_derive(context.get(), shared, &size));
  });
}

void sign(benchmark::State& state, const char* key_name, bool verify) {
  const Key key = new_key(key_name);
  const auto digest = filler(32);
  std::uint8_t signature[512];
  std::size_t signature_size = sizeof signature;
  const KeyContext signer(EVP_PKEY_CTX_new(key.get(), nullptr));
  const KeyContext verifier(EVP_PKEY_CTX_new(key.get(), nullptr));
  check(state, EVP_PKEY_sign_init(signer.get()));
  check(state, EVP_PKEY_verify_init(verifier.get()));
  if (std::strcmp(key_name, "RSA-2048") == 0) {
    for (auto* context : {signer.get(), verifier.get()}) {
      check(state, EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING));
      check(state, EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()));
    }
  }
  check(state, EVP_PKEY_sign(signer.get(), signature, &signature_size, digest.data(), digest.size()));
  measure(state, 0, [&] {
    std::size_t size = sizeof signature;
    std::uint8_t again[512];
    check(state,
          verify ? EVP_PKEY_verify(verifier.get(), signature, signature_size, digest.data(), digest.size())
                 : EVP_PKEY_sign(signer.get(), again, &size, digest.data(), digest.size()));
  });
}

}  // namespace ashlar::bench::openssl
