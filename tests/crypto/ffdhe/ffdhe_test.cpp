// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/ffdhe.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "crypto/bignum/reference.hpp"
#include "crypto/key_ends.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::Natural;
using test::noise;

namespace ffdhe_test {
namespace {

constexpr const FfdheGroup* kGroups[] = {&kFfdhe2048, &kFfdhe3072, &kFfdhe4096};

Natural prime_of(const FfdheGroup& group) {
  return Natural(test::Limbs(group.prime, group.prime + group.size / 8));
}

Natural number(Bytes big_endian) {
  test::Limbs limbs((big_endian.size() + 7) / 8);
  for (std::size_t i = 0; i < big_endian.size(); ++i) {
    limbs[i / 8] |= std::uint64_t{big_endian[big_endian.size() - 1 - i]} << (8 * (i % 8));
  }
  return Natural(limbs);
}

Buffer bytes_of(const Natural& value, std::size_t size) {
  const test::Limbs limbs = value.limbs(size / 8);
  Buffer out(size);
  for (std::size_t i = 0; i < size; ++i) {
    out[size - 1 - i] = static_cast<std::uint8_t>(limbs[i / 8] >> (8 * (i % 8)));
  }
  return out;
}

Buffer public_value(const FfdhePrivateKey& key) {
  Buffer out(key.group().size);
  REQUIRE(key.public_value(out).ok());
  return out;
}

Buffer agreed(const FfdhePrivateKey& key, Bytes peer) {
  Buffer out(key.group().size);
  REQUIRE(key.agree(peer, out).ok());
  return out;
}

// floor(2^bits * e), from the series, computed with 64 extra bits.
Natural bits_of_e(std::size_t bits) {
  Natural sum(0), term = Natural(1).shifted(bits + 64);
  for (std::uint64_t i = 1; term.bits() > 0; ++i) {
    sum = sum + term;
    term = term / Natural(i);
  }
  return sum / Natural(1).shifted(64);
}

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("FFDHE", bignum_kernels(), check);
}

}  // namespace

TEST_CASE("E05 ffdhe: the primes are RFC 7919's") {
  const std::uint64_t added[] = {560316, 2625351, 5736041};
  for (std::size_t i = 0; i < 3; ++i) {
    INFO(kGroups[i]->name);
    const std::size_t bits = 8 * kGroups[i]->size;
    const Natural middle = (bits_of_e(bits - 130) + Natural(added[i])).shifted(64);
    const Natural prime = Natural(1).shifted(bits) - Natural(1).shifted(bits - 64) + middle - 1;
    CHECK(prime_of(*kGroups[i]) == prime);
    CHECK(kGroups[i]->size <= kFfdheMaxSize);
    CHECK(kGroups[i]->exponent_size <= kFfdheMaxExponentSize);
  }
}

// The answers are the SHA-256 of what Python's pow(base, exponent, prime) gives.
TEST_CASE("ffdhe: known answers come out of every row") {
  static constexpr const char* kAnswers[][2] = {
      {"42b0d52c125ef67f55a2aa3d4e1d666c176a011bfff4fa994206b35915a771da",
       "81b5072c3681f3626b8bf9f52afb2ef7d9b4910c3787369d5f7610c92b9129a5"},
      {"ead65e9fb03f5b77e2009fa98c043e9a9d00f9fc7499df95fae27d85483e8946",
       "735471c6d3c68c4607db11d21f476780d2ad900cbdc94eb10c23cba8030d0c10"},
      {"2c039e20f9c78ed124d0f3aa0845a618ee13c107774662d46778409638dfa901",
       "4bcf1e5ab93aecd6d6056d1944a0e0a72dfb95824933d9ef8adaa8c4c722011d"}};
  on_every_row([](const BignumKernel& row) {
    for (std::size_t i = 0; i < 3; ++i) {
      INFO(kGroups[i]->name);
      Buffer exponent(kGroups[i]->exponent_size);
      for (std::size_t at = 0; at < exponent.size(); ++at) {
        exponent[at] = static_cast<std::uint8_t>(at + 1);
      }
      const auto key = FfdhePrivateKey::create(*kGroups[i], exponent, &row);
      REQUIRE(key.ok());
      CHECK_BYTES(digest(kSha256, public_value(*key)).bytes(), test::unhex(kAnswers[i][0]));
      CHECK_BYTES(digest(kSha256, agreed(*key, Buffer(kGroups[i]->size, 0x5a))).bytes(),
                  test::unhex(kAnswers[i][1]));
    }
  });
}

