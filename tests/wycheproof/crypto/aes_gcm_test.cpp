// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/gcm.hpp>

#include "wycheproof/crypto/on_rows.hpp"

using namespace ashlar;
using namespace ashlar::test;
using namespace ashlar::test::wycheproof;

namespace {

// Opens, and if that works seals and compares both ways.
Outcome open_and_seal(const crypto::GcmKernel& row, Bytes key_bytes, Bytes nonce, Bytes aad, Bytes plaintext,
                      Bytes ciphertext, const Buffer& tag) {
  const auto key = crypto::AesGcmKey::create(key_bytes, &row);
  if (!key || tag.size() != 16) {
    return Outcome::refused;
  }
  const Bytes parts[] = {aad};
  Buffer opened(ciphertext.size());
  const BytesOf<16> right(tag.data(), 16);
  if (!key->open(nonce, parts, ciphertext, right, opened)) {
    return Outcome::refused;
  }
  Buffer sealed(plaintext.size());
  Buffer made(16);
  if (!key->seal(nonce, parts, plaintext, sealed, MutBytesOf<16>(made.data(), 16))) {
    return Outcome::wrong;
  }
  const bool same_all = equal_public(opened, plaintext) && equal_public(sealed, ciphertext) && made == tag;
  return same_all ? Outcome::accepted : Outcome::wrong;
}

std::string short_tag(const Json& group) {
  return group["tagSize"] == 128 ? "" : "tags shorter than 128 bits";
}

}  // namespace

TEST_CASE("wycheproof-aes_gcm_test") {
  WYCHEPROOF_FILE(file, "aes_gcm_test");
  file.run(short_tag, [](const Json&, const Json& test) {
    return on_rows(crypto::gcm_kernels(), [&](const crypto::GcmKernel& row) {
      return open_and_seal(row, bytes(test, "key"), bytes(test, "iv"), bytes(test, "aad"), bytes(test, "msg"),
                           bytes(test, "ct"), bytes(test, "tag"));
    });
  });
}

// GMAC is GCM of an empty plaintext.
TEST_CASE("wycheproof-aes_gmac_test") {
  WYCHEPROOF_FILE(file, "aes_gmac_test");
  file.run(short_tag, [](const Json&, const Json& test) {
    return on_rows(crypto::gcm_kernels(), [&](const crypto::GcmKernel& row) {
      return open_and_seal(row, bytes(test, "key"), bytes(test, "iv"), bytes(test, "msg"), {}, {},
                           bytes(test, "tag"));
    });
  });
}
