// SPDX-License-Identifier: Apache-2.0
// Whole handshakes of TLS 1.3 between our client and our server.
#include <ashlar/crypto/cpu.hpp>

#include "../crypto/cpu/mask.hpp"
#include "catch.hpp"
#include "support/describe.hpp"
#include "tls/message/build.hpp"
#include "tls/support/altered_hello.hpp"
#include "tls/support/cost.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

const tls::tls13::Suite* const kSuites[] = {&tls::kAes128GcmSha256, &tls::kAes256GcmSha384,
                                            &tls::kChaCha20Poly1305Sha256};
const tls::Group* const kEachGroup[] = {&tls::kX25519,
                                        &tls::kSecp256r1,
                                        &tls::kSecp384r1,
                                        &tls::kSecp521r1,
                                        &tls::kX25519MlKem768,
                                        &tls::kSecp256r1MlKem768,
                                        &tls::kSecp384r1MlKem1024,
                                        &tls::kFfdhe2048,
                                        &tls::kFfdhe3072,
                                        &tls::kFfdhe4096,
                                        &tls::kMlKem512,
                                        &tls::kMlKem768,
                                        &tls::kMlKem1024,
                                        &tls::kX448};

}  // namespace

TEST_CASE("TLS 1.3: every suite, with every way to authenticate the client, resumed afterwards") {
  const auto* suite = GENERATE(from_range(std::begin(kSuites), std::end(kSuites)));
  const auto authentication = GENERATE(tls::ClientAuthentication::none, tls::ClientAuthentication::request,
                                       tls::ClientAuthentication::require);
  const int shown = GENERATE(0, 1, 2);  // nothing, an RSA certificate, an ECDSA certificate
  if (authentication == tls::ClientAuthentication::require && shown == 0) {
    return;
  }
  INFO(suite->name << ", authentication " << static_cast<int>(authentication) << ", client shows " << shown);
  Tls13Setup setup;
  setup.use_suite(*suite);
  setup.resumable();
  setup.server.client_authentication = authentication;
  Identity rsa_client(pem::kRsaClient, rsa_key());
  Identity ecdsa_client(pem::kEcdsaClient, ecdsa_key());
  if (shown != 0) {
    setup.client.credentials = shown == 1 ? &rsa_client.credentials : &ecdsa_client.credentials;
  }
  const bool authenticated = authentication != tls::ClientAuthentication::none && shown != 0;

  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  for (const tls::Connection* side :
       {static_cast<const tls::Connection*>(&client), static_cast<const tls::Connection*>(&server)}) {
    CHECK(side->negotiated().version == tls::ProtocolVersion::tls13);
    CHECK(side->negotiated().suite == suite);
    CHECK(side->negotiated().group == &tls::kX25519MlKem768);
    CHECK_FALSE(side->negotiated().resumed);
    CHECK_FALSE(side->negotiated().retried);
    CHECK(side->negotiated().client_authenticated == authenticated);
    CHECK(side->negotiated().server_scheme != nullptr);
  }
  CHECK(server.negotiated().server_name == "server.example");

  const auto session = client.session();
  REQUIRE(session);
  CHECK(session->version == tls::ProtocolVersion::tls13);
  CHECK(session->secret.size() == suite->hash->digest_size);
  auto client2 = setup.make_client(&*session);
  auto server2 = setup.make_server();
  check_works(client2, server2);
  CHECK(client2.negotiated().resumed);
  CHECK(server2.negotiated().resumed);
  CHECK(client2.negotiated().client_authenticated == authenticated);
  CHECK(server2.negotiated().client_authenticated == authenticated);
  CHECK(client2.session());
  CHECK(client2.peer_certificates().empty());
}

