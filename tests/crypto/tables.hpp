// SPDX-License-Identifier: Apache-2.0
// Every table of implementations, for rules that hold for all. If a header under crypto/ declares a table or
// a hash that this file does not name, tests/ct fails.
#pragma once

#include <ashlar/crypto/aes_cbc_many.hpp>
#include <ashlar/crypto/bignum.hpp>
#include <ashlar/crypto/cbc_hmac.hpp>
#include <ashlar/crypto/ccm.hpp>
#include <ashlar/crypto/chacha20poly1305.hpp>
#include <ashlar/crypto/cmac.hpp>
#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/crypto/ed25519_many.hpp>
#include <ashlar/crypto/gcm.hpp>
#include <ashlar/crypto/gcm_siv.hpp>
#include <ashlar/crypto/hash_many.hpp>
#include <ashlar/crypto/mldsa.hpp>
#include <ashlar/crypto/mlkem.hpp>
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/p256_many.hpp>
#include <ashlar/crypto/p384.hpp>
#include <ashlar/crypto/p521.hpp>
#include <ashlar/crypto/scrypt.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>
#include <ashlar/crypto/x25519.hpp>
#include <ashlar/crypto/x25519_many.hpp>
#include <ashlar/crypto/xts.hpp>

#include "cpu/mask.hpp"

#include <algorithm>
#include <string>
#include <type_traits>
#include <vector>

namespace ashlar::test {

inline constexpr const crypto::HashAlgorithm* kEveryHash[] = {
    &crypto::kSha1,     &crypto::kSha256,     &crypto::kSha224,     &crypto::kSha512,
    &crypto::kSha384,   &crypto::kSha512_224, &crypto::kSha512_256, &crypto::kSha3_256,
    &crypto::kSha3_224, &crypto::kSha3_384,   &crypto::kSha3_512,
};

// In the same order.
inline constexpr const crypto::HashMany* kEveryHashMany[] = {
    &crypto::kSha1Many,     &crypto::kSha256Many,     &crypto::kSha224Many,     &crypto::kSha512Many,
    &crypto::kSha384Many,   &crypto::kSha512_224Many, &crypto::kSha512_256Many, &crypto::kSha3_256Many,
    &crypto::kSha3_224Many, &crypto::kSha3_384Many,   &crypto::kSha3_512Many,
};

// visit(entry) for one entry of each table of kernels: SHA-384 has SHA-512's rows.
template <class Entry, std::size_t Count, class TableOf, class Visit>
void each_with_another_table(const Entry* const (&entries)[Count], TableOf table_of, Visit visit) {
  std::vector<const void*> seen;
  for (const Entry* const entry : entries) {
    const void* const table = table_of(*entry).data();
    if (std::find(seen.begin(), seen.end(), table) == seen.end()) {
      seen.push_back(table);
      visit(*entry);
    }
  }
}
template <class Visit>
void every_hash_table(Visit visit) {
  each_with_another_table(
      kEveryHash, [](const crypto::HashAlgorithm& hash) { return hash.kernels(); }, visit);
}
template <class Visit>
void every_hash_many_table(Visit visit) {
  each_with_another_table(
      kEveryHashMany, [](const crypto::HashMany& many) { return many.kernels; }, visit);
}

// visit(primitive, table) for every table. aes::ctr_rows(), ec::verifiers() and ed25519::verifiers()
// hold parts of the rows of aes_kernels(), the curves' kernels and ed25519_kernels(), in the same order.
// Other tests check that.
template <class Visit>
void every_table(Visit visit) {
  visit("AES", crypto::aes_kernels());
  visit("AES-CBC of several streams", crypto::aes_cbc_many_kernels());
  visit("AES-GCM", crypto::gcm_kernels());
  visit("AES-GCM-SIV", crypto::gcm_siv_kernels());
  visit("AES-CCM", crypto::ccm_kernels());
  visit("AES-XTS", crypto::xts_kernels());
  visit("AES-CMAC", crypto::cmac_kernels());
  visit("ChaCha20-Poly1305", crypto::chacha_kernels());
  visit("Keccak", crypto::keccak_kernels());
  visit("scrypt", crypto::scrypt_kernels());
  visit("bignum", crypto::bignum_kernels());
  visit("bignum side by side", crypto::bignum_many_kernels());
  visit("P-256", crypto::p256_kernels());
  visit("P-256 side by side", crypto::p256_many_kernels());
  visit("P-384", crypto::p384_kernels());
  visit("P-521", crypto::p521_kernels());
  visit("X25519", crypto::x25519_kernels());
  visit("X25519 side by side", crypto::x25519_many_kernels());
  visit("ML-KEM", crypto::mlkem_kernels());
  visit("ML-DSA", crypto::mldsa_kernels());
  visit("Ed25519", crypto::ed25519_kernels());
  visit("Ed25519 side by side", crypto::ed25519_many_kernels());
  for (const crypto::HashAlgorithm* const hash : {&crypto::kSha1, &crypto::kSha256}) {
    visit("AES-CBC with HMAC-" + std::string(hash->name), crypto::cbc_hmac_kernels(*hash));
  }
  every_hash_table([&](const crypto::HashAlgorithm& hash) { visit(std::string(hash.name), hash.kernels()); });
  every_hash_many_table([&](const crypto::HashMany& many) {
    visit(std::string(many.hash->name) + " side by side", many.kernels);
  });
}

// Whether valgrind knows the instructions of a row. It does not report ADX, but runs it.
template <class Row>
bool valgrind_runs(const Row& row) {
  using cpu::Feature;
  return cpu::Features(Feature::ssse3, Feature::sse41, Feature::aes_ni, Feature::pclmul, Feature::avx,
                       Feature::avx2, Feature::bmi1, Feature::bmi2, Feature::adx)
      .contains(row.required);
}

// Whether a row has no code of its own. For messages side by side it is the best row of one message; for
// AES-CBC with HMAC, the rows of both.
template <class Row>
bool stands_for_another([[maybe_unused]] const Row& row) {
  if constexpr (std::is_same_v<Row, crypto::HashManyKernel>) {
    return row.compress == nullptr;
  } else if constexpr (std::is_same_v<Row, crypto::CbcHmacKernel>) {
    return row.pass == nullptr;
  } else if constexpr (std::is_same_v<Row, crypto::X25519ManyKernel>) {
    return row.multiply == nullptr;
  } else if constexpr (std::is_same_v<Row, crypto::Ed25519ManyKernel>) {
    return row.base_multiple == nullptr;
  } else if constexpr (std::is_same_v<Row, crypto::P256ManyKernel>) {
    return row.fixed_base == nullptr;
  } else if constexpr (std::is_same_v<Row, crypto::BignumManyKernel>) {
    return row.power == nullptr;
  } else {
    return false;
  }
}

// A row with code of its own.
struct NamedRow {
  const void* row;
  std::string name;  // primitive/row
  bool runs_here;
};

inline std::vector<NamedRow> every_row() {
  std::vector<NamedRow> rows;
  every_table([&](const std::string& primitive, auto table) {
    for (const auto& row : table) {
      if (!stands_for_another(row)) {
        rows.push_back(
            {&row, primitive + "/" + std::string(row.name), cpu::unmasked_features().contains(row.required)});
      }
    }
  });
  return rows;
}

// The name of a row in one of the tables.
inline std::string name_of_row(const void* row) {
  for (const NamedRow& one : every_row()) {
    if (one.row == row) {
      return one.name;
    }
  }
  return "a row of no table";
}

}  // namespace ashlar::test
