// SPDX-License-Identifier: Apache-2.0
// XTS-AES-128 and XTS-AES-256 (IEEE 1619, SP 800-38E): encrypts a data unit of a storage device under its
// number, without changing its size. It hides what is stored; it does not authenticate. No table is indexed
// by a secret: constant time in key and data.
#pragma once

#include <ashlar/crypto/aes.hpp>

namespace ashlar::crypto {

// SP 800-38E §4: 2^20 blocks.
inline constexpr std::size_t kXtsMaxDataUnit = std::size_t{1} << 24;

// The schedules of a kernel: Key1 in both directions, and Key2, which encrypts tweaks (IEEE 1619 §5.1).
struct XtsSchedules {
  AesSchedule encrypt;
  AesSchedule decrypt;
  AesSchedule tweak;
};

// A data unit's number before it is encrypted: sixteen bytes as two little-endian numbers, passed in
// registers. Written to memory in halves and read back as a vector, it would wait for all stores before it.
struct XtsTweak {
  std::uint64_t low;
  std::uint64_t high;
};

// One implementation of XTS.
struct XtsKernel {
  std::string_view name;
  cpu::Features required;
  // As in AesKernel.
  void (*expand_encrypt)(AesSchedule& schedule, Bytes key);
  void (*expand_decrypt)(AesSchedule& schedule, Bytes key);
  // One data unit of 16 bytes or more, into the same buffer or a separate one.
  void (*encrypt)(const XtsSchedules&, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out,
                  std::size_t size);
  void (*decrypt)(const XtsSchedules&, XtsTweak tweak, const std::uint8_t* in, std::uint8_t* out,
                  std::size_t size);
};

// All implementations, best first; the last is portable.
std::span<const XtsKernel> xts_kernels();

class AesXtsKey {  // the two keys of AES-XTS
 public:
  // key: 32 or 64 bytes, Key1 and then Key2, else bad_key_size. The two must differ (FIPS 140-3 IG C.I; they
  // are compared in constant time), else xts_keys_equal. kernel: a row that this CPU can run (else
  // kernel_unavailable), or null for the best.
  static Result<AesXtsKey> create(Bytes key, const XtsKernel* kernel = nullptr);

  // One data unit of 16 bytes to kXtsMaxDataUnit (else bad_data_size), of any size in that range: the last
  // bytes use ciphertext stealing (IEEE 1619 §5.3.2). In place or into `out` of the same size (else
  // invalid_argument), without partial overlap (else partial_overlap). tweak: the data unit's number, its
  // first byte the least significant.
  Result<void> encrypt(BytesOf<16> tweak, Bytes in, MutBytes out) const;
  Result<void> decrypt(BytesOf<16> tweak, Bytes in, MutBytes out) const;
  // The same with the number of a sector.
  Result<void> encrypt(std::uint64_t sector, Bytes in, MutBytes out) const;
  Result<void> decrypt(std::uint64_t sector, Bytes in, MutBytes out) const;

 private:
  AesXtsKey() = default;
  static Result<AesXtsKey> set_up(Bytes key1, Bytes key2, const XtsKernel& kernel);
  Result<void> encrypt(XtsTweak tweak, Bytes in, MutBytes out) const;
  Result<void> decrypt(XtsTweak tweak, Bytes in, MutBytes out) const;

  const XtsKernel* kernel_ = nullptr;
  XtsSchedules schedules_;
};

}  // namespace ashlar::crypto
