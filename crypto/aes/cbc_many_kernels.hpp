// SPDX-License-Identifier: Apache-2.0
// The rows of AES-CBC encryption of several streams, each in its own file, and their data.
#pragma once

#include <ashlar/crypto/aes_cbc_many.hpp>

namespace ashlar::crypto {

// A lane without a stream holds the same as another lane and repeats its work. A row reads a block in all
// lanes before it writes that block in any.
struct AesCbcLanes {
  // Round key r of lane i stands at 16 * (lanes * r + i), or bitsliced at 64 * r with all lanes in it.
  alignas(64) std::uint8_t round_keys[15 * 16 * kMaxAesCbcLanes];
  // The last ciphertext block of each lane.
  alignas(64) std::uint8_t chains[16 * kMaxAesCbcLanes];
  // The next block of each lane; the scheduler advances these pointers.
  const std::uint8_t* in[kMaxAesCbcLanes];
  std::uint8_t* out[kMaxAesCbcLanes];
  std::uint32_t rounds;
};

namespace aes {

void seat_cbc_portable_4(AesCbcLanes& lanes, std::size_t lane, const AesSchedule& schedule);
void encrypt_cbc_portable_4(AesCbcLanes& lanes, std::size_t blocks);
void seat_cbc_aesni_8(AesCbcLanes& lanes, std::size_t lane, const AesSchedule& schedule);
void encrypt_cbc_aesni_8(AesCbcLanes& lanes, std::size_t blocks);
void seat_cbc_avx512_16(AesCbcLanes& lanes, std::size_t lane, const AesSchedule& schedule);
void encrypt_cbc_avx512_16(AesCbcLanes& lanes, std::size_t blocks);

// Round keys as in FIPS 197, those of `Lanes` lanes side by side.
template <std::size_t Lanes>
void seat_round_keys(AesCbcLanes& lanes, std::size_t lane, const AesSchedule& schedule) {
  for (std::size_t r = 0; r <= schedule.rounds; ++r) {
    std::memcpy(lanes.round_keys + 16 * (Lanes * r + lane), schedule.round_keys + 16 * r, 16);
  }
}

}  // namespace aes

}  // namespace ashlar::crypto
