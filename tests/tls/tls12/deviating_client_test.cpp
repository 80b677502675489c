// SPDX-License-Identifier: Apache-2.0
// Our server against a client that deviates in one point, with a correct Finished. The tests check the error
// and the alert.
#include "catch.hpp"
#include "support/test_keys.hpp"
#include "tls/support/scripted_peer.hpp"

using namespace ashlar;
using namespace ashlar::test;
using tls::HandshakeType;

namespace {

Ending server_against(const tls::tls12::Suite& suite, const std::function<void(ScriptedClient&)>& deviate,
                      const std::function<void(Setup&)>& prepare = nullptr) {
  Setup setup;
  setup.use(suite);
  if (prepare) {
    prepare(setup);
  }
  ScriptedClient client(suite);
  deviate(client);
  auto server = setup.make_server();
  return client.run(server);
}

void demand_certificate(Setup& setup) {
  setup.server.client_authentication = tls::ClientAuthentication::require;
}
void show_ecdsa(ScriptedClient& client) {
  client.chain = {der_of(pem::kEcdsaClient)};
  client.key = &ecdsa_key();
  client.scheme = &tls::kEcdsaSecp256r1Sha256;
}

}  // namespace

TEST_CASE("deviating client: one that keeps to the rules is accepted, with every suite") {
  const tls::tls12::Suite* const suites[] = {&tls::kEcdheEcdsaAes128GcmSha256, &tls::kEcdheRsaAes256GcmSha384,
                                             &tls::kEcdheRsaChaCha20Poly1305,  &tls::kRsaAes128GcmSha256,
                                             &tls::kRsaAes128CbcSha256,        &tls::kEcdheEcdsaAes256Ccm8,
                                             &tls::kEcdheRsaAes256CbcSha384,   &tls::kRsaAes128CbcSha};
  for (const auto* suite : suites) {
    INFO(suite->name);
    CHECK(server_against(*suite, [](ScriptedClient&) {}) == accepted());
    CHECK(server_against(*suite, [](ScriptedClient& client) { client.extended_master_secret = false; }) ==
          accepted());
    CHECK(server_against(*suite, [](ScriptedClient& client) {
            client.each_message_in_its_own_record = true;
          }) == accepted());
  }
  CHECK(server_against(tls::kEcdheEcdsaAes128GcmSha256, show_ecdsa, demand_certificate) == accepted());
}

TEST_CASE("E06 deviating client: a CertificateVerify by another key is seen by the server") {
  const auto other_key = server_against(
      tls::kEcdheEcdsaAes128GcmSha256,
      [](ScriptedClient& client) {
        show_ecdsa(client);
        client.key = &p256_key(3);
      },
      demand_certificate);
  CHECK(other_key == Ending{ErrorCode::bad_signature, Alert::decrypt_error, false});
  const auto rsa = server_against(
      tls::kEcdheRsaAes256GcmSha384,
      [](ScriptedClient& client) {
        client.chain = {der_of(pem::kRsaClient)};
        client.key = &rsa2048_key();
        client.scheme = &tls::kRsaPssRsaeSha256;
      },
      demand_certificate);
  CHECK(rsa == Ending{ErrorCode::bad_signature, Alert::decrypt_error, false});
}

TEST_CASE("deviating client: a certificate that cannot be read is a bad one") {
  for (const bool cut : {false, true}) {
    const auto ending = server_against(
        tls::kEcdheEcdsaAes128GcmSha256,
        [&](ScriptedClient& client) {
          show_ecdsa(client);
          if (cut) {
            client.chain[0].pop_back();
          } else {
            client.chain[0].push_back(0);
          }
        },
        demand_certificate);
    CHECK(ending ==
          Ending{cut ? ErrorCode::truncated : ErrorCode::trailing_data, Alert::bad_certificate, false});
  }
}

TEST_CASE("deviating client: a CertificateVerify left out, without a certificate, or of another scheme") {
  const auto& suite = tls::kEcdheEcdsaAes128GcmSha256;
  const auto left_out = server_against(
      suite,
      [](ScriptedClient& client) {
        show_ecdsa(client);
        client.change = only(HandshakeType::certificate_verify, [](Buffer& message) { message.clear(); });
      },
      demand_certificate);
  CHECK_FALSE(left_out.done);
  CHECK(left_out.alert == Alert::unexpected_message);
  const auto no_certificate = server_against(
      suite, [](ScriptedClient&) {}, demand_certificate);
  CHECK(no_certificate == refused(ErrorCode::certificate_missing));
  const auto other_scheme = server_against(
      suite,
      [](ScriptedClient& client) {
        show_ecdsa(client);
        client.named_scheme = &tls::kRsaPssRsaeSha256;
      },
      demand_certificate);
  CHECK(other_scheme == refused(ErrorCode::scheme_not_offered));
}

