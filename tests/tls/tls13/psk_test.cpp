// SPDX-License-Identifier: Apache-2.0
// TLS 1.3 with pre-shared keys from outside: RFC 9846 §4.2.11, RFC 9258.
#include "catch.hpp"
#include "tls/support/psks.hpp"
#include "tls/support/scripted_peer.hpp"

#include <ashlar/tls/ticket_keys.hpp>

#include "tls13/external_psk.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

const crypto::HashAlgorithm* const kHashes[] = {&crypto::kSha256, &crypto::kSha384};
const tls::Group* const kP256[] = {&tls::kSecp256r1, &tls::kX25519};

struct Psk13Setup : PskSetup {
  Psk13Setup() { only(tls::ProtocolVersion::tls13); }
  void use_suite13(const tls::tls13::Suite& suite) {
    suites13[0] = &suite;
    policy.tls13_suites = suites13;
  }
  // The server takes another group than the client sends a share of.
  void force_retry() {
    server_policy = policy;
    server_policy.groups = std::span(kP256).first(1);
    server.policy = &server_policy;
  }
  const tls::tls13::Suite* suites13[1] = {};
  tls::Policy server_policy;
};

struct PskPair13 {
  explicit PskPair13(Setup& setup, const tls::Session* session = nullptr)
      : client(setup.make_client(session)), server(setup.make_server()) {}
  bool run() { return Pipe(client, server).run() && client.handshake_done() && server.handshake_done(); }
  tls::Client client;
  tls::Server server;
};

std::optional<ErrorCode> error_of(const tls::Connection& side) {
  const auto error = side.error();
  return error ? std::optional(error->code) : std::nullopt;
}

}  // namespace

TEST_CASE("TLS 1.3 psk: imported or as it is, with each hash, at once and after a retry") {
  const tls::PskUse use = GENERATE(tls::PskUse::imported, tls::PskUse::as_is);
  const crypto::HashAlgorithm* const hash = GENERATE(from_range(std::begin(kHashes), std::end(kHashes)));
  const tls::tls13::Suite* const suite =
      GENERATE(&tls::kAes128GcmSha256, &tls::kAes256GcmSha384, &tls::kChaCha20Poly1305Sha256);
  const bool retried = GENERATE(false, true);
  Psk13Setup setup;
  setup.use_suite13(*suite);
  const Buffer identity = unhex("00ff0a0d1b");
  setup.share(psk_of(identity, noise(48, 1), use, *hash, bytes_of("context")));
  if (retried) {
    setup.force_retry();
  }
  PskPair13 pair(setup);
  const bool served = use == tls::PskUse::imported || suite->hash == hash;
  REQUIRE(pair.run() == served);
  if (!served) {
    CHECK(error_of(pair.server) == ErrorCode::missing_extension);
    return;
  }
  for (const tls::Connection* side :
       {static_cast<tls::Connection*>(&pair.client), static_cast<tls::Connection*>(&pair.server)}) {
    CHECK(side->negotiated().by_psk);
    CHECK_BYTES(side->negotiated().psk_identity, identity);
    CHECK_FALSE(side->negotiated().resumed);
    CHECK(side->negotiated().retried == retried);
    CHECK(side->negotiated().group != nullptr);
    CHECK(side->peer_certificates().empty());
  }
  CHECK(setup.client_log.count("Certificate") == 0);
}

