// SPDX-License-Identifier: Apache-2.0
// Google Benchmark keeps the list of rows, their names and the output; the measuring is our own. When the
// first row of a group is due, the whole group is measured. Each row then reports its own medians.
#pragma once

#include "measure/contest.hpp"

namespace ashlar::measure {

// Hands all groups to Google Benchmark, in the order in which they were made. Each comes with the peers that
// know it.
void register_groups(const Plan& plan);

// After all were measured: where the row that a program gets is more than 3 % behind another of ours.
const std::vector<Behind>& rows_behind();

// The groups that only the benchmarks have.
void add_x509();
void add_tls();
// How long servers of TLS 1.3 take at several loads, one by one and in batches.
void print_latency();

}  // namespace ashlar::measure
