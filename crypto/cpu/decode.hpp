// SPDX-License-Identifier: Apache-2.0
// From raw CPUID leaves and XCR0 to features and family of core: pure functions, so that tests can give them
// CPUs that do not exist.
#pragma once

#include <ashlar/crypto/cpu.hpp>

namespace ashlar::cpu {

// What CPUID and XGETBV said. Registers of leaves that the CPU does not have are 0.
struct Leaves {
  bool intel = false;           // leaf 0: "GenuineIntel"
  bool amd = false;             // leaf 0: "AuthenticAMD"
  std::uint32_t leaf1_eax = 0;  // signature: stepping, model, family
  std::uint32_t leaf1_ecx = 0;
  std::uint32_t leaf7_ebx = 0;  // sub-leaf 0
  std::uint32_t leaf7_ecx = 0;
  std::uint64_t xcr0 = 0;  // 0 if the system did not enable XGETBV
};

// A feature is present if the CPU has it and the system saves the registers that it needs.
Features decode(const Leaves& leaves);

// The bits of these features, and no others; no signature and no XCR0.
Leaves leaves_of(Features features);

// The family of the core.
Core decode_core(const Leaves& leaves);

}  // namespace ashlar::cpu
