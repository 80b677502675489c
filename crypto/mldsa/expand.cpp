// SPDX-License-Identifier: Apache-2.0
#include "mldsa/expand.hpp"

#include <ashlar/base/ct.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "sha3/bits.hpp"
#include "sha3/matrix.hpp"

namespace ashlar::crypto::mldsa {
namespace {

using sha3::Sponges;

struct Matrix {
  using Arithmetic = mldsa::Arithmetic;
  using Coefficient = std::int32_t;
  static constexpr std::size_t kSpace = kN + 16;
  static constexpr std::size_t kSlack = 64;
  // 280 candidates; about one in a thousand is rejected.
  static constexpr unsigned kBlocks = 5;
};

constexpr std::size_t kRate = sha3::kShake256Rate;

// Starts sponges with seed || number, number + 1 ... of two bytes each. Returns how many fit.
unsigned start(Sponges& sponges, BytesOf<64> seed, unsigned number, unsigned count) {
  std::uint8_t message[66];
  std::memcpy(message, seed.data(), 64);
  const unsigned now = count < sponges.lanes() ? count : sponges.lanes();
  for (unsigned i = 0; i < now; ++i) {
    message[64] = static_cast<std::uint8_t>(number + i);
    message[65] = static_cast<std::uint8_t>((number + i) >> 8);
    sponges.absorb_last(i, message, kRate, sha3::kShakeSuffix);
  }
  wipe(message, sizeof message);
  return now;
}

// RejBoundedPoly's rejection (Algorithm 31) of half bytes.
unsigned sample_bounded(std::int32_t* p, unsigned have, const std::uint8_t* bytes, unsigned eta) {
  for (std::size_t i = 0; i < 2 * kRate && have < kN; ++i) {
    const std::uint32_t half = (bytes[i / 2] >> (4 * (i % 2))) & 15;
    // A rejected candidate says nothing about those that are kept.
    if (!ct::less(half, eta == 2 ? 15 : 9).declassify()) {
      continue;
    }
    // Modulo 5, for eta of 2.
    const std::uint32_t value = eta == 2 ? half - 5 * ((205 * half) >> 10) : half;
    p[have++] = static_cast<std::int32_t>(eta) - static_cast<std::int32_t>(value);
  }
  return have;
}

}  // namespace

void expand_matrix(const Arithmetic& arithmetic, std::int32_t* matrix, const MlDsaSet& set, Bytes key,
                   std::uint8_t* hash) {
  if (hash != nullptr) {
    sha3::MatrixExpansion<Matrix>(arithmetic, arithmetic.few, matrix, set.k, set.l, key.data())
        .run(key, {hash, 8, sha3::kShakeSuffix});
  } else {
    sha3::MatrixExpansion<Matrix>(arithmetic, arithmetic.many, matrix, set.k, set.l, key.data()).run({}, {});
  }
}

void expand_secret(const Arithmetic& arithmetic, std::int32_t* out, const MlDsaSet& set, BytesOf<64> seed,
                   unsigned count) {
  std::uint8_t bytes[kRate];
  for (unsigned done = 0; done < count;) {
    Sponges sponges(sha3::keccak_for(arithmetic.few, arithmetic.many, count - done));
    const unsigned now = start(sponges, seed, done, count - done);
    unsigned have[sha3::kMaxSponges] = {};
    for (bool more = true; more;) {
      sponges.permute();
      more = false;
      for (unsigned i = 0; i < now; ++i) {
        if (have[i] < kN) {
          sponges.read(i, bytes, kRate / 8);
          have[i] = sample_bounded(out + kN * (done + i), have[i], bytes, set.eta);
          more = more || have[i] < kN;
        }
      }
    }
    done += now;
  }
  wipe(bytes, sizeof bytes);
}

void expand_mask(const Arithmetic& arithmetic, std::int32_t* out, const MlDsaSet& set, BytesOf<64> seed,
                 unsigned kappa) {
  const unsigned bits = 1 + set.gamma1_bits;
  std::uint8_t bytes[sha3::kMaxSponges][5 * kRate];
  for (unsigned done = 0; done < set.l;) {
    Sponges sponges(sha3::keccak_for(arithmetic.few, arithmetic.many, set.l - done));
    const unsigned now = start(sponges, seed, kappa + done, set.l - done);
    for (std::size_t block = 0; block < 5; ++block) {
      sponges.permute();
      for (unsigned i = 0; i < now; ++i) {
        sponges.read(i, bytes[i] + kRate * block, kRate / 8);
      }
    }
    for (unsigned i = 0; i < now; ++i) {
      sha3::BitReader reader(bytes[i], bits);
      std::int32_t* const p = out + kN * (done + i);
      for (std::size_t j = 0; j < kN; ++j) {
        p[j] = set.gamma1() - static_cast<std::int32_t>(reader.next());
      }
    }
    done += now;
  }
  wipe(bytes, sizeof bytes);
}

void sample_in_ball(std::int32_t* out, const MlDsaSet& set, Bytes seed) {
  Shake shake(256);
  std::uint8_t block[kRate];
  shake.update(seed).squeeze(block);
  std::uint64_t signs = 0;
  for (unsigned i = 0; i < 8; ++i) {
    signs |= std::uint64_t{block[i]} << (8 * i);
  }
  std::size_t at = 8;
  std::memset(out, 0, kN * sizeof *out);
  for (std::size_t i = kN - set.tau; i < kN; ++i, signs >>= 1) {
    std::size_t j;
    do {
      if (at == kRate) {
        shake.squeeze(block);
        at = 0;
      }
      j = block[at++];
    } while (j > i);
    out[i] = out[j];
    out[j] = 1 - 2 * static_cast<std::int32_t>(signs & 1);
  }
}

}  // namespace ashlar::crypto::mldsa
