// SPDX-License-Identifier: Apache-2.0
// Google Benchmark keeps the list of rows, their names and the output; the measuring is our own. When the
// first row of a group is due, the whole group is measured. Each row then reports its own medians.
#pragma once

#include "measure/turn.hpp"

namespace ashlar::measure {

// Hands all groups to Google Benchmark, in the order in which they were made. Each comes with the peers that
// know it.
void register_groups(const Plan& plan);

// The groups that only the benchmarks have.
void add_x509();
void add_tls();

}  // namespace ashlar::measure
