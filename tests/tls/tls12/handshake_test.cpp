// SPDX-License-Identifier: Apache-2.0
// Whole handshakes between our client and our server.
#include "tls/support/pss.hpp"
#include "tls/support/works.hpp"
#include "tls12/client/client.hpp"
#include "tls12/server/server.hpp"

using namespace ashlar;
using namespace ashlar::test;

TEST_CASE("handshake: every suite, with every way to authenticate the client, resumed afterwards") {
  const auto* suite = GENERATE(from_range(kTls12Compat.suites.begin(), kTls12Compat.suites.end()));
  const auto authentication = GENERATE(tls::ClientAuthentication::none, tls::ClientAuthentication::request,
                                       tls::ClientAuthentication::require);
  const int shown = GENERATE(0, 1, 2);  // nothing, an RSA certificate, an ECDSA certificate
  if (authentication == tls::ClientAuthentication::require && shown == 0) {
    return;
  }
  INFO(suite->name << ", authentication " << static_cast<int>(authentication) << ", client shows " << shown);
  Setup setup;
  setup.use(*suite);
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
  CHECK(client.negotiated().suite == suite);
  CHECK(server.negotiated().suite == suite);
  CHECK(client.negotiated().version == tls::ProtocolVersion::tls12);
  CHECK_FALSE(client.negotiated().resumed);
  CHECK(client.negotiated().extended_master_secret);
  CHECK(client.negotiated().secure_renegotiation);
  CHECK(client.negotiated().client_authenticated == authenticated);
  CHECK(server.negotiated().client_authenticated == authenticated);
  CHECK((client.negotiated().group != nullptr) == suite->key_exchange->ephemeral);
  CHECK(server.negotiated().server_name == "server.example");

  const auto session = client.session();
  REQUIRE(session);
  auto client2 = setup.make_client(&*session);
  auto server2 = setup.make_server();
  check_works(client2, server2);
  CHECK(client2.negotiated().resumed);
  CHECK(server2.negotiated().resumed);
  CHECK(server2.negotiated().client_authenticated == authenticated);
  CHECK(client2.session());
}

TEST_CASE("handshake: the thirteen messages of the full handshake pass in their order") {
  Setup setup;
  setup.server.client_authentication = tls::ClientAuthentication::require;
  Identity shown(pem::kEcdsaClient, ecdsa_key());
  setup.client.credentials = &shown.credentials;
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  std::vector<std::string> names;
  for (const std::string& line : setup.client_log.lines) {
    names.push_back(line.substr(0, line.find(' ', 4)));
  }
  const std::vector<std::string> expected = {
      "1 > ClientHello",        "1 < ServerHello",      "2 < Certificate", "2 < ServerKeyExchange",
      "2 < CertificateRequest", "2 < ServerHelloDone",  "3 > Certificate", "3 > ClientKeyExchange",
      "3 > CertificateVerify",  "4 > ChangeCipherSpec", "4 > Finished",    "4 < ChangeCipherSpec",
      "4 < Finished",           "4 < handshake"};
  CHECK(names == expected);
}

TEST_CASE("handshake: the abbreviated handshake has the server finish first") {
  Setup setup;
  setup.resumable();
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  const auto session = client.session();
  REQUIRE(session);
  setup.client_log.lines.clear();
  auto client2 = setup.make_client(&*session);
  auto server2 = setup.make_server();
  check_works(client2, server2);
  const std::vector<std::string> lines(setup.client_log.lines);
  REQUIRE(lines.size() == 7);
  CHECK(lines[2] == "4 < ChangeCipherSpec");
  CHECK(lines[3] == "4 < Finished 12");
  CHECK(lines[4] == "4 > ChangeCipherSpec");
  CHECK(lines[5] == "4 > Finished 12");
}

TEST_CASE("handshake: one flight is as few records as hold it") {
  Setup setup;
  setup.client.policy = setup.server.policy = &kTls12Modern;
  setup.client.events = setup.client_log.sink(true);
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(setup.client_log.count("< record handshake") == 2);  // ServerHello to ServerHelloDone, and Finished
  CHECK(setup.client_log.count("> record handshake") == 3);  // ClientHello, ClientKeyExchange, Finished
}

