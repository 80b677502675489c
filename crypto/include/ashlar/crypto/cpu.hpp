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

// Families of cores. Which of two rows is faster depends on the core, not on its features alone. A later core
// of a maker counts as the last one that is known.
enum class Core : std::uint8_t {
  unknown,
  sandy_bridge,  // and Ivy Bridge
  haswell,       // and Broadwell
  skylake,       // to Comet Lake and Cascade Lake
  ice_lake,      // Tiger Lake, Rocket Lake
  golden_cove,   // and later
  zen1,
  zen2,
  zen3,
  zen4,
  zen5,  // and later
  count,
};

// A set of cores.
struct Cores {
  std::uint32_t bits = 0;

  constexpr Cores() = default;
  template <class... C>
  constexpr explicit Cores(C... cores)
      : bits((std::uint32_t{0} | ... | (std::uint32_t{1} << static_cast<unsigned>(cores)))) {}

  // Whether this one is in it.
  constexpr bool has(Core core) const { return ((bits >> static_cast<unsigned>(core)) & 1) != 0; }
};

// Name of a family, such as "Zen 4".
std::string_view name(Core core);

// The family of this CPU's core (CPUID), read once with the features. unknown on machines that are not
// x86-64.
Core core();

// What this CPU and its operating system offer (CPUID and XGETBV), read once and remembered. Thread-safe.
// Empty on machines that are not x86-64 and in builds without x86 kernels.
Features features();

// Whether a row further down its table is faster on such a core. Only rows that have `behind_on` can be.
template <class Row>
constexpr bool is_behind(const Row& row, Core core) {
  if constexpr (requires { row.behind_on; }) {
    return row.behind_on.has(core);
  } else {
    return false;
  }
}

// The first row of a table that a CPU with these features can run and that is not behind on its core; the
// best row comes first. Each table ends with a portable row, which requires no feature. Row is any struct
// with `required`; it may have `behind_on`.
template <class Row>
constexpr const Row& best_for(std::span<const Row> table, Features have, Core core) {
  for (const Row& row : table) {
    if (have.contains(row.required) && !is_behind(row, core)) {
      return row;
    }
  }
  return table.back();
}

// The best row for this CPU.
template <class Row>
const Row& best(std::span<const Row> table) {
  return best_for(table, features(), core());
}

}  // namespace ashlar::cpu
