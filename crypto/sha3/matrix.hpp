// SPDX-License-Identifier: Apache-2.0
// The matrix of a lattice scheme, expanded from its seed with one sponge per lane (FIPS 203 Algorithm 13,
// FIPS 204 Algorithm 32). If wanted, another lane computes the hash of the key.
//
// An entry takes a few permutations, the hash of a key a dozen. A lane that has finished an entry or the hash
// takes the next entry. Everything here is public.
#pragma once

#include "sha3/sponges.hpp"

namespace ashlar::crypto::sha3 {

// A hash of the whole of `key`, rate 136.
struct KeyHash {
  std::uint8_t* out = nullptr;  // null: none
  std::size_t words = 0;        // of eight bytes
  std::uint8_t suffix = 0;
};

// Scheme has: Arithmetic; Coefficient; kSpace, the coefficients that sampling may write; kSlack, the bytes
// past the end that it may read; kBlocks, the blocks of SHAKE128 that nearly always suffice for 256. Its
// Arithmetic has sample_uniform and arrange.
template <class Scheme>
class MatrixExpansion {
 public:
  using Arithmetic = typename Scheme::Arithmetic;
  using Coefficient = typename Scheme::Coefficient;

  // seed: 32 bytes. Entries stand row by row.
  MatrixExpansion(const Arithmetic& arithmetic, KeccakMany keccak, Coefficient* matrix, unsigned rows,
                  unsigned columns, const std::uint8_t* seed)
      : arithmetic_(arithmetic),
        matrix_(matrix),
        rows_(rows),
        columns_(columns),
        seed_(seed),
        sponges_(keccak) {}

  void run(Bytes key, KeyHash hash) {
    hash_ = hash;
    if (hash_.out != nullptr) {
      lanes_[0].work = Work::hash;
      to_hash_ = key;
      absorb();
    }
    unsigned busy = 0;
    for (unsigned i = 0; i < sponges_.lanes(); ++i) {
      if (lanes_[i].work == Work::none) {
        take_up(i);
      }
      busy += lanes_[i].work != Work::none ? 1 : 0;
    }
    while (busy != 0) {
      sponges_.permute();
      for (unsigned i = 0; i < sponges_.lanes(); ++i) {
        if (lanes_[i].work != Work::none && advance(i)) {
          sponges_.clear(i);
          take_up(i);
          busy -= lanes_[i].work == Work::none ? 1 : 0;
        }
      }
    }
  }

 private:
  static constexpr std::size_t kBlock = kShake128Rate;
  static constexpr std::size_t kCoefficients = 256;

  enum class Work : std::uint8_t { none, hash, entry };
  struct Lane {
    Work work = Work::none;
    unsigned entry = 0;
    unsigned blocks = 0;  // squeezed of it
    unsigned have = 0;    // coefficients
  };

  // The next entry, if there is one left.
  void take_up(unsigned lane) {
    lanes_[lane].work = Work::none;
    if (row_ == rows_) {
      return;
    }
    lanes_[lane] = {Work::entry, row_ * columns_ + column_, 0, 0};
    std::uint8_t message[34];
    std::memcpy(message, seed_, 32);
    message[32] = static_cast<std::uint8_t>(column_);
    message[33] = static_cast<std::uint8_t>(row_);
    sponges_.absorb_last(lane, message, kBlock, kShakeSuffix);
    if (++column_ == columns_) {
      column_ = 0;
      ++row_;
    }
  }

  // The hash's next block; the last is followed by the digest.
  void absorb() {
    constexpr std::size_t kRate = 136;
    if (to_hash_.size() >= kRate) {
      sponges_.absorb(0, to_hash_.data(), kRate / 8);
      to_hash_ = to_hash_.subspan(kRate);
    } else {
      sponges_.absorb_last(0, to_hash_, kRate, hash_.suffix);
      hashed_ = true;
    }
  }

  // After a permutation; whether the lane is done.
  bool advance(unsigned i) {
    Lane& lane = lanes_[i];
    if (lane.work == Work::hash) {
      if (hashed_) {
        sponges_.read(i, hash_.out, hash_.words);
        return true;
      }
      absorb();
      return false;
    }
    // The first blocks are sampled together, later ones one by one, in the place of the first.
    const bool first = lane.blocks < Scheme::kBlocks;
    sponges_.read(i, bytes_[i] + (first ? kBlock * lane.blocks : 0), kBlock / 8);
    ++lane.blocks;
    if (lane.blocks < Scheme::kBlocks) {
      return false;
    }
    lane.have = arithmetic_.sample_uniform(sampled_[i], lane.have, bytes_[i],
                                           first ? Scheme::kBlocks * kBlock : kBlock);
    if (lane.have < kCoefficients) {
      return false;
    }
    arithmetic_.arrange(matrix_ + kCoefficients * lane.entry, sampled_[i]);
    return true;
  }

  const Arithmetic& arithmetic_;
  Coefficient* matrix_;
  unsigned rows_, columns_;
  const std::uint8_t* seed_;
  Sponges sponges_;
  KeyHash hash_;
  Bytes to_hash_;
  bool hashed_ = false;
  unsigned row_ = 0, column_ = 0;
  Lane lanes_[kMaxSponges];
  alignas(64) Coefficient sampled_[kMaxSponges][Scheme::kSpace];
  alignas(64) std::uint8_t bytes_[kMaxSponges][Scheme::kBlocks * kBlock + Scheme::kSlack];
};

}  // namespace ashlar::crypto::sha3
