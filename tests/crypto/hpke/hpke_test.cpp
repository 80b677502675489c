// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hpke.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;

// The way to a context's count, which no number of messages in a test would bring to its end.
namespace reach {
struct Messages {
  using Type = std::uint64_t HpkeContext::*;
  friend Type member(Messages);
};
template <class Tag, typename Tag::Type Member>
struct Open {
  friend typename Tag::Type member(Tag) { return Member; }
};
template struct Open<Messages, &HpkeContext::messages_>;
}  // namespace reach

namespace hpke_test {
namespace {

// Gives these bytes once.
struct Given {
  Buffer bytes;
  Random random() {
    return {[](void* context, MutBytes out) -> Result<void> {
              auto& bytes = static_cast<Given*>(context)->bytes;
              REQUIRE(bytes.size() == out.size());
              copy_bytes(out, bytes);
              return {};
            },
            this};
  }
};

// RFC 9180, Appendix A.1.1 and A.3.1.
struct Vector {
  HpkeSuite suite;
  const char* sender_input;
  const char* recipient_input;
  const char* recipient_private;
  const char* recipient_public;
  const char* encapsulated;
  const char* first;   // with the additional data "Count-0"
  const char* second;  // "Count-1"; null where it is not known here
  const char* exported;
};

constexpr HpkeSuite kX25519Suite = {&kDhkemX25519HkdfSha256, &kHpkeHkdfSha256, &kHpkeAes128Gcm};
constexpr HpkeSuite kP256Suite = {&kDhkemP256HkdfSha256, &kHpkeHkdfSha256, &kHpkeAes128Gcm};

const Vector kVectors[] = {
    {kX25519Suite, "7268600d403fce431561aef583ee1613527cff655c1343f29812e66706df3234",
     "6db9df30aa07dd42ee5e8181afdb977e538f5e1fec8a06223f33f7013e525037",
     "4612c550263fc8ad58375df3f557aac531d26850903e55a9f23f21d8534e8ac8",
     "3948cfe0ad1ddb695d780e59077195da6c56506b027329794ab02bca80815c4d",
     "37fda3567bdbd628e88668c3c8d7e97d1d1253b6d4ea6d44c150f741f1bf4431",
     "f938558b5d72f1a23810b4be2ab4f84331acc02fc97babc53a52ae8218a355a96d8770ac83d07bea87e13c512a", nullptr,
     nullptr},
    {kP256Suite, "4270e54ffd08d79d5928020af4686d8f6b7d35dbe470265f1f5aa22816ce860e",
     "668b37171f1072f3cf12ea8a236a45df23fc13b82af3609ad1e354f6ef817550",
     "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2",
     "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3d30ad6aa8"
     "f"
     "80e30f1d128aafd68a2ce72ea0",
     "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c0900be863c4"
     "0"
     "3ce65c9bfcb9382657222d18c4",
     "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434",
     "fa6f037b47fc21826b610172ca9637e82d6e5801eb31cbd3748271affd4ecb06646e0329cbdf3c3cd655b28e82",
     "5e9bc3d236e1911d95e65b576a8a86d478fb827e8bdfe77b741b289890490d4d"},
};

const Buffer kInfo = unhex("4f6465206f6e2061204772656369616e2055726e");
const Buffer kPlaintext = unhex("4265617574792069732074727574682c20747275746820626561757479");

Bytes text(std::string_view bytes) {
  return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}

std::vector<HpkeSuite> every_suite() {
  std::vector<HpkeSuite> suites;
  for (const HpkeKem* kem : {&kDhkemX25519HkdfSha256, &kDhkemP256HkdfSha256}) {
    for (const HpkeKdf* kdf : {&kHpkeHkdfSha256, &kHpkeHkdfSha384, &kHpkeHkdfSha512}) {
      for (const HpkeAead* aead : {&kHpkeAes128Gcm, &kHpkeAes256Gcm, &kHpkeChaCha20Poly1305}) {
        suites.push_back({kem, kdf, aead});
      }
    }
  }
  return suites;
}

struct Pair {
  Buffer private_key, public_key;
  Pair(const HpkeKem& kem, std::uint64_t seed) : private_key(kem.private_size), public_key(kem.public_size) {
    DeterministicRandom random(seed);
    REQUIRE(hpke_generate(kem, random.random(), private_key, public_key).ok());
  }
};

}  // namespace

TEST_CASE("hpke: RFC 9180's vectors of base mode") {
  for (const Vector& vector : kVectors) {
    const HpkeKem& kem = *vector.suite.kem;
    INFO(kem.name);
    Buffer private_key(kem.private_size), public_key(kem.public_size), encapsulated(kem.public_size);
    Given recipient{unhex(vector.recipient_input)}, sender_input{unhex(vector.sender_input)};
    REQUIRE(hpke_generate(kem, recipient.random(), private_key, public_key).ok());
    CHECK_BYTES(private_key, unhex(vector.recipient_private));
    CHECK_BYTES(public_key, unhex(vector.recipient_public));

    auto sender = HpkeSender::create(vector.suite, public_key, kInfo, sender_input.random(), encapsulated);
    REQUIRE(sender.ok());
    CHECK_BYTES(encapsulated, unhex(vector.encapsulated));
    auto receiver = HpkeReceiver::create(vector.suite, private_key, encapsulated, kInfo);
    REQUIRE(receiver.ok());
    const std::pair<std::string_view, const char*> messages[] = {{"Count-0", vector.first},
                                                                 {"Count-1", vector.second}};
    for (const auto& [additional, expected] : messages) {
      Buffer sealed(kPlaintext.size() + 16), opened(kPlaintext.size());
      REQUIRE(sender->seal(text(additional), kPlaintext, sealed).ok());
      if (expected != nullptr) {
        CHECK_BYTES(sealed, unhex(expected));
      }
      REQUIRE(receiver->open(text(additional), sealed, opened).ok());
      CHECK_BYTES(opened, kPlaintext);
    }
    if (vector.exported != nullptr) {
      Buffer exported(32);
      REQUIRE(sender->context().export_secret({}, exported).ok());
      CHECK_BYTES(exported, unhex(vector.exported));
    }
  }
}

TEST_CASE("hpke: what one side seals the other opens, in every suite, and both export the same") {
  for (const HpkeSuite& suite : every_suite()) {
    INFO(suite.kem->name << " " << suite.kdf->id << " " << suite.aead->id);
    const Pair recipient(*suite.kem, 3);
    DeterministicRandom random(std::uint64_t{4});
    Buffer encapsulated(suite.kem->public_size);
    auto sender = HpkeSender::create(suite, recipient.public_key, kInfo, random.random(), encapsulated);
    auto receiver = HpkeReceiver::create(suite, recipient.private_key, encapsulated, kInfo);
    REQUIRE((sender.ok() && receiver.ok()));
    for (std::size_t i = 0; i < 300; i++) {
      // In place, of different sizes.
      Buffer message = noise(i % 70, i);
      const Buffer plaintext = message;
      message.resize(message.size() + 16);
      REQUIRE(sender->seal(noise(i % 5, 1), Bytes(message).first(plaintext.size()), message).ok());
      const auto opened = receiver->open(noise(i % 5, 1), message, message);
      REQUIRE(opened.ok());
      REQUIRE_BYTES(*opened, plaintext);
    }
    Buffer one(77), other(77);
    REQUIRE(sender->context().export_secret(noise(9, 1), one).ok());
    REQUIRE(receiver->context().export_secret(noise(9, 1), other).ok());
    CHECK_BYTES(one, other);
    REQUIRE(receiver->context().export_secret(noise(9, 2), other).ok());
    CHECK(one != other);
  }
}

TEST_CASE("hpke: messages that were changed, repeated or put in another order are refused") {
  for (const HpkeSuite& suite : {kX25519Suite, kP256Suite}) {
    const Pair recipient(*suite.kem, 5);
    DeterministicRandom random(std::uint64_t{6});
    Buffer encapsulated(suite.kem->public_size);
    auto sender = HpkeSender::create(suite, recipient.public_key, kInfo, random.random(), encapsulated);
    auto receiver = HpkeReceiver::create(suite, recipient.private_key, encapsulated, kInfo);
    REQUIRE((sender.ok() && receiver.ok()));
    Buffer first(kPlaintext.size() + 16), second = first, opened(kPlaintext.size());
    REQUIRE(sender->seal(text("a"), kPlaintext, first).ok());
    REQUIRE(sender->seal(text("a"), kPlaintext, second).ok());
    CHECK(first != second);
    const auto refused = [&](std::string_view additional, const Buffer& message) {
      const auto result = receiver->open(text(additional), message, opened);
      return !result.ok() && result.error() == ErrorCode::bad_tag;
    };
    CHECK(refused("a", second));
    CHECK(refused("b", first));
    for (std::size_t i = 0; i < first.size(); i++) {
      Buffer changed = first;
      changed[i] ^= 1;
      REQUIRE(refused("a", changed));
    }
    for (std::size_t size = 0; size < 16; size++) {
      REQUIRE(refused("a", Buffer(first.begin(), first.begin() + static_cast<std::ptrdiff_t>(size))));
    }
    // None of these moved the count.
    CHECK(receiver->open(text("a"), first, opened).ok());
    CHECK(refused("a", first));
    CHECK(receiver->open(text("a"), second, opened).ok());
  }
}

TEST_CASE("hpke: the last number seals nothing, and the one before it still does") {
  const Pair recipient(*kX25519Suite.kem, 5);
  DeterministicRandom random(std::uint64_t{6});
  Buffer encapsulated(kX25519Suite.kem->public_size);
  auto sender = HpkeSender::create(kX25519Suite, recipient.public_key, kInfo, random.random(), encapsulated);
  REQUIRE(sender.ok());
  auto& count = const_cast<HpkeContext&>(sender->context()).*member(reach::Messages{});
  count = ~std::uint64_t{0} - 1;
  Buffer sealed(kPlaintext.size() + 16);
  CHECK(sender->seal(text("a"), kPlaintext, sealed).ok());
  for (int again = 0; again < 2; again++) {
    const auto refused = sender->seal(text("a"), kPlaintext, sealed);
    REQUIRE_FALSE(refused.ok());
    CHECK(refused.error() == ErrorCode::too_many_messages);
  }
}

TEST_CASE("hpke: other information, another key and another suite give other keys") {
  const Pair recipient(kDhkemX25519HkdfSha256, 7), stranger(kDhkemX25519HkdfSha256, 8);
  DeterministicRandom random(std::uint64_t{9});
  Buffer encapsulated(32), message(kPlaintext.size() + 16), opened(kPlaintext.size());
  auto sender = HpkeSender::create(kX25519Suite, recipient.public_key, kInfo, random.random(), encapsulated);
  REQUIRE(sender.ok());
  REQUIRE(sender->seal({}, kPlaintext, message).ok());
  const auto opens = [&](const HpkeSuite& suite, const Buffer& key, Bytes info) {
    auto receiver = HpkeReceiver::create(suite, key, encapsulated, info);
    return receiver.ok() && receiver->open({}, message, opened).ok();
  };
  CHECK(opens(kX25519Suite, recipient.private_key, kInfo));
  CHECK(!opens(kX25519Suite, recipient.private_key, {}));
  CHECK(!opens(kX25519Suite, stranger.private_key, kInfo));
  CHECK(!opens({&kDhkemX25519HkdfSha256, &kHpkeHkdfSha512, &kHpkeAes128Gcm}, recipient.private_key, kInfo));
}

TEST_CASE("E03 E04 hpke: public keys that are none, and wrong sizes, are refused") {
  DeterministicRandom random(std::uint64_t{10});
  for (const HpkeSuite& suite : {kX25519Suite, kP256Suite}) {
    const HpkeKem& kem = *suite.kem;
    const Pair recipient(kem, 11);
    Buffer encapsulated(kem.public_size);
    const auto error_of = [&](const Buffer& bad) {
      const auto sender = HpkeSender::create(suite, bad, kInfo, random.random(), encapsulated);
      const auto receiver = HpkeReceiver::create(suite, recipient.private_key, bad, kInfo);
      REQUIRE((!sender.ok() && !receiver.ok()));
      CHECK(sender.error() == receiver.error().code);
      return sender.error().code;
    };
    CHECK(error_of(Buffer(kem.public_size)) ==
          (kem.public_size == 32 ? ErrorCode::all_zero_shared_secret : ErrorCode::bad_point_encoding));
    CHECK(error_of({}) == ErrorCode::bad_point_encoding);
    CHECK(error_of(Buffer(kem.public_size + 1, 4)) == ErrorCode::bad_point_encoding);
    if (kem.public_size == 65) {
      Buffer off = recipient.public_key;
      off.back() ^= 1;
      CHECK(error_of(off) == ErrorCode::point_not_on_curve);
      Buffer compressed(off.begin(), off.begin() + 33);
      compressed[0] = 2;
      CHECK(error_of(compressed) == ErrorCode::bad_point_encoding);
    }
    CHECK(HpkeReceiver::create(suite, Buffer(31), recipient.public_key, kInfo).error() ==
          ErrorCode::bad_key_size);
    Buffer small(kem.public_size - 1);
    CHECK(HpkeSender::create(suite, recipient.public_key, kInfo, random.random(), small).error() ==
          ErrorCode::invalid_argument);
    auto sender = HpkeSender::create(suite, recipient.public_key, kInfo, random.random(), encapsulated);
    REQUIRE(sender.ok());
    Buffer room(20);
    CHECK(sender->seal({}, Buffer(5), room).error() == ErrorCode::buffer_too_small);
    auto receiver = HpkeReceiver::create(suite, recipient.private_key, encapsulated, kInfo);
    REQUIRE(receiver.ok());
    CHECK(receiver->open({}, Buffer(37), room).error() == ErrorCode::buffer_too_small);
  }
}

}  // namespace hpke_test
