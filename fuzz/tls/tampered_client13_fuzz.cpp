// SPDX-License-Identifier: Apache-2.0
// TLS 1.3: a server against an honest client whose records are edited on the way; no edit that matters gets
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
  // To a server that knows the session, from `first_resumed` on, and does not ask for a certificate there.
  static std::size_t first_resumed = 0;
  static const auto recordings = [] {
    auto made = fuzz::recordings13(false);
    first_resumed = made.size();
    for (const bool has : {true, false}) {
      made.push_back(fuzz::record_resumption13(true, fuzz::policy13(), fuzz::policy13(), has));
    }
    return made;
  }();
  fuzz::Choices script(data, size);
  const std::size_t which = script.below(recordings.size());
  const fuzz::Recording& honest = recordings[which];
  fuzz::Buffer input = {script.byte(), script.byte()};
  const bool untouched = script.empty();
  const fuzz::Buffer wire = fuzz::tampered(honest.from_client, script);
  input.insert(input.end(), wire.begin(), wire.end());
  const auto judge = [&](const fuzz::Outcome& outcome, const fuzz::Witness& witness, const auto&...) {
    fuzz::judge13(outcome, witness, false, fuzz::policy13(), recordings);
    // The end is in order only after all of the data.
    FUZZ_CHECK(!outcome.peer_closed || text_of(outcome.data) == fuzz::kClientData);
    const bool may_fail = (input[1] & (8 | 32)) != 0;  // memory, or who verifies
    FUZZ_CHECK(!untouched || may_fail || outcome.peer_closed);
  };
  if (which >= first_resumed) {
    fuzz::check_resuming_server(fuzz::policy13(), input, fuzz::shared_session13().of_server, judge);
  } else {
    fuzz::check_server(fuzz::policy13(), input, tls::ClientAuthentication::request, false, judge);
  }
  return 0;
}
