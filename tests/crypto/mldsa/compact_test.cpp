// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/mldsa_compact.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "crypto/secrets/left.hpp"
#include "mldsa/dsa.hpp"
#include "support/bytes.hpp"
#include "support/stack.hpp"

#include <memory>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;

namespace {

template <class Check>
void compact_on_every_set(Check check) {
  test::on_every_row("ML-DSA, compact", mldsa_kernels(), [&](const MlDsaKernel& row) {
    check.template operator()<kMlDsa44>(row);
    check.template operator()<kMlDsa65>(row);
    check.template operator()<kMlDsa87>(row);
  });
}

template <const MlDsaSet& Set>
Buffer compact_signed(const MlDsaCompactKey<Set>& key, std::span<const Bytes> message, const Random* random) {
  Buffer out(Set.signature_size());
  REQUIRE(key.sign(message, random, MutBytesOf<Set.signature_size()>(out.data(), out.size())).ok());
  return out;
}

}  // namespace

TEST_CASE("mldsa: a compact key is the same key, and signs a message in parts like the whole", "[mldsa]") {
  const Buffer seed = noise(32, 1), message = noise(100, 2);
  const Bytes whole[] = {message};
  const Bytes parts[] = {Bytes(message).first(1), Bytes(), Bytes(message).subspan(1)};
  compact_on_every_set([&]<const MlDsaSet & Set>(const MlDsaKernel& row) {
    INFO(Set.name);
    const auto full =
        std::make_unique<Result<MlDsaPrivateKey<Set>>>(MlDsaPrivateKey<Set>::from_seed(seed, &row));
    REQUIRE(full->ok());
    const Bytes form = (*full)->reveal();
    Buffer wanted(Set.signature_size());
    REQUIRE(
        (*full)->sign(message, nullptr, MutBytesOf<Set.signature_size()>(wanted.data(), wanted.size())).ok());
    const auto of_seed = MlDsaCompactKey<Set>::create(seed, {}, &row);
    const auto of_form = MlDsaCompactKey<Set>::create({}, form, &row);
    const auto of_both = MlDsaCompactKey<Set>::create(seed, form, &row);
    for (const auto* key : {&of_seed, &of_form, &of_both}) {
      REQUIRE(key->ok());
      CHECK((*key)->has_seed() == (key != &of_form));
      CHECK_BYTES((*key)->reveal(), key == &of_form ? form : Bytes(seed));
      CHECK_BYTES((*key)->public_key(), (*full)->public_key());
      CHECK_BYTES(compact_signed(**key, whole, nullptr), wanted);
      CHECK_BYTES(compact_signed(**key, parts, nullptr), wanted);
      const Random random = system_random();
      const Buffer hedged = compact_signed(**key, parts, &random);
      CHECK(hedged != wanted);
      CHECK(MlDsaPublicKey<Set>::create((*key)->public_key(), &row)->verify(message, hedged).ok());
    }
    const auto made = MlDsaCompactKey<Set>::generate(DeterministicRandom(std::uint64_t{3}).random(), &row);
    REQUIRE(made.ok());
    CHECK(made->has_seed());
    CHECK_BYTES(MlDsaCompactKey<Set>::create(made->reveal(), {}, &row)->public_key(), made->public_key());
  });
}

