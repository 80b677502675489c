// SPDX-License-Identifier: Apache-2.0
// Two directions with the same keys: what one seals, the other opens.
#pragma once

#include <ashlar/crypto/chacha20poly1305.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "record/record.hpp"
#include "support/bytes.hpp"

namespace ashlar::tls {

// A Protection points to its memory's functions.
inline const Memory kSystemMemory = system_memory();

struct ProtectionAccess {
  static void set_sequence_number(Protection& protection, std::uint64_t value) {
    protection.sequence_ = value;
  }
};

}  // namespace ashlar::tls

namespace ashlar::test {

// Rows that no suite of Ashlar has, for ciphers and hashes that the same functions can serve.
inline const tls::RecordCipher kXoredNonceRecords = {.name = "ChaCha20-Poly1305, nonces XORed",
                                                     .functions = &tls::kAeadRecords,
                                                     .aead = &crypto::kChaCha20Poly1305,
                                                     .key_size = 32,
                                                     .fixed_iv_size = 12,
                                                     .mac_size = 16};
inline const tls::RecordCipher* const kCiphers[] = {
    &tls::kAes128GcmRecords,       &tls::kAes256GcmRecords,
    &tls::kAes128CcmRecords,       &tls::kAes256CcmRecords,
    &tls::kAes128Ccm8Records,      &tls::kAes256Ccm8Records,
    &tls::kAes128CbcShaRecords,    &tls::kAes128CbcShaEtmRecords,
    &tls::kAes256CbcShaRecords,    &tls::kAes256CbcShaEtmRecords,
    &tls::kAes128CbcSha256Records, &tls::kAes128CbcSha256EtmRecords,
    &tls::kAes256CbcSha256Records, &tls::kAes256CbcSha256EtmRecords,
    &tls::kAes256CbcSha384Records, &tls::kAes256CbcSha384EtmRecords,
    &kXoredNonceRecords,
};

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
  tls::Protection sender{tls::kSystemMemory}, receiver{tls::kSystemMemory};
};

}  // namespace ashlar::test
