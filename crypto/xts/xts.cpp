// SPDX-License-Identifier: Apache-2.0
// What all rows of XTS share: keys and checks.
#include <ashlar/crypto/xts.hpp>

#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>

#include "aead/buffers.hpp"
#include "aes/aes_kernels.hpp"
#include "cpu/choose.hpp"
#include "cpu/x86.hpp"
#include "xts/xts_kernels.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;

// A row expands keys with the AES row whose layout it uses.
template <class Aes, class Row>
constexpr XtsKernel row(std::string_view name, cpu::Features required) {
  return {name, required, Aes::expand_encrypt, Aes::expand_decrypt, Row::encrypt, Row::decrypt};
}

constexpr XtsKernel kTable[] = {
#if ASHLAR_X86_KERNELS
    row<aes::Aesni, xts::Avx512>(
        "vaes-avx512", cpu::Features(Feature::prefers_zmm, Feature::avx512f, Feature::avx512bw, Feature::vaes,
                                     Feature::vpclmul, Feature::aes_ni, Feature::pclmul)),
    row<aes::Aesni, xts::Vaes>("vaes", cpu::Features(Feature::vaes, Feature::vpclmul, Feature::avx2,
                                                     Feature::aes_ni, Feature::pclmul)),
    row<aes::Aesni, xts::Aesni>(
        "aes-ni", cpu::Features(Feature::aes_ni, Feature::pclmul, Feature::ssse3, Feature::sse41)),
#endif
    row<aes::Portable, xts::Portable>("portable", cpu::Features()),
};

Result<void> check(Bytes in, Bytes out) {
  if (in.size() < kAesBlockSize || in.size() > kXtsMaxDataUnit) {
    return Error{ErrorCode::bad_data_size, Place::none, static_cast<std::uint32_t>(in.size())};
  }
  return check_buffers(in, out, kAnySize);
}

XtsTweak tweak_of(BytesOf<16> number) {
  return {load_le64(number.data()), load_le64(number.data() + 8)};
}

}  // namespace

std::span<const XtsKernel> xts_kernels() {
  return kTable;
}

Result<AesXtsKey> AesXtsKey::create(Bytes key, const XtsKernel* kernel) {
  if (key.size() != 32 && key.size() != 64) {
    return Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(key.size())};
  }
  const Bytes key1 = key.first(key.size() / 2);
  const Bytes key2 = key.last(key.size() / 2);
  // Public: the caller is told whether the key is refused.
  if (ct::equal(key1, key2).declassify()) {
    return ErrorCode::xts_keys_equal;
  }
  ASHLAR_TRY(kernel, cpu::choose(xts_kernels(), kernel));
  return set_up(key1, key2, *kernel);
}

// Only one variable is returned, so the key is made in the caller's place.
Result<AesXtsKey> AesXtsKey::set_up(Bytes key1, Bytes key2, const XtsKernel& kernel) {
  Result<AesXtsKey> made{AesXtsKey()};
  made->kernel_ = &kernel;
  kernel.expand_encrypt(made->schedules_.encrypt, key1);
  kernel.expand_decrypt(made->schedules_.decrypt, key1);
  kernel.expand_encrypt(made->schedules_.tweak, key2);
  return made;
}

Result<void> AesXtsKey::encrypt(XtsTweak tweak, Bytes in, MutBytes out) const {
  ASHLAR_CHECK(check(in, out));
  kernel_->encrypt(schedules_, tweak, in.data(), out.data(), in.size());
  return {};
}

Result<void> AesXtsKey::decrypt(XtsTweak tweak, Bytes in, MutBytes out) const {
  ASHLAR_CHECK(check(in, out));
  kernel_->decrypt(schedules_, tweak, in.data(), out.data(), in.size());
  return {};
}

Result<void> AesXtsKey::encrypt(BytesOf<16> tweak, Bytes in, MutBytes out) const {
  return encrypt(tweak_of(tweak), in, out);
}

Result<void> AesXtsKey::decrypt(BytesOf<16> tweak, Bytes in, MutBytes out) const {
  return decrypt(tweak_of(tweak), in, out);
}

Result<void> AesXtsKey::encrypt(std::uint64_t sector, Bytes in, MutBytes out) const {
  return encrypt(XtsTweak{sector, 0}, in, out);
}

Result<void> AesXtsKey::decrypt(std::uint64_t sector, Bytes in, MutBytes out) const {
  return decrypt(XtsTweak{sector, 0}, in, out);
}

}  // namespace ashlar::crypto