TEST_CASE("mldsa: compact keys of another size, or of parts that do not fit, are refused", "[mldsa]") {
  const Buffer seed = noise(32, 1), other = noise(32, 2);
  compact_on_every_set([&]<const MlDsaSet & Set>(const MlDsaKernel& row) {
    INFO(Set.name);
    using Key = MlDsaCompactKey<Set>;
    const auto full =
        std::make_unique<Result<MlDsaPrivateKey<Set>>>(MlDsaPrivateKey<Set>::from_seed(seed, &row));
    REQUIRE(full->ok());
    const Buffer form = test::buffer_of((*full)->reveal());
    for (const std::size_t size : {0u, 31u, 33u}) {
      Buffer bad = seed;
      bad.resize(size);
      CHECK(Key::create(bad, {}, &row).error() == ErrorCode::bad_key_size);
      CHECK((size == 0 || Key::create(bad, form, &row).error() == ErrorCode::bad_key_size));
    }
    for (const std::size_t size : {std::size_t{0}, form.size() - 1, form.size() + 1}) {
      Buffer bad = form;
      bad.resize(size);
      CHECK(Key::create({}, bad, &row).error() == ErrorCode::bad_key_size);
      CHECK((size == 0 || Key::create(seed, bad, &row).error() == ErrorCode::bad_key_size));
    }
    CHECK(Key::create(other, form, &row).error() == ErrorCode::inconsistent_dsa_key);
    // A bit in each part: rho, K, the hash, s1, t0. K alone fits anything unless the seed is there.
    for (const std::size_t at :
         {std::size_t{0}, std::size_t{32}, std::size_t{64}, std::size_t{128}, form.size() - 1}) {
      Buffer bad = form;
      bad[at] ^= 1;
      CHECK(Key::create(seed, bad, &row).error() == ErrorCode::inconsistent_dsa_key);
      if (at != 32) {
        CHECK(Key::create({}, bad, &row).error() == ErrorCode::inconsistent_dsa_key);
      }
    }
  });
}

TEST_CASE("mldsa: compact keys take no more memory and stack than they say", "[mldsa]") {
  CHECK(sizeof(MlDsa44CompactKey) <= 4096);
  CHECK(sizeof(MlDsa65CompactKey) <= 6144);
  CHECK(sizeof(MlDsa87CompactKey) <= 8192);
  compact_on_every_set([&]<const MlDsaSet & Set>(const MlDsaKernel& row) {
    const std::size_t limit = Set.k == 4 ? 98304 : Set.k == 6 ? 114688 : 163840;
    const auto key = MlDsaCompactKey<Set>::create(noise(32, 1), {}, &row);
    REQUIRE(key.ok());
    Buffer out(Set.signature_size());
    const MutBytesOf<Set.signature_size()> signature(out.data(), out.size());
    const std::size_t signing = test::stack_used([&] { CHECK(key->sign({}, nullptr, signature).ok()); });
    const std::size_t reading =
        test::stack_used([&] { CHECK(MlDsaCompactKey<Set>::create(noise(32, 1), {}, &row).ok()); });
    INFO(Set.name << " " << signing << " " << reading);
    if (!test::kFramesHoldCopies) {
      CHECK(signing < limit);
      CHECK(reading < limit);
    }
  });
}

TEST_CASE("secrets: S12 ML-DSA, compact", "[secrets]") {
  SKIP_UNDER_SANITISERS();
  const Buffer seed = noise(32, 1);
  compact_on_every_set([&]<const MlDsaSet & Set>(const MlDsaKernel& row) {
    INFO(Set.name);
    const auto full =
        std::make_unique<Result<MlDsaPrivateKey<Set>>>(MlDsaPrivateKey<Set>::from_seed(seed, &row));
    REQUIRE(full->ok());
    const Buffer form = test::buffer_of((*full)->reveal());
    Buffer secrets = seed;
    test::append(secrets, Bytes(form).subspan(32, 32));
    test::append(secrets, Bytes(form).subspan(128));
    const auto of_seed = MlDsaCompactKey<Set>::create(seed, {}, &row);
    const auto of_form = MlDsaCompactKey<Set>::create({}, form, &row);
    Buffer out(Set.signature_size());
    const MutBytesOf<Set.signature_size()> signature(out.data(), out.size());
    const Bytes other_message[] = {Bytes(form).first(32)};
    CHECK(test::left(secrets, [&] { (void)MlDsaCompactKey<Set>::create(seed, {}, &row).ok(); }) == 0);
    CHECK(test::left(secrets, [&] { (void)MlDsaCompactKey<Set>::create({}, form, &row).ok(); }) == 0);
    CHECK(test::left(secrets, [&] { (void)MlDsaCompactKey<Set>::create(seed, form, &row).ok(); }) == 0);
    CHECK(test::left(secrets, [&] { (void)of_seed->sign(other_message, nullptr, signature).ok(); }) == 0);
    CHECK(test::left(secrets, [&] { (void)of_form->sign(other_message, nullptr, signature).ok(); }) == 0);
  });
}
