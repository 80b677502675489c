// SPDX-License-Identifier: Apache-2.0
// rsa_pss_pss_sha256, _sha384 and _sha512 (RFC 9846 §4.2.3): certificates whose keys are for RSASSA-PSS
// alone, shown by servers and clients of both versions.
#include "tls/support/pss.hpp"
#include "tls/support/tls13.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

struct PssSetup : Tls13Setup {
  explicit PssSetup(const PssIdentity& identity, bool newer) {
    client_policy.versions = server_policy.versions = newer ? kTls13Alone : kTls12Alone;
    client.verifier = server.verifier = identity.verifier();
    server.credentials = client.credentials = &identity.credentials;
    server.client_authentication = tls::ClientAuthentication::require;
  }
};

constexpr const tls::Scheme* kPssPss[] = {&tls::kRsaPssPssSha256, &tls::kRsaPssPssSha384,
                                          &tls::kRsaPssPssSha512};

}  // namespace

TEST_CASE("H03 rsa_pss_pss: both sides show such certificates, in both versions, by each scheme") {
  const bool newer = GENERATE(false, true);
  const auto* scheme = GENERATE(from_range(std::begin(kPssPss), std::end(kPssPss)));
  INFO((newer ? "TLS 1.3, " : "TLS 1.2, ") << scheme->name);
  const PssIdentity identity;
  PssSetup setup(identity, newer);
  const tls::Scheme* const one[] = {scheme};
  setup.client_policy.schemes = one;
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().server_scheme == scheme);
  CHECK(server.negotiated().client_scheme == scheme);
}

TEST_CASE("H03 rsa_pss_pss: a key that is limited to one hash signs by that scheme alone") {
  const bool newer = GENERATE(false, true);
  const PssIdentity identity(pss_parameters(x509::oids::kSha384, 48));
  CHECK_FALSE(identity.credential.signs(tls::kRsaPssPssSha256));
  CHECK(identity.credential.signs(tls::kRsaPssPssSha384));
  CHECK_FALSE(identity.credential.signs(tls::kRsaPssRsaeSha384));
  CHECK_FALSE(identity.credential.decrypts());
  {
    PssSetup setup(identity, newer);
    auto client = setup.make_client();
    auto server = setup.make_server();
    check_works(client, server);
    CHECK(client.negotiated().server_scheme == &tls::kRsaPssPssSha384);
    CHECK(server.negotiated().client_scheme == &tls::kRsaPssPssSha384);
  }
  PssSetup setup(identity, newer);
  const tls::Scheme* const other[] = {&tls::kRsaPssPssSha256};
  setup.client_policy.schemes = other;
  setup.client.credentials = nullptr;
  BothSides pair(setup);
  CHECK_FALSE(pair.run());
  REQUIRE(pair.server.error());
  CHECK(*pair.server.error() == ErrorCode::no_common_scheme);
}

TEST_CASE("H03 rsa_pss_pss: the scheme goes with the key's own algorithm and nothing else") {
  // Signatures of RSASSA-PSS are the same with both kinds of keys, and yet each has schemes of its own.
  CHECK(tls::kRsaPssPssSha256.fits(x509::kRsaPss));
  CHECK_FALSE(tls::kRsaPssPssSha256.fits(x509::kRsa));
  CHECK(tls::kRsaPssRsaeSha256.fits(x509::kRsa));
  CHECK_FALSE(tls::kRsaPssRsaeSha256.fits(x509::kRsaPss));
  CHECK_FALSE(tls::kRsaPkcs1Sha256.fits(x509::kRsaPss));
  const bool newer = GENERATE(false, true);
  // A server that claims the scheme of plain keys for a key of the other kind, and the other way round.
  const PssIdentity identity;
  PssSetup setup(identity, newer);
  setup.server.client_authentication = tls::ClientAuthentication::none;
  tls::Scheme lying = tls::kRsaPssPssSha256;
  SECTION("rsa_pss_rsae with a PSS key") {
    lying.id = tls::kRsaPssRsaeSha256.id;
  }
  SECTION("rsa_pss_pss with a plain key") {
    lying.key_algorithm = x509::oids::kRsaEncryption;
    setup.server.credentials = &setup.rsa.credentials;
    setup.client.verifier = setup.roots.verifier();
  }
  const tls::Scheme* const schemes[] = {&lying};
  setup.server_policy.schemes = schemes;
  BothSides pair(setup);
  CHECK_FALSE(pair.run());
  REQUIRE(pair.client.error());
  CHECK(*pair.client.error() == ErrorCode::scheme_not_offered);
  CHECK(alert_of(*pair.client.error()) == Alert::illegal_parameter);
}

TEST_CASE("H03 rsa_pss_pss: a signature that the key's limits do not allow is refused") {
  const bool newer = GENERATE(false, true);
  const PssIdentity limited(pss_parameters(x509::oids::kSha384, 48));
  PssSetup setup(limited, newer);
  setup.server.client_authentication = tls::ClientAuthentication::none;
  // The server's signer does not care for the limits: the same numbers without them.
  const PssIdentity free_one;
  const tls::Signer careless = [&] {
    tls::Signer signer = tls::local_signer(free_one.key);
    struct Wrapped {
      static Result<Bytes> sign(const void* context, const x509::SignatureAlgorithm&,
                                const x509::SigningInput& input, crypto::Random random, MutBytes out) {
        const auto& key = *static_cast<const x509::PrivateKey*>(context);
        const crypto::Digest digest = crypto::digest(crypto::kSha256, input.message[0]);
        return key.sign(x509::kRsaPssSha256, {{}, digest.bytes()}, random, out);
      }
    };
    signer.sign = Wrapped::sign;
    return signer;
  }();
  const Bytes chain[] = {limited.der};
  auto credential = tls::Credential::create({chain}, careless);
  REQUIRE(credential);
  const tls::Credentials credentials = index_of({&*credential});
  setup.server.credentials = &credentials;
  // It says that it signs by SHA-256, with an algorithm that the limits seem to allow.
  tls::Scheme lying = tls::kRsaPssPssSha384;
  lying.id = tls::kRsaPssPssSha256.id;
  const tls::Scheme* const schemes[] = {&lying};
  setup.server_policy.schemes = schemes;
  BothSides pair(setup);
  CHECK_FALSE(pair.run());
  REQUIRE(pair.client.error());
  CHECK(*pair.client.error() == ErrorCode::scheme_not_offered);
}
