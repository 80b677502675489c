// SPDX-License-Identifier: Apache-2.0
// OCSP responses that come with a server's certificate, judged by the client (RFC 6960, RFC 6066 §8).
#include "support/ocsp_responses.hpp"
#include "tls/support/resumption.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// A root, p256_key(2), and a server's certificate of it, p256_key(1).
struct OcspWorld {
  static Buffer make_root() {
    CertificateSpec spec;
    spec.subject = name_of("root");
    spec.key = 2;
    spec.extensions = {basic_constraints(true), key_usage({x509::KeyUsage::key_cert_sign})};
    return make(spec);
  }
  static Buffer make_leaf(bool must_staple) {
    CertificateSpec spec;
    spec.serial = unhex("0123456789");
    spec.extensions = {alt_names({dns("server.example")})};
    if (must_staple) {
      spec.extensions.push_back({asn1::oid("1.3.6.1.5.5.7.1.24"), false, unhex("3003020105")});
    }
    return make(spec);
  }
  explicit OcspWorld(bool must_staple = false) : root(make_root()), leaf(make_leaf(must_staple)) {
    good.certificate = leaf;
  }
  tls::Credentials with(Bytes response) const {
    const Bytes chain[] = {leaf};
    auto made =
        tls::Credential::create({.chain = chain, .ocsp_staple = response}, tls::local_signer(p256_key(1)));
    REQUIRE(made);
    return index_of({&*made});
  }

  Buffer root, leaf;
  OcspSpec good;
  x509::TrustAnchor anchor[1] = {x509::TrustAnchor::from(*x509::Certificate::parse(root))};
  tls::TrustAnchors anchors{x509::AnchorIndex(anchor)};
};

struct OcspSetup : TicketSetup13 {
  OcspSetup(const OcspWorld& world, bool newer) {
    client_policy.versions = server_policy.versions = newer ? kTls13Alone : kTls12Alone;
    client.verifier = world.anchors.verifier();
    client.request_status = true;
    client.staples = &tls::kStaplesJudged;
  }
  // What a connection ends with, whose server staples this; empty: nothing.
  std::string ends(const OcspWorld& world, const Buffer& response) {
    const tls::Credentials credentials = world.with(response);
    server.credentials = &credentials;
    BothSides pair(*this);
    const bool done = pair.run();
    CHECK(done == !pair.client.error());
    CHECK(done == pair.client.handshake_done());
    return done ? "good" : std::string(error_row(pair.client.error()->code)->name);
  }
};

}  // namespace

TEST_CASE("X30 stapling: a client that judges takes what is good, and refuses what is not") {
  const bool newer = GENERATE(false, true);
  INFO((newer ? "TLS 1.3" : "TLS 1.2"));
  const OcspWorld world;
  OcspSetup setup(world, newer);
  const auto ends = [&](const auto& change) {
    OcspSpec spec = world.good;
    change(spec);
    setup.client_log.lines.clear();
    return setup.ends(world, make(spec));
  };
  CHECK(ends([](OcspSpec&) {}) == "good");
  CHECK(ends([](OcspSpec& spec) { spec.status = 1; }) == "certificate_revoked");
  CHECK(setup.client_log.count("fatal alert certificate_revoked") == 1);
  CHECK(ends([](OcspSpec& spec) { spec.status = 2; }) == "ocsp_status_unknown");
  CHECK(setup.client_log.count("bad_certificate_status_response") == 1);
  CHECK(ends([](OcspSpec& spec) { spec.next_update = -3000; }) == "ocsp_expired");
  CHECK(ends([](OcspSpec& spec) { spec.signing_key = 7; }) == "bad_ocsp_signature");
  CHECK(ends([](OcspSpec& spec) { spec.serial = unhex("01"); }) == "ocsp_other_certificate");
  CHECK(setup.ends(world, noise(900)) != "good");
  CHECK(setup.ends(world, {}) == "good");
  // Nobody judges without being told to.
  setup.client.staples = nullptr;
  CHECK(ends([](OcspSpec& spec) { spec.status = 1; }) == "good");
}

