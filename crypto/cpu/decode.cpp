// SPDX-License-Identifier: Apache-2.0
#include "cpu/decode.hpp"

namespace ashlar::cpu {
namespace {

// The register of a feature's bit, and the registers that the system must save for it.
enum class Register : std::uint8_t { leaf1_ecx, leaf7_ebx, leaf7_ecx };
enum class Saved : std::uint8_t { xmm, ymm, zmm };

struct BitRow {
  Feature feature;
  Register reg;
  std::uint8_t bit;
  Saved saved;
};

constexpr BitRow kBits[] = {
    {Feature::pclmul, Register::leaf1_ecx, 1, Saved::xmm},
    {Feature::ssse3, Register::leaf1_ecx, 9, Saved::xmm},
    {Feature::sse41, Register::leaf1_ecx, 19, Saved::xmm},
    {Feature::aes_ni, Register::leaf1_ecx, 25, Saved::xmm},
    {Feature::avx, Register::leaf1_ecx, 28, Saved::ymm},
    {Feature::bmi1, Register::leaf7_ebx, 3, Saved::xmm},
    {Feature::avx2, Register::leaf7_ebx, 5, Saved::ymm},
    {Feature::bmi2, Register::leaf7_ebx, 8, Saved::xmm},
    {Feature::avx512f, Register::leaf7_ebx, 16, Saved::zmm},
    {Feature::avx512dq, Register::leaf7_ebx, 17, Saved::zmm},
    {Feature::adx, Register::leaf7_ebx, 19, Saved::xmm},
    {Feature::avx512_ifma, Register::leaf7_ebx, 21, Saved::zmm},
    {Feature::sha_ni, Register::leaf7_ebx, 29, Saved::xmm},
    {Feature::avx512bw, Register::leaf7_ebx, 30, Saved::zmm},
    {Feature::avx512vl, Register::leaf7_ebx, 31, Saved::zmm},
    {Feature::avx512_vbmi, Register::leaf7_ecx, 1, Saved::zmm},
    {Feature::avx512_vbmi2, Register::leaf7_ecx, 6, Saved::zmm},
    {Feature::gfni, Register::leaf7_ecx, 8, Saved::xmm},
    {Feature::vaes, Register::leaf7_ecx, 9, Saved::ymm},
    {Feature::vpclmul, Register::leaf7_ecx, 10, Saved::ymm},
};

// XCR0: bits 1 and 2 are xmm and the upper halves of ymm; 5, 6 and 7 the mask registers, the upper halves of
// zmm and zmm16 to 31 (Intel SDM volume 1 §13.3).
constexpr std::uint64_t kYmmState = 0x06;
constexpr std::uint64_t kZmmState = 0xe6;

// Intel models (family 6) on which 512-bit instructions lower the clock of the core so far that they lose
// time: Skylake-X and Cascade Lake (85), Ice Lake (106, 108, 125, 126), Tiger Lake (140, 141). They run
// 256-bit code instead.
constexpr std::uint8_t kSlowZmmModels[] = {85, 106, 108, 125, 126, 140, 141};

// Leaf 1: the extended family is added, the extended model stands above the model.
std::uint32_t family_of(const Leaves& leaves) {
  return ((leaves.leaf1_eax >> 8) & 15) + ((leaves.leaf1_eax >> 20) & 255);
}
std::uint32_t model_of(const Leaves& leaves) {
  return ((leaves.leaf1_eax >> 4) & 15) | ((leaves.leaf1_eax >> 12) & 0xf0);
}

bool clock_suffers_from_zmm(const Leaves& leaves) {
  if (!leaves.intel || family_of(leaves) != 6) {
    return false;
  }
  for (const std::uint8_t slow : kSlowZmmModels) {
    if (model_of(leaves) == slow) {
      return true;
    }
  }
  return false;
}

// Models of one family of cores, from `first` to `last`.
struct ModelRow {
  bool intel;  // else AMD
  std::uint8_t family;
  std::uint8_t first, last;
  Core core;
};

// The first row that fits counts. Intel SDM volume 4, table 2-1; AMD's revision guides.
constexpr ModelRow kModels[] = {
    {true, 6, 42, 42, Core::sandy_bridge},  {true, 6, 45, 45, Core::sandy_bridge},
    {true, 6, 58, 58, Core::sandy_bridge},  {true, 6, 62, 62, Core::sandy_bridge},
    {true, 6, 60, 61, Core::haswell},       {true, 6, 63, 63, Core::haswell},
    {true, 6, 69, 71, Core::haswell},       {true, 6, 79, 79, Core::haswell},
    {true, 6, 86, 86, Core::haswell},       {true, 6, 78, 78, Core::skylake},
    {true, 6, 85, 85, Core::skylake},       {true, 6, 94, 94, Core::skylake},
    {true, 6, 142, 142, Core::skylake},     {true, 6, 158, 158, Core::skylake},
    {true, 6, 165, 166, Core::skylake},     {true, 6, 106, 106, Core::ice_lake},
    {true, 6, 108, 108, Core::ice_lake},    {true, 6, 125, 126, Core::ice_lake},
    {true, 6, 140, 141, Core::ice_lake},    {true, 6, 167, 167, Core::ice_lake},
    {true, 6, 143, 143, Core::golden_cove}, {true, 6, 151, 151, Core::golden_cove},
    {true, 6, 154, 154, Core::golden_cove}, {true, 6, 170, 255, Core::golden_cove},
    {false, 23, 0x00, 0x2f, Core::zen1},    {false, 23, 0x30, 0xff, Core::zen2},
    {false, 25, 0x10, 0x1f, Core::zen4},    {false, 25, 0x60, 0x7f, Core::zen4},
    {false, 25, 0xa0, 0xaf, Core::zen4},    {false, 25, 0x00, 0xff, Core::zen3},
    {false, 26, 0x00, 0xff, Core::zen5},
};

// Atoms and Xeon Phi have numbers between those of the large cores.
constexpr std::uint8_t kSmallCores[] = {175, 182, 190};

}  // namespace

Core decode_core(const Leaves& leaves) {
  const std::uint32_t family = family_of(leaves);
  const std::uint32_t model = model_of(leaves);
  if (!leaves.intel && !leaves.amd) {
    return Core::unknown;
  }
  for (const std::uint8_t small : kSmallCores) {
    if (leaves.intel && family == 6 && model == small) {
      return Core::unknown;
    }
  }
  for (const ModelRow& row : kModels) {
    if (row.intel == leaves.intel && row.family == family && row.first <= model && model <= row.last) {
      return row.core;
    }
  }
  // What comes after these tables.
  return leaves.amd && family > 26 ? Core::zen5 : Core::unknown;
}

Leaves leaves_of(Features features) {
  Leaves leaves;
  for (const BitRow& row : kBits) {
    if (features.has(row.feature)) {
      std::uint32_t& word = row.reg == Register::leaf1_ecx   ? leaves.leaf1_ecx
                            : row.reg == Register::leaf7_ebx ? leaves.leaf7_ebx
                                                             : leaves.leaf7_ecx;
      word |= std::uint32_t{1} << row.bit;
    }
  }
  return leaves;
}

Features decode(const Leaves& leaves) {
  const bool ymm = (leaves.xcr0 & kYmmState) == kYmmState;
  const bool zmm = (leaves.xcr0 & kZmmState) == kZmmState;
  Features found;
  for (const BitRow& row : kBits) {
    const std::uint32_t word = row.reg == Register::leaf1_ecx   ? leaves.leaf1_ecx
                               : row.reg == Register::leaf7_ebx ? leaves.leaf7_ebx
                                                                : leaves.leaf7_ecx;
    const bool saved = row.saved == Saved::xmm || (row.saved == Saved::ymm ? ymm : zmm);
    if (((word >> row.bit) & 1) != 0 && saved) {
      found.bits |= Features::bit(row.feature);
    }
  }
  if (found.has(Feature::avx512f) && found.has(Feature::avx512vl) && !clock_suffers_from_zmm(leaves)) {
    found.bits |= Features::bit(Feature::prefers_zmm);
  }
  return found;
}

}  // namespace ashlar::cpu
