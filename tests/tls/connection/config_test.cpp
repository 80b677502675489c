// SPDX-License-Identifier: Apache-2.0
// A config that cannot work is refused when a connection is made. The error names the field.
#include <ashlar/base/describe.hpp>

#include "catch.hpp"
#include "support/describe.hpp"
#include "tls/support/endpoint.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

std::optional<Error> client_error(const tls::ClientConfig& config, std::string_view name = "server.example") {
  const auto made = tls::Client::create(config, name);
  return made ? std::nullopt : std::optional(made.error());
}
std::optional<Error> server_error(const tls::ServerConfig& config) {
  const auto made = tls::Server::create(config);
  return made ? std::nullopt : std::optional(made.error());
}

// The error and its sentence name the field.
void check_names(const std::optional<Error>& error, Place field, std::string_view text,
                 ErrorCode code = ErrorCode::invalid_argument) {
  INFO(text);
  REQUIRE(error);
  CHECK(error->code == code);
  CHECK(error->place == field);
  CHECK(sentence(*error).find(text) != std::string::npos);
}

// Policies that lack one thing each.
struct WrongPolicies {
  WrongPolicies() {
    for (tls::Policy& each : policies) {
      each = kTls12Compat;
    }
    policies[0].suites = {};
    policies[1].suites = no_suite;
    policies[2].groups = no_group;
    policies[3].schemes = {};
    policies[4].schemes = no_scheme;
    policies[5].chain_keys = nullptr;
    policies[6].versions = {};
    policies[7].suites = too_many_suites;
    policies[8].schemes = too_many_schemes;
    policies[9] = policies[10] = policies[11] = tls::policy::modern;
    policies[9].tls13_suites = no_tls13_suite;
    policies[10].suites = rsa_suite;  // it needs no group, but TLS 1.3 does
    policies[10].groups = {};
    policies[11].suites = {};
    policies[11].tls13_suites = {};
  }
  WrongPolicies(const WrongPolicies&) = delete;
  std::vector<const tls::Policy*> all() const {
    std::vector<const tls::Policy*> out;
    for (const tls::Policy& each : policies) {
      out.push_back(&each);
    }
    return out;
  }

  const tls::tls12::Suite* no_suite[1] = {};
  const tls::tls12::Suite* rsa_suite[1] = {&tls::kRsaAes128GcmSha256};
  const tls::tls13::Suite* no_tls13_suite[1] = {};
  const tls::Group* no_group[1] = {};
  const tls::Scheme* no_scheme[1] = {};
  std::vector<const tls::tls12::Suite*> too_many_suites =
      std::vector<const tls::tls12::Suite*>(200, &tls::kEcdheEcdsaAes128GcmSha256);
  std::vector<const tls::Scheme*> too_many_schemes =
      std::vector<const tls::Scheme*>(40, &tls::kEcdsaSecp256r1Sha256);
  tls::Policy policies[12];
};

}  // namespace