TEST_CASE("handshake: the certificate is the one for the name asked for") {
  Setup setup;
  setup.name = GENERATE("rsa.example", "ecdsa.example");
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  const bool rsa = setup.name == "rsa.example";
  const auto* suite = kTls12Modern.suite(client.negotiated().suite->id);
  REQUIRE(suite != nullptr);
  CHECK((suite->key_exchange->authentication == tls::Authentication::rsa) == rsa);
}

TEST_CASE("handshake: an IP address is not sent as a server name, and is compared with the certificate") {
  Setup setup;
  setup.use(tls::kEcdheRsaAes128GcmSha256);
  setup.name = "127.0.0.1";
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(server.negotiated().server_name.empty());
}

TEST_CASE("handshake: ALPN takes the server's first that the client has") {
  Setup setup;
  const std::string_view ours[] = {"h2", "http/1.1"};
  const std::string_view theirs[] = {"spdy", "http/1.1", "h2"};
  setup.client.alpn = ours;
  setup.server.alpn = theirs;
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().alpn == "http/1.1");
  CHECK(server.negotiated().alpn == "http/1.1");
}

TEST_CASE("handshake: without a protocol in common there is no connection") {
  Setup setup;
  const std::string_view ours[] = {"h2"};
  const std::string_view theirs[] = {"smtp"};
  setup.client.alpn = ours;
  setup.server.alpn = theirs;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  CHECK_FALSE(pipe.run());
  REQUIRE(server.error());
  CHECK(*server.error() == ErrorCode::no_common_protocol);
  REQUIRE(client.error());
  CHECK(*client.error() == ErrorCode::peer_alert);
  CHECK(client.error()->detail == static_cast<std::uint32_t>(Alert::no_application_protocol));
}

TEST_CASE("handshake: a server without ALPN lets the client go on without") {
  Setup setup;
  const std::string_view ours[] = {"h2"};
  setup.client.alpn = ours;
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().alpn.empty());
}

TEST_CASE("handshake: a refused certificate gets an alert that says why") {
  struct Case {
    const char* what;
    std::string_view certificate;
    const char* name;
    std::int64_t now;
    ErrorCode error;
    Alert alert;
  };
  const Case each = GENERATE(values<Case>({
      {"substituted", pem::kSubstitutedServer, "server.example", 1893456000, ErrorCode::unknown_issuer,
       Alert::unknown_ca},
      {"another name", pem::kEcdsaServer, "elsewhere.example", 1893456000, ErrorCode::name_mismatch,
       Alert::bad_certificate},
      {"expired", pem::kEcdsaServer, "server.example", 3400000000, ErrorCode::certificate_expired,
       Alert::certificate_expired},
      {"not yet valid", pem::kEcdsaServer, "server.example", 1700000000, ErrorCode::certificate_not_yet_valid,
       Alert::certificate_expired},
      {"a client's", pem::kEcdsaClient, "server.example", 1893456000, ErrorCode::wrong_extended_key_usage,
       Alert::bad_certificate},
  }));
  INFO(each.what);
  Setup setup;
  Identity identity(each.certificate, ecdsa_key());
  setup.server.credentials = &identity.credentials;
  setup.name = each.name;
  setup.clock.seconds = each.now;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  CHECK_FALSE(pipe.run());
  REQUIRE(client.error());
  CHECK(error_row(client.error()->code)->name == error_row(each.error)->name);
  REQUIRE(server.error());
  CHECK(*server.error() == ErrorCode::peer_alert);
  CHECK(server.error()->detail == static_cast<std::uint32_t>(each.alert));
  CHECK_FALSE(client.handshake_done());
}

TEST_CASE("X11 handshake: a key for signatures alone is not used for key transport") {
  Setup setup;
  setup.use(tls::kRsaAes128GcmSha256);
  Identity identity(pem::kRsaSigningServer, rsa_key());
  setup.server.credentials = &identity.credentials;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  CHECK_FALSE(pipe.run());
  REQUIRE(client.error());
  CHECK(*client.error() == ErrorCode::wrong_key_usage);
}

