// SPDX-License-Identifier: Apache-2.0
// A whole server against any client's bytes: a client that gets through was honest; whole and split are alike
#include "support/mutate_tls.hpp"
#include "tls/honest.hpp"
#include "tls/recorded_signer.hpp"

namespace {

using namespace ashlar;

constexpr auto kRequest = tls::ClientAuthentication::request;

// For each suite, what a client says that has this suite only, with a certificate and without. The server's
// keys sign and decrypt for these alone: tampered_server has real ones.
const std::vector<fuzz::Recording>& recordings() {
  static const std::vector<fuzz::Recording> all = fuzz::with_recorded_keys([] {
    std::vector<fuzz::Recording> made;
    for (const auto& suite : fuzz::compat().suites) {
      const tls::Policy one = fuzz::with_suite(fuzz::compat(), suite);
      for (const bool certificate : {false, true}) {
        made.push_back(fuzz::record({&one, &fuzz::compat(), kRequest, certificate}));
      }
    }
    return made;
  });
  return all;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 20000) {
    return -1;
  }
  (void)recordings();
  fuzz::check_server(fuzz::compat(), {data, size}, kRequest, false,
                     [](const fuzz::Outcome& outcome, const fuzz::Witness& witness) {
                       fuzz::check_handshake(witness, false, fuzz::compat(), false, outcome.done);
                       FUZZ_CHECK(!outcome.done || fuzz::is_honest(witness, false, recordings()));
                       FUZZ_CHECK(fuzz::kClientData.starts_with(text_of(outcome.data)));
                     });
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_records<2>)
