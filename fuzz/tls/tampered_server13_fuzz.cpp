// SPDX-License-Identifier: Apache-2.0
// TLS 1.3: a client against an honest server whose records are edited on the way; no edit that matters gets
// through
//
// The input: which handshake, how it is fed (endpoints.hpp, Manner), and edits of three or more bytes each.
#include "tls/tamper.hpp"
#include "tls/tls13.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  if (size < 3 || size > 96) {
    return -1;
  }
  // Of a client with a session, from `first_resumed` on.
  static std::size_t first_resumed = 0;
  static const auto recordings = [] {
    auto made = fuzz::recordings13(true);
    made.push_back(fuzz::record({&fuzz::policy13(), &fuzz::retrying13()}));
    first_resumed = made.size();
    for (const bool known : {true, false}) {
      made.push_back(fuzz::record_resumption13(known, fuzz::policy13(), fuzz::policy13()));
      made.push_back(fuzz::record_resumption13(known, fuzz::policy13(), fuzz::retrying13()));
    }
    return made;
  }();
  fuzz::Choices script(data, size);
  const std::size_t which = script.below(recordings.size());
  const fuzz::Recording& honest = recordings[which];
  fuzz::Buffer input = {script.byte(), script.byte()};
  const bool untouched = script.empty();
  const fuzz::Buffer wire = fuzz::tampered(honest.from_server, script);
  input.insert(input.end(), wire.begin(), wire.end());
  fuzz::check_client(
      fuzz::policy13(), input,
      [&](const fuzz::Outcome& outcome, const fuzz::Witness& witness) {
        fuzz::judge13(outcome, witness, true, fuzz::policy13(), recordings);
        // The end is in order only after all of the data.
        FUZZ_CHECK(!outcome.peer_closed || text_of(outcome.data) == fuzz::kServerData);
        const bool may_fail = (input[1] & (8 | 32)) != 0;  // memory, or who verifies
        FUZZ_CHECK(!untouched || may_fail || outcome.peer_closed);
      },
      which >= first_resumed ? &fuzz::shared_session13().of_client : nullptr);
  return 0;
}