TEST_CASE("TLS 1.3 psk: the imported key is that of RFC 9258 §4.1") {
  Buffer key(48);
  for (std::size_t i = 0; i < key.size(); ++i) {
    key[i] = static_cast<std::uint8_t>(i);
  }
  const auto imported = [&](const crypto::HashAlgorithm& of_key, const crypto::HashAlgorithm& target) {
    const tls::PreSharedKey psk =
        psk_of(bytes_of("a client"), key, tls::PskUse::imported, of_key, bytes_of("context"));
    const auto secret = must(tls::tls13::secret_of(psk.secret(), psk.identity(), target), "no key");
    return hex(secret.reveal());
  };
  // Computed with Python's hmac and hashlib.
  CHECK(imported(crypto::kSha256, crypto::kSha256) ==
        "0fec71fc2acdfb0fcbb58852daaeeb19"
        "76b038efe9365ed3c33a4d794ba61b8a");
  CHECK(imported(crypto::kSha256, crypto::kSha384) ==
        "2f59ffa1c4931a11831a25191f052b069c082dca6c972df7"
        "b1f07e47d8a00368c6037f901b5580266fc21d7dcae21cd4");
  CHECK(imported(crypto::kSha384, crypto::kSha256) ==
        "94f35c39dddf52a708bbce6cd3fb69ff"
        "a6fcbee3f3cd0643f425850cd48a599a");
  CHECK(imported(crypto::kSha384, crypto::kSha384) ==
        "c9dfe70c6f8d453919f748ab3367c6684e6e40a8abb54092"
        "c7f9db029869f20d13e95a4d9f549168432ec32a9ade43a0");
  const tls::PreSharedKey psk =
      psk_of(bytes_of("a client"), key, tls::PskUse::imported, crypto::kSha256, bytes_of("context"));
  Buffer room(64);
  Writer writer{MutBytes(room)};
  tls::tls13::imported_identity(psk.identity(), psk.secret(), crypto::kSha384).build(writer);
  const Bytes built = must(writer.finish(), "no room");
  CHECK(hex(built) == "0008" + hex(bytes_of("a client")) + "0007" + hex(bytes_of("context")) + "03040002");
  const auto read = tls::tls13::ImportedIdentity::parse(built);
  REQUIRE(read);
  CHECK(read->is_for(crypto::kSha384));
  CHECK_FALSE(read->is_for(crypto::kSha256));
  CHECK(read->size() == built.size());
  for (std::size_t size = 0; size < built.size(); ++size) {
    CHECK_FALSE(tls::tls13::ImportedIdentity::parse(built.first(size)));
  }
  CHECK_FALSE(
      tls::tls13::ImportedIdentity::parse(unhex("0000"
                                                "0000"
                                                "03040001")));
}

TEST_CASE(
    "TLS 1.3 psk: another key, use, context or identity is none in common, and a wrong key is noticed") {
  Psk13Setup setup;
  const Buffer key = noise(32, 1);
  const auto wrong = GENERATE(0, 1, 2, 3);
  const bool with_certificate = GENERATE(false, true);
  setup.client_keys.clear();
  setup.client_keys.push_back(
      wrong == 0 ? psk_of("a client", "a wrong key of the same name")
      : wrong == 1
          ? psk_of(bytes_of("a client"), bytes_of("a key of both sides, 32 bytes :)"), tls::PskUse::as_is)
      : wrong == 2 ? psk_of(bytes_of("a client"), bytes_of("a key of both sides, 32 bytes :)"),
                            tls::PskUse::imported, crypto::kSha256, bytes_of("context"))
                   : psk_of("nobody", "a key of both sides, 32 bytes :)"));
  setup.client.psks = setup.client_keys;
  if (with_certificate) {
    setup.server.credentials = &setup.credentials;
  }
  PskPair13 pair(setup);
  CHECK_FALSE(pair.run());
  if (wrong == 0) {
    CHECK(error_of(pair.server) == ErrorCode::binder_mismatch);
    CHECK(setup.client_log.count("< fatal alert decrypt_error") == 1);
  } else if (!with_certificate) {
    CHECK(error_of(pair.server) == ErrorCode::no_common_psk);
    CHECK(setup.client_log.count("< fatal alert handshake_failure") == 1);
  } else {
    // A client that trusts no certificate has not said which signatures it checks.
    CHECK(error_of(pair.server) == ErrorCode::missing_extension);
  }
  setup.client.verifier = setup.roots.verifier();
  if (with_certificate && wrong != 0) {
    PskPair13 again(setup);
    REQUIRE(again.run());
    CHECK_FALSE(again.server.negotiated().by_psk);
  }
}