TEST_CASE("handshake: a client certificate that is refused, missing or unknown ends in the right alert") {
  Setup setup;
  Identity unknown(pem::kUnknownClient, ecdsa_key());
  Identity server_only(pem::kEcdsaServer, ecdsa_key());
  setup.server.client_authentication = tls::ClientAuthentication::require;
  Alert alert{};
  ErrorCode error{};
  SECTION("H08 none where one is required") {
    alert = Alert::handshake_failure;
    error = ErrorCode::certificate_missing;
  }
  SECTION("of an unknown CA") {
    setup.client.credentials = &unknown.credentials;
    alert = Alert::unknown_ca;
    error = ErrorCode::unknown_issuer;
  }
  SECTION("of an unknown CA, where none is required") {
    setup.server.client_authentication = tls::ClientAuthentication::request;
    setup.client.credentials = &unknown.credentials;
    alert = Alert::unknown_ca;
    error = ErrorCode::unknown_issuer;
  }
  SECTION("for servers") {
    setup.client.credentials = &server_only.credentials;
    alert = Alert::bad_certificate;
    error = ErrorCode::wrong_extended_key_usage;
  }
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  CHECK_FALSE(pipe.run());
  REQUIRE(server.error());
  CHECK(error_row(server.error()->code)->name == error_row(error)->name);
  REQUIRE(client.error());
  CHECK(client.error()->detail == static_cast<std::uint32_t>(alert));
  CHECK_FALSE(server.handshake_done());
}

TEST_CASE("handshake: nothing in common is told as what is missing") {
  Setup setup;
  tls::Policy client_policy = kTls12Compat;
  tls::Policy server_policy = kTls12Compat;
  const tls::tls12::Suite* ecdhe[] = {&tls::kEcdheRsaAes128GcmSha256};
  const tls::tls12::Suite* rsa[] = {&tls::kRsaAes128GcmSha256};
  const tls::Group* x25519[] = {&tls::kX25519};
  const tls::Group* p256[] = {&tls::kSecp256r1};
  const tls::Scheme* pss[] = {&tls::kRsaPssRsaeSha256};
  const tls::Scheme* pkcs1[] = {&tls::kRsaPkcs1Sha256};
  client_policy.suites = server_policy.suites = ecdhe;
  ErrorCode error{};
  SECTION("suite") {
    server_policy.suites = rsa;
    error = ErrorCode::no_common_suite;
  }
  SECTION("group") {
    client_policy.groups = x25519;
    server_policy.groups = p256;
    error = ErrorCode::no_common_group;
  }
  SECTION("scheme") {
    client_policy.schemes = pss;
    server_policy.schemes = pkcs1;
    error = ErrorCode::no_common_scheme;
  }
  setup.client.policy = &client_policy;
  setup.server.policy = &server_policy;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  CHECK_FALSE(pipe.run());
  REQUIRE(server.error());
  CHECK(*server.error() == error);
  REQUIRE(client.error());
  CHECK(client.error()->detail == static_cast<std::uint32_t>(Alert::handshake_failure));
}

