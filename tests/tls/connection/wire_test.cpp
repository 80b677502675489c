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
      {&tls::kEcdheRsaAes128GcmSha256, ClientAuthentication::none, "9e2e7226eb9c2237 7e1a9401639d5e07",
       "9c1edcebdd9213cd b94591963a12df5e"},
      {&tls::kEcdheRsaAes256GcmSha384, ClientAuthentication::none, "564bf57efb3c3fc7 bedea76fe0c3b339",
       "da3824d589ff74c3 56da72121f8207e2"},
      {&tls::kEcdheEcdsaAes128GcmSha256, ClientAuthentication::none, "6e867ef905763b33 9efe08d35c25646a",
       "98c641391b57a39f c83209d433bef826"},
      {&tls::kEcdheEcdsaAes256GcmSha384, ClientAuthentication::none, "723b78c3e5b38da9 67e5ec4c9a272d47",
       "e92e44fbba410d51 4203ae475d027a6d"},
      {&tls::kRsaAes128GcmSha256, ClientAuthentication::none, "78e7de11cef494d0 60a6a843a297a8a1",
       "d03f98ec38467e93 b5dea3031b774323"},
      {&tls::kRsaAes128CbcSha256, ClientAuthentication::none, "8e1538f4fd4e6679 89227a292210133b",
       "1d298b0294f22ba2 5899117159a71130"},
      {&tls::kEcdheEcdsaAes128GcmSha256, ClientAuthentication::require, "5a78b1abd6bffcb9 331181cf8641638e",
       "e9fbb50908aa43de 7c295b0708e719d6"},
      {&tls::kEcdheRsaAes256GcmSha384, ClientAuthentication::require, "d8b32ed1e4b808fe c3c382151f8b5e54",
       "b405cb0e2f19fa2f 2842812f32382772"},
      {&tls::kRsaAes128CbcSha256, ClientAuthentication::require, "94b13d38e5656a37 119e9e51a3fafada",
       "6cb643d6bbd1bcac cb748d85141a9e10"},
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
