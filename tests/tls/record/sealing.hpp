// SPDX-License-Identifier: Apache-2.0
// Two directions with the same keys: what one seals, the other opens.
#pragma once

#include <array>

#include "catch.hpp"
#include "record/record.hpp"
#include "support/bytes.hpp"

namespace ashlar::tls {

struct ProtectionAccess {
  static void set_sequence_number(Protection& protection, std::uint64_t value) {
    protection.sequence_ = value;
  }
};

}  // namespace ashlar::tls

namespace ashlar::test {

inline const std::array<const tls::RecordCipher*, 4> kCiphers = {
    &tls::kAes128GcmRecords, &tls::kAes256GcmRecords, &tls::kAes128CbcSha256Records,
    &tls::kAes128CbcSha256EtmRecords};

struct Pair {
  explicit Pair(const tls::RecordCipher& cipher, std::uint64_t seed = 1)
      : mac_key(noise(cipher.mac_key_size, seed)),
        key(noise(cipher.key_size, seed + 100)),
        fixed_iv(noise(cipher.fixed_iv_size, seed + 200)),
        generator(seed) {
    REQUIRE(sender.activate(cipher, true, mac_key, key, fixed_iv).ok());
    REQUIRE(receiver.activate(cipher, false, mac_key, key, fixed_iv).ok());
  }
  // A whole record, in memory of exactly its size.
  Buffer seal(const Buffer& plaintext, tls::ContentType type = tls::ContentType::application_data) {
    Buffer record(tls::kRecordHeaderSize + sender.sealed_size(plaintext.size()));
    const auto size = sender.seal(type, plaintext, generator.random(), record);
    REQUIRE(size.ok());
    REQUIRE(*size == record.size());
    return record;
  }
  // Its plaintext, or the error.
  Result<Bytes> open(Buffer& record) {
    auto opened = tls::open_record(record, receiver, true);
    if (!opened) {
      return opened.error();
    }
    const auto* whole = std::get_if<tls::Record>(&*opened);
    REQUIRE(whole != nullptr);
    REQUIRE(whole->wire_size == record.size());
    return Bytes(whole->fragment.plaintext);
  }

  Buffer mac_key, key, fixed_iv;
  crypto::DeterministicRandom generator;
  tls::Protection sender, receiver;
};

}  // namespace ashlar::test
