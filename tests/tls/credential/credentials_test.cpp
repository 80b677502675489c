// SPDX-License-Identifier: Apache-2.0
// Choosing one of many: by name, by kind of key, by what a CertificateRequest says.
#include <ashlar/x509/issue.hpp>

#include "catch.hpp"
#include "credential/credentials.hpp"
#include "support/describe.hpp"
#include "tls/support/endpoint.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// A self-signed certificate for these names.
tls::Credential named(std::initializer_list<std::string_view> names, const x509::PrivateKey& key,
                      std::string_view common_name = "someone") {
  const std::vector<std::string_view> list(names);
  x509::CertificateTemplate wanted{};
  wanted.common_name = common_name;
  wanted.validity = {{1700000000}, {2000000000}};
  wanted.names = list;
  wanted.server_auth = wanted.client_auth = true;
  crypto::DeterministicRandom random(list.size());
  std::uint8_t storage[4096];
  const auto der = x509::issue(wanted, key.public_key(), {{}, {}, key}, random.random(), storage);
  return credential_of(std::array{*der}, tls::local_signer(key));
}

// The number of the credential that a client asking for `name` gets; -1 if the handshake fails.
int shown(const tls::Credentials& credentials, std::string name, const tls::Policy& policy) {
  Setup setup;
  setup.server.credentials = &credentials;
  setup.client.policy = setup.server.policy = &policy;
  setup.client.verifier = tls::dangerous_accept_any_certificate();
  setup.client.keep_peer_certificates = true;
  setup.name = std::move(name);
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  if (!pipe.run()) {
    return -1;
  }
  for (std::size_t i = 0; i < credentials.size(); ++i) {
    if (equal_public(credentials[i].certificate().der(), client.peer_certificates()[0])) {
      return static_cast<int>(i);
    }
  }
  return -2;
}

}  // namespace

TEST_CASE("credentials: the name asked for decides, exact or by wildcard, letter case aside",
          "[tls][credential]") {
  const tls::Credential first = named({"first.example"}, ecdsa_key());
  const tls::Credential wild = named({"*.wild.example", "wild.example"}, ecdsa_key());
  const tls::Credential exact = named({"exact.wild.example", "other.example"}, ecdsa_key());
  const tls::Credential rsa = named({"first.example", "rsa.example"}, rsa_key());
  const tls::Credentials all = index_of({&first, &wild, &exact, &rsa});
  const auto number = [&](std::string_view name) {
    const tls::Credential* const found = all.find(name);
    return found == nullptr ? -1 : static_cast<int>(found - &all[0]);
  };
  CHECK(number("first.example") == 0);
  CHECK(number("FIRST.example") == 0);
  CHECK(number("first.example.") == 0);
  CHECK(number("a.wild.example") == 1);
  CHECK(number("a.WILD.example") == 1);
  CHECK(number("wild.example") == 1);
  CHECK(number("a.b.wild.example") == -1);
  CHECK(number("exact.wild.example") == 1);  // in order of preference
  CHECK(number("other.example") == 2);
  CHECK(number("rsa.example") == 3);
  CHECK(number("example") == -1);
  CHECK(number("nobody.example") == -1);
  CHECK(number("") == -1);
  CHECK(number(".") == -1);
  CHECK(number("192.0.2.1") == -1);

  const tls::Policy& policy = kTls12Compat;
  CHECK(shown(all, "first.example", policy) == 0);
  CHECK(shown(all, "a.wild.example", policy) == 1);
  CHECK(shown(all, "other.example", policy) == 2);
  CHECK(shown(all, "rsa.example", policy) == 3);
  CHECK(shown(all, "nobody.example", policy) == 0);
  // A client that accepts only RSA gets the name's RSA certificate, although it comes later.
  tls::Policy rsa_alone = policy;
  const tls::tls12::Suite* const suites[] = {&tls::kEcdheRsaAes128GcmSha256};
  rsa_alone.suites = suites;
  CHECK(shown(all, "first.example", rsa_alone) == 3);
  CHECK(shown(all, "nobody.example", rsa_alone) == 3);
}

TEST_CASE("credentials: a client that sends an IP address as a name is shown that address's certificate",
          "[tls][credential]") {
  // RFC 6066 §3 forbids addresses, but some clients send them. Ours does not, so this asks the index without
  // a connection.
  const tls::Credential first = named({"a.example", "192.0.2.9"}, ecdsa_key());
  const tls::Credential second = named({"192.0.2.1", "2001:db8::1"}, ecdsa_key());
  const tls::Credential rsa = named({"192.0.2.1"}, rsa_key());
  const tls::Credentials all = index_of({&first, &second, &rsa});
  const auto number = [&](std::string_view name) {
    const tls::Credential* const found = all.find(name);
    return found == nullptr ? -1 : static_cast<int>(found - &all[0]);
  };
  CHECK(number("192.0.2.9") == 0);
  CHECK(number("192.0.2.1") == 1);
  CHECK(number("2001:DB8:0::1") == 1);
  CHECK(number("192.0.2.2") == -1);
  CHECK(number("192.0.2") == -1);
  CHECK(number("::") == -1);
  std::size_t looked_at = 0;
  for (tls::Candidates rest = all.impl().for_name("192.0.2.1"); rest.next() != nullptr;) {
    ++looked_at;
  }
  CHECK(looked_at == 3);
}

