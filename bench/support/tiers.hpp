// SPDX-License-Identifier: Apache-2.0
// Measures as on an older machine: hides CPU features from our rows and from the peers alike.
#pragma once

#include <ashlar/crypto/cpu.hpp>

#include <span>
#include <string>

namespace ashlar::measure {

// What a kind of machine offers. A masked CPU shows which rows are taken there and how they stand beside the
// peers'. It does not show that machine's speed.
struct Tier {
  std::string_view name;
  cpu::Features features;
  cpu::Core core;
};

std::span<const Tier> tiers();

// Both before the first call of peers(): a peer reads its mask when it is loaded. They return what is wrong,
// or nothing.

// As a tier, such as "haswell".
std::string use_tier(std::string_view name);
// Without features, such as "avx2,sha-ni", and without those that build on them.
std::string use_mask(std::string_view names);

}  // namespace ashlar::measure
