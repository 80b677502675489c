// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hash_many.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "crypto/tables.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;

namespace {

// The digests of `messages` one at a time on the portable row.
Buffer one_by_one(const HashAlgorithm& algorithm, const std::vector<Bytes>& messages) {
  Buffer out(messages.size() * algorithm.digest_size);
  for (std::size_t i = 0; i < messages.size(); ++i) {
    Hash(algorithm, &algorithm.kernels().back())
        .update(messages[i])
        .finish(MutBytes(out).subspan(i * algorithm.digest_size));
  }
  return out;
}

Buffer together(const HashMany& many, const std::vector<Bytes>& messages, const HashManyKernel* row) {
  Buffer out(messages.size() * many.hash->digest_size);
  hash_many(many, messages, out, row);
  return out;
}

// Messages in `data` at any alignment, with lengths from a sequence with a long period.
std::vector<Bytes> pieces(const Buffer& data, std::size_t count, std::size_t longest, std::uint64_t seed) {
  const Buffer random = noise(4 * count, seed);
  std::vector<Bytes> out;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t size = (random[4 * i] * 256u + random[4 * i + 1]) % (longest + 1);
    out.push_back(Bytes(data).subspan(random[4 * i + 2], size));
  }
  return out;
}

// A row of any width that works lane by lane, so that every machine can test the scheduler.
template <const HashAlgorithm& Algorithm, std::size_t Lanes>
void compress_lanes(void* states, const std::uint8_t* const* data, std::size_t blocks) {
  const std::size_t word = Algorithm.word_size;
  auto* const interleaved = static_cast<std::uint8_t*>(states);
  for (std::size_t lane = 0; lane < Lanes; ++lane) {
    alignas(64) std::uint8_t state[Hash::kStateCapacity];
    for (std::size_t w = 0; w < Algorithm.state_size / word; ++w) {
      std::memcpy(state + w * word, interleaved + (w * Lanes + lane) * word, word);
    }
    Algorithm.kernels().back().compress(state, data[lane], blocks);
    for (std::size_t w = 0; w < Algorithm.state_size / word; ++w) {
      std::memcpy(interleaved + (w * Lanes + lane) * word, state + w * word, word);
    }
  }
}
template <const HashAlgorithm& Algorithm, std::size_t Lanes, std::size_t FromSize = 0>
constexpr HashManyKernel kPlainRow = {
    "lane after lane", cpu::Features(), Lanes, Lanes / 2 + 1, compress_lanes<Algorithm, Lanes>, FromSize};

// SHA-256 and SHA3-256 with tables of such rows.
constexpr HashManyKernel kPlainRowsSha256[] = {kPlainRow<kSha256, 16>, kPlainRow<kSha256, 5, 100>,
                                               kPlainRow<kSha256, 2>, kOneAtATime};
constexpr HashManyKernel kPlainRowsSha3[] = {kPlainRow<kSha3_256, 8>, kPlainRow<kSha3_256, 4>, kOneAtATime};
constexpr HashMany kPlainSha256 = {&kSha256, kPlainRowsSha256};
constexpr HashMany kPlainSha3 = {&kSha3_256, kPlainRowsSha3};

// SHA-256 with rows that count their calls. The first needs a feature that a CPU may lack. The third needs
// long messages.
std::size_t calls[3];
template <std::size_t Row, std::size_t Lanes>
void compress_counted(void* states, const std::uint8_t* const* data, std::size_t blocks) {
  ++calls[Row];
  compress_lanes<kSha256, Lanes>(states, data, blocks);
}
constexpr HashManyKernel kCountedRows[] = {
    {"sixteen", cpu::Features(cpu::Feature::avx2), 16, 2, compress_counted<0, 16>},
    {"eight", cpu::Features(), 8, 5, compress_counted<1, 8>},
    {"two", cpu::Features(), 2, 2, compress_counted<2, 2>, 100},
    kOneAtATime};
constexpr HashMany kCounted = {&kSha256, kCountedRows};

// check(many, row) for every row of every algorithm, and for null, which chooses by the number of messages.
template <class Check>
void on_every_choice(Check check) {
  for (const HashMany* many : test::kEveryHashMany) {
    test::on_every_row(std::string(many->hash->name) + " side by side", many->kernels,
                       [&](const HashManyKernel& row) { check(*many, &row); });
    check(*many, nullptr);
  }
  check(kPlainSha256, &kPlainRowsSha256[1]);
  check(kPlainSha256, nullptr);
  check(kPlainSha3, &kPlainRowsSha3[0]);
  check(kPlainSha3, nullptr);
}

}  // namespace

TEST_CASE("hash_many: one to three dozen messages of equal length, every length to 300", "[hash]") {
  const Buffer data = noise(300 + 64, 1);
  on_every_choice([&](const HashMany& many, const HashManyKernel* row) {
    for (std::size_t size = 0; size <= 300; ++size) {
      std::vector<Bytes> messages;
      for (std::size_t i = 0; i < 1 + size % 36; ++i) {
        messages.push_back(Bytes(data).subspan((7 * i) % 64, size));
      }
      REQUIRE_BYTES(together(many, messages, row), one_by_one(*many.hash, messages));
    }
  });
}

