// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/secret.hpp>

#include <new>
#include <type_traits>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;

template <class T>
concept Comparable = requires(const T& a, const T& b) {
  a == b;
};

static_assert(!std::is_copy_constructible_v<Secret<16>> && !std::is_copy_assignable_v<Secret<16>>);
static_assert(!std::is_copy_constructible_v<SecretBuffer<16>>);
static_assert(!Comparable<Secret<16>> && !Comparable<SecretBuffer<16>>);

TEST_CASE("secret: S12 a moved-from secret is wiped", "[base]") {
  Secret<4> a(BytesOf<4>(test::noise(4)));
  const auto before = test::buffer_of(a.reveal());
  Secret<4> b(std::move(a));
  CHECK_BYTES(b.reveal(), before);
  CHECK_BYTES(a.reveal(), test::unhex("00000000"));
}

TEST_CASE("secret: S12 a dead secret's memory is zero", "[base]") {
  alignas(SecretBuffer<32>) std::uint8_t memory[sizeof(SecretBuffer<32>)];
  auto* secret = new (memory) SecretBuffer<32>(test::noise(32, 7));
  secret->~SecretBuffer();
  for (std::size_t i = 0; i < 32; ++i) {
    std::uint8_t byte;
    byte = static_cast<volatile std::uint8_t*>(memory)[i];
    CHECK(byte == 0);
  }
}

TEST_CASE("secret: shrinking wipes what is cut", "[base]") {
  SecretBuffer<8> secret(test::unhex("0102030405060708"));
  secret.resize(4);
  secret.resize(8);
  CHECK_BYTES(secret.reveal(), test::unhex("0102030400000000"));
}
