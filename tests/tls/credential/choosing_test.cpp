// SPDX-License-Identifier: Apache-2.0
// Credentials that are chosen outside: the connection rests, tells what to choose by, and goes on with the
// given credential.
#include "catch.hpp"
#include "support/describe.hpp"
#include "tls/support/endpoint.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// A server that asks for a credential, up to that point.
struct Asked {
  explicit Asked(std::string name = "server.example") {
    setup.server.credentials = nullptr;
    setup.server.ask_for_credential = true;
    setup.client.alpn = setup.server.alpn = protocols;
    setup.name = std::move(name);
  }
  void ask() {
    client.emplace(setup.make_client());
    server.emplace(setup.make_server());
    REQUIRE_FALSE(feed_all(*server, drain(*client)));
    REQUIRE(server->wants().has(tls::Want::credential));
    REQUIRE_FALSE(server->wants().has(tls::Want::read));
    REQUIRE_FALSE(server->wants().has(tls::Want::sign));
  }

  Setup setup;
  std::string_view protocols[2] = {"h2", "http/1.1"};
  std::optional<tls::Client> client;
  std::optional<tls::Server> server;
};

}  // namespace

TEST_CASE("choosing: a server rests after the ClientHello, tells what it says, and goes on",
          "[tls][credential]") {
  Asked asked;
  asked.ask();
  tls::Server& server = *asked.server;
  CHECK(server.receive_window().empty());
  CHECK(server.pending_output().empty());
  const auto request = server.credential_request();
  REQUIRE(request);
  CHECK(request->server_name == "server.example");
  CHECK(request->alpn == "h2");
  CHECK_BYTES(request->alpn_offered, Buffer({2, 'h', '2', 8, 'h', 't', 't', 'p', '/', '1', '.', '1'}));
  const tls::Policy& policy = *asked.setup.client.policy;
  REQUIRE(request->schemes.size() == policy.schemes.size());
  CHECK(request->schemes[0] == policy.schemes[0]->id);
  CHECK(request->schemes.has(tls::kRsaPkcs1Sha512.id));
  CHECK_FALSE(request->schemes.has(tls::SchemeId{0x0202}));
  CHECK(request->suites.has(policy.suites[0]->id));
  CHECK(request->groups.has(policy.groups[1]->id));
  CHECK(request->certificate_types.empty());
  CHECK_FALSE(server.private_key_request());
  {
    // The caller's handle may be dropped.
    const Identity fetched(pem::kEcdsaServer, ecdsa_key());
    REQUIRE(server.provide_credential(fetched.credential));
  }
  CHECK_FALSE(server.credential_request());
  const auto again = server.provide_no_credential();
  REQUIRE_FALSE(again);
  CHECK(again.error() == ErrorCode::no_credential_request);
  Pipe pipe(*asked.client, server);
  REQUIRE(pipe.run());
  CHECK(server.handshake_done());
  REQUIRE(pipe.send(*asked.client, bytes_of("hello")));
  CHECK_BYTES(pipe.server_got, bytes_of("hello"));
}

TEST_CASE("choosing: what goes over the wire is what a config with the credential sends",
          "[tls][credential]") {
  std::vector<Buffer> flights;
  for (const bool outside : {false, true}) {
    Setup setup;
    setup.server.credentials = &setup.ecdsa.credentials;
    setup.server.ask_for_credential = outside;
    auto client = setup.make_client();
    auto server = setup.make_server();
    REQUIRE_FALSE(feed_all(server, drain(client)));
    if (outside) {
      REQUIRE(server.provide_credential(setup.ecdsa.credential));
    }
    flights.push_back(drain(server));
  }
  CHECK_BYTES(flights[0], flights[1]);
}

TEST_CASE("choosing: no credential, or one that does not fit, ends in the right alert", "[tls][credential]") {
  const auto refused = [](Asked& asked, const tls::Credential* given, ErrorCode code, Alert alert) {
    asked.ask();
    const auto answered =
        given != nullptr ? asked.server->provide_credential(*given) : asked.server->provide_no_credential();
    REQUIRE_FALSE(answered);
    CHECK(answered.error() == code);
    const auto told = feed_all(*asked.client, drain(*asked.server));
    REQUIRE(told);
    CHECK(*told == ErrorCode::peer_alert);
    CHECK(told->detail == static_cast<std::uint32_t>(alert));
  };
  Asked by_name, by_address("192.0.2.1"), unfit;
  refused(by_name, nullptr, ErrorCode::unrecognized_name, Alert::unrecognized_name);
  refused(by_address, nullptr, ErrorCode::no_credential, Alert::handshake_failure);
  unfit.setup.use(tls::kEcdheEcdsaAes128GcmSha256);
  refused(unfit, &unfit.setup.rsa.credential, ErrorCode::no_common_suite, Alert::handshake_failure);
}

