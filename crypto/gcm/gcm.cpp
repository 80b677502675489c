// SPDX-License-Identifier: Apache-2.0
// What all rows of GCM share: the checks, nonces of other lengths than 96 bits, and additional data in
// pieces.
#include <ashlar/crypto/gcm.hpp>

#include <ashlar/base/endian.hpp>

#include "aead/buffers.hpp"
#include "aead/erased.hpp"
#include "aead/last_block.hpp"
#include "aead/tag.hpp"
#include "aes/aes_kernels.hpp"
#include "cpu/choose.hpp"
#include "cpu/x86.hpp"
#include "gcm/gcm_kernels.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;

#if ASHLAR_X86_KERNELS
constexpr cpu::Features kAvx512(Feature::prefers_zmm, Feature::avx512f, Feature::avx512vl, Feature::avx512bw,
                                Feature::vaes, Feature::vpclmul, Feature::bmi2, Feature::aes_ni,
                                Feature::pclmul);

// Where no figures say that three multiplications are better than four: all cores except Zen 5.
constexpr cpu::Cores not_zen5() {
  cpu::Cores out;
  out.bits = ~cpu::Cores(cpu::Core::zen5).bits;
  return out;
}
#endif

constexpr GcmKernel kTable[] = {
#if ASHLAR_X86_KERNELS
    // Zen 5 starts two vaesenc per cycle and one vpclmulqdq every two.
    gcm::row<gcm::Avx512Karatsuba>("vaes-avx512-karatsuba", kAvx512, not_zen5()),
    gcm::row<gcm::Avx512>("vaes-avx512", kAvx512),
    gcm::row<gcm::Vaes>("vaes", cpu::Features(Feature::vaes, Feature::vpclmul, Feature::avx2, Feature::bmi2,
                                              Feature::aes_ni, Feature::pclmul)),
    gcm::row<gcm::Aesni>("aes-ni",
                         cpu::Features(Feature::aes_ni, Feature::pclmul, Feature::ssse3, Feature::sse41)),
    gcm::row<gcm::AesniSsse3>("aes-ni-ssse3", cpu::Features(Feature::aes_ni, Feature::ssse3, Feature::sse41)),
    gcm::row<gcm::Ssse3>("ssse3", cpu::Features(Feature::ssse3)),
#endif
    gcm::row<gcm::Portable>("portable", cpu::Features()),
};

constexpr std::size_t kNonceSize = 12;
constexpr std::size_t kTagSize = 16;
// SP 800-38D §5.2.1.1, in bytes. That is two blocks fewer than the 32-bit counter has values.
constexpr std::uint64_t kMaxText = (std::uint64_t{1} << 36) - 32;
using gcm::kMaxAad;
constexpr std::uint64_t kMaxNonce = (std::uint64_t{1} << 61) - 1;

// Nonces of any size, additional data in any pieces.
Result<void> prepare_any(const GcmKeyData& key, GcmCall& call, Bytes nonce, std::span<const Bytes> aad,
                         std::uint8_t j0[16], std::uint8_t hash[16], std::uint8_t last[16]) {
  if (!call.counter_is_nonce) {
    ASHLAR_CHECK(gcm::hash_nonce(key, nonce, j0));
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
      key.kernel->ghash(key, hash, in, blocks);
    });
  }
  return {};
}

// A message for a kernel, and storage for what GcmCall points to.
struct Message {
  // Prepares everything except the text.
  Result<void> prepare(const GcmKeyData& key, Bytes nonce, std::span<const Bytes> aad) {
    call.counter = nonce.data();
    call.counter_is_nonce = nonce.size() == kNonceSize;
    call.hash = nullptr;
    if (call.counter_is_nonce && aad.size() == 1 && aad[0].size() <= 16) {
      // The usual case in protocols.
      call.aad = aad[0].data();
      call.aad_size = aad[0].size();
      call.aad_total = aad[0].size();
      return {};
    }
    return prepare_any(key, call, nonce, aad, j0, hash, last);
  }
  const GcmCall& call_for(Bytes in, MutBytes out) {
    call.in = in.data();
    call.out = out.data();
    call.size = in.size();
    return call;
  }
  // Wipes what GHASH computed from public bytes for `call`: it would reveal H.
  void forget() {
    if (!call.counter_is_nonce) {
      wipe(j0, sizeof j0);
    }
    if (call.hash != nullptr) {
      wipe(hash, sizeof hash);
    }
  }

  GcmCall call;
  std::uint8_t j0[16];
  std::uint8_t hash[16];
  std::uint8_t last[16];
};

// Keys in place, with the room that their rows need.
struct KeyInPlace {
  static const GcmKeyData& of(const void* key) { return *static_cast<const GcmKeyData*>(key); }
  static GcmKeyData& of(void* key) { return *static_cast<GcmKeyData*>(key); }

