// SPDX-License-Identifier: Apache-2.0
// The names of the library's algorithms on the command line.
#pragma once

#include <ashlar/crypto/hash.hpp>
#include <ashlar/crypto/mac.hpp>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ashlar::cli {

// An algorithm under a name such as "sha256" or "hmac-sha256".
template <class Algorithm>
struct Named {
  std::string_view name;
  const Algorithm* algorithm;
};

std::span<const Named<crypto::HashAlgorithm>> hashes();
std::span<const Named<crypto::MacAlgorithm>> macs();

// The algorithm of this name, or null.
template <class Algorithm>
const Algorithm* find(std::span<const Named<Algorithm>> rows, std::string_view name) {
  for (const Named<Algorithm>& row : rows) {
    if (row.name == name) {
      return row.algorithm;
    }
  }
  return nullptr;
}

template <class Algorithm>
std::vector<std::string> names(std::span<const Named<Algorithm>> rows) {
  std::vector<std::string> all;
  for (const Named<Algorithm>& row : rows) {
    all.emplace_back(row.name);
  }
  return all;
}

// "a, b or c".
std::string listed(const std::vector<std::string>& names);

}  // namespace ashlar::cli
