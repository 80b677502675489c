// SPDX-License-Identifier: Apache-2.0
// Handshakes under every kind of key that signs, with certificates issued here.
#include <ashlar/asn1/pem.hpp>
#include <ashlar/x509/issue.hpp>

#include "catch.hpp"
#include "support/certificates.hpp"
#include "support/test_keys.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

std::string pem_of(Bytes der) {
  std::string text(asn1::pem_encoded_size("CERTIFICATE", der.size()), '?');
  REQUIRE(asn1::write_pem("CERTIFICATE", der, text));
  return text;
}

Buffer issued(const x509::CertificateTemplate& certificate, const x509::PrivateKey& key,
              const x509::Issuer& issuer) {
  Buffer out(4096);
  const auto made = x509::issue(certificate, key.public_key(), issuer, crypto::system_random(), out);
  REQUIRE(made);
  out.resize(made->size());
  return out;
}

x509::CertificateTemplate valid_template(std::string_view name) {
  x509::CertificateTemplate certificate;
  certificate.common_name = name;
  certificate.validity = {at_time("260101000000Z"), at_time("491231000000Z")};
  return certificate;
}

struct Outcome {
  bool done;
  const tls::Scheme* server_scheme;
  const tls::Scheme* client_scheme;
};

// A handshake with that key on the server, and also on the client if the server asks.
Outcome handshake(const x509::PrivateKey& key, bool client_too) {
  Setup setup;
  setup.client.policy = setup.server.policy = &kTls12Modern;
  auto ca = valid_template("Test CA");
  ca.is_ca = true;
  const Buffer root_der = issued(ca, p256_key(1), {{}, {}, p256_key(1)});
  const auto root = x509::Certificate::parse(root_der);
  REQUIRE(root);
  static constexpr std::string_view kNames[] = {"server.example"};
  auto leaf = valid_template("leaf");
  leaf.names = kNames;
  leaf.server_auth = leaf.client_auth = true;
  const std::string leaf_text =
      pem_of(issued(leaf, key, {root->subject(), root->subject_key_identifier(), p256_key(1)}));
  Identity identity(leaf_text, key);
  const std::string root_text = pem_of(root_der);
  Roots roots(root_text);
  setup.server.credentials = &identity.credentials;
  setup.client.verifier = setup.server.verifier = roots.verifier();
  if (client_too) {
    setup.server.client_authentication = tls::ClientAuthentication::request;
    setup.client.credentials = &identity.credentials;
  }
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  const bool done = pipe.run() && client.handshake_done() && server.handshake_done();
  return {done, client.negotiated().server_scheme, server.negotiated().client_scheme};
}

}  // namespace

TEST_CASE("key kinds: a server signs with every kind of key, under the schemes of policy modern") {
  for (const x509::PrivateKey* key : {&p256_key(3), &p384_key(), &p521_key()}) {
    const Outcome ecdsa = handshake(*key, false);
    INFO(key->kind().name);
    CHECK(ecdsa.done);
    // In TLS 1.2 the scheme names only the hash (RFC 8446 §4.2.3): the policy's first scheme is for every
    // curve.
    CHECK(ecdsa.server_scheme == &tls::kEcdsaSecp256r1Sha256);
  }
  const Outcome ed25519 = handshake(ed25519_key(), false);
  CHECK(ed25519.done);
  CHECK(ed25519.server_scheme == &tls::kEd25519);
}

TEST_CASE("key kinds: Ed25519 signs no CertificateVerify of TLS 1.2, whose messages are not kept") {
  const Outcome ecdsa = handshake(p256_key(3), true);
  CHECK(ecdsa.done);
  CHECK(ecdsa.client_scheme == &tls::kEcdsaSecp256r1Sha256);
  // The client shows no certificate; the server only asked.
  const Outcome ed25519 = handshake(ed25519_key(), true);
  CHECK(ed25519.done);
  CHECK(ed25519.client_scheme == nullptr);
}
