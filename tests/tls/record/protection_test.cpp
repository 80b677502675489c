// SPDX-License-Identifier: Apache-2.0
// Properties of every record cipher.
#include <algorithm>
#include <cstdlib>

#include "tls/record/sealing.hpp"

using namespace ashlar;
using namespace ashlar::tls;
using namespace ashlar::test;

TEST_CASE("protection: what is sealed opens, for every cipher and for sizes around every boundary", "[tls]") {
  for (const RecordCipher* cipher : kCiphers) {
    Pair pair(*cipher);
    INFO(cipher->name);
    std::vector<std::size_t> sizes = {kMaxPlaintextSize - 1, kMaxPlaintextSize};
    for (std::size_t size = 0; size < 300; ++size) {
      sizes.push_back(size);
    }
    for (const std::size_t size : sizes) {
      const Buffer plaintext = noise(size, size);
      Buffer record = pair.seal(plaintext);
      CHECK(record.size() <= size + kMaxRecordOverhead);
      CHECK(record.size() - kRecordHeaderSize <= kMaxCiphertextSize);
      auto opened = open_record(record, pair.receiver, true);
      REQUIRE(opened.ok());
      const auto* whole = std::get_if<Record>(&*opened);
      REQUIRE(whole != nullptr);
      REQUIRE_BYTES(whole->fragment.plaintext, plaintext);
      // The sizes of the event stream add up.
      CHECK(whole->wire_size == kRecordHeaderSize + cipher->explicit_nonce_size + size +
                                    whole->fragment.padding_size + whole->fragment.mac_size);
      CHECK(whole->fragment.mac_size == cipher->mac_size);
      CHECK((whole->fragment.padding_size == 0) == (cipher->block_size == 1));
    }
    CHECK(pair.sender.sequence_number() == sizes.size());
    CHECK(pair.receiver.sequence_number() == sizes.size());
  }
}

TEST_CASE("protection: plaintext may lie where its ciphertext goes", "[tls]") {
  for (const RecordCipher* cipher : kCiphers) {
    INFO(cipher->name);
    Pair apart(*cipher), inside(*cipher);
    const Buffer plaintext = noise(500);
    const Buffer expected = apart.seal(plaintext);
    Buffer out(expected.size());
    const MutBytes place = MutBytes(out).subspan(kRecordHeaderSize + cipher->explicit_nonce_size, 500);
    copy_bytes(place, plaintext);
    REQUIRE(inside.sender.seal(ContentType::application_data, place, inside.generator.random(), out).ok());
    CHECK_BYTES(out, expected);
  }
}

TEST_CASE("T02 protection: 2^14 + 1 bytes are neither sealed nor opened", "[tls]") {
  for (const RecordCipher* cipher : kCiphers) {
    INFO(cipher->name);
    Pair pair(*cipher);
    const Buffer plaintext = noise(kMaxPlaintextSize + 1);
    Buffer out(plaintext.size() + kMaxRecordOverhead);
    CHECK(pair.sender.seal(ContentType::application_data, plaintext, pair.generator.random(), out).error() ==
          ErrorCode::record_overflow);
    // A peer that seals too much anyway.
    alignas(64) std::uint8_t state[4096];
    const RecordFunctions& functions = *cipher->functions;
    REQUIRE(functions.state_size(*cipher, true) <= sizeof state);
    REQUIRE(functions.init(*cipher, MutBytes(state), true, pair.mac_key, pair.key, pair.fixed_iv).ok());
    Buffer fragment(cipher->sealed_size(plaintext.size()));
    REQUIRE(functions
                .seal(*cipher, state, {0, ContentType::application_data, plaintext}, pair.generator.random(),
                      fragment)
                .ok());
    functions.destroy(*cipher, state, true);
    CHECK(pair.receiver.open(ContentType::application_data, fragment).error() == ErrorCode::record_overflow);
  }
}

