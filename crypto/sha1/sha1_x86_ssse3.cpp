// SPDX-License-Identifier: Apache-2.0
// SHA-1 compression with SSSE3, for CPUs without AVX2: rounds on integer registers, the message schedule
// beside them on xmm registers.
#define ASHLAR_SHA1_TARGET "ssse3"
#include "sha1/sha1_rounds.hpp"

#if ASHLAR_X86_KERNELS

namespace ashlar::crypto::sha1 {
namespace {

ASHLAR_TARGET(ASHLAR_SHA1_TARGET)
void blocks_one_by_one(void* memory, const std::uint8_t* data, std::size_t blocks) {
  Idle idle;
  for (; blocks != 0; --blocks, data += 64) {
    compress_one(static_cast<std::uint32_t*>(memory), data, idle);
  }
  clear_vectors_sse();
}

// More stack than that function takes: W + K and what the compiler spills.
constexpr std::size_t kStack = 768;

}  // namespace

void compress_ssse3(void* state, const std::uint8_t* data, std::size_t blocks) {
  call_and_wipe_sse<kStack>(blocks_one_by_one, state, data, blocks);
}

}  // namespace ashlar::crypto::sha1

#endif
