// SPDX-License-Identifier: Apache-2.0
// A server whose records, Finished and key are not checked, so that any bytes get past; CertificateVerify is
// real
//
// The first byte chooses the server: its first bit says whether the suite has ECDHE, the second whether it
// asks for a certificate.
#include "support/mutate_tls.hpp"
#include "tls/endpoints.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  if (size > 20000 || size < 3) {
    return -1;
  }
  static const tls::Policy policies[] = {fuzz::unchecked::policy(false), fuzz::unchecked::policy(true)};
  const tls::Policy& policy = policies[data[0] & 1];
  fuzz::check_server(policy, {data + 1, size - 1}, static_cast<tls::ClientAuthentication>(data[0] >> 1 & 1),
                     true, [&](const fuzz::Outcome& outcome, const fuzz::Witness& witness) {
                       fuzz::check_handshake(witness, false, policy, false, outcome.done);
                     });
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_records<3>)
