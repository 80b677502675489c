// SPDX-License-Identifier: Apache-2.0
// A client that offers a session, against any server's bytes: only a holder of the session resumes it
#include "support/mutate_tls.hpp"
#include "tls/resumption.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  if (size > 20000) {
    return -1;
  }
  static const auto recordings = [] {
    std::vector<fuzz::Recording> made;
    made.push_back(fuzz::record_resumption(true, fuzz::compat(), fuzz::compat()));
    for (const auto& suite : fuzz::compat().suites) {
      made.push_back(fuzz::record_resumption(false, fuzz::compat(), fuzz::with_suite(fuzz::compat(), suite)));
    }
    return made;
  }();
  fuzz::check_client(
      fuzz::compat(), {data, size},
      [](const fuzz::Outcome& outcome, const fuzz::Witness& witness) {
        fuzz::check_handshake(witness, true, fuzz::compat(), true, outcome.done);
        FUZZ_CHECK(!outcome.done || fuzz::is_honest(witness, true, recordings));
        FUZZ_CHECK(fuzz::kServerData.starts_with(text_of(outcome.data)));
      },
      &fuzz::shared_session());
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_records<2>)