TEST_CASE("TLS 1.3: every group, with a share in the first ClientHello and after a HelloRetryRequest") {
  const auto* group = GENERATE(from_range(std::begin(kEachGroup), std::end(kEachGroup)));
  const bool retried = GENERATE(false, true);
  INFO(group->name << (retried ? ", retried" : ""));
  Tls13Setup setup;
  setup.resumable();
  const tls::Group* const one[] = {group};
  // The first of the client's is one that the server has not.
  const tls::Group* const several[] = {group == &tls::kSecp521r1 ? &tls::kSecp384r1 : &tls::kSecp521r1,
                                       group};
  setup.use_groups(retried ? std::span<const tls::Group* const>(several) : one, one);
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().group == group);
  CHECK(server.negotiated().group == group);
  CHECK(client.negotiated().retried == retried);
  CHECK(server.negotiated().retried == retried);
  CHECK(setup.server_log.count("< ClientHello") == (retried ? 2 : 1));

  // The session goes on, with a retry where there was one.
  const auto session = client.session();
  REQUIRE(session);
  auto client2 = setup.make_client(&*session);
  auto server2 = setup.make_server();
  check_works(client2, server2);
  CHECK(client2.negotiated().resumed);
  CHECK(server2.negotiated().retried == retried);
}

TEST_CASE("TLS 1.3: one X25519 key serves the hybrid group and X25519 alone, without a second try") {
  const bool server_has_hybrid = GENERATE(true, false);
  Tls13Setup setup;
  const tls::Group* const of_client[] = {&tls::kX25519MlKem768, &tls::kX25519, &tls::kSecp256r1};
  const tls::Group* const plain[] = {&tls::kX25519};
  setup.use_groups(of_client, server_has_hybrid ? std::span<const tls::Group* const>(of_client) : plain);
  auto client = setup.make_client();
  const Buffer hello = buffer_of(client.pending_output());
  const tls::ClientHello parsed = *tls::ClientHello::parse(Bytes(hello).subspan(9));
  const Bytes hybrid = parsed.key_shares.subspan(4, 1216);
  CHECK_BYTES(hybrid.last(32), parsed.key_shares.last(32));
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().group == (server_has_hybrid ? &tls::kX25519MlKem768 : &tls::kX25519));
  CHECK_FALSE(client.negotiated().retried);
}

TEST_CASE("TLS 1.3: ALPN, names, and certificates by name work as in TLS 1.2") {
  Tls13Setup setup;
  const std::string_view of_client[] = {"h2", "http/1.1"};
  const std::string_view of_server[] = {"http/1.1"};
  setup.client.alpn = of_client;
  setup.server.alpn = of_server;
  setup.name = "ecdsa.example";
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().alpn == "http/1.1");
  CHECK(server.negotiated().alpn == "http/1.1");
  CHECK(client.negotiated().server_scheme == &tls::kEcdsaSecp256r1Sha256);

  const std::string_view other[] = {"smtp"};
  setup.server.alpn = other;
  auto client2 = setup.make_client();
  auto server2 = setup.make_server();
  Pipe pipe(client2, server2);
  CHECK_FALSE(pipe.run());
  CHECK(*server2.error() == ErrorCode::no_common_protocol);
}

