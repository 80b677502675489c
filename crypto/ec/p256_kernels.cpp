// SPDX-License-Identifier: Apache-2.0
#include "ec/p256_operations.hpp"

namespace ashlar::crypto {

namespace {

using Portable = ec::P256Operations<ec::PortableField<ec::P256::Prime>>;

constexpr P256Kernel kKernels[] = {
    {"portable", cpu::Features(), Portable::fixed_base, Portable::variable_base, Portable::verify},
};

}  // namespace

std::span<const P256Kernel> p256_kernels() {
  return kKernels;
}

}  // namespace ashlar::crypto
