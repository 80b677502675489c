// SPDX-License-Identifier: Apache-2.0
// Google Benchmark holds the list of rows, their names and the output; the measuring is ours. When the first
// row of a group is due, the whole group is measured and each row then reports its own figures: medians.
#pragma once

#include "measure/turn.hpp"

namespace ashlar::measure {

// Hands all groups to Google Benchmark, in the order in which they were made, each with the peers that know
// it.
void register_groups(const Plan& plan);

// The groups that only the benchmarks have.
void add_x509();
void add_tls();

}  // namespace ashlar::measure
