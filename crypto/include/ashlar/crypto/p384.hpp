// SPDX-License-Identifier: Apache-2.0
// ECDSA and ECDH on P-384 (FIPS 186-5, SP 800-186 §3.2.1.4): ec_key.hpp says what the keys do.
#pragma once

#include <ashlar/crypto/ec_key.hpp>

namespace ashlar::crypto {

// The curve, an implementation of it, and its keys.
using P384Curve = CurveOfSize<384>;
using P384Kernel = EcKernel<P384Curve>;
using P384PublicKey = EcPublicKey<P384Curve>;
using P384PrivateKey = EcPrivateKey<P384Curve>;
extern template class EcPublicKey<P384Curve>;
extern template class EcPrivateKey<P384Curve>;

// Sizes of an uncompressed point and of a signature, r and s.
inline constexpr std::size_t kP384PointSize = P384Curve::kPointSize;
inline constexpr std::size_t kP384SignatureSize = P384Curve::kSignatureSize;

// All implementations, best first; the last is portable.
std::span<const P384Kernel> p384_kernels();

}  // namespace ashlar::crypto
