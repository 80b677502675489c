// SPDX-License-Identifier: Apache-2.0
// Keys for RSASSA-PSS alone, made of plain RSA keys.
#pragma once

#include <ashlar/asn1/der.hpp>

#include <stdexcept>

#include "support/certificates.hpp"

namespace ashlar::test {

// An RSA key in PKCS#8 as one for RSASSA-PSS, with parameters or without.
inline Buffer pss_pkcs8(const x509::PrivateKey& plain, const Buffer& parameters) {
  Buffer storage(x509::kMaxPrivateKeySize);
  storage.resize(plain.write_pkcs8(storage)->size());
  asn1::DerReader input(storage);
  auto fields = *input.sequence();
  if (!fields.small_integer() || !fields.sequence()) {
    throw std::runtime_error("not a key");
  }
  const Bytes key = *fields.octet_string();
  return der([&](asn1::DerWriter& w) {
    const auto info = w.sequence();
    w.small_integer(0);
    {
      const auto algorithm = w.sequence();
      w.oid(x509::oids::kRsaPss);
      w.raw(parameters);
    }
    w.octet_string(key);
  });
}

// RSASSA-PSS-params. salt: 0: absent, which is 20.
inline Buffer pss_parameters(const asn1::Oid& hash, const asn1::Oid& mask_hash, std::uint32_t salt) {
  const auto algorithm = [](asn1::DerWriter& w, const asn1::Oid& oid) {
    const auto identifier = w.sequence();
    w.oid(oid);
    w.null();
  };
  return der([&](asn1::DerWriter& w) {
    const auto fields = w.sequence();
    {
      const auto field = w.scope(asn1::context_constructed(0));
      algorithm(w, hash);
    }
    {
      const auto field = w.scope(asn1::context_constructed(1));
      const auto mask = w.sequence();
      w.oid(x509::oids::kMgf1);
      algorithm(w, mask_hash);
    }
    if (salt != 0) {
      const auto field = w.scope(asn1::context_constructed(2));
      w.small_integer(salt);
    }
  });
}
inline Buffer pss_parameters(const asn1::Oid& hash, std::uint32_t salt) {
  return pss_parameters(hash, hash, salt);
}

}  // namespace ashlar::test
