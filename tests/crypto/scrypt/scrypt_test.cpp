// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/scrypt.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;

TEST_CASE("scrypt: RFC 7914 §12", "[scrypt]") {
  struct Known {
    const char* passphrase;
    const char* salt;
    ScryptCost cost;
    const char* key;
  };
  const Known known[] = {
      {"",
       "",
       {16, 1, 1},
       "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
       "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906"},
      {"password",
       "NaCl",
       {1024, 8, 16},
       "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
       "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640"},
      {"pleaseletmein",
       "SodiumChloride",
       {16384, 8, 1},
       "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
       "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887"},
  };
  test::on_every_row("scrypt", scrypt_kernels(), [&](const ScryptKernel& row) {
    for (const Known& k : known) {
      const auto size = scrypt_workspace_size(k.cost);
      REQUIRE(size);
      Buffer workspace(*size, 0xaa);
      Buffer out(64);
      REQUIRE(scrypt(bytes_of(k.passphrase), bytes_of(k.salt), k.cost, workspace, out, &row));
      CHECK_BYTES(out, k.key);
      CHECK(workspace == Buffer(*size));
      CHECK(scrypt(bytes_of(k.passphrase), bytes_of(k.salt), k.cost, MutBytes(workspace).first(*size - 1),
                   out, &row)
                .error() == ErrorCode::buffer_too_small);
    }
  });
}

TEST_CASE("scrypt: every row agrees with the portable one, wherever the workspace lies", "[scrypt]") {
  test::Guarded memory(300000);
  test::on_every_row("scrypt", scrypt_kernels(), [&](const ScryptKernel& row) {
    for (const std::uint32_t r : {1u, 2u, 3u, 7u, 8u, 16u}) {
      for (const std::uint32_t p : {1u, 3u}) {
        for (const std::uint64_t n : {2u, 4u, 64u}) {
          const ScryptCost cost{n, r, p};
          const auto size = scrypt_workspace_size(cost);
          REQUIRE(size);
          const Buffer passphrase = test::noise(r + p, n);
          Buffer expected(100), out(100);
          REQUIRE(scrypt(passphrase, passphrase, cost, memory.at_start(*size), expected,
                         &scrypt_kernels().back()));
          // It ends at the guard page, so it may begin anywhere.
          REQUIRE(scrypt(passphrase, passphrase, cost, memory.at_end(*size), out, &row));
          REQUIRE(out == expected);
          REQUIRE(scrypt(passphrase, passphrase, cost, memory.at_end(*size + r).first(*size), out, &row));
          REQUIRE(out == expected);
        }
      }
    }
  });
}

TEST_CASE("scrypt: A16 costs that are no cost, or that would overflow or exhaust memory, are refused",
          "[scrypt]") {
  const ScryptCost bad[] = {
      {0, 8, 1},
      {1, 8, 1},
      {3, 8, 1},
      {1 << 15, 0, 1},
      {1 << 15, 8, 0},
      {std::uint64_t{1} << 40, 8, 1},
      {1 << 15, 0xffffffff, 1},
      {2, 1, 0xffffffff},
      {2, 0xffffffff, 0xffffffff},
      {std::uint64_t{1} << 63, 0x80000000, 2},
      {1 << 20, 8, 1 << 10},
      // Each limit alone: n r, r p, n r p.
      {4, 1 << 22, 1},
      {2, 1 << 22, 3},
      {16, 1 << 19, 9},
  };
  for (const ScryptCost& cost : bad) {
    INFO(cost.n << " " << cost.r << " " << cost.p);
    CHECK(scrypt_workspace_size(cost).error() == ErrorCode::invalid_argument);
  }
  for (const ScryptCost& cost : {ScryptCost{2, 1 << 22, 2}, ScryptCost{8, 1 << 20, 8}}) {
    const auto size = scrypt_workspace_size(cost);
    REQUIRE(size);
    CHECK(*size == 128 * (cost.n * cost.r + std::uint64_t{cost.r} * cost.p + cost.r));
  }
}
