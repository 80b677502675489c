// SPDX-License-Identifier: Apache-2.0
// ECDSA and ECDH on P-256 (FIPS 186-5, SP 800-186 §3.2.1.3): ec_key.hpp says what the keys do.
#pragma once

#include <ashlar/crypto/ec_key.hpp>

namespace ashlar::crypto {

// The curve, an implementation of it, and its keys.
using P256Curve = CurveOfSize<256>;
using P256Kernel = EcKernel<P256Curve>;
using P256PublicKey = EcPublicKey<P256Curve>;
using P256PrivateKey = EcPrivateKey<P256Curve>;
extern template class EcPublicKey<P256Curve>;
extern template class EcPrivateKey<P256Curve>;

// Sizes of an uncompressed point and of a signature, r and s.
inline constexpr std::size_t kP256PointSize = P256Curve::kPointSize;
inline constexpr std::size_t kP256SignatureSize = P256Curve::kSignatureSize;

// All implementations, best first; the last is portable.
std::span<const P256Kernel> p256_kernels();

}  // namespace ashlar::crypto
