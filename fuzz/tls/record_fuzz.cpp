// SPDX-License-Identifier: Apache-2.0
// TLS records: headers, every cipher, forged and damaged records; only what was sealed opens, and only once
//
// The first byte chooses a cipher (or none). The second says what the rest is: bytes from the wire, a
// plaintext to seal with bits to flip, or what a peer with the keys protects by a plain second writing.
#include <ashlar/crypto/aead.hpp>
#include <ashlar/crypto/aes.hpp>
#include <ashlar/crypto/hmac.hpp>

#include "record/record.hpp"
#include "support/check.hpp"
#include "tls/record/sealing.hpp"

#include <array>
#include <vector>

using namespace ashlar;
using namespace ashlar::tls;

namespace {

constexpr std::size_t kMaxInput = 2048;
constexpr const RecordCipher* kCiphers[] = {nullptr,
                                            &kAes128GcmRecords,
                                            &kAes256GcmRecords,
                                            &kAes128CbcSha256Records,
                                            &kAes128CbcSha256EtmRecords,
                                            &kAes256CbcShaRecords,
                                            &kAes256CbcSha384Records,
                                            &kAes128Ccm8Records,
                                            &kChaCha20Poly1305Records,
                                            &kAes128GcmTls13Records,
                                            &kChaCha20Poly1305Tls13Records,
                                            &kAes128Ccm8Tls13Records,
                                            &kAes128CbcShaEtmRecords};

struct Keys {
  std::uint8_t bytes[48 + 32 + 12];
  Keys() {
    for (std::size_t i = 0; i < sizeof bytes; ++i) {
      bytes[i] = static_cast<std::uint8_t>(7 * i + 1);
    }
  }
  Bytes mac_key(const RecordCipher& cipher) const { return Bytes(bytes).first(cipher.mac_key_size); }
  Bytes key(const RecordCipher& cipher) const { return Bytes(bytes).subspan(48, cipher.key_size); }
  Bytes iv(const RecordCipher& cipher) const { return Bytes(bytes).subspan(80, cipher.fixed_iv_size); }
  void activate(Protection& protection, const RecordCipher& cipher, bool sealing) const {
    FUZZ_CHECK(protection.activate(cipher, sealing, mac_key(cipher), key(cipher), iv(cipher)));
  }
};

// Bytes from the wire. Nothing opens, since nobody else has the keys.
void open_wire(const RecordCipher* cipher, bool version_fixed, Bytes wire) {
  std::array<std::uint8_t, kMaxInput> memory;
  const MutBytes input = MutBytes(memory).first(wire.size());
  copy_bytes(input, wire);
  Protection protection(kSystemMemory);
  if (cipher != nullptr) {
    Keys().activate(protection, *cipher, false);
  }
  // With less than a header the answer is always that bytes are missing, never an error.
  for (std::size_t size = 0; size < wire.size() && size < kRecordHeaderSize; ++size) {
    const auto early = open_record(input.first(size), protection, version_fixed);
    FUZZ_CHECK(early && std::get_if<NeedBytes>(&*early) != nullptr &&
               std::get_if<NeedBytes>(&*early)->total == kRecordHeaderSize);
  }
  const auto opened = open_record(input, protection, version_fixed);
  if (!opened) {
    fuzz::refused(opened.error());
    return;
  }
  fuzz::accepted("a record");
  if (const auto* need = std::get_if<NeedBytes>(&*opened)) {
    fuzz::accepted("needs bytes", need->total);
    FUZZ_CHECK(need->total > wire.size() && need->total <= kRecordHeaderSize + kMaxCiphertextSize);
    FUZZ_CHECK(equal_public(input, wire));
    return;
  }
  const auto* record = std::get_if<Record>(&*opened);
  // In the clear under keys too: what TLS 1.3 never protects, and the alert of a peer that has no keys.
  const bool in_the_clear = cipher != nullptr && cipher->inner_content_type && wire.size() >= 5 &&
                            (wire[0] == 20 || (wire[0] == 21 && wire[3] == 0 && wire[4] == 2));
  FUZZ_CHECK(record != nullptr && (cipher == nullptr || in_the_clear));
  FUZZ_CHECK(record->wire_size <= wire.size() && record->wire_size >= kRecordHeaderSize);
  const MutBytes plaintext = record->fragment.plaintext;
  FUZZ_CHECK(plaintext.data() == input.data() + kRecordHeaderSize &&
             plaintext.size() == record->wire_size - kRecordHeaderSize);
  FUZZ_CHECK(equal_public(input, wire));
}

// A plain second writing of a protected record: its header and fragment.
using Buffer = std::vector<std::uint8_t>;
Buffer numbers_before(std::uint64_t sequence, std::uint8_t type, std::size_t length, bool with_sequence) {
  Buffer out;
  for (int shift = 56; with_sequence && shift >= 0; shift -= 8) {
    out.push_back(static_cast<std::uint8_t>(sequence >> shift));
  }
  out.insert(out.end(),
             {type, 3, 3, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
  return out;
}
void append(Buffer& out, Bytes bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

// RFC 5288 §3, RFC 6655 §3, RFC 7905 §2, RFC 9846 §5.2: `text` is all that is encrypted.
Buffer plain_aead(const RecordCipher& cipher, std::uint64_t sequence, std::uint8_t type, Bytes text) {
  const Keys keys;
  Buffer nonce(keys.iv(cipher).begin(), keys.iv(cipher).end()), fragment;
  const Buffer number = numbers_before(sequence, 0, 0, true);
  if (nonce.size() == 4) {
    append(fragment, Bytes(number).first(8));
    append(nonce, Bytes(number).first(8));
  } else {
    for (std::size_t i = 0; i < 8; ++i) {
      nonce[4 + i] = static_cast<std::uint8_t>(nonce[4 + i] ^ number[i]);
    }
  }
  const std::size_t whole = fragment.size() + text.size() + cipher.mac_size;
  const bool newer = cipher.inner_content_type;
  const Buffer header = numbers_before(sequence, type, newer ? whole : text.size(), !newer);
  const auto aead = crypto::Aead::create(*cipher.aead, keys.key(cipher));
  FUZZ_CHECK(aead);
  Buffer sealed(text.size()), tag(cipher.mac_size);
  const Bytes aad[] = {header};
  FUZZ_CHECK(aead->seal(nonce, aad, text, sealed, tag));
  append(fragment, sealed);
  append(fragment, tag);
  Buffer record = numbers_before(0, type, fragment.size(), false);
  append(record, fragment);
  return record;
}

// RFC 5246 §6.2.3.2, RFC 7366 §3, with more padding than is needed.
// `spoil`: its last byte says another length, and is made false if nothing could be spoilt.
Buffer plain_cbc(const RecordCipher& cipher, std::uint64_t sequence, std::uint8_t type, Bytes text,
                 std::size_t more, bool& spoil) {
  const Keys keys;
  const crypto::HmacKey mac_key(*cipher.mac_hash, keys.mac_key(cipher));
  const bool encrypt_first = cipher.functions == &kEncryptThenMacRecords;
  std::uint8_t mac[48];
  Buffer body(text.begin(), text.end());
  if (!encrypt_first) {
    const Buffer header = numbers_before(sequence, type, text.size(), true);
    const Bytes parts[] = {header, text};
    append(body, mac_key.mac(parts, mac));
  }
  std::size_t padding = 15 - body.size() % 16;
  padding += padding + 16 * more < 256 ? 16 * more : 0;
  body.resize(body.size() + padding + 1, static_cast<std::uint8_t>(padding));
  const auto other = static_cast<std::uint8_t>(padding ^ 0x80);
  spoil = spoil && other != 0 && body.size() > 1 && body[body.size() - 2] != other;
  if (spoil) {
    body.back() = other;
  }
  Buffer fragment(16, 0x5a);
  std::uint8_t chain[16];
  copy_bytes(chain, fragment);
  const auto aes = crypto::AesCbcEncryptor::create(keys.key(cipher));
  FUZZ_CHECK(aes && aes->encrypt(chain, body, body));
  append(fragment, body);
  if (encrypt_first) {
    const Buffer header = numbers_before(sequence, type, fragment.size(), true);
    const Bytes parts[] = {header, fragment};
    append(fragment, mac_key.mac(parts, mac));
  }
  Buffer record = numbers_before(0, type, fragment.size(), false);
  append(record, fragment);
  return record;
}

// A peer with the keys, at any place of the stream. What it protects opens and is as it was.
void open_plain_writing(const RecordCipher& cipher, std::uint8_t type, Bytes input) {
  if (input.size() < 9) {
    return;
  }
  std::uint64_t sequence = 0;
  for (const std::uint8_t byte : input.first(8)) {
    sequence = sequence << 8 | byte;
  }
  const std::size_t more = input[8] % 16;
  const Bytes text = input.subspan(9);
  const bool newer = cipher.inner_content_type;
  type = newer ? 23 : type;
  bool spoilt = cipher.aead == nullptr && (input[8] & 0x80) != 0;
  auto record = cipher.aead != nullptr ? plain_aead(cipher, sequence, type, text)
                                       : plain_cbc(cipher, sequence, type, text, more, spoilt);
  Protection receiver(kSystemMemory);
  Keys().activate(receiver, cipher, false);
  ProtectionAccess::set_sequence_number(receiver, sequence);
  ErrorCode expected{};
  Bytes content = text;
  if (newer) {
    while (!content.empty() && content.back() == 0) {
      content = content.first(content.size() - 1);
    }
    if (content.empty() || content.back() == 20) {
      expected = ErrorCode::unexpected_record;
    } else {
      type = content.back();
      content = content.first(content.size() - 1);
    }
  }
  if (expected == ErrorCode{} && content.empty() && type != 23) {
    expected = ErrorCode::empty_record;
  }
  if (spoilt) {
    expected = ErrorCode::bad_record_mac;
  }
  if (sequence == ~std::uint64_t{0}) {
    expected = ErrorCode::record_sequence_exhausted;
  }
  const auto opened = open_record(record, receiver, true);
  if (!opened) {
    FUZZ_CHECK(opened.error() == expected);
    FUZZ_CHECK(!receiver.active() || expected == ErrorCode::record_sequence_exhausted);
    fuzz::refused(opened.error(), "of a peer, and refused");
    return;
  }
  const auto* whole = std::get_if<Record>(&*opened);
  FUZZ_CHECK(expected == ErrorCode{} && whole != nullptr && whole->wire_size == record.size());
  FUZZ_CHECK(static_cast<std::uint8_t>(whole->type) == type && whole->sequence_number == sequence);
  FUZZ_CHECK(equal_public(whole->fragment.plaintext, content));
  FUZZ_CHECK(receiver.sequence_number() == sequence + 1);
  fuzz::accepted("of a peer, with bytes", content.size());
}

// What is sealed is what the plain writing gives, and past the limit nothing is sealed.
void seal_as_plain(const RecordCipher& cipher, std::uint8_t type, std::uint64_t sequence, Bytes text) {
  Protection sender(kSystemMemory);
  Keys().activate(sender, cipher, true);
  ProtectionAccess::set_sequence_number(sender, sequence);
  std::vector<std::uint8_t> record(kMaxInput + kMaxRecordOverhead);
  crypto::DeterministicRandom generator(std::uint64_t{1});
  const auto size = sender.seal(ContentType{type}, text, generator.random(), record);
  const bool used_up = sequence == ~std::uint64_t{0} || sequence >= cipher.limits.sealed;
  FUZZ_CHECK(size.ok() != used_up);
  if (used_up) {
    FUZZ_CHECK(size.error() == ErrorCode::record_sequence_exhausted);
    return;
  }
  if (cipher.aead == nullptr) {
    return;  // its IV is random
  }
  Buffer inner(text.begin(), text.end());
  if (cipher.inner_content_type) {
    inner.push_back(type);
  }
  record.resize(*size);
  FUZZ_CHECK(record == plain_aead(cipher, sequence, cipher.inner_content_type ? 23 : type, inner));
}

// Two sealed records each open once, and only in their order.
void check_order(const RecordCipher& cipher, ContentType type, Bytes plaintext) {
  crypto::DeterministicRandom generator(std::uint64_t{2});
  Protection sender(kSystemMemory);
  Keys().activate(sender, cipher, true);
  std::vector<std::uint8_t> records[2];
  for (auto& record : records) {
    record.resize(kMaxInput + kMaxRecordOverhead);
    const auto size = sender.seal(type, plaintext, generator.random(), record);
    FUZZ_CHECK(size);
    record.resize(*size);
  }
  for (const bool swapped : {false, true}) {
    Protection receiver(kSystemMemory);
    Keys().activate(receiver, cipher, false);
    // A copy, since records are opened in place.
    auto first = records[swapped ? 1 : 0], second = records[0];
    const auto opened = open_record(first, receiver, true);
    FUZZ_CHECK(opened.ok() == !swapped);
    FUZZ_CHECK(!swapped || opened.error() == ErrorCode::bad_record_mac);
    if (!swapped) {
      const auto again = open_record(second, receiver, true);
      FUZZ_CHECK(!again && again.error() == ErrorCode::bad_record_mac);
    }
  }
}

// Seals `plaintext` and damages the record. `flips` gives the position and the bits.
void seal_and_open(const RecordCipher* cipher, ContentType type, Bytes flips, Bytes plaintext) {
  Protection sender(kSystemMemory), receiver(kSystemMemory);
  if (cipher != nullptr) {
    Keys().activate(sender, *cipher, true);
    Keys().activate(receiver, *cipher, false);
  }
  crypto::DeterministicRandom generator(std::uint64_t{1});
  std::array<std::uint8_t, kMaxInput + kMaxRecordOverhead> memory;
  const auto size = sender.seal(type, plaintext, generator.random(), memory);
  FUZZ_CHECK(size && *size == kRecordHeaderSize + sender.sealed_size(plaintext.size()));
  const MutBytes record = MutBytes(memory).first(*size);
  const std::size_t position = (static_cast<std::size_t>(flips[0]) << 8 | flips[1]) % record.size();
  record[position] = static_cast<std::uint8_t>(record[position] ^ flips[2]);
  const auto opened = open_record(record, receiver, true);
  fuzz::accepted("opens");
  if (!opened) {
    fuzz::refused(opened.error(), "sealed, and refused");
  }
  const bool never =
      (plaintext.empty() && type != ContentType::application_data) ||
      (type == ContentType::change_cipher_spec && cipher != nullptr && cipher->inner_content_type);
  if (cipher != nullptr && flips[2] == 0 && !never) {
    check_order(*cipher, type, plaintext);
  }
  if (flips[2] != 0) {
    if (cipher == nullptr || (opened && std::get_if<NeedBytes>(&*opened) != nullptr)) {
      return;  // nothing protects it; or the length grew, and it waits for more bytes
    }
    // A ChangeCipherSpec means nothing to TLS 1.3 and passes.
    FUZZ_CHECK(!opened || (cipher->inner_content_type && record[0] == 20));
    return;
  }
  if (cipher != nullptr && cipher->inner_content_type && type == ContentType::change_cipher_spec) {
    FUZZ_CHECK(!opened && opened.error() == ErrorCode::unexpected_record);
    return;
  }
  if (plaintext.empty() && type != ContentType::application_data) {
    FUZZ_CHECK(!opened && opened.error() == ErrorCode::empty_record);
    return;
  }
  FUZZ_CHECK(opened);
  const auto* whole = std::get_if<Record>(&*opened);
  FUZZ_CHECK(whole != nullptr && whole->type == type && whole->wire_size == *size);
  FUZZ_CHECK(equal_public(whole->fragment.plaintext, plaintext));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > kMaxInput) {
    return -1;
  }
  const RecordCipher* cipher = kCiphers[data[0] % std::size(kCiphers)];
  const std::uint8_t type = 20 + (data[1] & 3);
  const Bytes rest = Bytes(data, size).subspan(2);
  const unsigned kind = data[1] >> 2 & 3;
  if (kind < 2) {
    open_wire(cipher, kind == 1, rest);
  } else if (kind == 2 && rest.size() >= 3) {
    seal_and_open(cipher, ContentType{type}, rest.first(3), rest.subspan(3));
  } else if (kind == 3 && cipher != nullptr) {
    open_plain_writing(*cipher, type, rest);
    if (rest.size() >= 9) {
      std::uint64_t sequence = 0;
      for (const std::uint8_t byte : rest.first(8)) {
        sequence = sequence << 8 | byte;
      }
      seal_as_plain(*cipher, type, sequence, rest.subspan(9));
    }
  }
  return 0;
}
