// SPDX-License-Identifier: Apache-2.0
// P-384 (RFC 5480, SP 800-186 §3.2.1.4).
#include <ashlar/crypto/p384.hpp>

#include "key_kinds/ec.hpp"

namespace ashlar::x509 {
namespace {

using P384 = EcCurve<crypto::P384Curve, kP384, kP384Private>;
constexpr KeySize kSizes[] = {{"p384", 384}};

}  // namespace

constinit const KeyKind kP384 = ec_key<P384>("ECDSA P-384", oids::kP384, 24);  // secp384r1
constinit const PrivateKeyKind kP384Private = ec_private_key<P384>(kSizes, kEcdsaSha384);

}  // namespace ashlar::x509