TEST_CASE("hash_many: S10 unequal lengths, where lanes are filled again and run dry one after the other",
          "[hash]") {
  const Buffer data = noise(5000 + 256, 2);
  on_every_choice([&](const HashMany& many, const HashManyKernel* row) {
    for (std::size_t count = 0; count <= 40; ++count) {
      const auto messages = pieces(data, count, 1100, count);
      REQUIRE_BYTES(together(many, messages, row), one_by_one(*many.hash, messages));
    }
    const auto longer = pieces(data, 25, 5000, 3);
    CHECK_BYTES(together(many, longer, row), one_by_one(*many.hash, longer));
  });
}

TEST_CASE("hash_many: hundreds of messages, most of them short, and a long one among them", "[hash]") {
  const Buffer data = noise(20000, 4);
  on_every_choice([&](const HashMany& many, const HashManyKernel* row) {
    auto messages = pieces(data, 400, 140, 5);
    messages[3] = Bytes(data);
    messages[399] = Bytes(data).first(10000);
    CHECK_BYTES(together(many, messages, row), one_by_one(*many.hash, messages));
  });
}

TEST_CASE("hash_many: no message, one message, empty messages", "[hash]") {
  on_every_choice([&](const HashMany& many, const HashManyKernel* row) {
    hash_many(many, {}, {}, row);
    const Buffer data = noise(100, 6);
    for (const std::size_t size : {0u, 1u, 100u}) {
      const std::vector<Bytes> one = {Bytes(data).first(size)};
      CHECK_BYTES(together(many, one, row), one_by_one(*many.hash, one));
    }
    const std::vector<Bytes> empty(21);
    CHECK_BYTES(together(many, empty, row), one_by_one(*many.hash, empty));
  });
}

TEST_CASE("hash_many: S10 no row reads outside a message or writes outside the digests", "[hash]") {
  test::Guarded inputs(512);
  test::Guarded outputs(20 * kMaxDigestSize);
  on_every_choice([&](const HashMany& many, const HashManyKernel* row) {
    const Buffer data = noise(300, 7);
    for (std::size_t size = 0; size <= 300; size += 3) {
      const Bytes message = inputs.at_end(Bytes(data).first(size));
      // Shorter messages beside it end at the same page boundary.
      std::vector<Bytes> messages;
      for (std::size_t i = 0; i < 20; ++i) {
        messages.push_back(message.last(size - std::min(size, 11 * (i % 5))));
      }
      const MutBytes digests = outputs.at_end(messages.size() * many.hash->digest_size);
      hash_many(many, messages, digests, row);
      REQUIRE_BYTES(digests, one_by_one(*many.hash, messages));
    }
  });
}

TEST_CASE("hash_many: the row asked for runs, else those that the CPU has and that pay for the messages left",
          "[hash]") {
  const Buffer data = noise(200, 8);
  const auto calls_for = [&](std::size_t count, std::size_t size, const HashManyKernel* row = nullptr) {
    std::fill(std::begin(calls), std::end(calls), 0);
    const std::vector<Bytes> messages(count, Bytes(data).first(size));
    REQUIRE_BYTES(together(kCounted, messages, row), one_by_one(kSha256, messages));
    return std::vector<std::size_t>(std::begin(calls), std::end(calls));
  };
  using Calls = std::vector<std::size_t>;
  // Two calls for each set of lanes, for whole blocks and tail, or one call if there is only a tail.
  cpu::set_mask(cpu::Features());
  CHECK(calls_for(20, 200) == Calls{0, 4, 4});
  CHECK(calls_for(5, 200) == Calls{0, 2, 0});
  CHECK(calls_for(4, 200) == Calls{0, 0, 4});
  CHECK(calls_for(2, 100) == Calls{0, 0, 2});
  CHECK(calls_for(2, 99) == Calls{0, 0, 0});
  CHECK(calls_for(1, 200) == Calls{0, 0, 0});
  CHECK(calls_for(20, 50) == Calls{0, 2, 0});
  CHECK(calls_for(1, 200, &kCountedRows[1]) == Calls{0, 2, 0});
  CHECK(calls_for(20, 200, &kCountedRows[3]) == Calls{0, 0, 0});
  cpu::clear_mask();
  if (cpu::features().has(cpu::Feature::avx2)) {
    CHECK(calls_for(17, 200) == Calls{2, 0, 0});
  }
}

TEST_CASE("hash_many: each table ends with the row that takes one message after the other", "[hash]") {
  for (const HashMany* many : test::kEveryHashMany) {
    const auto table = many->kernels;
    CHECK(table.back().name == kOneAtATime.name);
    for (const HashManyKernel& row : table) {
      CHECK(row.lanes <= kMaxHashLanes);
      CHECK(row.from >= 1);
      CHECK((row.compress == nullptr) == (&row == &table.back()));
    }
  }
}
