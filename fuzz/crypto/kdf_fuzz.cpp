// SPDX-License-Identifier: Apache-2.0
// HKDF, HKDF-Expand-Label, the TLS 1.2 PRF and PBKDF2: what comes out is the definition's, on every kernel
//
// The input: the hash, the length of the output, where the secret and the first part of the seed end, then
// both and the rest. The definitions are written out here with HMAC on the portable row only.
#include <ashlar/base/reader.hpp>
#include <ashlar/crypto/hkdf.hpp>
#include <ashlar/crypto/pbkdf2.hpp>
#include <ashlar/crypto/prf.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "support/buffers.hpp"
#include "support/check.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using fuzz::Buffer;
using fuzz::joined;

namespace {

const HashAlgorithm* const kHashes[] = {&kSha1, &kSha256, &kSha384, &kSha512};

struct Case {
  const HashAlgorithm* hash = nullptr;
  std::size_t size = 0;
  Bytes secret;
  Bytes first;
  Bytes rest;
};

Result<Case> parse(Bytes input) {
  Reader reader(input);
  Case out;
  ASHLAR_TRY(const std::uint8_t which, reader.u8());
  out.hash = kHashes[which % std::size(kHashes)];
  ASHLAR_TRY(out.size, reader.u16());
  out.size %= 600;
  ASHLAR_TRY(const std::uint8_t secret, reader.u8());
  ASHLAR_TRY(const std::uint8_t first, reader.u8());
  ASHLAR_TRY(out.secret, reader.take(secret % (reader.remaining() + 1)));
  ASHLAR_TRY(out.first, reader.take(first % (reader.remaining() + 1)));
  out.rest = reader.take_rest();
  return out;
}

Buffer hmac(const HashAlgorithm& hash, Bytes key, Bytes message) {
  Buffer out(hash.digest_size);
  HmacKey(hash, key, &hash.kernels().back()).mac(message, out);
  return out;
}

// T(1) | T(2) | ... with T(i) = HMAC(PRK, T(i-1) | info | i), RFC 5869 §2.3.
Buffer expand(const HashAlgorithm& hash, Bytes prk, Bytes info, std::size_t size) {
  Buffer out;
  Buffer block;
  for (std::uint8_t i = 1; out.size() < size; ++i) {
    block = hmac(hash, prk, joined({block, info, {&i, 1}}));
    out.insert(out.end(), block.begin(), block.end());
  }
  out.resize(size);
  return out;
}

// HMAC(secret, A(1) | seed) | HMAC(secret, A(2) | seed) | ... with A(i) = HMAC(secret, A(i-1)), RFC 5246 §5.
Buffer p_hash(const HashAlgorithm& hash, Bytes secret, Bytes seed, std::size_t size) {
  Buffer out;
  Buffer a(seed.begin(), seed.end());
  while (out.size() < size) {
    a = hmac(hash, secret, a);
    const Buffer block = hmac(hash, secret, joined({a, seed}));
    out.insert(out.end(), block.begin(), block.end());
  }
  out.resize(size);
  return out;
}

// F(P, S, c, 1) | F(P, S, c, 2) | ..., RFC 8018 §5.2.
Buffer pbkdf2_plain(const HashAlgorithm& hash, Bytes passphrase, Bytes salt, unsigned iterations,
                    std::size_t size) {
  Buffer out;
  for (std::uint8_t index = 1; out.size() < size; ++index) {
    const std::uint8_t number[4] = {0, 0, 0, index};
    Buffer u = hmac(hash, passphrase, joined({salt, number}));
    const std::size_t at = out.size();
    out.insert(out.end(), u.begin(), u.end());
    for (unsigned i = 1; i < iterations; ++i) {
      u = hmac(hash, passphrase, u);
      for (std::size_t k = 0; k < u.size(); ++k) {
        out[at + k] ^= u[k];
      }
    }
  }
  out.resize(size);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<Case> parsed = parse({data, size});
  if (!parsed) {
    return -1;
  }
  const Case& test = *parsed;
  const HashAlgorithm& hash = *test.hash;
  const Bytes parts[] = {test.first, test.rest};
  const Buffer whole = joined({test.first, test.rest});
  Buffer out(test.size);

  const Buffer prk = hmac(hash, test.first, test.secret);
  FUZZ_CHECK(hkdf(hash, test.first, test.secret, parts, out).ok());
  FUZZ_CHECK(out == expand(hash, prk, whole, out.size()));

  for (const HashKernel& row : hash.kernels()) {
    if (!cpu::features().contains(row.required)) {
      continue;
    }
    const HmacKey key(hash, test.secret, &row);
    FUZZ_CHECK(hkdf_expand(key, parts, out).ok());
    FUZZ_CHECK(out == expand(hash, test.secret, whole, out.size()));

    // HKDF-Expand-Label has one byte each for the lengths of label and context (RFC 8446 §7.1).
    const bool fits = test.first.size() <= 249 && test.rest.size() <= 255;
    FUZZ_CHECK(hkdf_expand_label(key, text_of(test.first), test.rest, out).ok() == fits);
    if (fits) {
      const std::uint8_t head[3] = {static_cast<std::uint8_t>(out.size() >> 8),
                                    static_cast<std::uint8_t>(out.size()),
                                    static_cast<std::uint8_t>(6 + test.first.size())};
      const std::uint8_t context_size = static_cast<std::uint8_t>(test.rest.size());
      const Buffer info = joined({head, bytes_of("tls13 "), test.first, {&context_size, 1}, test.rest});
      FUZZ_CHECK(out == expand(hash, test.secret, info, out.size()));
    }
  }

  tls12_prf(hash, test.secret, text_of(test.first), {&test.rest, 1}, out);
  FUZZ_CHECK(out == p_hash(hash, test.secret, whole, out.size()));

  const unsigned iterations = 1 + static_cast<unsigned>(test.size % 3);
  FUZZ_CHECK(pbkdf2(hash, test.secret, whole, iterations, out).ok());
  FUZZ_CHECK(out == pbkdf2_plain(hash, test.secret, whole, iterations, out.size()));
  return 0;
}
