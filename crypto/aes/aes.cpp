// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/aes.hpp>

#include "aead/buffers.hpp"
#include "aes/aes_kernels.hpp"
#include "cpu/choose.hpp"
#include "cpu/x86.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;

#if ASHLAR_X86_KERNELS
constexpr cpu::Features kAvx512(Feature::prefers_zmm, Feature::avx512f, Feature::avx512bw, Feature::vaes,
                                Feature::aes_ni, Feature::ssse3, Feature::sse41);
constexpr cpu::Features kVaes(Feature::vaes, Feature::avx2, Feature::aes_ni);
constexpr cpu::Features kAesni(Feature::aes_ni, Feature::ssse3, Feature::sse41);
#endif

constexpr AesKernel kTable[] = {
#if ASHLAR_X86_KERNELS
    aes::row<aes::Avx512>("vaes-avx512", kAvx512),
    aes::row<aes::Vaes>("vaes", kVaes),
    aes::row<aes::Aesni>("aes-ni", kAesni),
    aes::row<aes::Ssse3>("ssse3", cpu::Features(Feature::ssse3)),
#endif
    aes::row<aes::Portable>("portable", cpu::Features()),
};

template <class Row>
constexpr aes::CtrRow ctr_row(cpu::Features required) {
  return {required, Row::expand_encrypt, Row::ctr};
}
constexpr aes::CtrRow kCtrTable[] = {
#if ASHLAR_X86_KERNELS
    ctr_row<aes::Avx512>(kAvx512),
    ctr_row<aes::Vaes>(kVaes),
    ctr_row<aes::Aesni>(kAesni),
    ctr_row<aes::Ssse3>(cpu::Features(Feature::ssse3)),
#endif
    ctr_row<aes::Portable>(cpu::Features()),
};
static_assert(std::size(kCtrTable) == std::size(kTable));

Result<const AesKernel*> choose(Bytes key, const AesKernel* kernel) {
  if (!aes::takes_key_size(key.size())) {
    return Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(key.size())};
  }
  return cpu::choose(aes_kernels(), kernel);
}

}  // namespace

std::span<const AesKernel> aes_kernels() {
  return kTable;
}
std::span<const aes::CtrRow> aes::ctr_rows() {
  return kCtrTable;
}

Result<void> AesKey::expand_encrypt(Bytes key, const AesKernel* kernel) {
  ASHLAR_TRY(kernel_, choose(key, kernel));
  kernel_->expand_encrypt(schedule_, key);
  return {};
}
Result<void> AesKey::expand_decrypt(Bytes key, const AesKernel* kernel) {
  ASHLAR_TRY(kernel_, choose(key, kernel));
  kernel_->expand_decrypt(schedule_, key);
  return {};
}

Result<AesCbcEncryptor> AesCbcEncryptor::create(Bytes key, const AesKernel* kernel) {
  // Only one variable is returned, so the key is made in the caller's place and never copied.
  Result<AesCbcEncryptor> made{AesCbcEncryptor()};
  if (const auto expanded = made->key_.expand_encrypt(key, kernel); !expanded) {
    made = expanded.error();
  }
  return made;
}

Result<void> AesCbcEncryptor::encrypt(MutBytesOf<16> iv, Bytes in, MutBytes out) const {
  ASHLAR_CHECK(aes::check_blocks(in, out));
  key_.kernel().cbc_encrypt(key_.schedule(), iv.data(), in.data(), out.data(), in.size() / kAesBlockSize);
  return {};
}

Result<AesCbcDecryptor> AesCbcDecryptor::create(Bytes key, const AesKernel* kernel) {
  Result<AesCbcDecryptor> made{AesCbcDecryptor()};
  if (const auto expanded = made->key_.expand_decrypt(key, kernel); !expanded) {
    made = expanded.error();
  }
  return made;
}

Result<void> AesCbcDecryptor::decrypt(MutBytesOf<16> iv, Bytes in, MutBytes out) const {
  ASHLAR_CHECK(aes::check_blocks(in, out));
  key_.kernel().cbc_decrypt(key_.schedule(), iv.data(), in.data(), out.data(), in.size() / kAesBlockSize);
  return {};
}

Result<AesCtr> AesCtr::create(Bytes key, BytesOf<16> initial_counter, const AesKernel* kernel) {
  Result<AesCtr> made{AesCtr()};
  std::memcpy(made->counter_, initial_counter.data(), sizeof made->counter_);
  if (const auto expanded = made->key_.expand_encrypt(key, kernel); !expanded) {
    made = expanded.error();
  }
  return made;
}

AesCtr::AesCtr(AesCtr&& other) noexcept {
  *this = static_cast<AesCtr&&>(other);
}
AesCtr& AesCtr::operator=(AesCtr&& other) noexcept {
  if (this != &other) {
    key_ = static_cast<AesKey&&>(other.key_);
    used_ = other.used_;
    std::memcpy(counter_, other.counter_, sizeof counter_);
    std::memcpy(key_stream_, other.key_stream_, sizeof key_stream_);
    wipe(other.key_stream_, sizeof other.key_stream_);
  }
  return *this;
}
AesCtr::~AesCtr() {
  wipe(key_stream_, sizeof key_stream_);
}

Result<void> AesCtr::apply(Bytes in, MutBytes out) {
  ASHLAR_CHECK(check_buffers(in, out, kAnySize));
  std::size_t done = 0;
  const auto from_key_stream = [&] {
    for (; done < in.size() && used_ < kAesBlockSize; ++done, ++used_) {
      out[done] = in[done] ^ key_stream_[used_];
    }
  };
  from_key_stream();
  const std::size_t blocks = (in.size() - done) / kAesBlockSize;
  key_.kernel().ctr(key_.schedule(), counter_, in.data() + done, out.data() + done, blocks);
  done += blocks * kAesBlockSize;
  if (done < in.size()) {
    std::memset(key_stream_, 0, sizeof key_stream_);
    key_.kernel().ctr(key_.schedule(), counter_, key_stream_, key_stream_, 1);
    used_ = 0;
    from_key_stream();
  }
  return {};
}

}  // namespace ashlar::crypto