TEST_CASE(
    "T04 protection: an empty handshake record, alert or ChangeCipherSpec is refused, empty data is not",
    "[tls]") {
  for (const RecordCipher* cipher : kCiphers) {
    INFO(cipher->name);
    for (const ContentType type :
         {ContentType::handshake, ContentType::alert, ContentType::change_cipher_spec}) {
      Pair pair(*cipher);
      Buffer record = pair.seal({}, type);
      CHECK(pair.open(record).error() == ErrorCode::empty_record);
    }
    Pair pair(*cipher);
    Buffer record = pair.seal({});
    CHECK(pair.open(record).ok());
  }
}

TEST_CASE("S06 S07 protection: a flipped bit anywhere in a record is bad_record_mac", "[tls]") {
  for (const RecordCipher* cipher : kCiphers) {
    Pair pair(*cipher);
    const Buffer plaintext = noise(37);
    const Buffer record = pair.seal(plaintext);
    for (std::size_t bit = 0; bit < 8 * (record.size() - kRecordHeaderSize); ++bit) {
      Pair fresh(*cipher);
      Buffer damaged = record;
      damaged[kRecordHeaderSize + bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
      INFO(cipher->name << " bit " << bit);
      CHECK(fresh.open(damaged).error() == ErrorCode::bad_record_mac);
      // No plaintext stays behind in the buffer.
      CHECK(hex(damaged).find(hex(plaintext)) == std::string::npos);
      CHECK(hex(damaged).find(hex(Bytes(plaintext).first(16))) == std::string::npos);
    }
  }
}

TEST_CASE("S06 T02 protection: every shorter and longer fragment is bad_record_mac, without underflow",
          "[tls]") {
  for (const RecordCipher* cipher : kCiphers) {
    Pair pair(*cipher);
    const Buffer record = pair.seal(noise(70));
    const Bytes fragment = Bytes(record).subspan(kRecordHeaderSize);
    for (std::size_t size = 0; size <= fragment.size() + 40; ++size) {
      if (size == fragment.size()) {
        continue;
      }
      Pair fresh(*cipher);
      Buffer cut(size);  // memory of exactly this size, for ASan
      copy_bytes(cut, fragment.first(size < fragment.size() ? size : fragment.size()));
      INFO(cipher->name << " " << size << " bytes");
      CHECK(fresh.receiver.open(ContentType::application_data, cut).error() == ErrorCode::bad_record_mac);
    }
  }
}

TEST_CASE("protection: type and sequence number are authenticated, and records cannot be dropped or repeated",
          "[tls]") {
  for (const RecordCipher* cipher : kCiphers) {
    INFO(cipher->name);
    {
      Pair pair(*cipher);
      Buffer record = pair.seal(noise(20));
      record[0] = static_cast<std::uint8_t>(ContentType::handshake);
      CHECK(pair.open(record).error() == ErrorCode::bad_record_mac);
    }
    {
      Pair pair(*cipher);
      const Buffer first = pair.seal(noise(20));
      Buffer second = pair.seal(noise(20));
      CHECK(pair.open(second).error() == ErrorCode::bad_record_mac);
    }
    {
      Pair pair(*cipher);
      Buffer first = pair.seal(noise(20));
      Buffer again = first;
      CHECK(pair.open(first).ok());
      CHECK(pair.open(again).error() == ErrorCode::bad_record_mac);
    }
  }
}

TEST_CASE("S04 protection: after one failure nothing is opened any more", "[tls]") {
  for (const RecordCipher* cipher : kCiphers) {
    Pair pair(*cipher);
    const Buffer good = pair.seal(noise(20));
    Buffer bad = good;
    bad.back() ^= 1;
    CHECK(pair.open(bad).error() == ErrorCode::bad_record_mac);
    CHECK(!pair.receiver.active());
    Buffer retry = good;
    CHECK(pair.receiver.open(ContentType::application_data, MutBytes(retry).subspan(5)).error() ==
          ErrorCode::not_connected);
  }
}

TEST_CASE("T08 protection: the last sequence number is never used", "[tls]") {
  for (const RecordCipher* cipher : kCiphers) {
    INFO(cipher->name);
    Pair pair(*cipher);
    ProtectionAccess::set_sequence_number(pair.sender, kSequenceNumberEnd - 1);
    ProtectionAccess::set_sequence_number(pair.receiver, kSequenceNumberEnd - 1);
    Buffer last = pair.seal(noise(20));
    CHECK(pair.open(last).ok());
    Buffer out(200);
    CHECK(pair.sender.seal(ContentType::alert, noise(2), pair.generator.random(), out).error() ==
          ErrorCode::record_sequence_exhausted);
    CHECK(pair.receiver.open(ContentType::alert, out).error() == ErrorCode::record_sequence_exhausted);
    CHECK(pair.sender.sequence_number() == kSequenceNumberEnd);
  }
}

TEST_CASE("protection: activation starts the sequence numbers again and counts epochs", "[tls]") {
  Protection protection(kSystemMemory);
  crypto::DeterministicRandom generator(std::uint64_t{5});
  Buffer out(300);
  CHECK(protection.epoch() == 0);
  CHECK(!protection.active());
  REQUIRE(protection.seal(ContentType::handshake, noise(9), generator.random(), out).ok());
  CHECK_BYTES(Bytes(out).first(5), unhex("16 0303 0009"));
  CHECK_BYTES(Bytes(out).subspan(5, 9), noise(9));
  CHECK(protection.sequence_number() == 1);
  for (std::uint16_t epoch = 1; epoch < 4; ++epoch) {
    REQUIRE(protection.activate(kAes128GcmRecords, true, {}, noise(16), noise(4)).ok());
    CHECK(protection.epoch() == epoch);
    CHECK(protection.sequence_number() == 0);
    CHECK(protection.cipher() == &kAes128GcmRecords);
    REQUIRE(protection.seal(ContentType::handshake, noise(9), generator.random(), out).ok());
  }
}

TEST_CASE("protection: keys of the wrong size leave a direction that sends nothing, least of all plaintext",
          "[tls]") {
  crypto::DeterministicRandom generator(std::uint64_t{5});
  Buffer out(300);
  Protection protection(kSystemMemory);
  CHECK(protection.activate(kAes128GcmRecords, true, {}, noise(17), noise(4)).error() ==
        ErrorCode::invalid_argument);
  CHECK(protection.seal(ContentType::handshake, noise(9), generator.random(), out).error() ==
        ErrorCode::not_connected);
  Protection cleared(kSystemMemory);
  cleared.clear();
  CHECK(cleared.seal(ContentType::handshake, noise(9), generator.random(), out).error() ==
        ErrorCode::not_connected);
  CHECK(cleared.open(ContentType::handshake, out).error() == ErrorCode::not_connected);
}

TEST_CASE("protection: an output one byte too small is refused", "[tls]") {
  for (const RecordCipher* cipher : kCiphers) {
    Pair pair(*cipher);
    Buffer out(kRecordHeaderSize + cipher->sealed_size(33) - 1);
    CHECK(pair.sender.seal(ContentType::application_data, noise(33), pair.generator.random(), out).error() ==
          ErrorCode::buffer_too_small);
    CHECK(pair.sender.sequence_number() == 0);
  }
}

TEST_CASE("S12 protection: clear leaves no key behind, and gives the key object's memory back", "[tls]") {
  // Memory that checks what it gets back.
  struct Watched {
    std::size_t taken = 0, wiped = 0;
    static void* allocate(void* context, std::size_t size) {
      static_cast<Watched*>(context)->taken += size;
      return std::malloc(size);
    }
    static void free(void* context, void* memory, std::size_t size) {
      const auto* bytes = static_cast<const std::uint8_t*>(memory);
      if (std::all_of(bytes, bytes + size, [](std::uint8_t byte) { return byte == 0; })) {
        static_cast<Watched*>(context)->wiped += size;
      }
      std::free(memory);
    }
  };
  for (const RecordCipher* cipher : kCiphers) {
    INFO(cipher->name);
    for (const bool sealing : {true, false}) {
      Watched watched;
      const Memory memory = {Watched::allocate, Watched::free, &watched};
      Protection protection(memory);
      REQUIRE(protection
                  .activate(*cipher, sealing, noise(cipher->mac_key_size), noise(cipher->key_size),
                            noise(cipher->fixed_iv_size))
                  .ok());
      const std::size_t needed = cipher->functions->state_size(*cipher, sealing);
      CHECK(watched.taken >= needed);
      CHECK(watched.taken < needed + 64);
      protection.clear();
      CHECK(watched.wiped == watched.taken);
    }
  }
}

TEST_CASE("A02 protection: without memory for the keys nothing is sent", "[tls]") {
  const Memory none = {[](void*, std::size_t) -> void* { return nullptr; }, [](void*, void*, std::size_t) {},
                       nullptr};
  Protection protection(none);
  CHECK(protection.activate(kAes128GcmRecords, true, {}, noise(16), noise(4)).error() ==
        ErrorCode::out_of_memory);
  crypto::DeterministicRandom generator(std::uint64_t{5});
  Buffer out(300);
  CHECK(protection.seal(ContentType::handshake, noise(9), generator.random(), out).error() ==
        ErrorCode::not_connected);
}

TEST_CASE("protection: a row's limits on records and bytes end both directions", "[tls]") {
  RecordCipher row = kAes128GcmRecords;
  row.limits = {3, ~std::uint64_t{0}};
  {
    Pair pair(row);
    for (int i = 0; i < 3; ++i) {
      Buffer record = pair.seal(noise(20));
      CHECK(pair.open(record).ok());
    }
    Buffer out(200);
    CHECK(pair.sender.seal(ContentType::alert, noise(2), pair.generator.random(), out).error() ==
          ErrorCode::record_sequence_exhausted);
    CHECK(pair.receiver.open(ContentType::alert, out).error() == ErrorCode::record_sequence_exhausted);
  }
  row.limits = {kSequenceNumberEnd, 40};
  Pair pair(row);
  Buffer first = pair.seal(noise(39)), second = pair.seal(noise(1));
  CHECK(pair.open(first).ok());
  CHECK(pair.open(second).ok());
  Buffer out(200);
  CHECK(pair.sender.seal(ContentType::alert, noise(2), pair.generator.random(), out).error() ==
        ErrorCode::record_sequence_exhausted);
  CHECK(pair.receiver.open(ContentType::alert, out).error() == ErrorCode::record_sequence_exhausted);
}

TEST_CASE("S04 protection: a limit on what is sealed ends sealing alone, and keys say when they are worn",
          "[tls]") {
  RecordCipher row = kAes128GcmTls13Records;
  CHECK(row.limits.renewal == std::uint64_t{1} << 23);
  CHECK(row.limits.renewal < row.limits.sealed);
  row.limits.sealed = 3;
  row.limits.renewal = 2;
  Pair pair(row);
  for (int i = 0; i < 3; ++i) {
    CHECK(pair.sender.worn() == (i >= 2));
    Buffer record = pair.seal(noise(20));
    CHECK(pair.open(record).ok());
  }
  CHECK(pair.receiver.worn());
  Buffer out(200);
  CHECK(pair.sender.seal(ContentType::alert, noise(2), pair.generator.random(), out).error() ==
        ErrorCode::record_sequence_exhausted);
  // What a peer seals beyond it is opened: keeping to the limit is its own affair.
  Pair other(kAes128GcmTls13Records);
  ProtectionAccess::set_sequence_number(other.sender, std::uint64_t{1} << 20);
  ProtectionAccess::set_sequence_number(other.receiver, std::uint64_t{1} << 20);
  Buffer record = other.seal(noise(20));
  CHECK(other.open(record).ok());
}
