// SPDX-License-Identifier: Apache-2.0
// A CA and a server certificate for "localhost", made once per run. The certificate and handshake benchmarks
// of all libraries work on them.
#pragma once

#include "measure/contest.hpp"

#include <ashlar/x509/issue.hpp>

#include <ctime>
#include <memory>

namespace ashlar::measure {

struct Identity {
  std::unique_ptr<x509::PrivateKey> ca_key, key;
  std::vector<std::uint8_t> ca, leaf;  // DER
};

inline x509::PrivateKey new_private_key(bool rsa, crypto::Random random) {
  return rsa ? must(x509::PrivateKey::generate(x509::kRsaPrivate, 2048, random))
             : must(x509::PrivateKey::generate(x509::kP256Private, 256, random));
}

inline Identity new_identity(bool rsa) {
  // Not the system's generator: every run measures the same keys.
  crypto::DeterministicRandom seeded(std::uint64_t{2048});
  const crypto::Random random = seeded.random();
  Identity out;
  out.ca_key = std::make_unique<x509::PrivateKey>(new_private_key(rsa, random));
  out.key = std::make_unique<x509::PrivateKey>(new_private_key(rsa, random));
  const std::int64_t now = std::time(nullptr);
  std::uint8_t storage[4096];
  x509::CertificateTemplate wanted{};
  wanted.validity = {{now - 60}, {now + 86400}};
  wanted.common_name = "Benchmark CA";
  wanted.is_ca = true;
  const Bytes ca =
      must(x509::issue(wanted, out.ca_key->public_key(), {{}, {}, *out.ca_key}, random, storage));
  out.ca.assign(ca.begin(), ca.end());

  constexpr std::string_view kNames[] = {"localhost"};
  wanted.common_name = "localhost";
  wanted.is_ca = false;
  wanted.names = kNames;
  wanted.server_auth = true;
  const auto issuer = must(x509::Certificate::parse(out.ca));
  const Bytes leaf =
      must(x509::issue(wanted, out.key->public_key(),
                       {issuer.subject(), issuer.subject_key_identifier(), *out.ca_key}, random, storage));
  out.leaf.assign(leaf.begin(), leaf.end());
  return out;
}

inline const Identity& identity(bool rsa) {
  static const Identity identities[] = {new_identity(false), new_identity(true)};
  return identities[rsa ? 1 : 0];
}

}  // namespace ashlar::measure
