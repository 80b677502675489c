// SPDX-License-Identifier: Apache-2.0
#include "options/nearest.hpp"

#include <algorithm>
#include <utility>

namespace ashlar::cli {
namespace {

// How many letters are put in, left out, changed, or change places with the next: optimal string alignment,
// in rows of which the last three are kept.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last, row(b.size() + 1);
  for (std::size_t i = 0; i < row.size(); ++i) {
    row[i] = i;
  }
  for (std::size_t j = 1; j <= a.size(); ++j) {
    before = std::exchange(last, row);
    row[0] = j;
    for (std::size_t i = 1; i < row.size(); ++i) {
      const std::size_t changed = last[i - 1] + (a[j - 1] != b[i - 1] ? 1U : 0U);
      row[i] = std::min({changed, last[i] + 1, row[i - 1] + 1});
      if (i > 1 && j > 1 && a[j - 1] == b[i - 2] && a[j - 2] == b[i - 1]) {
        row[i] = std::min(row[i], before[i - 2] + 1);
      }
    }
  }
  return row.back();
}

}  // namespace

std::string nearest(std::string_view word, const std::vector<std::string>& all) {
  constexpr std::size_t kMost = 2, kShortestBeginning = 4;
  std::string best;
  std::size_t least = kMost + 1;
  for (const std::string& each : all) {
    const std::size_t difference = distance(word, each);
    if (difference < least && difference < word.size()) {
      least = difference;
      best = each;
    }
  }
  if (!best.empty() || word.size() < kShortestBeginning) {
    return best;
  }
  for (const std::string& each : all) {
    if (each.starts_with(word)) {
      if (!best.empty()) {
        return {};
      }
      best = each;
    }
  }
  return best;
}

}  // namespace ashlar::cli
