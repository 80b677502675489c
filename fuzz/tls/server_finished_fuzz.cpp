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
  crypto::DeterministicRandom random(2);
  tls::ServerConfig config;
  fuzz::check_connection(
      [&](const tls::Memory& memory, const tls::EventSink& events) {
        random = crypto::DeterministicRandom(2);
        config.events = events;
        return fuzz::make_server(policy, memory, random, config, kRequest, false);
      },
      {data, size},
      [](const fuzz::Outcome& outcome, const fuzz::Witness& witness) {
        fuzz::check_handshake(witness, false, policy, true, outcome.done);
        if (outcome.done) {
          // What follows is not protected: it may be more messages.
          fuzz::Witness handshake = witness;
          while (!handshake.messages.empty() &&
                 handshake.messages.back().type != tls::HandshakeType::finished) {
            handshake.messages.pop_back();
          }
          FUZZ_CHECK(fuzz::is_honest(handshake, false, recordings));
        }
      });
  return 0;
}

ASHLAR_FUZZ_MUTATOR(ashlar::fuzz::mutate_records<2>)
