// SPDX-License-Identifier: Apache-2.0
// What a server should say about its certificates when it starts.
#include <ashlar/tls/findings.hpp>
#include <ashlar/x509/issue.hpp>

#include "catch.hpp"
#include "support/describe.hpp"
#include "tls/support/endpoint.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// "0 certificate_expired 1": the credential, the finding, and its detail.
std::vector<std::string> lines(const tls::Findings& findings) {
  std::vector<std::string> out;
  for (const tls::Finding& each : findings.all()) {
    out.push_back(std::to_string(each.credential) + " " + std::string(error_row(each.error.code)->name) +
                  " " + std::to_string(each.error.detail) + (each.harmless ? " harmless" : ""));
  }
  return out;
}
using Lines = std::vector<std::string>;

constexpr std::int64_t kToday = 1893456000;

Buffer made(std::int64_t from, std::int64_t to, bool server, std::span<const std::string_view> names) {
  x509::CertificateTemplate wanted{};
  wanted.common_name = "someone";
  wanted.validity = {{from}, {to}};
  wanted.server_auth = server;
  wanted.client_auth = !server;
  wanted.names = names;
  crypto::DeterministicRandom random(1);
  Buffer der(4096);
  const auto issued =
      x509::issue(wanted, ecdsa_key().public_key(), {{}, {}, ecdsa_key()}, random.random(), der);
  der.resize(issued->size());
  return der;
}

Lines found(const Buffer& der, const x509::Purpose& purpose = x509::Purpose::server_auth) {
  const tls::Credential credential = credential_of(std::array{Bytes(der)}, tls::local_signer(ecdsa_key()));
  return lines(tls::findings(credential, asn1::Time{kToday}, purpose));
}

}  // namespace

TEST_CASE("findings: times, purpose and names of a certificate", "[tls][credential]") {
  constexpr std::string_view names[] = {"a.example"};
  constexpr std::string_view address[] = {"192.0.2.1"};
  CHECK(found(made(kToday, kToday, true, names)) == Lines{});
  CHECK(found(made(kToday, kToday, true, address)) == Lines{});
  CHECK(found(made(kToday - 2, kToday - 1, true, names)) == Lines{"0 certificate_expired 0"});
  CHECK(found(made(kToday + 1, kToday + 2, true, names)) == Lines{"0 certificate_not_yet_valid 0"});
  CHECK(found(made(kToday, kToday, false, names)) == Lines{"0 wrong_extended_key_usage 0"});
  CHECK(found(made(kToday, kToday, false, names), x509::Purpose::client_auth) == Lines{});
  CHECK(found(made(kToday, kToday, true, {})) == Lines{"0 certificate_without_names 0"});
  CHECK(found(made(kToday, kToday, false, {}), x509::Purpose::client_auth) == Lines{});
}

TEST_CASE("findings: of other certificates of the chain, with their index", "[tls][credential]") {
  const LongChain ladder(3, 1);
  const tls::Credential credential = credential_of(ladder.chain(), tls::local_signer(ladder.key()));
  CHECK(lines(tls::findings(credential, asn1::Time{kToday}, x509::Purpose::server_auth)) == Lines{});
  CHECK(lines(tls::findings(credential, asn1::Time{2000000001}, x509::Purpose::server_auth)) ==
        Lines{"0 certificate_expired 0", "0 certificate_expired 1", "0 certificate_expired 2"});
}

TEST_CASE("findings: of a config, credentials and suites that do not go together", "[tls][credential]") {
  Setup setup;
  CHECK(lines(tls::findings(setup.server)) == Lines{});
  tls::Policy policy = kTls12Modern;
  const tls::tls12::Suite* const suites[] = {&tls::kEcdheEcdsaAes128GcmSha256,
                                             &tls::kEcdheEcdsaAes256GcmSha384};
  policy.suites = suites;
  setup.server.policy = &policy;
  CHECK(lines(tls::findings(setup.server)) == Lines{"0 credential_fits_no_suite 0 harmless"});
  setup.server.policy = &kTls12Compat;
  setup.server.credentials = &setup.ecdsa.credentials;
  const Lines unused = lines(tls::findings(setup.server));
  // ECDHE_RSA, DHE_RSA and RSA: one line each, not one for every suite.
  CHECK(unused.size() == 3);
  for (const std::string& line : unused) {
    CHECK(line.find("suite_fits_no_credential") != std::string::npos);
  }
  setup.server.credentials = nullptr;
  setup.server.ask_for_credential = true;
  CHECK(tls::findings(setup.server).empty());
  CHECK(tls::findings(setup.client).empty());
  // If the caller is asked, nothing else is used.
  tls::Credentials gone = index_of({&setup.ecdsa.credential});
  const tls::Credentials here = std::move(gone);
  setup.server.credentials = &gone;
  REQUIRE(tls::Server::create(setup.server));
  CHECK(tls::findings(setup.server).empty());
  setup.client.credentials = &setup.rsa.credentials;
  CHECK(lines(tls::findings(setup.client)) == Lines{"0 wrong_extended_key_usage 0"});
}

TEST_CASE("findings: there are at most so many, and the others are counted", "[tls][credential]") {
  Setup setup;
  std::vector<tls::Credential> many;
  for (int i = 0; i < 40; ++i) {
    many.push_back(setup.ecdsa.credential.share());
  }
  const auto credentials = tls::Credentials::create(many);
  setup.server.credentials = &*credentials;
  setup.clock.seconds = 3400000000;
  const tls::Findings all = tls::findings(setup.server);
  CHECK(all.all().size() == tls::Findings::kMost);
  CHECK(all.left_out() + all.all().size() >= 40);
}
