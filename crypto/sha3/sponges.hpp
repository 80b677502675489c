// SPDX-License-Identifier: Apache-2.0
// Sponges (FIPS 202 §4) side by side, each with its own input and rate. ML-KEM and ML-DSA expand their seeds
// with them.
#pragma once

#include <ashlar/crypto/sha3.hpp>

namespace ashlar::crypto::sha3 {

inline constexpr std::size_t kShake128Rate = 168;
inline constexpr std::size_t kShake256Rate = 136;
inline constexpr std::size_t kSha3_256Rate = 136;

// What follows a message (FIPS 202 §6.1 and §6.2): the domain and the first bit of the padding.
inline constexpr std::uint8_t kShakeSuffix = 0x1f;
inline constexpr std::uint8_t kSha3Suffix = 0x06;

// Keccak-f[1600] of several states: word w of state i is states[w * lanes + i], on 64 bytes.
struct KeccakMany {
  unsigned lanes;
  void (*permute)(std::uint64_t* states);
};
inline constexpr unsigned kMaxSponges = 8;

// The best permutation of one state.
KeccakMany one_sponge();
// Of one_sponge(), `few` and `many`: the narrowest that takes `count` sponges at once, or else the widest.
KeccakMany keccak_for(KeccakMany few, KeccakMany many, unsigned count);

// The caller keeps track of what each lane holds. Everything is wiped when the object dies.
class Sponges {
 public:
  explicit Sponges(KeccakMany kernel) : kernel_(kernel) {}
  Sponges(const Sponges&) = delete;
  Sponges& operator=(const Sponges&) = delete;
  ~Sponges();

  unsigned lanes() const { return kernel_.lanes; }
  // An empty sponge.
  void clear(unsigned lane);
  // The first or the next whole block of a message. `words` is the rate in words of eight bytes.
  void absorb(unsigned lane, const std::uint8_t* block, std::size_t words);
  // The rest of a message, less than a block, and the padding.
  void absorb_last(unsigned lane, Bytes rest, std::size_t rate, std::uint8_t suffix);
  // Permutes all lanes.
  void permute() { kernel_.permute(states_); }
  // The first `words` words of the state, as bytes.
  void read(unsigned lane, std::uint8_t* out, std::size_t words) const;

 private:
  KeccakMany kernel_;
  alignas(64) std::uint64_t states_[25 * kMaxSponges] = {};
};

}  // namespace ashlar::crypto::sha3
