// SPDX-License-Identifier: Apache-2.0
// OpenSSL 3: symmetric primitives through EVP, with algorithms fetched and contexts made beforehand.
#include "measure/data.hpp"
#include "peers/parts.hpp"
#include "peers/pointers.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstring>
#include <string>

namespace ashlar::measure {

namespace {

using Cipher = Ptr<EVP_CIPHER, EVP_CIPHER_free>;
using CipherContext = Ptr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using Digest = Ptr<EVP_MD, EVP_MD_free>;
using DigestContext = Ptr<EVP_MD_CTX, EVP_MD_CTX_free>;

// A context with a key; CCM's lengths must be set before it.
CipherContext keyed(const EVP_CIPHER* cipher, bool encrypt) {
  CipherContext context(EVP_CIPHER_CTX_new());
  const auto key = filler(static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher)));
  const bool ccm = EVP_CIPHER_get_mode(cipher) == EVP_CIPH_CCM_MODE;
  const bool ready =
      EVP_CipherInit_ex2(context.get(), cipher, nullptr, nullptr, encrypt ? 1 : 0, nullptr) == 1 &&
      (!ccm || (EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_IVLEN, 12, nullptr) == 1 &&
                EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, 16, nullptr) == 1)) &&
      EVP_CipherInit_ex2(context.get(), nullptr, key.data(), nullptr, encrypt ? 1 : 0, nullptr) == 1 &&
      EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1;
  return ready ? std::move(context) : nullptr;
}

// AEAD messages one after the other, under one key.
struct AeadMessage {
  Cipher cipher;
  CipherContext sealer, opener;
  bool ccm = false;
  // Only for GCM-SIV. It needs the key again with each message, and keeps the last message's additional data
  // until it gets empty data.
  std::vector<std::uint8_t> key{};
  std::vector<std::uint8_t> nonce = filler(12), aad = filler(13), plaintext, sealed;
  std::uint8_t tag[16] = {};

  bool start(EVP_CIPHER_CTX* context) {
    int done = 0;
    return EVP_CipherInit_ex2(context, nullptr, key.empty() ? nullptr : key.data(), nonce.data(), -1,
                              nullptr) == 1 &&
           (key.empty() || EVP_CipherUpdate(context, nullptr, &done, aad.data(), 0) == 1);
  }
  bool seal() {
    EVP_CIPHER_CTX* const context = sealer.get();
    const int size = static_cast<int>(plaintext.size());
    int done = 0;
    return start(context) && (!ccm || EVP_EncryptUpdate(context, nullptr, &done, nullptr, size) == 1) &&
           EVP_EncryptUpdate(context, nullptr, &done, aad.data(), static_cast<int>(aad.size())) == 1 &&
           EVP_EncryptUpdate(context, sealed.data(), &done, plaintext.data(), size) == 1 &&
           EVP_EncryptFinal_ex(context, tag, &done) == 1 &&
           EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, 16, tag) == 1;
  }
  bool open() {
    EVP_CIPHER_CTX* const context = opener.get();
    const int size = static_cast<int>(sealed.size());
    int done = 0;
    return start(context) && EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, 16, tag) == 1 &&
           (!ccm || EVP_DecryptUpdate(context, nullptr, &done, nullptr, size) == 1) &&
           EVP_DecryptUpdate(context, nullptr, &done, aad.data(), static_cast<int>(aad.size())) == 1 &&
           EVP_DecryptUpdate(context, plaintext.data(), &done, sealed.data(), size) == 1 &&
           // CCM has already given its verdict.
           (ccm || EVP_DecryptFinal_ex(context, plaintext.data(), &done) == 1);
  }
};

Work aead(const PeerTask& task, const char* algorithm, bool open) {
  AeadMessage message;
  message.cipher.reset(EVP_CIPHER_fetch(nullptr, algorithm, nullptr));
  if (message.cipher == nullptr) {
    return {};
  }
  message.sealer = keyed(message.cipher.get(), true);
  message.opener = keyed(message.cipher.get(), false);
  message.ccm = EVP_CIPHER_get_mode(message.cipher.get()) == EVP_CIPH_CCM_MODE;
  if (std::strstr(algorithm, "GCM-SIV") != nullptr) {
    message.key = filler(static_cast<std::size_t>(EVP_CIPHER_get_key_length(message.cipher.get())));
  }
  message.plaintext = filler(task.size);
  message.sealed.resize(task.size);
  if (!message.sealer || !message.opener || !message.seal()) {
    return {};
  }
  return open ? repeat([message = std::move(message)]() mutable { return message.open(); })
              : repeat([message = std::move(message)]() mutable { return message.seal(); });
}

