// SPDX-License-Identifier: Apache-2.0
// Both engines in one process, under a simulated clock and a network that takes so long each way. What is
// recorded comes from their events and from the network itself.
#pragma once

#include <ashlar/tls/event.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ashlar::cli {

using SimulatedTime = std::chrono::nanoseconds;  // since the client began

struct SimulationOptions {
  SimulatedTime one_way = std::chrono::milliseconds(28);
  tls::ProtocolVersion version = tls::ProtocolVersion::tls12;
  bool client_certificate = false;
};

struct SimulatedMessage {
  std::string name;
  bool from_client = false;
  std::optional<tls::Phase> phase;  // none: TCP's own
  std::size_t size = 0;             // of the message; of TCP's: 0
  SimulatedTime leaves{}, arrives{};
};

// One connection, from TCP's first segment to the answer to a request.
struct SimulatedRun {
  std::vector<SimulatedMessage> messages;  // in the order in which they left
  bool resumed = false;
  SimulatedTime client_done{}, server_done{};  // the handshake, on each side
  std::string agreed;                          // version and suite
};

// A full handshake; and one that resumes its session, if `resume`.
std::vector<SimulatedRun> simulate(const SimulationOptions& options, bool resume);

}  // namespace ashlar::cli
