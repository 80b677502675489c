// SPDX-License-Identifier: Apache-2.0
// TLS 1.3: a whole client against any server's bytes; only an honest server is taken for one
//
// The first byte says whether the client has a session, of which the server may know, and whether it sends
// early data with it.
#include "support/mutate_tls.hpp"
#include "tls/tls13.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace ashlar;
  if (size > 20000 || size < 1) {
    return -1;
  }
  static const auto full = [] {
    auto made = fuzz::recordings13(true);
    made.push_back(fuzz::record({&fuzz::policy13(), &fuzz::retrying13()}));
    return made;
  }();
  const auto recordings = [](bool early) {
    std::vector<fuzz::Recording> made;
    for (const bool known : {true, false}) {
      for (const auto& suite : fuzz::policy13().tls13_suites) {
        made.push_back(
            fuzz::record_resumption13(known, fuzz::policy13(), fuzz::with_suite13(suite), true, early));
      }
      made.push_back(fuzz::record_resumption13(known, fuzz::policy13(), fuzz::retrying13(), true, early));
    }
    return made;
  };
  static const auto resuming = recordings(false);
  static const auto early_ones = recordings(true);
  const bool has_session = (data[0] & 1) != 0;
  const bool early = has_session && (data[0] & 2) != 0;
  fuzz::check_client(
      fuzz::policy13(), {data + 1, size - 1},
      [&](const fuzz::Outcome& outcome, const fuzz::Witness& witness) {
        fuzz::judge13(outcome, witness, true, fuzz::policy13(),
                      !has_session ? full
                      : early      ? early_ones
                                   : resuming);
      },
      has_session ? &fuzz::shared_session13().of_client : nullptr, early);
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_records<3>)
