// SPDX-License-Identifier: Apache-2.0
// CBC records against records made here by hand, with every padding.
#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "record/cbc_check.hpp"
#include "tls/record/sealing.hpp"

using namespace ashlar;
using namespace ashlar::tls;
using namespace ashlar::test;

namespace {

const Buffer kMacKey = noise(32, 11);
const Buffer kKey = noise(16, 12);
constexpr std::uint64_t kSequence = 0;

Buffer mac_of(const Buffer& header, const Buffer& data) {
  Buffer mac(32);
  const Bytes parts[] = {header, data};
  crypto::HmacKey(crypto::kSha256, kMacKey).mac(parts, mac);
  return mac;
}
Buffer header_of(std::size_t length) {
  Buffer header = unhex("0000000000000000 17 0303 0000");
  header[11] = static_cast<std::uint8_t>(length >> 8);
  header[12] = static_cast<std::uint8_t>(length);
  return header;
}
void append(Buffer& to, Bytes bytes) {
  for (const std::uint8_t byte : bytes) {
    to.push_back(byte);
  }
}
// content || MAC || padding. `padding` is the value of the length byte.
Buffer padded(const Buffer& content, std::size_t padding, bool with_mac = true) {
  Buffer body = content;
  if (with_mac) {
    append(body, mac_of(header_of(content.size()), content));
  }
  append(body, Buffer(padding + 1, static_cast<std::uint8_t>(padding)));
  return body;
}
Buffer encrypted(const Buffer& body) {
  const Buffer iv = noise(16, 13);
  Buffer chain = iv, fragment = iv, ciphertext(body.size());
  const auto cipher = crypto::AesCbcEncryptor::create(kKey);
  REQUIRE(cipher.ok());
  REQUIRE(cipher->encrypt(MutBytes(chain).first<16>(), body, ciphertext).ok());
  append(fragment, ciphertext);
  return fragment;
}
Result<OpenedFragment> open(const RecordCipher& cipher, Buffer& fragment) {
  Protection receiver(kSystemMemory);
  REQUIRE(receiver.activate(cipher, false, kMacKey, kKey, {}).ok());
  return receiver.open(ContentType::application_data, fragment);
}

}  // namespace

TEST_CASE("cbc records: every padding length from 0 to 255 opens, at every size of content", "[tls]") {
  for (std::size_t padding = 0; padding < 256; ++padding) {
    for (std::size_t blocks = 0; blocks < 3; ++blocks) {
      // Content such that content + 32 + padding + 1 is a whole number of blocks.
      const std::size_t size = 16 * blocks + (16 - (padding + 1) % 16) % 16;
      const Buffer content = noise(size, padding);
      Buffer fragment = encrypted(padded(content, padding));
      const auto opened = open(kAes128CbcSha256Records, fragment);
      INFO("padding " << padding << ", content " << size);
      REQUIRE(opened.ok());
      REQUIRE_BYTES(opened->plaintext, content);
      CHECK(opened->padding_size == padding + 1);
      CHECK(opened->mac_size == 32);

      Buffer etm = encrypted(padded(content, padding, false));
      append(etm, mac_of(header_of(etm.size()), etm));
      const auto opened_etm = open(kAes128CbcSha256EtmRecords, etm);
      REQUIRE(opened_etm.ok());
      REQUIRE_BYTES(opened_etm->plaintext, content);
      CHECK(opened_etm->padding_size == padding + 1);
    }
  }
}

TEST_CASE("S09 cbc records: each wrong byte of padding, MAC or content is the same error", "[tls]") {
  for (const std::size_t padding : {std::size_t{0}, std::size_t{1}, std::size_t{15}, std::size_t{16},
                                    std::size_t{200}, std::size_t{255}}) {
    const std::size_t size = 64 + (16 - (padding + 1) % 16) % 16;
    const Buffer body = padded(noise(size), padding);
    for (std::size_t at = 0; at < body.size(); ++at) {
      Buffer damaged = body;
      damaged[at] ^= 0x40;
      Buffer fragment = encrypted(damaged);
      INFO("padding " << padding << ", byte " << at << " of " << body.size());
      CHECK(open(kAes128CbcSha256Records, fragment).error() == ErrorCode::bad_record_mac);
      CHECK_BYTES(Bytes(fragment).subspan(16), Buffer(body.size()));
    }
  }
}

TEST_CASE("S09 cbc records: every length byte that does not fit is refused", "[tls]") {
  const Buffer body = padded(noise(20), 11);
  for (unsigned last = 0; last < 256; ++last) {
    Buffer changed = body;
    changed.back() = static_cast<std::uint8_t>(last);
    Buffer fragment = encrypted(changed);
    INFO(last);
    CHECK(open(kAes128CbcSha256Records, fragment).ok() == (last == 11));
  }
}

