// SPDX-License-Identifier: Apache-2.0
// The bytes of whole connections. Randomness and time are given, so each side sends the same bytes in every
// build, on every machine and with every kernel. A change here is a change that peers see.
#include "catch.hpp"
#include "tls/support/pipe.hpp"
#include "tls12/key_exchange.hpp"

#include <ashlar/crypto/sha2.hpp>

using namespace ashlar;
using namespace ashlar::test;

namespace {

// Policies grow, but the bytes that this test compares must not change. So it has its own lists.
struct FixedPolicy {
  const tls::Group* groups[2] = {&tls::kX25519, &tls::kSecp256r1};
  const tls::Scheme* schemes[8] = {&tls::kEcdsaSecp256r1Sha256, &tls::kRsaPssRsaeSha256,
                                   &tls::kRsaPkcs1Sha256,       &tls::kEcdsaSecp384r1Sha384,
                                   &tls::kRsaPssRsaeSha384,     &tls::kRsaPkcs1Sha384,
                                   &tls::kRsaPssRsaeSha512,     &tls::kRsaPkcs1Sha512};
};

// SHA-256 of everything that one side has sent; its first eight bytes in hex.
class Sent {
 public:
  void add(Bytes bytes) { hash_.update(bytes); }
  std::string text() {
    std::uint8_t digest[32];
    hash_.finish(digest);
    return hex(Bytes(digest).first(8));
  }

 private:
  crypto::Hash hash_{crypto::kSha256};
};

// Both directions of a connection with data in each direction and an orderly end.
std::string bytes_of_connection(tls::Client& client, tls::Server& server) {
  Sent of_client, of_server;
  const auto note = [&](const Buffer& up, const Buffer& down) {
    of_client.add(up);
    of_server.add(down);
  };
  settle(client, server, note);
  REQUIRE(client.handshake_done());
  REQUIRE(server.handshake_done());
  REQUIRE(client.write(noise(1000, 7)));
  REQUIRE(server.write(noise(5000, 8)));
  settle(client, server, note);
  client.close();
  settle(client, server, note);
  CHECK(client.wants().has(tls::Want::closed));
  CHECK(server.wants().has(tls::Want::closed));
  return of_client.text() + " " + of_server.text();
}

struct Row {
  const tls::tls12::Suite* suite;
  tls::ClientAuthentication client_authentication;
  const char* full;
  const char* resumed;
};

}  // namespace

TEST_CASE("wire: a connection's bytes are those that were written down") {
  using tls::ClientAuthentication;
  const Row rows[] = {
      {&tls::kEcdheRsaAes128GcmSha256, ClientAuthentication::none, "ed1989ad1ca73063 9f98266496e77e06",
       "c828eb5593a23f35 8df68628978fc88f"},
      {&tls::kEcdheRsaAes256GcmSha384, ClientAuthentication::none, "31b8aaa85abc9e9f 76be608a2b3e034e",
       "c57d934c4aae540c 4fcb0bd3d8c18bbf"},
      {&tls::kEcdheEcdsaAes128GcmSha256, ClientAuthentication::none, "e6f65eaeb602f242 d792127ce721540b",
       "c5c725ddc0a48da3 d96a97047a207c13"},
      {&tls::kEcdheEcdsaAes256GcmSha384, ClientAuthentication::none, "e7e00958720df8d0 84fe748187214941",
       "302ef0dca931b31e 5d5c04b01e1cee10"},
      {&tls::kRsaAes128GcmSha256, ClientAuthentication::none, "436ed69744e87dd8 404913ba3a7ebb55",
       "c5a6c2a2cdc8d73e e239eb74fac48a29"},
      {&tls::kRsaAes128CbcSha256, ClientAuthentication::none, "ddb5beb487bf0527 e4a4d7bebc29a002",
       "5fd25a244a7104c7 9f8f49f2cd3d5609"},
      {&tls::kEcdheEcdsaAes128GcmSha256, ClientAuthentication::require, "5e08c31068b98f69 9b74fb5026978c8a",
       "5bfa4713b0d6209e 8eb8611c77c2f62c"},
      {&tls::kEcdheRsaAes256GcmSha384, ClientAuthentication::require, "5003bf14a5e2e17f 68b37382207695aa",
       "cc4e69d4629f212f 2a0bd0aa6c1a5c2e"},
      {&tls::kRsaAes128CbcSha256, ClientAuthentication::require, "50486078d69fd1b5 2ce4733c1c655edd",
       "95bc61788c2586a5 13b25a8e4a897e69"},
  };
  std::uint64_t seed = 100;
  for (const Row& row : rows) {
    FixedPolicy fixed;
    Setup setup(seed++);
    setup.use(*row.suite);
    setup.one_suite.groups = fixed.groups;
    setup.one_suite.schemes = fixed.schemes;
    setup.resumable();
    Identity rsa_client(pem::kRsaClient, rsa_key());
    Identity ecdsa_client(pem::kEcdsaClient, ecdsa_key());
    setup.server.client_authentication = row.client_authentication;
    setup.client.credentials = row.suite->key_exchange->authentication == tls::Authentication::rsa
                                   ? &ecdsa_client.credentials
                                   : &rsa_client.credentials;
    const std::string_view protocols[] = {"h2", "http/1.1"};
    setup.client.alpn = protocols;
    setup.server.alpn = std::span(protocols).subspan(1);
    auto client = setup.make_client();
    auto server = setup.make_server();
    INFO(row.suite->name << ", client certificate: "
                         << (row.client_authentication == ClientAuthentication::require));
    CHECK(bytes_of_connection(client, server) == row.full);
    const tls::Session session = std::move(*client.session());
    auto again = setup.make_client(&session);
    auto resumed = setup.make_server();
    CHECK(bytes_of_connection(again, resumed) == row.resumed);
    CHECK(again.negotiated().resumed);
  }
}
