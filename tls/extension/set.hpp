// SPDX-License-Identifier: Apache-2.0
// A set of extensions that have rows, by their places in the table (extension/table.hpp).
#pragma once

#include <cstddef>
#include <cstdint>

namespace ashlar::tls {

inline constexpr std::size_t kMaxExtensionRows = 32;

class ExtensionSet {
 public:
  constexpr void add(std::size_t row) { bits_ |= std::uint32_t{1} << row; }
  constexpr bool has(std::size_t row) const { return ((bits_ >> row) & 1) != 0; }
  constexpr bool empty() const { return bits_ == 0; }
  friend constexpr bool operator==(ExtensionSet, ExtensionSet) = default;

 private:
  std::uint32_t bits_ = 0;
};

}  // namespace ashlar::tls
