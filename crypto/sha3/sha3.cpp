// SPDX-License-Identifier: Apache-2.0
// The hash functions of SHA-3 and the SHAKEs over Keccak (FIPS 202 §4 to §6).
#include <ashlar/base/endian.hpp>

#include "sha3/keccak.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;
using cpu::Features;

constexpr KeccakKernel kKeccakKernels[] = {
#if ASHLAR_X86_KERNELS
    {"bmi2", Features(Feature::bmi1, Feature::bmi2), sha3::permute_bmi2},
#endif
    {"portable", Features(), sha3::permute_portable},
};

// XORs a byte into the state (FIPS 202 §B.1: bytes fill lanes from the low end).
void xor_byte(std::uint64_t* lanes, std::size_t at, std::uint8_t value) {
  lanes[at / 8] ^= std::uint64_t{value} << (8 * (at % 8));
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

#if ASHLAR_X86_KERNELS
// The compiler absorbs two lanes at a time, in vector registers.
template <std::size_t Rate>
void absorb_bmi2(void* state, const std::uint8_t* data, std::size_t blocks) {
  absorb_words<sha3::permute_bmi2, Rate>(state, data, blocks);
  clear_vectors_sse();
}
#endif

template <std::size_t Rate>
constexpr HashKernel kKernels[] = {
#if ASHLAR_X86_KERNELS
    {"bmi2", Features(Feature::bmi1, Feature::bmi2), absorb_bmi2<Rate>},
#endif
    {"portable", Features(), absorb_words<sha3::permute_portable, Rate>},
};

template <std::size_t Rate>
std::span<const HashKernel> kernels() {
  return kKernels<Rate>;
}

void init(void* state) {
  std::memset(state, 0, 200);
}

template <void (*Absorb)(void*, const std::uint8_t* const*, std::size_t, std::size_t), std::size_t Rate>
void absorb_many(void* states, const std::uint8_t* const* data, std::size_t blocks) {
  Absorb(states, data, blocks, Rate / 8);
}

template <std::size_t Rate>
constexpr HashManyKernel kManyKernels[] = {
#if ASHLAR_X86_KERNELS
    {"avx512-x8", Features(Feature::avx512f, Feature::avx512vl, Feature::prefers_zmm), 8, 5,
     absorb_many<sha3::absorb_avx512_8, Rate>},
    {"avx512vl-x4", Features(Feature::avx512f, Feature::avx512vl), 4, 2,
     absorb_many<sha3::absorb_avx512vl_4, Rate>},
    {"avx2-x4", Features(Feature::avx2), 4, 3, absorb_many<sha3::absorb_avx2_4, Rate>},
#endif
    kOneAtATime,
};

template <std::size_t Rate>
std::span<const HashManyKernel> many_kernels() {
  return kManyKernels<Rate>;
}

// The domain bits 01 and pad10*1 (FIPS 202 §6.1, §5.1).
template <std::size_t Rate>
std::size_t pad(std::uint8_t* tail, std::uint64_t total) {
  const auto used = static_cast<std::size_t>(total % Rate);
  // A constant size, past the end maybe, is no call.
  std::memset(tail + used, 0, Rate);
  tail[used] = 0x06;
  tail[Rate - 1] |= 0x80;
  return 1;
}

template <std::size_t Size>
void output(const void* state, std::uint8_t* digest) {
  const auto* const lanes = static_cast<const std::uint64_t*>(state);
  for (std::size_t i = 0; i < Size; ++i) {
    digest[i] = static_cast<std::uint8_t>(lanes[i / 8] >> (8 * (i % 8)));
  }
}

template <std::size_t Rate, std::size_t Size>
constexpr HashAlgorithm sha3_algorithm(std::string_view name) {
  return {name, Size, Rate, 200, 8, init, pad<Rate>, output<Size>, kernels<Rate>, many_kernels<Rate>};
}

}  // namespace

constexpr HashAlgorithm kSha3_224 = sha3_algorithm<144, 28>("SHA3-224");
constexpr HashAlgorithm kSha3_256 = sha3_algorithm<136, 32>("SHA3-256");
constexpr HashAlgorithm kSha3_384 = sha3_algorithm<104, 48>("SHA3-384");
constexpr HashAlgorithm kSha3_512 = sha3_algorithm<72, 64>("SHA3-512");

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
  for (const std::uint8_t byte : data) {
    xor_byte(lanes_, at_++, byte);
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
  for (std::uint8_t& byte : out) {
    if (at_ == rate_) {
      kernel_->permute(lanes_);
      at_ = 0;
    }
    byte = static_cast<std::uint8_t>(lanes_[at_ / 8] >> (8 * (at_ % 8)));
    ++at_;
  }
}

}  // namespace ashlar::crypto
