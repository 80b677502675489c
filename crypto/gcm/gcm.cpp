// SPDX-License-Identifier: Apache-2.0
// What all rows of GCM share: the checks, nonces of other lengths than 96 bits, and additional data in
// pieces.
#include <ashlar/crypto/gcm.hpp>

#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>

#include "aead/buffers.hpp"
#include "aead/erased.hpp"
#include "aead/last_block.hpp"
#include "aes/aes_kernels.hpp"
#include "cpu/choose.hpp"
#include "cpu/x86.hpp"
#include "gcm/gcm_kernels.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;

constexpr GcmKernel kTable[] = {
#if ASHLAR_X86_KERNELS
    gcm::row<gcm::Avx512>(
        "vaes-avx512",
        cpu::Features(Feature::prefers_zmm, Feature::avx512f, Feature::avx512vl, Feature::avx512bw,
                      Feature::vaes, Feature::vpclmul, Feature::bmi2, Feature::aes_ni, Feature::pclmul)),
    gcm::row<gcm::Vaes>("vaes", cpu::Features(Feature::vaes, Feature::vpclmul, Feature::avx2, Feature::bmi2,
                                              Feature::aes_ni, Feature::pclmul)),
    gcm::row<gcm::Aesni>("aes-ni",
                         cpu::Features(Feature::aes_ni, Feature::pclmul, Feature::ssse3, Feature::sse41)),
#endif
    gcm::row<gcm::Portable>("portable", cpu::Features()),
};

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
// SP 800-38D §5.2.1.1, in bytes. The counter of 32 bits has one value for each block but J0's and one more.
constexpr std::uint64_t kMaxText = (std::uint64_t{1} << 36) - 32;
using gcm::kMaxAad;
constexpr std::uint64_t kMaxNonce = (std::uint64_t{1} << 61) - 1;

// Wipes what GHASH made of public bytes on the way to `call`: it gives H away.
void forget(const GcmCall& call, std::uint8_t (&j0)[16], std::uint8_t (&hash)[16]) {
  if (!call.counter_is_nonce) {
    wipe(j0, sizeof j0);
  }
  if (call.hash != nullptr) {
    wipe(hash, sizeof hash);
  }
}

}  // namespace

std::span<const GcmKernel> gcm_kernels() {
  return kTable;
}

Result<AesGcmKey> AesGcmKey::create(Bytes key, const GcmKernel* kernel) {
  if (!aes::takes_key_size(key.size())) {
    return Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(key.size())};
  }
  ASHLAR_TRY(kernel, cpu::choose(gcm_kernels(), kernel));
  return set_up(key, *kernel);
}

// With one variable to return, the key is made where the caller wants it: moving a thousand bytes and wiping
// them costs a third of the set-up.
Result<AesGcmKey> AesGcmKey::set_up(Bytes key, const GcmKernel& kernel) {
  Result<AesGcmKey> made{AesGcmKey()};
  made->kernel_ = &kernel;
  kernel.init(made->data_, key);
  return made;
}

void AesGcmKey::take(AesGcmKey& other) {
  kernel_ = other.kernel_;
  data_.rounds = other.data_.rounds;
  data_.size = other.data_.size;
  std::memcpy(data_.bytes, other.data_.bytes, data_.size);
  wipe(other.data_.bytes, other.data_.size);
  other.data_.size = 0;
}

AesGcmKey::AesGcmKey(AesGcmKey&& other) noexcept {
  take(other);
}
AesGcmKey& AesGcmKey::operator=(AesGcmKey&& other) noexcept {
  if (this != &other) {
    wipe(data_.bytes, data_.size);
    take(other);
  }
  return *this;
}
AesGcmKey::~AesGcmKey() {
  wipe(data_.bytes, data_.size);
}

// Everything of `call` but the text. j0, hash and last are room for what the pointers in it may point to.
Result<void> AesGcmKey::prepare(GcmCall& call, Bytes nonce, std::span<const Bytes> aad, std::uint8_t j0[16],
                                std::uint8_t hash[16], std::uint8_t last[16]) const {
  call.counter = nonce.data();
  call.counter_is_nonce = nonce.size() == kNonceSize;
  call.hash = nullptr;
  if (call.counter_is_nonce && aad.size() == 1 && aad[0].size() <= 16) {
    // What protocols do.
    call.aad = aad[0].data();
    call.aad_size = aad[0].size();
    call.aad_total = aad[0].size();
    return {};
  }
  return prepare_any(call, nonce, aad, j0, hash, last);
}

