// SPDX-License-Identifier: Apache-2.0
#include "credential/fits.hpp"

#include "tls12/key_exchange.hpp"

namespace ashlar::tls {

bool signs_under(const Policy& policy, const Credential& credential) {
  for (const Scheme* scheme : policy.schemes) {
    if (credential.signs(*scheme)) {
      return true;
    }
  }
  return false;
}

namespace {

// In TLS 1.3 the suites have no say in it.
bool signs_in_tls13(const Policy& policy, const Credential& credential) {
  for (const Scheme* scheme : policy.schemes) {
    if (credential.signs(*scheme) && fits_in_tls13(*scheme, credential.kind())) {
      return true;
    }
  }
  return false;
}

}  // namespace

bool serves(const Policy& policy, const tls12::Suite& suite, const Credential& credential) {
  const tls12::KeyExchange& exchange = *suite.key_exchange;
  return !exchange.by_psk() &&
         credential.kind().tls_certificate_type == static_cast<std::uint8_t>(exchange.authentication) &&
         (exchange.ephemeral ? signs_under(policy, credential) : credential.decrypts());
}

bool serves(const Policy& policy, const Credential& credential) {
  if (policy.speaks(ProtocolVersion::tls13) && signs_in_tls13(policy, credential)) {
    return true;
  }
  const bool older = policy.speaks(ProtocolVersion::tls12);
  for (const tls12::Suite* suite : policy.suites) {
    if (older && serves(policy, *suite, credential)) {
      return true;
    }
  }
  return false;
}

}  // namespace ashlar::tls