TEST_CASE("TLS 1.3 psk: an imported identity for another hash is passed over, and a name without a key") {
  const tls::tls13::Suite* const of_client[] = {&tls::kAes256GcmSha384, &tls::kAes128GcmSha256};
  Psk13Setup setup;
  setup.policy.tls13_suites = of_client;
  setup.server_policy = setup.policy;
  setup.server_policy.tls13_suites = std::span(of_client).last(1);
  setup.server.policy = &setup.server_policy;
  PskPair13 pair(setup);
  REQUIRE(pair.run());
  CHECK(pair.server.negotiated().by_psk);
  CHECK(pair.server.negotiated().suite == &tls::kAes128GcmSha256);

  setup.server.psks = {[](void*, Bytes, tls::Psk& out) {
                         out.use = tls::PskUse::imported;
                         out.hash = &crypto::kSha256;
                         return true;
                       },
                       nullptr};
  PskPair13 without(setup);
  CHECK_FALSE(without.run());
  CHECK(error_of(without.server) == ErrorCode::no_common_psk);
}

TEST_CASE("TLS 1.3 psk: keys from outside have no age (RFC 9846 §4.2.11)") {
  Psk13Setup setup;
  auto client = setup.make_client();
  const Buffer sent = drain(client);
  const auto hello = tls::ClientHello::parse(Bytes(sent).subspan(9));
  REQUIRE(hello);
  REQUIRE(hello->identities.size() > 6);
  CHECK_BYTES(hello->identities.last(4), Buffer(4));
}

TEST_CASE("H25 TLS 1.3 psk: a client without a verifier takes no certificate instead") {
  Psk13Setup setup;
  setup.server.credentials = &setup.credentials;
  setup.server.psks = {};
  // The server is told which signatures are checked by another client; here it must fail before.
  PskPair13 pair(setup);
  CHECK_FALSE(pair.run());
  CHECK(error_of(pair.server) == ErrorCode::missing_extension);
}

TEST_CASE("TLS 1.3 psk: a server of keys alone wants one") {
  Psk13Setup setup;
  setup.client.psks = {};
  setup.client.policy = &tls::policy::tls13;
  setup.client.verifier = setup.roots.verifier();
  PskPair13 pair(setup);
  CHECK_FALSE(pair.run());
  CHECK(error_of(pair.server) == ErrorCode::missing_extension);
  CHECK(setup.client_log.count("< fatal alert missing_extension") == 1);
}

TEST_CASE("H12 TLS 1.3 psk: several keys, of which the server knows one") {
  Psk13Setup setup;
  setup.client_keys.clear();
  for (int i = 0; i < 7; ++i) {
    setup.client_keys.push_back(psk_of("unknown " + std::to_string(i), "some key"));
  }
  setup.client_keys.push_back(psk_of("a client", "a key of both sides, 32 bytes :)"));
  setup.client.psks = setup.client_keys;
  PskPair13 pair(setup);
  REQUIRE(pair.run());
  CHECK(text_of(pair.client.negotiated().psk_identity) == "a client");
  CHECK(setup.lookups <= 2 * 16);
}

TEST_CASE("H12 TLS 1.3 psk: without a fresh key exchange only if both policies allow it") {
  Psk13Setup setup;
  setup.server_policy = setup.policy;
  setup.server.policy = &setup.server_policy;
  const bool of_client = GENERATE(false, true), of_server = GENERATE(false, true);
  setup.policy.psk_without_key_exchange = of_client;
  setup.server_policy.psk_without_key_exchange = of_server;
  SECTION("there is a common group: it is used all the same") {
    PskPair13 pair(setup);
    REQUIRE(pair.run());
    CHECK(pair.client.negotiated().group != nullptr);
  }
  SECTION("there is none") {
    setup.policy.groups = std::span(kP256).first(1);
    setup.server_policy.groups = std::span(kP256).last(1);
    PskPair13 pair(setup);
    CHECK(pair.run() == (of_client && of_server));
    if (of_client && of_server) {
      CHECK(pair.client.negotiated().group == nullptr);
      CHECK(pair.server.negotiated().group == nullptr);
      CHECK(pair.client.negotiated().by_psk);
    } else {
      CHECK(error_of(pair.server) == ErrorCode::no_common_group);
    }
  }
}

