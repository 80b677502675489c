// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/cpu.hpp>
#include <ashlar/crypto/hash.hpp>
#include <ashlar/crypto/scrypt.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "cpu/decode.hpp"
#include "cpu/mask.hpp"

#include <set>
#include <string>

using namespace ashlar;
using cpu::Core;
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

TEST_CASE("cpu: the family of a core follows from maker, family and model", "[cpu]") {
  const struct {
    bool intel;
    unsigned family, model;
    Core core;
  } kCpus[] = {
      {true, 6, 42, Core::sandy_bridge}, {true, 6, 62, Core::sandy_bridge}, {true, 6, 60, Core::haswell},
      {true, 6, 79, Core::haswell},      {true, 6, 86, Core::haswell},      {true, 6, 94, Core::skylake},
      {true, 6, 85, Core::skylake},      {true, 6, 158, Core::skylake},     {true, 6, 106, Core::ice_lake},
      {true, 6, 140, Core::ice_lake},    {true, 6, 167, Core::ice_lake},    {true, 6, 143, Core::golden_cove},
      {true, 6, 151, Core::golden_cove}, {true, 6, 183, Core::golden_cove}, {true, 6, 207, Core::golden_cove},
      {true, 6, 173, Core::golden_cove}, {true, 6, 23, Core::unknown},      {true, 6, 26, Core::unknown},
      {true, 6, 92, Core::unknown},      {true, 6, 175, Core::unknown},     {true, 15, 6, Core::unknown},
      {true, 25, 17, Core::unknown},     {false, 6, 143, Core::unknown},    {false, 21, 2, Core::unknown},
      {false, 23, 0x01, Core::zen1},     {false, 23, 0x18, Core::zen1},     {false, 23, 0x31, Core::zen2},
      {false, 23, 0x71, Core::zen2},     {false, 25, 0x01, Core::zen3},     {false, 25, 0x21, Core::zen3},
      {false, 25, 0x50, Core::zen3},     {false, 25, 0x11, Core::zen4},     {false, 25, 0x61, Core::zen4},
      {false, 25, 0xa0, Core::zen4},     {false, 26, 0x02, Core::zen5},     {false, 26, 0x44, Core::zen5},
      {false, 27, 0x00, Core::zen5},
  };
  for (const auto& made_up : kCpus) {
    cpu::Leaves leaves = everything();
    leaves.intel = made_up.intel;
    leaves.amd = !made_up.intel;
    leaves.leaf1_eax = signature(made_up.family, made_up.model) | 3;
    INFO(made_up.family << " " << made_up.model);
    CHECK(cpu::decode_core(leaves) == made_up.core);
    // Other makers give these numbers other meanings.
    leaves.intel = leaves.amd = false;
    CHECK(cpu::decode_core(leaves) == Core::unknown);
  }
}

TEST_CASE("cpu: every family of cores has a name of its own", "[cpu]") {
  std::set<std::string> names;
  for (unsigned i = 0; i < static_cast<unsigned>(Core::count); ++i) {
    CHECK(names.insert(std::string(cpu::name(static_cast<Core>(i)))).second);
  }
  CHECK(cpu::name(Core::count) == "unknown");
  CHECK(cpu::core() < Core::count);
}

TEST_CASE("cpu: features give their CPUID bits back", "[cpu]") {
  for (unsigned i = 0; i < static_cast<unsigned>(Feature::prefers_zmm); ++i) {
    cpu::Features one;
    one.bits = cpu::Features::bit(static_cast<Feature>(i));
    cpu::Leaves leaves = cpu::leaves_of(one);
    leaves.xcr0 = 0xe7;
    CHECK(cpu::decode(leaves).bits == one.bits);
  }
}

TEST_CASE("cpu: a row is passed over on the cores on which a later one is faster", "[cpu]") {
  struct Ranked {
    std::string_view name;
    cpu::Features required;
    cpu::Cores behind_on;
  };
  static constexpr Ranked kTable[] = {
      {"wide", cpu::Features(Feature::avx512f), cpu::Cores(Core::zen5, Core::ice_lake)},
      {"narrow", cpu::Features(Feature::avx2), {}},
      {"portable", cpu::Features(), {}}};
  const std::span<const Ranked> table(kTable);
  const cpu::Features all = cpu::decode(everything());
  CHECK(cpu::best_for(table, all, Core::zen4).name == "wide");
  CHECK(cpu::best_for(table, all, Core::unknown).name == "wide");
  CHECK(cpu::best_for(table, all, Core::zen5).name == "narrow");
  CHECK(cpu::best_for(table, all, Core::ice_lake).name == "narrow");
  CHECK(cpu::best_for(table, cpu::Features(Feature::avx512f), Core::zen5).name == "portable");
}

// The measured order, on CPUs that have every feature.
TEST_CASE("cpu: the rows of SHA-512 and scrypt follow the core", "[cpu]") {
  const cpu::Features all = cpu::decode(everything());
  const auto chosen = [&](const auto& table, Core core) {
    return std::string(cpu::best_for(table, all, core).name);
  };
  const std::span<const crypto::HashKernel> sha512 = crypto::kSha512.kernels();
  const std::span<const crypto::ScryptKernel> scrypt = crypto::scrypt_kernels();
  if (sha512.size() == 1) {
    return;  // a build without x86 kernels
  }
  for (const Core core : {Core::zen4, Core::golden_cove, Core::ice_lake, Core::unknown}) {
    CHECK(chosen(sha512, core) == "avx512vl");
    CHECK(chosen(scrypt, core) == "avx512vl");
  }
  CHECK(chosen(sha512, Core::zen5) == "avx2");
  CHECK(chosen(crypto::kSha384.kernels(), Core::zen5) == "avx2");
  CHECK(chosen(scrypt, Core::zen5) == "portable");
}