TEST_CASE("handshake: every group and every scheme of the policy works") {
  Setup setup;
  tls::Policy policy = kTls12Compat;
  const std::size_t group_index = GENERATE(range(std::size_t{0}, kTls12Compat.groups.size()));
  const std::size_t scheme_index = GENERATE(range(std::size_t{0}, kTls12Compat.schemes.size()));
  const tls::Group* groups[] = {kTls12Compat.groups[group_index]};
  const tls::Scheme* schemes[] = {kTls12Compat.schemes[scheme_index]};
  if (schemes[0] == &tls::kEd25519) {
    return;  // no client signs with it in TLS 1.2: key_kinds_test.cpp
  }
  policy.groups = groups;
  policy.schemes = schemes;
  setup.client.policy = setup.server.policy = &policy;
  setup.server.client_authentication = tls::ClientAuthentication::require;
  const bool rsa = schemes[0]->fits(x509::kRsa);
  const bool pss = schemes[0]->fits(x509::kRsaPss);
  INFO(groups[0]->name << ", " << schemes[0]->name);
  // Some of the schemes also sign certificates. The verifier is not tested here.
  setup.client.verifier = setup.server.verifier = tls::dangerous_accept_any_certificate();
  Identity rsa_client(pem::kRsaClient, rsa_key());
  Identity ecdsa_client(pem::kEcdsaClient, ecdsa_key());
  const PssIdentity pss_side;
  setup.client.credentials = pss   ? &pss_side.credentials
                             : rsa ? &rsa_client.credentials
                                   : &ecdsa_client.credentials;
  // Where a group is of TLS 1.3 alone, what is left is RSA key transport.
  const tls::Credentials both = index_of({&pss_side.credential, &setup.rsa.credential});
  if (pss) {
    setup.server.credentials = &both;
  }
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  if (client.negotiated().group != nullptr) {
    CHECK(client.negotiated().group == groups[0]);
    CHECK(server.negotiated().server_scheme == schemes[0]);
  }
  CHECK(server.negotiated().client_scheme == schemes[0]);
}

TEST_CASE("handshake: a ClientHello without null compression is refused") {
  Setup setup;
  auto client = setup.make_client();
  Buffer hello = drain(client);
  // record 5, header 4, version 2, random 32, session id 1, suites 2 + n, then 01 00.
  const std::size_t suites = 5 + 4 + 2 + 32 + 1;
  const std::size_t at = suites + 2 + static_cast<std::size_t>(hello[suites]) * 256 + hello[suites + 1];
  REQUIRE(hello[at] == 1);
  REQUIRE(hello[at + 1] == 0);
  hello[at + 1] = 1;  // DEFLATE
  auto server = setup.make_server();
  const auto error = feed_all(server, hello);
  REQUIRE(error);
  CHECK(*error == ErrorCode::null_compression_missing);
}

TEST_CASE("H06 handshake: older versions are refused, and a fallback is told as one") {
  Setup setup;
  auto client = setup.make_client();
  Buffer hello = drain(client);
  const bool fallback = GENERATE(false, true);
  hello[5 + 4 + 1] = 2;  // TLS 1.1
  if (fallback) {
    // The last suite becomes TLS_FALLBACK_SCSV.
    const std::size_t suites = 5 + 4 + 2 + 32 + 1;
    const std::size_t last = suites + static_cast<std::size_t>(hello[suites]) * 256 + hello[suites + 1];
    hello[last] = 0x56;
    hello[last + 1] = 0x00;
  }
  auto server = setup.make_server();
  const auto error = feed_all(server, hello);
  REQUIRE(error);
  CHECK(*error == (fallback ? ErrorCode::inappropriate_fallback : ErrorCode::unsupported_version));
  CHECK(alert_of(error->code) == (fallback ? Alert::inappropriate_fallback : Alert::protocol_version));
}

TEST_CASE("H06 handshake: a fallback to the best version that the server has is none") {
  Setup setup;
  setup.use(tls::kEcdheEcdsaAes128GcmSha256);
  auto client = setup.make_client();
  Buffer hello = drain(client);
  // The renegotiation SCSV stays. A second suite, TLS_FALLBACK_SCSV, is inserted.
  const std::size_t suites = 5 + 4 + 2 + 32 + 1;
  const std::size_t end = suites + 2 + static_cast<std::size_t>(hello[suites]) * 256 + hello[suites + 1];
  hello.insert(hello.begin() + static_cast<std::ptrdiff_t>(end), {0x56, 0x00});
  for (const std::size_t length : {std::size_t{3}, std::size_t{5 + 2}, suites}) {
    const unsigned grown = hello[length] * 256u + hello[length + 1] + 2;
    hello[length] = static_cast<std::uint8_t>(grown >> 8);
    hello[length + 1] = static_cast<std::uint8_t>(grown);
  }
  auto server = setup.make_server();
  CHECK_FALSE(feed_all(server, hello));
  CHECK(server.negotiated().version == tls::ProtocolVersion::tls12);
}

