// SPDX-License-Identifier: Apache-2.0
// What all rows of CCM share: the checks, and the blocks of nonce, lengths and additional data.
#include <ashlar/crypto/ccm.hpp>

#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>

#include "aead/buffers.hpp"
#include "aead/erased.hpp"
#include "aead/last_block.hpp"
#include "aead/tag.hpp"
#include "aes/aes_kernels.hpp"
#include "aes/cbc_mac.hpp"
#include "ccm/ccm_kernels.hpp"
#include "cpu/choose.hpp"
#include "cpu/part.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;

constexpr CcmKernel kTable[] = {
#if ASHLAR_X86_KERNELS
    {"aes-ni", cpu::Features(Feature::aes_ni, Feature::ssse3, Feature::sse41), aes::Aesni::expand_encrypt,
     aes::cbc_mac_aesni, ccm::Aesni::seal, ccm::Aesni::open},
#endif
    {"portable", cpu::Features(), aes::Portable::expand_encrypt, aes::cbc_mac_portable, ccm::Portable::seal,
     ccm::Portable::open},
};

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kMinNonceSize = 7;
constexpr std::size_t kMaxNonceSize = 13;
constexpr std::size_t kMaxTagSize = 16;

// The length of the text and the block counter fill the part of a block that flags and nonce leave.
constexpr std::size_t length_size(std::size_t nonce_size) {
  return 15 - nonce_size;
}
constexpr std::uint64_t max_text(std::size_t nonce_size) {
  const std::size_t bits = 8 * length_size(nonce_size);
  return bits == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
}

Result<void> check_nonce(Bytes nonce) {
  if (nonce.size() < kMinNonceSize || nonce.size() > kMaxNonceSize) {
    return Error{ErrorCode::bad_nonce_size, Place::none, static_cast<std::uint32_t>(nonce.size())};
  }
  return {};
}

// SP 800-38C §A.1: the length of the additional data, and how many bytes that takes: 2, 6 or 10.
std::size_t put_length(std::uint8_t* to, std::uint64_t size) {
  if (size < 0xff00) {
    store_be16(to, static_cast<std::uint16_t>(size));
    return 2;
  }
  if (size <= 0xffffffff) {
    store_be16(to, 0xfffe);
    store_be32(to + 2, static_cast<std::uint32_t>(size));
    return 6;
  }
  store_be16(to, 0xffff);
  store_be64(to + 2, size);
  return 10;
}

}  // namespace

std::span<const CcmKernel> ccm_kernels() {
  return kTable;
}

Result<AesCcmKey> AesCcmKey::create(Bytes key, std::size_t tag_size, const CcmKernel* kernel) {
  if (!aes::takes_key_size(key.size())) {
    return Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(key.size())};
  }
  if (tag_size < 4 || tag_size > kMaxTagSize || tag_size % 2 != 0) {
    return ErrorCode::invalid_argument;
  }
  ASHLAR_TRY(kernel, cpu::choose(ccm_kernels(), kernel));
  return set_up(key, tag_size, *kernel);
}

// Only one variable is returned, so the key is made in the caller's place.
Result<AesCcmKey> AesCcmKey::set_up(Bytes key, std::size_t tag_size, const CcmKernel& kernel) {
  Result<AesCcmKey> made{AesCcmKey()};
  made->kernel_ = &kernel;
  made->tag_size_ = tag_size;
  kernel.expand(made->schedule_, key);
  return made;
}

// Storage for a call's pointers: the CBC-MAC so far and blocks of additional data.
struct AesCcmKey::Prelude {
  std::uint8_t mac[16];
  std::uint8_t blocks[64];
};

