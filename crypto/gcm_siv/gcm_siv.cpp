// SPDX-License-Identifier: Apache-2.0
// What all rows of GCM-SIV share: the checks, and additional data in pieces.
#include <ashlar/crypto/gcm_siv.hpp>

#include "aead/buffers.hpp"
#include "aead/erased.hpp"
#include "aead/tag.hpp"
#include "cpu/choose.hpp"
#include "cpu/x86.hpp"
#include "gcm_siv/gcm_siv_kernels.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;

constexpr GcmSivKernel kTable[] = {
#if ASHLAR_X86_KERNELS
    gcm_siv::row<gcm_siv::Avx512, aes::Aesni>(
        "vaes-avx512",
        cpu::Features(Feature::prefers_zmm, Feature::avx512f, Feature::avx512vl, Feature::avx512bw,
                      Feature::vaes, Feature::vpclmul, Feature::bmi2, Feature::aes_ni, Feature::pclmul)),
    gcm_siv::row<gcm_siv::Vaes, aes::Aesni>(
        "vaes", cpu::Features(Feature::vaes, Feature::vpclmul, Feature::avx2, Feature::bmi2, Feature::aes_ni,
                              Feature::pclmul)),
    gcm_siv::row<gcm_siv::Aesni, aes::Aesni>(
        "aes-ni", cpu::Features(Feature::aes_ni, Feature::pclmul, Feature::ssse3, Feature::sse41)),
#endif
    gcm_siv::row<gcm_siv::Portable, aes::Portable>("portable", cpu::Features()),
};

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
// RFC 8452 §6, in bytes, of plaintext and of additional data.
constexpr std::uint64_t kMost = std::uint64_t{1} << 36;

// Fills `call` except for the tag. `tag` and the output must not overlap.
Result<void> prepare(GcmSivCall& call, Bytes nonce, std::span<const Bytes> aad, Bytes in, MutBytes out,
                     Bytes tag) {
  if (nonce.size() != kNonceSize) {
    return Error{ErrorCode::bad_nonce_size, Place::none, static_cast<std::uint32_t>(nonce.size())};
  }
  ASHLAR_CHECK(check_buffers(in, out, kMost));
  if (overlap(out, tag)) {
    return ErrorCode::partial_overlap;
  }
  std::uint64_t aad_total = 0;
  for (const Bytes piece : aad) {
    if (std::uint64_t{piece.size()} > kMost - aad_total) {
      return ErrorCode::message_too_long;
    }
    aad_total += piece.size();
  }
  call = {nonce.data(), aad, aad_total, in.data(), out.data(), in.size()};
  return {};
}

}  // namespace

bool gcm_siv::AadBlocks::next() {
  std::size_t held = 0;  // bytes in block_
  while (held < 16) {
    if (held == 0 && rest_.size() >= 16) {
      run_ = rest_.data();
      count_ = rest_.size() / 16;
      rest_ = rest_.subspan(16 * count_);
      return true;
    }
    if (rest_.empty()) {
      if (pieces_.empty()) {
        break;
      }
      rest_ = pieces_[0];
      pieces_ = pieces_.subspan(1);
      continue;
    }
    const std::size_t fill = rest_.size() < 16 - held ? rest_.size() : 16 - held;
    copy_bytes({block_ + held, fill}, rest_.first(fill));
    rest_ = rest_.subspan(fill);
    held += fill;
  }
  if (held == 0) {
    return false;
  }
  std::memset(block_ + held, 0, 16 - held);
  run_ = block_;
  count_ = 1;
  return true;
}

std::span<const GcmSivKernel> gcm_siv_kernels() {
  return kTable;
}

Result<AesGcmSivKey> AesGcmSivKey::create(Bytes key, const GcmSivKernel* kernel) {
  if (key.size() != 16 && key.size() != 32) {
    return Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(key.size())};
  }
  ASHLAR_TRY(kernel, cpu::choose(gcm_siv_kernels(), kernel));
  return set_up(key, *kernel);
}

// Only one variable is returned, so the key is not moved.
Result<AesGcmSivKey> AesGcmSivKey::set_up(Bytes key, const GcmSivKernel& kernel) {
  Result<AesGcmSivKey> made{AesGcmSivKey()};
  made->kernel_ = &kernel;
  kernel.expand(made->schedule_, key);
  return made;
}

Result<void> AesGcmSivKey::seal(Bytes nonce, std::span<const Bytes> aad, Bytes plaintext, MutBytes ciphertext,
                                MutBytesOf<16> tag) const {
  // The tag is written before all of the text has been encrypted.
  if (overlap(plaintext, tag)) {
    return ErrorCode::partial_overlap;
  }
  GcmSivCall call;
  ASHLAR_CHECK(prepare(call, nonce, aad, plaintext, ciphertext, tag));
  kernel_->seal(schedule_, call, tag.data());
  return {};
}

Result<void> AesGcmSivKey::open(Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext, BytesOf<16> tag,
                                MutBytes plaintext) const {
  GcmSivCall call;
  ASHLAR_CHECK(prepare(call, nonce, aad, ciphertext, plaintext, tag));
  std::uint8_t expected[kTagSize];
  kernel_->open(schedule_, call, tag.data(), expected);
  return judge_tag(expected, tag, plaintext);
}

constexpr AeadAlgorithm kAes128GcmSiv =
    ErasedKey<AesGcmSivKey, gcm_siv_kernels, kNonceSize>::algorithm<16>("AES-128-GCM-SIV");
constexpr AeadAlgorithm kAes256GcmSiv =
    ErasedKey<AesGcmSivKey, gcm_siv_kernels, kNonceSize>::algorithm<32>("AES-256-GCM-SIV");

}  // namespace ashlar::crypto
