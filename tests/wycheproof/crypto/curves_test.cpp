// SPDX-License-Identifier: Apache-2.0
// ECDH and ECDSA on the curves of SP 800-186 §3.2.1, signatures as r || s.
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/p521.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "support/base64url.hpp"
#include "support/wycheproof.hpp"
#include "wycheproof/crypto/on_rows.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test::wycheproof;
using ashlar::test::Buffer;

namespace {

template <class Curve>
using Rows = std::span<const EcKernel<Curve>>;

// The scalar is an integer of any number of bytes.
template <class Curve>
Outcome agree(Rows<Curve> rows, Buffer scalar, const Buffer& point, const Buffer& expected) {
  while (scalar.size() > Curve::kBytes && scalar.front() == 0) {
    scalar.erase(scalar.begin());
  }
  scalar.insert(scalar.begin(), scalar.size() < Curve::kBytes ? Curve::kBytes - scalar.size() : 0, 0);
  return on_rows(rows, [&](const EcKernel<Curve>& row) {
    auto key = EcPrivateKey<Curve>::create(BytesOf<Curve::kBytes>(scalar.data(), Curve::kBytes), &row);
    if (!key) {
      throw std::runtime_error("the private key was refused");
    }
    auto peer = EcPublicKey<Curve>::create(point, &row);
    Secret<Curve::kBytes> shared;
    if (!peer || !key->agree(*peer, shared)) {
      return Outcome::refused;
    }
    return same(shared.reveal(), expected);
  });
}

template <class Curve>
void check_points(File& file, Rows<Curve> rows) {
  // Compressed points are read.
  file.acceptable("CompressedPoint", Outcome::accepted);
  file.run([&](const Json&, const Json& test) {
    return agree<Curve>(rows, bytes(test, "private"), bytes(test, "public"), bytes(test, "shared"));
  });
}

template <class Curve>
void check_webcrypto(File& file, const char* name, Rows<Curve> rows) {
  file.run([&](const Json&, const Json& test) {
    const Json& peer = test.at("public");
    if (peer.value("kty", "") != "EC" || peer.value("crv", "") != name) {
      return Outcome::refused;
    }
    Buffer point = {4};
    for (const char* coordinate : {"x", "y"}) {
      const Buffer part = ashlar::test::unbase64url(peer.at(coordinate).get<std::string>());
      point.insert(point.end(), part.begin(), part.end());
    }
    return agree<Curve>(rows, ashlar::test::unbase64url(test.at("private").at("d").get<std::string>()), point,
                        bytes(test, "shared"));
  });
}

template <class Curve>
void check_p1363(File& file, Rows<Curve> rows, const HashAlgorithm& hash) {
  file.run([&](const Json& group, const Json& test) {
    const Buffer point = bytes(group.at("publicKey"), "uncompressed"), signature = bytes(test, "sig");
    const Digest hashed = digest(hash, bytes(test, "msg"));
    return on_rows(rows, [&](const EcKernel<Curve>& row) {
      auto key = EcPublicKey<Curve>::create(point, &row);
      if (!key) {
        throw std::runtime_error("the public key was refused");
      }
      constexpr std::size_t kSize = Curve::kSignatureSize;
      const bool good = signature.size() == kSize &&
                        key->verify(hashed.bytes(), BytesOf<kSize>(signature.data(), kSize)).ok();
      return good ? Outcome::accepted : Outcome::refused;
    });
  });
}

}  // namespace

// Calls `check` with the other arguments.
#define CURVE_FILE(stem, check, ...) \
  TEST_CASE("wycheproof-" stem) {    \
    WYCHEPROOF_FILE(file, stem);     \
    check(file, __VA_ARGS__);        \
  }
CURVE_FILE("ecdh_secp256r1_ecpoint_test", check_points<P256Curve>, p256_kernels())
CURVE_FILE("ecdh_secp256r1_webcrypto_test", check_webcrypto<P256Curve>, "P-256", p256_kernels())
CURVE_FILE("ecdsa_secp256r1_sha256_p1363_test", check_p1363<P256Curve>, p256_kernels(), kSha256)
CURVE_FILE("ecdsa_secp256r1_sha512_p1363_test", check_p1363<P256Curve>, p256_kernels(), kSha512)
CURVE_FILE("ecdh_secp384r1_ecpoint_test", check_points<P384Curve>, p384_kernels())
CURVE_FILE("ecdh_secp384r1_webcrypto_test", check_webcrypto<P384Curve>, "P-384", p384_kernels())
CURVE_FILE("ecdsa_secp384r1_sha384_p1363_test", check_p1363<P384Curve>, p384_kernels(), kSha384)
CURVE_FILE("ecdsa_secp384r1_sha512_p1363_test", check_p1363<P384Curve>, p384_kernels(), kSha512)
CURVE_FILE("ecdh_secp521r1_ecpoint_test", check_points<P521Curve>, p521_kernels())
CURVE_FILE("ecdh_secp521r1_webcrypto_test", check_webcrypto<P521Curve>, "P-521", p521_kernels())
CURVE_FILE("ecdsa_secp521r1_sha512_p1363_test", check_p1363<P521Curve>, p521_kernels(), kSha512)