// A key ready for its first message.
Work aead_key(const char* algorithm) {
  Cipher cipher(EVP_CIPHER_fetch(nullptr, algorithm, nullptr));
  CipherContext context = keyed(cipher.get(), true);
  const auto size = static_cast<std::size_t>(EVP_CIPHER_get_key_length(cipher.get()));
  return repeat([cipher = std::move(cipher), context = std::move(context), key = filler(size)] {
    return EVP_EncryptInit_ex2(context.get(), nullptr, key.data(), nullptr, nullptr) == 1;
  });
}

// A mode without a tag: one message, including the setting of its IV.
Work cipher(const PeerTask& task, const char* algorithm, bool encrypt) {
  Cipher fetched(EVP_CIPHER_fetch(nullptr, algorithm, nullptr));
  CipherContext context = fetched != nullptr ? keyed(fetched.get(), encrypt) : nullptr;
  if (context == nullptr) {
    return {};
  }
  return repeat([fetched = std::move(fetched), context = std::move(context), iv = filler(16),
                 in = filler(task.size), out = filler(task.size)]() mutable {
    int size = 0;
    return EVP_CipherInit_ex2(context.get(), nullptr, nullptr, iv.data(), -1, nullptr) == 1 &&
           EVP_CipherUpdate(context.get(), out.data(), &size, in.data(), static_cast<int>(in.size())) == 1;
  });
}

Work hash(const PeerTask& task, const char* algorithm) {
  Digest md(EVP_MD_fetch(nullptr, algorithm, nullptr));
  DigestContext context(EVP_MD_CTX_new());
  return repeat([md = std::move(md), context = std::move(context), message = filler(task.size)] {
    std::uint8_t digest[EVP_MAX_MD_SIZE];
    return EVP_DigestInit_ex2(context.get(), md.get(), nullptr) == 1 &&
           EVP_DigestUpdate(context.get(), message.data(), message.size()) == 1 &&
           EVP_DigestFinal_ex(context.get(), digest, nullptr) == 1;
  });
}

// A MAC under a key set up beforehand. parameter: the name of the parameter for its cipher or digest.
Work mac(const PeerTask& task, const char* algorithm, const char* parameter, std::string value,
         std::size_t key_size) {
  const Ptr<EVP_MAC, EVP_MAC_free> fetched(EVP_MAC_fetch(nullptr, algorithm, nullptr));
  Ptr<EVP_MAC_CTX, EVP_MAC_CTX_free> context(EVP_MAC_CTX_new(fetched.get()));
  const auto key = filler(key_size);
  const OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(parameter, value.data(), 0),
                                   OSSL_PARAM_construct_end()};
  if (EVP_MAC_init(context.get(), key.data(), key.size(), parameters) != 1) {
    return {};
  }
  return repeat([context = std::move(context), message = filler(task.size)] {
    std::uint8_t out[64];
    std::size_t size = 0;
    return EVP_MAC_init(context.get(), nullptr, 0, nullptr) == 1 &&
           EVP_MAC_update(context.get(), message.data(), message.size()) == 1 &&
           EVP_MAC_final(context.get(), out, &size, sizeof out) == 1;
  });
}

// GCM without a plaintext.
Work gmac(const PeerTask& task, const char* algorithm) {
  Cipher fetched(EVP_CIPHER_fetch(nullptr, algorithm, nullptr));
  CipherContext context = keyed(fetched.get(), true);
  return repeat([fetched = std::move(fetched), context = std::move(context), nonce = filler(12),
                 message = filler(task.size)] {
    std::uint8_t tag[16];
    int done = 0;
    return EVP_EncryptInit_ex2(context.get(), nullptr, nullptr, nonce.data(), nullptr) == 1 &&
           EVP_EncryptUpdate(context.get(), nullptr, &done, message.data(),
                             static_cast<int>(message.size())) == 1 &&
           EVP_EncryptFinal_ex(context.get(), tag, &done) == 1 &&
           EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, 16, tag) == 1;
  });
}

// Wraps or unwraps a key (RFC 3394).
struct KeyWrapping {
  Cipher cipher;
  CipherContext wrapper, unwrapper;
  std::vector<std::uint8_t> key, wrapped;

  bool run(bool wrap) {
    static constexpr std::uint8_t kIv[8] = {0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6, 0xa6};
    EVP_CIPHER_CTX* const context = wrap ? wrapper.get() : unwrapper.get();
    auto& in = wrap ? key : wrapped;
    auto& out = wrap ? wrapped : key;
    int size = 0;
    return EVP_CipherInit_ex2(context, nullptr, nullptr, kIv, -1, nullptr) == 1 &&
           EVP_CipherUpdate(context, out.data(), &size, in.data(), static_cast<int>(in.size())) == 1;
  }
};

