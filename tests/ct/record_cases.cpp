// SPDX-License-Identifier: Apache-2.0
// Record protection: keys are secret, and so is the content of a record until it has been checked.
#include <ashlar/crypto/sha2.hpp>

#include "cases.hpp"
#include "record/cbc_check.hpp"
#include "record/protection.hpp"
#include "tls12/key_schedule.hpp"

using namespace ashlar;
using namespace ashlar::ct_cases;
using namespace ashlar::tls;

// A record sealed under secret keys opens again. With `damage` it is refused.
static void seal_and_open(const RecordCipher& cipher, bool damage) {
  const auto mac_key = secret(cipher.mac_key_size, 1);
  const auto key = secret(cipher.key_size, 2);
  const auto fixed_iv = test::noise(cipher.fixed_iv_size, 3);  // goes into nonces, which are public
  const auto plaintext = secret(100, 4);
  crypto::DeterministicRandom generator(std::uint64_t{5});
  const Memory memory = system_memory();
  Protection sender(memory), receiver(memory);
  expect(sender.activate(cipher, true, mac_key, key, fixed_iv).ok());
  expect(receiver.activate(cipher, false, mac_key, key, fixed_iv).ok());
  test::Buffer record(kRecordHeaderSize + sender.sealed_size(plaintext.size()));
  expect(sender.seal(ContentType::application_data, plaintext, generator.random(), record).ok());
  open(record);  // it is sent
  if (damage) {
    record[record.size() - 20] ^= 1;  // CBC: turns the padding into noise
  }
  const auto opened =
      receiver.open(ContentType::application_data, MutBytes(record).subspan(kRecordHeaderSize));
  expect(opened.ok() != damage);
  if (opened) {
    open(opened->plaintext);
    open(plaintext);
    expect(equal_public(opened->plaintext, plaintext));
  }
}

CT_CASE("records: AES-128-GCM") {
  seal_and_open(kAes128GcmRecords, false);
}
CT_CASE("records: AES-128-GCM, damaged") {
  seal_and_open(kAes128GcmRecords, true);
}
CT_CASE("records: AES-256-GCM") {
  seal_and_open(kAes256GcmRecords, false);
}
CT_CASE("S09 records: CBC, MAC-then-encrypt") {
  seal_and_open(kAes128CbcSha256Records, false);
}
CT_CASE("S09 records: CBC, MAC-then-encrypt, damaged") {
  seal_and_open(kAes128CbcSha256Records, true);
}
CT_CASE("records: AES-128-CCM-8") {
  seal_and_open(kAes128Ccm8Records, false);
}
CT_CASE("records: AES-256-CCM, damaged") {
  seal_and_open(kAes256CcmRecords, true);
}
CT_CASE("S09 records: CBC with SHA-1 and SHA-384, MAC-then-encrypt") {
  seal_and_open(kAes128CbcShaRecords, false);
  seal_and_open(kAes256CbcSha384Records, false);
}
CT_CASE("S09 records: CBC with SHA-1 and SHA-384, MAC-then-encrypt, damaged") {
  seal_and_open(kAes256CbcShaRecords, true);
  seal_and_open(kAes256CbcSha384Records, true);
}
CT_CASE("S09 records: CBC, encrypt-then-MAC") {
  seal_and_open(kAes128CbcSha256EtmRecords, false);
}
CT_CASE("S09 records: CBC, encrypt-then-MAC, damaged") {
  seal_and_open(kAes128CbcSha256EtmRecords, true);
}

// content || MAC || padding, all secret, with correct or wrong padding. Sizes below and above what 256 bytes
// of padding can cover.
CT_CASE("S09 cbc check: padding and MAC of decrypted data") {
  const auto mac_key = test::noise(32, 1);
  for (const std::size_t content : {std::size_t{0}, std::size_t{15}, std::size_t{300}, std::size_t{1000}}) {
    for (const std::size_t padding : {std::size_t{0}, std::size_t{7}, std::size_t{255}}) {
      for (const bool damage : {false, true}) {
        const crypto::HmacKey key(crypto::kSha256, mac_key);
        test::Buffer body(content + 32 + padding + 1);
        const std::uint8_t header[13] = {0,
                                         0,
                                         0,
                                         0,
                                         0,
                                         0,
                                         0,
                                         0,
                                         23,
                                         3,
                                         3,
                                         static_cast<std::uint8_t>(content >> 8),
                                         static_cast<std::uint8_t>(content)};
        const Bytes parts[] = {header, Bytes(body).first(content)};
        key.mac(parts, MutBytes(body).subspan(content, 32));
        for (std::size_t i = content + 32; i < body.size(); ++i) {
          body[i] = static_cast<std::uint8_t>(padding);
        }
        if (damage) {
          body[content + 32] ^= 1;
        }
        ct::classify(body);
        const CbcVerdict verdict = check_mac_then_encrypt(key, 0, ContentType::application_data, body);
        expect(verdict.good.declassify() != damage);
      }
    }
  }
}

CT_CASE("hmac: a message of secret size") {
  const auto key_bytes = secret(32, 1);
  const auto data = secret(400, 2);
  const crypto::HmacKey key(crypto::kSha256, key_bytes);
  for (std::uint64_t size : {std::uint64_t{145}, std::uint64_t{300}, std::uint64_t{400}}) {
    ct::classify(&size, sizeof size);
    std::uint8_t mac[32];
    open(key.mac_secret_size(test::noise(13), data, 145, size, mac));
    expect(mac[0] != mac[1] || mac[1] != mac[2]);
  }
}

CT_CASE("H02 finished: verify_data from a secret master secret, compared with the peer's") {
  const auto bytes = secret(48, 1);
  const MasterSecret master_secret{BytesOf<48>(bytes.data(), 48)};
  const auto hash = test::noise(32, 2);
  std::uint8_t expected[12];
  derive_verify_data(crypto::kSha256, master_secret, true, hash, expected);
  const auto theirs = test::noise(12, 3);
  expect(!ct::equal(theirs, expected).declassify());
}
