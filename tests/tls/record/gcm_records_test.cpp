// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/gcm.hpp>

#include "tls/record/sealing.hpp"

using namespace ashlar;
using namespace ashlar::tls;
using namespace ashlar::test;

TEST_CASE("S03 gcm records: the explicit nonce is the sequence number, so no nonce repeats", "[tls]") {
  for (const RecordCipher* cipher : {&kAes128GcmRecords, &kAes256GcmRecords}) {
    Pair pair(*cipher);
    for (std::uint8_t sequence = 0; sequence < 5; ++sequence) {
      const Buffer record = pair.seal(noise(10));
      CHECK_BYTES(Bytes(record).subspan(5, 8), (Buffer{0, 0, 0, 0, 0, 0, 0, sequence}));
    }
    ProtectionAccess::set_sequence_number(pair.sender, 0x0102030405060708);
    CHECK_BYTES(Bytes(pair.seal(noise(10))).subspan(5, 8), unhex("0102030405060708"));
  }
}

TEST_CASE("gcm records: explicit nonces of a peer's own choosing open", "[tls]") {
  const Buffer key = noise(16), iv = noise(4);
  const auto gcm = crypto::AesGcmKey::create(key);
  REQUIRE(gcm.ok());
  const Buffer plaintext = noise(33), explicit_part = noise(8, 3);
  // As a peer that counts in another way makes it: RFC 5288 §3 and RFC 5246 §6.2.3.3 by hand.
  Buffer nonce = iv, aad = unhex("0000000000000000 17 0303 0021"), ciphertext(33), tag(16);
  for (const std::uint8_t byte : explicit_part) {
    nonce.push_back(byte);
  }
  const Bytes parts[] = {aad};
  REQUIRE(gcm->seal(nonce, parts, plaintext, ciphertext, MutBytes(tag).first<16>()).ok());
  Buffer fragment(8 + 33 + 16);
  copy_bytes(fragment, explicit_part);
  copy_bytes(MutBytes(fragment).subspan(8), ciphertext);
  copy_bytes(MutBytes(fragment).subspan(41), tag);
  Protection receiver;
  REQUIRE(receiver.activate(kAes128GcmRecords, false, {}, key, iv).ok());
  const auto opened = receiver.open(ContentType::application_data, fragment);
  REQUIRE(opened.ok());
  CHECK_BYTES(opened->plaintext, plaintext);
}
