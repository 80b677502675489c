// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hash_many.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;

namespace {

const HashAlgorithm* const kAll[] = {&kSha1,     &kSha224,     &kSha256,     &kSha384,
                                     &kSha512,   &kSha512_224, &kSha512_256, &kSha3_224,
                                     &kSha3_256, &kSha3_384,   &kSha3_512};

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

Buffer many(const HashAlgorithm& algorithm, const std::vector<Bytes>& messages,
            const HashManyKernel* row = nullptr) {
  Buffer out(messages.size() * algorithm.digest_size);
  hash_many(algorithm, messages, out, row);
  return out;
}

// Messages that lie in `data` at any alignment, with lengths from a sequence that repeats none for long.
std::vector<Bytes> pieces(const Buffer& data, std::size_t count, std::size_t longest, std::uint64_t seed) {
  const Buffer random = noise(4 * count, seed);
  std::vector<Bytes> out;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t size = (random[4 * i] * 256u + random[4 * i + 1]) % (longest + 1);
    out.push_back(Bytes(data).subspan(random[4 * i + 2], size));
  }
  return out;
}

// A row of any width, so that the scheduler is held to account on every machine: lane after lane.
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
std::span<const HashManyKernel> plain_rows_sha256() {
  static constexpr HashManyKernel kRows[] = {kPlainRow<kSha256, 16>, kPlainRow<kSha256, 5, 100>,
                                             kPlainRow<kSha256, 2>, kOneAtATime};
  return kRows;
}
std::span<const HashManyKernel> plain_rows_sha3() {
  static constexpr HashManyKernel kRows[] = {kPlainRow<kSha3_256, 8>, kPlainRow<kSha3_256, 4>, kOneAtATime};
  return kRows;
}

// SHA-256 with rows that count their calls. The first needs what a CPU may lack, the third long messages.
std::size_t calls[3];
template <std::size_t Row, std::size_t Lanes>
void compress_counted(void* states, const std::uint8_t* const* data, std::size_t blocks) {
  ++calls[Row];
  compress_lanes<kSha256, Lanes>(states, data, blocks);
}
std::span<const HashManyKernel> counted_rows() {
  static constexpr HashManyKernel kRows[] = {
      {"sixteen", cpu::Features(cpu::Feature::avx2), 16, 2, compress_counted<0, 16>},
      {"eight", cpu::Features(), 8, 5, compress_counted<1, 8>},
      {"two", cpu::Features(), 2, 2, compress_counted<2, 2>, 100},
      kOneAtATime};
  return kRows;
}

// check(row) for every row of every algorithm, and for null, which is the choice by number.
template <class Check>
void on_every_choice(Check check) {
  for (const HashAlgorithm* algorithm : kAll) {
    test::on_every_row(std::string(algorithm->name) + " side by side", algorithm->many_kernels(),
                       [&](const HashManyKernel& row) { check(*algorithm, &row); });
    check(*algorithm, nullptr);
  }
  HashAlgorithm plain = kSha256;
  plain.many_kernels = plain_rows_sha256;
  check(plain, &plain.many_kernels()[1]);
  check(plain, nullptr);
  plain = kSha3_256;
  plain.many_kernels = plain_rows_sha3;
  check(plain, &plain.many_kernels()[0]);
  check(plain, nullptr);
}

}  // namespace

TEST_CASE("hash_many: one to three dozen messages of equal length, every length to 300", "[hash]") {
  const Buffer data = noise(300 + 64, 1);
  on_every_choice([&](const HashAlgorithm& algorithm, const HashManyKernel* row) {
    for (std::size_t size = 0; size <= 300; ++size) {
      std::vector<Bytes> messages;
      for (std::size_t i = 0; i < 1 + size % 36; ++i) {
        messages.push_back(Bytes(data).subspan((7 * i) % 64, size));
      }
      REQUIRE_BYTES(many(algorithm, messages, row), one_by_one(algorithm, messages));
    }
  });
}

TEST_CASE("hash_many: S10 unequal lengths, where lanes are filled again and run dry one after the other",
          "[hash]") {
  const Buffer data = noise(5000 + 256, 2);
  on_every_choice([&](const HashAlgorithm& algorithm, const HashManyKernel* row) {
    for (std::size_t count = 0; count <= 40; ++count) {
      const auto messages = pieces(data, count, 1100, count);
      REQUIRE_BYTES(many(algorithm, messages, row), one_by_one(algorithm, messages));
    }
    const auto longer = pieces(data, 25, 5000, 3);
    CHECK_BYTES(many(algorithm, longer, row), one_by_one(algorithm, longer));
  });
}