// Fills `call`. `in` and `out` have the same size.
Result<void> AesCcmKey::prepare(CcmCall& call, Prelude& prelude, Bytes nonce, std::span<const Bytes> aad,
                                const std::uint8_t* in, std::uint8_t* out, std::size_t size) const {
  call.in = in;
  call.out = out;
  call.size = size;

  std::uint64_t aad_size = 0;
  for (const Bytes part : aad) {
    if (std::uint64_t{part.size()} > ~aad_size) {
      return ErrorCode::message_too_long;
    }
    aad_size += part.size();
  }

  // Seven bytes of the nonce stand behind the flags, the others in the second half.
  const std::uint8_t* const n = nonce.data();
  const std::uint64_t nonce_high = (std::uint64_t{load_be32(n)} << 24) | load_be32(n + 3);
  const std::uint64_t nonce_low =
      nonce.size() == kMinNonceSize ? 0 : load_be64(n + nonce.size() - 8) << (8 * (15 - nonce.size()));
  const std::uint64_t flags = length_size(nonce.size()) - 1;
  call.counter_high = (flags << 56) | nonce_high;
  call.counter_low = nonce_low;
  const std::uint64_t first_flags = (aad_size != 0 ? 0x40 : 0) | ((tag_size_ - 2) / 2 << 3) | flags;
  call.first_high = (first_flags << 56) | nonce_high;
  call.first_low = nonce_low | std::uint64_t{size};

  call.mac = nullptr;
  call.aad = prelude.blocks;
  call.aad_blocks = 0;
  if (aad_size == 0) {
    return {};
  }
  if (aad.size() == 1 && aad_size <= 14) {
    // The usual case in protocols: one block with the length and one piece.
    const Halves data = load_halves(aad[0].data(), aad[0].size());
    store_le64(prelude.blocks, (data.low << 16) | (aad_size << 8));
    store_le64(prelude.blocks + 8, (data.high << 16) | (data.low >> 48));
    call.aad_blocks = 1;
    return {};
  }
  const auto absorb = [&](const std::uint8_t* blocks, std::size_t count) {
    if (call.mac == nullptr) {
      std::uint8_t first[16];
      store_be64(first, call.first_high);
      store_be64(first + 8, call.first_low);
      std::memset(prelude.mac, 0, sizeof prelude.mac);
      kernel_->mac(schedule_, prelude.mac, first, 1);
      call.mac = prelude.mac;
    }
    kernel_->mac(schedule_, prelude.mac, blocks, count);
  };
  std::size_t held = put_length(prelude.blocks, aad_size);
  for (const Bytes part : aad) {
    hold_last(prelude.blocks, held, part, absorb);
  }
  const std::size_t padding = (0 - held) % 16;
  std::memset(prelude.blocks + held, 0, padding);
  call.aad_blocks = (held + padding) / 16;
  return {};
}

Result<void> AesCcmKey::seal(Bytes nonce, std::span<const Bytes> aad, Bytes plaintext, MutBytes ciphertext,
                             MutBytes tag) const {
  ASHLAR_CHECK(check_nonce(nonce));
  ASHLAR_CHECK(check_buffers(plaintext, ciphertext, max_text(nonce.size())));
  if (tag.size() != tag_size_) {
    return ErrorCode::invalid_argument;
  }
  if (overlap(ciphertext, tag)) {
    return ErrorCode::partial_overlap;
  }
  CcmCall call;
  Prelude prelude;
  ASHLAR_CHECK(prepare(call, prelude, nonce, aad, plaintext.data(), ciphertext.data(), plaintext.size()));
  if (tag_size_ == kMaxTagSize) {
    kernel_->seal(schedule_, call, tag.data());
  } else {
    std::uint8_t whole[kMaxTagSize];
    kernel_->seal(schedule_, call, whole);
    std::memcpy(tag.data(), whole, tag_size_);
    wipe(whole, sizeof whole);
  }
  wipe(prelude.mac, sizeof prelude.mac);
  return {};
}

Result<void> AesCcmKey::open(Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext, Bytes tag,
                             MutBytes plaintext) const {
  ASHLAR_CHECK(check_nonce(nonce));
  ASHLAR_CHECK(check_buffers(ciphertext, plaintext, max_text(nonce.size())));
  if (overlap(plaintext, tag)) {
    return ErrorCode::partial_overlap;
  }
  CcmCall call;
  Prelude prelude;
  ASHLAR_CHECK(prepare(call, prelude, nonce, aad, ciphertext.data(), plaintext.data(), ciphertext.size()));
  std::uint8_t whole[kMaxTagSize];
  kernel_->open(schedule_, call, whole);
  const ct::Mask right = ct::equal({whole, tag_size_}, tag);
  wipe(whole, sizeof whole);
  wipe(prelude.mac, sizeof prelude.mac);
  return judge(right, plaintext);
}

template <std::size_t TagSize>
using Erased = ErasedKey<AesCcmKey, ccm_kernels, kNonceSize, TagSize>;

constexpr AeadAlgorithm kAes128Ccm = Erased<16>::algorithm<16>("AES-128-CCM");
constexpr AeadAlgorithm kAes256Ccm = Erased<16>::algorithm<32>("AES-256-CCM");
constexpr AeadAlgorithm kAes128Ccm8 = Erased<8>::algorithm<16>("AES-128-CCM-8");
constexpr AeadAlgorithm kAes256Ccm8 = Erased<8>::algorithm<32>("AES-256-CCM-8");

}  // namespace ashlar::crypto
