// SPDX-License-Identifier: Apache-2.0
// ChaCha20-Poly1305 (RFC 8439 §2.8) over any kernel, its XChaCha20 form, and the table of kernels.
//
// Block 0 of the key stream gives the Poly1305 key. It is made in one batch with the blocks that follow: a
// short message needs no second batch, and the rest of a long one is whole batches. During each, the
// authenticator works on another batch.
#include <ashlar/base/ct.hpp>

#include "aead/buffers.hpp"
#include "aead/erased.hpp"
#include "bignum/limbs_core.h"
#include "chacha20poly1305/chacha_kernels.hpp"
#include "cpu/choose.hpp"
#include "cpu/dead_stack.hpp"
#include "cpu/forget.hpp"

namespace ashlar::crypto {
namespace {

using namespace chacha;
using cpu::Feature;
using cpu::Features;

#if ASHLAR_X86_KERNELS
// Up to eight blocks 256-bit registers take fewer cycles (Zen 4, messages of 16 to 256 bytes: 10 % of the
// whole).
std::size_t start_short_or_avx512(const std::uint32_t* key, const std::uint8_t* nonce, const std::uint8_t* in,
                                  std::uint8_t* out, std::size_t size, std::uint8_t* poly_key) {
  return (size <= 256 ? start_avx512vl : start_avx512)(key, nonce, in, out, size, poly_key);
}
#endif

constexpr ChaChaKernel kKernels[] = {
#if ASHLAR_X86_KERNELS
    {"avx512-ifma",
     Features(Feature::avx512f, Feature::avx512vl, Feature::avx512bw, Feature::avx512dq, Feature::avx512_ifma,
              Feature::avx512_vbmi2, Feature::avx2, Feature::bmi2, Feature::prefers_zmm),
     start_short_or_avx512, xor_stream_avx512, poly1305_blocks_ifma, crypt_avx512},
    {"avx512vl", Features(Feature::avx512f, Feature::avx512vl, Feature::avx2, Feature::bmi2), start_avx512vl,
     xor_stream_avx512vl, poly1305_blocks_bmi2, crypt_avx512vl},
    {"avx2", Features(Feature::avx2, Feature::bmi2), start_avx2, xor_stream_avx2, poly1305_blocks_bmi2,
     crypt_avx2},
    {"ssse3", Features(Feature::ssse3), start_ssse3, xor_stream_ssse3, poly1305_blocks_mul, crypt_ssse3},
#endif
    {"portable", Features(), start_portable, xor_stream_portable, poly1305_blocks_portable, crypt_portable},
};

// The largest message whose block counter does not wrap: blocks 1 to 2^32 - 1 (RFC 8439 §2.8).
constexpr std::uint64_t kMaxMessageSize = ((std::uint64_t{1} << 32) - 1) * 64;

// Poly1305 over parts of a message. Short parts are gathered, so that a short message is one call of the
// kernel.
class Authenticator {
 public:
  Authenticator(const ChaChaKernel& kernel, const std::uint8_t key[32]) : kernel_(kernel) {
    state_.h[0] = state_.h[1] = state_.h[2] = 0;
    state_.r[0] = load_le64(key) & 0x0ffffffc0fffffff;
    state_.r[1] = load_le64(key + 8) & 0x0ffffffc0ffffffc;
    s_[0] = load_le64(key + 16);
    s_[1] = load_le64(key + 24);
  }
  ~Authenticator() {
    wipe(&state_, sizeof state_);
    wipe(s_, sizeof s_);
    wipe(gathered_, sizeof gathered_);
  }

