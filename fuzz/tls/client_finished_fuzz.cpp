// SPDX-License-Identifier: Apache-2.0
// A client whose records are not protected: its Finished alone must bind the whole handshake
#include "support/mutate_tls.hpp"
#include "tls/honest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  if (size > 20000 || size < 2) {
    return -1;
  }
  static const tls::Policy policy = fuzz::unchecked::finished_policy();
  static const auto recordings = [] {
    std::vector<fuzz::Recording> made;
    made.push_back(fuzz::record({&policy, &policy}));
    made.push_back(fuzz::record({&policy, &policy, tls::ClientAuthentication::request}));
    return made;
  }();
  fuzz::check_client(policy, {data, size}, [](const fuzz::Outcome& outcome, const fuzz::Witness& witness) {
    fuzz::check_handshake(witness, true, policy, true, outcome.done);
    FUZZ_CHECK(!outcome.done || fuzz::is_honest_to_finished(witness, true, recordings));
  });
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_records<2>)
