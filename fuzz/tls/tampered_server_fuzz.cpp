// SPDX-License-Identifier: Apache-2.0
// A client against an honest server whose records are edited on the way: no edit that matters gets through
//
// The input: which handshake, how it is fed (endpoints.hpp, Manner), and edits of three or more bytes each.
#include "tls/tamper.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  constexpr auto kRequest = tls::ClientAuthentication::request;
  if (size < 3 || size > 96) {
    return -1;
  }
  static const auto recordings = [] {
    std::vector<fuzz::Recording> made;
    for (const auto& suite : fuzz::compat().suites) {
      const tls::Policy one = fuzz::with_suite(fuzz::compat(), suite);
      made.push_back(fuzz::record({&fuzz::compat(), &one, kRequest}));
    }
    return made;
  }();
  fuzz::Choices script(data, size);
  const fuzz::Recording& honest = recordings[script.below(recordings.size())];
  fuzz::Buffer input = {script.byte(), script.byte()};
  const bool untouched = script.empty();
  const fuzz::Buffer wire = fuzz::tampered(honest.from_server, script);
  input.insert(input.end(), wire.begin(), wire.end());
  fuzz::check_client(fuzz::compat(), input, [&](const fuzz::Outcome& outcome, const fuzz::Witness& witness) {
    fuzz::check_handshake(witness, true, fuzz::compat(), true, outcome.done);
    FUZZ_CHECK(!outcome.done || fuzz::is_honest(witness, true, recordings));
    FUZZ_CHECK(fuzz::kServerData.starts_with(text_of(outcome.data)));
    // The end is in order only after all of the data.
    FUZZ_CHECK(!outcome.peer_closed || text_of(outcome.data) == fuzz::kServerData);
    const bool may_fail = (input[1] & (8 | 32)) != 0;  // memory, or who verifies
    FUZZ_CHECK(!untouched || may_fail || outcome.peer_closed);
  });
  return 0;
}