TEST_CASE("H06 handshake: a server that answers with another version is refused") {
  const unsigned version = GENERATE(0x0300u, 0x0301u, 0x0302u, 0x0304u, 0x0305u, 0x7f17u);
  Setup setup;
  auto client = setup.make_client();
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  Buffer flight = drain(server);
  flight[5 + 4] = static_cast<std::uint8_t>(version >> 8);
  flight[5 + 4 + 1] = static_cast<std::uint8_t>(version);
  const auto error = feed_all(client, flight);
  REQUIRE(error);
  CHECK(*error == ErrorCode::unsupported_version);
}

TEST_CASE("H20 handshake: nothing that a connection holds of its config can be exchanged while it lives") {
  // Another config may be chosen by the ClientHello, before the handshake of a version begins.
  CHECK(std::is_same_v<decltype(tls::Outbox::settings), const tls::Settings&>);
  CHECK(std::is_same_v<decltype(tls::tls12::ServerHandshake::config), const tls::ServerConfig&>);
  CHECK(std::is_same_v<decltype(tls::tls12::ClientHandshake::config), const tls::ClientConfig&>);
  CHECK(std::is_same_v<decltype(tls::ServerConfig::credentials), const tls::Credentials*>);
  CHECK(std::is_same_v<decltype(tls::ServerConfig::policy), const tls::Policy*>);
  // A policy is taken once. A later change of the config applies to later connections.
  Setup setup;
  setup.use(tls::kEcdheEcdsaAes128GcmSha256);
  auto client = setup.make_client();
  auto server = setup.make_server();
  setup.client.policy = setup.server.policy = nullptr;
  Pipe pipe(client, server);
  CHECK(pipe.run());
  CHECK(client.handshake_done());
}

TEST_CASE("H04 handshake: a server that chooses what was not offered is refused") {
  // The server's policy is wider than the client's. The client's list is changed on the way.
  Setup setup;
  tls::Policy narrow = kTls12Compat;
  const tls::tls12::Suite* suites[] = {&tls::kEcdheRsaAes256GcmSha384};
  narrow.suites = suites;
  setup.client.policy = &narrow;
  auto client = setup.make_client();
  Buffer hello = drain(client);
  const std::size_t list = 5 + 4 + 2 + 32 + 1 + 2;
  REQUIRE(hello[list] == 0xc0);
  REQUIRE(hello[list + 1] == 0x30);
  hello[list + 1] = 0x2f;
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, hello));
  const auto error = feed_all(client, drain(server));
  REQUIRE(error);
  CHECK(*error == ErrorCode::suite_not_offered);
}

TEST_CASE("handshake: encrypt-then-MAC is agreed on for CBC alone") {
  Setup setup;
  const bool cbc = GENERATE(true, false);
  setup.use(cbc ? tls::kRsaAes128CbcSha256 : tls::kRsaAes128GcmSha256);
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(client.negotiated().encrypt_then_mac == cbc);
  CHECK(server.negotiated().encrypt_then_mac == cbc);
}

TEST_CASE("handshake: a client name that is no name is refused at once") {
  Setup setup;
  for (const std::string& name :
       {std::string(), std::string(300, 'a'), std::string("a..b"), std::string("."), std::string("a b"),
        std::string("m\xc3\xbcnchen"), std::string("[::1]"), std::string("127.1"), std::string("-a.b"),
        std::string("a/b"), std::string("*.example"), std::string("a\0b", 3), std::string("_..a")}) {
    INFO(name);
    const auto client = tls::Client::create(setup.client, name);
    REQUIRE_FALSE(client);
    CHECK(client.error() == ErrorCode::bad_server_name);
  }
  CHECK(setup.client_memory.current == 0);
  for (const std::string_view name : {"a", "localhost", "www.example.com", "www.example.com.",
                                      "my_host.example", "xn--a", "127.0.0.1", "::1"}) {
    INFO(name);
    CHECK(tls::Client::create(setup.client, name));
  }
}

