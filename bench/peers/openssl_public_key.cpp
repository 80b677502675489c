// SPDX-License-Identifier: Apache-2.0
// OpenSSL's public-key operations.
#include "measure/data.hpp"
#include "peers/parts.hpp"
#include "peers/pointers.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <cstdlib>
#include <cstring>
#include <memory>

namespace ashlar::measure {

namespace {

using Key = Ptr<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Ptr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

// Such as "RSA-2048".
bool is_rsa(const char* name) {
  return std::strncmp(name, "RSA-", 4) == 0;
}

Key new_key(const char* name) {
  for (const char* const alone : {"X25519", "ED25519", "X448", "ED448"}) {
    if (std::strcmp(name, alone) == 0) {
      return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, name));
    }
  }
  if (std::strncmp(name, "ffdhe", 5) == 0) {
    const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr));
    EVP_PKEY* key = nullptr;
    if (EVP_PKEY_keygen_init(context.get()) == 1 && EVP_PKEY_CTX_set_group_name(context.get(), name) == 1) {
      (void)EVP_PKEY_generate(context.get(), &key);
    }
    return Key(key);
  }
  if (is_rsa(name)) {
    return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA",
                                 static_cast<std::size_t>(std::strtoul(name + 4, nullptr, 10))));
  }
  return Key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", name));
}

Work generate(const char* name) {
  return repeat([name] { return new_key(name) != nullptr; });
}

Work agree(const char* curve) {
  return repeat([ours = new_key(curve), theirs = new_key(curve)] {
    const KeyContext context(EVP_PKEY_CTX_new(ours.get(), nullptr));
    std::uint8_t shared[512];
    std::size_t size = sizeof shared;
    return EVP_PKEY_derive_init(context.get()) == 1 &&
           EVP_PKEY_derive_set_peer(context.get(), theirs.get()) == 1 &&
           EVP_PKEY_derive(context.get(), shared, &size) == 1;
  });
}

Work sign(const char* name, bool verify) {
  const Key key = new_key(name);
  auto digest = filler(32);
  std::vector<std::uint8_t> signature(512);
  std::size_t size = signature.size();
  KeyContext signer(EVP_PKEY_CTX_new(key.get(), nullptr));
  KeyContext verifier(EVP_PKEY_CTX_new(key.get(), nullptr));
  bool ready = EVP_PKEY_sign_init(signer.get()) == 1 && EVP_PKEY_verify_init(verifier.get()) == 1;
  if (is_rsa(name)) {
    for (auto* context : {signer.get(), verifier.get()}) {
      ready = ready && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1 &&
              EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) == 1;
    }
  }
  if (!ready || EVP_PKEY_sign(signer.get(), signature.data(), &size, digest.data(), digest.size()) != 1) {
    return {};
  }
  signature.resize(size);
  return repeat([signer = std::move(signer), verifier = std::move(verifier), digest = std::move(digest),
                 signature = std::move(signature), verify] {
    std::uint8_t again[512];
    std::size_t written = sizeof again;
    return (verify ? EVP_PKEY_verify(verifier.get(), signature.data(), signature.size(), digest.data(),
                                     digest.size())
                   : EVP_PKEY_sign(signer.get(), again, &written, digest.data(), digest.size())) == 1;
  });
}

// Messages, not digests.
Work sign_message(const char* name, bool verify) {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  const auto start = [verify](EVP_PKEY* key) {
    std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
    const int ready = verify ? EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key)
                             : EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key);
    return ready == 1 ? std::move(context) : nullptr;
  };
  Key key = new_key(name);
  auto message = filler(32);
  std::vector<std::uint8_t> signature(114);
  std::size_t size = signature.size();
  const std::unique_ptr<EVP_MD_CTX, Free> signer(EVP_MD_CTX_new());
  if (EVP_DigestSignInit(signer.get(), nullptr, nullptr, nullptr, key.get()) != 1 ||
      EVP_DigestSign(signer.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    return {};
  }
  signature.resize(size);
  return repeat([start, key = std::move(key), message = std::move(message), signature, verify] {
    const auto context = start(key.get());
    std::uint8_t again[114];
    std::size_t written = sizeof again;
    return (verify ? EVP_DigestVerify(context.get(), signature.data(), signature.size(), message.data(),
                                      message.size())
                   : EVP_DigestSign(context.get(), again, &written, message.data(), message.size())) == 1;
  });
}

constexpr PeerRow kRows[] = {
    {"x25519 key", [](const PeerTask&) { return generate("X25519"); }},
    {"x25519 agree", [](const PeerTask&) { return agree("X25519"); }},
    {"ed25519 key", [](const PeerTask&) { return generate("ED25519"); }},
    {"ed25519 sign", [](const PeerTask&) { return sign_message("ED25519", false); }},
    {"ed25519 verify", [](const PeerTask&) { return sign_message("ED25519", true); }},
    {"x448 key", [](const PeerTask&) { return generate("X448"); }},
    {"x448 agree", [](const PeerTask&) { return agree("X448"); }},
    {"ed448 key", [](const PeerTask&) { return generate("ED448"); }},
    {"ed448 sign", [](const PeerTask&) { return sign_message("ED448", false); }},
    {"ed448 verify", [](const PeerTask&) { return sign_message("ED448", true); }},
    {"ffdhe2048 agree", [](const PeerTask&) { return agree("ffdhe2048"); }},
    {"ffdhe3072 agree", [](const PeerTask&) { return agree("ffdhe3072"); }},
    {"ffdhe4096 agree", [](const PeerTask&) { return agree("ffdhe4096"); }},
    {"p-256 key", [](const PeerTask&) { return generate("P-256"); }},
    {"p-256 agree", [](const PeerTask&) { return agree("P-256"); }},
    {"p-256 sign", [](const PeerTask&) { return sign("P-256", false); }},
    {"p-256 verify", [](const PeerTask&) { return sign("P-256", true); }},
    {"p-384 key", [](const PeerTask&) { return generate("P-384"); }},
    {"p-384 agree", [](const PeerTask&) { return agree("P-384"); }},
    {"p-384 sign", [](const PeerTask&) { return sign("P-384", false); }},
    {"p-384 verify", [](const PeerTask&) { return sign("P-384", true); }},
    {"p-521 key", [](const PeerTask&) { return generate("P-521"); }},
    {"p-521 agree", [](const PeerTask&) { return agree("P-521"); }},
    {"p-521 sign", [](const PeerTask&) { return sign("P-521", false); }},
    {"p-521 verify", [](const PeerTask&) { return sign("P-521", true); }},
    {"rsa-2048 sign", [](const PeerTask&) { return sign("RSA-2048", false); }},
    {"rsa-2048 verify", [](const PeerTask&) { return sign("RSA-2048", true); }},
    {"rsa-3072 sign", [](const PeerTask&) { return sign("RSA-3072", false); }},
    {"rsa-3072 verify", [](const PeerTask&) { return sign("RSA-3072", true); }},
    {"rsa-4096 sign", [](const PeerTask&) { return sign("RSA-4096", false); }},
    {"rsa-4096 verify", [](const PeerTask&) { return sign("RSA-4096", true); }},
    {"rsa-2048 key", [](const PeerTask&) { return generate("RSA-2048"); }},
};

}  // namespace

Work public_key(const PeerTask& task) {
  return prepare_from(kRows, task);
}

}  // namespace ashlar::measure
