// SPDX-License-Identifier: Apache-2.0
// Runs one connection of each kind with given randomness and prints, as JSON, what each side drew and sent.
// golden_test.py computes the same bytes of TLS 1.2 independently, golden13_test.py those of TLS 1.3.
#include "tls/support/endpoint.hpp"

#include <nlohmann/json.hpp>

#include <iostream>

using namespace ashlar;
using namespace ashlar::test;

namespace {

// Records each draw, in order.
class WrittenDown {
 public:
  explicit WrittenDown(crypto::Random source) : source_(source) {}
  crypto::Random random() {
    return {[](void* context, MutBytes out) -> Result<void> {
              auto& self = *static_cast<WrittenDown*>(context);
              ASHLAR_CHECK(self.source_.fill(out));
              self.draws.push_back(hex(out));
              return {};
            },
            this};
  }
  std::vector<std::string> draws;

 private:
  crypto::Random source_;
};

struct Row {
  const char* name;
  const tls::tls12::Suite* suite;
  const tls::Group* group;
  const tls::Scheme* scheme;
  bool client_certificate = false;
  bool resumable = false;
  bool alpn = false;
};

constexpr Row kRows[] = {
    {"ECDHE_RSA, AES-128-GCM, X25519, PSS", &tls::kEcdheRsaAes128GcmSha256, &tls::kX25519,
     &tls::kRsaPssRsaeSha256},
    {"ECDHE_RSA, AES-256-GCM, secp256r1, PKCS #1, ALPN, resumed", &tls::kEcdheRsaAes256GcmSha384,
     &tls::kSecp256r1, &tls::kRsaPkcs1Sha384, false, true, true},
    {"ECDHE_ECDSA, ChaCha20-Poly1305, secp384r1, resumed", &tls::kEcdheEcdsaChaCha20Poly1305,
     &tls::kSecp384r1, &tls::kEcdsaSecp256r1Sha256, false, true},
    {"ECDHE_ECDSA, AES-128-GCM, X25519, client certificate", &tls::kEcdheEcdsaAes128GcmSha256, &tls::kX25519,
     &tls::kEcdsaSecp256r1Sha256, true},
    {"RSA, AES-128-CBC with SHA-256, Encrypt-then-MAC, resumed", &tls::kRsaAes128CbcSha256, &tls::kX25519,
     &tls::kRsaPssRsaeSha256, false, true},
    {"RSA, AES-128-GCM, client certificate", &tls::kRsaAes128GcmSha256, &tls::kX25519,
     &tls::kEcdsaSecp256r1Sha256, true},
};

nlohmann::json run(tls::Client& client, tls::Server& server) {
  std::string of_client, of_server;
  const auto note = [&](const Buffer& up, const Buffer& down) {
    of_client += hex(up);
    of_server += hex(down);
  };
  std::string exported;
  if (client.early_data_room() != 0) {
    Buffer early_key(40);
    if (!client.write_early_data(ashlar::bytes_of("an early question")) ||
        !client.export_early_keying_material("EXPERIMENTAL golden", ashlar::bytes_of("context"), early_key)) {
      throw std::runtime_error("no early data");
    }
    exported = hex(early_key);
    settle(client, server, note);
    if (!server.consume_early_data(server.early_data().size())) {
      throw std::runtime_error("the early data does not go on");
    }
  }
  settle(client, server, note);
  if (!client.write(ashlar::bytes_of("a question")) || !server.write(noise(5000, 8))) {
    throw std::runtime_error("no room");
  }
  settle(client, server, note);
  client.close();
  settle(client, server, note);
  return {{"client", of_client}, {"server", of_server}, {"early_exported", exported}};
}

// A connection, and one that resumes its session if it can be.
nlohmann::json connect_and_resume(Setup& setup, const char* name, bool resumable) {
  WrittenDown client_draws(setup.client_random.random());
  WrittenDown server_draws(setup.server_random.random());
  setup.client.random = client_draws.random();
  setup.server.random = server_draws.random();
  nlohmann::json out = {{"name", name}, {"answer", hex(noise(5000, 8))}};
  const auto connect = [&](const tls::Session* session) {
    tls::Client client = setup.make_client(session);
    tls::Server server = setup.make_server();
    nlohmann::json bytes = run(client, server);
    bytes["client_draws"] = client_draws.draws;
    bytes["server_draws"] = server_draws.draws;
    client_draws.draws.clear();
    server_draws.draws.clear();
    out[session == nullptr ? "full" : "resumed"] = bytes;
    return client.session();
  };
  const auto session = connect(nullptr);
  if (resumable) {
    static_cast<void>(connect(&*session));
  }
  return out;
}

nlohmann::json connections(const Row& row, std::uint64_t seed) {
  Setup setup(seed);
  setup.use(*row.suite);
  // The curve of the certificates is allowed too.
  const tls::Group* const groups[] = {row.group, &tls::kSecp256r1};
  const tls::Scheme* const schemes[] = {row.scheme, &tls::kEcdsaSecp256r1Sha256};
  setup.one_suite.groups = std::span(groups).first(row.group == groups[1] ? 1 : 2);
  setup.one_suite.schemes = std::span(schemes).first(row.scheme == schemes[1] ? 1 : 2);
  if (row.resumable) {
    setup.resumable();
  }
  const std::string_view protocols[] = {"h2", "http/1.1"};
  if (row.alpn) {
    setup.client.alpn = protocols;
    setup.server.alpn = std::span(protocols).subspan(1);
  }
  Identity certificate(pem::kEcdsaClient, ecdsa_key());
  if (row.client_certificate) {
    setup.server.client_authentication = tls::ClientAuthentication::require;
    setup.client.credentials = &certificate.credentials;
  }
  return connect_and_resume(setup, row.name, row.resumable);
}

struct Row13 {
  const char* name;
  const tls::tls13::Suite* suite;
  const tls::Scheme* scheme;
  bool retried = false;  // the server has the second group alone
  bool client_certificate = false;
  bool resumable = false;
  bool early_data = false;
};

constexpr Row13 kRows13[] = {
    {"AES-128-GCM, ECDSA, client certificate", &tls::kAes128GcmSha256, &tls::kEcdsaSecp256r1Sha256, false,
     true},
    {"AES-256-GCM, PSS, resumed", &tls::kAes256GcmSha384, &tls::kRsaPssRsaeSha256, false, false, true},
    {"ChaCha20-Poly1305, ECDSA, HelloRetryRequest, resumed", &tls::kChaCha20Poly1305Sha256,
     &tls::kEcdsaSecp256r1Sha256, true, false, true},
    {"AES-128-GCM, ECDSA, resumed with early data", &tls::kAes128GcmSha256, &tls::kEcdsaSecp256r1Sha256,
     false, false, true, true},
};

nlohmann::json connections13(const Row13& row, std::uint64_t seed) {
  static constexpr tls::ProtocolVersion kTls13[] = {tls::ProtocolVersion::tls13};
  Setup setup(seed);
  tls::Policy of_client = tls::policy::compat;
  const tls::tls13::Suite* const suites[] = {row.suite};
  const tls::Group* const groups[] = {&tls::kX25519, &tls::kSecp256r1};
  const tls::Scheme* const schemes[] = {row.scheme, &tls::kEcdsaSecp256r1Sha256};
  of_client.versions = kTls13;
  of_client.tls13_suites = suites;
  of_client.groups = groups;
  of_client.schemes = std::span(schemes).first(row.scheme == schemes[1] ? 1 : 2);
  tls::Policy of_server = of_client;
  of_server.groups = std::span(groups).subspan(row.retried ? 1 : 0);
  setup.client.policy = &of_client;
  setup.server.policy = &of_server;
  Identity certificate(pem::kEcdsaClient, ecdsa_key());
  if (row.client_certificate) {
    setup.server.client_authentication = tls::ClientAuthentication::require;
    setup.client.credentials = &certificate.credentials;
  }
  if (row.resumable) {
    setup.resumable();
  }
  tls::ReplayCache::Slot slots[tls::ReplayCache::kWays];
  tls::ReplayCache cache(slots, asn1::Time{0});
  const tls::ServerEarlyData early = {1000, cache.guard()};
  if (row.early_data) {
    setup.client.early_data = &tls::kClientEarlyData;
    setup.server.early_data = &early;
    setup.client.export_keys = true;
  }
  return connect_and_resume(setup, row.name, row.resumable);
}

}  // namespace

int main() {
  nlohmann::json out = {
      {"certificates",
       {{"rsa", hex(der_of(pem::kRsaServer))},
        {"ecdsa", hex(der_of(pem::kEcdsaServer))},
        {"client", hex(der_of(pem::kEcdsaClient))}}},
      {"keys", {{"rsa", hex(der_of(pem::kRsaKey))}, {"ecdsa", hex(der_of(pem::kEcdsaKey))}}}};
  std::uint64_t seed = 500;
  for (const Row& row : kRows) {
    out["connections"].push_back(connections(row, seed++));
  }
  for (const Row13& row : kRows13) {
    out["connections13"].push_back(connections13(row, seed++));
  }
  std::cout << out.dump(1) << '\n';
}
