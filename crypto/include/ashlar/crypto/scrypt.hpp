// SPDX-License-Identifier: Apache-2.0
// scrypt (RFC 7914): a key from a passphrase that costs memory as well as time. By design, the passphrase
// decides which memory it reads (§2).
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/crypto/cpu.hpp>

namespace ashlar::crypto {

struct ScryptCost {           // what one key costs (RFC 7914 §2)
  std::uint64_t n = 1 << 15;  // CPU and memory cost: a power of two above 1
  std::uint32_t r = 8;        // block size in units of 128 bytes
  std::uint32_t p = 1;        // parallelisation; the runs follow one another here
};

// Costs above this are refused (A16): 128 * n * r bytes of memory, and n * r * p units of work.
inline constexpr std::uint64_t kMaxScryptMemory = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kMaxScryptWork = std::uint64_t{1} << 26;

// The bytes of workspace that a cost needs; invalid_argument for a cost that is not allowed.
Result<std::size_t> scrypt_workspace_size(const ScryptCost& cost);

// One implementation of scryptBlockMix (RFC 7914 §4).
struct ScryptKernel {
  std::string_view name;
  cpu::Features required;
  // Mixes the 2 r blocks of 64 bytes of (in XOR other) into `out`, which does not overlap. other may be null.
  void (*block_mix)(const std::uint8_t* in, const std::uint8_t* other, std::uint8_t* out, std::size_t r);
  // Whether the words of a block stand diagonal by diagonal (scrypt.cpp), as vectors need them.
  bool diagonals;
  cpu::Cores behind_on{};  // cores on which a row further down is faster
};

// All implementations, best first; the last is portable.
std::span<const ScryptKernel> scrypt_kernels();

// workspace: at least scrypt_workspace_size() bytes (else buffer_too_small), wiped before the call returns.
// kernel: a row that this CPU can run (else kernel_unavailable), or null for the best.
Result<void> scrypt(Bytes passphrase, Bytes salt, const ScryptCost& cost, MutBytes workspace, MutBytes out,
                    const ScryptKernel* kernel = nullptr);

}  // namespace ashlar::crypto
