// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/cpu.hpp>

#include "catch.hpp"
#include "cpu/decode.hpp"
#include "cpu/mask.hpp"

#include <set>
#include <string>

using namespace ashlar;
using cpu::Feature;

namespace {

// A CPU with every bit set, and a system that saves every register.
cpu::Leaves everything() {
  cpu::Leaves leaves;
  leaves.leaf1_ecx = ~0u;
  leaves.leaf7_ebx = ~0u;
  leaves.leaf7_ecx = ~0u;
  leaves.xcr0 = 0xe7;
  return leaves;
}

std::uint32_t signature(unsigned family, unsigned model) {
  const unsigned base = family < 15 ? family : 15;
  return (base << 8) | ((family - base) << 20) | ((model & 15) << 4) | ((model >> 4) << 16);
}

struct Row {
  std::string_view name;
  cpu::Features required;
};

}  // namespace

TEST_CASE("cpu: every feature has a name of its own", "[cpu]") {
  std::set<std::string> names;
  for (unsigned i = 0; i < static_cast<unsigned>(Feature::count); ++i) {
    const std::string name(cpu::name(static_cast<Feature>(i)));
    CHECK(!name.empty());
    CHECK(name != "unknown");
    CHECK(names.insert(name).second);
  }
  CHECK(cpu::name(Feature::count) == "unknown");
}

TEST_CASE("cpu: a CPU with everything has every feature", "[cpu]") {
  const cpu::Features found = cpu::decode(everything());
  for (unsigned i = 0; i < static_cast<unsigned>(Feature::count); ++i) {
    CHECK(found.has(static_cast<Feature>(i)));
  }
  CHECK(cpu::decode({}).bits == 0);
}

TEST_CASE("cpu: without the system's XGETBV consent no wide row is chosen", "[cpu]") {
  cpu::Leaves leaves = everything();
  leaves.xcr0 = 0;
  CHECK(cpu::decode(leaves).has(Feature::aes_ni));
  CHECK(cpu::decode(leaves).has(Feature::sha_ni));
  for (const Feature f : {Feature::avx, Feature::avx2, Feature::vaes, Feature::vpclmul, Feature::avx512f,
                          Feature::avx512vl, Feature::avx512_ifma, Feature::prefers_zmm}) {
    CHECK(!cpu::decode(leaves).has(f));
  }
  // xmm only, or ymm without xmm, does not allow AVX.
  for (const std::uint64_t xcr0 : {1u, 3u, 5u}) {
    leaves.xcr0 = xcr0;
    CHECK(!cpu::decode(leaves).has(Feature::avx2));
  }
  leaves.xcr0 = 7;
  CHECK(cpu::decode(leaves).has(Feature::vaes));
  CHECK(!cpu::decode(leaves).has(Feature::avx512f));
  CHECK(!cpu::decode(leaves).has(Feature::prefers_zmm));
  // Each of the three parts of the AVX-512 state is needed.
  for (const std::uint64_t missing : {0x20u, 0x40u, 0x80u}) {
    leaves.xcr0 = 0xe7 & ~missing;
    CHECK(!cpu::decode(leaves).has(Feature::avx512f));
  }
}

TEST_CASE("cpu: models on which zmm costs more than it gives do not prefer it", "[cpu]") {
  cpu::Leaves leaves = everything();
  leaves.intel = true;
  for (const unsigned model : {85u, 106u, 108u, 125u, 126u, 140u, 141u}) {
    leaves.leaf1_eax = signature(6, model);
    CHECK(!cpu::decode(leaves).has(Feature::prefers_zmm));
    CHECK(cpu::decode(leaves).has(Feature::avx512vl));
  }
  // Rocket Lake, Sapphire Rapids, Emerald Rapids, Granite Rapids.
  for (const unsigned model : {167u, 143u, 207u, 173u}) {
    leaves.leaf1_eax = signature(6, model);
    CHECK(cpu::decode(leaves).has(Feature::prefers_zmm));
  }
  // For another maker or family these numbers mean nothing.
  leaves.leaf1_eax = signature(25, 85);
  CHECK(cpu::decode(leaves).has(Feature::prefers_zmm));
  leaves.intel = false;
  leaves.leaf1_eax = signature(6, 85);
  CHECK(cpu::decode(leaves).has(Feature::prefers_zmm));
}

TEST_CASE("cpu: each CPUID bit gives its feature and no other", "[cpu]") {
  const auto only = [](std::uint32_t cpu::Leaves::*reg, unsigned bit) {
    cpu::Leaves leaves;
    leaves.xcr0 = 0xe7;
    leaves.*reg = 1u << bit;
    return cpu::decode(leaves);
  };
  CHECK(only(&cpu::Leaves::leaf1_ecx, 1).bits == cpu::Features(Feature::pclmul).bits);
  CHECK(only(&cpu::Leaves::leaf1_ecx, 25).bits == cpu::Features(Feature::aes_ni).bits);
  CHECK(only(&cpu::Leaves::leaf7_ebx, 29).bits == cpu::Features(Feature::sha_ni).bits);
  CHECK(only(&cpu::Leaves::leaf7_ecx, 9).bits == cpu::Features(Feature::vaes).bits);
  CHECK(only(&cpu::Leaves::leaf7_ecx, 10).bits == cpu::Features(Feature::vpclmul).bits);
  CHECK(only(&cpu::Leaves::leaf7_ebx, 16).bits == cpu::Features(Feature::avx512f).bits);
}

TEST_CASE("cpu: S02 the mask hides features from the choice of a row, and clearing it brings them back",
          "[cpu]") {
  static constexpr Row kTable[] = {{"impossible", cpu::Features(Feature::count)},
                                   {"fast", cpu::Features(Feature::ssse3)},
                                   {"portable", cpu::Features()}};
  const std::span<const Row> table(kTable);
  const cpu::Features have = cpu::features();
  CHECK(have.bits == cpu::unmasked_features().bits);
  CHECK(cpu::best(table).name == (have.has(Feature::ssse3) ? "fast" : "portable"));
  cpu::set_mask(cpu::Features());
  CHECK(cpu::features().bits == 0);
  CHECK(cpu::unmasked_features().bits == have.bits);
  CHECK(cpu::best(table).name == "portable");
  cpu::clear_mask();
  CHECK(cpu::features().bits == have.bits);
}
