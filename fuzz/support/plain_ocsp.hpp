// SPDX-License-Identifier: Apache-2.0
// A plain second reading of an OCSP response (RFC 6960 §4.2.1) that was taken for good: element by element,
// by position. It checks what must be true of it.
#pragma once

#include "support/plain_certificate.hpp"

#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/x509/anchor.hpp>

#include <algorithm>
#include <cstring>

namespace ashlar::fuzz::plain {

// Of what the response must speak: names and keys are DER, the hashed parts of keys are contents.
struct OcspTruth {
  Bytes serial, issuer_name, issuer_key;
  std::uint8_t signing_byte;  // the mock signature of the issuer
  std::int64_t now;
};

inline bool same(Bytes a, Bytes b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

// A GeneralizedTime of seconds in UTC; -1 if it is none. Days are counted one by one.
inline std::int64_t seconds_of(const Der& time) {
  if (time.tag != 0x18 || time.content.size() != 15 || time.content[14] != 'Z') {
    return -1;
  }
  const auto digits = [&](std::size_t at, std::size_t count) {
    int value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
      value = value * 10 + (time.content[i] - '0');
    }
    return value;
  };
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const auto leaps = [](int year) { return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0; };
  const int year = digits(0, 4), month = digits(4, 2);
  std::int64_t days = 0;
  for (int y = 1970; y < year; ++y) {
    days += leaps(y) ? 366 : 365;
  }
  for (int y = year; y < 1970; ++y) {
    days -= leaps(y) ? 366 : 365;
  }
  for (int m = 1; m < month; ++m) {
    days += kDays[m - 1] + (m == 2 && leaps(year) ? 1 : 0);
  }
  return (days + digits(6, 2) - 1) * 86400 + digits(8, 2) * 3600 + digits(10, 2) * 60 + digits(12, 2);
}

inline void check_no_critical(const Der& field) {
  for (const Der& list : elements_of(field.content)) {
    for (const Der& extension : elements_of(list.content)) {
      const auto parts = elements_of(extension.content);
      FUZZ_CHECK(parts.size() == 2 && parts[0].tag == 0x06 && parts[1].tag == 0x04);
    }
  }
}

// Whether a SingleResponse is of the certificate; it must be well-formed.
inline bool is_of(const OcspTruth& truth, const std::vector<Der>& id) {
  FUZZ_CHECK(id.size() == 4 && id[0].tag == 0x30 && id[1].tag == 0x04 && id[2].tag == 0x04 &&
             id[3].tag == 0x02);
  static constexpr std::uint8_t kSha1[] = {0x2b, 0x0e, 0x03, 0x02, 0x1a};
  static constexpr std::uint8_t kSha2[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02};
  static constexpr std::uint8_t kNull[] = {0x05, 0x00};
  const auto algorithm = elements_of(id[0].content);
  FUZZ_CHECK(!algorithm.empty() && algorithm.size() <= 2 && algorithm[0].tag == 0x06);
  FUZZ_CHECK(algorithm.size() == 1 || same(algorithm[1].whole, kNull));
  const Bytes oid = algorithm[0].content;
  const crypto::HashAlgorithm* hash = same(oid, kSha1) ? &crypto::kSha1 : nullptr;
  if (oid.size() == 9 && same(oid.first(8), kSha2)) {
    hash = oid[8] == 1   ? &crypto::kSha256
           : oid[8] == 2 ? &crypto::kSha384
           : oid[8] == 3 ? &crypto::kSha512
                         : nullptr;
  }
  if (hash == nullptr) {
    return false;
  }
  const crypto::Digest name = crypto::digest(*hash, truth.issuer_name);
  const crypto::Digest key = crypto::digest(*hash, truth.issuer_key);
  return same(id[1].content, name.bytes()) && same(id[2].content, key.bytes()) &&
         same(id[3].content, truth.serial);
}

// The status, and when it is told.
inline void check_good_now(const OcspTruth& truth, const std::vector<Der>& single) {
  static constexpr std::int64_t kSkew = 300, kDay = 86400;
  FUZZ_CHECK(single.size() >= 3 && single.size() <= 5);
  FUZZ_CHECK(single[1].tag == 0x80 && single[1].content.empty());
  const std::int64_t this_update = seconds_of(single[2]);
  FUZZ_CHECK(this_update <= truth.now + kSkew);
  std::size_t next = 3;
  if (next < single.size() && single[next].tag == 0xa0) {
    const auto time = elements_of(single[next++].content);
    FUZZ_CHECK(time.size() == 1);
    const std::int64_t next_update = seconds_of(time[0]);
    FUZZ_CHECK(next_update >= this_update && next_update >= truth.now - kSkew);
  } else {
    FUZZ_CHECK(this_update >= truth.now - kDay - kSkew);
  }
  if (next < single.size()) {
    FUZZ_CHECK(single[next].tag == 0xa1 && next + 1 == single.size());
    check_no_critical(single[next]);
  }
}

// Whether a certificate of the response may speak for the issuer with this signature, which is its key.
inline bool is_delegate(const OcspTruth& truth, const Der& element, std::uint8_t signature) {
  static constexpr std::uint8_t kUsage[] = {0x55, 0x1d, 0x25};
  static constexpr std::uint8_t kOcspSigning[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x09};
  const auto certificate = read_certificate(element.whole);
  if (!certificate || x509::digest_of_name(certificate->issuer) != x509::digest_of_name(truth.issuer_name) ||
      !same(certificate->signature, Bytes(&truth.signing_byte, 1)) || certificate->spki.back() != signature) {
    return false;
  }
  bool named = false;
  for (const CertificateExtension& extension : certificate->extensions) {
    if (same(extension.oid, kUsage)) {
      for (const Der& list : elements_of(extension.value)) {
        for (const Der& purpose : elements_of(list.content)) {
          named = named || same(purpose.content, kOcspSigning);
        }
      }
    }
  }
  return named;
}

inline void check_ocsp(Bytes input, const OcspTruth& truth) {
  Cursor in{input};
  Der outer;
  FUZZ_CHECK(read_der(in, outer) && in.ended() && outer.tag == 0x30);
  const auto response = elements_of(outer.content);
  FUZZ_CHECK(response.size() == 2 && response[0].tag == 0x0a && response[1].tag == 0xa0);
  FUZZ_CHECK(response[0].content.size() == 1 && response[0].content[0] == 0);
  const auto wrapped = elements_of(response[1].content);
  FUZZ_CHECK(wrapped.size() == 1);
  const auto typed = elements_of(wrapped[0].content);
  static constexpr std::uint8_t kBasic[] = {0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01, 0x01};
  FUZZ_CHECK(typed.size() == 2 && same(typed[0].content, kBasic) && typed[1].tag == 0x04);
  const auto basics = elements_of(typed[1].content);
  FUZZ_CHECK(basics.size() == 1 && same(basics[0].whole, typed[1].content));
  const auto basic = elements_of(basics[0].content);
  FUZZ_CHECK((basic.size() == 3 || (basic.size() == 4 && basic[3].tag == 0xa0)) && basic[2].tag == 0x03);
  const auto data = elements_of(basic[0].content);
  FUZZ_CHECK((data.size() == 3 || (data.size() == 4 && data[3].tag == 0xa1)) && data[2].tag == 0x30);
  FUZZ_CHECK(seconds_of(data[1]) <= truth.now + 300);
  if (data.size() == 4) {
    check_no_critical(data[3]);
  }

  bool found = false;
  for (const Der& element : elements_of(data[2].content)) {
    const auto single = elements_of(element.content);
    FUZZ_CHECK(single.size() >= 3);
    if (!found && is_of(truth, elements_of(single[0].content))) {
      check_good_now(truth, single);
      found = true;
    }
  }
  FUZZ_CHECK(found);

  FUZZ_CHECK(basic[2].content.size() == 2 && basic[2].content[0] == 0);
  const std::uint8_t signature = basic[2].content[1];
  bool allowed = signature == truth.signing_byte;
  if (basic.size() == 4) {
    for (const Der& list : elements_of(basic[3].content)) {
      for (const Der& element : elements_of(list.content)) {
        allowed = allowed || is_delegate(truth, element, signature);
      }
    }
  }
  FUZZ_CHECK(allowed);
}

}  // namespace ashlar::fuzz::plain
