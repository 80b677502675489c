// SPDX-License-Identifier: Apache-2.0
// What all rows of CMAC share: subkeys, and messages in pieces.
#include <ashlar/crypto/cmac.hpp>

#include <ashlar/base/ct.hpp>
#include <ashlar/base/endian.hpp>

#include "aead/last_block.hpp"
#include "aes/aes_kernels.hpp"
#include "aes/cbc_mac.hpp"
#include "cmac/cmac_kernels.hpp"
#include "cpu/choose.hpp"
#include "cpu/dead_stack.hpp"
#include "mac/erased.hpp"

namespace ashlar::crypto {
namespace {

using cpu::Feature;

constexpr CmacKernel kTable[] = {
#if ASHLAR_X86_KERNELS
    {"aes-ni", cpu::Features(Feature::aes_ni, Feature::ssse3, Feature::sse41), aes::Aesni::expand_encrypt,
     aes::cbc_mac_aesni, cmac::Aesni::finish},
#endif
    {"portable", cpu::Features(), aes::Portable::expand_encrypt, aes::cbc_mac_portable,
     cmac::Portable::finish},
};

// Times x in GF(2^128), whose first byte holds the highest powers; the polynomial is x^128 + x^7 + x^2 + x
// + 1.
void times_x(std::uint8_t to[16], const std::uint8_t from[16]) {
  const std::uint64_t high = load_be64(from);
  const std::uint64_t low = load_be64(from + 8);
  store_be64(to, (high << 1) | (low >> 63));
  store_be64(to + 8, (low << 1) ^ (0x87 & ct::Mask::from_bit(high >> 63).bits()));
}

// SP 800-38B §6.1: L is the zero block encrypted, K1 and K2 are L times x and times x^2.
void derive_subkeys(const CmacKernel& kernel, const AesSchedule& schedule, std::uint8_t subkeys[32]) {
  const std::uint8_t zero[16] = {};
  std::memset(subkeys, 0, 16);
  kernel.update(schedule, subkeys, zero, 1);
  times_x(subkeys, subkeys);
  times_x(subkeys + 16, subkeys);
}

// Stack that derive_subkeys takes around AES.
constexpr std::size_t kStack = 512;

MutBytes room_in(MutBytes mac) {
  // Too little room is a mistake of the program, which stops.
  if (mac.size() < kCmacSize) {
    __builtin_trap();
  }
  return mac.first(kCmacSize);
}

}  // namespace

std::span<const CmacKernel> cmac_kernels() {
  return kTable;
}

Result<AesCmacKey> AesCmacKey::create(Bytes key, const CmacKernel* kernel) {
  if (!aes::takes_key_size(key.size())) {
    return Error{ErrorCode::bad_key_size, Place::none, static_cast<std::uint32_t>(key.size())};
  }
  ASHLAR_TRY(kernel, cpu::choose(cmac_kernels(), kernel));
  return set_up(key, *kernel);
}

// Only one variable is returned, so the key is made in the caller's place.
Result<AesCmacKey> AesCmacKey::set_up(Bytes key, const CmacKernel& kernel) {
  Result<AesCmacKey> made{AesCmacKey()};
  made->kernel_ = &kernel;
  kernel.expand(made->schedule_, key);
  call_and_wipe_spills<kStack>(derive_subkeys, kernel, made->schedule_, made->subkeys_);
  return made;
}

void AesCmacKey::take(AesCmacKey& other) {
  kernel_ = other.kernel_;
  schedule_ = static_cast<AesSchedule&&>(other.schedule_);
  std::memcpy(subkeys_, other.subkeys_, sizeof subkeys_);
  wipe(other.subkeys_, sizeof other.subkeys_);
}

AesCmacKey::AesCmacKey(AesCmacKey&& other) noexcept {
  take(other);
}
AesCmacKey& AesCmacKey::operator=(AesCmacKey&& other) noexcept {
  if (this != &other) {
    take(other);
  }
  return *this;
}
AesCmacKey::~AesCmacKey() {
  wipe(subkeys_, sizeof subkeys_);
}

MutBytes AesCmacKey::mac(std::span<const Bytes> message, MutBytes mac) const {
  const MutBytes out = room_in(mac);
  if (message.size() == 1) {
    kernel_->finish(schedule_, subkeys_, nullptr, message[0].data(), message[0].size(), out.data());
    return out;
  }
  AesCmac running(*this);
  for (const Bytes part : message) {
    running.update(part);
  }
  return running.finish(out);
}

AesCmac& AesCmac::update(Bytes data) {
  hold_last(held_, held_size_, data, [this](const std::uint8_t* in, std::size_t blocks) {
    key_->kernel_->update(key_->schedule_, state_, in, blocks);
  });
  return *this;
}

MutBytes AesCmac::finish(MutBytes mac) {
  const MutBytes out = room_in(mac);
  key_->kernel_->finish(key_->schedule_, key_->subkeys_, state_, held_, held_size_, out.data());
  restart();
  return out;
}

void AesCmac::restart() {
  wipe(state_, sizeof state_);
  wipe(held_, sizeof held_);
  held_size_ = 0;
}

namespace {

Result<AesCmacKey> create(Bytes key, std::string_view kernel) {
  ASHLAR_TRY(const CmacKernel* const row, cpu::choose_by_name(cmac_kernels(), kernel));
  return AesCmacKey::create(key, row);
}

constexpr MacAlgorithm cmac_algorithm(std::string_view name, std::size_t key_size) {
  return ErasedMac<AesCmacKey, AesCmac>::algorithm<create>(name, key_size, kCmacSize);
}

}  // namespace

constexpr MacAlgorithm kAes128Cmac = cmac_algorithm("AES-128-CMAC", 16);
constexpr MacAlgorithm kAes192Cmac = cmac_algorithm("AES-192-CMAC", 24);
constexpr MacAlgorithm kAes256Cmac = cmac_algorithm("AES-256-CMAC", 32);

}  // namespace ashlar::crypto
