// SPDX-License-Identifier: Apache-2.0
// A plain second reading of public and private keys (RFC 5280 §4.1.2.7, RFC 5480, RFC 5958, RFC 5915, RFC
// 8017, RFC 8410, RFC 9881): the curve's equation in slow arithmetic, odd numbers where they must be odd, the
// product of the primes.
#pragma once

#include "crypto/bignum/reference.hpp"
#include "crypto/ec/slow.hpp"
#include "support/check.hpp"
#include "support/plain.hpp"

namespace ashlar::fuzz::plain {

inline constexpr std::uint8_t kRsaOid[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};
inline constexpr std::uint8_t kEcOid[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01};
inline constexpr std::uint8_t kP256Oid[] = {0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07};
inline constexpr std::uint8_t kP384Oid[] = {0x2b, 0x81, 0x04, 0x00, 0x22};
inline constexpr std::uint8_t kP521Oid[] = {0x2b, 0x81, 0x04, 0x00, 0x23};

// Kinds whose public keys are bytes of one size and whose algorithms have no parameters. A private key is as
// long as it says, or has an expanded form besides.
struct PlainBytesKey {
  std::vector<std::uint8_t> oid;
  std::size_t public_size, private_size, expanded_size;
};
inline const PlainBytesKey* bytes_key_of(Bytes oid) {
  static const PlainBytesKey kKinds[] = {
      {{0x2b, 0x65, 0x70}, 32, 32, 0},
      {{0x2b, 0x65, 0x71}, 57, 57, 0},
      {{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x11}, 1312, 32, 2560},
      {{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x12}, 1952, 32, 4032},
      {{0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x03, 0x13}, 2592, 32, 4896},
  };
  for (const PlainBytesKey& row : kKinds) {
    if (equal_public(row.oid, oid)) {
      return &row;
    }
  }
  return nullptr;
}

struct PlainCurve {
  Bytes oid;
  test::slow::Curve curve;
};
inline const PlainCurve* curve_of(Bytes oid) {
  static const PlainCurve kCurves[] = {{kP256Oid, test::slow::Curve::p256()},
                                       {kP384Oid, test::slow::Curve::p384()},
                                       {kP521Oid, test::slow::Curve::p521()}};
  for (const PlainCurve& row : kCurves) {
    if (equal_public(row.oid, oid)) {
      return &row;
    }
  }
  return nullptr;
}

// Whether 04 || x || y is a point of the curve with coordinates below p.
inline bool is_point(const test::slow::Curve& curve, Bytes point) {
  const std::size_t size = curve.coordinate_size;
  if (point.size() != 1 + 2 * size || point[0] != 4) {
    return false;
  }
  const auto x = test::slow::Number::from_bytes(point.subspan(1, size));
  const auto y = test::slow::Number::from_bytes(point.subspan(1 + size));
  return x < curve.p && y < curve.p && curve.contains({x, y});
}

inline std::size_t bits_of(Bytes magnitude) {
  while (!magnitude.empty() && magnitude[0] == 0) {
    magnitude = magnitude.subspan(1);
  }
  std::size_t bits = 8 * magnitude.size();
  for (unsigned top = magnitude.empty() ? 0x80 : magnitude[0]; top < 0x80; top <<= 1) {
    --bits;
  }
  return bits;
}

inline test::Natural natural(Bytes magnitude) {
  std::vector<std::uint64_t> limbs(magnitude.size() / 8 + 1);
  for (std::size_t i = 0; i < magnitude.size(); ++i) {
    limbs[i / 8] |= std::uint64_t{magnitude[magnitude.size() - 1 - i]} << (8 * (i % 8));
  }
  return test::Natural(limbs);
}

// Whether it is the OID of a key for RSASSA-PSS alone, with parameters of RFC 4055 §3.1: one of three hashes,
// MGF1 with the same one, a salt, and the only trailer; or with none.
inline bool is_rsa_pss(const std::vector<Der>& algorithm) {
  static constexpr std::uint8_t kPss[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a};
  static constexpr std::uint8_t kSha2[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02};
  if (algorithm.empty() || !equal_public(algorithm[0].content, kPss)) {
    return false;
  }
  if (algorithm.size() == 1) {
    return true;
  }
  const auto fields = elements_of(algorithm[1].content);
  FUZZ_CHECK(algorithm[1].tag == 0x30 && fields.size() >= 2 && fields[0].tag == 0xa0 &&
             fields[1].tag == 0xa1);
  const auto hash = elements_of(elements_of(fields[0].content)[0].content);
  const auto mask = elements_of(elements_of(fields[1].content)[0].content);
  FUZZ_CHECK(mask.size() == 2);
  const auto mask_hash = elements_of(mask[1].content);
  FUZZ_CHECK(hash[0].content.size() == 9 && equal_public(hash[0].content.first(8), kSha2));
  FUZZ_CHECK(hash[0].content[8] >= 1 && hash[0].content[8] <= 3);
  FUZZ_CHECK(equal_public(hash[0].content, mask_hash[0].content));
  for (std::size_t i = 2; i < fields.size(); ++i) {
    const auto number = elements_of(fields[i].content);
    FUZZ_CHECK(number.size() == 1 && number[0].tag == 0x02);
    FUZZ_CHECK(fields[i].tag == 0xa2 || (fields[i].tag == 0xa3 && number[0].content[0] == 1));
  }
  return true;
}

// Checks what must be true of an accepted SubjectPublicKeyInfo. `point`: how the key is written.
inline void check_spki(Bytes spki, Bytes written_bits) {
  const auto whole = elements_of(spki);
  FUZZ_CHECK(whole.size() == 1 && whole[0].tag == 0x30 && whole[0].whole.size() == spki.size());
  const auto fields = elements_of(whole[0].content);
  FUZZ_CHECK(fields.size() == 2 && fields[0].tag == 0x30 && fields[1].tag == 0x03);
  const auto algorithm = elements_of(fields[0].content);
  FUZZ_CHECK(!algorithm.empty() && algorithm.size() <= 2 && algorithm[0].tag == 0x06);
  FUZZ_CHECK(!fields[1].content.empty() && fields[1].content[0] == 0);
  const Bytes bits = fields[1].content.subspan(1);
  if (is_rsa_pss(algorithm) || equal_public(algorithm[0].content, kRsaOid)) {
    FUZZ_CHECK(is_rsa_pss(algorithm) ||
               (algorithm.size() == 2 && algorithm[1].tag == 0x05 && algorithm[1].content.empty()));
    const auto sequence = elements_of(bits);
    FUZZ_CHECK(sequence.size() == 1 && sequence[0].tag == 0x30 && sequence[0].whole.size() == bits.size());
    const auto numbers = elements_of(sequence[0].content);
    FUZZ_CHECK(numbers.size() == 2);
    for (const Der& number : numbers) {
      FUZZ_CHECK(number.tag == 0x02 && primitive_is_strict(0x02, number.content) && number.content[0] < 0x80);
    }
    const Bytes n = numbers[0].content, e = numbers[1].content;
    FUZZ_CHECK((n.back() & 1) == 1 && bits_of(n) >= 2048 && bits_of(n) <= 8192);
    FUZZ_CHECK((e.back() & 1) == 1 && bits_of(e) >= 2 && bits_of(e) <= 33);
  } else if (equal_public(algorithm[0].content, kEcOid)) {
    FUZZ_CHECK(algorithm.size() == 2 && algorithm[1].tag == 0x06);
    const PlainCurve* const found = curve_of(algorithm[1].content);
    FUZZ_CHECK(found != nullptr && is_point(found->curve, written_bits));
    const std::size_t size = found->curve.coordinate_size;
    if (bits.size() == 1 + size) {
      FUZZ_CHECK(bits[0] == 2 + (written_bits.back() & 1));
      FUZZ_CHECK(equal_public(bits.subspan(1), written_bits.subspan(1, size)));
    } else {
      FUZZ_CHECK(equal_public(bits, written_bits));
    }
  } else {
    const PlainBytesKey* const found = bytes_key_of(algorithm[0].content);
    FUZZ_CHECK(found != nullptr && algorithm.size() == 1);
    FUZZ_CHECK(bits.size() == found->public_size && equal_public(bits, written_bits));
  }
}

// An ECPrivateKey: the public half in it is the one that belongs to the scalar.
inline void check_ec_private_key(Bytes der, Bytes public_bits) {
  const auto whole = elements_of(der);
  FUZZ_CHECK(whole.size() == 1);
  const auto fields = elements_of(whole[0].content);
  FUZZ_CHECK(fields.size() >= 2 && fields.size() <= 4 && fields[0].tag == 0x02 && fields[1].tag == 0x04);
  FUZZ_CHECK(fields[0].content.size() == 1 && fields[0].content[0] == 1);
  FUZZ_CHECK(fields[1].content.size() == public_bits.size() / 2);
  if (fields.back().tag == 0xa1) {
    const auto bits = elements_of(fields.back().content);
    FUZZ_CHECK(bits.size() == 1 && bits[0].tag == 0x03 && bits[0].content.size() == public_bits.size() + 1);
    FUZZ_CHECK(bits[0].content[0] == 0 && equal_public(bits[0].content.subspan(1), public_bits));
  }
}

// An RSAPrivateKey: version 0, nine numbers, n = p q, and n and e are those of the public half.
inline void check_rsa_private_key(Bytes der, Bytes public_bits) {
  const auto whole = elements_of(der);
  FUZZ_CHECK(whole.size() == 1);
  const auto numbers = elements_of(whole[0].content);
  FUZZ_CHECK(numbers.size() == 9);
  for (const Der& number : numbers) {
    FUZZ_CHECK(number.tag == 0x02 && primitive_is_strict(0x02, number.content) && number.content[0] < 0x80);
  }
  FUZZ_CHECK(numbers[0].content.size() == 1 && numbers[0].content[0] == 0);
  const auto public_sequence = elements_of(public_bits);
  const auto public_numbers = elements_of(public_sequence[0].content);
  FUZZ_CHECK(equal_public(public_numbers[0].content, numbers[1].content));
  FUZZ_CHECK(equal_public(public_numbers[1].content, numbers[2].content));
  const auto p = natural(numbers[4].content), q = natural(numbers[5].content);
  FUZZ_CHECK(natural(numbers[1].content) == p * q);
  const auto d = natural(numbers[3].content);
  FUZZ_CHECK(d < natural(numbers[1].content) && natural(numbers[6].content) < p &&
             natural(numbers[7].content) < q && natural(numbers[8].content) < p);
  FUZZ_CHECK(natural(numbers[8].content) * q % p == test::Natural(1));
}

// CurvePrivateKey, or one of the three forms of ML-DSA's.
inline void check_bytes_private_key(const PlainBytesKey& kind, Bytes der) {
  const auto whole = elements_of(der);
  FUZZ_CHECK(whole.size() == 1 && whole[0].whole.size() == der.size());
  const Bytes content = whole[0].content;
  if (kind.expanded_size == 0) {
    FUZZ_CHECK(whole[0].tag == 0x04 && content.size() == kind.private_size);
  } else if (whole[0].tag == 0x30) {
    const auto both = elements_of(content);
    FUZZ_CHECK(both.size() == 2 && both[0].tag == 0x04 && both[1].tag == 0x04);
    FUZZ_CHECK(both[0].content.size() == kind.private_size && both[1].content.size() == kind.expanded_size);
  } else {
    const bool is_seed = whole[0].tag == 0x80;
    FUZZ_CHECK(is_seed || whole[0].tag == 0x04);
    FUZZ_CHECK(content.size() == (is_seed ? kind.private_size : kind.expanded_size));
  }
}

// Checks what must be true of an accepted private key in DER. public_bits: those of its public half.
inline void check_private_key(Bytes der, Bytes public_bits) {
  const auto whole = elements_of(der);
  FUZZ_CHECK(whole.size() == 1 && whole[0].tag == 0x30 && whole[0].whole.size() == der.size());
  const auto fields = elements_of(whole[0].content);
  FUZZ_CHECK(fields.size() >= 3 && fields[0].tag == 0x02);
  if (fields[1].tag == 0x02) {
    return check_rsa_private_key(der, public_bits);
  }
  if (fields[1].tag == 0x04) {
    FUZZ_CHECK(fields[2].tag == 0xa0);
    return check_ec_private_key(der, public_bits);
  }
  FUZZ_CHECK(fields[1].tag == 0x30 && fields[2].tag == 0x04 && fields[0].content.size() == 1);
  const bool has_public = fields.back().tag == 0x81;
  FUZZ_CHECK(fields[0].content[0] == 1 || (fields[0].content[0] == 0 && !has_public));
  if (has_public) {
    const Bytes bits = fields.back().content;
    FUZZ_CHECK(!bits.empty() && bits[0] == 0 && equal_public(bits.subspan(1), public_bits));
  }
  const auto algorithm = elements_of(fields[1].content);
  if (is_rsa_pss(algorithm) || equal_public(algorithm[0].content, kRsaOid)) {
    check_rsa_private_key(fields[2].content, public_bits);
  } else if (equal_public(algorithm[0].content, kEcOid)) {
    check_ec_private_key(fields[2].content, public_bits);
  } else {
    const PlainBytesKey* const found = bytes_key_of(algorithm[0].content);
    FUZZ_CHECK(found != nullptr);
    check_bytes_private_key(*found, fields[2].content);
  }
}

}  // namespace ashlar::fuzz::plain
