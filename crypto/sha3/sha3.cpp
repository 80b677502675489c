// SPDX-License-Identifier: Apache-2.0
// The hash functions of SHA-3 and the SHAKEs over Keccak (FIPS 202 §4 to §6).
#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>

#include "cpu/dead_stack.hpp"
#include "sha3/keccak.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;
using cpu::Features;

#if ASHLAR_X86_KERNELS
constexpr Features kZmm(Feature::avx512f, Feature::avx512bw, Feature::prefers_zmm);
#endif

// The most stack that absorbing takes with either of the compiled permutations, with lanes that do not fit in
// registers.
constexpr std::size_t kStack = 1024;

void permute_portable(std::uint64_t lanes[25]) {
  call_and_wipe<kStack>(sha3::permute_portable, lanes);
}
#if ASHLAR_X86_KERNELS
void permute_bmi2(std::uint64_t lanes[25]) {
  call_and_wipe_sse<kStack>(sha3::permute_bmi2, lanes);
  clear_vectors_sse();
}
#endif

constexpr KeccakKernel kKeccakKernels[] = {
#if ASHLAR_X86_KERNELS
    {"avx512", kZmm, sha3::permute_avx512},
    {"bmi2", Features(Feature::bmi1, Feature::bmi2), permute_bmi2},
#endif
    {"portable", Features(), permute_portable},
};

// XORs a byte into the state (FIPS 202 §B.1: bytes fill lanes from the low end).
void xor_byte(std::uint64_t* lanes, std::size_t at, std::uint8_t value) {
  lanes[at / 8] ^= std::uint64_t{value} << (8 * (at % 8));
}
void xor_bytes(std::uint64_t* lanes, std::size_t at, Bytes data) {
  const std::size_t end = at + data.size();
  const std::uint8_t* from = data.data();
  for (; at % 8 != 0 && at < end; ++at) {
    xor_byte(lanes, at, *from++);
  }
  for (; at + 8 <= end; at += 8, from += 8) {
    lanes[at / 8] ^= load_le64(from);
  }
  for (; at < end; ++at) {
    xor_byte(lanes, at, *from++);
  }
}

std::uint8_t byte_of(const std::uint64_t* lanes, std::size_t at) {
  return static_cast<std::uint8_t>(lanes[at / 8] >> (8 * (at % 8)));
}
void read_bytes(const std::uint64_t* lanes, std::size_t at, MutBytes out) {
  const std::size_t end = at + out.size();
  std::uint8_t* to = out.data();
  for (; at % 8 != 0 && at < end; ++at) {
    *to++ = byte_of(lanes, at);
  }
  for (; at + 8 <= end; at += 8, to += 8) {
    store_le64(to, lanes[at / 8]);
  }
  for (; at < end; ++at) {
    *to++ = byte_of(lanes, at);
  }
}

// The digest size of a hash with this rate (FIPS 202 §6.1: the capacity is twice that).
constexpr std::size_t digest_size(std::size_t rate) {
  return (200 - rate) / 2;
}

template <void (*Permute)(std::uint64_t*), std::size_t Rate>
void absorb_words(void* state, const std::uint8_t* data, std::size_t blocks) {
  auto* const lanes = static_cast<std::uint64_t*>(state);
  for (; blocks != 0; --blocks, data += Rate) {
    for (std::size_t i = 0; i < Rate / 8; ++i) {
      lanes[i] ^= load_le64(data + 8 * i);
    }
    Permute(lanes);
  }
}

template <void (*Permute)(std::uint64_t*), std::size_t Rate>
void finish_words(const void* state, const std::uint8_t* data, std::size_t size, std::uint64_t,
                  std::uint8_t* digest) {
  std::uint64_t lanes[25];
  for (std::size_t i = 0; i < 25; ++i) {
    // Hidden from the compiler. It would call memcpy, and nobody clears the vector registers of memcpy.
    lanes[i] = ct::barrier(static_cast<const std::uint64_t*>(state)[i]);
  }
  if (size >= Rate) {
    absorb_words<Permute, Rate>(lanes, data, size / Rate);
    data += size - size % Rate;
    size %= Rate;
  }
  xor_bytes(lanes, 0, {data, size});
  // The domain bits 01 and pad10*1 (FIPS 202 §6.1, §5.1).
  xor_byte(lanes, size, 0x06);
  xor_byte(lanes, Rate - 1, 0x80);
  Permute(lanes);
  read_bytes(lanes, 0, {digest, digest_size(Rate)});
  wipe_by_call(lanes, sizeof lanes);
}

template <std::size_t Rate>
void absorb_portable(void* state, const std::uint8_t* data, std::size_t blocks) {
  call_and_wipe<kStack>(absorb_words<sha3::permute_portable, Rate>, state, data, blocks);
}
template <std::size_t Rate>
void finish_portable(const void* state, const std::uint8_t* data, std::size_t size, std::uint64_t total,
                     std::uint8_t* digest) {
  call_and_wipe<kStack>(finish_words<sha3::permute_portable, Rate>, state, data, size, total, digest);
}

