// SPDX-License-Identifier: Apache-2.0
// OCSP responses (RFC 6960): whether the issuer of a certificate still stands by it. Ashlar asks nobody. It
// judges what a server staples to its certificate, or what a program has fetched.
//
//   x509::OcspQuery query{response, certificate, issuer_key, now, &x509::kUsualKeys};
//   ASHLAR_CHECK(x509::check_ocsp_response(query));   // signed, for this certificate, of today, and good
#pragma once

#include <ashlar/x509/certificate.hpp>
#include <ashlar/x509/key_set.hpp>

namespace ashlar::x509 {

enum class OcspStatus : std::uint8_t { good, revoked, unknown };  // as RFC 6960 §4.2.1 numbers them

// What a response says about one certificate, once it is known who says so.
struct OcspEntry {
  OcspStatus status = OcspStatus::unknown;
  asn1::Time produced_at;
  asn1::Time this_update;
  std::optional<asn1::Time> next_update;
  asn1::Time revoked_at;               // if it is revoked
  std::optional<std::uint8_t> reason;  // a CRLReason (RFC 5280 §5.3.1), if it was said
  bool delegated = false;              // the responder is not the issuer itself
};

// How far clocks may differ, in seconds.
inline constexpr std::int64_t kOcspClockSkew = 5 * 60;
// How long a response without nextUpdate holds, in seconds.
inline constexpr std::int64_t kOcspAgeWithoutNextUpdate = 24 * 60 * 60;
// Certificates in a response that are looked at, to find the responder's.
inline constexpr std::size_t kMaxOcspCertificates = 4;

// Valid during the call only.
struct OcspQuery {
  Bytes response;     // an OCSPResponse in DER
  Bytes certificate;  // whose status is wanted, in DER
  // The SubjectPublicKeyInfo of who issued it. It comes from a path that was verified.
  Bytes issuer_key;
  asn1::Time now;
  const KeySet* keys = nullptr;  // that may sign responses; null: invalid_argument
  // Receives what the response says, if its signature is good; may be null.
  OcspEntry* entry = nullptr;
};

// Whether the response says that the certificate is good. It must be DER and a BasicOCSPResponse of version
// 1. It must have an entry for the certificate, found by the hashes of the issuer's name and key (SHA-1 or
// SHA-2) and the serial number. It must be signed by the issuer, or by a responder whose certificate comes
// with it: issued by the same key, for OCSPSigning, and valid now. That certificate's own revocation is not
// asked about (RFC 6960 §4.2.2.2.1). It must be of now. A response that has no nextUpdate holds for a day.
//
// Errors: certificate_revoked; ocsp_status_unknown; those whose names begin with ocsp_ or have it in them;
// what is wrong with the DER, with the place. One entry is judged: the first that fits. At most two
// signatures are checked.
Result<void> check_ocsp_response(const OcspQuery& query);

}  // namespace ashlar::x509
