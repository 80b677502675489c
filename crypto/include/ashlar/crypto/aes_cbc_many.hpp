// SPDX-License-Identifier: Apache-2.0
// Independent messages encrypted under AES-CBC side by side. In one message each block waits for the one
// before. Several messages together keep the CPU busy.
#pragma once

#include <ashlar/crypto/aes.hpp>

namespace ashlar::crypto {

// A message to encrypt, as AesCbcEncryptor::encrypt takes it: `iv` becomes the last ciphertext block.
struct AesCbcStream {
  const AesCbcEncryptor* key;
  MutBytesOf<16> iv;
  Bytes in;
  MutBytes out;
};

inline constexpr std::size_t kMaxAesCbcLanes = 16;  // messages side by side

// Keys, chaining values and texts of as many streams as a row takes.
struct AesCbcLanes;

// One implementation of AES-CBC encryption of several streams.
struct AesCbcManyKernel {
  std::string_view name;
  cpu::Features required;
  std::size_t lanes;  // streams at once, at most kMaxAesCbcLanes
  std::size_t from;   // streams from which this is faster than one after the other
  // Puts a key into a lane. The row without required features takes schedules of AesKernel's portable row.
  // All other rows take those of AesKernel's other rows.
  void (*seat)(AesCbcLanes& lanes, std::size_t lane, const AesSchedule& schedule);
  // Encrypts `blocks` blocks in every lane. Lanes may hold the same stream.
  void (*encrypt)(AesCbcLanes& lanes, std::size_t blocks);
};

// All implementations, best first; the last is portable.
std::span<const AesCbcManyKernel> aes_cbc_many_kernels();

// Encrypts any number of streams of any sizes. Streams may have separate keys or share them. No stream may
// write what another reads or writes. Put long streams first: that uses the lanes best. Constant time in keys
// and data; sizes are public. Errors are those of AesCbcEncryptor::encrypt, for any stream; then nothing was
// written. Takes less than 8 kB of stack, which is wiped. kernel: a row that this CPU can run (else
// kernel_unavailable), or null for the best. Streams whose keys come from AesKernel rows of the other kind
// (see seat) are encrypted one after the other.
Result<void> aes_cbc_encrypt_many(std::span<const AesCbcStream> streams,
                                  const AesCbcManyKernel* kernel = nullptr);

}  // namespace ashlar::crypto