TEST_CASE("choosing: nobody is asked where a session is resumed", "[tls][credential]") {
  Setup setup;
  setup.resumable();
  setup.server.ask_for_credential = true;
  std::optional<tls::Session> session;
  for (const bool again : {false, true}) {
    auto client = setup.make_client(session ? &*session : nullptr);
    auto server = setup.make_server();
    REQUIRE_FALSE(feed_all(server, drain(client)));
    CHECK(server.wants().has(tls::Want::credential) == !again);
    if (!again) {
      REQUIRE(server.provide_credential(setup.ecdsa.credential));
    }
    Pipe pipe(client, server);
    REQUIRE(pipe.run());
    CHECK(client.negotiated().resumed == again);
    session.emplace(*client.session());
  }
}

TEST_CASE("choosing: a client rests when it is asked for a certificate", "[tls][credential]") {
  const int answer = GENERATE(0, 1, 2, 3);  // nothing, one that fits, one whose key is elsewhere, one unfit
  INFO(answer);
  Setup setup;
  const Bytes authorities[] = {setup.ecdsa.credential.certificate().issuer()};
  tls::Policy ecdsa_schemes = kTls12Compat;
  const tls::Scheme* const schemes[] = {&tls::kEcdsaSecp256r1Sha256};
  ecdsa_schemes.schemes = schemes;
  setup.client.ask_for_credential = true;
  setup.server.policy = &ecdsa_schemes;
  setup.server.client_ca_names = authorities;
  setup.server.client_authentication = tls::ClientAuthentication::request;
  auto client = setup.make_client();
  auto server = setup.make_server();
  REQUIRE_FALSE(feed_all(server, drain(client)));
  REQUIRE_FALSE(feed_all(client, drain(server)));
  REQUIRE(client.wants().has(tls::Want::credential));
  const auto request = client.credential_request();
  REQUIRE(request);
  CHECK(request->server_name == "server.example");
  CHECK_BYTES(request->certificate_types, Buffer({1, 64}));
  CHECK(request->schemes.size() == 1);
  CHECK(request->schemes[0] == tls::kEcdsaSecp256r1Sha256.id);
  CHECK(request->certificate_authorities.size() == 2 + authorities[0].size());
  CHECK(request->suites.size() == 0);
  {
    const Identity own(pem::kEcdsaClient, ecdsa_key(), answer == 2);
    const Identity unfit(pem::kRsaClient, rsa_key());
    const auto provided = answer == 0   ? client.provide_no_credential()
                          : answer == 3 ? client.provide_credential(unfit.credential)
                                        : client.provide_credential(own.credential);
    CHECK(provided.ok() == (answer != 3));
    if (answer == 3) {
      CHECK(provided.error() == ErrorCode::no_common_scheme);
      return;
    }
  }
  if (answer == 2) {
    const auto signing = client.private_key_request();
    REQUIRE(signing);
    CHECK(signing->credential->is_elsewhere());
    std::uint8_t storage[x509::kMaxSignatureSize];
    REQUIRE(client.provide(
        *ecdsa_key().sign_digest(*signing->algorithm, signing->digest, setup.client.random, storage)));
  }
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(server.handshake_done());
  CHECK(server.negotiated().client_authenticated == (answer != 0));
}

TEST_CASE("D04 choosing: every allocation that fails while a connection rests ends in an error",
          "[tls][credential]") {
  for (std::size_t fail_at = 0;; ++fail_at) {
    INFO(fail_at);
    Setup setup;
    setup.server.ask_for_credential = true;
    setup.server_memory.fail_at = fail_at;
    {
      auto client = setup.make_client();
      auto server = tls::Server::create(setup.server);
      if (server && !feed_all(*server, drain(client)) && server->wants().has(tls::Want::credential)) {
        (void)server->provide_credential(setup.ecdsa.credential);
      }
    }
    CHECK(setup.server_memory.current == 0);
    CHECK(setup.server_memory.wrong_sizes == 0);
    if (setup.server_memory.calls <= fail_at) {
      break;
    }
  }
}

TEST_CASE("choosing: half a flight that comes while a connection rests waits", "[tls][credential]") {
  Asked asked;
  asked.ask();
  tls::Server& server = *asked.server;
  CHECK(*server.feed(noise(10)) == 0);
  server.release_buffers();
  REQUIRE(server.credential_request());
  CHECK(server.credential_request()->server_name == "server.example");
  tls::Credential gone = asked.setup.ecdsa.credential.share();
  const tls::Credential here = std::move(gone);
  const auto provided = server.provide_credential(gone);
  REQUIRE_FALSE(provided);
  CHECK(provided.error() == ErrorCode::invalid_argument);
  CHECK(server.wants().has(tls::Want::credential));
  server.close();
  CHECK_FALSE(server.credential_request());
  CHECK_FALSE(server.provide_no_credential());
}
