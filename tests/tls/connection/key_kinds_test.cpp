// SPDX-License-Identifier: Apache-2.0
// Handshakes under every kind of key that signs, in both versions, with certificates issued here.
#include <ashlar/asn1/pem.hpp>
#include <ashlar/tls/batch_signer.hpp>
#include <ashlar/x509/issue.hpp>

#include <algorithm>
#include <memory>
#include <vector>

#include "catch.hpp"
#include "support/certificates.hpp"
#include "support/stack.hpp"
#include "support/test_keys.hpp"
#include "tls/support/pipe.hpp"
#include "tls/support/scripted_peer.hpp"

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
  Buffer out(1 << 14);
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
  bool done = false;
  const tls::Scheme* server_scheme = nullptr;
  const tls::Scheme* client_scheme = nullptr;
  ErrorCode client_error{}, server_error{};
  std::size_t batch_stack = 0;
};

struct Policies {
  const tls::Policy* server = &kTls12Modern;
  const tls::Policy* client = &kTls12Modern;
  bool batch = false;  // the server's signature is made by a BatchSigner
};

// A handshake with that key on the server, and one on the client if it is not null and the server asks.
// ca_key signs the certificates.
Outcome handshake_of(const x509::PrivateKey& key, const x509::PrivateKey* client_key,
                     const Policies& policies, const x509::PrivateKey& ca_key) {
  Setup setup;
  setup.client.policy = policies.client;
  setup.server.policy = policies.server;
  auto ca = valid_template("Test CA");
  ca.is_ca = true;
  const Buffer root_der = issued(ca, ca_key, {{}, {}, ca_key});
  const auto root = x509::Certificate::parse(root_der);
  REQUIRE(root);
  static constexpr std::string_view kNames[] = {"server.example"};
  auto leaf = valid_template("leaf");
  leaf.names = kNames;
  leaf.server_auth = leaf.client_auth = true;
  const auto identity_of = [&](const x509::PrivateKey& own) {
    return std::make_unique<Identity>(
        pem_of(issued(leaf, own, {root->subject(), root->subject_key_identifier(), ca_key})), own);
  };
  const auto identity = identity_of(key);
  std::unique_ptr<Identity> client_identity;
  const std::string root_text = pem_of(root_der);
  Roots roots(root_text);
  setup.server.credentials = &identity->credentials;
  setup.client.verifier = setup.server.verifier = roots.verifier();
  if (client_key != nullptr) {
    client_identity = identity_of(*client_key);
    setup.server.client_authentication = tls::ClientAuthentication::request;
    setup.client.credentials = &client_identity->credentials;
  }
  setup.server.batch = policies.batch;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  tls::BatchSigner signer{setup.server_random.random()};
  std::size_t stack = 0;
  bool done = pipe.run();
  while (done && signer.add(server)) {
    stack = std::max(stack, stack_used([&] { signer.run(); }));
    done = pipe.run();
  }
  done = done && client.handshake_done() && server.handshake_done();
  const auto code = [](const tls::Connection& side) {
    return side.error() ? side.error()->code : ErrorCode{};
  };
  return {
      done, client.negotiated().server_scheme, server.negotiated().client_scheme, code(client), code(server),
      stack};
}

Outcome handshake(const x509::PrivateKey& key, bool client_too, const Policies& policies = {},
                  const x509::PrivateKey& ca_key = p256_key(1)) {
  return handshake_of(key, client_too ? &key : nullptr, policies, ca_key);
}

// A policy that has this scheme before modern's, for these versions, and all kinds of keys in chains.
struct WithScheme {
  explicit WithScheme(const tls::Scheme& scheme, std::span<const tls::ProtocolVersion> versions) {
    rows.assign(tls::policy::modern.schemes.begin(), tls::policy::modern.schemes.end());
    rows.insert(rows.begin(), &scheme);
    policy.schemes = rows;
    policy.chain_keys = &x509::kAllKeys;
    policy.versions = versions;
  }
  std::vector<const tls::Scheme*> rows;
  tls::Policy policy = tls::policy::modern;
};

struct MlDsaScheme {
  unsigned set;
  const tls::Scheme* scheme;
};
const MlDsaScheme kMlDsaSchemes[] = {{44, &tls::kMlDsa44}, {65, &tls::kMlDsa65}, {87, &tls::kMlDsa87}};

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

TEST_CASE("key kinds: a client that signs a CertificateVerify of TLS 1.2 by Ed25519 is refused") {
  const auto& suite = tls::kEcdheEcdsaAes128GcmSha256;
  Setup setup;
  setup.use(suite);
  setup.server.client_authentication = tls::ClientAuthentication::require;
  setup.server.verifier = tls::dangerous_accept_any_certificate();
  auto leaf = valid_template("leaf");
  leaf.client_auth = true;
  ScriptedClient client(suite);
  client.chain = {issued(leaf, ed25519_key(), {{}, {}, ed25519_key()})};
  client.key = &ed25519_key();
  client.before = [&](tls::HandshakeType type) {  // the server signs by another one
    if (type == tls::HandshakeType::certificate) {
      client.scheme = &tls::kEd25519;
    }
  };
  auto server = setup.make_server();
  CHECK(client.run(server) == refused(ErrorCode::scheme_not_offered));
}

