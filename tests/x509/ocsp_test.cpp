// SPDX-License-Identifier: Apache-2.0
#include <ashlar/x509/ocsp.hpp>

#include "catch.hpp"
#include "support/describe.hpp"
#include "support/ocsp_responses.hpp"

using namespace ashlar;
using namespace ashlar::x509;
using namespace ashlar::test;

namespace {

const asn1::Oid kOcspSigning = oids::kOcspSigning;

Buffer ocsp_leaf() {
  CertificateSpec spec;
  spec.serial = unhex("4f00ff01");
  return make(spec);
}

// A responder's certificate: p256_key(3), issued by the root.
CertificateSpec delegate_spec() {
  CertificateSpec spec;
  spec.subject = name_of("responder");
  spec.key = 3;
  spec.extensions = {extended_key_usage({kOcspSigning})};
  return spec;
}

OcspSpec good_spec() {
  OcspSpec spec;
  spec.certificate = ocsp_leaf();
  return spec;
}
OcspSpec delegated_spec(const CertificateSpec& delegate) {
  OcspSpec spec = good_spec();
  spec.signing_key = 3;
  spec.responder_name = delegate.subject;
  spec.certificates = {make(delegate)};
  return spec;
}

Result<void> judge_response(const OcspSpec& spec, Bytes response, OcspEntry* entry = nullptr,
                            const KeySet& keys = kUsualKeys) {
  std::uint8_t spki[kMaxSpkiSize];
  const Bytes issuer = *p256_key(2).public_key().write_spki(spki);
  return check_ocsp_response({response, spec.certificate, issuer, spec.now, &keys, entry});
}

std::string verdict_on(const OcspSpec& spec, OcspEntry* entry = nullptr) {
  const Buffer response = make(spec);
  const auto judged = judge_response(spec, response, entry);
  return judged ? "good" : std::string(error_row(judged.error().code)->name);
}

}  // namespace

TEST_CASE("X30 OCSP: the issuer's response says good, and what it says is told", "[x509]") {
  OcspSpec spec = good_spec();
  OcspEntry entry;
  CHECK(verdict_on(spec, &entry) == "good");
  CHECK(entry.status == OcspStatus::good);
  CHECK_FALSE(entry.delegated);
  CHECK(entry.this_update.seconds == spec.now.seconds - 3600);
  CHECK(entry.produced_at.seconds == spec.now.seconds - 60);
  REQUIRE(entry.next_update);
  CHECK(entry.next_update->seconds == spec.now.seconds + 86400);
  spec.by_key = true;
  CHECK(verdict_on(spec) == "good");
  spec.hash = oids::kSha256;
  spec.hash_function = &crypto::kSha256;
  CHECK(verdict_on(spec) == "good");
  spec.hash_parameters = false;
  CHECK(verdict_on(spec) == "good");
  spec.nonce = true;
  spec.copies = 3;
  CHECK(verdict_on(spec) == "good");
}

TEST_CASE("X30 OCSP: revoked and unknown are told as that, with the reason", "[x509]") {
  OcspSpec spec = good_spec();
  OcspEntry entry;
  spec.status = 1;
  CHECK(verdict_on(spec, &entry) == "certificate_revoked");
  CHECK(entry.status == OcspStatus::revoked);
  CHECK(entry.revoked_at.seconds == spec.now.seconds - 86400);
  CHECK_FALSE(entry.reason);
  spec.reason = std::uint8_t{1};
  CHECK(verdict_on(spec, &entry) == "certificate_revoked");
  CHECK(entry.reason == std::optional<std::uint8_t>(1));
  CHECK(alert_of(ErrorCode::certificate_revoked) == Alert::certificate_revoked);
  spec.status = 2;
  CHECK(verdict_on(spec, &entry) == "ocsp_status_unknown");
  CHECK(entry.status == OcspStatus::unknown);
  CHECK(alert_of(ErrorCode::ocsp_status_unknown) == Alert::bad_certificate_status_response);
  spec.status = 3;
  CHECK(verdict_on(spec) == "der_unexpected_tag");
}

