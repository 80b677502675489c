// SPDX-License-Identifier: Apache-2.0
// A server that has a session, against any client's bytes: only a holder of the session resumes it
#include "support/mutate_tls.hpp"
#include "tls/resumption.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  if (size > 20000) {
    return -1;
  }
  static const auto recordings = [] {
    std::vector<fuzz::Recording> made;
    for (const bool known : {true, false}) {
      for (const auto& suite : fuzz::compat().suites) {
        made.push_back(
            fuzz::record_resumption(true, fuzz::with_suite(fuzz::compat(), suite), fuzz::compat(), known));
      }
      made.push_back(fuzz::record_resumption(true, fuzz::compat(), fuzz::compat(), known));
    }
    return made;
  }();
  fuzz::check_resuming_server(
      fuzz::compat(), {data, size}, fuzz::shared_session(),
      [&](const fuzz::Outcome& outcome, const fuzz::Witness& witness, tls::MemorySessionStore& sessions) {
        fuzz::check_handshake(witness, false, fuzz::compat(), true, outcome.done);
        FUZZ_CHECK(!outcome.done || fuzz::is_honest(witness, false, recordings));
        FUZZ_CHECK(fuzz::kClientData.starts_with(text_of(outcome.data)));
        // A session is not resumed after its connection failed (RFC 5246 §7.2.2), but it is after it was
        // cut.
        const bool resumed =
            outcome.done && witness.find(tls::HandshakeType::certificate, tls::Direction::sent) == nullptr;
        tls::Session found;
        const bool there = sessions.find(fuzz::shared_session().id.bytes(), {1893456000}, found);
        const bool cut = outcome.error && *outcome.error == ErrorCode::truncated_connection;
        FUZZ_CHECK(there || (outcome.error && !cut));
        FUZZ_CHECK(!(resumed && outcome.error && !cut) || !there);
      });
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_records<2>)