TEST_CASE(
    "key kinds: Ed448 signs in both versions if the policies name it, and its CA's signature is checked") {
  for (const std::span<const tls::ProtocolVersion> versions :
       {std::span<const tls::ProtocolVersion>(kTls12Alone),
        std::span<const tls::ProtocolVersion>(kTls13Alone)}) {
    const WithScheme named(tls::kEd448, versions);
    const Outcome both = handshake(ed448_key(), true, {&named.policy, &named.policy}, ed448_key());
    INFO(static_cast<int>(both.client_error) << " " << static_cast<int>(both.server_error));
    CHECK(both.done);
    CHECK(both.server_scheme == &tls::kEd448);
    // As with Ed25519, the messages of TLS 1.2 are not kept for a client's signature.
    CHECK(both.client_scheme == (versions[0] == tls::ProtocolVersion::tls13 ? &tls::kEd448 : nullptr));
    // A client that does not name it is told so.
    const tls::Policy usual = versions[0] == tls::ProtocolVersion::tls13 ? tls::policy::modern : kTls12Modern;
    const Outcome refused = handshake(ed448_key(), false, {&named.policy, &usual}, ed448_key());
    CHECK_FALSE(refused.done);
    CHECK(refused.server_error == ErrorCode::no_common_scheme);
  }
}

TEST_CASE("key kinds: ML-DSA signs in TLS 1.3 for both sides, and the certificates of its CA are checked") {
  for (const MlDsaScheme& row : kMlDsaSchemes) {
    INFO(row.scheme->name);
    const WithScheme named(*row.scheme, tls::kAllVersions);
    const Outcome both =
        handshake(mldsa_key(row.set), true, {&named.policy, &named.policy}, mldsa_key(row.set));
    INFO(static_cast<int>(both.client_error) << " " << static_cast<int>(both.server_error));
    CHECK(both.done);
    CHECK(both.server_scheme == row.scheme);
    CHECK(both.client_scheme == row.scheme);
    const Outcome batch = handshake(mldsa_key(row.set), false, {&named.policy, &named.policy, true});
    CHECK(batch.server_scheme == row.scheme);
    CHECK(batch.batch_stack > 65536);
    CHECK((batch.batch_stack < 196608 || kFramesHoldCopies));
    // Under a CA of another kind, and the other way round.
    const Outcome mixed = handshake(mldsa_key(row.set), false, {&named.policy, &named.policy});
    CHECK(mixed.server_scheme == row.scheme);
    const Outcome under = handshake(p256_key(3), false, {&named.policy, &named.policy}, mldsa_key(row.set));
    CHECK(under.server_scheme == &tls::kEcdsaSecp256r1Sha256);
  }
}

TEST_CASE("key kinds: ML-DSA is refused where the policy does not name it, in chains too") {
  const WithScheme named(tls::kMlDsa65, tls::kAllVersions);
  const Outcome unasked = handshake(mldsa_key(65), false, {&named.policy, &tls::policy::modern});
  CHECK_FALSE(unasked.done);
  CHECK(unasked.server_error == ErrorCode::no_common_scheme);
  // Another parameter set is another scheme.
  const WithScheme other(tls::kMlDsa44, tls::kAllVersions);
  CHECK(handshake(mldsa_key(65), false, {&named.policy, &other.policy}).server_error ==
        ErrorCode::no_common_scheme);
  // The CA's key and its signature are none that policy modern takes.
  const Outcome chain = handshake(p256_key(3), false, {&named.policy, &tls::policy::modern}, mldsa_key(65));
  CHECK_FALSE(chain.done);
  CHECK(chain.client_error == ErrorCode::unsupported_signature_algorithm);
}

TEST_CASE("key kinds: ML-DSA is not in TLS 1.2, even if both policies name it") {
  const WithScheme both(tls::kMlDsa65, tls::kAllVersions), old(tls::kMlDsa65, kTls12Alone);
  const Outcome refused = handshake(mldsa_key(65), false, {&both.policy, &old.policy});
  CHECK_FALSE(refused.done);
  CHECK(refused.server_error == ErrorCode::no_common_suite);
  // A server of TLS 1.2 alone has no use for such a certificate.
  CHECK_THROWS(handshake(mldsa_key(65), false, {&old.policy, &old.policy}));
  // A client that is asked for one has none to show.
  const Outcome silent = handshake_of(p256_key(3), &mldsa_key(65), {&old.policy, &both.policy}, p256_key(1));
  CHECK(silent.done);
  CHECK(silent.client_scheme == nullptr);
}