TEST_CASE("deviating client: a certificate that was not asked for is unexpected") {
  const auto ending = server_against(tls::kEcdheEcdsaAes128GcmSha256, [](ScriptedClient& client) {
    client.change = [](HandshakeType type, Buffer& message) {
      if (type == HandshakeType::client_key_exchange) {
        const Buffer empty = {11, 0, 0, 3, 0, 0, 0};
        message.insert(message.begin(), empty.begin(), empty.end());
      }
    };
  });
  CHECK(ending == refused(ErrorCode::unexpected_message));
}

TEST_CASE("deviating client: a certificate that nobody trusts") {
  const auto ending = server_against(
      tls::kEcdheEcdsaAes128GcmSha256,
      [](ScriptedClient& client) {
        show_ecdsa(client);
        client.chain = {der_of(pem::kUnknownClient)};
      },
      demand_certificate);
  CHECK(ending == refused(ErrorCode::unknown_issuer));
}

TEST_CASE("deviating client: messages doubled or left out are unexpected") {
  const auto& suite = tls::kEcdheRsaAes256GcmSha384;
  for (const HandshakeType type : {HandshakeType::client_hello, HandshakeType::client_key_exchange}) {
    INFO(tls::name(type));
    const auto doubled = server_against(suite, [&](ScriptedClient& client) {
      client.change = [=](HandshakeType each, Buffer& message) {
        if (each == type) {
          const Buffer again = message;
          message.insert(message.end(), again.begin(), again.end());
        }
      };
    });
    CHECK(doubled.alert == Alert::unexpected_message);
    CHECK_FALSE(doubled.done);
  }
  const auto left_out = server_against(suite, [](ScriptedClient& client) {
    client.change = only(HandshakeType::client_key_exchange, [](Buffer& message) { message.clear(); });
  });
  CHECK(left_out.alert == Alert::unexpected_message);
}

TEST_CASE("deviating client: a Finished that is wrong or under the old keys") {
  const auto& suite = tls::kEcdheEcdsaAes128GcmSha256;
  const auto wrong = server_against(suite, [](ScriptedClient& client) {
    client.change = only(HandshakeType::finished, [](Buffer& message) { message[4] ^= 1; });
  });
  CHECK(wrong == refused(ErrorCode::finished_mismatch));
  const auto no_change =
      server_against(suite, [](ScriptedClient& client) { client.change_cipher_spec = [] {}; });
  CHECK(no_change.alert == Alert::unexpected_message);
  CHECK_FALSE(no_change.done);
}

TEST_CASE("deviating client: what the hello must offer") {
  const auto& suite = tls::kEcdheRsaAes256GcmSha384;
  const auto offering = [&](std::function<void(tls::ClientHello&)> change, auto prepare) {
    return server_against(
        suite, [&](ScriptedClient& client) { client.client_hello = change; }, prepare);
  };
  const auto nothing = [](Setup&) {};
  static const std::uint8_t deflate[] = {1};
  CHECK(offering([](tls::ClientHello& hello) { hello.compression_methods = deflate; }, nothing) ==
        refused(ErrorCode::null_compression_missing));
  static const std::uint8_t unknown[] = {0xfa, 0xfa};
  CHECK(offering([](tls::ClientHello& hello) { hello.cipher_suites = unknown; }, nothing) ==
        refused(ErrorCode::no_common_suite));
  CHECK(offering([](tls::ClientHello& hello) { hello.supported_groups = unknown; }, nothing) ==
        refused(ErrorCode::no_common_group));
  const auto points = [](bool uncompressed) {
    return [=](tls::ClientHello& hello) {
      hello.has_ec_point_formats = true;
      hello.offers_uncompressed_points = uncompressed;
    };
  };
  CHECK(offering(points(true), nothing) == accepted());
  CHECK(offering(points(false), nothing) == refused(ErrorCode::unsupported_point_format));
  CHECK(offering([](tls::ClientHello& hello) { hello.signature_algorithms = unknown; }, nothing) ==
        refused(ErrorCode::no_common_scheme));
  CHECK(offering([](tls::ClientHello& hello) { hello.version = tls::ProtocolVersion::tls11; }, nothing) ==
        refused(ErrorCode::unsupported_version));
  static const std::string_view protocols[] = {"h2"};
  static const std::uint8_t other[] = {3, 'f', 't', 'p'};
  CHECK(offering([](tls::ClientHello& hello) { hello.alpn = other; },
                 [](Setup& setup) { setup.server.alpn = protocols; }) ==
        refused(ErrorCode::no_common_protocol));
  CHECK(offering([](tls::ClientHello& hello) { hello.alpn = other; }, nothing) == accepted());
  CHECK(offering([](tls::ClientHello& hello) { hello.extended_master_secret = false; },
                 [](Setup& setup) { setup.one_suite.require_extended_master_secret = true; }) ==
        refused(ErrorCode::extended_master_secret_missing));
}

