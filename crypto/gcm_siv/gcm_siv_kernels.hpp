// SPDX-License-Identifier: Apache-2.0
// The rows of GCM-SIV, each in a file of its own.
#pragma once

#include <ashlar/crypto/gcm_siv.hpp>

#include "aes/aes_kernels.hpp"
#include "gcm/gcm_kernels.hpp"

namespace ashlar::crypto::gcm_siv {

using gcm::Direction;
using gcm::Order;

// The first byte of a block is the lowest, in GCM-SIV's POLYVAL and in its counters (RFC 8452 §3, §4).
inline constexpr Order kOrder = Order::first_lowest;

// Additional data as blocks: runs of whole blocks in place, and copies of blocks that span pieces or need
// padding with zeros.
class AadBlocks {
 public:
  explicit AadBlocks(std::span<const Bytes> pieces) : pieces_(pieces) {}

  // Moves to the next run; false at the end.
  bool next();
  const std::uint8_t* data() const { return run_; }
  std::size_t count() const { return count_; }

 private:
  std::span<const Bytes> pieces_;
  Bytes rest_;  // of the current piece
  const std::uint8_t* run_ = nullptr;
  std::size_t count_ = 0;
  std::uint8_t block_[16];
};

#define ASHLAR_GCM_SIV_ROW(Name)                                                                      \
  struct Name {                                                                                       \
    static void seal(const AesSchedule& schedule, const GcmSivCall& call, std::uint8_t tag[16]);      \
    static void open(const AesSchedule& schedule, const GcmSivCall& call, const std::uint8_t tag[16], \
                     std::uint8_t expected_tag[16]);                                                  \
  }

ASHLAR_GCM_SIV_ROW(Portable);
ASHLAR_GCM_SIV_ROW(Aesni);
ASHLAR_GCM_SIV_ROW(Vaes);
ASHLAR_GCM_SIV_ROW(Avx512);

// AesRow: the AES row whose round keys Row reads.
template <class Row, class AesRow>
constexpr GcmSivKernel row(std::string_view name, cpu::Features required) {
  return {name, required, AesRow::expand_encrypt, Row::seal, Row::open};
}

}  // namespace ashlar::crypto::gcm_siv
