// SPDX-License-Identifier: Apache-2.0
// A BasicOCSPResponse (RFC 6960 §4.2.1) as views into its DER.
#pragma once

#include <ashlar/x509/ocsp.hpp>

#include "algorithms.hpp"

namespace ashlar::x509 {

// Which certificate an entry speaks of.
struct CertId {
  Bytes hash;  // content bytes of the OID
  Bytes issuer_name_hash;
  Bytes issuer_key_hash;
  Bytes serial;  // content of the INTEGER
};

struct SingleResponse {
  CertId id;
  OcspEntry entry;  // but for produced_at and delegated
};

struct BasicResponse {
  Bytes signed_part;  // tbsResponseData, header included
  // One of these is empty: who signed.
  Bytes responder_name;      // the whole Name
  Bytes responder_key_hash;  // SHA-1 of the content of its subjectPublicKey
  asn1::Time produced_at;
  asn1::DerReader entries{Bytes()};  // SingleResponses
  Bytes signature_algorithm;         // the whole AlgorithmIdentifier
  std::uint32_t signature_algorithm_offset = 0;
  Bytes signature;
  asn1::DerReader certificates{Bytes()};
};

// Reads the frame, and that every entry is well-formed.
Result<BasicResponse> read_basic_response(Bytes der);
Result<SingleResponse> read_single_response(asn1::DerReader& entries);

}  // namespace ashlar::x509