TEST_CASE("ffdhe: every row agrees with schoolbook powers, at the edges too") {
  on_every_row([](const BignumKernel& row) {
    const FfdheGroup& group = kFfdhe2048;
    const Natural p = prime_of(group);
    // One, all ones, and a single bit at the top of a window of five.
    std::vector<Buffer> exponents(4, Buffer(group.exponent_size));
    exponents[0].back() = 1;
    exponents[1].assign(group.exponent_size, 0xff);
    exponents[2][0] = 0x80;
    exponents[3] = noise(group.exponent_size, 4);
    const Natural peers[] = {Natural(2), p - 2, number(Buffer(group.size, 0x7f)), number(noise(256, 9)) % p};
    for (const Buffer& exponent : exponents) {
      const auto key = FfdhePrivateKey::create(group, exponent, &row);
      REQUIRE(key.ok());
      const Natural& peer = peers[&exponent - exponents.data()];
      CHECK_BYTES(agreed(*key, bytes_of(peer, group.size)),
                  bytes_of(test::power_modulo(peer, number(exponent), p), group.size));
    }
  });
}

TEST_CASE("ffdhe: two sides agree on every row, on a secret as long as the prime") {
  on_every_row([](const BignumKernel& row) {
    for (const FfdheGroup* const group : kGroups) {
      INFO(group->name);
      DeterministicRandom random(std::uint64_t{3});
      const auto first = FfdhePrivateKey::generate(*group, random.random(), &row);
      const auto second = FfdhePrivateKey::generate(*group, random.random());
      REQUIRE((first.ok() && second.ok()));
      CHECK(first->reveal().size() == group->exponent_size);
      CHECK((first->reveal()[0] & 0x80) != 0);
      const Buffer theirs = public_value(*second);
      CHECK_BYTES(agreed(*first, theirs), agreed(*second, public_value(*first)));
    }
  });
}

TEST_CASE("E05 ffdhe: what is not between 2 and p - 2, or has another length, is refused") {
  for (const FfdheGroup* const group : kGroups) {
    INFO(group->name);
    const auto key = FfdhePrivateKey::create(*group, noise(group->exponent_size, 1));
    REQUIRE(key.ok());
    const Natural p = prime_of(*group);
    const std::size_t size = group->size;
    Buffer shared(size);
    const auto refused = [&](const Buffer& peer) {
      const auto result = key->agree(peer, shared);
      return !result.ok() && result.error() == ErrorCode::bad_dh_public_value &&
             result.error().detail == peer.size();
    };
    for (const Natural& bad : {Natural(0), Natural(1), p - 1, p, p + Natural(1)}) {
      CHECK(refused(bytes_of(bad, size)));
    }
    CHECK(refused(Buffer(size, 0xff)));
    const Buffer two = bytes_of(Natural(2), size);
    for (Buffer peer : {Buffer{2}, Buffer(two.begin() + 1, two.end()), Buffer()}) {
      CHECK(refused(peer));
    }
    Buffer longer = two;
    longer.insert(longer.begin(), 0);
    CHECK(refused(longer));
    CHECK_BYTES(shared, Buffer(size));
    CHECK(key->agree(two, shared).ok());
    CHECK_BYTES(shared, public_value(*key));
    CHECK(key->agree(bytes_of(p - 2, size), shared).ok());
    Buffer other(size - 1);
    CHECK(key->agree(two, other).error() == ErrorCode::invalid_argument);
    CHECK(key->public_value(other).error() == ErrorCode::invalid_argument);
  }
}

TEST_CASE("ffdhe: exponents of another length, and zero, are refused") {
  for (const FfdheGroup* const group : kGroups) {
    for (const std::size_t size : {std::size_t{0}, group->exponent_size - 1, group->exponent_size + 1}) {
      CHECK(FfdhePrivateKey::create(*group, Buffer(size, 1)).error() == ErrorCode::bad_key_size);
    }
    CHECK(FfdhePrivateKey::create(*group, Buffer(group->exponent_size)).error() ==
          ErrorCode::scalar_out_of_range);
  }
  const Random broken{[](void*, MutBytes) -> Result<void> { return ErrorCode::random_unavailable; }, nullptr};
  CHECK(FfdhePrivateKey::generate(kFfdhe2048, broken).error() == ErrorCode::random_unavailable);
}

TEST_CASE("ffdhe: a masked row makes no key, and a key leaves nothing behind") {
  const Buffer exponent = noise(kFfdhe2048.exponent_size, 1);
  test::refuse_masked_rows(
      bignum_kernels(),
      [&](const BignumKernel* row) { return FfdhePrivateKey::create(kFfdhe2048, exponent, row); },
      [](const FfdhePrivateKey& key) { return public_value(key); });
  test::leave_nothing_behind([&] { return *FfdhePrivateKey::create(kFfdhe2048, exponent); },
                             [&](Bytes memory) { return test::stands_in(memory, exponent); },
                             [](const FfdhePrivateKey& key) { return public_value(key); });
}

}  // namespace ffdhe_test
