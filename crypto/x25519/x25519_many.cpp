// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/x25519_many.hpp>

#include "cpu/choose.hpp"
#include "cpu/groups.hpp"
#include "x25519/many.hpp"

#include <ashlar/base/ct.hpp>

namespace ashlar::crypto {

namespace {

constexpr X25519ManyKernel kKernels[] = {
#if defined(__x86_64__) && !defined(ASHLAR_NO_X86_KERNELS)
    {"x86-ifma",
     cpu::Features(cpu::Feature::avx2, cpu::Feature::avx512f, cpu::Feature::avx512vl, cpu::Feature::avx512dq,
                   cpu::Feature::avx512_ifma, cpu::Feature::bmi2),
     8, 5, x25519::multiply_eight_x86_ifma, x25519::multiply_base_eight_x86_ifma, 4},
#endif
    {"portable", cpu::Features(), 1, 1, nullptr, nullptr, 1},
};

}  // namespace

std::span<const X25519ManyKernel> x25519_many_kernels() {
  return kKernels;
}

Result<void> x25519_agree_many(std::span<X25519Agreement> agreements, const X25519ManyKernel* kernel) {
  if (kernel != nullptr && !cpu::features().contains(kernel->required)) {
    return ErrorCode::kernel_unavailable;
  }
  const X25519ManyKernel& row = kernel != nullptr ? *kernel : cpu::best(x25519_many_kernels());
  // A row that the caller chose takes any number.
  const std::size_t from = kernel != nullptr ? 1 : row.from;
  while (row.multiply != nullptr && agreements.size() >= from && !agreements.empty()) {
    const std::size_t count = agreements.size() < row.lanes ? agreements.size() : row.lanes;
    Secret<32> unused;
    std::uint8_t* outs[kMaxX25519Lanes];
    const std::uint8_t* scalars[kMaxX25519Lanes];
    const std::uint8_t* points[kMaxX25519Lanes];
    for (std::size_t lane = 0; lane < row.lanes; lane++) {
      // Lanes without an agreement repeat the first one.
      const X25519Agreement& one = agreements[lane < count ? lane : 0];
      outs[lane] = lane < count ? one.shared->reveal_mut().data() : unused.reveal_mut().data();
      scalars[lane] = one.key->scalar_.reveal().data();
      points[lane] = one.peer.data();
    }
    row.multiply(outs, scalars, points);
    for (X25519Agreement& one : agreements.first(count)) {
      one.result = X25519PrivateKey::check(*one.shared);
    }
    agreements = agreements.subspan(count);
  }
  for (X25519Agreement& one : agreements) {
    one.result = one.key->agree(one.peer, *one.shared);
  }
  return {};
}

Result<void> x25519_public_keys_many(std::span<const X25519PublicKeyBytes> keys,
                                     const X25519ManyKernel* kernel) {
  ASHLAR_TRY(const X25519ManyKernel* const row, cpu::choose(x25519_many_kernels(), kernel));
  in_groups(
      keys, row->lanes, kernel != nullptr ? 1 : row->base_from,
      [&](std::span<const X25519PublicKeyBytes> group) {
        std::uint8_t unused[32];
        std::uint8_t* outs[kMaxX25519Lanes];
        const std::uint8_t* scalars[kMaxX25519Lanes];
        for (std::size_t lane = 0; lane < row->lanes; lane++) {
          const X25519PublicKeyBytes& one = group[lane < group.size() ? lane : 0];
          outs[lane] = lane < group.size() ? one.bytes.data() : unused;
          scalars[lane] = one.key->scalar_.reveal().data();
        }
        row->multiply_base(outs, scalars);
        for (const X25519PublicKeyBytes& one : group) {
          // A public key is public by its purpose.
          ct::declassify(one.bytes);
        }
      },
      [](const X25519PublicKeyBytes& one) { one.key->public_key(one.bytes); });
  return {};
}

}  // namespace ashlar::crypto
