// SPDX-License-Identifier: Apache-2.0
// Independent RSA signatures side by side: for servers that have several handshakes at hand.
#pragma once

#include <ashlar/crypto/rsa.hpp>

namespace ashlar::crypto {

// One signature to make. What sign_pkcs1 or sign_pss would return is put into `result`.
struct RsaSigning {
  const RsaPrivateKey* key;
  const HashAlgorithm* hash;
  Bytes digest;
  MutBytes signature;
  bool pss = false;
  Result<MutBytes> result = MutBytes();
};

// Any number of signatures with any keys. Each is blinded, and checked with its public key before it leaves;
// what is wrong with one stands in its result and does not touch the others. With AVX-512 IFMA keys of 2048
// bits are done four at a time, which takes two thirds of the time of four alone; all others are done one
// after the other. Constant time as sign_pkcs1 is. kernel: a row that this CPU can run (else
// kernel_unavailable, and nothing is done), or null for the best. Takes less than 192 KiB of stack.
Result<void> rsa_sign_many(std::span<RsaSigning> signings, Random random,
                           const BignumManyKernel* kernel = nullptr);

// One signature to verify: with PKCS#1 v1.5, or with PSS if its parameters are given. What verify_pkcs1 or
// verify_pss would return is put into `result`.
struct RsaVerification {
  const RsaPublicKey* key;
  const HashAlgorithm* hash;
  Bytes digest;
  Bytes signature;
  const RsaPssParameters* pss = nullptr;  // its hash counts, not that above
  Result<void> result = {};
};

// Any number of verifications with any keys; what is wrong with one stands in its result and does not touch
// the others. With AVX-512 IFMA keys of 2048, 3072 and 4096 bits with the exponent 65537 are done eight at a
// time; all others are done one after the other. Variable time: all inputs are public. kernel: as above.
// Takes less than 64 KiB of stack.
Result<void> rsa_verify_many(std::span<RsaVerification> verifications,
                             const BignumManyKernel* kernel = nullptr);

}  // namespace ashlar::crypto
