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

struct WireRow {
  const tls::tls12::Suite* suite;
  tls::ClientAuthentication client_authentication;
  const char* full;
  const char* resumed;
};

}  // namespace

TEST_CASE("wire: a connection's bytes are those that were written down") {
  using tls::ClientAuthentication;
  const WireRow rows[] = {
      {&tls::kEcdheRsaAes128GcmSha256, ClientAuthentication::none, "2cf2c938ab70130b 9f98266496e77e06",
       "d9a9e8023ffbe292 8df68628978fc88f"},
      {&tls::kEcdheRsaAes256GcmSha384, ClientAuthentication::none, "018804850bc52726 76be608a2b3e034e",
       "d94f48f2df537c3b 4fcb0bd3d8c18bbf"},
      {&tls::kEcdheEcdsaAes128GcmSha256, ClientAuthentication::none, "9164600b26543df8 d792127ce721540b",
       "c6554f4f8cce80a6 d96a97047a207c13"},
      {&tls::kEcdheEcdsaAes256GcmSha384, ClientAuthentication::none, "36840b7742800a2d 84fe748187214941",
       "79c541a3076f43f7 5d5c04b01e1cee10"},
      {&tls::kRsaAes128GcmSha256, ClientAuthentication::none, "ffc82bd5ca2f4609 404913ba3a7ebb55",
       "561590d362a3bfb5 e239eb74fac48a29"},
      {&tls::kRsaAes128CbcSha256, ClientAuthentication::none, "b24327d7564f24e3 e4a4d7bebc29a002",
       "29b37fa9c90291bb 9f8f49f2cd3d5609"},
      {&tls::kEcdheEcdsaAes128GcmSha256, ClientAuthentication::require, "d25fd4f9e1240742 9b74fb5026978c8a",
       "ce37b66b98e5fb89 8eb8611c77c2f62c"},
      {&tls::kEcdheRsaAes256GcmSha384, ClientAuthentication::require, "63807a9cfbe8ccef 68b37382207695aa",
       "47ecce396468cd20 2a0bd0aa6c1a5c2e"},
      {&tls::kRsaAes128CbcSha256, ClientAuthentication::require, "65427d27be15665e 2ce4733c1c655edd",
       "d0c60dd4d2857a3f 13b25a8e4a897e69"},
  };
  std::uint64_t seed = 100;
  for (const WireRow& row : rows) {
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
