// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/x25519.hpp>

#include "x25519/kernels.hpp"

#include <ashlar/base/ct.hpp>

namespace ashlar::crypto {

namespace {

constexpr X25519Kernel kKernels[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    {"x86-ifma",
     cpu::Features(cpu::Feature::avx2, cpu::Feature::avx512f, cpu::Feature::avx512vl, cpu::Feature::avx512dq,
                   cpu::Feature::avx512_ifma, cpu::Feature::bmi2, cpu::Feature::adx),
     x25519::multiply_x86_ifma, x25519::base_x86_ifma},
    {"x86-adx", cpu::Features(cpu::Feature::bmi2, cpu::Feature::adx), x25519::multiply_x86_adx,
     x25519::base_x86_adx},
    {"x86-bmi2", cpu::Features(cpu::Feature::bmi2), x25519::multiply_x86_bmi2, x25519::base_x86_bmi2},
#endif
    {"portable", cpu::Features(), x25519::multiply_portable, x25519::base_portable},
};

const X25519Kernel& chosen(const X25519Kernel* kernel) {
  return kernel != nullptr ? *kernel : cpu::best(x25519_kernels());
}

}  // namespace

std::span<const X25519Kernel> x25519_kernels() {
  return kKernels;
}

X25519PrivateKey::X25519PrivateKey(BytesOf<32> scalar, const X25519Kernel* kernel)
    : kernel_(&chosen(kernel)), scalar_(scalar) {}

Result<X25519PrivateKey> X25519PrivateKey::generate(Random random, const X25519Kernel* kernel) {
  Secret<32> scalar;
  ASHLAR_CHECK(random.fill(scalar.reveal_mut()));
  return X25519PrivateKey(scalar.reveal(), kernel);
}

void X25519PrivateKey::public_key(MutBytesOf<32> out) const {
  kernel_->multiply_base(out.data(), scalar_.reveal().data());
  // A public key is public by its purpose.
  ct::declassify(out);
}

Result<void> X25519PrivateKey::agree(BytesOf<32> peer, Secret<32>& shared) const {
  kernel_->multiply(shared.reveal_mut().data(), scalar_.reveal().data(), peer.data());
  return check(shared);
}

Result<void> X25519PrivateKey::check(const Secret<32>& shared) {
  static constexpr std::uint8_t kZero[32] = {};
  // Only the peer's point decides whether the secret is zero: it is zero for every scalar or for none.
  if (ct::equal(shared.reveal(), kZero).declassify()) {
    return ErrorCode::all_zero_shared_secret;
  }
  return {};
}

}  // namespace ashlar::crypto
