// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/aes_cbc_many.hpp>

#include "aes/cbc_many_kernels.hpp"
#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"
#include "support/registers.hpp"
#include "support/skip.hpp"
#include "support/stack.hpp"

#include <deque>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;

namespace {

// A row that makes keys for `row`.
const AesKernel* keys_for(const AesCbcManyKernel& row) {
  return row.required.bits == 0 ? &aes_kernels().back() : nullptr;
}

AesSchedule schedule_of(Bytes key, const AesCbcManyKernel& row) {
  AesSchedule schedule;
  std::memset(static_cast<void*>(&schedule), 0, sizeof schedule);
  const AesKernel* const kernel = keys_for(row);
  (kernel != nullptr ? *kernel : cpu::best(aes_kernels())).expand_encrypt(schedule, key);
  return schedule;
}

// Streams with their keys and buffers.
struct Streams {
  struct One {
    Buffer key;
    AesCbcEncryptor encryptor;
    Buffer iv;
    Buffer chain;
    Buffer room;
    std::size_t shift;
    Bytes in;
    Buffer message;  // what `in` was
    MutBytes out;
  };
  std::deque<One> all;

  // In place, `shift` bytes behind an aligned address.
  void add(Bytes key, const AesKernel* kernel, Bytes iv, Bytes message, std::size_t shift = 0) {
    all.push_back({test::buffer_of(key),
                   *AesCbcEncryptor::create(key, kernel),
                   test::buffer_of(iv),
                   test::buffer_of(iv),
                   Buffer(shift + message.size()),
                   shift,
                   {},
                   test::buffer_of(message),
                   {}});
    One& one = all.back();
    one.out = MutBytes(one.room).subspan(shift);
    copy_bytes(one.out, message);
    one.in = one.out;
  }

  std::vector<AesCbcStream> list() {
    std::vector<AesCbcStream> out;
    for (One& one : all) {
      out.push_back({&one.encryptor, MutBytesOf<16>(one.chain.data(), 16), one.in, one.out});
    }
    return out;
  }

  // Checks that each has the same result as alone, on the portable row.
  void check() const {
    for (const One& one : all) {
      Buffer chain = one.iv;
      Buffer expected(one.message.size());
      auto alone = AesCbcEncryptor::create(one.key, &aes_kernels().back());
      REQUIRE(alone->encrypt(MutBytesOf<16>(chain.data(), 16), one.message, expected).ok());
      REQUIRE_BYTES(one.out, expected);
      REQUIRE_BYTES(one.chain, chain);
    }
  }
};

std::size_t key_size(std::size_t i) {
  return 16 + 8 * (i % 3);
}

}  // namespace

TEST_CASE("aes: SP 800-38A's CBC examples come out of every row of streams side by side", "[aes]") {
  // Appendices F.2.1, F.2.3 and F.2.5. The second half of each message is a separate message.
  const Buffer plain = test::unhex(
      "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51"
      "30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710");
  const Buffer iv = test::unhex("000102030405060708090a0b0c0d0e0f");
  const struct {
    const char* key;
    const char* cipher;
  } examples[] = {
      {"2b7e151628aed2a6abf7158809cf4f3c",
       "7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2"
       "73bed6b8e3c1743b7116e69e22229516 3ff1caa1681fac09120eca307586e1a7"},
      {"8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
       "4f021db243bc633d7178183a9fa071e8 b4d9ada9ad7dedf4e5e738763f69145a"
       "571b242012fb7ae07fa9baac3df102e0 08b0e27988598881d920a9e64f5615cd"},
      {"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
       "f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d"
       "39f23369a9d9bacfa530e26304231461 b2eb05e2c39be9fcda6c19078c6a9d1b"},
  };
  test::on_every_row("AES-CBC of several streams", aes_cbc_many_kernels(), [&](const AesCbcManyKernel& row) {
    Streams streams;
    std::vector<Buffer> expected;
    for (int times = 0; times < 5; ++times) {
      for (const auto& example : examples) {
        const Buffer cipher = test::unhex(example.cipher);
        streams.add(test::unhex(example.key), keys_for(row), iv, plain);
        expected.push_back(cipher);
        streams.add(test::unhex(example.key), keys_for(row), Bytes(cipher).subspan(16, 16),
                    Bytes(plain).last(32));
        expected.push_back(test::buffer_of(Bytes(cipher).last(32)));
      }
    }
    REQUIRE(aes_cbc_encrypt_many(streams.list(), &row).ok());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      CHECK_BYTES(streams.all[i].out, expected[i]);
    }
  });
}

