// SPDX-License-Identifier: Apache-2.0
#include "credential/certificate13.hpp"

namespace ashlar::tls::tls13 {

Result<OwnCertificate> certificate_of(const Credential* own, Bytes context, AskedOfCertificate asked) {
  OwnCertificate out;
  out.message.context = context;
  out.size = 1 + context.size() + 3;
  if (own == nullptr) {
    return out;
  }
  const auto add = [&out](Bytes shown) {
    out.size += 3 + shown.size() + 2;
    return out.message.certificates.push(shown);
  };
  for (std::size_t i = 0; i < own->size(); ++i) {
    ASHLAR_CHECK(add(own->certificate(i).der()));
  }
  if (own->type() == CertificateType::raw_public_key) {
    ASHLAR_CHECK(add(own->raw_public_key()));
  }
  out.message.ocsp_response = asked.status ? Bytes(own->impl().ocsp_staple) : Bytes();
  out.message.timestamps = asked.timestamps ? Bytes(own->impl().timestamp_list) : Bytes();
  out.size += 32 + out.message.ocsp_response.size() + out.message.timestamps.size();
  return out;
}

}  // namespace ashlar::tls::tls13
