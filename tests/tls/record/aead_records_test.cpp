// SPDX-License-Identifier: Apache-2.0
// AEAD records: both ways of making nonces, and the content type inside.
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
  // Made by hand (RFC 5288 §3, RFC 5246 §6.2.3.3), like by a peer that counts differently.
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
  Protection receiver(kSystemMemory);
  REQUIRE(receiver.activate(kAes128GcmRecords, false, {}, key, iv).ok());
  const auto opened = receiver.open(ContentType::application_data, fragment);
  REQUIRE(opened.ok());
  CHECK_BYTES(opened->plaintext, plaintext);
}

TEST_CASE("aead records: without an explicit part the nonce is IV and sequence number XORed", "[tls]") {
  const Buffer key = noise(32), iv = noise(12), plaintext = noise(33);
  const auto aead = crypto::Aead::create(crypto::kChaCha20Poly1305, key);
  REQUIRE(aead.ok());
  Protection sender(kSystemMemory), receiver(kSystemMemory);
  REQUIRE(sender.activate(kXoredNonceRecords, true, {}, key, iv).ok());
  REQUIRE(receiver.activate(kXoredNonceRecords, false, {}, key, iv).ok());
  crypto::DeterministicRandom generator(std::uint64_t{5});
  for (const std::uint64_t sequence :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{0x0102030405060708}}) {
    ProtectionAccess::set_sequence_number(sender, sequence);
    ProtectionAccess::set_sequence_number(receiver, sequence);
    Buffer record(5 + 33 + 16);
    REQUIRE(sender.seal(ContentType::application_data, plaintext, generator.random(), record).ok());
    // RFC 7905 §2 by hand.
    Buffer nonce = iv, aad = unhex("0000000000000000 17 0303 0021"), ciphertext(33), tag(16);
    for (std::size_t i = 0; i < 8; ++i) {
      const auto byte = static_cast<std::uint8_t>(sequence >> (56 - 8 * i));
      nonce[4 + i] ^= byte;
      aad[i] = byte;
    }
    const Bytes parts[] = {aad};
    REQUIRE(aead->seal(nonce, parts, plaintext, ciphertext, tag).ok());
    CHECK_BYTES(Bytes(record).subspan(5, 33), ciphertext);
    CHECK_BYTES(Bytes(record).subspan(38), tag);
    const auto opened = receiver.open(ContentType::application_data, MutBytes(record).subspan(5));
    REQUIRE(opened.ok());
    CHECK_BYTES(opened->plaintext, plaintext);
  }
}

namespace {

// TLS 1.3's form of AES-128-GCM. Only the flag makes the difference.
const RecordCipher kInnerTypeRecords = {.name = "AES-128-GCM, type inside",
                                        .functions = &kAeadRecords,
                                        .aead = &crypto::kAes128Gcm,
                                        .key_size = 16,
                                        .fixed_iv_size = 12,
                                        .mac_size = 16,
                                        .inner_content_type = true};

// A record with this TLSInnerPlaintext, made by hand (RFC 8446 §5.2).
Buffer inner_record(const Buffer& key, const Buffer& iv, const Buffer& inner) {
  const auto aead = crypto::Aead::create(crypto::kAes128Gcm, key);
  REQUIRE(aead.ok());
  Buffer record = unhex("17 0303 0000");
  record[3] = static_cast<std::uint8_t>((inner.size() + 16) >> 8);
  record[4] = static_cast<std::uint8_t>(inner.size() + 16);
  const Buffer header = record;
  const Bytes parts[] = {header};
  record.resize(5 + inner.size() + 16);
  REQUIRE(aead->seal(iv, parts, inner, MutBytes(record).subspan(5, inner.size()), MutBytes(record).last(16))
              .ok());
  return record;
}

}  // namespace