TEST_CASE("S09 cbc records: padding longer than the record is refused without reading before it", "[tls]") {
  // The whole body is one padding: no room for a MAC.
  for (const std::size_t size : {48u, 64u, 256u}) {
    Buffer fragment = encrypted(Buffer(size, static_cast<std::uint8_t>(size - 1)));
    CHECK(open(kAes128CbcSha256Records, fragment).error() == ErrorCode::bad_record_mac);
    Buffer eff = encrypted(Buffer(size, 0xff));
    CHECK(open(kAes128CbcSha256Records, eff).ok() == false);
  }
  // With encrypt-then-MAC such a body is a record without content.
  Buffer etm = encrypted(Buffer(48, 47));
  append(etm, mac_of(header_of(etm.size()), etm));
  const auto opened = open(kAes128CbcSha256EtmRecords, etm);
  REQUIRE(opened.ok());
  CHECK(opened->plaintext.empty());
  Buffer too_long = encrypted(Buffer(48, 48));
  append(too_long, mac_of(header_of(too_long.size()), too_long));
  CHECK(open(kAes128CbcSha256EtmRecords, too_long).error() == ErrorCode::bad_record_mac);
}

TEST_CASE(
    "S09 cbc records: an encrypt-then-MAC record is no MAC-then-encrypt record, and the other way round",
    "[tls]") {
  const Buffer content = noise(31);
  Buffer mte = encrypted(padded(content, 0));
  CHECK(open(kAes128CbcSha256EtmRecords, mte).error() == ErrorCode::bad_record_mac);
  Buffer etm = encrypted(padded(content, 0, false));
  append(etm, mac_of(header_of(etm.size()), etm));
  CHECK(open(kAes128CbcSha256Records, etm).error() == ErrorCode::bad_record_mac);
}

TEST_CASE("cbc records: the sealed record is what RFC 5246 says, with an IV of its own each time", "[tls]") {
  for (const RecordCipher* cipher : {&kAes128CbcSha256Records, &kAes128CbcSha256EtmRecords}) {
    Protection sender(kSystemMemory);
    crypto::DeterministicRandom generator(std::uint64_t{3});
    REQUIRE(sender.activate(*cipher, true, kMacKey, kKey, {}).ok());
    const Buffer content = noise(45);
    Buffer first(200), second(200);
    REQUIRE(sender.seal(ContentType::application_data, content, generator.random(), first).ok());
    REQUIRE(sender.seal(ContentType::application_data, content, generator.random(), second).ok());
    CHECK(hex(Bytes(first).subspan(5, 16)) != hex(Bytes(second).subspan(5, 16)));

    const bool etm = cipher == &kAes128CbcSha256EtmRecords;
    const std::size_t body_size = etm ? 48 : 80;
    Buffer chain(first.begin() + 5, first.begin() + 21), body(body_size);
    const auto decryptor = crypto::AesCbcDecryptor::create(kKey);
    REQUIRE(decryptor.ok());
    REQUIRE(decryptor->decrypt(MutBytes(chain).first<16>(), Bytes(first).subspan(21, body_size), body).ok());
    CHECK_BYTES(body, padded(content, etm ? 2 : 2, !etm));
    if (etm) {
      const Buffer sealed(first.begin() + 5, first.begin() + 21 + 48);
      CHECK_BYTES(Bytes(first).subspan(5 + 64, 32), mac_of(header_of(64), sealed));
    }
  }
}

TEST_CASE("S09 cbc check: the verdict on decrypted data, for all paddings at all sizes", "[tls]") {
  for (const crypto::HashAlgorithm* hash : {&crypto::kSha256, &crypto::kSha1, &crypto::kSha384}) {
    const crypto::HmacKey key(*hash, kMacKey);
    for (std::size_t size = 0; size < 60; ++size) {
      for (std::size_t padding = 0; padding < 256; padding += size < 3 ? 1 : 17) {
        Buffer body = noise(size, size + padding), mac(key.size());
        const Buffer header = header_of(size);
        const Bytes parts[] = {header, body};
        key.mac(parts, mac);
        append(body, mac);
        append(body, Buffer(padding + 1, static_cast<std::uint8_t>(padding)));
        const auto verdict_of = [&](std::uint64_t sequence, ContentType type) {
          return check_mac_then_encrypt(key, sequence, type, body);
        };
        const CbcVerdict verdict = verdict_of(kSequence, ContentType::application_data);
        INFO(hash->name << ", content " << size << ", padding " << padding);
        CHECK(verdict.good.declassify());
        CHECK(verdict.padding_size == padding);
        CHECK(!verdict_of(kSequence + 1, ContentType::application_data).good.declassify());
        CHECK(!verdict_of(kSequence, ContentType::handshake).good.declassify());
      }
    }
  }
}
