// SPDX-License-Identifier: Apache-2.0
// Ed25519 side by side: each operation of a batch gives what it gives alone.
#include <ashlar/crypto/ed25519_many.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/stack.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;

namespace ed25519_many_test {
namespace {

BytesOf<32> of32(const Buffer& bytes) {
  return BytesOf<32>(bytes.data(), 32);
}

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("Ed25519 side by side", ed25519_many_kernels(), check);
}

bool same(const Result<void>& a, const Result<void>& b) {
  return a.ok() == b.ok() && (a.ok() || a.error() == b.error().code);
}

// What is signed, by whom, and its signature: all as bytes.
struct Signed {
  Buffer key, message, signature;
};

Signed some_signature(std::uint64_t seed) {
  const auto key = Ed25519PrivateKey::create(of32(noise(32, seed)));
  Signed out = {test::buffer_of(key.public_key()), noise(seed % 150, seed + 1), Buffer(64)};
  const Bytes parts[] = {Bytes(out.message).first(out.message.size() / 2),
                         Bytes(out.message).subspan(out.message.size() / 2)};
  key.sign(parts, MutBytesOf<64>(out.signature.data(), 64));
  return out;
}

// Decodes the keys and verifies the signatures of those that are good, together and each alone.
void check_verifications(std::span<const Signed> all, const Ed25519ManyKernel* row) {
  std::vector<Ed25519Decoding> decodings;
  for (const Signed& one : all) {
    decodings.push_back({of32(one.key)});
  }
  REQUIRE(ed25519_public_keys_many(decodings, row).ok());
  std::vector<Ed25519PublicKey> keys;
  std::vector<const Signed*> of;
  std::vector<Bytes> messages;
  for (std::size_t i = 0; i < all.size(); i++) {
    INFO(i);
    const auto alone = Ed25519PublicKey::create(of32(all[i].key));
    REQUIRE(decodings[i].key.ok() == alone.ok());
    if (alone) {
      REQUIRE(test::buffer_of(decodings[i].key->bytes()) == all[i].key);
      keys.push_back(*decodings[i].key);
      of.push_back(&all[i]);
    } else {
      REQUIRE(decodings[i].key.error() == ErrorCode::point_not_on_curve);
    }
  }
  for (const Signed* one : of) {
    messages.emplace_back(one->message);
  }
  std::vector<Ed25519Verification> verifications;
  for (std::size_t i = 0; i < of.size(); i++) {
    verifications.push_back(
        {&keys[i], std::span<const Bytes>(&messages[i], 1), BytesOf<64>(of[i]->signature.data(), 64)});
  }
  REQUIRE(ed25519_verify_many(verifications, row).ok());
  for (std::size_t i = 0; i < of.size(); i++) {
    INFO(i);
    const auto alone = Ed25519PublicKey::create(of32(of[i]->key));
    REQUIRE(
        same(verifications[i].result, alone->verify(verifications[i].message, verifications[i].signature)));
  }
}

}  // namespace

TEST_CASE("ed25519: any number of operations side by side give what each alone gives", "[ed25519]") {
  on_every_row([](const Ed25519ManyKernel& row) {
    CHECK(row.lanes <= kMaxEd25519Lanes);
    for (const Ed25519ManyKernel* const chosen : {&row, static_cast<const Ed25519ManyKernel*>(nullptr)}) {
      for (std::size_t count = 0; count <= 19; count++) {
        INFO(count << " operations");
        std::vector<Ed25519PrivateKey> keys;
        std::vector<Buffer> messages, together(count, Buffer(64)), alone(count, Buffer(64));
        std::vector<std::array<Bytes, 2>> parts;
        std::vector<Ed25519Signing> signings;
        for (std::size_t i = 0; i < count; i++) {
          keys.push_back(Ed25519PrivateKey::create(of32(noise(32, 50 * count + i))));
          messages.push_back(noise(37 * i, i));
        }
        for (std::size_t i = 0; i < count; i++) {
          parts.push_back({Bytes(messages[i]).first(i), Bytes(messages[i]).subspan(i)});
        }
        for (std::size_t i = 0; i < count; i++) {
          signings.push_back({&keys[i], parts[i], MutBytesOf<64>(together[i].data(), 64)});
        }
        REQUIRE(ed25519_sign_many(signings, chosen).ok());
        std::vector<Signed> all;
        for (std::size_t i = 0; i < count; i++) {
          INFO(i);
          keys[i].sign(parts[i], MutBytesOf<64>(alone[i].data(), 64));
          REQUIRE(together[i] == alone[i]);
          all.push_back({test::buffer_of(keys[i].public_key()), messages[i], alone[i]});
          if (i % 4 == 3) {
            all[i].signature[(5 * i) % 64] ^= 1;
          }
        }
        check_verifications(all, chosen);
      }
    }
  });
}