TEST_CASE("aead records: the content type goes inside where the row says so, and comes out", "[tls]") {
  for (const ContentType type : {ContentType::handshake, ContentType::alert, ContentType::application_data}) {
    Pair pair(kInnerTypeRecords);
    const Buffer plaintext = noise(50);
    Buffer record = pair.seal(plaintext, type);
    CHECK_BYTES(Bytes(record).first(5), unhex("17 0303 0043"));
    Buffer inner = plaintext;
    inner.push_back(static_cast<std::uint8_t>(type));
    CHECK_BYTES(record, inner_record(pair.key, pair.fixed_iv, inner));
    // In place too.
    Pair second(kInnerTypeRecords);
    Buffer in_place(record.size());
    copy_bytes(MutBytes(in_place).subspan(5), plaintext);
    REQUIRE(
        second.sender.seal(type, Bytes(in_place).subspan(5, 50), second.generator.random(), in_place).ok());
    CHECK_BYTES(in_place, record);
    auto opened = open_record(record, pair.receiver, true);
    REQUIRE(opened.ok());
    const auto* whole = std::get_if<Record>(&*opened);
    REQUIRE(whole != nullptr);
    CHECK(whole->type == type);
    CHECK_BYTES(whole->fragment.plaintext, plaintext);
    CHECK(whole->fragment.padding_size == 0);
  }
}

TEST_CASE("aead records: padding behind the content type is taken off, nothing but padding is refused",
          "[tls]") {
  const auto open = [](const Buffer& inner) {
    Pair pair(kInnerTypeRecords);
    Buffer record = inner_record(pair.key, pair.fixed_iv, inner);
    auto opened = open_record(record, pair.receiver, true);
    if (!opened) {
      return Result<std::pair<ContentType, Buffer>>(opened.error());
    }
    const auto* whole = std::get_if<Record>(&*opened);
    REQUIRE(whole != nullptr);
    CHECK(whole->fragment.plaintext.size() + 1 + whole->fragment.padding_size == inner.size());
    return Result<std::pair<ContentType, Buffer>>(
        {whole->type, Buffer(whole->fragment.plaintext.begin(), whole->fragment.plaintext.end())});
  };
  const auto padded = open(unhex("0102 00 16 000000"));
  REQUIRE(padded.ok());
  CHECK(padded->first == ContentType::handshake);
  CHECK_BYTES(padded->second, unhex("010200"));
  CHECK(open(Buffer(40)).error() == ErrorCode::unexpected_record);
  CHECK(open({}).error() == ErrorCode::unexpected_record);
  CHECK(open(unhex("16 0000")).error() == ErrorCode::empty_record);
  CHECK(open(unhex("01 14")).error() == ErrorCode::unexpected_record);  // T06: never protected
  Buffer full(kMaxPlaintextSize + 1, 0x17);
  CHECK(open(full).ok());
  full.push_back(0);
  CHECK(open(full).error() == ErrorCode::record_overflow);
}

TEST_CASE("aead records: with the type inside, a header of another type is refused", "[tls]") {
  Pair pair(kInnerTypeRecords);
  Buffer record = pair.seal(noise(50), ContentType::handshake);
  record[0] = static_cast<std::uint8_t>(ContentType::handshake);
  CHECK(pair.open(record).error() == ErrorCode::unexpected_record);
  // The length may exceed 2^14 by 256, not by 2048 (RFC 8446 §5.2).
  CHECK(parse_record_header(Bytes(unhex("17 0303 4100")).first<5>(), true, true,
                            max_fragment_size(&kInnerTypeRecords))
            .ok());
  CHECK(parse_record_header(Bytes(unhex("17 0303 4101")).first<5>(), true, true,
                            max_fragment_size(&kInnerTypeRecords))
            .error() == ErrorCode::record_overflow);
}

TEST_CASE("T06 aead records: a ChangeCipherSpec passes in the clear and takes no sequence number", "[tls]") {
  Pair pair(kInnerTypeRecords);
  Buffer change = unhex("14 0303 0001 01");
  const auto passed = open_record(change, pair.receiver, true);
  REQUIRE(passed.ok());
  const auto* whole = std::get_if<Record>(&*passed);
  REQUIRE(whole != nullptr);
  CHECK(whole->type == ContentType::change_cipher_spec);
  CHECK_BYTES(whole->fragment.plaintext, unhex("01"));
  // So does an alert, before anything else has come under the first keys.
  Buffer alert = unhex("15 0303 0002 022f");
  CHECK(open_record(alert, pair.receiver, true).ok());
  Buffer record = pair.seal(noise(5), ContentType::handshake);
  CHECK(pair.open(record).ok());
  Buffer late = unhex("15 0303 0002 022f");
  CHECK(open_record(late, pair.receiver, true).error() == ErrorCode::unexpected_record);
}