  static std::size_t size(const GcmKernel& row, std::size_t key_size) {
    return sizeof(GcmKeyData) + row.data_size(key_size);
  }
  // `place` has the size above.
  static Result<void> init(void* place, Bytes key, const GcmKernel& row) {
    if (!aes::takes_key_size(key.size())) {
      return Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(key.size())};
    }
    auto* const made = new (place) GcmKeyData;
    made->kernel = &row;
    made->size = static_cast<std::uint32_t>(row.data_size(key.size()));
    row.init(*made, key);
    return {};
  }
  static void destroy(void* key) {
    GcmKeyData& data = of(key);
    wipe(data.bytes(), data.size);
    data.size = 0;
  }
  static void move(void* to, void* from) {
    std::memcpy(to, from, sizeof(GcmKeyData) + of(from).size);
    destroy(from);
  }
};

}  // namespace

std::span<const GcmKernel> gcm_kernels() {
  return kTable;
}

// J0 = GHASH(nonce, padded, then 64 zero bits and its length): SP 800-38D §7.1 step 2.
Result<void> gcm::hash_nonce(const GcmKeyData& key, Bytes nonce, std::uint8_t j0[16]) {
  if (nonce.empty() || std::uint64_t{nonce.size()} > kMaxNonce) {
    return Error{ErrorCode::bad_nonce_size, Place::none, static_cast<std::uint32_t>(nonce.size())};
  }
  std::uint8_t block[16] = {};
  std::memset(j0, 0, 16);
  const std::size_t whole = nonce.size() / 16;
  const auto ghash = key.kernel->ghash;
  ghash(key, j0, nonce.data(), whole);
  if (nonce.size() % 16 != 0) {
    copy_bytes(block, nonce.subspan(16 * whole));
    ghash(key, j0, block, 1);
  }
  std::memset(block, 0, 8);
  store_be64(block + 8, std::uint64_t{nonce.size()} * 8);
  ghash(key, j0, block, 1);
  return {};
}

Result<AesGcmKey> AesGcmKey::create(Bytes key, const GcmKernel* kernel) {
  ASHLAR_TRY(kernel, cpu::choose(gcm_kernels(), kernel));
  return set_up(key, *kernel);
}

// Only one variable is returned, so the key is made in the caller's place: moving and wiping hundreds of
// bytes costs a third of the set-up.
Result<AesGcmKey> AesGcmKey::set_up(Bytes key, const GcmKernel& kernel) {
  Result<AesGcmKey> made{AesGcmKey()};
  if (const auto done = KeyInPlace::init(made->room_.room, key, kernel); !done) {
    made = done.error();
  }
  return made;
}

AesGcmKey::AesGcmKey(AesGcmKey&& other) noexcept {
  KeyInPlace::move(room_.room, other.room_.room);
}
AesGcmKey& AesGcmKey::operator=(AesGcmKey&& other) noexcept {
  if (this != &other) {
    KeyInPlace::destroy(room_.room);
    KeyInPlace::move(room_.room, other.room_.room);
  }
  return *this;
}
AesGcmKey::~AesGcmKey() {
  KeyInPlace::destroy(room_.room);
}

Result<void> GcmKeyData::seal(Bytes nonce, std::span<const Bytes> aad, Bytes plaintext, MutBytes ciphertext,
                              MutBytesOf<16> tag) const {
  ASHLAR_CHECK(check_buffers(plaintext, ciphertext, kMaxText));
  if (overlap(ciphertext, tag)) {
    return ErrorCode::partial_overlap;
  }
  Message message;
  ASHLAR_CHECK(message.prepare(*this, nonce, aad));
  kernel->seal(*this, message.call_for(plaintext, ciphertext), tag.data());
  message.forget();
  return {};
}

Result<void> GcmKeyData::open(Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext, BytesOf<16> tag,
                              MutBytes plaintext) const {
  ASHLAR_CHECK(check_buffers(ciphertext, plaintext, kMaxText));
  if (overlap(plaintext, tag)) {
    return ErrorCode::partial_overlap;
  }
  Message message;
  ASHLAR_CHECK(message.prepare(*this, nonce, aad));
  std::uint8_t expected[kTagSize];
  kernel->open(*this, message.call_for(ciphertext, plaintext), expected);
  message.forget();
  return judge_tag(expected, tag, plaintext);
}

namespace {
using Erased = ErasedAead<KeyInPlace, gcm_kernels, kNonceSize>;
}
constexpr AeadAlgorithm kAes128Gcm = Erased::algorithm<16>("AES-128-GCM");
constexpr AeadAlgorithm kAes256Gcm = Erased::algorithm<32>("AES-256-GCM");

}  // namespace ashlar::crypto
