// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/ct.hpp>
#include <ashlar/base/secret.hpp>

#include <new>
#include <ostream>
#include <type_traits>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;

template <class T>
concept Comparable = requires(const T& a, const T& b) {
  a == b;
};

template <class T>
concept Indexable = requires(T& a) {
  a[0];
};
template <class T>
concept Divisible = requires(T& a) {
  a / 3u;
}
|| requires(T& a) {
  a % 3u;
};
template <class T>
concept Printable = requires(std::ostream& out, const T& a) {
  out << a;
};
template <class T>
constexpr bool kClosed = !std::is_convertible_v<T, bool> && !std::is_constructible_v<bool, T> &&
                         !Indexable<T> && !Divisible<T> && !Comparable<T> && !Printable<T>;
// The concepts detect what they look for.
static_assert(Indexable<test::Buffer> && Divisible<unsigned> && Comparable<int> && Printable<int>);

TEST_CASE(
    "secret: C01 a secret is no truth value, no array and no number, and is neither copied, compared nor "
    "printed",
    "[base]") {
  CHECK(kClosed<Secret<16>>);
  CHECK(kClosed<SecretBuffer<16>>);
  CHECK(kClosed<ct::Mask>);
  CHECK_FALSE(std::is_copy_constructible_v<Secret<16>>);
  CHECK_FALSE(std::is_copy_assignable_v<Secret<16>>);
  CHECK_FALSE(std::is_copy_constructible_v<SecretBuffer<16>>);
  CHECK_FALSE(std::is_copy_assignable_v<SecretBuffer<16>>);
}

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

TEST_CASE("secret: S12 a dead secret of a fixed size is wiped, and so is what a buffer gave away", "[base]") {
  const auto all_zero = [](const std::uint8_t* memory, std::size_t size) {
    bool zero = true;
    for (std::size_t i = 0; i < size; ++i) {
      zero = static_cast<const volatile std::uint8_t*>(memory)[i] == 0 && zero;
    }
    return zero;
  };
  alignas(Secret<32>) std::uint8_t memory[sizeof(Secret<32>)];
  auto* const secret = new (memory) Secret<32>(BytesOf<32>(test::noise(32, 8)));
  REQUIRE_FALSE(all_zero(memory, 32));
  secret->~Secret();
  CHECK(all_zero(memory, 32));

  SecretBuffer<32> from(test::noise(32, 9));
  const std::uint8_t* const bytes = from.reveal().data();
  const SecretBuffer<32> to(std::move(from));
  CHECK_BYTES(to.reveal(), test::noise(32, 9));
  CHECK(from.empty());
  CHECK(all_zero(bytes, 32));
}

TEST_CASE("secret: shrinking wipes what is cut", "[base]") {
  SecretBuffer<8> secret(test::unhex("0102030405060708"));
  secret.resize(4);
  secret.resize(8);
  CHECK_BYTES(secret.reveal(), test::unhex("0102030400000000"));
}
