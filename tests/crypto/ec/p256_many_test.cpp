// SPDX-License-Identifier: Apache-2.0
// P-256 side by side: each operation of a batch gives what it gives alone.
#include <ashlar/crypto/p256_many.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "crypto/ec/slow.hpp"
#include "crypto/rows.hpp"
#include "ec/curves.hpp"
#include "support/bytes.hpp"
#include "support/stack.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::slow::Number;

namespace p256_many_test {
namespace {

const Number kOrder = Number::from_limbs(ec::P256::Order::kValue.v, 4);

Buffer bytes_of(const Number& number) {
  return number.to_bytes(32);
}

P256PrivateKey key_of(const Buffer& scalar) {
  return *P256PrivateKey::create(BytesOf<32>(scalar.data(), 32));
}
P256PrivateKey some_key(std::uint64_t seed) {
  Buffer scalar = noise(32, seed);
  scalar[0] &= 0x7f;
  return key_of(scalar);
}
Buffer point_of(const P256PrivateKey& key) {
  Buffer out(kP256PointSize);
  key.public_key().point(MutBytesOf<kP256PointSize>(out.data(), out.size()));
  return out;
}

bool same(const Result<void>& a, const Result<void>& b) {
  return a.ok() == b.ok() && (a.ok() || a.error() == b.error().code);
}

void check_points(std::span<const P256PrivateKey> keys, const P256ManyKernel* row) {
  std::vector<Buffer> out(keys.size(), Buffer(kP256PointSize));
  std::vector<P256PublicPoint> points;
  for (std::size_t i = 0; i < keys.size(); i++) {
    points.push_back({&keys[i], MutBytesOf<kP256PointSize>(out[i].data(), kP256PointSize)});
  }
  REQUIRE(p256_public_points_many(points, row).ok());
  for (std::size_t i = 0; i < keys.size(); i++) {
    INFO(i);
    REQUIRE(out[i] == point_of(keys[i]));
  }
}

void check_agreements(std::span<const P256PrivateKey> keys, std::span<const P256PublicKey> peers,
                      const P256ManyKernel* row) {
  std::vector<Secret<32>> shared(keys.size());
  std::vector<P256Agreement> agreements;
  for (std::size_t i = 0; i < keys.size(); i++) {
    agreements.push_back({&keys[i], &peers[i], &shared[i]});
  }
  REQUIRE(p256_agree_many(agreements, row).ok());
  for (std::size_t i = 0; i < keys.size(); i++) {
    INFO(i);
    Secret<32> alone;
    REQUIRE(keys[i].agree(peers[i], alone).ok());
    REQUIRE(agreements[i].result.ok());
    REQUIRE(test::hex(shared[i].reveal()) == test::hex(alone.reveal()));
  }
}

struct Signed {
  P256PublicKey key;
  Buffer digest, signature;
};

void check_verifications(std::span<const Signed> all, const P256ManyKernel* row) {
  std::vector<P256Verification> verifications;
  for (const Signed& one : all) {
    verifications.push_back(
        {&one.key, one.digest, BytesOf<kP256SignatureSize>(one.signature.data(), kP256SignatureSize)});
  }
  REQUIRE(p256_verify_many(verifications, row).ok());
  for (std::size_t i = 0; i < all.size(); i++) {
    INFO(i);
    REQUIRE(same(verifications[i].result, all[i].key.verify(all[i].digest, verifications[i].signature)));
  }
}

Signed some_signature(std::uint64_t seed) {
  const P256PrivateKey key = some_key(seed);
  Signed out = {key.public_key(), noise(seed % 5 == 0 ? 20 : seed % 5 == 1 ? 64 : 32, seed + 1), Buffer(64)};
  REQUIRE(key.sign(out.digest, nullptr, MutBytesOf<64>(out.signature.data(), 64)).ok());
  return out;
}

template <class Check>
void on_every_row(Check check) {
  test::on_every_row("P-256 side by side", p256_many_kernels(), check);
}

struct Source {  // random bytes that run out
  std::uint64_t seed;
  int left;
};
Result<void> fill(void* context, MutBytes out) {
  auto& source = *static_cast<Source*>(context);
  if (source.left-- == 0) {
    return ErrorCode::random_unavailable;
  }
  copy_bytes(out, noise(out.size(), source.seed++));
  return {};
}

}  // namespace

TEST_CASE("p-256: any number of operations side by side give what each alone gives", "[ec]") {
  on_every_row([](const P256ManyKernel& row) {
    CHECK(row.lanes <= kMaxP256Lanes);
    for (const P256ManyKernel* const chosen : {&row, static_cast<const P256ManyKernel*>(nullptr)}) {
      for (std::size_t count = 0; count <= 19; count++) {
        INFO(count << " operations");
        std::vector<P256PrivateKey> keys;
        std::vector<P256PublicKey> peers;
        std::vector<Signed> signatures;
        for (std::size_t i = 0; i < count; i++) {
          keys.push_back(some_key(100 * count + i));
          peers.push_back(some_key(9000 + 100 * count + i).public_key());
          signatures.push_back(some_signature(100 * count + i));
          if (i % 3 == 1) {
            signatures[i].signature[(7 * i) % 64] ^= 1;
          }
        }
        check_points(keys, chosen);
        check_agreements(keys, peers, chosen);
        check_verifications(signatures, chosen);
      }
    }
  });
}

TEST_CASE("p-256: signatures side by side are those of each alone, hedged and not", "[ec]") {
  on_every_row([](const P256ManyKernel& row) {
    for (std::size_t count = 1; count <= 17; count += 4) {
      for (const bool hedged : {false, true}) {
        std::vector<P256PrivateKey> keys;
        std::vector<Buffer> digests, together(count, Buffer(64)), alone(count, Buffer(64));
        std::vector<P256Signing> signings;
        for (std::size_t i = 0; i < count; i++) {
          keys.push_back(some_key(count + i));
          digests.push_back(noise(i % 3 == 0 ? 32 : i % 3 == 1 ? 48 : 20, i));
        }
        for (std::size_t i = 0; i < count; i++) {
          signings.push_back({&keys[i], digests[i], MutBytesOf<64>(together[i].data(), 64)});
        }
        Source ours = {5, -1}, theirs = ours;
        const Random random{fill, &ours}, again{fill, &theirs};
        REQUIRE(p256_sign_many(signings, hedged ? &random : nullptr, &row).ok());
        for (std::size_t i = 0; i < count; i++) {
          INFO(i);
          REQUIRE(signings[i].result.ok());
          REQUIRE(
              keys[i].sign(digests[i], hedged ? &again : nullptr, MutBytesOf<64>(alone[i].data(), 64)).ok());
          REQUIRE(together[i] == alone[i]);
        }
      }
    }
  });
}

TEST_CASE("p-256: a source of random bytes that fails in one lane is that lane's affair", "[ec]") {
  on_every_row([](const P256ManyKernel& row) {
    const P256PrivateKey key = some_key(1);
    const Buffer digest = noise(32, 2);
    for (int bad = 0; bad < 8; bad++) {
      std::vector<Buffer> signatures(8, Buffer(64));
      std::vector<P256Signing> signings;
      for (Buffer& signature : signatures) {
        signings.push_back({&key, digest, MutBytesOf<64>(signature.data(), 64)});
      }
      Source source = {1, bad};  // fails once: then the count is below zero
      const Random random{fill, &source};
      REQUIRE(p256_sign_many(signings, &random, &row).ok());
      for (int i = 0; i < 8; i++) {
        const auto& one = signings[static_cast<std::size_t>(i)];
        CHECK(one.result.ok() == (i != bad));
        CHECK(key.public_key().verify(digest, one.signature).ok() == (i != bad));
      }
    }
  });
}

TEST_CASE("p-256: awkward scalars side by side", "[ec]") {
  std::vector<P256PrivateKey> keys;
  for (std::uint32_t k = 1; k <= 72; k++) {
    keys.push_back(key_of(bytes_of(Number(k))));
    keys.push_back(key_of(bytes_of(kOrder - Number(k))));
  }
  // Runs of zeros and ones, and numbers around the half of the order and its digits.
  for (unsigned bit = 6; bit < 256; bit += 5) {
    const Number power = Number::power_of_two(bit);
    keys.push_back(key_of(bytes_of(power)));
    keys.push_back(key_of(bytes_of(power - Number(1))));
    keys.push_back(key_of(bytes_of(kOrder - power)));
    keys.push_back(key_of(bytes_of(kOrder - power + Number(1))));
  }
  on_every_row([&](const P256ManyKernel& row) {
    check_points(keys, &row);
    std::vector<P256PublicKey> peers;
    for (std::size_t i = 0; i < keys.size(); i++) {
      peers.push_back(keys[(7 * i + 3) % keys.size()].public_key());
    }
    check_agreements(keys, peers, &row);
  });
}

TEST_CASE("p-256: signatures whose points meet, side by side", "[ec]") {
  // For Q = q G the sum is (u + v q) G. The key may be chosen so that the partial sums are equal, opposite or
  // infinity, in any lane.
  std::vector<Signed> all;
  const auto add = [&all](const Number& q, const Number& u, const Number& v, bool valid) {
    const P256PrivateKey key = key_of(bytes_of(q));
    // r = v s and e = u s. Let s be 1 / v times r for the x of the sum.
    const Number sum = test::slow::reduce(u + test::slow::multiply(v, q, kOrder), kOrder);
    Buffer r = noise(32, 77);
    r[0] &= 0x7f;
    if (!(sum == Number(0))) {
      const Buffer point = point_of(key_of(bytes_of(sum)));
      r = bytes_of(test::slow::reduce(Number::from_bytes(Bytes(point).subspan(1, 32)), kOrder));
    }
    const Number s = test::slow::multiply(Number::from_bytes(r), test::slow::invert(v, kOrder), kOrder);
    Signed one = {key.public_key(), bytes_of(test::slow::multiply(u, s, kOrder)), r};
    const Buffer tail = bytes_of(s);
    one.signature.insert(one.signature.end(), tail.begin(), tail.end());
    CHECK(one.key.verify(one.digest, BytesOf<64>(one.signature.data(), 64)).ok() == valid);
    all.push_back(one);
  };
  for (std::uint32_t k = 1; k <= 33; k++) {
    add(Number(1), Number(k), Number(k), true);                // equal at the first digit
    add(Number(1), kOrder - Number(k), Number(k), false);      // opposite: the sum is infinity
    add(kOrder - Number(1), Number(k), Number(k), false);      // the same
    add(Number(64), Number(64 * k), Number(k), true);          // equal at a later digit
    add(Number(1), Number(64 * k + k), Number(64 * k), true);  // equal after the digits below
    add(Number(1), Number(0), Number(k), true);                // nothing of the base point
  }
  on_every_row([&](const P256ManyKernel& row) {
    check_verifications(all, &row);
    // In every lane, beside signatures of which nothing is special.
    for (std::size_t lane = 0; lane < 8; lane++) {
      std::vector<Signed> some;
      for (std::size_t i = 0; i < 8; i++) {
        some.push_back(i == lane ? all[lane] : some_signature(i));
      }
      check_verifications(some, &row);
    }
  });
}

TEST_CASE("E02 p-256: r and s out of range in one lane are that lane's affair", "[ec]") {
  on_every_row([](const P256ManyKernel& row) {
    for (std::size_t bad = 0; bad < 8; bad++) {
      std::vector<Signed> all;
      for (std::size_t i = 0; i < 8; i++) {
        all.push_back(some_signature(i));
      }
      const Buffer wrong = bad % 2 == 0 ? Buffer(32) : bytes_of(kOrder);
      std::copy(wrong.begin(), wrong.end(), all[bad].signature.begin() + (bad % 4 < 2 ? 0 : 32));
      check_verifications(all, &row);
    }
    // All are bad.
    std::vector<Signed> all;
    for (std::size_t i = 0; i < 8; i++) {
      all.push_back(some_signature(i));
      all[i].signature = Buffer(64);
    }
    check_verifications(all, &row);
  });
}

TEST_CASE("p-256: many random operations side by side", "[ec]") {
  on_every_row([](const P256ManyKernel& row) {
    for (std::uint64_t round = 0; round < 25; round++) {
      std::vector<P256PrivateKey> keys;
      std::vector<P256PublicKey> peers;
      std::vector<Signed> signatures;
      for (std::uint64_t i = 0; i < 8; i++) {
        keys.push_back(some_key(20000 + 8 * round + i));
        peers.push_back(some_key(30000 + 8 * round + i).public_key());
        signatures.push_back(some_signature(40000 + 8 * round + i));
      }
      check_points(keys, &row);
      check_agreements(keys, peers, &row);
      check_verifications(signatures, &row);
    }
  });
}

TEST_CASE("p-256: operations side by side use less than 64 KiB of stack", "[ec]") {
  static constexpr std::size_t kMost = test::kFramesHoldCopies ? 1 << 19 : 1 << 16;
  const P256PrivateKey key = some_key(3);
  const P256PublicKey peer = key.public_key();
  Secret<32> shared;
  const Buffer digest = noise(32, 1);
  Buffer point(kP256PointSize), signature(64);
  const P256PublicPoint points[] = {{&key, MutBytesOf<kP256PointSize>(point.data(), point.size())}};
  P256Agreement agreements[] = {{&key, &peer, &shared}};
  P256Signing signings[] = {{&key, digest, MutBytesOf<64>(signature.data(), 64)}};
  P256Verification verifications[] = {{&peer, digest, BytesOf<64>(signature.data(), 64)}};
  const P256ManyKernel& row = cpu::best(p256_many_kernels());
  const auto uses = [](const std::function<void()>& body) {
    const std::size_t used = test::stack_used(body);
    INFO(used << " bytes");
    CHECK(used < kMost);
  };
  uses([&] { (void)p256_public_points_many(points, &row).ok(); });
  uses([&] { (void)p256_agree_many(agreements, &row).ok(); });
  uses([&] { (void)p256_sign_many(signings, nullptr, &row).ok(); });
  uses([&] { (void)p256_verify_many(verifications, &row).ok(); });
}

TEST_CASE("S02 p-256: a masked row of several operations is refused", "[ec]") {
  const P256PrivateKey key = some_key(3);
  const P256PublicKey peer = key.public_key();
  cpu::set_mask(cpu::Features());
  for (const P256ManyKernel& row : p256_many_kernels()) {
    Buffer point(kP256PointSize), signature(64);
    Secret<32> shared;
    const P256PublicPoint points[] = {{&key, MutBytesOf<kP256PointSize>(point.data(), point.size())}};
    P256Agreement agreements[] = {{&key, &peer, &shared}};
    P256Signing signings[] = {{&key, point, MutBytesOf<64>(signature.data(), 64)}};
    P256Verification verifications[] = {{&peer, point, BytesOf<64>(signature.data(), 64)}};
    const Result<void> results[] = {p256_public_points_many(points, &row), p256_agree_many(agreements, &row),
                                    p256_sign_many(signings, nullptr, &row),
                                    p256_verify_many(verifications, &row)};
    for (const auto& result : results) {
      CHECK(result.ok() == (row.required.bits == 0));
      if (!result) {
        CHECK(result.error() == ErrorCode::kernel_unavailable);
      }
    }
    if (row.required.bits != 0) {
      CHECK(point == Buffer(kP256PointSize));
      CHECK(signature == Buffer(64));
    }
  }
  cpu::clear_mask();
}

}  // namespace p256_many_test