TEST_CASE("X31 OCSP: a response is for one certificate: its issuer's name and key, and its number",
          "[x509]") {
  OcspSpec spec = good_spec();
  spec.serial = unhex("4f00ff02");
  CHECK(verdict_on(spec) == "ocsp_other_certificate");
  spec.serial = unhex("004f00ff01");
  CHECK(verdict_on(spec) == "der_integer_not_minimal");
  spec.serial.reset();
  spec.issuer_key = 5;
  CHECK(verdict_on(spec) == "ocsp_other_certificate");
  // A hash that is not known names nothing.
  spec = good_spec();
  spec.hash = asn1::oid("1.2.840.113549.2.5");
  CHECK(verdict_on(spec) == "ocsp_other_certificate");
  spec = good_spec();
  spec.copies = 0;
  CHECK(verdict_on(spec) == "ocsp_other_certificate");
  // Which of the entries were looked at is told.
  spec = good_spec();
  spec.copies = 3;
  spec.serial = unhex("01");
  CHECK(judge_response(spec, make(spec)).error().detail == 3);
  for (const auto& [hash, function] :
       {std::pair{oids::kSha384, &crypto::kSha384}, std::pair{oids::kSha512, &crypto::kSha512}}) {
    spec = good_spec();
    spec.hash = hash;
    spec.hash_function = function;
    CHECK(verdict_on(spec) == "good");
  }
  // The name of the issuer too: one that another CA of the same key has is another.
  spec = good_spec();
  const Buffer response = make(spec);
  CertificateSpec other;
  other.serial = unhex("4f00ff01");
  other.issuer = name_of("other root");
  spec.certificate = make(other);
  CHECK(judge_response(spec, response).error() == ErrorCode::ocsp_other_certificate);
}

