// SPDX-License-Identifier: Apache-2.0
#include "mlkem/expand.hpp"

#include "sha3/matrix.hpp"

namespace ashlar::crypto::mlkem {
namespace {

using sha3::Sponges;

struct Matrix {
  using Arithmetic = mlkem::Arithmetic;
  using Coefficient = std::int16_t;
  static constexpr std::size_t kSpace = kSampleSpace;
  static constexpr std::size_t kSlack = kSampleSlack;
  // 336 candidates give 256 numbers, except about once in a hundred times.
  static constexpr unsigned kBlocks = 3;
};

}  // namespace

void expand_matrix(const Arithmetic& arithmetic, std::int16_t* matrix, unsigned k, Bytes key,
                   std::uint8_t* hash) {
  const std::uint8_t* const seed = key.data() + key.size() - 32;
  if (hash != nullptr) {
    sha3::MatrixExpansion<Matrix>(arithmetic, arithmetic.few, matrix, k, k, seed)
        .run(key, {hash, 4, sha3::kSha3Suffix});
  } else {
    sha3::MatrixExpansion<Matrix>(arithmetic, arithmetic.many, matrix, k, k, seed).run({}, {});
  }
}

void expand_noise(const Arithmetic& arithmetic, std::int16_t* out, BytesOf<32> seed, unsigned first,
                  unsigned count, unsigned with_eta1, unsigned eta1) {
  constexpr std::size_t kRate = sha3::kShake256Rate;
  std::uint8_t message[33];
  std::memcpy(message, seed.data(), 32);
  std::uint8_t bytes[2 * kRate];
  for (unsigned done = 0; done < count;) {
    Sponges sponges(sha3::keccak_for(arithmetic.few, arithmetic.many, count - done));
    const unsigned now = count - done < sponges.lanes() ? count - done : sponges.lanes();
    for (unsigned i = 0; i < now; ++i) {
      message[32] = static_cast<std::uint8_t>(first + done + i);
      sponges.absorb_last(i, message, kRate, sha3::kShakeSuffix);
    }
    sponges.permute();
    // 64 eta bytes each: less than a block for eta of 2, more for eta of 3.
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
