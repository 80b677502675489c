// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "support/base64url.hpp"
#include "support/wycheproof.hpp"

#include <optional>

using namespace ashlar;
using namespace ashlar::crypto;
using namespace ashlar::test::wycheproof;
using ashlar::test::Buffer;

namespace {

// check(row) on every row that this CPU can run; they must agree.
template <class Check>
Outcome on_every_row(Check check) {
  std::optional<Outcome> outcome;
  for (const P256Kernel& row : p256_kernels()) {
    if (cpu::features().contains(row.required)) {
      const Outcome here = check(row);
      outcome = !outcome || *outcome == here ? here : Outcome::wrong;
    }
  }
  return *outcome;
}

// Private keys of these files are integers of any number of bytes.
Buffer to_32_bytes(Buffer scalar) {
  while (scalar.size() > 32 && scalar.front() == 0) {
    scalar.erase(scalar.begin());
  }
  scalar.insert(scalar.begin(), scalar.size() < 32 ? 32 - scalar.size() : 0, 0);
  return scalar;
}

Outcome agree(const Buffer& scalar, const Buffer& point, const Buffer& expected) {
  return on_every_row([&](const P256Kernel& row) {
    auto key = P256PrivateKey::create(BytesOf<32>(scalar.data(), 32), &row);
    if (!key) {
      throw std::runtime_error("the private key was refused");
    }
    auto peer = P256PublicKey::create(point, &row);
    Secret<32> shared;
    if (!peer || !key->agree(*peer, shared)) {
      return Outcome::refused;
    }
    return same(shared.reveal(), expected);
  });
}

void check_p1363(File& file, const HashAlgorithm& hash) {
  file.run([&](const Json& group, const Json& test) {
    const Buffer point = bytes(group.at("publicKey"), "uncompressed"), signature = bytes(test, "sig");
    const Digest hashed = digest(hash, bytes(test, "msg"));
    return on_every_row([&](const P256Kernel& row) {
      auto key = P256PublicKey::create(point, &row);
      if (!key) {
        throw std::runtime_error("the public key was refused");
      }
      if (signature.size() != kP256SignatureSize) {
        return Outcome::refused;
      }
      const auto verdict =
          key->verify(hashed.bytes(), BytesOf<kP256SignatureSize>(signature.data(), kP256SignatureSize));
      return verdict.ok() ? Outcome::accepted : Outcome::refused;
    });
  });
}

}  // namespace

TEST_CASE("wycheproof-ecdh_secp256r1_ecpoint_test") {
  WYCHEPROOF_FILE(file, "ecdh_secp256r1_ecpoint_test");
  // Only uncompressed points are taken.
  file.acceptable("CompressedPoint", Outcome::refused);
  file.run([](const Json&, const Json& test) {
    return agree(to_32_bytes(bytes(test, "private")), bytes(test, "public"), bytes(test, "shared"));
  });
}

TEST_CASE("wycheproof-ecdh_secp256r1_webcrypto_test") {
  WYCHEPROOF_FILE(file, "ecdh_secp256r1_webcrypto_test");
  file.run([](const Json&, const Json& test) {
    const Json& peer = test.at("public");
    if (peer.value("kty", "") != "EC" || peer.value("crv", "") != "P-256") {
      return Outcome::refused;
    }
    Buffer point = {4};
    for (const char* coordinate : {"x", "y"}) {
      const Buffer part = ashlar::test::unbase64url(peer.at(coordinate).get<std::string>());
      point.insert(point.end(), part.begin(), part.end());
    }
    const Buffer scalar = ashlar::test::unbase64url(test.at("private").at("d").get<std::string>());
    return agree(to_32_bytes(scalar), point, bytes(test, "shared"));
  });
}

TEST_CASE("wycheproof-ecdsa_secp256r1_sha256_p1363_test") {
  WYCHEPROOF_FILE(file, "ecdsa_secp256r1_sha256_p1363_test");
  check_p1363(file, kSha256);
}

TEST_CASE("wycheproof-ecdsa_secp256r1_sha512_p1363_test") {
  WYCHEPROOF_FILE(file, "ecdsa_secp256r1_sha512_p1363_test");
  check_p1363(file, kSha512);
}
