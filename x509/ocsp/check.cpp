// SPDX-License-Identifier: Apache-2.0
// Judges OCSP responses (RFC 6960 §3.2): who says so, of which certificate, when, and what.
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/anchor.hpp>
#include <ashlar/x509/oids.hpp>

#include "ocsp/response.hpp"

namespace ashlar::x509 {

using asn1::DerReader;

namespace {

// The hashes that certificates are named by. SHA-1 is enough for a name: what it names is signed.
struct HashRow {
  asn1::Oid oid;
  const crypto::HashAlgorithm* hash;
};
constexpr HashRow kHashes[] = {
    {asn1::oid("1.3.14.3.2.26"), &crypto::kSha1},
    {oids::kSha256, &crypto::kSha256},
    {oids::kSha384, &crypto::kSha384},
    {oids::kSha512, &crypto::kSha512},
};

// The content of subjectPublicKey's BIT STRING, which KeyHashes are made of.
Result<Bytes> key_bits(Bytes spki) {
  DerReader input(spki);
  ASHLAR_TRY(DerReader fields, at(Place::spki, input.sequence()));
  ASHLAR_CHECK(at(Place::spki_algorithm, fields.sequence()));
  return at(Place::spki_public_key, fields.octet_aligned_bit_string());
}

struct Issuer {
  Bytes name;
  Bytes key;   // SubjectPublicKeyInfo
  Bytes bits;  // of the key
};

bool is_hash(const crypto::HashAlgorithm& hash, Bytes of, Bytes wanted) {
  return equal_public(crypto::digest(hash, of).bytes(), wanted);
}

bool is_of(const CertId& id, const Certificate& certificate, const Issuer& issuer) {
  for (const HashRow& row : kHashes) {
    if (row.oid.is(id.hash)) {
      return equal_public(id.serial, certificate.serial()) &&
             is_hash(*row.hash, issuer.name, id.issuer_name_hash) &&
             is_hash(*row.hash, issuer.bits, id.issuer_key_hash);
    }
  }
  return false;
}

// The first entry that speaks of the certificate.
Result<OcspEntry> find_entry(const BasicResponse& response, const Certificate& certificate,
                             const Issuer& issuer) {
  DerReader entries = response.entries;
  std::uint32_t count = 0;
  for (; !entries.empty(); ++count) {
    ASHLAR_TRY(const SingleResponse single, read_single_response(entries));
    if (is_of(single.id, certificate, issuer)) {
      return single.entry;
    }
  }
  return Error{ErrorCode::ocsp_other_certificate, Place::ocsp_single_response, count};
}

// Whether the response says that who has this name and this key made it.
bool is_responder(const BasicResponse& response, Bytes name, Bytes bits) {
  return response.responder_key_hash.empty() ? digest_of_name(response.responder_name) == digest_of_name(name)
                                             : is_hash(crypto::kSha1, bits, response.responder_key_hash);
}

// Whether `key` signed it so: false if the signature is bad or does not go with the key.
Result<bool> is_signed(const KeySet& keys, Bytes spki, const SignatureMethod& method, Bytes message,
                       Bytes signature) {
  ASHLAR_TRY(const PublicKey key, PublicKey::parse_spki(spki, keys.kinds));
  ASHLAR_CHECK(keys.check_size(key));
  const Bytes parts[] = {message};
  return key.allows(method) && key.verify(method, parts, signature).ok();
}

// Whether the issuer made this certificate for a responder (RFC 6960 §4.2.2.2): it says OCSPSigning itself,
// and is valid now. Its signature is not looked at.
bool is_delegate(const Certificate& responder, const Issuer& issuer, asn1::Time now) {
  return digest_of_name(responder.issuer()) == digest_of_name(issuer.name) &&
         responder.has_extended_key_usage() && responder.allows_purpose(oids::kOcspSigning.bytes(), false) &&
         responder.allows(KeyUsage::digital_signature) && responder.unknown_critical_extension().empty() &&
         responder.validity().not_before.seconds <= now.seconds + kOcspClockSkew &&
         now.seconds - kOcspClockSkew <= responder.validity().not_after.seconds;
}

Result<bool> is_issued(const KeySet& keys, const Certificate& responder, const Issuer& issuer) {
  ASHLAR_TRY(const auto method, responder.signature_method(keys));
  return method ? is_signed(keys, issuer.key, *method, responder.tbs_certificate(), responder.signature())
                : Result<bool>(false);
}

// The key that the response is signed by: the issuer's, or that of the first certificate in it whose owner
// the responder and the issuer's delegate is. Certificates that cannot be read are nobody's.
Result<Bytes> responder_key(const BasicResponse& response, const Issuer& issuer, const OcspQuery& query,
                            bool& delegated) {
  if (is_responder(response, issuer.name, issuer.bits)) {
    return issuer.key;
  }
  DerReader certificates = response.certificates;
  for (std::size_t i = 0; i < kMaxOcspCertificates && !certificates.empty(); ++i) {
    ASHLAR_TRY(const asn1::Element element, at(Place::ocsp_certificates, certificates.any()));
    const auto responder = Certificate::parse(element.whole);
    if (!responder || !is_delegate(*responder, issuer, query.now)) {
      continue;
    }
    const auto bits = key_bits(responder->spki());
    if (!bits || !is_responder(response, responder->subject(), *bits)) {
      continue;
    }
    ASHLAR_TRY(const bool issued, is_issued(*query.keys, *responder, issuer));
    if (!issued) {
      break;  // one signature is enough to check
    }
    delegated = true;
    return responder->spki();
  }
  return Error{ErrorCode::ocsp_responder_unknown, Place::ocsp_response, 0};
}

std::uint32_t seconds_between(std::int64_t early, std::int64_t late) {
  const std::int64_t most = std::int64_t{0xffffffff};
  return static_cast<std::uint32_t>(late - early < most ? late - early : most);
}

// RFC 6960 §3.2, points 5 and 6.
Result<void> check_times(const OcspEntry& entry, asn1::Time now) {
  for (const asn1::Time said : {entry.this_update, entry.produced_at}) {
    if (said.seconds > now.seconds + kOcspClockSkew) {
      return Error{ErrorCode::ocsp_not_yet_valid, Place::ocsp_response,
                   seconds_between(now.seconds, said.seconds)};
    }
  }
  const std::int64_t end =
      entry.next_update ? entry.next_update->seconds : entry.this_update.seconds + kOcspAgeWithoutNextUpdate;
  if (end < now.seconds - kOcspClockSkew) {
    return Error{ErrorCode::ocsp_expired, Place::ocsp_response, seconds_between(end, now.seconds)};
  }
  return {};
}

}  // namespace

Result<void> check_ocsp_response(const OcspQuery& query) {
  if (query.keys == nullptr) {
    return ErrorCode::invalid_argument;
  }
  if (query.issuer_key.empty()) {
    return ErrorCode::issuer_not_known;
  }
  ASHLAR_TRY(const Certificate certificate, Certificate::parse(query.certificate));
  Issuer issuer{certificate.issuer(), query.issuer_key, {}};
  ASHLAR_TRY(issuer.bits, key_bits(issuer.key));
  ASHLAR_TRY(const BasicResponse response, read_basic_response(query.response));
  ASHLAR_TRY(OcspEntry entry, find_entry(response, certificate, issuer));
  entry.produced_at = response.produced_at;

  ASHLAR_TRY(const auto method,
             at(Place::ocsp_signature_algorithm,
                query.keys->method(response.signature_algorithm, response.signature_algorithm_offset)));
  if (!method) {
    return Error{ErrorCode::unsupported_ocsp_response, Place::ocsp_signature_algorithm,
                 response.signature_algorithm_offset};
  }
  ASHLAR_TRY(const Bytes key, responder_key(response, issuer, query, entry.delegated));
  ASHLAR_TRY(const bool is_good,
             is_signed(*query.keys, key, *method, response.signed_part, response.signature));
  if (!is_good) {
    return Error{ErrorCode::bad_ocsp_signature, Place::ocsp_response, 0};
  }
  if (query.entry != nullptr) {
    *query.entry = entry;
  }
  ASHLAR_CHECK(check_times(entry, query.now));
  if (entry.status == OcspStatus::revoked) {
    return Error{ErrorCode::certificate_revoked, Place::none, 0};
  }
  return entry.status == OcspStatus::good ? Result<void>() : ErrorCode::ocsp_status_unknown;
}

}  // namespace ashlar::x509