TEST_CASE("X32 OCSP: it must be signed by the issuer, or by who the issuer made a responder", "[x509]") {
  OcspEntry entry;
  OcspSpec spec = delegated_spec(delegate_spec());
  CHECK(verdict_on(spec, &entry) == "good");
  CHECK(entry.delegated);
  spec.by_key = true;
  CHECK(verdict_on(spec) == "good");

  const auto with = [](const auto& change) {
    CertificateSpec delegate = delegate_spec();
    change(delegate);
    return verdict_on(delegated_spec(delegate));
  };
  using Spec = CertificateSpec;
  CHECK(with([](Spec& d) { d.extensions.clear(); }) == "ocsp_responder_unknown");
  CHECK(with([](Spec& d) { d.extensions = {extended_key_usage({oids::kServerAuth})}; }) ==
        "ocsp_responder_unknown");
  CHECK(with([](Spec& d) { d.extensions = {extended_key_usage({oids::kAnyExtendedKeyUsage})}; }) ==
        "ocsp_responder_unknown");
  CHECK(with([](Spec& d) { d.extensions.push_back(key_usage({KeyUsage::key_encipherment})); }) ==
        "ocsp_responder_unknown");
  CHECK(with([](Spec& d) { d.extensions.push_back(key_usage({KeyUsage::digital_signature})); }) == "good");
  CHECK(with([](Spec& d) {
          d.extensions.push_back({asn1::oid("1.2.3.4"), true, unhex("0500")});
        }) == "ocsp_responder_unknown");
  CHECK(with([](Spec& d) { d.issuer = name_of("other root"); }) == "ocsp_responder_unknown");
  CHECK(with([](Spec& d) { d.issuer_key = 5; }) == "ocsp_responder_unknown");
  CHECK(with([](Spec& d) { d.key = 5; }) == "bad_ocsp_signature");
  for (const auto* times : {"190101000000Z 290101000000Z", "310101000000Z 400101000000Z"}) {
    const std::string_view both(times);
    CHECK(with([&](Spec& d) {
            d.validity = der([&](asn1::DerWriter& w) {
              const auto fields = w.sequence();
              w.time(at_time(both.substr(0, 13)));
              w.time(at_time(both.substr(14)));
            });
          }) == "ocsp_responder_unknown");
  }

  const std::int64_t now = spec.now.seconds;
  for (const std::int64_t late : {0, 1}) {
    const auto valid = [&](std::int64_t from, std::int64_t to) {
      return with([&](Spec& d) {
        d.validity = der([&](asn1::DerWriter& w) {
          const auto fields = w.sequence();
          w.time({from});
          w.time({to});
        });
      });
    };
    const char* const verdict = late == 0 ? "good" : "ocsp_responder_unknown";
    CHECK(valid(now + kOcspClockSkew + late, now + 86400) == verdict);
    CHECK(valid(now - 86400, now - kOcspClockSkew - late) == verdict);
  }
  // The response names another responder than the one whose certificate comes with it.
  spec = delegated_spec(delegate_spec());
  spec.responder_name = name_of("another responder");
  CHECK(verdict_on(spec) == "ocsp_responder_unknown");
  // Of certificates that say they are the issuer's, one signature is checked.
  CertificateSpec forged = delegate_spec();
  forged.issuer_key = 5;
  spec = delegated_spec(delegate_spec());
  spec.certificates.insert(spec.certificates.begin(), make(forged));
  CHECK(verdict_on(spec) == "ocsp_responder_unknown");

  // Nobody at all, the peer itself, and a responder behind too many certificates.
  spec = delegated_spec(delegate_spec());
  spec.certificates.clear();
  CHECK(verdict_on(spec) == "ocsp_responder_unknown");
  spec.signing_key = 1;
  spec.responder_name = name_of("leaf");
  spec.certificates = {spec.certificate};
  CHECK(verdict_on(spec) == "ocsp_responder_unknown");
  spec = delegated_spec(delegate_spec());
  const std::vector<Buffer> three(kMaxOcspCertificates - 1, spec.certificate);
  spec.certificates.insert(spec.certificates.begin(), three.begin(), three.end());
  CHECK(verdict_on(spec) == "good");
  spec.certificates.insert(spec.certificates.begin(), spec.certificate);
  CHECK(verdict_on(spec) == "ocsp_responder_unknown");
  // A certificate that cannot be read is nobody's.
  spec = delegated_spec(delegate_spec());
  spec.certificates.insert(spec.certificates.begin(), unhex("3000"));
  CHECK(verdict_on(spec) == "good");

  // The issuer's name, and another's signature.
  spec = good_spec();
  spec.signing_key = 3;
  CHECK(verdict_on(spec) == "bad_ocsp_signature");
  spec = good_spec();
  const Buffer response = make(spec);
  const KeySet no_ecdsa = {kUsualKeys.kinds, kUsualKeys.algorithms.first(1)};
  CHECK(judge_response(spec, response, nullptr, no_ecdsa).error() == ErrorCode::unsupported_ocsp_response);
  const MinimumSize larger[] = {{&kP256, 257}};
  KeySet demanding = kUsualKeys;
  demanding.minimum_sizes = larger;
  CHECK(judge_response(spec, response, nullptr, demanding).error() == ErrorCode::key_too_small);
}