  void update(Bytes data) {
    if (data.size() > sizeof gathered_ - used_) {
      // Fills the running block, so that only whole ones are absorbed.
      const std::size_t n = (0 - used_) % 16;
      append(data.first(n));
      data = data.subspan(n);
      flush();
      const std::size_t blocks = data.size() / 16;
      kernel_.poly1305_blocks(state_, data.data(), blocks);
      data = data.subspan(16 * blocks);
    }
    append(data);
  }
  // Fills the running block up with zeros, which are there already.
  void pad() { used_ = (used_ + 15) / 16 * 16; }
  // The end of a message that is not padded (RFC 8439 §2.5.1): a last short block contains its 1 bit.
  void finish_message() {
    const std::size_t odd = used_ % 16;
    if (odd != 0) {
      std::uint8_t last[16] = {};
      copy_bytes(last, Bytes(gathered_ + used_ - odd, odd));
      last[odd] = 1;
      used_ -= odd;
      flush();
      // The kernels add 2^128 to every block. Subtracting it beforehand leaves the block unchanged.
      subtract_two_to_128();
      kernel_.poly1305_blocks(state_, last, 1);
      wipe(last, sizeof last);
    }
  }
  void tag(std::uint8_t out[16]) {
    flush();
    // First the part at 2^130 and above comes back times 5. Then h mod p: h + 5 carries into 2^130 exactly if
    // h >= p = 2^130 - 5.
    std::uint64_t h[3] = {state_.h[0], state_.h[1], state_.h[2] & 3};
    ashlar_limbs_add_limb(h, 3, (state_.h[2] >> 2) * 5);
    std::uint64_t reduced[3] = {h[0], h[1], h[2]};
    ashlar_limbs_add_limb(reduced, 3, 5);
    const ct::Mask over = ~ct::is_zero(reduced[2] >> 2);
    std::uint64_t carry = 0;
    store_le64(out, ashlar_limb_add(ct::select(over, reduced[0], h[0]), s_[0], &carry));
    store_le64(out + 8, ashlar_limb_add(ct::select(over, reduced[1], h[1]), s_[1], &carry));
    wipe(h, sizeof h);
    wipe(reduced, sizeof reduced);
  }
  // For a kernel that absorbs whole blocks itself. No part of a block may be pending.
  Poly1305State& state() {
    flush();
    return state_;
  }

 private:
  // Zeros follow up to the end of the last block. Data is stored in whole words because the kernel loads
  // words: it would have to wait until single bytes had reached the cache.
  void append(Bytes data) {
    if (used_ % 16 != 0) {
      const std::size_t room = 16 - used_ % 16;
      const std::size_t n = data.size() < room ? data.size() : room;
      copy_bytes({gathered_ + used_, n}, data.first(n));
      used_ += n;
      data = data.subspan(n);
    }
    std::uint8_t* to = gathered_ + used_;
    used_ += data.size();
    for (; data.size() >= 16; data = data.subspan(16), to += 16) {
      // Two words, not a copy: g++ 12 would warn of lengths that never occur.
      const std::uint64_t low = load_le64(data.data());
      store_le64(to + 8, load_le64(data.data() + 8));
      store_le64(to, low);
    }
    if (!data.empty()) {
      store_short(to, data.data(), data.size());
    }
  }
  // 1 to 15 bytes and zeros.
  static void store_short(std::uint8_t to[16], const std::uint8_t* from, std::size_t size) {
    std::uint64_t low = 0;
    std::uint64_t high = 0;
    if (size >= 8) {
      low = load_le64(from);
      high = size == 8 ? 0 : load_le64(from + size - 8) >> (8 * (16 - size));
    } else if (size >= 4) {
      low = load_le32(from) | std::uint64_t{load_le32(from + size - 4)} << (8 * (size - 4));
    } else {
      low = from[0] | std::uint64_t{from[size / 2]} << (8 * (size / 2)) |
            std::uint64_t{from[size - 1]} << (8 * (size - 1));
    }
    store_le64(to, low);
    store_le64(to + 8, high);
  }
  void flush() {
    if (used_ != 0) {
      kernel_.poly1305_blocks(state_, gathered_, used_ / 16);
      used_ = 0;
    }
  }
  void subtract_two_to_128() {
    // Modulo p, -2^128 is 3 * 2^128 - 5; both parts stay small.
    const std::uint64_t five[3] = {5, 0, 0};
    state_.h[2] += 3;
    ashlar_limbs_sub(state_.h, state_.h, five, 3);
  }

  const ChaChaKernel& kernel_;
  Poly1305State state_;
  std::uint64_t s_[2];
  std::uint8_t gathered_[128];
  std::size_t used_ = 0;
};

// The key and nonce for the block function. XChaCha20 derives them from its longer nonce.
struct StreamKey {
  const std::uint32_t* key;
  const std::uint8_t* nonce;

