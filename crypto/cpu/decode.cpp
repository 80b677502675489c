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

bool clock_suffers_from_zmm(const Leaves& leaves) {
  if (!leaves.intel) {
    return false;
  }
  const std::uint32_t family = ((leaves.leaf1_eax >> 8) & 15) + ((leaves.leaf1_eax >> 20) & 255);
  const std::uint32_t model = ((leaves.leaf1_eax >> 4) & 15) | ((leaves.leaf1_eax >> 12) & 0xf0);
  if (family != 6) {
    return false;
  }
  for (const std::uint8_t slow : kSlowZmmModels) {
    if (model == slow) {
      return true;
    }
  }
  return false;
}

}  // namespace

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