TEST_CASE("config: every field that is missing is named", "[tls]") {
  Setup setup;
  CHECK_FALSE(client_error(setup.client));
  CHECK_FALSE(server_error(setup.server));
  const tls::Policy nothing = {};
  const WrongPolicies wrong_policies;
  tls::Policy ecdsa_only = kTls12Modern;
  const tls::Scheme* const ecdsa_schemes[] = {&tls::kEcdsaSecp256r1Sha256};
  ecdsa_only.schemes = ecdsa_schemes;
  const tls::ClientVersion* const nowhere_client[] = {nullptr};
  const tls::ServerVersion* const nowhere_server[] = {nullptr};
  tls::Policy no_groups = kTls12Modern;
  no_groups.groups = {};
  const std::string_view empty[] = {"h2", ""};
  const std::string long_name(256, 'x');
  const std::string_view longer[] = {long_name};
  const std::vector<std::string_view> many(200, "abc");

  const auto client = [&](auto change) {
    tls::ClientConfig config = setup.client;
    change(config);
    return client_error(config);
  };
  using Client = tls::ClientConfig;
  check_names(client_error({}), Place::client_config_clock, "ClientConfig.clock");
  check_names(client([](Client& c) { c.policy = nullptr; }), Place::client_config_policy,
              "ClientConfig.policy");
  check_names(client([&](Client& c) { c.policy = &nothing; }), Place::client_config_policy,
              "ClientConfig.policy");
  check_names(client([&](Client& c) { c.policy = &no_groups; }), Place::client_config_policy,
              "ClientConfig.policy");
  check_names(client([](Client& c) { c.verifier = {}; }), Place::client_config_verifier,
              "ClientConfig.verifier");
  check_names(client([](Client& c) { c.clock = {}; }), Place::client_config_clock, "ClientConfig.clock");
  check_names(client([](Client& c) { c.random = {}; }), Place::client_config_random, "ClientConfig.random");
  check_names(client([](Client& c) { c.memory.allocate = nullptr; }), Place::client_config_memory,
              "ClientConfig.memory");
  check_names(client([](Client& c) { c.memory.free = nullptr; }), Place::client_config_memory,
              "ClientConfig.memory");
  check_names(client([&](Client& c) { c.alpn = empty; }), Place::client_config_alpn, "ClientConfig.alpn");
  check_names(client([&](Client& c) { c.alpn = longer; }), Place::client_config_alpn, "ClientConfig.alpn");
  check_names(client([&](Client& c) { c.alpn = many; }), Place::client_config_alpn, "ClientConfig.alpn");
  check_names(client([](Client& c) { c.versions = {}; }), Place::client_config_versions,
              "ClientConfig.versions");
  check_names(client([&](Client& c) { c.versions = nowhere_client; }), Place::client_config_versions,
              "ClientConfig.versions");
  for (const tls::Policy* wrong : wrong_policies.all()) {
    check_names(client([&](Client& c) { c.policy = wrong; }), Place::client_config_policy,
                "ClientConfig.policy");
  }
  check_names(client([&](Client& c) {
                c.policy = &ecdsa_only;
                c.credentials = &setup.rsa.credentials;
              }),
              Place::client_config_credentials, "ClientConfig.credentials",
              ErrorCode::credential_fits_no_suite);

  const auto server = [&](auto change) {
    tls::ServerConfig config = setup.server;
    change(config);
    return server_error(config);
  };
  using Server = tls::ServerConfig;
  check_names(server_error({}), Place::server_config_clock, "ServerConfig.clock");
  check_names(server([](Server& c) { c.policy = nullptr; }), Place::server_config_policy,
              "ServerConfig.policy");
  check_names(server([&](Server& c) { c.policy = &nothing; }), Place::server_config_policy,
              "ServerConfig.policy");
  check_names(server([](Server& c) { c.clock = {}; }), Place::server_config_clock, "ServerConfig.clock");
  check_names(server([](Server& c) { c.random = {}; }), Place::server_config_random, "ServerConfig.random");
  check_names(server([](Server& c) { c.memory = {}; }), Place::server_config_memory, "ServerConfig.memory");
  check_names(server([&](Server& c) { c.alpn = empty; }), Place::server_config_alpn, "ServerConfig.alpn");
  check_names(server([](Server& c) { c.versions = {}; }), Place::server_config_versions,
              "ServerConfig.versions");
  check_names(server([&](Server& c) { c.versions = nowhere_server; }), Place::server_config_versions,
              "ServerConfig.versions");
  for (const tls::Policy* wrong : wrong_policies.all()) {
    check_names(server([&](Server& c) { c.policy = wrong; }), Place::server_config_policy,
                "ServerConfig.policy");
  }
  check_names(server([](Server& c) { c.memory.free = nullptr; }), Place::server_config_memory,
              "ServerConfig.memory");
  check_names(server([&](Server& c) { c.alpn = longer; }), Place::server_config_alpn, "ServerConfig.alpn");
  check_names(server([&](Server& c) { c.alpn = many; }), Place::server_config_alpn, "ServerConfig.alpn");
  tls::Credentials gone = index_of({&setup.rsa.credential});
  const tls::Credentials here = std::move(gone);
  check_names(server([&](Server& c) { c.credentials = &gone; }), Place::server_config_credentials,
              "ServerConfig.credentials");
  check_names(client([&](Client& c) { c.credentials = &gone; }), Place::client_config_credentials,
              "ClientConfig.credentials");
  CHECK_FALSE(here.empty());
  check_names(server([](Server& c) { c.credentials = nullptr; }), Place::server_config_credentials,
              "ServerConfig.credentials");
  check_names(server([&](Server& c) {
                c.policy = &ecdsa_only;
                c.credentials = &setup.rsa.credentials;
              }),
              Place::server_config_credentials, "ServerConfig.credentials",
              ErrorCode::credential_fits_no_suite);
  const Bytes no_name[] = {{}};
  const Buffer huge(0x10000);
  const Bytes huge_name[] = {huge};
  check_names(server([&](Server& c) { c.client_ca_names = no_name; }), Place::server_config_client_ca_names,
              "ServerConfig.client_ca_names");
  check_names(server([&](Server& c) { c.client_ca_names = huge_name; }), Place::server_config_client_ca_names,
              "ServerConfig.client_ca_names");
  const tls::Resumption half = {setup.store.seal, nullptr, setup.store.forget, setup.store.context};
  check_names(server([&](Server& c) { c.sessions = &half; }), Place::server_config_sessions,
              "ServerConfig.sessions");
  // Only a server that asks for certificates needs a verifier.
  for (const auto asks : {tls::ClientAuthentication::none, tls::ClientAuthentication::request,
                          tls::ClientAuthentication::require}) {
    const auto error = server([&](Server& c) {
      c.verifier = {};
      c.client_authentication = asks;
    });
    if (asks == tls::ClientAuthentication::none) {
      CHECK_FALSE(error);
    } else {
      check_names(error, Place::server_config_verifier, "ServerConfig.verifier");
    }
  }
  // Fields that may be missing.
  CHECK_FALSE(client([](Client& c) {
    c.events = {};
    c.alpn = {};
    c.credentials = nullptr;
    c.clock.monotonic_nanoseconds = nullptr;
  }));
  CHECK_FALSE(server([](Server& c) {
    c.events = {};
    c.alpn = {};
    c.sessions = nullptr;
    c.client_ca_names = {};
    c.credentials = nullptr;
    c.ask_for_credential = true;
  }));
  CHECK(setup.client_memory.current == 0);
  CHECK(setup.server_memory.current == 0);
}

