// SPDX-License-Identifier: Apache-2.0
// Summaries of many turns.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

namespace ashlar::measure {

// The value that a part `q` (0 to 1) of the values does not exceed. Between two values it is interpolated.
inline double quantile(std::vector<double> values, double q) {
  if (values.empty()) {
    return 0;
  }
  std::sort(values.begin(), values.end());
  const double at = q * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(at);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (at - std::floor(at)) * (values[high] - values[low]);
}

// Half of the values lie within this part of the median.
inline double spread(const std::vector<double>& values) {
  return (quantile(values, 0.75) - quantile(values, 0.25)) / std::max(quantile(values, 0.5), 1e-12);
}

}  // namespace ashlar::measure