TEST_CASE(
    "X30 stapling: a client that demands a response takes no server without, nor one that cannot be judged") {
  const bool newer = GENERATE(false, true);
  const OcspWorld world;
  OcspSetup setup(world, newer);
  setup.client.staples = &tls::kStaplesDemanded;
  CHECK(setup.ends(world, make(world.good)) == "good");
  CHECK(setup.ends(world, {}) == "staple_missing");
  // A verifier that does not say by whom the certificate is issued.
  setup.client.verifier = tls::dangerous_accept_any_certificate();
  CHECK(setup.ends(world, make(world.good)) == "issuer_not_known");
  setup.client.staples = nullptr;
  CHECK(setup.ends(world, make(world.good)) == "good");
}

TEST_CASE("X30 stapling: a certificate that demands a response is judged by it") {
  const bool newer = GENERATE(false, true);
  const OcspWorld world(true);
  OcspSetup setup(world, newer);
  CHECK(setup.ends(world, {}) == "staple_missing");
  CHECK(setup.ends(world, make(world.good)) == "good");
  OcspSpec revoked = world.good;
  revoked.status = 1;
  CHECK(setup.ends(world, make(revoked)) == "certificate_revoked");
}

TEST_CASE("H09 stapling: a session that was made without a judgement is not resumed where there is one") {
  const bool newer = GENERATE(false, true);
  const OcspWorld world;
  OcspSetup setup(world, newer);
  const Buffer response = make(world.good);
  const tls::Credentials credentials = world.with(response);
  setup.server.credentials = &credentials;
  const tls::StapleJudge* const judges[] = {nullptr, &tls::kStaplesJudged, &tls::kStaplesDemanded};
  for (const auto* made_under : judges) {
    setup.client.staples = made_under;
    const tls::Session session = connect(setup).session;
    for (const auto* used_under : judges) {
      setup.client.staples = used_under;
      CHECK(resumes(setup, session) == (made_under == used_under));
    }
  }
}

TEST_CASE("stapling: a judge without the request for a response is a mistake in the config") {
  const OcspWorld world;
  OcspSetup setup(world, true);
  setup.client.request_status = false;
  const auto made = tls::Client::create(setup.client, "server.example");
  CHECK(made.error() == ErrorCode::invalid_argument);
  CHECK(made.error().place == Place::client_config_staples);
}

TEST_CASE(
    "X32 stapling: the path says who issued the certificate, also where a root is at its end or the leaf "
    "is") {
  // Through an intermediate, whose key is p256_key(4).
  OcspWorld world;
  CertificateSpec spec;
  spec.subject = name_of("between");
  spec.key = 4;
  spec.extensions = {basic_constraints(true), key_usage({x509::KeyUsage::key_cert_sign})};
  const Buffer between = make(spec);
  CertificateSpec leaf;
  leaf.issuer = name_of("between");
  leaf.issuer_key = 4;
  leaf.extensions = {alt_names({dns("server.example")})};
  world.leaf = make(leaf);
  world.good.certificate = world.leaf;
  const Bytes chain[] = {world.leaf, between};
  const tls::PeerChain shown = {chain, x509::Purpose::server_auth, "server.example", world.good.now,
                                &x509::kUsualKeys};
  const tls::Verifier verifier = world.anchors.verifier();
  const auto peer = verifier.verify_function(verifier.context, shown);
  REQUIRE(peer);
  Buffer spki(x509::kMaxSpkiSize);
  CHECK_BYTES(buffer_of(peer->issuer_key), buffer_of(*p256_key(4).public_key().write_spki(spki)));
  OcspSpec response = world.good;
  response.issuer_key = response.signing_key = 4;
  response.responder_name = name_of("between");
  const Buffer good = make(response);
  CHECK(x509::check_ocsp_response({good, world.leaf, peer->issuer_key, shown.now, shown.keys}));
  // A pinned certificate ends its own path: nobody says who issued it.
  x509::TrustAnchor pin[] = {x509::TrustAnchor::from(*x509::Certificate::parse(world.leaf))};
  const tls::TrustAnchors pinned(x509::AnchorIndex(pin), {}, true);
  const tls::Verifier pinning = pinned.verifier();
  const auto pinned_peer = pinning.verify_function(pinning.context, shown);
  REQUIRE(pinned_peer);
  CHECK(pinned_peer->issuer_key.empty());
}
