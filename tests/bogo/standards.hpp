// SPDX-License-Identifier: Apache-2.0
// The cipher suites, groups and signature schemes that some standards allow, by IANA's numbers.
#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

namespace bogo {

struct Standard {
  std::string_view name;
  std::vector<int> suites, groups, schemes;
  int min_version = 0x0303;

  static bool has(const std::vector<int>& numbers, int number) {
    return std::find(numbers.begin(), numbers.end(), number) != numbers.end();
  }
};

// NIST SP 800-52r2 as of May 2022, WPA3's 192-bit mode, and NSA's CNSA 1.0 and 2.0 as of March 2026.
inline const std::vector<Standard>& standards() {
  static const std::vector<Standard> all = {
      {"fips-202205",
       {0x1301, 0x1302, 0xc02b, 0xc02c, 0xc02f, 0xc030},
       {23, 24},
       {0x0401, 0x0403, 0x0501, 0x0503, 0x0601, 0x0804, 0x0805, 0x0806}},
      {"wpa-202304", {0x1302, 0xc02c, 0xc030}, {24}, {0x0501, 0x0503, 0x0601, 0x0805, 0x0806}},
      {"cnsa1-202603", {0x1302, 0xc02c, 0xc030, 0x009d}, {514, 24}, {0x0501, 0x0503, 0x0805}},
      {"cnsa2-202603", {0x1302}, {514}, {0x0501, 0x0503, 0x0805}, 0x0304},
  };
  return all;
}

}  // namespace bogo
