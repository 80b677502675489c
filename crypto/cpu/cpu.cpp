// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/cpu.hpp>

#include "cpu/decode.hpp"
#include "cpu/mask.hpp"
#include "cpu/x86.hpp"

#include <atomic>

#if ASHLAR_X86_KERNELS
#include <cpuid.h>
#endif

namespace ashlar::cpu {
namespace {

// The top bit says that the word holds the answer. Threads that ask at the same time find the same answer, so
// relaxed order is enough.
constexpr std::uint64_t kKnown = std::uint64_t{1} << 63;
// The family of the core stands above the features.
constexpr unsigned kCoreShift = 48;
constexpr std::uint64_t kFeatures = (std::uint64_t{1} << kCoreShift) - 1;
static_assert(static_cast<unsigned>(Feature::count) <= kCoreShift);

std::uint64_t word_of(Features features, Core core) {
  return (features.bits & kFeatures) | (static_cast<std::uint64_t>(core) << kCoreShift) | kKnown;
}

constinit std::atomic<std::uint64_t> found_word{0};
constinit std::atomic<std::uint64_t> mask_word{~std::uint64_t{0}};

std::uint64_t detect() {
#if ASHLAR_X86_KERNELS
  Leaves leaves;
  std::uint32_t a = 0;
  std::uint32_t b = 0;
  std::uint32_t c = 0;
  std::uint32_t d = 0;
  __cpuid(0, a, b, c, d);
  const std::uint32_t highest = a;
  leaves.intel = b == signature_INTEL_ebx && c == signature_INTEL_ecx && d == signature_INTEL_edx;
  leaves.amd = b == signature_AMD_ebx && c == signature_AMD_ecx && d == signature_AMD_edx;
  if (highest >= 1) {
    __cpuid(1, a, b, c, d);
    leaves.leaf1_eax = a;
    leaves.leaf1_ecx = c;
    constexpr std::uint32_t kOsXsave = 1u << 27;
    if ((c & kOsXsave) != 0) {
      std::uint32_t low = 0;
      std::uint32_t high = 0;
      __asm__ __volatile__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
      leaves.xcr0 = (std::uint64_t{high} << 32) | low;
    }
  }
  if (highest >= 7) {
    __cpuid_count(7, 0, a, b, c, d);
    leaves.leaf7_ebx = b;
    leaves.leaf7_ecx = c;
  }
  return word_of(decode(leaves), decode_core(leaves));
#else
  return word_of({}, Core::unknown);
#endif
}

constexpr std::string_view kNames[] = {
    "ssse3",    "sse4.1",   "aes-ni",   "pclmul",      "avx",         "avx2",         "bmi1",
    "bmi2",     "adx",      "sha-ni",   "vaes",        "vpclmul",     "gfni",         "avx512f",
    "avx512vl", "avx512bw", "avx512dq", "avx512-ifma", "avx512-vbmi", "avx512-vbmi2", "prefers-zmm",
};
static_assert(std::size(kNames) == static_cast<std::size_t>(Feature::count));

constexpr std::string_view kCoreNames[] = {
    "unknown", "Sandy Bridge", "Haswell", "Skylake", "Ice Lake", "Golden Cove",
    "Zen 1",   "Zen 2",        "Zen 3",   "Zen 4",   "Zen 5",
};
static_assert(std::size(kCoreNames) == static_cast<std::size_t>(Core::count));

std::uint64_t known_word() {
  std::uint64_t word = found_word.load(std::memory_order_relaxed);
  if (word == 0) {
    word = detect();
    found_word.store(word, std::memory_order_relaxed);
  }
  return word;
}

}  // namespace

std::string_view name(Feature feature) {
  const auto index = static_cast<std::size_t>(feature);
  return index < std::size(kNames) ? kNames[index] : std::string_view("unknown");
}

std::string_view name(Core core) {
  const auto index = static_cast<std::size_t>(core);
  return kCoreNames[index < std::size(kCoreNames) ? index : 0];
}

Core core() {
  return static_cast<Core>((known_word() & ~kKnown) >> kCoreShift);
}

Features unmasked_features() {
  Features features;
  features.bits = known_word() & kFeatures;
  return features;
}

Features features() {
  Features features = unmasked_features();
  features.bits &= mask_word.load(std::memory_order_relaxed);
  return features;
}

void set_mask(Features allowed) {
  mask_word.store(allowed.bits, std::memory_order_relaxed);
}

void assume(Features also) {
  found_word.store(known_word() | (also.bits & kFeatures), std::memory_order_relaxed);
}

void assume_core(Core core) {
  found_word.store(word_of(unmasked_features(), core), std::memory_order_relaxed);
}

void clear_mask() {
  mask_word.store(~std::uint64_t{0}, std::memory_order_relaxed);
}

}  // namespace ashlar::cpu
