// SPDX-License-Identifier: Apache-2.0
// scrypt (RFC 7914): a key from a passphrase that costs memory as well as time. Which memory it reads depends
// on the passphrase, by design (§2).
#pragma once

#include <ashlar/base/bytes.hpp>
#include <ashlar/base/result.hpp>
#include <ashlar/crypto/cpu.hpp>

namespace ashlar::crypto {

struct ScryptCost {           // what one key costs (RFC 7914 §2)
  std::uint64_t n = 1 << 15;  // CPU and memory cost: a power of two above 1
  std::uint32_t r = 8;        // block size in units of 128 bytes
  std::uint32_t p = 1;        // how often in a row
};

// Costs above this are refused (A16): 128 * n * r bytes of memory, and n * r * p units of work.
inline constexpr std::uint64_t kMaxScryptMemory = std::uint64_t{1} << 30;
inline constexpr std::uint64_t kMaxScryptWork = std::uint64_t{1} << 26;

// Bytes of workspace that a cost needs, or invalid_argument for a cost that is not allowed.
Result<std::size_t> scrypt_workspace_size(const ScryptCost& cost);

// One implementation of scryptBlockMix (RFC 7914 §4).
struct ScryptKernel {
  std::string_view name;
  cpu::Features required;
  // Mixes the 2 r blocks of 64 bytes that are in XOR other (other may be null) into `out`, which lies apart.
  void (*block_mix)(const std::uint8_t* in, const std::uint8_t* other, std::uint8_t* out, std::size_t r);
  // Whether the words of a block stand diagonal by diagonal (scrypt.cpp), as vectors need them.
  bool diagonals;
};

// All implementations, best first; the last is portable.
std::span<const ScryptKernel> scrypt_kernels();

// workspace: of at least scrypt_workspace_size() bytes (buffer_too_small), wiped before the call returns.
// kernel: a row that this CPU can run (else kernel_unavailable), or null for the best.
Result<void> scrypt(Bytes passphrase, Bytes salt, const ScryptCost& cost, MutBytes workspace, MutBytes out,
                    const ScryptKernel* kernel = nullptr);

}  // namespace ashlar::crypto
