// SPDX-License-Identifier: Apache-2.0
// What this CPU can do, and which row of a primitive's table of implementations to use.
#pragma once

#include <ashlar/base/needs_cxx20.hpp>

#include <cstdint>
#include <span>
#include <string_view>

namespace ashlar::cpu {

enum class Feature : std::uint8_t {  // what a kernel may need
  ssse3,
  sse41,
  aes_ni,
  pclmul,
  avx,
  avx2,
  bmi1,
  bmi2,
  adx,
  sha_ni,
  vaes,
  vpclmul,
  gfni,
  avx512f,
  avx512vl,
  avx512bw,
  avx512dq,
  avx512_ifma,
  avx512_vbmi,
  avx512_vbmi2,
  // The CPU has AVX-512, the system saves its state, and this model is faster with 512-bit vectors.
  prefers_zmm,
  count,
};

// A set of features.
struct Features {
  std::uint64_t bits = 0;

  constexpr Features() = default;
  template <class... F>
  constexpr explicit Features(F... features) : bits((std::uint64_t{0} | ... | bit(features))) {}

  // The feature in `bits`.
  static constexpr std::uint64_t bit(Feature f) { return std::uint64_t{1} << static_cast<unsigned>(f); }
  constexpr bool has(Feature f) const { return (bits & bit(f)) != 0; }  // whether this one is in it
  constexpr bool contains(Features other) const { return (other.bits & ~bits) == 0; }  // whether all are
};

// Name of a feature, such as "vaes".
std::string_view name(Feature feature);

// What this CPU and its operating system offer (CPUID and XGETBV), read once and remembered. Thread-safe.
// Empty on machines that are not x86-64 and in builds without x86 kernels.
Features features();

// The first row of a table that this CPU can run; the best row comes first. Each table ends with a portable
// row, which requires no feature. Row is any struct with `required`.
template <class Row>
const Row& best(std::span<const Row> table) {
  const Features have = features();
  for (const Row& row : table) {
    if (have.contains(row.required)) {
      return row;
    }
  }
  return table.back();
}

}  // namespace ashlar::cpu