TEST_CASE("H09 TLS 1.3 psk: sessions are resumed while the key is the same") {
  Psk13Setup setup;
  setup.resumable();
  std::optional<tls::Session> session;
  {
    PskPair13 pair(setup);
    REQUIRE(pair.run());
    session.emplace(must(pair.client.session(), "no session"));
  }
  CHECK(session->by_psk);
  SECTION("the same key") {
    setup.server.client_authentication = tls::ClientAuthentication::none;
    PskPair13 pair(setup, &*session);
    REQUIRE(pair.run());
    CHECK(pair.client.negotiated().resumed);
    CHECK(pair.server.negotiated().resumed);
    CHECK(pair.server.negotiated().by_psk);
    CHECK(text_of(pair.server.negotiated().psk_identity) == "a client");
    CHECK(text_of(pair.client.negotiated().psk_identity) == "a client");
    // And again, from the resumed one.
    session.emplace(must(pair.client.session(), "no session"));
    PskPair13 third(setup, &*session);
    REQUIRE(third.run());
    CHECK(third.server.negotiated().resumed);
  }
  SECTION("a server that has forgotten it takes the key beside it") {
    setup.server.sessions = nullptr;
    PskPair13 pair(setup, &*session);
    REQUIRE(pair.run());
    CHECK_FALSE(pair.client.negotiated().resumed);
    CHECK(pair.client.negotiated().by_psk);
  }
  SECTION("the key has changed") {
    setup.server_keys.clear();
    setup.share(psk_of("a client", "the next key"));
    PskPair13 pair(setup, &*session);
    REQUIRE(pair.run());
    CHECK_FALSE(pair.server.negotiated().resumed);
    CHECK(pair.server.negotiated().by_psk);
  }
}

TEST_CASE("TLS 1.3 psk: an identity that is too long for a session makes none") {
  Psk13Setup setup;
  setup.resumable();
  setup.share(psk_of(Buffer(129, 'i'), noise(32, 1)));
  PskPair13 pair(setup);
  REQUIRE(pair.run());
  CHECK(pair.client.session().error() == ErrorCode::no_session);
  CHECK(setup.sessions.size() == 0);
}

TEST_CASE("TLS 1.3 psk: a hello has no more identities than servers read") {
  Psk13Setup setup;
  setup.client_keys.clear();
  setup.client_keys.push_back(psk_of(Buffer(30000, 'l'), noise(32, 1)));
  setup.client_keys.push_back(psk_of("a client", "a key of both sides, 32 bytes :)"));
  setup.client.psks = setup.client_keys;
  PskPair13 pair(setup);
  REQUIRE(pair.run());
  CHECK(text_of(pair.client.negotiated().psk_identity) == "a client");
}

TEST_CASE("TLS 1.3 psk: one config serves both versions") {
  Psk13Setup setup;
  setup.policy.versions = kTls13Then12;
  const bool older = GENERATE(false, true);
  setup.server_policy = setup.policy;
  setup.server_policy.versions = older ? kTls12Alone : kTls13Alone;
  setup.server.policy = &setup.server_policy;
  PskPair13 pair(setup);
  REQUIRE(pair.run());
  CHECK(pair.client.negotiated().version ==
        (older ? tls::ProtocolVersion::tls12 : tls::ProtocolVersion::tls13));
  CHECK(pair.client.negotiated().by_psk);
}

TEST_CASE("TLS 1.3 psk: AES-CCM is for policies that name it") {
  Psk13Setup setup;
  setup.use_suite13(GENERATE(&tls::kAes128CcmSha256, &tls::kAes128Ccm8Sha256) == &tls::kAes128CcmSha256
                        ? tls::kAes128CcmSha256
                        : tls::kAes128Ccm8Sha256);
  PskPair13 pair(setup);
  REQUIRE(pair.run());
  Pipe pipe(pair.client, pair.server);
  REQUIRE(pipe.send(pair.client, noise(40000, 1)));
  CHECK_BYTES(pipe.server_got, noise(40000, 1));
}