  StreamKey(const std::uint32_t* given_key, Bytes given_nonce) : key(given_key), nonce(given_nonce.data()) {
    if (given_nonce.size() == 24) {
      hchacha20(given_key, given_nonce.data(), subkey);
      std::memset(short_nonce, 0, 4);
      std::memcpy(short_nonce + 4, given_nonce.data() + 16, 8);
      key = subkey;
      nonce = short_nonce;
    }
  }
  StreamKey(const StreamKey&) = delete;
  ~StreamKey() {
    if (key == subkey) {
      wipe(subkey, sizeof subkey);
    }
  }

  std::uint32_t subkey[8];
  std::uint8_t short_nonce[12];
};

// Encrypts or decrypts and computes the tag over the ciphertext.
void crypt(const ChaChaKernel& kernel, const std::uint32_t* key, Bytes nonce, std::span<const Bytes> aad,
           Bytes in, MutBytes out, bool sealing, std::uint8_t tag[16]) {
  const StreamKey stream(key, nonce);
  // The authenticator's key comes with the first bytes. When opening in place, these wait here until their
  // ciphertext has been absorbed.
  std::uint8_t held[ChaChaKernel::kMaxStart];
  const bool hold = !sealing && !in.empty() && in.data() == out.data();
  std::uint8_t poly_key[32];
  const std::size_t done =
      kernel.start(stream.key, stream.nonce, in.data(), hold ? held : out.data(), in.size(), poly_key);
  Authenticator authenticator(kernel, poly_key);
  wipe(poly_key, sizeof poly_key);

  std::uint64_t aad_size = 0;
  for (const Bytes part : aad) {
    authenticator.update(part);
    aad_size += part.size();
  }
  authenticator.pad();

  const std::size_t odd = in.size() % 16;
  std::uint8_t last[16];
  if (!sealing) {
    copy_bytes(last, in.last(odd));
  }
  if (done < in.size()) {
    kernel.crypt(stream.key, stream.nonce, static_cast<std::uint32_t>(1 + done / 64), in.data() + done,
                 out.data() + done, in.size() - done, sealing, authenticator.state(), done / 16);
    authenticator.update(sealing ? Bytes(out).last(odd) : Bytes(last, odd));
  } else {
    authenticator.update(sealing ? Bytes(out) : in);
  }
  authenticator.pad();
  if (hold) {
    std::memcpy(out.data(), held, done);
    wipe(held, done);
  }
  std::uint8_t sizes[16];
  store_le64(sizes, aad_size);
  store_le64(sizes + 8, in.size());
  authenticator.update(sizes);
  authenticator.tag(tag);
}

void open_with(const ChaChaKernel& kernel, const std::uint32_t* key, Bytes nonce, std::span<const Bytes> aad,
               Bytes ciphertext, BytesOf<16> tag, MutBytes plaintext, bool& good) {
  std::uint8_t expected[16];
  crypt(kernel, key, nonce, aad, ciphertext, plaintext, false, expected);
  const std::uint64_t difference =
      (load_le64(expected) ^ load_le64(tag.data())) | (load_le64(expected + 8) ^ load_le64(tag.data() + 8));
  // The verdict is public: the caller learns it, and then the peer.
  good = ct::is_zero(difference).declassify();
  wipe(expected, sizeof expected);
}

// Stack that these functions take besides the kernels, mostly for the held first bytes.
constexpr std::size_t kStack = ChaChaKernel::kMaxStart + 1024;

void authenticate(const ChaChaKernel& kernel, const std::uint8_t* key, Bytes message, std::uint8_t* tag) {
  Authenticator authenticator(kernel, key);
  authenticator.update(message);
  authenticator.finish_message();
  authenticator.tag(tag);
}

Result<void> check(Bytes nonce, Bytes in, MutBytes out) {
  if (nonce.size() != 12 && nonce.size() != 24) {
    return Error{ErrorCode::bad_nonce_size, Place::none, static_cast<std::uint32_t>(nonce.size())};
  }
  return check_buffers(in, out, kMaxMessageSize);
}

}  // namespace

std::span<const ChaChaKernel> chacha_kernels() {
  return kKernels;
}

Result<ChaCha20Poly1305Key> ChaCha20Poly1305Key::create(Bytes key, const ChaChaKernel* kernel) {
  const ForgetVectors forget;
  if (key.size() != 32) {
    return Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(key.size())};
  }
  ChaCha20Poly1305Key out;
  ASHLAR_TRY(out.kernel_, cpu::choose(chacha_kernels(), kernel));
  for (std::size_t i = 0; i < 8; ++i) {
    out.key_[i] = load_le32(key.data() + 4 * i);
  }
  return out;
}

