// SPDX-License-Identifier: Apache-2.0
// A server whose records are not protected: its Finished alone must bind the whole handshake
#include "support/mutate_tls.hpp"
#include "tls/honest.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  constexpr auto kRequest = tls::ClientAuthentication::request;
  if (size > 20000 || size < 2) {
    return -1;
  }
  static const tls::Policy policy = fuzz::unchecked::finished_policy();
  static const auto recordings = [] {
    std::vector<fuzz::Recording> made;
    made.push_back(fuzz::record({&policy, &policy, kRequest, false}));
    made.push_back(fuzz::record({&policy, &policy, kRequest, true}));
    return made;
  }();
  fuzz::check_server(policy, {data, size}, kRequest, false,
                     [](const fuzz::Outcome& outcome, const fuzz::Witness& witness) {
                       fuzz::check_handshake(witness, false, policy, true, outcome.done);
                       FUZZ_CHECK(!outcome.done || fuzz::is_honest_to_finished(witness, false, recordings));
                     });
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_records<2>)
