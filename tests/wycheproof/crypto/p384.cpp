// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "support/base64url.hpp"
#include "support/wycheproof.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test::wycheproof;
using ashlar::test::Buffer;

namespace {

// The scalar is an integer of any number of bytes.
Outcome agree(Buffer scalar, const Buffer& point, const Buffer& expected) {
  while (scalar.size() > 48 && scalar.front() == 0) {
    scalar.erase(scalar.begin());
  }
  scalar.insert(scalar.begin(), scalar.size() < 48 ? 48 - scalar.size() : 0, 0);
  auto key = P384PrivateKey::create(BytesOf<48>(scalar.data(), 48));
  if (!key) {
    throw std::runtime_error("the private key was refused");
  }
  auto peer = P384PublicKey::create(point);
  Secret<48> shared;
  if (!peer || !key->agree(*peer, shared)) {
    return Outcome::refused;
  }
  return same(shared.reveal(), expected);
}

void check_p1363(File& file, const HashAlgorithm& hash) {
  file.run([&](const Json& group, const Json& test) {
    const Buffer signature = bytes(test, "sig");
    auto key = P384PublicKey::create(bytes(group.at("publicKey"), "uncompressed"));
    if (!key) {
      throw std::runtime_error("the public key was refused");
    }
    if (signature.size() != kP384SignatureSize) {
      return Outcome::refused;
    }
    const auto verdict = key->verify(digest(hash, bytes(test, "msg")).bytes(),
                                     BytesOf<kP384SignatureSize>(signature.data(), kP384SignatureSize));
    return verdict.ok() ? Outcome::accepted : Outcome::refused;
  });
}

}  // namespace

TEST_CASE("wycheproof-ecdh_secp384r1_ecpoint_test") {
  WYCHEPROOF_FILE(file, "ecdh_secp384r1_ecpoint_test");
  // Only uncompressed points are taken.
  file.acceptable("CompressedPoint", Outcome::refused);
  file.run([](const Json&, const Json& test) {
    return agree(bytes(test, "private"), bytes(test, "public"), bytes(test, "shared"));
  });
}

TEST_CASE("wycheproof-ecdh_secp384r1_webcrypto_test") {
  WYCHEPROOF_FILE(file, "ecdh_secp384r1_webcrypto_test");
  file.run([](const Json&, const Json& test) {
    const Json& peer = test.at("public");
    if (peer.value("kty", "") != "EC" || peer.value("crv", "") != "P-384") {
      return Outcome::refused;
    }
    Buffer point = {4};
    for (const char* coordinate : {"x", "y"}) {
      const Buffer part = ashlar::test::unbase64url(peer.at(coordinate).get<std::string>());
      point.insert(point.end(), part.begin(), part.end());
    }
    return agree(ashlar::test::unbase64url(test.at("private").at("d").get<std::string>()), point,
                 bytes(test, "shared"));
  });
}

TEST_CASE("wycheproof-ecdsa_secp384r1_sha384_p1363_test") {
  WYCHEPROOF_FILE(file, "ecdsa_secp384r1_sha384_p1363_test");
  check_p1363(file, kSha384);
}

TEST_CASE("wycheproof-ecdsa_secp384r1_sha512_p1363_test") {
  WYCHEPROOF_FILE(file, "ecdsa_secp384r1_sha512_p1363_test");
  check_p1363(file, kSha512);
}