TEST_CASE("credentials: two curves under one name are two kinds of keys", "[tls][credential]") {
  crypto::DeterministicRandom random(9);
  const auto key = x509::PrivateKey::generate(x509::kP384Private, 384, random.random());
  REQUIRE(key);
  const tls::Credential p256 = named({"a.example"}, ecdsa_key());
  const tls::Credential p384 = named({"a.example"}, *key);
  const tls::Credentials all = index_of({&p256, &p384});
  tls::Policy only_p384 = kTls12Compat;
  const tls::Group* const groups[] = {&tls::kSecp384r1};
  only_p384.groups = groups;
  for (const std::string name : {"a.example", "b.example"}) {
    CHECK(shown(all, name, kTls12Compat) == 0);
    CHECK(shown(all, name, only_p384) == 1);
  }
}

TEST_CASE("credentials: the index finds what a look at every certificate finds", "[tls][credential]") {
  const std::string_view names[] = {"a.example",   "b.example",     "*.example.com",
                                    "*.b.example", "x.example.com", "*.a.example",
                                    "c.example",   "B.EXAMPLE",     "x.b.example"};
  crypto::DeterministicRandom random(5);
  std::vector<tls::Credential> made;
  for (std::size_t i = 0; i < 40; ++i) {
    const Buffer draw = noise(3, i);
    made.push_back(named({names[draw[0] % std::size(names)], names[draw[1] % std::size(names)]},
                         draw[2] % 4 == 0 ? rsa_key() : ecdsa_key()));
  }
  const auto all = tls::Credentials::create(made);
  REQUIRE(all);
  for (const std::string_view asked :
       {"a.example", "b.example", "x.b.example", "y.b.example", "x.example.com", "y.example.com",
        "example.com", "A.example", "z.x.example.com", "c.example", "d.example", "*.b.example"}) {
    INFO(asked);
    const tls::Credential* by_walking = nullptr;
    for (std::size_t i = 0; i < all->size() && by_walking == nullptr; ++i) {
      by_walking = x509::match_name((*all)[i].certificate(), asked) ? &(*all)[i] : nullptr;
    }
    CHECK(all->find(asked) == by_walking);
    // At most one of each class under each of two names.
    std::size_t looked_at = 0;
    for (tls::Candidates rest = all->impl().for_name(asked); rest.next() != nullptr;) {
      ++looked_at;
    }
    CHECK(looked_at <= 4);
  }
  std::size_t classes = 0;
  for (tls::Candidates rest = all->impl().of_any_name(); rest.next() != nullptr;) {
    ++classes;
  }
  CHECK(classes == 2);
}

TEST_CASE("credentials: none at all are refused", "[tls][credential]") {
  const auto none = tls::Credentials::create(std::span<tls::Credential>());
  REQUIRE_FALSE(none);
  CHECK(none.error() == ErrorCode::invalid_argument);
  tls::Credential gone = named({"a.example"}, ecdsa_key());
  const tls::Credential here = std::move(gone);
  CHECK(gone.empty());
  CHECK_FALSE(here.empty());
  const auto moved_from = tls::Credentials::create(std::move(gone));
  REQUIRE_FALSE(moved_from);
  CHECK(moved_from.error() == ErrorCode::invalid_argument);
}

TEST_CASE("credentials: a client shows the one whose issuer the server names, else the first that fits",
          "[tls][credential]") {
  const tls::Credential here = named({"c.example"}, ecdsa_key(), "Here");
  const tls::Credential there = named({"c.example"}, ecdsa_key(), "There");
  const tls::Credential rsa = named({"c.example"}, rsa_key(), "There");
  const tls::Credentials all = index_of({&here, &there, &rsa});
  const auto shown_to = [&](std::vector<Bytes> authorities, const tls::Policy& policy) {
    Setup setup;
    setup.client.credentials = &all;
    setup.server.policy = &policy;
    setup.server.client_authentication = tls::ClientAuthentication::require;
    setup.server.verifier = tls::dangerous_accept_any_certificate();
    setup.server.client_ca_names = authorities;
    setup.server.keep_peer_certificates = true;
    auto client = setup.make_client();
    auto server = setup.make_server();
    Pipe pipe(client, server);
    REQUIRE(pipe.run());
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (equal_public(all[i].certificate().der(), server.peer_certificates()[0])) {
        return static_cast<int>(i);
      }
    }
    return -1;
  };
  const Buffer ca = der_of(pem::kCa);
  const Bytes elsewhere = x509::Certificate::parse(ca)->subject();
  const tls::Policy& policy = kTls12Compat;
  CHECK(shown_to({}, policy) == 0);
  CHECK(shown_to({there.certificate().issuer()}, policy) == 1);
  CHECK(shown_to({elsewhere, there.certificate().issuer()}, policy) == 1);
  CHECK(shown_to({elsewhere}, policy) == 0);
  tls::Policy rsa_schemes = policy;
  const tls::Scheme* const schemes[] = {&tls::kRsaPssRsaeSha256};
  rsa_schemes.schemes = schemes;
  CHECK(shown_to({here.certificate().issuer()}, rsa_schemes) == 2);
}
