// SPDX-License-Identifier: Apache-2.0
// scrypt: PBKDF2 around ROMix (RFC 7914 §4 to §6). The workspace holds, in this order, B (128 r p bytes), V
// (128 r n) and a block of 128 r. Words stay little-endian in memory, so nothing is converted in between. For
// rows that work on vectors, the sixteen words of each block are stored by diagonals of the 4 x 4 matrix,
// from the first mix to the last.
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/pbkdf2.hpp>
#include <ashlar/crypto/scrypt.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "cpu/choose.hpp"
#include "cpu/forget.hpp"
#include "scrypt/scrypt_kernels.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;
using cpu::Features;

constexpr ScryptKernel kKernels[] = {
#if ASHLAR_X86_KERNELS
    // On Zen 5 it took 118M cycles for 16 MiB, and words one by one 103M: vector rotations and shuffles take
    // two cycles there
    // and everything waits for the one before.
    {"avx512vl", Features(Feature::avx512f, Feature::avx512vl), salsa::block_mix_avx512vl, true,
     cpu::Cores(cpu::Core::zen5)},
    {"sse2", Features(), salsa::block_mix_sse2, true, cpu::Cores(cpu::Core::zen5)},
#endif
    {"portable", Features(), salsa::block_mix_portable, false},
};

// The normal place of the word that is at i when stored by diagonals.
constexpr std::uint8_t kDiagonal[16] = {0, 5, 10, 15, 4, 9, 14, 3, 8, 13, 2, 7, 12, 1, 6, 11};

// Puts the words of every block into diagonals, or back.
void arrange(std::uint8_t* blocks, std::size_t size, bool back) {
  std::uint8_t words[64];
  for (std::size_t at = 0; at < size; at += 64) {
    for (std::size_t i = 0; i < 16; ++i) {
      const std::size_t from = back ? i : kDiagonal[i];
      const std::size_t to = back ? kDiagonal[i] : i;
      std::memcpy(words + 4 * to, blocks + at + 4 * from, 4);
    }
    std::memcpy(blocks + at, words, 64);
  }
  wipe(words, sizeof words);
}

// scryptROMix (§5) on one block of 128 r bytes. v: room for n blocks.
void ro_mix(const ScryptKernel& kernel, std::uint8_t* block, std::uint64_t n, std::size_t r, std::uint8_t* v,
            std::uint8_t* spare) {
  const std::size_t size = 128 * r;
  std::memcpy(v, block, size);
  for (std::uint64_t i = 1; i < n; ++i) {
    kernel.block_mix(v + (i - 1) * size, nullptr, v + i * size, r);
  }
  kernel.block_mix(v + (n - 1) * size, nullptr, block, r);
  // n is even.
  for (std::uint64_t i = 0; i < n; i += 2) {
    // Word 0 is in the same place by diagonals, and n needs only this word.
    static_assert(kMaxScryptMemory / 128 <= std::uint64_t{1} << 32);
    const auto chosen = [&](const std::uint8_t* x) {
      return v + (load_le32(x + (2 * r - 1) * 64) & (n - 1)) * size;
    };
    kernel.block_mix(block, chosen(block), spare, r);
    kernel.block_mix(spare, chosen(spare), block, r);
  }
}

}  // namespace

std::span<const ScryptKernel> scrypt_kernels() {
  return kKernels;
}

Result<std::size_t> scrypt_workspace_size(const ScryptCost& cost) {
  const bool power_of_two = cost.n > 1 && (cost.n & (cost.n - 1)) == 0;
  if (!power_of_two || cost.r == 0 || cost.p == 0 || cost.n > kMaxScryptMemory || cost.r > kMaxScryptMemory ||
      cost.p > kMaxScryptWork) {
    return ErrorCode::invalid_argument;
  }
  // No product of two numbers up to 2^30 overflows; each further factor is checked before it is multiplied
  // in.
  const std::uint64_t nr = cost.n * cost.r;
  const std::uint64_t rp = std::uint64_t{cost.r} * cost.p;
  if (nr > kMaxScryptMemory / 128 || rp > kMaxScryptMemory / 128 || nr * cost.p > kMaxScryptWork) {
    return ErrorCode::invalid_argument;
  }
  return static_cast<std::size_t>(128 * (rp + nr + cost.r));
}

Result<void> scrypt(Bytes passphrase, Bytes salt, const ScryptCost& cost, MutBytes workspace, MutBytes out,
                    const ScryptKernel* kernel) {
  const ForgetVectors forget;
  ASHLAR_TRY(const ScryptKernel* const chosen, cpu::choose(scrypt_kernels(), kernel));
  ASHLAR_TRY(const std::size_t needed, scrypt_workspace_size(cost));
  if (workspace.size() < needed) {
    return Error{ErrorCode::buffer_too_small, Place::none, static_cast<std::uint32_t>(workspace.size())};
  }
  const std::size_t block = 128 * std::size_t{cost.r};
  const MutBytes b = workspace.first(block * cost.p);
  std::uint8_t* const v = workspace.data() + b.size();
  std::uint8_t* const spare = v + block * cost.n;

  ASHLAR_CHECK(pbkdf2(kSha256, passphrase, salt, 1, b));
  if (chosen->diagonals) {
    arrange(b.data(), b.size(), false);
  }
  for (std::size_t i = 0; i < cost.p; ++i) {
    ro_mix(*chosen, b.data() + i * block, cost.n, cost.r, v, spare);
  }
  if (chosen->diagonals) {
    arrange(b.data(), b.size(), true);
  }
  const Result<void> result = pbkdf2(kSha256, passphrase, b, 1, out);
  wipe(workspace.first(needed));
  return result;
}

}  // namespace ashlar::crypto
