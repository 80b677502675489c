// SPDX-License-Identifier: Apache-2.0
// P-256 (RFC 5480, SP 800-186 §3.2.1.3).
#include <ashlar/crypto/p256.hpp>

#include "key_kinds/ec.hpp"

namespace ashlar::x509 {
namespace {

using P256 = EcCurve<crypto::P256Curve, kP256, kP256Private>;
constexpr KeySize kSizes[] = {{"p256", 256}};

}  // namespace

constinit const KeyKind kP256 = ec_key<P256>("ECDSA P-256", oids::kP256, 23);  // secp256r1
constinit const PrivateKeyKind kP256Private = ec_private_key<P256>(kSizes, kEcdsaSha256);

}  // namespace ashlar::x509
