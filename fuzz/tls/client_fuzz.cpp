// SPDX-License-Identifier: Apache-2.0
// A whole client against any server's bytes: only an honest server is taken for one; whole and split are
// alike
#include "support/mutate_tls.hpp"
#include "tls/honest.hpp"

namespace {

using namespace ashlar;

// For each suite, what a server says that has this suite only.
const std::vector<fuzz::Recording>& recordings() {
  static const std::vector<fuzz::Recording> all = [] {
    std::vector<fuzz::Recording> made;
    for (const auto& suite : fuzz::compat().suites) {
      const tls::Policy one = fuzz::with_suite(fuzz::compat(), suite);
      for (const auto authentication :
           {tls::ClientAuthentication::none, tls::ClientAuthentication::request}) {
        made.push_back(fuzz::record({&fuzz::compat(), &one, authentication}));
      }
    }
    return made;
  }();
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 20000) {
    return -1;
  }
  fuzz::check_client(fuzz::compat(), {data, size},
                     [](const fuzz::Outcome& outcome, const fuzz::Witness& witness) {
                       fuzz::check_handshake(witness, true, fuzz::compat(), true, outcome.done);
                       FUZZ_CHECK(!outcome.done || fuzz::is_honest(witness, true, recordings()));
                       // And the server has said no more than that.
                       FUZZ_CHECK(fuzz::kServerData.starts_with(text_of(outcome.data)));
                     });
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_records<2>)