Work key_wrap(const PeerTask& task, const char* algorithm, bool wrap) {
  KeyWrapping state{
      Cipher(EVP_CIPHER_fetch(nullptr, algorithm, nullptr)), nullptr, nullptr, filler(task.size), {}};
  state.wrapped.resize(task.size + 8);
  state.wrapper = keyed(state.cipher.get(), true);
  state.unwrapper = keyed(state.cipher.get(), false);
  if (!state.wrapper || !state.unwrapper || !state.run(true)) {
    return {};
  }
  return repeat([state = std::move(state), wrap]() mutable { return state.run(wrap); });
}

Work hmac_once(const PeerTask& task) {
  return repeat([key = filler(32), message = filler(task.size)] {
    std::uint8_t mac[32];
    unsigned size = 0;
    return HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), message.data(), message.size(), mac,
                &size) != nullptr;
  });
}

// From our names to OpenSSL's: "aes-128-gcm seal" is AES-128-GCM, sealing.
struct Name {
  std::string_view ours;
  const char* theirs;
};
constexpr Name kAeads[] = {
    {"aes-128-gcm", "AES-128-GCM"},
    {"aes-256-gcm", "AES-256-GCM"},
    {"chacha20-poly1305", "ChaCha20-Poly1305"},
    {"aes-128-gcm-siv", "AES-128-GCM-SIV"},
    {"aes-256-gcm-siv", "AES-256-GCM-SIV"},
    {"aes-128-ccm", "AES-128-CCM"},
    {"aes-256-ccm", "AES-256-CCM"},
};
constexpr Name kCiphers[] = {
    {"aes-128-cbc", "AES-128-CBC"}, {"aes-256-cbc", "AES-256-CBC"}, {"aes-128-ctr", "AES-128-CTR"},
    {"aes-256-ctr", "AES-256-CTR"}, {"aes-128-xts", "AES-128-XTS"}, {"aes-256-xts", "AES-256-XTS"},
};
constexpr Name kHashes[] = {
    {"sha-1", "SHA1"},     {"sha-256", "SHA256"},    {"sha-384", "SHA384"},
    {"sha-512", "SHA512"}, {"sha3-256", "SHA3-256"}, {"sha3-512", "SHA3-512"},
};

constexpr Name kCmacs[] = {{"aes-128-cmac", "AES-128-CBC"}, {"aes-256-cmac", "AES-256-CBC"}};
constexpr Name kGmacs[] = {{"aes-128-gmac", "AES-128-GCM"}, {"aes-256-gmac", "AES-256-GCM"}};
constexpr Name kWraps[] = {{"aes-128-kw", "AES-128-WRAP"}, {"aes-256-kw", "AES-256-WRAP"}};

template <std::size_t N>
const char* find(const Name (&names)[N], std::string_view ours) {
  for (const Name& name : names) {
    if (name.ours == ours) {
      return name.theirs;
    }
  }
  return nullptr;
}

const char* name() {
  static const std::string text = std::string("OpenSSL ") + OpenSSL_version(OPENSSL_VERSION_STRING);
  return text.c_str();
}

}  // namespace

Work symmetric(const PeerTask& task) {
  const std::string_view operation = task.operation;
  const std::size_t space = operation.find(' ');
  const std::string_view algorithm = operation.substr(0, space);
  const std::string_view what = space == std::string_view::npos ? "" : operation.substr(space + 1);
  if (const char* theirs = find(kAeads, algorithm)) {
    return what == "key"                      ? aead_key(theirs)
           : what == "seal" || what == "open" ? aead(task, theirs, what == "open")
                                              : Work{};
  }
  if (const char* theirs = find(kCiphers, algorithm)) {
    return what == "encrypt" || what == "decrypt" || what.empty() ? cipher(task, theirs, what != "decrypt")
                                                                  : Work{};
  }
  if (const char* theirs = find(kHashes, operation)) {
    return hash(task, theirs);
  }
  if (const char* theirs = find(kCmacs, operation)) {
    return mac(task, "CMAC", "cipher", theirs, operation.find("128") != std::string_view::npos ? 16 : 32);
  }
  if (const char* theirs = find(kGmacs, operation)) {
    return gmac(task, theirs);
  }
  if (const char* theirs = find(kWraps, algorithm)) {
    return what == "wrap" || what == "unwrap" ? key_wrap(task, theirs, what == "wrap") : Work{};
  }
  return operation == "hmac-sha-256"            ? mac(task, "HMAC", "digest", "SHA256", 32)
         : operation == "hmac-sha-256 one call" ? hmac_once(task)
                                                : Work{};
}

}  // namespace ashlar::measure

extern "C" __attribute__((visibility("default")))
const ashlar::measure::Peer ashlar_bench_peer = {ashlar::measure::name, ashlar::measure::prepare_any};
