// SPDX-License-Identifier: Apache-2.0
// TLS records: headers, every cipher, forged and damaged records; only what was sealed opens, and only once
//
// The first byte chooses a cipher (or none) and the meaning of the rest: bytes from the wire, or a plaintext
// to seal with bits to flip.
#include "record/record.hpp"
#include "support/check.hpp"

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
                                            &kAes128Ccm8Records};

struct Keys {
  std::uint8_t bytes[48 + 32 + 4];
  Keys() {
    for (std::size_t i = 0; i < sizeof bytes; ++i) {
      bytes[i] = static_cast<std::uint8_t>(7 * i + 1);
    }
  }
  void activate(Protection& protection, const RecordCipher& cipher, bool sealing) const {
    const Bytes all(bytes);
    FUZZ_CHECK(protection.activate(cipher, sealing, all.first(cipher.mac_key_size),
                                   all.subspan(48, cipher.key_size), all.subspan(80, cipher.fixed_iv_size)));
  }
};

// Bytes from the wire. Nothing opens, since nobody else has the keys.
void open_wire(const RecordCipher* cipher, bool version_fixed, Bytes wire) {
  std::array<std::uint8_t, kMaxInput> memory;
  const MutBytes input = MutBytes(memory).first(wire.size());
  copy_bytes(input, wire);
  Protection protection(system_memory());
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
  FUZZ_CHECK(record != nullptr && cipher == nullptr);
  FUZZ_CHECK(record->wire_size <= wire.size() && record->wire_size >= kRecordHeaderSize);
  const MutBytes plaintext = record->fragment.plaintext;
  FUZZ_CHECK(plaintext.data() == input.data() + kRecordHeaderSize &&
             plaintext.size() == record->wire_size - kRecordHeaderSize);
  FUZZ_CHECK(equal_public(input, wire));
}

// Two sealed records each open once, and only in their order.
void check_order(const RecordCipher& cipher, ContentType type, Bytes plaintext) {
  crypto::DeterministicRandom generator(std::uint64_t{2});
  Protection sender(system_memory());
  Keys().activate(sender, cipher, true);
  std::vector<std::uint8_t> records[2];
  for (auto& record : records) {
    record.resize(kMaxInput + kMaxRecordOverhead);
    const auto size = sender.seal(type, plaintext, generator.random(), record);
    FUZZ_CHECK(size);
    record.resize(*size);
  }
  for (const bool swapped : {false, true}) {
    Protection receiver(system_memory());
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
  Protection sender(system_memory()), receiver(system_memory());
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
  if (cipher != nullptr && flips[2] == 0 && !(plaintext.empty() && type != ContentType::application_data)) {
    check_order(*cipher, type, plaintext);
  }
  if (flips[2] != 0) {
    if (cipher == nullptr || (opened && std::get_if<NeedBytes>(&*opened) != nullptr)) {
      return;  // nothing protects it; or the length grew, and it waits for more bytes
    }
    FUZZ_CHECK(!opened);
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
  if (size == 0 || size > kMaxInput) {
    return -1;
  }
  const RecordCipher* cipher = kCiphers[data[0] % 5];
  const Bytes rest = Bytes(data, size).subspan(1);
  if ((data[0] & 0x80) == 0) {
    open_wire(cipher, (data[0] & 0x40) != 0, rest);
  } else if (rest.size() >= 3) {
    const auto type = static_cast<ContentType>(20 + ((data[0] >> 5) & 3));
    seal_and_open(cipher, type, rest.first(3), rest.subspan(3));
  }
  return 0;
}
