// SPDX-License-Identifier: Apache-2.0
// The memory operand of an x86-64 instruction (Intel SDM volume 2, chapter 2). Displacements are constants
// of the instruction, so only base and index matter. Neither the length of the instruction nor the scaling
// of EVEX's short displacements is needed for that. An instruction newer than this file is read like any
// other.
#include "trace/tracer.hpp"

#include <cstring>

namespace ashlar::trace {

namespace {

// Opcodes of one byte that a ModRM byte follows.
bool has_modrm_1(std::uint8_t op) {
  return (op < 0x40 && (op & 7) < 4) || op == 0x63 || op == 0x69 || op == 0x6b ||
         (op >= 0x80 && op <= 0x8f) || op == 0xc0 || op == 0xc1 || op == 0xc6 || op == 0xc7 ||
         (op >= 0xd0 && op <= 0xd3) || (op >= 0xd8 && op <= 0xdf) || op == 0xf6 || op == 0xf7 || op == 0xfe ||
         op == 0xff;
}

// The same after 0f.
bool has_modrm_2(std::uint8_t op) {
  return !((op >= 0x05 && op <= 0x0b) || op == 0x0e || (op >= 0x30 && op <= 0x37) || op == 0x77 ||
           (op >= 0x80 && op <= 0x8f) || (op >= 0xa0 && op <= 0xa2) || (op >= 0xa8 && op <= 0xaa) ||
           (op >= 0xc8 && op <= 0xcf));
}

bool is_legacy_prefix(std::uint8_t byte) {
  return byte == 0x66 || byte == 0xf2 || byte == 0xf3 || byte == 0x2e || byte == 0x36 || byte == 0x3e ||
         byte == 0x26 || byte == 0x64 || byte == 0x65 || byte == 0x67 || byte == 0xf0;
}

}  // namespace

Operand decode(const std::uint8_t* code) {
  Operand operand;
  const std::uint8_t* p = code;
  while (is_legacy_prefix(*p)) {
    ++p;
  }
  int extend_base = 0;
  int extend_index = 0;
  unsigned map = 0;
  bool modrm_follows = true;
  std::uint8_t op = 0;
  bool vex = true;
  if (p[0] == 0xc5) {
    map = 1;
    op = p[2];
    p += 3;
  } else if (p[0] == 0xc4 || p[0] == 0x62) {
    extend_base = (p[1] & 0x20) != 0 ? 0 : 8;
    extend_index = (p[1] & 0x40) != 0 ? 0 : 8;
    const bool evex = p[0] == 0x62;
    map = p[1] & (evex ? 7u : 31u);
    p += evex ? 4 : 3;
    op = *p++;
  } else {
    vex = false;
    if ((*p & 0xf0) == 0x40) {
      extend_base = (*p & 1) != 0 ? 8 : 0;
      extend_index = (*p & 2) != 0 ? 8 : 0;
      ++p;
    }
    op = *p++;
    if (op == 0x0f) {
      op = *p++;
      map = 1;
      if (op == 0x38 || op == 0x3a) {
        map = op == 0x38 ? 2 : 3;
        op = *p++;
      }
    }
    modrm_follows = map == 0 ? has_modrm_1(op) : map != 1 || has_modrm_2(op);
  }
  if (vex && map == 1 && op == 0x77) {
    modrm_follows = false;  // vzeroupper, vzeroall
  }
  if (!vex && map == 0) {
    const bool two = op >= 0xa4 && op <= 0xa7;  // movs, cmps; then stos, lods, scas
    operand.source_string = two || op == 0xac || op == 0xad;
    operand.target_string = two || op == 0xaa || op == 0xab || op == 0xae || op == 0xaf;
    operand.translate = op == 0xd7;
  }
  if (!modrm_follows) {
    return operand;
  }
  const std::uint8_t modrm = *p++;
  const unsigned mod = modrm >> 6;
  const unsigned reg = (modrm >> 3) & 7;
  const unsigned rm = modrm & 7;
  operand.divides = !vex && map == 0 && (op == 0xf6 || op == 0xf7) && reg >= 6;
  if (mod == 3) {
    operand.divisor = static_cast<int>(rm) + extend_base;
    return operand;
  }
  const bool lea = !vex && map == 0 && op == 0x8d;
  const bool nop = !vex && map == 1 && op == 0x1f;
  if (lea || nop) {
    return operand;
  }
  operand.memory = true;
  if (rm == 4) {
    const std::uint8_t sib = *p++;
    const int index = ((sib >> 3) & 7) + extend_index;
    const unsigned base = sib & 7;
    operand.scale = 1u << (sib >> 6);
    operand.vector_index =
        vex && map == 2 &&
        ((op >= 0x90 && op <= 0x93) || (op >= 0xa0 && op <= 0xa3) || op == 0xc6 || op == 0xc7);
    operand.index = index == 4 || operand.vector_index ? -1 : index;
    operand.base = base == 5 && mod == 0 ? -1 : static_cast<int>(base) + extend_base;
  } else if (rm != 5 || mod != 0) {  // else relative to the instruction
    operand.base = static_cast<int>(rm) + extend_base;
  }
  if (operand.divides && mod == 1) {
    operand.displacement = static_cast<std::uint64_t>(std::int64_t{static_cast<std::int8_t>(*p)});
  } else if (operand.divides && mod == 2) {
    std::int32_t far = 0;
    std::memcpy(&far, p, 4);
    operand.displacement = static_cast<std::uint64_t>(std::int64_t{far});
  }
  return operand;
}

}  // namespace ashlar::trace
