// SPDX-License-Identifier: Apache-2.0
// Both sides' configs for pre-shared keys from outside, without any certificate.
#pragma once

#include "tls/support/pipe.hpp"

namespace ashlar::test {

template <class T>
T must(Result<T> result, const char* what) {
  if (!result) {
    throw std::runtime_error(what);
  }
  return std::move(*result);
}

inline tls::PreSharedKey psk_of(Bytes identity, Bytes key, tls::PskUse use = tls::PskUse::imported,
                                const crypto::HashAlgorithm& hash = crypto::kSha256, Bytes context = {}) {
  auto made = tls::PreSharedKey::create({identity, key, &hash, use, context});
  if (!made) {
    throw std::runtime_error("no pre-shared key");
  }
  return std::move(*made);
}
inline tls::PreSharedKey psk_of(std::string_view identity, std::string_view key) {
  return psk_of(bytes_of(identity), bytes_of(key));
}

// The client has one key, and the server two.
struct PskSetup : Setup {
  explicit PskSetup(std::uint64_t seed = 1) : Setup(seed) {
    server_keys.push_back(psk_of("somebody else", "another key of many bytes"));
    share(psk_of("a client", "a key of both sides, 32 bytes :)"));
    policy = tls::policy::psk;
    client.policy = server.policy = &policy;
    client.verifier = {};
    server.credentials = nullptr;
    server.psks = {[](void* self, Bytes identity, tls::Psk& out) {
                     auto& setup = *static_cast<PskSetup*>(self);
                     ++setup.lookups;
                     const tls::PskTable table(setup.server_keys);
                     const tls::PskLookup lookup = table.lookup();
                     return lookup.find(lookup.context, identity, out);
                   },
                   this};
  }
  // Both sides have this key from here on.
  void share(tls::PreSharedKey key) {
    const tls::Psk& secret = key.secret();
    const Buffer identity = buffer_of(key.identity());
    server_keys.push_back(
        psk_of(identity, secret.key.reveal(), secret.use, *secret.hash, secret.context.bytes()));
    client_keys.clear();
    client_keys.push_back(std::move(key));
    client.psks = client_keys;
  }
  void only(tls::ProtocolVersion version) {
    policy.versions = version == tls::ProtocolVersion::tls12 ? kTls12Alone : kTls13Alone;
  }
  void use_psk_suite(const tls::tls12::Suite& suite) {
    only(tls::ProtocolVersion::tls12);
    suites[0] = &suite;
    policy.suites = suites;
  }

  std::vector<tls::PreSharedKey> client_keys, server_keys;
  std::size_t lookups = 0;
  tls::Policy policy;
};

}  // namespace ashlar::test