// Nonces of any size, additional data in any pieces.
Result<void> AesGcmKey::prepare_any(GcmCall& call, Bytes nonce, std::span<const Bytes> aad,
                                    std::uint8_t j0[16], std::uint8_t hash[16], std::uint8_t last[16]) const {
  if (!call.counter_is_nonce) {
    ASHLAR_CHECK(hash_nonce(nonce, j0));
    call.counter = j0;
  }
  call.aad = last;
  call.aad_size = 0;
  call.aad_total = 0;
  for (const Bytes part : aad) {
    if (std::uint64_t{part.size()} > kMaxAad - call.aad_total) {
      return ErrorCode::message_too_long;
    }
    call.aad_total += part.size();
    hold_last({last, 16}, call.aad_size, part, [&](const std::uint8_t* in, std::size_t blocks) {
      if (call.hash == nullptr) {
        std::memset(hash, 0, 16);
        call.hash = hash;
      }
      kernel_->ghash(data_, hash, in, blocks);
    });
  }
  return {};
}

// J0 = GHASH(nonce, padded, then 64 zero bits and its length): SP 800-38D §7.1 step 2.
Result<void> AesGcmKey::hash_nonce(Bytes nonce, std::uint8_t j0[16]) const {
  if (nonce.empty() || std::uint64_t{nonce.size()} > kMaxNonce) {
    return Error{ErrorCode::bad_nonce_size, Place::none, static_cast<std::uint32_t>(nonce.size())};
  }
  std::uint8_t block[16] = {};
  std::memset(j0, 0, 16);
  const std::size_t whole = nonce.size() / 16;
  kernel_->ghash(data_, j0, nonce.data(), whole);
  if (nonce.size() % 16 != 0) {
    copy_bytes(block, nonce.subspan(16 * whole));
    kernel_->ghash(data_, j0, block, 1);
  }
  std::memset(block, 0, 8);
  store_be64(block + 8, std::uint64_t{nonce.size()} * 8);
  kernel_->ghash(data_, j0, block, 1);
  return {};
}

Result<void> AesGcmKey::seal(Bytes nonce, std::span<const Bytes> aad, Bytes plaintext, MutBytes ciphertext,
                             MutBytesOf<16> tag) const {
  ASHLAR_CHECK(check_buffers(plaintext, ciphertext, kMaxText));
  if (overlap(ciphertext, tag)) {
    return ErrorCode::partial_overlap;
  }
  GcmCall call;
  std::uint8_t j0[16];
  std::uint8_t hash[16];
  std::uint8_t last[16];
  ASHLAR_CHECK(prepare(call, nonce, aad, j0, hash, last));
  call.in = plaintext.data();
  call.out = ciphertext.data();
  call.size = plaintext.size();
  kernel_->seal(data_, call, tag.data());
  forget(call, j0, hash);
  return {};
}

Result<void> AesGcmKey::open(Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext, BytesOf<16> tag,
                             MutBytes plaintext) const {
  ASHLAR_CHECK(check_buffers(ciphertext, plaintext, kMaxText));
  if (overlap(plaintext, tag)) {
    return ErrorCode::partial_overlap;
  }
  GcmCall call;
  std::uint8_t j0[16];
  std::uint8_t hash[16];
  std::uint8_t last[16];
  ASHLAR_CHECK(prepare(call, nonce, aad, j0, hash, last));
  call.in = ciphertext.data();
  call.out = plaintext.data();
  call.size = ciphertext.size();
  std::uint8_t expected[kTagSize];
  kernel_->open(data_, call, expected);
  forget(call, j0, hash);
  // The verdict is what the caller is told.
  const bool right = ct::equal(expected, tag).declassify();
  wipe(expected, sizeof expected);
  if (!right) {
    wipe(plaintext);
    return ErrorCode::bad_tag;
  }
  return {};
}

constexpr AeadAlgorithm kAes128Gcm =
    ErasedAead<AesGcmKey, gcm_kernels, kNonceSize>::algorithm("AES-128-GCM", 16);
constexpr AeadAlgorithm kAes256Gcm =
    ErasedAead<AesGcmKey, gcm_kernels, kNonceSize>::algorithm("AES-256-GCM", 32);

}  // namespace ashlar::crypto