ChaCha20Poly1305Key::ChaCha20Poly1305Key(ChaCha20Poly1305Key&& other) noexcept : kernel_(other.kernel_) {
  std::memcpy(key_, other.key_, sizeof key_);
  wipe(other.key_, sizeof other.key_);
}

ChaCha20Poly1305Key& ChaCha20Poly1305Key::operator=(ChaCha20Poly1305Key&& other) noexcept {
  if (this != &other) {
    kernel_ = other.kernel_;
    std::memcpy(key_, other.key_, sizeof key_);
    wipe(other.key_, sizeof other.key_);
  }
  return *this;
}

ChaCha20Poly1305Key::~ChaCha20Poly1305Key() {
  wipe(key_, sizeof key_);
}

Result<void> ChaCha20Poly1305Key::seal(Bytes nonce, std::span<const Bytes> aad, Bytes plaintext,
                                       MutBytes ciphertext, MutBytesOf<16> tag) const {
  ASHLAR_CHECK(check(nonce, plaintext, ciphertext));
  call_and_wipe_spills<kStack>(crypt, *kernel_, key_, nonce, aad, plaintext, ciphertext, true, tag.data());
  return {};
}

Result<void> ChaCha20Poly1305Key::open(Bytes nonce, std::span<const Bytes> aad, Bytes ciphertext,
                                       BytesOf<16> tag, MutBytes plaintext) const {
  ASHLAR_CHECK(check(nonce, ciphertext, plaintext));
  bool good = false;
  call_and_wipe_spills<kStack>(open_with, *kernel_, key_, nonce, aad, ciphertext, tag, plaintext, good);
  if (!good) {
    wipe(plaintext);
    return ErrorCode::bad_tag;
  }
  return {};
}

Result<void> chacha20_xor(BytesOf<32> key, BytesOf<12> nonce, std::uint32_t counter, Bytes in, MutBytes out,
                          const ChaChaKernel* kernel) {
  ASHLAR_CHECK(check(nonce, in, out));
  if ((in.size() + 63) / 64 > (std::uint64_t{1} << 32) - counter) {
    return ErrorCode::message_too_long;
  }
  ASHLAR_TRY(const ChaChaKernel* const chosen, cpu::choose(chacha_kernels(), kernel));
  std::uint32_t words[8];
  for (std::size_t i = 0; i < 8; ++i) {
    words[i] = load_le32(key.data() + 4 * i);
  }
  const StreamKey stream_key(words, nonce);
  chosen->xor_stream(stream_key.key, stream_key.nonce, counter, in.data(), out.data(), in.size());
  wipe(words, sizeof words);
  return {};
}

void poly1305(BytesOf<32> key, Bytes message, MutBytesOf<16> tag, const ChaChaKernel* kernel) {
  const ForgetVectors forget;
  call_and_wipe_spills<kStack>(authenticate, kernel == nullptr ? cpu::best(chacha_kernels()) : *kernel,
                               key.data(), message, tag.data());
}

constexpr AeadAlgorithm kChaCha20Poly1305 =
    ErasedKey<ChaCha20Poly1305Key, chacha_kernels, 12>::algorithm<32>("ChaCha20-Poly1305");
constexpr AeadAlgorithm kXChaCha20Poly1305 =
    ErasedKey<ChaCha20Poly1305Key, chacha_kernels, 24>::algorithm<32>("XChaCha20-Poly1305");

}  // namespace ashlar::crypto
