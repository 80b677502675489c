// SPDX-License-Identifier: Apache-2.0
// Simulated connections as a picture of text: the client on the left, the server on the right, time
// downwards.
#pragma once

#include "simulate/simulation.hpp"

#include <string>
#include <vector>

namespace ashlar::cli {

// One run, or two side by side on one axis of time.
std::string picture(const std::vector<SimulatedRun>& runs, bool tls13);
// "28", "0.5": milliseconds.
std::string milliseconds(SimulatedTime time);

}  // namespace ashlar::cli
