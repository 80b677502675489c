// SPDX-License-Identifier: Apache-2.0
// BoringSSL, and AWS-LC, which is derived from it: symmetric primitives through their one-shot calls.
#include "measure/data.hpp"
#include "peers/parts.hpp"
#include "peers/pointers.hpp"

#include <openssl/aead.h>
#include <openssl/aes.h>
#include <openssl/cipher.h>
#include <openssl/cmac.h>
#include <openssl/crypto.h>
#include <openssl/digest.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

#include <cstdio>

#include <cstring>

namespace ashlar::measure {

namespace {

using AeadContext = Ptr<EVP_AEAD_CTX, EVP_AEAD_CTX_free>;
using CipherContext = Ptr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;

template <const EVP_AEAD* (*Algorithm)(), bool Open>
Work aead(const PeerTask& task) {
  const EVP_AEAD* algorithm = Algorithm();
  const auto key = filler(EVP_AEAD_key_length(algorithm));
  AeadContext context(EVP_AEAD_CTX_new(algorithm, key.data(), key.size(), EVP_AEAD_DEFAULT_TAG_LENGTH));
  auto nonce = filler(EVP_AEAD_nonce_length(algorithm));
  auto aad = filler(13);
  auto plaintext = filler(task.size);
  std::vector<std::uint8_t> sealed(task.size);
  std::vector<std::uint8_t> tag(EVP_AEAD_max_overhead(algorithm));
  std::size_t tag_size = 0;
  const bool ready = context != nullptr &&
                     EVP_AEAD_CTX_seal_scatter(context.get(), sealed.data(), tag.data(), &tag_size,
                                               tag.size(), nonce.data(), nonce.size(), plaintext.data(),
                                               plaintext.size(), nullptr, 0, aad.data(), aad.size()) == 1;
  if (!ready) {
    return {};
  }
  return repeat([context = std::move(context), nonce = std::move(nonce), aad = std::move(aad),
                 plaintext = std::move(plaintext), sealed = std::move(sealed), tag = std::move(tag),
                 tag_size]() mutable {
    if constexpr (Open) {
      return EVP_AEAD_CTX_open_gather(context.get(), plaintext.data(), nonce.data(), nonce.size(),
                                      sealed.data(), sealed.size(), tag.data(), tag_size, aad.data(),
                                      aad.size()) == 1;
    } else {
      return EVP_AEAD_CTX_seal_scatter(context.get(), sealed.data(), tag.data(), &tag_size, tag.size(),
                                       nonce.data(), nonce.size(), plaintext.data(), plaintext.size(),
                                       nullptr, 0, aad.data(), aad.size()) == 1;
    }
  });
}

// A key ready for its first message.
template <const EVP_AEAD* (*Algorithm)()>
Work aead_key(const PeerTask&) {
  return repeat([key = filler(EVP_AEAD_key_length(Algorithm()))] {
    EVP_AEAD_CTX context;
    const bool done = EVP_AEAD_CTX_init(&context, Algorithm(), key.data(), key.size(),
                                        EVP_AEAD_DEFAULT_TAG_LENGTH, nullptr) == 1;
    EVP_AEAD_CTX_cleanup(&context);
    return done;
  });
}

template <unsigned KeyBits, bool Encrypt>
Work cbc(const PeerTask& task) {
  AES_KEY key;
  const auto raw = filler(KeyBits / 8);
  const int made = Encrypt ? AES_set_encrypt_key(raw.data(), KeyBits, &key)
                           : AES_set_decrypt_key(raw.data(), KeyBits, &key);
  return made != 0
             ? Work{}
             : repeat([key, in = filler(task.size), out = filler(task.size), iv = filler(16)]() mutable {
                 AES_cbc_encrypt(in.data(), out.data(), in.size(), &key, iv.data(), Encrypt ? 1 : 0);
                 return true;
               });
}

template <unsigned KeyBits>
Work ctr(const PeerTask& task) {
  AES_KEY key;
  const auto raw = filler(KeyBits / 8);
  const int made = AES_set_encrypt_key(raw.data(), KeyBits, &key);
  return made != 0
             ? Work{}
             : repeat([key, in = filler(task.size), out = filler(task.size), counter = filler(16)]() mutable {
                 std::uint8_t key_stream[16];
                 unsigned used = 0;
                 AES_ctr128_encrypt(in.data(), out.data(), in.size(), &key, counter.data(), key_stream,
                                    &used);
                 return true;
               });
}

template <std::uint8_t* (*Hash)(const std::uint8_t*, std::size_t, std::uint8_t*)>
Work hash(const PeerTask& task) {
  return repeat([message = filler(task.size)] {
    std::uint8_t digest[EVP_MAX_MD_SIZE];
    return Hash(message.data(), message.size(), digest) != nullptr;
  });
}

#ifdef OPENSSL_IS_AWSLC
// A mode that only the EVP interface has: one message, including the setting of its IV.
template <const EVP_CIPHER* (*Cipher)(), bool Encrypt>
Work evp(const PeerTask& task) {
  CipherContext context(EVP_CIPHER_CTX_new());
  const auto key = filler(EVP_CIPHER_key_length(Cipher()));
  if (EVP_CipherInit_ex(context.get(), Cipher(), nullptr, key.data(), nullptr, Encrypt ? 1 : 0) != 1) {
    return {};
  }
  return repeat([context = std::move(context), iv = filler(16), in = filler(task.size),
                 out = filler(task.size)]() mutable {
    int size = 0;
    return EVP_CipherInit_ex(context.get(), nullptr, nullptr, nullptr, iv.data(), -1) == 1 &&
           EVP_CipherUpdate(context.get(), out.data(), &size, in.data(), static_cast<int>(in.size())) == 1;
  });
}

template <const EVP_MD* (*Algorithm)()>
Work evp_hash(const PeerTask& task) {
  return repeat([message = filler(task.size)] {
    std::uint8_t digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    return EVP_Digest(message.data(), message.size(), digest, &size, Algorithm(), nullptr) == 1;
  });
}
#endif

template <const EVP_MD* (*Algorithm)()>
Work hmac(const PeerTask& task) {
  Ptr<HMAC_CTX, HMAC_CTX_free> context(HMAC_CTX_new());
  const auto key = filler(32);
  if (HMAC_Init_ex(context.get(), key.data(), key.size(), Algorithm(), nullptr) != 1) {
    return {};
  }
  return repeat([context = std::move(context), message = filler(task.size)] {
    std::uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    return HMAC_Init_ex(context.get(), nullptr, 0, nullptr, nullptr) == 1 &&
           HMAC_Update(context.get(), message.data(), message.size()) == 1 &&
           HMAC_Final(context.get(), mac, &size) == 1;
  });
}

template <const EVP_MD* (*Algorithm)()>
Work hmac_once(const PeerTask& task) {
  return repeat([key = filler(32), message = filler(task.size)] {
    std::uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    return HMAC(Algorithm(), key.data(), key.size(), message.data(), message.size(), mac, &size) != nullptr;
  });
}

template <const EVP_CIPHER* (*Cipher)()>
Work cmac(const PeerTask& task) {
  Ptr<CMAC_CTX, CMAC_CTX_free> context(CMAC_CTX_new());
  const auto key = filler(EVP_CIPHER_key_length(Cipher()));
  if (CMAC_Init(context.get(), key.data(), key.size(), Cipher(), nullptr) != 1) {
    return {};
  }
  return repeat([context = std::move(context), message = filler(task.size)] {
    std::uint8_t mac[16];
    std::size_t size = 0;
    return CMAC_Reset(context.get()) == 1 &&
           CMAC_Update(context.get(), message.data(), message.size()) == 1 &&
           CMAC_Final(context.get(), mac, &size) == 1;
  });
}

// GCM without a plaintext.
template <const EVP_AEAD* (*Algorithm)()>
Work gmac(const PeerTask& task) {
  const auto key = filler(EVP_AEAD_key_length(Algorithm()));
  AeadContext context(EVP_AEAD_CTX_new(Algorithm(), key.data(), key.size(), EVP_AEAD_DEFAULT_TAG_LENGTH));
  return repeat([context = std::move(context), nonce = filler(12), message = filler(task.size)] {
    std::uint8_t tag[16];
    std::size_t size = 0;
    return EVP_AEAD_CTX_seal_scatter(context.get(), nullptr, tag, &size, sizeof tag, nonce.data(),
                                     nonce.size(), nullptr, 0, nullptr, 0, message.data(),
                                     message.size()) == 1;
  });
}

// A key of task.size bytes wrapped or unwrapped (RFC 3394).
template <unsigned KeyBits, bool Wrap>
Work key_wrap(const PeerTask& task) {
  AES_KEY encrypting, decrypting;
  const auto raw = filler(KeyBits / 8);
  auto key = filler(task.size);
  std::vector<std::uint8_t> wrapped(task.size + 8);
  if (AES_set_encrypt_key(raw.data(), KeyBits, &encrypting) != 0 ||
      AES_set_decrypt_key(raw.data(), KeyBits, &decrypting) != 0 ||
      AES_wrap_key(&encrypting, nullptr, wrapped.data(), key.data(), key.size()) < 0) {
    return {};
  }
  return repeat([encrypting, decrypting, key = std::move(key), wrapped = std::move(wrapped)]() mutable {
    return (Wrap ? AES_wrap_key(&encrypting, nullptr, wrapped.data(), key.data(), key.size())
                 : AES_unwrap_key(&decrypting, nullptr, key.data(), wrapped.data(), wrapped.size())) > 0;
  });
}

constexpr PeerRow kRows[] = {
    {"aes-128-gcm seal", aead<EVP_aead_aes_128_gcm, false>},
    {"aes-128-gcm open", aead<EVP_aead_aes_128_gcm, true>},
    {"aes-256-gcm seal", aead<EVP_aead_aes_256_gcm, false>},
    {"aes-256-gcm open", aead<EVP_aead_aes_256_gcm, true>},
    {"aes-128-gcm key", aead_key<EVP_aead_aes_128_gcm>},
    {"aes-256-gcm key", aead_key<EVP_aead_aes_256_gcm>},
    {"chacha20-poly1305 seal", aead<EVP_aead_chacha20_poly1305, false>},
    {"chacha20-poly1305 open", aead<EVP_aead_chacha20_poly1305, true>},
    {"xchacha20-poly1305 seal", aead<EVP_aead_xchacha20_poly1305, false>},
    {"xchacha20-poly1305 open", aead<EVP_aead_xchacha20_poly1305, true>},
    {"aes-128-gcm-siv seal", aead<EVP_aead_aes_128_gcm_siv, false>},
    {"aes-128-gcm-siv open", aead<EVP_aead_aes_128_gcm_siv, true>},
    {"aes-256-gcm-siv seal", aead<EVP_aead_aes_256_gcm_siv, false>},
    {"aes-256-gcm-siv open", aead<EVP_aead_aes_256_gcm_siv, true>},
    // This is their only CCM with a tag of 16 bytes. Its nonce is one byte longer than TLS's, but its cost is
    // the same. Its limit is 65535 bytes.
    {"aes-128-ccm seal", aead<EVP_aead_aes_128_ccm_matter, false>},
    {"aes-128-ccm open", aead<EVP_aead_aes_128_ccm_matter, true>},
    {"aes-128-cbc encrypt", cbc<128, true>},
    {"aes-128-cbc decrypt", cbc<128, false>},
    {"aes-256-cbc encrypt", cbc<256, true>},
    {"aes-256-cbc decrypt", cbc<256, false>},
    {"aes-128-ctr", ctr<128>},
    {"aes-256-ctr", ctr<256>},
    {"aes-128-cmac", cmac<EVP_aes_128_cbc>},
    {"aes-256-cmac", cmac<EVP_aes_256_cbc>},
    {"aes-128-gmac", gmac<EVP_aead_aes_128_gcm>},
    {"aes-256-gmac", gmac<EVP_aead_aes_256_gcm>},
    {"aes-128-kw wrap", key_wrap<128, true>},
    {"aes-128-kw unwrap", key_wrap<128, false>},
    {"aes-256-kw wrap", key_wrap<256, true>},
    {"aes-256-kw unwrap", key_wrap<256, false>},
    {"sha-1", hash<SHA1>},
    {"sha-256", hash<SHA256>},
    {"sha-384", hash<SHA384>},
    {"sha-512", hash<SHA512>},
#ifdef OPENSSL_IS_AWSLC
    {"aes-256-xts encrypt", evp<EVP_aes_256_xts, true>},
    {"aes-256-xts decrypt", evp<EVP_aes_256_xts, false>},
    {"sha3-256", evp_hash<EVP_sha3_256>},
#endif
    {"hmac-sha-256", hmac<EVP_sha256>},
    {"hmac-sha-256 one call", hmac_once<EVP_sha256>},
};

const char* name() {
#ifdef OPENSSL_IS_AWSLC
  return "AWS-LC " AWSLC_VERSION_NUMBER_STRING;
#else
  // It has no version; the number of its interface comes nearest.
  static char text[32];
  std::snprintf(text, sizeof text, "BoringSSL (API %d)", BORINGSSL_API_VERSION);
  return text;
#endif
}

}  // namespace

Work symmetric(const PeerTask& task) {
  return prepare_from(kRows, task);
}

}  // namespace ashlar::measure

extern "C" __attribute__((visibility("default")))
const ashlar::measure::Peer ashlar_bench_peer = {ashlar::measure::name, ashlar::measure::prepare_any};
