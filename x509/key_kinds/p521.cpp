// SPDX-License-Identifier: Apache-2.0
// P-521 (RFC 5480, SP 800-186 §3.2.1.5).
#include <ashlar/crypto/p521.hpp>

#include "key_kinds/ec.hpp"

namespace ashlar::x509 {
namespace {

using P521 = EcCurve<crypto::P521Curve, kP521, kP521Private>;
constexpr KeySize kSizes[] = {{"p521", 521}};

}  // namespace

constinit const KeyKind kP521 = ec_key<P521>("ECDSA P-521", oids::kP521, 25);  // secp521r1
constinit const PrivateKeyKind kP521Private = ec_private_key<P521>(kSizes, kEcdsaSha512);

}  // namespace ashlar::x509
