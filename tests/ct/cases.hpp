// SPDX-License-Identifier: Apache-2.0
// Constant-time cases: small programs that valgrind watches while their secrets count as undefined memory. A
// branch, an address or a division that depends on them is an error there.
//
//   CT_CASE("hmac: SHA-256") {
//     auto key = secret(32, 1);                 // noise that the checker regards as secret
//     crypto::HmacKey hmac(crypto::kSha256, key);
//     ...
//     open(mac);                                // this becomes public here, before it is used
//   }
//
// One source file per area; a line in meson.build. Every case runs twice: with portable kernels only and with
// those that valgrind can run (it knows no SHA-NI, VAES or AVX-512). A CT_ROWS case is called with every row
// of a table that valgrind can run, and prints which. A CT_LEAK case leaks: the checker must catch it, or it
// checks nothing.
#pragma once

#include <ashlar/base/ct.hpp>

#include "crypto/tables.hpp"
#include "support/bytes.hpp"

#include <cstdio>
#include <string>
#include <vector>

namespace ashlar::ct_cases {

enum class Kind { ordinary, rows, leak };

struct Case {
  std::string name;
  Kind kind;
  void (*run)();
};

inline std::vector<Case>& cases() {
  static std::vector<Case> all;
  return all;
}

inline test::Buffer secret(std::size_t size, std::uint64_t seed) {
  auto bytes = test::noise(size, seed);
  ct::classify(bytes);
  return bytes;
}
inline test::Buffer secret(test::Buffer bytes) {
  ct::classify(bytes);
  return bytes;
}

inline void open(Bytes bytes) {
  ct::declassify(bytes);
}
template <class T>
void open_value(const T& value) {
  ct::declassify(&value, sizeof value);
}

// Ends the program if a result is wrong: a case that checks the wrong thing checks nothing.
inline void expect(bool holds) {
  if (!holds) {
    __builtin_trap();
  }
}

template <class Row>
void on_rows(std::span<const Row> table, void (*run)(const Row&)) {
  for (const Row& row : table) {
    if (!test::stands_for_another(row) && cpu::features().contains(row.required)) {
      run(row);
      std::printf("row: %s\n", test::name_of_row(&row).c_str());
    }
  }
}

struct Register {
  Register(const char* name, Kind kind, void (*run)()) { cases().push_back({name, kind, run}); }
};

}  // namespace ashlar::ct_cases

#define CT_JOIN_(a, b) a##b
#define CT_JOIN(a, b) CT_JOIN_(a, b)
#define CT_REGISTER(name, kind, function)                                                                 \
  static void function();                                                                                 \
  static const ::ashlar::ct_cases::Register CT_JOIN(function, _row)(name, ::ashlar::ct_cases::Kind::kind, \
                                                                    function);                            \
  static void function()
#define CT_CASE(name) CT_REGISTER(name, ordinary, CT_JOIN(ct_case_, __LINE__))
#define CT_LEAK(name) CT_REGISTER(name, leak, CT_JOIN(ct_leak_, __LINE__))
// CT_ROWS("x25519: agreement", X25519Kernel, x25519_kernels(), kernel) { ... }
#define CT_ROWS(name, Row, table, row) CT_ROWS_(name, Row, table, row, CT_JOIN(ct_rows_, __LINE__))
#define CT_ROWS_(name, Row, table, row, function)                                                     \
  static void function(const ::ashlar::crypto::Row& row);                                             \
  static const ::ashlar::ct_cases::Register CT_JOIN(function, _row)(                                  \
      name, ::ashlar::ct_cases::Kind::rows,                                                           \
      [] { ::ashlar::ct_cases::on_rows<::ashlar::crypto::Row>(::ashlar::crypto::table, function); }); \
  static void function(const ::ashlar::crypto::Row& row)