TEST_CASE("H04 handshake: what is for clients only is passed over in a ServerHello, if it was offered") {
  // Some load balancers send their groups back.
  struct Row {
    std::uint8_t type;
    bool offered;
  };
  const Row row = GENERATE(Row{10, true}, Row{13, true}, Row{10, false}, Row{16, false});
  Setup setup;
  setup.use(row.offered ? tls::kEcdheEcdsaAes128GcmSha256 : tls::kRsaAes128GcmSha256);
  tls::Policy policy = *setup.client.policy;
  if (!row.offered) {
    policy.groups = {};
    setup.client.policy = &policy;
  }
  auto client = setup.make_client();
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  // The ServerHello gets one more extension. The lengths of message, record and block grow.
  const Buffer answer = drain(server);
  const std::size_t hello_size = static_cast<std::size_t>(answer[7] << 8 | answer[8]);
  const std::size_t block = 9 + 2 + 32 + 1 + answer[9 + 2 + 32] + 3;
  Buffer changed = answer;
  const std::uint8_t extra[] = {0, row.type, 0, 4, 0, 2, 1, 'h'};
  changed.insert(changed.begin() + static_cast<std::ptrdiff_t>(9 + hello_size), std::begin(extra),
                 std::end(extra));
  const auto grow = [&](std::size_t at) {
    const std::size_t size = static_cast<std::size_t>(changed[at] << 8 | changed[at + 1]) + sizeof extra;
    changed[at] = static_cast<std::uint8_t>(size >> 8);
    changed[at + 1] = static_cast<std::uint8_t>(size);
  };
  grow(3);
  grow(7);
  grow(block);
  const auto error = feed_all(client, changed);
  if (row.offered) {
    CHECK_FALSE(error);
  } else {
    REQUIRE(error);
    CHECK(*error == ErrorCode::unsolicited_extension);
    CHECK(error->detail == row.type);
  }
}

// The client's second flight with a ciphertext of `size` bytes in its ClientKeyExchange.
static Buffer with_ciphertext(const Buffer& flight, std::size_t size) {
  const std::size_t record = 5 + (static_cast<std::size_t>(flight[3]) << 8 | flight[4]);
  Buffer body = {16,
                 0,
                 static_cast<std::uint8_t>((size + 2) >> 8),
                 static_cast<std::uint8_t>(size + 2),
                 static_cast<std::uint8_t>(size >> 8),
                 static_cast<std::uint8_t>(size)};
  const Buffer ciphertext = noise(size, 9);
  body.insert(body.end(), ciphertext.begin(), ciphertext.end());
  Buffer changed = plain_record(tls::ContentType::handshake, body);
  changed.insert(changed.end(), flight.begin() + static_cast<std::ptrdiff_t>(record), flight.end());
  return changed;
}

TEST_CASE("R04 handshake: a ciphertext of another size than the modulus is as wrong as any other") {
  for (const bool external : {false, true}) {
    for (const std::size_t size : std::initializer_list<std::size_t>{1, 48, 128, 255, 256, 257, 512}) {
      INFO(size << " bytes, key outside: " << external);
      Setup setup;
      setup.use(tls::kRsaAes128GcmSha256);
      Identity outside(pem::kRsaServer, rsa_key(), true);
      setup.server.credentials = external ? &outside.credentials : &setup.rsa.credentials;
      auto client = setup.make_client();
      auto server = setup.make_server();
      REQUIRE(!feed_all(server, drain(client)));
      REQUIRE(!feed_all(client, drain(server)));
      const Buffer flight = with_ciphertext(drain(client), size);
      auto error = feed_all(server, flight);
      if (external) {
        REQUIRE(!error);
        const auto request = server.private_key_request();
        REQUIRE(request);
        CHECK(request->ciphertext.size() == 256);
        // The answer of a key that rejects implicitly.
        const auto provided = server.provide(noise(48, 4));
        error = provided ? feed_all(server, {}) : std::optional<Error>(provided.error());
      }
      REQUIRE(error);
      CHECK(*error == ErrorCode::bad_record_mac);
    }
  }
}