TEST_CASE("TLS 1.3: signatures and credentials may come from outside, on both sides") {
  Tls13Setup setup;
  Identity external_server(pem::kEcdsaServer, ecdsa_key(), true);
  Identity external_client(pem::kEcdsaClient, ecdsa_key(), true);
  setup.server.credentials = &external_server.credentials;
  setup.server.ask_for_credential = true;
  setup.server.client_authentication = tls::ClientAuthentication::require;
  setup.client.ask_for_credential = true;
  auto client = setup.make_client();
  auto server = setup.make_server();
  const auto sign = [](tls::Connection& connection) {
    const auto request = connection.private_key_request();
    REQUIRE(request);
    CHECK(request->kind == tls::PrivateKeyRequest::Kind::sign);
    Buffer signature(x509::kMaxSignatureSize);
    crypto::DeterministicRandom random(5);
    const Bytes message[] = {request->message};
    const auto made =
        ecdsa_key().sign(*request->algorithm, {message, request->digest}, random.random(), signature);
    REQUIRE(made);
    REQUIRE(connection.provide(*made));
  };
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  REQUIRE(server.wants().has(tls::Want::credential));
  CHECK(server.credential_request()->server_name == "server.example");
  REQUIRE(server.provide_credential(external_server.credential));
  REQUIRE(server.wants().has(tls::Want::sign));
  sign(server);
  REQUIRE(pipe.run());
  REQUIRE(client.wants().has(tls::Want::credential));
  REQUIRE(client.provide_credential(external_client.credential));
  REQUIRE(client.wants().has(tls::Want::sign));
  sign(client);
  REQUIRE(pipe.run());
  CHECK(client.handshake_done());
  CHECK(server.handshake_done());
  CHECK(server.negotiated().client_authenticated);
}

TEST_CASE("H08 TLS 1.3: a client without the certificate that is required is refused by the alert for it") {
  Tls13Setup setup;
  setup.server.client_authentication = tls::ClientAuthentication::require;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  (void)pipe.run();
  REQUIRE(server.error());
  CHECK(*server.error() == ErrorCode::certificate_required);
  REQUIRE(client.error());
  CHECK(*client.error() == ErrorCode::peer_alert);
  CHECK(client.error()->detail == static_cast<std::uint32_t>(Alert::certificate_required));
}

TEST_CASE("H09 TLS 1.3: a session is resumed only for the name, protocol, policy and trust that it is of") {
  const int what = GENERATE(range(0, 6));
  INFO(what);
  Tls13Setup setup;
  setup.resumable();
  const std::string_view h1[] = {"http/1.1"};
  const std::string_view both[] = {"h2", "http/1.1"};
  setup.client.alpn = both;
  setup.server.alpn = h1;
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  const auto session = client.session();
  REQUIRE(session);
  const std::string_view h2[] = {"h2"};
  Roots others(pem::kCa);
  switch (what) {
    case 0:
      setup.name = "ecdsa.example";
      break;
    case 1:
      setup.server.alpn = h2;
      break;
    case 2:
      setup.use_suite(tls::kAes256GcmSha384);
      break;
    case 3:
      setup.client.verifier.id ^= 4;
      break;
    case 4:
      setup.server.client_authentication = tls::ClientAuthentication::request;
      break;
    case 5:
      setup.clock.seconds += tls::kDefaultSessionLifetime;
      break;
  }
  auto client2 = setup.make_client(&*session);
  auto server2 = setup.make_server();
  check_works(client2, server2);
  CHECK_FALSE(client2.negotiated().resumed);
  CHECK_FALSE(server2.negotiated().resumed);
}

TEST_CASE("H12 TLS 1.3: a client that does not have the session's key is refused") {
  Tls13Setup setup;
  setup.resumable();
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  auto session = client.session();
  REQUIRE(session);
  session->secret.reveal_mut()[0] ^= 1;
  auto client2 = setup.make_client(&*session);
  auto server2 = setup.make_server();
  const auto error = feed_all(server2, drain(client2));
  REQUIRE(error);
  CHECK(*error == ErrorCode::binder_mismatch);
  CHECK(alert_of(*error) == Alert::decrypt_error);
}

TEST_CASE("TLS 1.3: middleboxes see a session id and ChangeCipherSpecs, each once") {
  const bool retried = GENERATE(false, true);
  Tls13Setup setup;
  const tls::Group* const of_client[] = {&tls::kX25519, &tls::kSecp256r1};
  const tls::Group* const of_server[] = {&tls::kSecp256r1};
  setup.use_groups(of_client, retried ? std::span<const tls::Group* const>(of_server) : of_client);
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(setup.client_log.count("> ChangeCipherSpec") == 1);
  CHECK(setup.client_log.count("< ChangeCipherSpec") == 1);
  CHECK(setup.server_log.count("> ChangeCipherSpec") == 1);
  CHECK(setup.server_log.count("< ChangeCipherSpec") == 1);
  CHECK(client.negotiated().session_id.size() == 32);
}

