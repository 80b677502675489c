// SPDX-License-Identifier: Apache-2.0
// A self-signed certificate with a key for RSASSA-PSS alone, for server.example. It serves clients, too.
#pragma once

#include <ashlar/x509/issue.hpp>

#include "support/pss_keys.hpp"
#include "tls/support/endpoint.hpp"

namespace ashlar::test {

struct PssIdentity {
  explicit PssIdentity(const Buffer& parameters = {})
      : key(*x509::PrivateKey::parse_der(pss_pkcs8(rsa_key(), parameters))),
        der(issue()),
        credential(credential_of(std::array{Bytes(der)}, tls::local_signer(key))),
        credentials(index_of({&credential})),
        anchor{x509::TrustAnchor::from(*x509::Certificate::parse(der))},
        anchors(x509::AnchorIndex(anchor), {}, true) {}
  PssIdentity(const PssIdentity&) = delete;
  PssIdentity& operator=(const PssIdentity&) = delete;
  tls::Verifier verifier() const { return anchors.verifier(); }

  x509::PrivateKey key;
  Buffer der;
  tls::Credential credential;
  tls::Credentials credentials;

 private:
  Buffer issue() const {
    const std::string_view names[] = {"server.example"};
    x509::CertificateTemplate wanted;
    wanted.common_name = "server.example";
    wanted.validity = {at_time("260101000000Z"), at_time("400101000000Z")};
    wanted.names = names;
    wanted.server_auth = wanted.client_auth = true;
    Buffer out(4096);
    crypto::DeterministicRandom random(5);
    out.resize(x509::issue(wanted, key.public_key(), {{}, {}, key}, random.random(), out)->size());
    return out;
  }
  x509::TrustAnchor anchor[1];
  tls::TrustAnchors anchors;
};

}  // namespace ashlar::test
