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

TEST_CASE("TLS 1.3: the versions that both have decide, and TLS 1.2 is what is left") {
  const int of_client = GENERATE(12, 13, 1312);
  const int of_server = GENERATE(12, 13, 1312);
  INFO("client " << of_client << ", server " << of_server);
  Tls13Setup setup;
  const auto versions = [](int which) {
    return which == 12   ? std::span<const tls::ProtocolVersion>(kTls12Alone)
           : which == 13 ? std::span<const tls::ProtocolVersion>(kTls13Alone)
                         : std::span<const tls::ProtocolVersion>(kTls13Then12);
  };
  setup.client_policy.versions = versions(of_client);
  setup.server_policy.versions = versions(of_server);
  auto client = setup.make_client();
  auto server = setup.make_server();
  if (of_client + of_server == 25) {
    Pipe pipe(client, server);
    CHECK_FALSE(pipe.run());
    REQUIRE(server.error());
    CHECK(*server.error() == ErrorCode::unsupported_version);
    return;
  }
  check_works(client, server);
  const bool older = of_client == 12 || of_server == 12;
  CHECK(client.negotiated().version == (older ? tls::ProtocolVersion::tls12 : tls::ProtocolVersion::tls13));
  CHECK(server.negotiated().version == client.negotiated().version);
}

TEST_CASE("H06 TLS 1.3: a server made to speak TLS 1.2 says so, and the client finds out") {
  Tls13Setup setup;
  setup.server_policy.versions = kTls13Then12;
  auto client = setup.make_client();
  auto server = setup.make_server();
  // Whoever is between takes supported_versions out of the hello, by giving it a number nobody knows.
  Buffer hello = drain(client);
  const Buffer wanted = unhex("002b0005040304");
  const auto found = std::search(hello.begin(), hello.end(), wanted.begin(), wanted.end());
  REQUIRE(found != hello.end());
  found[0] = 0x7a;
  REQUIRE_FALSE(feed_all(server, hello));
  const auto error = feed_all(client, drain(server));
  REQUIRE(error);
  CHECK(*error == ErrorCode::downgrade_detected);
  CHECK(alert_of(*error) == Alert::illegal_parameter);
}