TEST_CASE("aes: S10 streams side by side are what each is alone, for any number, sizes and keys", "[aes]") {
  test::on_every_row("AES-CBC streams against one", aes_cbc_many_kernels(), [&](const AesCbcManyKernel& row) {
    for (std::size_t count = 0; count <= 40; ++count) {
      Streams streams;
      for (std::size_t i = 0; i < count; ++i) {
        // All sizes up to 1104 bytes occur, including empty ones.
        const std::size_t size = 16 * ((count * 41 + i * 29) % 70);
        const std::size_t keyed = count % 2 == 0 ? 16 : key_size(i);
        streams.add(noise(keyed, i), keys_for(row), noise(16, 100 + i), noise(size, 200 + i),
                    (count + i) % 64);
      }
      REQUIRE(aes_cbc_encrypt_many(streams.list(), &row).ok());
      streams.check();
    }
  });
}

TEST_CASE("aes: S10 long streams side by side, of lengths around 4 KiB and 16 KiB, apart and in place",
          "[aes]") {
  test::on_every_row("AES-CBC long streams", aes_cbc_many_kernels(), [&](const AesCbcManyKernel& row) {
    for (const std::size_t around : {4096u, 16384u}) {
      Streams streams;
      std::deque<Buffer> apart;
      for (std::size_t i = 0; i < 18; ++i) {
        const std::size_t size = around - 64 + 16 * (i % 9);
        streams.add(noise(key_size(i / 8), i), keys_for(row), noise(16, 100 + i), noise(size, 200 + i), i);
        if (i % 2 == 0) {
          apart.emplace_back(size);
          streams.all.back().out = apart.back();
        }
      }
      REQUIRE(aes_cbc_encrypt_many(streams.list(), &row).ok());
      streams.check();
    }
  });
}

TEST_CASE("aes: keys of any row serve on every row of streams, mixed, and so does the chosen one", "[aes]") {
  for (const AesCbcManyKernel* row = aes_cbc_many_kernels().data();; ++row) {
    const bool past = row == aes_cbc_many_kernels().data() + aes_cbc_many_kernels().size();
    if (!past && !test::runs_here(*row)) {
      continue;
    }
    Streams streams;
    for (std::size_t i = 0; i < 40; ++i) {
      const AesKernel& kernel = aes_kernels()[i % aes_kernels().size()];
      streams.add(noise(key_size(i / 2), i), test::runs_here(kernel) ? &kernel : nullptr, noise(16, i),
                  noise(16 * (i % 11), i));
    }
    REQUIRE(aes_cbc_encrypt_many(streams.list(), past ? nullptr : row).ok());
    streams.check();
    if (past) {
      break;
    }
  }
}

TEST_CASE("aes: several streams may share a key and go on in a later call", "[aes]") {
  const auto key = AesCbcEncryptor::create(noise(32));
  std::deque<Buffer> messages;
  std::deque<Buffer> chains;
  for (std::size_t i = 0; i < 5; ++i) {
    messages.push_back(noise(320, i));
    chains.push_back(noise(16, i));
  }
  std::deque<Buffer> out = messages;
  for (const std::size_t at : {0u, 160u}) {
    std::vector<AesCbcStream> streams;
    for (std::size_t i = 0; i < 5; ++i) {
      const MutBytes part = MutBytes(out[i]).subspan(at, 160);
      streams.push_back({&*key, MutBytesOf<16>(chains[i].data(), 16), part, part});
    }
    REQUIRE(aes_cbc_encrypt_many(streams).ok());
  }
  for (std::size_t i = 0; i < 5; ++i) {
    Buffer chain = noise(16, i);
    REQUIRE(key->encrypt(MutBytesOf<16>(chain.data(), 16), messages[i], messages[i]).ok());
    CHECK(out[i] == messages[i]);
    CHECK(chains[i] == chain);
  }
}

TEST_CASE("aes: S10 streams side by side touch no memory outside their buffers", "[aes]") {
  std::deque<test::Guarded> memory;
  test::on_every_row("AES-CBC streams between guard pages", aes_cbc_many_kernels(),
                     [&](const AesCbcManyKernel& row) {
                       for (std::size_t blocks = 0; blocks <= 20; ++blocks) {
                         for (const bool at_end : {false, true}) {
                           Streams streams;
                           for (std::size_t i = 0; i < 2 * row.lanes + 1; ++i) {
                             if (memory.size() <= 2 * i) {
                               memory.emplace_back(320u);
                               memory.emplace_back(320u);
                             }
                             const Buffer message = noise(16 * ((blocks + i) % 21), i);
                             streams.add(noise(16, i), keys_for(row), noise(16, 100 + i), message);
                             Streams::One& one = streams.all.back();
                             test::Guarded& in = memory[2 * i];
                             test::Guarded& out = memory[2 * i + 1];
                             one.in = at_end ? in.at_end(message) : in.at_start(message);
                             one.out = at_end ? out.at_end(message.size()) : out.at_start(message.size());
                           }
                           REQUIRE(aes_cbc_encrypt_many(streams.list(), &row).ok());
                           streams.check();
                         }
                       }
                     });
}

