// SPDX-License-Identifier: Apache-2.0
// What goes with a handshake of either version: exported keys, and what is stapled to a certificate.
#pragma once

#include "tls/support/endpoint.hpp"

namespace ashlar::test {

inline Buffer exported(const tls::Connection& from, std::string_view label, std::optional<Bytes> context) {
  Buffer out(40);
  REQUIRE(from.export_keying_material(label, context, out));
  return out;
}

// A credential with an OCSP response and two timestamps. What they say is the peer's affair.
struct Stapled {
  explicit Stapled(std::string_view certificate, bool with_response = true)
      : chain(der_of(certificate)),
        response(with_response ? noise(900, 1) : Buffer()),
        first(noise(120, 2)),
        second(noise(60, 3)),
        credentials(make()) {}
  tls::Credentials make() {
    const Bytes certificates[] = {chain};
    const Bytes timestamps[] = {first, second};
    auto made =
        tls::Credential::create({.chain = certificates, .ocsp_staple = response, .timestamps = timestamps},
                                tls::local_signer(ecdsa_key()));
    REQUIRE(made);
    return index_of({&*made});
  }
  Buffer chain, response, first, second;
  tls::Credentials credentials;
};

}  // namespace ashlar::test