#if ASHLAR_X86_KERNELS
// The compiler absorbs two lanes at a time, in vector registers.
template <std::size_t Rate>
void absorb_bmi2(void* state, const std::uint8_t* data, std::size_t blocks) {
  call_and_wipe_sse<kStack>(absorb_words<sha3::permute_bmi2, Rate>, state, data, blocks);
  clear_vectors_sse();
}
template <std::size_t Rate>
void finish_bmi2(const void* state, const std::uint8_t* data, std::size_t size, std::uint64_t total,
                 std::uint8_t* digest) {
  call_and_wipe_sse<kStack>(finish_words<sha3::permute_bmi2, Rate>, state, data, size, total, digest);
  clear_vectors_sse();
}

template <std::size_t Rate>
void absorb_avx512(void* state, const std::uint8_t* data, std::size_t blocks) {
  sha3::absorb_avx512(state, data, blocks, Rate / 8);
}
template <std::size_t Rate>
void finish_avx512(const void* state, const std::uint8_t* data, std::size_t size, std::uint64_t,
                   std::uint8_t* digest) {
  sha3::finish_avx512(state, data, size, Rate / 8, digest, digest_size(Rate));
}
#endif

template <std::size_t Rate>
constexpr HashKernel kKernels[] = {
#if ASHLAR_X86_KERNELS
    {"avx512", kZmm, absorb_avx512<Rate>, finish_avx512<Rate>},
    {"bmi2", Features(Feature::bmi1, Feature::bmi2), absorb_bmi2<Rate>, finish_bmi2<Rate>},
#endif
    {"portable", Features(), absorb_portable<Rate>, finish_portable<Rate>},
};

template <std::size_t Rate>
std::span<const HashKernel> kernels() {
  return kKernels<Rate>;
}

void init(void* state) {
  wipe_by_call(state, 200);
}

// The domain bits 01 and pad10*1 (FIPS 202 §6.1, §5.1).
template <std::size_t Rate>
std::size_t pad(std::uint8_t* tail, std::uint64_t total) {
  const auto used = static_cast<std::size_t>(total % Rate);
  // A whole block, which may reach past the end. By a call, because g++ makes rep stos for a constant size.
  wipe_by_call(tail + used, Rate);
  tail[used] = 0x06;
  tail[Rate - 1] |= 0x80;
  return 1;
}

template <std::size_t Rate>
void output(const void* state, std::uint8_t* digest) {
  read_bytes(static_cast<const std::uint64_t*>(state), 0, {digest, digest_size(Rate)});
}

template <std::size_t Rate>
constexpr HashAlgorithm sha3_algorithm(std::string_view name) {
  return {name, digest_size(Rate), Rate, 200, 8, init, pad<Rate>, output<Rate>, kernels<Rate>};
}

}  // namespace

constexpr HashAlgorithm kSha3_224 = sha3_algorithm<144>("SHA3-224");
constexpr HashAlgorithm kSha3_256 = sha3_algorithm<136>("SHA3-256");
constexpr HashAlgorithm kSha3_384 = sha3_algorithm<104>("SHA3-384");
constexpr HashAlgorithm kSha3_512 = sha3_algorithm<72>("SHA3-512");

std::span<const KeccakKernel> keccak_kernels() {
  return kKeccakKernels;
}

Shake::Shake(unsigned security, const KeccakKernel* kernel)
    : kernel_(kernel != nullptr ? kernel : &cpu::best(keccak_kernels())),
      rate_(security == 128 ? 168 : 136) {}

Shake::~Shake() {
  wipe(lanes_, sizeof lanes_);
}

Shake& Shake::update(Bytes data) {
  if (squeezing_) {
    __builtin_trap();
  }
  while (!data.empty()) {
    const std::size_t size = data.size() < rate_ - at_ ? data.size() : rate_ - at_;
    xor_bytes(lanes_, at_, data.first(size));
    data = data.subspan(size);
    at_ += size;
    if (at_ == rate_) {
      kernel_->permute(lanes_);
      at_ = 0;
    }
  }
  return *this;
}

void Shake::squeeze(MutBytes out) {
  if (!squeezing_) {
    // The domain bits 1111 and pad10*1 (FIPS 202 §6.2).
    xor_byte(lanes_, at_, 0x1f);
    xor_byte(lanes_, rate_ - 1, 0x80);
    at_ = rate_;
    squeezing_ = true;
  }
  while (!out.empty()) {
    if (at_ == rate_) {
      kernel_->permute(lanes_);
      at_ = 0;
    }
    const std::size_t size = out.size() < rate_ - at_ ? out.size() : rate_ - at_;
    read_bytes(lanes_, at_, out.first(size));
    out = out.subspan(size);
    at_ += size;
  }
}

}  // namespace ashlar::crypto
