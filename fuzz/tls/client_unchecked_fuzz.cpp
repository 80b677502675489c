// SPDX-License-Identifier: Apache-2.0
// A client whose records and Finished are not checked, so that any bytes get past them; signatures are real
//
// The first byte says whether its suite has ECDHE.
#include "support/mutate_tls.hpp"
#include "tls/endpoints.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  if (size > 20000 || size < 3) {
    return -1;
  }
  static const tls::Policy policies[] = {fuzz::unchecked::policy(false), fuzz::unchecked::policy(true)};
  const tls::Policy& policy = policies[data[0] & 1];
  fuzz::check_client(policy, {data + 1, size - 1},
                     [&](const fuzz::Outcome& outcome, const fuzz::Witness& witness) {
                       fuzz::check_handshake(witness, true, policy, true, outcome.done);
                     });
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_records<3>)
