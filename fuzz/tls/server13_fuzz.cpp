// SPDX-License-Identifier: Apache-2.0
// TLS 1.3: a whole server against any client's bytes; a client that gets through was honest
//
// The first byte chooses the server: its first bit says whether it has a session of an earlier connection,
// the second whether it must ask for a second ClientHello, the third whether it takes early data.
#include "support/mutate_tls.hpp"
#include "tls/tls13.hpp"

namespace {

using namespace ashlar;

constexpr auto kRequest = tls::ClientAuthentication::request;

// What honest clients say to such a server.
std::vector<fuzz::Recording> recordings(bool has_session, const tls::Policy& policy, bool early = false) {
  std::vector<fuzz::Recording> made;
  for (const auto& suite : fuzz::policy13().tls13_suites) {
    const tls::Policy one = fuzz::with_suite13(suite);
    if (has_session) {
      made.push_back(fuzz::record_resumption13(true, one, policy, true, early));
      made.push_back(fuzz::record_resumption13(true, one, policy, false));
    } else {
      made.push_back(fuzz::record({&one, &policy, kRequest, false}));
      made.push_back(fuzz::record({&one, &policy, kRequest, true}));
    }
  }
  const tls::Policy& whole = fuzz::policy13();
  if (has_session) {
    made.push_back(fuzz::record_resumption13(true, whole, policy, true, early));
    made.push_back(fuzz::record_resumption13(true, whole, policy, false));
  } else {
    made.push_back(fuzz::record({&whole, &policy, kRequest, true}));
    made.push_back(fuzz::record({&whole, &policy, kRequest, false}));
  }
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 20000 || size < 1) {
    return -1;
  }
  static const std::vector<fuzz::Recording> of_kind[] = {
      recordings(false, fuzz::policy13()), recordings(true, fuzz::policy13()),
      recordings(false, fuzz::retrying13()), recordings(true, fuzz::retrying13())};
  static const std::vector<fuzz::Recording> early_ones[] = {recordings(true, fuzz::policy13(), true),
                                                            recordings(true, fuzz::retrying13(), true)};
  const bool has_session = (data[0] & 1) != 0;
  const tls::Policy& policy = (data[0] & 2) != 0 ? fuzz::retrying13() : fuzz::policy13();
  const bool early = has_session && (data[0] & 4) != 0;
  const auto& honest = early ? early_ones[data[0] >> 1 & 1] : of_kind[data[0] & 3];
  const Bytes input = {data + 1, size - 1};
  const auto judge = [&](const fuzz::Outcome& outcome, const fuzz::Witness& witness, const auto&...) {
    fuzz::judge13(outcome, witness, false, policy, honest);
  };
  if (has_session) {
    fuzz::check_resuming_server(policy, input, fuzz::shared_session13().of_server, judge,
                                early ? &fuzz::kTakesEarlyData : nullptr);
  } else {
    fuzz::check_server(policy, input, kRequest, false, judge);
  }
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_records<3>)