TEST_CASE("H09 deviating client: a session with extended master secret does not go on without") {
  const auto& suite = tls::kEcdheRsaAes256GcmSha384;
  Setup setup;
  setup.use(suite);
  setup.resumable();
  ScriptedClient first(suite);
  auto server = setup.make_server();
  REQUIRE(first.run(server) == accepted());
  REQUIRE(server.negotiated().extended_master_secret);
  REQUIRE(setup.sessions.size() == 1);
  const auto id = first.answered_session_id;
  const auto resume = [&](bool extended) {
    ScriptedClient client(suite);
    client.session_id = id;
    copy_bytes(client.master_secret.reveal_mut(), first.master_secret.reveal());
    client.extended_master_secret = extended;
    auto again = setup.make_server();
    const Ending ending = client.run(again);
    CHECK(again.negotiated().resumed == ending.done);
    return ending;
  };
  CHECK(resume(true) == accepted());
  CHECK(resume(false) == refused(ErrorCode::extended_master_secret_missing));
}

TEST_CASE(
    "H22 deviating client: without extended master secret it is served and not resumed, but by strict") {
  const auto& suite = tls::kEcdheRsaAes256GcmSha384;
  for (const tls::Policy* policy : {&kTls12Modern, &kTls12Compat, &kTls12Strict}) {
    INFO(policy->name);
    Setup setup;
    setup.resumable();
    setup.server.policy = policy;
    ScriptedClient client(suite);
    client.extended_master_secret = false;
    auto server = setup.make_server();
    const Ending ending = client.run(server);
    if (policy == &kTls12Strict) {
      CHECK(ending == refused(ErrorCode::extended_master_secret_missing));
      continue;
    }
    CHECK(ending == accepted());
    CHECK_FALSE(server.negotiated().extended_master_secret);
    CHECK(server.negotiated().session_id.empty());
    CHECK(client.answered_session_id.empty());
    CHECK(setup.sessions.size() == 0);
  }
}

TEST_CASE("H22 deviating client: one that does extended master secret gets it under every policy") {
  for (const tls::Policy* policy : {&kTls12Modern, &kTls12Compat, &kTls12Strict}) {
    INFO(policy->name);
    Setup setup;
    setup.resumable();
    setup.server.policy = policy;
    ScriptedClient client(tls::kEcdheRsaAes256GcmSha384);
    auto server = setup.make_server();
    CHECK(client.run(server) == accepted());
    CHECK(server.negotiated().extended_master_secret);
    CHECK(setup.sessions.size() == 1);
  }
}

TEST_CASE("H15 deviating client: every message ends where its fields end") {
  using enum HandshakeType;
  for (const HandshakeType type :
       {client_hello, certificate, client_key_exchange, certificate_verify, finished}) {
    INFO(static_cast<int>(type));
    const auto longer = server_against(
        tls::kEcdheEcdsaAes128GcmSha256,
        [&](ScriptedClient& client) {
          show_ecdsa(client);
          client.change = only(type, [](Buffer& message) {
            message.push_back(0);
            message[2] = static_cast<std::uint8_t>((message.size() - 4) >> 8);
            message[3] = static_cast<std::uint8_t>(message.size() - 4);
          });
        },
        demand_certificate);
    CHECK(longer == refused(ErrorCode::trailing_data));
  }
}
