// SPDX-License-Identifier: Apache-2.0
#include "support/tiers.hpp"

#include "cpu/decode.hpp"
#include "cpu/mask.hpp"

#include <cstdio>
#include <cstdlib>

namespace ashlar::measure {

namespace {

using cpu::Core;
using cpu::Feature;
using cpu::Features;

template <class... F>
constexpr Features plus(Features base, F... features) {
  base.bits |= Features(features...).bits;
  return base;
}

constexpr Features kSsse3(Feature::ssse3, Feature::sse41);
constexpr Features kNoPclmul = plus(kSsse3, Feature::aes_ni);
constexpr Features kWestmere = plus(kNoPclmul, Feature::pclmul);
constexpr Features kSandyBridge = plus(kWestmere, Feature::avx);
constexpr Features kHaswell = plus(kSandyBridge, Feature::avx2, Feature::bmi1, Feature::bmi2);
constexpr Features kSkylake = plus(kHaswell, Feature::adx);
constexpr Features kZen2 = plus(kSkylake, Feature::sha_ni);
constexpr Features kZen3 = plus(kZen2, Feature::vaes, Feature::vpclmul);
constexpr Features kIceLake =
    plus(kZen3, Feature::gfni, Feature::avx512f, Feature::avx512vl, Feature::avx512bw, Feature::avx512dq,
         Feature::avx512_ifma, Feature::avx512_vbmi, Feature::avx512_vbmi2);
constexpr Features kZen4 = plus(kIceLake, Feature::prefers_zmm);

constexpr Tier kTiers[] = {
    {"ssse3", kSsse3, Core::unknown},
    {"hypervisor", kNoPclmul, Core::unknown},  // x86-64-v2 with AES, a default model of virtual machines
    {"westmere", kWestmere, Core::unknown},
    {"sandy-bridge", kSandyBridge, Core::sandy_bridge},
    {"haswell", kHaswell, Core::haswell},
    {"skylake", kSkylake, Core::skylake},
    {"zen2", kZen2, Core::zen2},
    {"zen3", kZen3, Core::zen3},
    {"ice-lake", kIceLake, Core::ice_lake},
    {"golden-cove", kZen4, Core::golden_cove},
    {"zen4", kZen4, Core::zen4},
    {"zen5", kZen4, Core::zen5},
};

// Features that need another one.
constexpr struct {
  Feature feature, needs;
} kNeeds[] = {
    {Feature::sse41, Feature::ssse3},
    {Feature::avx, Feature::sse41},
    {Feature::avx2, Feature::avx},
    {Feature::vaes, Feature::avx2},
    {Feature::vpclmul, Feature::avx2},
    {Feature::vaes, Feature::aes_ni},
    {Feature::vpclmul, Feature::pclmul},
    {Feature::avx512f, Feature::avx2},
    {Feature::avx512vl, Feature::avx512f},
    {Feature::avx512bw, Feature::avx512f},
    {Feature::avx512dq, Feature::avx512f},
    {Feature::avx512_ifma, Feature::avx512f},
    {Feature::avx512_vbmi, Feature::avx512f},
    {Feature::avx512_vbmi2, Feature::avx512f},
    {Feature::prefers_zmm, Feature::avx512vl},
};

// Bits of CPUID for which Ashlar has no name and whose instructions peers use. They go with a feature.
constexpr struct {
  Feature with;
  std::uint32_t cpu::Leaves::*reg;
  unsigned bit;
} kUnnamed[] = {
    {Feature::sse41, &cpu::Leaves::leaf1_ecx, 20},    // SSE4.2
    {Feature::avx, &cpu::Leaves::leaf1_ecx, 11},      // XOP, in the place where peers keep it
    {Feature::avx2, &cpu::Leaves::leaf1_ecx, 12},     // FMA
    {Feature::avx2, &cpu::Leaves::leaf1_ecx, 22},     // MOVBE
    {Feature::avx512f, &cpu::Leaves::leaf7_ebx, 28},  // AVX-512CD
    {Feature::avx512f, &cpu::Leaves::leaf7_ecx, 11},  // VNNI
    {Feature::avx512f, &cpu::Leaves::leaf7_ecx, 12},  // BITALG
    {Feature::avx512f, &cpu::Leaves::leaf7_ecx, 14},  // VPOPCNTDQ
};

// Leaves only `kept` to ours and to the peers.
void use(Features kept) {
  Features hidden;
  hidden.bits = cpu::unmasked_features().bits & ~kept.bits;
  cpu::set_mask(kept);
  cpu::Leaves bits = cpu::leaves_of(hidden);
  for (const auto& row : kUnnamed) {
    if (!kept.has(row.with)) {
      bits.*row.reg |= 1u << row.bit;
    }
  }
  // All three peers read this: two words of leaf 1 (EDX, ECX) and two of leaf 7 (EBX, ECX); ~ hides bits.
  char text[64];
  std::snprintf(text, sizeof text, "~0x%08x00000000:~0x%08x%08x", bits.leaf1_ecx, bits.leaf7_ecx,
                bits.leaf7_ebx);
  ::setenv("OPENSSL_ia32cap", text, 1);
}

std::string names_of(Features features) {
  std::string names;
  for (unsigned i = 0; i < static_cast<unsigned>(Feature::count); ++i) {
    if (features.has(static_cast<Feature>(i))) {
      names += (names.empty() ? "" : ", ") + std::string(cpu::name(static_cast<Feature>(i)));
    }
  }
  return names;
}

}  // namespace

std::span<const Tier> tiers() {
  return kTiers;
}

std::string use_tier(std::string_view name) {
  std::string known;
  for (const Tier& tier : kTiers) {
    known += (known.empty() ? "" : ", ") + std::string(tier.name);
    if (tier.name == name) {
      Features missing;
      missing.bits = tier.features.bits & ~cpu::unmasked_features().bits;
      if (missing.bits != 0) {
        return "this CPU cannot stand for the tier " + std::string(name) + ": it lacks " + names_of(missing) +
               "; take an older tier";
      }
      use(tier.features);
      cpu::assume_core(tier.core);
      return {};
    }
  }
  return "no tier is named \"" + std::string(name) + "\"; there are " + known;
}

std::string use_mask(std::string_view names) {
  Features kept = cpu::unmasked_features();
  while (!names.empty()) {
    const std::string_view one = names.substr(0, names.find(','));
    names.remove_prefix(one.size() < names.size() ? one.size() + 1 : names.size());
    bool found = false;
    for (unsigned i = 0; i < static_cast<unsigned>(Feature::count); ++i) {
      if (cpu::name(static_cast<Feature>(i)) == one) {
        kept.bits &= ~Features::bit(static_cast<Feature>(i));
        found = true;
      }
    }
    if (!found) {
      Features all;
      all.bits = Features::bit(Feature::count) - 1;
      return "no CPU feature is named \"" + std::string(one) + "\"; there are " + names_of(all);
    }
  }
  // kNeeds is in an order in which one pass is enough.
  for (const auto& row : kNeeds) {
    if (!kept.has(row.needs)) {
      kept.bits &= ~Features::bit(row.feature);
    }
  }
  use(kept);
  return {};
}

}  // namespace ashlar::measure
