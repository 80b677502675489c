// SPDX-License-Identifier: Apache-2.0
// Constant-time cases: small programs that valgrind watches while their secrets count as undefined memory. A
// branch, an address or a division that depends on them is an error there.
//
//   CT_CASE("hmac: SHA-256") {
//     auto key = secret(32, 1);                 // noise that the checker regards as secret
//     crypto::HmacKey hmac(crypto::kSha256, key);
//     ...
//     open(mac);                                // what becomes public here, before it is looked at
//   }
//
// One source file per area; a line in meson.build. Every case runs twice: with portable kernels only and with
// those that valgrind can run (it knows no SHA-NI, VAES or AVX-512). CT_LEAK is a case that does leak: the
// checker must catch it, or it checks nothing.
#pragma once

#include <ashlar/base/ct.hpp>

#include "support/bytes.hpp"

#include <string>
#include <vector>

namespace ashlar::ct_cases {

struct Case {
  std::string name;
  bool leaks;
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

// Ends the program unless a result was what it should be: a case that checks the wrong thing checks nothing.
inline void expect(bool holds) {
  if (!holds) {
    __builtin_trap();
  }
}

struct Register {
  Register(const char* name, bool leaks, void (*run)()) { cases().push_back({name, leaks, run}); }
};

}  // namespace ashlar::ct_cases

#define CT_JOIN_(a, b) a##b
#define CT_JOIN(a, b) CT_JOIN_(a, b)
#define CT_REGISTER(name, leaks, function)                                                  \
  static void function();                                                                   \
  static const ::ashlar::ct_cases::Register CT_JOIN(function, _row)(name, leaks, function); \
  static void function()
#define CT_CASE(name) CT_REGISTER(name, false, CT_JOIN(ct_case_, __LINE__))
#define CT_LEAK(name) CT_REGISTER(name, true, CT_JOIN(ct_leak_, __LINE__))
