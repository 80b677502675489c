// SPDX-License-Identifier: Apache-2.0
#include "mlkem/expand.hpp"

namespace ashlar::crypto::mlkem {
namespace {

using sha3::KeccakMany;
using sha3::Sponges;

// 256 of 336 candidates suffice but for one time in some hundred.
constexpr unsigned kBlocksAtOnce = 3;
constexpr std::size_t kBlock = sha3::kShake128Rate;

// The narrowest Keccak that takes `count` sponges at once, or else the widest.
KeccakMany keccak_for(const Arithmetic& arithmetic, unsigned count) {
  if (count == 1) {
    return sha3::one_sponge();
  }
  return count <= arithmetic.few.lanes ? arithmetic.few : arithmetic.many;
}

// What a lane works on.
struct Lane {
  enum class Work : std::uint8_t { none, hash, entry } work = Work::none;
  unsigned entry = 0;   // of the matrix, row by row
  unsigned blocks = 0;  // squeezed of it
};

// Everything here is public.
class MatrixExpansion {
 public:
  MatrixExpansion(const Arithmetic& arithmetic, KeccakMany keccak, std::int16_t* matrix, unsigned k,
                  Bytes key, std::uint8_t* hash)
      : arithmetic_(arithmetic), matrix_(matrix), k_(k), key_(key), hash_(hash), sponges_(keccak) {}

  void run() {
    if (hash_ != nullptr) {
      lanes_[0].work = Lane::Work::hash;
      to_hash_ = key_;
      absorb();
    }
    unsigned busy = 0;
    for (unsigned i = 0; i < sponges_.lanes(); ++i) {
      if (lanes_[i].work == Lane::Work::none) {
        take_up(i);
      }
      busy += lanes_[i].work != Lane::Work::none ? 1 : 0;
    }
    while (busy != 0) {
      sponges_.permute();
      for (unsigned i = 0; i < sponges_.lanes(); ++i) {
        if (lanes_[i].work != Lane::Work::none && advance(i)) {
          sponges_.clear(i);
          take_up(i);
          busy -= lanes_[i].work == Lane::Work::none ? 1 : 0;
        }
      }
    }
  }

 private:
  // The next entry of the matrix, if there is one left.
  void take_up(unsigned lane) {
    lanes_[lane].work = Lane::Work::none;
    if (next_ == k_ * k_) {
      return;
    }
    lanes_[lane] = {Lane::Work::entry, next_, 0};
    std::uint8_t message[34];
    std::memcpy(message, key_.data() + key_.size() - 32, 32);
    message[32] = static_cast<std::uint8_t>(column_);
    message[33] = static_cast<std::uint8_t>(row_);
    sponges_.absorb_last(lane, message, kBlock, sha3::kShakeSuffix);
    ++next_;
    if (++column_ == k_) {
      column_ = 0;
      ++row_;
    }
  }

  // The hash's next block; the last is followed by the digest.
  void absorb() {
    const std::size_t rate = sha3::kSha3_256Rate;
    if (to_hash_.size() >= rate) {
      sponges_.absorb(0, to_hash_.data(), rate / 8);
      to_hash_ = to_hash_.subspan(rate);
    } else {
      sponges_.absorb_last(0, to_hash_, rate, sha3::kSha3Suffix);
      hashed_ = true;
    }
  }

  // After a permutation; whether the lane is done.
  bool advance(unsigned i) {
    Lane& lane = lanes_[i];
    if (lane.work == Lane::Work::hash) {
      if (hashed_) {
        sponges_.read(i, hash_, 4);
        return true;
      }
      absorb();
      return false;
    }
    sponges_.read(i, bytes_[i] + kBlock * (lane.blocks % kBlocksAtOnce), kBlock / 8);
    ++lane.blocks;
    if (lane.blocks < kBlocksAtOnce) {
      return false;
    }
    // The first blocks together, then one by one, beginning again with what the first gave: they are few.
    if (lane.blocks == kBlocksAtOnce) {
      have_[i] = arithmetic_.sample_uniform(sampled_[i], 0, bytes_[i], kBlocksAtOnce * kBlock);
    } else {
      have_[i] = arithmetic_.sample_uniform(sampled_[i], have_[i],
                                            bytes_[i] + kBlock * ((lane.blocks - 1) % kBlocksAtOnce), kBlock);
    }
    if (have_[i] < kN) {
      return false;
    }
    arithmetic_.arrange(matrix_ + kN * lane.entry, sampled_[i]);
    return true;
  }

  const Arithmetic& arithmetic_;
  std::int16_t* matrix_;
  unsigned k_;
  Bytes key_;
  std::uint8_t* hash_;
  Sponges sponges_;
  Bytes to_hash_;
  bool hashed_ = false;
  unsigned next_ = 0, row_ = 0, column_ = 0;
  Lane lanes_[sha3::kMaxSponges];
  unsigned have_[sha3::kMaxSponges];
  alignas(64) std::int16_t sampled_[sha3::kMaxSponges][kSampleSpace];
  alignas(64) std::uint8_t bytes_[sha3::kMaxSponges][kBlocksAtOnce * kBlock + kSampleSlack];
};

}  // namespace

void expand_matrix(const Arithmetic& arithmetic, std::int16_t* matrix, unsigned k, Bytes key,
                   std::uint8_t* hash) {
  MatrixExpansion(arithmetic, hash != nullptr ? arithmetic.few : arithmetic.many, matrix, k, key, hash).run();
}

void expand_noise(const Arithmetic& arithmetic, std::int16_t* out, BytesOf<32> seed, unsigned first,
                  unsigned count, unsigned with_eta1, unsigned eta1) {
  constexpr std::size_t kRate = sha3::kShake256Rate;
  std::uint8_t message[33];
  std::memcpy(message, seed.data(), 32);
  std::uint8_t bytes[2 * kRate];
  for (unsigned done = 0; done < count;) {
    Sponges sponges(keccak_for(arithmetic, count - done));
    const unsigned now = count - done < sponges.lanes() ? count - done : sponges.lanes();
    for (unsigned i = 0; i < now; ++i) {
      message[32] = static_cast<std::uint8_t>(first + done + i);
      sponges.absorb_last(i, message, kRate, sha3::kShakeSuffix);
    }
    sponges.permute();
    // 64 eta bytes each: eta of 2 takes less than a block, eta of 3 more.
    std::uint8_t starts[sha3::kMaxSponges][kRate];
    const bool more = eta1 == 3 && done < with_eta1;
    for (unsigned i = 0; i < now; ++i) {
      sponges.read(i, starts[i], kRate / 8);
    }
    if (more) {
      sponges.permute();
    }
    for (unsigned i = 0; i < now; ++i) {
      const unsigned eta = done + i < with_eta1 ? eta1 : 2;
      std::memcpy(bytes, starts[i], kRate);
      if (eta == 3) {
        sponges.read(i, bytes + kRate, 192 / 8 - kRate / 8);
      }
      arithmetic.sample_noise(out + kN * (done + i), bytes, eta);
    }
    wipe(starts, sizeof starts);
    done += now;
  }
  wipe(message, sizeof message);
  wipe(bytes, sizeof bytes);
}

}  // namespace ashlar::crypto::mlkem