TEST_CASE("ed25519: keys that are none, signatures out of range and small orders, side by side",
          "[ed25519]") {
  std::vector<Signed> all;
  // Encodings of points of small order, canonical and not, and of no point.
  for (const char* const key : {"0100000000000000000000000000000000000000000000000000000000000000",
                                "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                "0000000000000000000000000000000000000000000000000000000000000000",
                                "0000000000000000000000000000000000000000000000000000000000000080",
                                "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
                                "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
                                "0100000000000000000000000000000000000000000000000000000000000080",
                                "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                                "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
                                "0200000000000000000000000000000000000000000000000000000000000000"}) {
    Signed one = some_signature(3);
    one.key = unhex(key);
    all.push_back(one);
    // R = the neutral point and S = 0: valid for every message if the key is of order one.
    one.signature = Buffer(64);
    one.signature[0] = 1;
    all.push_back(one);
  }
  // S + L instead of S.
  const Buffer order = unhex("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  Signed malleable = some_signature(4);
  unsigned carry = 0;
  for (std::size_t i = 0; i < 32; i++) {
    carry += unsigned{malleable.signature[32 + i]} + order[i];
    malleable.signature[32 + i] = static_cast<std::uint8_t>(carry);
    carry >>= 8;
  }
  all.push_back(malleable);
  for (std::uint64_t i = 0; i < 20; i++) {
    all.push_back(some_signature(100 + i));
    all.push_back({noise(32, 200 + i), noise(3, i), noise(64, i)});
  }
  on_every_row([&](const Ed25519ManyKernel& row) {
    check_verifications(all, &row);
    for (std::size_t lane = 0; lane < 8; lane++) {
      std::vector<Signed> some;
      for (std::size_t i = 0; i < 8; i++) {
        some.push_back(i == lane ? malleable : some_signature(i));
      }
      check_verifications(some, &row);
    }
  });
}

TEST_CASE("ed25519: many random signatures side by side", "[ed25519]") {
  on_every_row([](const Ed25519ManyKernel& row) {
    for (std::uint64_t round = 0; round < 40; round++) {
      std::vector<Signed> all;
      for (std::uint64_t i = 0; i < 8; i++) {
        all.push_back(some_signature(5000 + 8 * round + i));
      }
      check_verifications(all, &row);
    }
  });
}

TEST_CASE("ed25519: multiples of the base point side by side for awkward scalars", "[ed25519]") {
  std::vector<Buffer> scalars;
  for (unsigned bit = 0; bit < 255; bit += 3) {
    Buffer power(32), below(32);
    power[bit / 8] = static_cast<std::uint8_t>(1u << (bit % 8));
    for (unsigned i = 0; i < bit; i++) {
      below[i / 8] = static_cast<std::uint8_t>(below[i / 8] | 1u << (i % 8));
    }
    scalars.push_back(power);
    scalars.push_back(below);
  }
  while (scalars.size() % 8 != 0) {
    scalars.push_back(Buffer(32));
  }
  on_every_row([&](const Ed25519ManyKernel& row) {
    if (row.base_multiple == nullptr) {
      return;
    }
    for (std::size_t first = 0; first < scalars.size(); first += row.lanes) {
      std::uint8_t out[kMaxEd25519Lanes][32], alone[32];
      std::uint8_t* outs[kMaxEd25519Lanes];
      const std::uint8_t* in[kMaxEd25519Lanes];
      for (std::size_t lane = 0; lane < row.lanes; lane++) {
        outs[lane] = out[lane];
        in[lane] = scalars[(first + lane) % scalars.size()].data();
      }
      row.base_multiple(outs, in);
      for (std::size_t lane = 0; lane < row.lanes; lane++) {
        ed25519_kernels().back().base_multiple(alone, in[lane]);
        REQUIRE(test::hex(out[lane]) == test::hex(alone));
      }
    }
  });
}

TEST_CASE("ed25519: operations side by side use less than 64 KiB of stack", "[ed25519]") {
  static constexpr std::size_t kMost = test::kFramesHoldCopies ? 1 << 19 : 1 << 16;
  const auto key = Ed25519PrivateKey::create(of32(noise(32, 1)));
  Buffer signature(64);
  Ed25519Decoding keys[] = {{key.public_key()}};
  const Bytes parts[] = {keys[0].encoded};
  const Ed25519Signing signings[] = {{&key, parts, MutBytesOf<64>(signature.data(), 64)}};
  const Ed25519ManyKernel& row = cpu::best(ed25519_many_kernels());
  const auto uses = [](const std::function<void()>& body) {
    const std::size_t used = test::stack_used(body);
    INFO(used << " bytes");
    CHECK(used < kMost);
  };
  uses([&] { (void)ed25519_sign_many(signings, &row).ok(); });
  uses([&] { (void)ed25519_public_keys_many(keys, &row).ok(); });
  REQUIRE(keys[0].key.ok());
  Ed25519Verification verifications[] = {{&*keys[0].key, parts, BytesOf<64>(signature.data(), 64)}};
  uses([&] { (void)ed25519_verify_many(verifications, &row).ok(); });
  CHECK(verifications[0].result.ok());
}

TEST_CASE("S02 ed25519: a masked row of several operations is refused", "[ed25519]") {
  const auto key = Ed25519PrivateKey::create(of32(noise(32, 1)));
  const auto public_key = Ed25519PublicKey::create(key.public_key());
  REQUIRE(public_key.ok());
  cpu::set_mask(cpu::Features());
  for (const Ed25519ManyKernel& row : ed25519_many_kernels()) {
    Buffer signature(64);
    const Bytes parts[] = {signature};
    Ed25519Decoding keys[] = {{key.public_key()}};
    const Ed25519Signing signings[] = {{&key, parts, MutBytesOf<64>(signature.data(), 64)}};
    Ed25519Verification verifications[] = {{&*public_key, parts, BytesOf<64>(signature.data(), 64)}};
    const Result<void> results[] = {ed25519_public_keys_many(keys, &row), ed25519_sign_many(signings, &row),
                                    ed25519_verify_many(verifications, &row)};
    for (const auto& result : results) {
      CHECK(result.ok() == (row.required.bits == 0));
      if (!result) {
        CHECK(result.error() == ErrorCode::kernel_unavailable);
        CHECK(signature == Buffer(64));
      }
    }
  }
  cpu::clear_mask();
}

}  // namespace ed25519_many_test