TEST_CASE("hash_many: hundreds of messages, most of them short, and a long one among them", "[hash]") {
  const Buffer data = noise(20000, 4);
  on_every_choice([&](const HashAlgorithm& algorithm, const HashManyKernel* row) {
    auto messages = pieces(data, 400, 140, 5);
    messages[3] = Bytes(data);
    messages[399] = Bytes(data).first(10000);
    CHECK_BYTES(many(algorithm, messages, row), one_by_one(algorithm, messages));
  });
}

TEST_CASE("hash_many: no message, one message, empty messages", "[hash]") {
  on_every_choice([&](const HashAlgorithm& algorithm, const HashManyKernel* row) {
    hash_many(algorithm, {}, {}, row);
    const Buffer data = noise(100, 6);
    for (const std::size_t size : {0u, 1u, 100u}) {
      const std::vector<Bytes> one = {Bytes(data).first(size)};
      CHECK_BYTES(many(algorithm, one, row), one_by_one(algorithm, one));
    }
    const std::vector<Bytes> empty(21);
    CHECK_BYTES(many(algorithm, empty, row), one_by_one(algorithm, empty));
  });
}

TEST_CASE("hash_many: S10 no row reads outside a message or writes outside the digests", "[hash]") {
  test::Guarded inputs(512);
  test::Guarded outputs(20 * kMaxDigestSize);
  on_every_choice([&](const HashAlgorithm& algorithm, const HashManyKernel* row) {
    const Buffer data = noise(300, 7);
    for (std::size_t size = 0; size <= 300; size += 3) {
      const Bytes message = inputs.at_end(Bytes(data).first(size));
      // Shorter messages beside it end at the same page.
      std::vector<Bytes> messages;
      for (std::size_t i = 0; i < 20; ++i) {
        messages.push_back(message.last(size - std::min(size, 11 * (i % 5))));
      }
      const MutBytes digests = outputs.at_end(messages.size() * algorithm.digest_size);
      hash_many(algorithm, messages, digests, row);
      REQUIRE_BYTES(digests, one_by_one(algorithm, messages));
    }
  });
}

TEST_CASE("hash_many: the row asked for runs, else those that the CPU has and that pay for the messages left",
          "[hash]") {
  HashAlgorithm counted = kSha256;
  counted.many_kernels = counted_rows;
  const Buffer data = noise(200, 8);
  const auto calls_for = [&](std::size_t count, std::size_t size, const HashManyKernel* row = nullptr) {
    std::fill(std::begin(calls), std::end(calls), 0);
    const std::vector<Bytes> messages(count, Bytes(data).first(size));
    REQUIRE_BYTES(many(counted, messages, row), one_by_one(counted, messages));
    return std::vector<std::size_t>(std::begin(calls), std::end(calls));
  };
  using Calls = std::vector<std::size_t>;
  // Two calls for each set of lanes, whole blocks and tail, or one where the tail is all.
  cpu::set_mask(cpu::Features());
  CHECK(calls_for(20, 200) == Calls{0, 4, 4});
  CHECK(calls_for(5, 200) == Calls{0, 2, 0});
  CHECK(calls_for(4, 200) == Calls{0, 0, 4});
  CHECK(calls_for(2, 100) == Calls{0, 0, 2});
  CHECK(calls_for(2, 99) == Calls{0, 0, 0});
  CHECK(calls_for(1, 200) == Calls{0, 0, 0});
  CHECK(calls_for(20, 50) == Calls{0, 2, 0});
  CHECK(calls_for(1, 200, &counted_rows()[1]) == Calls{0, 2, 0});
  CHECK(calls_for(20, 200, &counted_rows()[3]) == Calls{0, 0, 0});
  cpu::clear_mask();
  if (cpu::features().has(cpu::Feature::avx2)) {
    CHECK(calls_for(17, 200) == Calls{2, 0, 0});
  }
}

TEST_CASE("hash_many: each table ends with the row that takes one message after the other", "[hash]") {
  for (const HashAlgorithm* algorithm : kAll) {
    const auto table = algorithm->many_kernels();
    CHECK(table.back().name == kOneAtATime.name);
    for (const HashManyKernel& row : table) {
      CHECK(row.lanes <= kMaxHashLanes);
      CHECK(row.from >= 1);
      CHECK((row.compress == nullptr) == (&row == &table.back()));
    }
  }
}