TEST_CASE("TLS 1.3: bytes may come one by one, and records cut anywhere") {
  Tls13Setup setup;
  setup.server.client_authentication = tls::ClientAuthentication::require;
  Identity identity(pem::kRsaClient, rsa_key());
  setup.client.credentials = &identity.credentials;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  pipe.input = pipe.output = Steps{1};
  REQUIRE(pipe.run());
  CHECK(client.handshake_done());
  CHECK(server.handshake_done());
}

TEST_CASE("TLS 1.3: a server takes ChaCha20 where a side has no AES, the client by leading with it") {
  const tls::tls13::Suite* const aes_first[] = {&tls::kAes128GcmSha256, &tls::kAes256GcmSha384,
                                                &tls::kChaCha20Poly1305Sha256};
  const tls::tls13::Suite* const chacha_second[] = {&tls::kAes256GcmSha384, &tls::kChaCha20Poly1305Sha256,
                                                    &tls::kAes128GcmSha256};
  const tls::tls13::Suite* const chacha_first[] = {&tls::kChaCha20Poly1305Sha256, &tls::kAes256GcmSha384,
                                                   &tls::kAes128GcmSha256};
  const tls::tls13::Suite* const aes_alone[] = {&tls::kAes256GcmSha384, &tls::kAes128GcmSha256};
  const bool with_aes = GENERATE(true, false);
  if (with_aes && !cpu::features().has(cpu::Feature::aes_ni)) {
    return;
  }
  const auto chosen = [](std::span<const tls::tls13::Suite* const> of_client) {
    Tls13Setup setup;
    setup.client_policy.tls13_suites = of_client;
    auto client = setup.make_client();
    auto server = setup.make_server();
    check_works(client, server);
    return server.negotiated().suite->name;
  };
  const std::string_view aes = "TLS_AES_128_GCM_SHA256", chacha = "TLS_CHACHA20_POLY1305_SHA256";
  const cpu::Features all = cpu::unmasked_features();
  if (!with_aes) {
    cpu::set_mask(cpu::Features());
  }
  const std::string_view found[] = {chosen(aes_first), chosen(chacha_second), chosen(chacha_first),
                                    chosen(aes_alone)};
  cpu::set_mask(all);
  CHECK(found[0] == (with_aes ? aes : chacha));
  CHECK(found[1] == (with_aes ? aes : chacha));
  CHECK(found[2] == chacha);
  CHECK(found[3] == aes);
}

TEST_CASE("T05 TLS 1.3: ChangeCipherSpecs in a handshake are no warnings, and there are at most 32") {
  Buffer change = unhex("140303000101");
  const auto after = [&](int changes) -> std::optional<Error> {
    Tls13Setup setup;
    auto client = setup.make_client();
    auto server = setup.make_server();
    REQUIRE_FALSE(feed_all(server, drain(client)));
    for (int i = 0; i < changes; ++i) {
      if (const auto error = feed_all(server, change)) {
        return error;
      }
    }
    REQUIRE_FALSE(feed_all(client, drain(server)));
    // The client's own ChangeCipherSpec comes first.
    const auto error = feed_all(server, drain(client));
    CHECK(server.handshake_done() == !error);
    return error;
  };
  CHECK_FALSE(after(0));
  CHECK_FALSE(after(30));
  CHECK_FALSE(after(31));
  for (const unsigned minor : {0u, 1u, 4u, 255u}) {
    change[2] = static_cast<std::uint8_t>(minor);
    CHECK_FALSE(after(2));
  }
  const auto error = after(32);
  REQUIRE(error);
  CHECK(*error == ErrorCode::warning_alert_flood);
}
