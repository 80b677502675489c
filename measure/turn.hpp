// SPDX-License-Identifier: Apache-2.0
// Measuring. All implementations of one operation are its rows. They are measured in turns of about a
// millisecond each, many times over. So whatever else happens on the machine happens to all of them
// alike.
#pragma once

#include "measure/work.hpp"

#include <functional>
#include <string>
#include <vector>

namespace ashlar::measure {

// Keys and buffers, made when the operation's turn comes.
using Prepare = std::function<Work()>;

// A row whose clock changes by more than this during its turns is marked, not judged.
inline constexpr double kMostDrift = 0.03;

// How long to measure, and what.
struct Plan {
  int rounds = 31;
  double turn = 1.5e-3;  // seconds of one turn
  unsigned threads = 1;
  std::string filter;  // a regular expression that a row's name holds; empty: all
};

struct Row {
  std::string name;  // of the implementation or the peer
  bool peer;
  Prepare prepare;
  std::size_t repeat = 1;          // how often its work runs for one operation
  std::vector<OwnedWork> works{};  // one per thread
  bool failed = false;
  std::size_t times = 1;  // operations of one turn
  // One value per turn: per operation; and of the clock: core cycles per tick, and by what part that changed
  // meanwhile.
  std::vector<double> cycles{}, seconds{}, core_per_tick{}, drift{};

  bool run(const OwnedWork& work, std::size_t operations) const { return work.run(operations * repeat); }
};

// Takes the turns of all rows. One thread gives cycles and seconds; several give the seconds of all their
// work.
void measure(std::vector<Row>& rows, const Plan& plan);

}  // namespace ashlar::measure