TEST_CASE("config: a server's name is judged before the first byte leaves", "[tls]") {
  Setup setup;
  for (const std::string_view name :
       {"m\xc3\xbcnchen.example", "a..b", "-a.example", "a b", "*.example", ""}) {
    INFO(name);
    CHECK(client_error(setup.client, name));
  }
  for (const std::string_view name : {"server.example", "server.example.", "192.0.2.1", "::1", "localhost"}) {
    INFO(name);
    CHECK_FALSE(client_error(setup.client, name));
  }
}

TEST_CASE("H09 config: the id of trust covers all that limits it", "[tls]") {
  const Buffer der = der_of(pem::kCa);
  const auto root = *x509::Certificate::parse(der);
  const x509::TrustAnchor::Parts whole = {root.subject(), root.spki(), {}, {}, root.validity()};
  std::vector<x509::TrustAnchor::Parts> variants(5, whole);
  variants[1].path_length = 0;
  variants[2].path_length = 1;
  variants[3].validity = {};
  variants[4].validity->not_after.seconds++;
  std::vector<std::uint64_t> ids;
  for (const auto& parts : variants) {
    x509::TrustAnchor anchors[] = {*x509::TrustAnchor::create(parts)};
    const tls::TrustAnchors trust{x509::AnchorIndex(anchors)};
    for (const std::uint64_t other : ids) {
      CHECK(trust.verifier().id != other);
    }
    ids.push_back(trust.verifier().id);
  }
}

TEST_CASE("H09 config: with pinning the id of trust covers the certificates that are pinned", "[tls]") {
  Buffer der = der_of(pem::kCa), again = der;
  again.back() ^= 1;  // of its signature
  const auto id = [](const Buffer& root, bool pinning) {
    x509::TrustAnchor anchors[] = {x509::TrustAnchor::from(*x509::Certificate::parse(root))};
    const tls::TrustAnchors trust(x509::AnchorIndex(anchors), {}, pinning);
    return trust.verifier().id;
  };
  CHECK(id(der, false) == id(again, false));
  CHECK(id(der, true) != id(again, true));
  CHECK(id(der, true) != id(der, false));
}