TEST_CASE("H06 TLS 1.3: a client that fell back to TLS 1.2 is refused by a server that speaks TLS 1.3") {
  const bool newer_server = GENERATE(false, true);
  Tls13Setup setup;
  setup.client_policy.versions = kTls12Alone;
  setup.server_policy.versions = newer_server ? std::span<const tls::ProtocolVersion>(kTls13Then12)
                                              : std::span<const tls::ProtocolVersion>(kTls12Alone);
  auto client = setup.make_client();
  auto server = setup.make_server();
  Buffer hello = drain(client);
  // The last suite becomes TLS_FALLBACK_SCSV.
  const std::size_t suites = 5 + 4 + 2 + 32 + 1;
  const std::size_t last = suites + static_cast<std::size_t>(hello[suites]) * 256 + hello[suites + 1];
  hello[last] = 0x56;
  hello[last + 1] = 0x00;
  const auto error = feed_all(server, hello);
  CHECK(error.has_value() == newer_server);
  if (error) {
    CHECK(*error == ErrorCode::inappropriate_fallback);
  }
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

namespace {

// A ServerHello or HelloRetryRequest that answers this ClientHello, in a record.
Buffer server_hello(const tls::ClientHello& client, Bytes random,
                    const std::function<void(tls::ServerHello&)>& change) {
  tls::ServerHello hello;
  hello.version = tls::ProtocolVersion::tls12;
  hello.random = random;
  hello.session_id = client.session_id;
  hello.suite = tls::kAes128GcmSha256.id;
  hello.selected_version = tls::ProtocolVersion::tls13;
  change(hello);
  Buffer message(512);
  Writer writer{MutBytes(message)};
  {
    const auto scope = tls::handshake_scope(writer, tls::HandshakeType::server_hello);
    hello.build(writer);
  }
  message.resize(writer.finish()->size());
  return plain_record(tls::ContentType::handshake, message);
}

struct RetriedClient {
  RetriedClient() {
    setup.use_groups(kGroups, kGroups);
    client.emplace(setup.make_client());
    first = drain(*client);
    hello = *tls::ClientHello::parse(Bytes(first).subspan(9));
  }
  std::optional<Error> answer(Bytes random, const std::function<void(tls::ServerHello&)>& change) {
    return feed_all(*client, server_hello(hello, random, change));
  }

  static constexpr const tls::Group* kGroups[] = {&tls::kX25519, &tls::kSecp256r1};
  Tls13Setup setup;
  std::optional<tls::Client> client;
  Buffer first;
  tls::ClientHello hello;
};

void ask_for_p256(tls::ServerHello& hello) {
  hello.has_key_share = true;
  hello.key_share_group = tls::GroupId::secp256r1;
}

}  // namespace

TEST_CASE("H05 TLS 1.3: a HelloRetryRequest asks for something new, once, and its cookie comes back") {
  const Buffer cookie = unhex("c00c1e");
  {
    RetriedClient with;
    REQUIRE_FALSE(with.answer(tls::kHelloRetryRequest, [&](tls::ServerHello& hello) {
      ask_for_p256(hello);
      hello.cookie = cookie;
    }));
    const Buffer change = unhex("140303000101");
    Buffer second = drain(*with.client);
    REQUIRE(second.size() > change.size());
    CHECK_BYTES(Bytes(second).first(change.size()), change);
    const tls::ClientHello hello = *tls::ClientHello::parse(Bytes(second).subspan(change.size() + 9));
    CHECK_BYTES(hello.cookie, cookie);
    CHECK_BYTES(hello.random, with.hello.random);
    CHECK_BYTES(hello.session_id, with.hello.session_id);
    CHECK(hello.key_shares.size() == 4 + 65);
    // A second one is one too many.
    const auto error = with.answer(tls::kHelloRetryRequest, ask_for_p256);
    REQUIRE(error);
    CHECK(*error == ErrorCode::unexpected_message);
  }
  const auto refused = [](Bytes random, const std::function<void(tls::ServerHello&)>& change) {
    RetriedClient with;
    const auto error = with.answer(random, change);
    REQUIRE(error);
    return error->code;
  };
  const Buffer random = noise(32, 3);
  CHECK(refused(tls::kHelloRetryRequest, [](tls::ServerHello&) {}) == ErrorCode::useless_retry);
  CHECK(refused(tls::kHelloRetryRequest, [](tls::ServerHello& hello) {
          ask_for_p256(hello);
          hello.key_share_group = tls::GroupId::x25519;
        }) == ErrorCode::useless_retry);
  CHECK(refused(tls::kHelloRetryRequest, [](tls::ServerHello& hello) {
          ask_for_p256(hello);
          hello.key_share_group = tls::GroupId::secp384r1;
        }) == ErrorCode::group_not_offered);
  CHECK(refused(tls::kHelloRetryRequest, [](tls::ServerHello& hello) {
          ask_for_p256(hello);
          hello.suite = tls::SuiteId{0xc02b};
        }) == ErrorCode::suite_not_offered);
  // A ServerHello: without a share, of a group without one, with a cookie, with another session id.
  CHECK(refused(random, [](tls::ServerHello&) {}) == ErrorCode::missing_extension);
  CHECK(refused(random, [&](tls::ServerHello& hello) {
          ask_for_p256(hello);
          hello.key_share = random;
        }) == ErrorCode::group_not_offered);
  CHECK(refused(random, [&](tls::ServerHello& hello) {
          hello.has_key_share = true;
          hello.key_share_group = tls::GroupId::x25519;
          hello.key_share = random;
          hello.cookie = cookie;
        }) == ErrorCode::unsolicited_extension);
  CHECK(refused(random, [&](tls::ServerHello& hello) { hello.session_id = random; }) ==
        ErrorCode::session_id_not_echoed);
  CHECK(refused(random, [&](tls::ServerHello& hello) {
          hello.has_pre_shared_key = true;  // nobody offered one
        }) == ErrorCode::unsolicited_extension);
}

TEST_CASE("H06 TLS 1.3: a ServerHello of TLS 1.2 says nothing of TLS 1.3") {
  const auto refused = [](Bytes random, const tls::Session* session, bool echoes) {
    Tls13Setup setup;
    auto client = setup.make_client(session);
    const Buffer sent = drain(client);
    const auto error = feed_all(
        client,
        server_hello(*tls::ClientHello::parse(Bytes(sent).subspan(9)), random, [&](tls::ServerHello& hello) {
          hello.selected_version = {};
          hello.suite = tls::kEcdheEcdsaAes128GcmSha256.id;
          hello.session_id = echoes ? hello.session_id : Bytes();
          hello.has_renegotiation_info = hello.extended_master_secret = true;
        }));
    return error ? std::optional(error->code) : std::nullopt;
  };
  Buffer random = noise(32, 3);
  CHECK(refused(random, nullptr, false) == std::nullopt);
  // It has no session of the ID that is there for middleboxes, whether a session of TLS 1.3 is offered or
  // not.
  CHECK(refused(random, nullptr, true) == ErrorCode::session_id_not_echoed);
  Tls13Setup setup;
  setup.resumable();
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  const auto session = client.session();
  REQUIRE(session);
  CHECK(refused(random, &*session, false) == std::nullopt);
  CHECK(refused(random, &*session, true) == ErrorCode::session_id_not_echoed);
  // Both values of §4.1.3, and a HelloRetryRequest.
  for (const std::uint8_t version : {std::uint8_t{0}, std::uint8_t{1}}) {
    const Buffer says = unhex("444f574e475244");
    std::copy(says.begin(), says.end(), random.end() - 8);
    random.back() = version;
    CHECK(refused(random, nullptr, false) == ErrorCode::downgrade_detected);
  }
  random.back() = 2;
  CHECK(refused(random, nullptr, false) == std::nullopt);
  CHECK(refused(tls::kHelloRetryRequest, nullptr, false) == ErrorCode::missing_extension);
}

TEST_CASE("H05 TLS 1.3: after a HelloRetryRequest there is no way to TLS 1.2 or to another suite") {
  const Buffer random = noise(32, 3);
  for (const int what : {0, 1}) {
    RetriedClient with;
    REQUIRE_FALSE(with.answer(tls::kHelloRetryRequest, ask_for_p256));
    (void)drain(*with.client);
    const auto error = with.answer(random, [&](tls::ServerHello& hello) {
      if (what == 0) {
        hello.selected_version = {};
        hello.suite = tls::kEcdheEcdsaAes128GcmSha256.id;
      } else {
        hello.suite = tls::kAes256GcmSha384.id;
      }
    });
    REQUIRE(error);
    CHECK(*error == (what == 0 ? ErrorCode::unsupported_version : ErrorCode::second_hello_differs));
  }
}

TEST_CASE("H05 TLS 1.3: a second ClientHello that changes what it may not change is refused") {
  Tls13Setup setup;
  const tls::Group* const of_client[] = {&tls::kX25519, &tls::kSecp256r1};
  const tls::Group* const of_server[] = {&tls::kSecp256r1};
  setup.use_groups(of_client, of_server);
  auto client = setup.make_client();
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  REQUIRE_FALSE(feed_all(client, drain(server)));
  Buffer second = drain(client);
  // Of the name, a letter.
  const Buffer name = buffer_of("server.example");
  const auto found = std::search(second.begin(), second.end(), name.begin(), name.end());
  REQUIRE(found != second.end());
  *found = 't';
  const auto error = feed_all(server, second);
  REQUIRE(error);
  CHECK(*error == ErrorCode::second_hello_differs);
  CHECK(alert_of(*error) == Alert::illegal_parameter);
}

TEST_CASE("TLS 1.3: key shares are of groups that are listed, each once") {
  Tls13Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Buffer hello = drain(client);
  // The share of X25519 becomes a second one of X25519MLKEM768, or one of a group that the list has not.
  const Buffer share = unhex("001d0020");
  const auto found = std::search(hello.begin(), hello.end(), share.begin(), share.end());
  REQUIRE(found != hello.end());
  for (const Buffer& other : {unhex("11ec0020"), unhex("001f0020")}) {
    std::copy(other.begin(), other.end(), found);
    auto victim = setup.make_server();
    const auto error = feed_all(victim, hello);
    REQUIRE(error);
    CHECK(*error == ErrorCode::bad_key_share);
    CHECK(alert_of(*error) == Alert::illegal_parameter);
  }
}

TEST_CASE("TLS 1.3: a ClientHello of SSL is refused, though it lists TLS 1.3") {
  Tls13Setup setup;
  auto client = setup.make_client();
  Buffer hello = drain(client);
  for (const unsigned version : {0x0000u, 0x0002u, 0x0200u, 0x0300u, 0x0301u, 0x0303u, 0x0304u, 0xffffu}) {
    INFO(version);
    hello[9] = static_cast<std::uint8_t>(version >> 8);
    hello[10] = static_cast<std::uint8_t>(version);
    auto server = setup.make_server();
    const auto error = feed_all(server, hello);
    CHECK(error.has_value() == (version <= 0x0300));
    CHECK((!error || alert_of(*error) == Alert::protocol_version));
  }
}

TEST_CASE("TLS 1.3: as many unknown groups and shares as a ClientHello can hold are passed over") {
  Tls13Setup setup;
  auto client = setup.make_client();
  const Buffer sent = drain(client);
  tls::ClientHello hello = *tls::ClientHello::parse(Bytes(sent).subspan(9));
  // Unknown ones first, and the honest ones last.
  Buffer groups, shares;
  for (unsigned group = 0x4000; group < 0x4000 + 8000; ++group) {
    for (const unsigned byte : {group >> 8, group & 0xff}) {
      groups.push_back(static_cast<std::uint8_t>(byte));
      shares.push_back(static_cast<std::uint8_t>(byte));
    }
    shares.insert(shares.end(), {0, 1, 0});
  }
  groups = groups + Buffer(hello.supported_groups.begin(), hello.supported_groups.end());
  shares = shares + Buffer(hello.key_shares.begin(), hello.key_shares.end());
  const auto answer = [&] {
    hello.supported_groups = groups;
    hello.key_shares = shares;
    auto server = setup.make_server();
    return feed_all(server, in_records(Buffer{1} + prefixed(3, built(hello)), 16384));
  };
  CHECK_FALSE(answer());
  // Twice the first of them, behind all others.
  shares = shares + unhex("4000 0001 00");
  const auto error = answer();
  REQUIRE(error);
  CHECK(*error == ErrorCode::bad_key_share);
  CHECK(error->detail == 0x4000);
}

TEST_CASE("TLS 1.3: a server takes the pre-shared key that was offered, and none beside it") {
  Tls13Setup setup;
  setup.resumable();
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  const auto session = client.session();
  REQUIRE(session);
  for (const bool other_hash : {false, true}) {
    auto client2 = setup.make_client(&*session);
    const Buffer sent = drain(client2);
    const tls::ClientHello hello = *tls::ClientHello::parse(Bytes(sent).subspan(9));
    CHECK(hello.identities.size() == 2 + session->ticket.bytes().size() + 4);
    const Buffer share = noise(32, 9);
    const auto error = feed_all(client2, server_hello(hello, share, [&](tls::ServerHello& answer) {
                                  answer.has_key_share = true;
                                  answer.key_share_group = tls::GroupId::x25519;
                                  answer.key_share = share;
                                  answer.has_pre_shared_key = true;
                                  answer.selected_identity = other_hash ? 0 : 1;
                                  answer.suite = other_hash ? tls::kAes256GcmSha384.id : answer.suite;
                                }));
    REQUIRE(error);
    CHECK(*error == ErrorCode::identity_not_offered);
  }
}

TEST_CASE("TLS 1.3: what proves a pre-shared key ends the ClientHello") {
  const Buffer key =
      extension(41, prefixed(2, unhex("0001 41 00000000")) + prefixed(2, unhex("20") + Buffer(32)));
  const auto parsed = [](const Buffer& extensions) {
    static Buffer body;
    body = unhex("0303") + Buffer(32) + unhex("00 0002 1301 01 00") + prefixed(2, extensions);
    return tls::ClientHello::parse(body);
  };
  CHECK(parsed(extension(0x0a0a, {}) + key));
  const auto error = parsed(key + extension(0x0a0a, {}));
  REQUIRE_FALSE(error);
  CHECK(error.error() == ErrorCode::pre_shared_key_not_last);
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

TEST_CASE("TLS 1.3: the first ClientHello is in a record of TLS 1.0, all others in records of TLS 1.2") {
  const bool retried = GENERATE(false, true);
  Tls13Setup setup;
  const tls::Group* const of_client[] = {&tls::kX25519, &tls::kSecp256r1};
  const tls::Group* const of_server[] = {&tls::kSecp256r1};
  setup.use_groups(of_client, retried ? std::span<const tls::Group* const>(of_server) : of_client);
  auto client = setup.make_client();
  auto server = setup.make_server();
  Buffer records;
  settle(client, server, [&](const Buffer& up, const Buffer& down) { records = records + up + down; });
  CHECK(hex(Bytes(records).first(3)) == "160301");
  std::size_t count = 0;
  for (std::size_t at = 0; at < records.size(); ++count) {
    CHECK(hex(Bytes(records).subspan(at + 1, 2)) == (at == 0 ? "0301" : "0303"));
    at += 5 + static_cast<std::size_t>(records[at + 3]) * 256 + records[at + 4];
  }
  CHECK(count > 5);
}

TEST_CASE("H04 TLS 1.3: a protocol that was not offered is refused") {
  Tls13Setup setup;
  const std::string_view ours[] = {"http/1.1"};
  const std::string_view theirs[] = {"http/9.9"};
  setup.client.alpn = ours;
  setup.server.alpn = theirs;
  setup.client.versions = kAlteredRows;
  auto client = setup.make_client();
  auto server = setup.make_server();
  const Buffer record = alter_hello(client, [&](Buffer& message) {
    const Buffer name = buffer_of("http/1.1"), other = buffer_of("http/9.9");
    const auto found = std::search(message.begin(), message.end(), name.begin(), name.end());
    REQUIRE(found != message.end());
    std::copy(other.begin(), other.end(), found);
  });
  REQUIRE_FALSE(feed_all(server, record));
  CHECK(server.negotiated().alpn == "http/9.9");
  const auto error = feed_all(client, drain(server));
  REQUIRE(error);
  CHECK(*error == ErrorCode::protocol_not_offered);
  CHECK(alert_of(*error) == Alert::illegal_parameter);
}