TEST_CASE("X33 OCSP: a response of another time is not good", "[x509]") {
  struct Row {
    std::int64_t produced, this_update;
    std::optional<std::int64_t> next_update;
    const char* verdict;
  };
  for (const Row& row : {
           Row{-60, -3600, -kOcspClockSkew, "good"},
           Row{-60, -3600, -kOcspClockSkew - 1, "ocsp_expired"},
           Row{-60, kOcspClockSkew, 86400, "good"},
           Row{-60, kOcspClockSkew + 1, 86400, "ocsp_not_yet_valid"},
           Row{kOcspClockSkew, -60, 86400, "good"},
           Row{kOcspClockSkew + 1, -60, 86400, "ocsp_not_yet_valid"},
           Row{-60, -kOcspAgeWithoutNextUpdate, std::nullopt, "good"},
           Row{-60, -kOcspAgeWithoutNextUpdate - kOcspClockSkew - 1, std::nullopt, "ocsp_expired"},
           Row{-60, -60, -61, "bad_ocsp_times"},
           Row{-60, -60, -60, "good"},
           Row{-60, -40 * 365 * 86400LL, 100 * 365 * 86400LL, "good"},
       }) {
    OcspSpec spec = good_spec();
    spec.produced = row.produced;
    spec.this_update = row.this_update;
    spec.next_update = row.next_update;
    CHECK(verdict_on(spec) == row.verdict);
  }
  // By how many seconds is told, as far as 32 bits go.
  const auto seconds = [](std::int64_t this_update, std::int64_t next_update) {
    OcspSpec off = good_spec();
    off.this_update = this_update;
    off.next_update = next_update;
    return judge_response(off, make(off)).error().detail;
  };
  CHECK(seconds(-3600, -kOcspClockSkew - 7) == kOcspClockSkew + 7);
  CHECK(seconds(kOcspClockSkew + 5, 86400) == kOcspClockSkew + 5);
  // Too old and revoked: that it is too old is told, for a responder may have taken it back.
  OcspSpec spec = good_spec();
  spec.status = 1;
  spec.next_update = -3000;
  CHECK(verdict_on(spec) == "ocsp_expired");
}

TEST_CASE("X34 OCSP: other responses are refused as what they are", "[x509]") {
  OcspSpec spec = good_spec();
  spec.response_status = 3;
  CHECK(verdict_on(spec) == "ocsp_not_successful");
  spec.no_bytes = true;
  CHECK(verdict_on(spec) == "ocsp_not_successful");
  spec.response_status = 0;
  CHECK(verdict_on(spec) == "truncated");
  spec.response_status = 0x80;
  CHECK(verdict_on(spec) == "der_integer_too_large");
  spec = good_spec();
  spec.response_type = asn1::oid("1.3.6.1.5.5.7.48.1.2");
  CHECK(verdict_on(spec) == "unsupported_ocsp_response");
  for (const std::uint32_t version : {0u, 1u}) {
    spec = good_spec();
    spec.version = version;
    CHECK(verdict_on(spec) == "unsupported_ocsp_response");
  }
  spec = good_spec();
  spec.critical_extension = true;
  CHECK(verdict_on(spec) == "unsupported_ocsp_response");
  spec = good_spec();
  spec.critical_single_extension = true;
  CHECK(verdict_on(spec) == "unsupported_ocsp_response");
  spec = good_spec();
  spec.responder_name = name_of("");
  CHECK(verdict_on(spec) == "der_empty");
  // Whoever judged the certificate did not say who issued it; no keys were given.
  spec = good_spec();
  const Buffer response = make(spec);
  CHECK(check_ocsp_response({response, spec.certificate, {}, spec.now, &kUsualKeys}).error() ==
        ErrorCode::issuer_not_known);
  CHECK(check_ocsp_response({response, spec.certificate, {}, spec.now, nullptr}).error() ==
        ErrorCode::invalid_argument);
}

TEST_CASE("X34 OCSP: every byte counts: no changed, cut or longer response is good", "[x509]") {
  OcspSpec spec = delegated_spec(delegate_spec());
  spec.by_key = true;
  const Buffer response = make(spec);
  REQUIRE(judge_response(spec, response));
  std::size_t good = 0;
  for (std::size_t i = 0; i < response.size(); ++i) {
    Buffer changed = response;
    changed[i] ^= 1;
    good += judge_response(spec, changed).ok() ? 1u : 0u;
    CHECK_FALSE(judge_response(spec, Bytes(response).first(i)));
  }
  CHECK(good == 0);
  Buffer longer = response;
  longer.push_back(0);
  CHECK(judge_response(spec, longer).error() == ErrorCode::trailing_data);
}
