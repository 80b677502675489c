// SPDX-License-Identifier: Apache-2.0
// The rows of GCM, each in a file of its own.
#pragma once

#include <ashlar/crypto/gcm.hpp>

namespace ashlar::crypto::gcm {

// Bytes of additional data (SP 800-38D §5.2.1.1).
inline constexpr std::uint64_t kMaxAad = (std::uint64_t{1} << 61) - 1;

// J0 of a nonce of any size (SP 800-38D §7.1 step 2); bad_nonce_size.
Result<void> hash_nonce(const GcmKeyData& key, Bytes nonce, std::uint8_t j0[16]);

enum class Direction { seal, open };

// Which byte of a block has the lowest powers of x, and the lowest bits of a counter: the last in GCM, the
// first in GCM-SIV (RFC 8452 §3).
enum class Order { last_lowest, first_lowest };

#define ASHLAR_GCM_ROW(Name)                                                                      \
  struct Name {                                                                                   \
    static std::size_t data_size(std::size_t key_size);                                           \
    static void init(GcmKeyData& data, Bytes key);                                                \
    static void seal(const GcmKeyData& data, const GcmCall& call, std::uint8_t tag[16]);          \
    static void open(const GcmKeyData& data, const GcmCall& call, std::uint8_t expected_tag[16]); \
    static void ghash(const GcmKeyData& data, std::uint8_t state[16], const std::uint8_t* in,     \
                      std::size_t blocks);                                                        \
  }

ASHLAR_GCM_ROW(Portable);
ASHLAR_GCM_ROW(Ssse3);
ASHLAR_GCM_ROW(AesniSsse3);
ASHLAR_GCM_ROW(Aesni);
ASHLAR_GCM_ROW(Vaes);
ASHLAR_GCM_ROW(Avx512);
ASHLAR_GCM_ROW(Avx512Karatsuba);

template <class Row>
constexpr GcmKernel row(std::string_view name, cpu::Features required, cpu::Cores behind_on = {}) {
  return {name, required, Row::data_size, Row::init, Row::seal, Row::open, Row::ghash, behind_on};
}

}  // namespace ashlar::crypto::gcm
