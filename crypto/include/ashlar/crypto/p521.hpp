// SPDX-License-Identifier: Apache-2.0
// ECDSA and ECDH on P-521 (FIPS 186-5, SP 800-186 §3.2.1.5): ec_key.hpp says what the keys do.
#pragma once

#include <ashlar/crypto/ec_key.hpp>

namespace ashlar::crypto {

// The curve, an implementation of it, and its keys.
using P521Curve = CurveOfSize<521>;
using P521Kernel = EcKernel<P521Curve>;
using P521PublicKey = EcPublicKey<P521Curve>;
using P521PrivateKey = EcPrivateKey<P521Curve>;
extern template class EcPublicKey<P521Curve>;
extern template class EcPrivateKey<P521Curve>;

// Sizes of an uncompressed point and of a signature, r and s.
inline constexpr std::size_t kP521PointSize = P521Curve::kPointSize;
inline constexpr std::size_t kP521SignatureSize = P521Curve::kSignatureSize;

// All implementations, best first; the last is portable.
std::span<const P521Kernel> p521_kernels();

}  // namespace ashlar::crypto