TEST_CASE("aes: what one stream may not be, several may not be either, and then nothing is written",
          "[aes]") {
  const auto key = AesCbcEncryptor::create(noise(16));
  Buffer good = noise(64, 1);
  Buffer other = noise(64, 2);
  Buffer ivs = noise(32, 3);
  const Buffer before = good;
  const auto outcome = [&](Bytes in, MutBytes out, const AesCbcManyKernel* row = nullptr) {
    const AesCbcStream streams[] = {{&*key, MutBytesOf<16>(ivs.data(), 16), good, good},
                                    {&*key, MutBytesOf<16>(ivs.data() + 16, 16), in, out}};
    return aes_cbc_encrypt_many(streams, row);
  };
  const MutBytes buffer(other);
  CHECK(outcome(buffer.first(17), buffer.first(17)).error() == ErrorCode::not_block_multiple);
  CHECK(outcome(buffer.first(32), buffer.first(48)).error() == ErrorCode::invalid_argument);
  CHECK(outcome(buffer.first(32), buffer.subspan(16, 32)).error() == ErrorCode::partial_overlap);
  cpu::set_mask(cpu::Features());
  for (const AesCbcManyKernel& row : aes_cbc_many_kernels()) {
    if (row.required.bits != 0) {
      CHECK(outcome(buffer, buffer, &row).error() == ErrorCode::kernel_unavailable);
    }
  }
  cpu::clear_mask();
  CHECK(good == before);
  CHECK(ivs == noise(32, 3));
  CHECK(outcome(buffer, buffer).ok());
  CHECK(good != before);
}

TEST_CASE("aes: S12 streams side by side leave nothing in the vector registers and no key on the stack",
          "[aes]") {
  test::on_every_row("AES-CBC streams, secrets", aes_cbc_many_kernels(), [&](const AesCbcManyKernel& row) {
    for (const std::size_t count : {1u, 2u, 3u, 16u, 19u}) {
      for (const std::size_t size : {16u, 48u, 320u}) {
        Streams streams;
        for (std::size_t i = 0; i < count; ++i) {
          streams.add(noise(key_size(size), i), keys_for(row), noise(16, 100 + i),
                      noise(size + 16 * (i % 3), i));
        }
        const std::vector<AesCbcStream> list = streams.list();
        const auto run = [&] { (void)aes_cbc_encrypt_many(list, &row); };
        for (const Streams::One& one : streams.all) {
          INFO(count << " streams from " << size << " bytes on, key of " << one.key.size());
          if (!test::kFramesHoldCopies) {
            CHECK(test::words_left_on_stack(schedule_of(one.key, row).round_keys, run) == 0);
          }
        }
      }
    }
    // The content of the lanes while the kernel runs: the keys side by side.
    AesCbcLanes lanes;
    std::memset(static_cast<void*>(&lanes), 0, sizeof lanes);
    lanes.rounds = 10;
    Streams streams;
    for (std::size_t i = 0; i < row.lanes; ++i) {
      streams.add(noise(16, i), keys_for(row), noise(16, 100 + i), noise(160, i));
      lanes.in[i] = streams.all[i].in.data();
      lanes.out[i] = streams.all[i].out.data();
      row.seat(lanes, i, schedule_of(streams.all[i].key, row));
    }
    const std::vector<AesCbcStream> list = streams.list();
    if (!test::kFramesHoldCopies) {
      CHECK(test::words_left_on_stack(lanes.round_keys, [&] { (void)aes_cbc_encrypt_many(list, &row); }) ==
            0);
    }
    if (row.required.bits != 0 && !test::kThreadSanitised) {
      for (const std::size_t blocks : {1u, 4u, 7u}) {
        CHECK(test::clears_vectors([&] { row.encrypt(lanes, blocks); }));
      }
    }
  });
}

TEST_CASE("aes: streams side by side take less than 8 kB of stack", "[aes]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames are larger");
  }
  Streams streams;
  for (std::size_t i = 0; i < 40; ++i) {
    streams.add(noise(key_size(i), i), nullptr, noise(16, i), noise(16 * i, i));
  }
  const std::vector<AesCbcStream> list = streams.list();
  CHECK(test::stack_used([&] { (void)aes_cbc_encrypt_many(list); }) < 8192);
}
