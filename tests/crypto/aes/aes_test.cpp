// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/aes.hpp>

#include "aes/aes_kernels.hpp"
#include "catch.hpp"
#include "crypto/key_ends.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"
#include "support/registers.hpp"
#include "support/skip.hpp"
#include "support/stack.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;

namespace aes_test {
namespace {

std::size_t blocks_of(Bytes bytes) {
  return bytes.size() / 16;
}

Buffer ecb(const AesKernel& row, Bytes key, Bytes in, bool encrypt) {
  AesSchedule schedule;
  Buffer out(in.size());
  (encrypt ? row.expand_encrypt : row.expand_decrypt)(schedule, key);
  (encrypt ? row.encrypt_blocks : row.decrypt_blocks)(schedule, in.data(), out.data(), blocks_of(in));
  return out;
}

Buffer cbc_encrypt(const AesKernel* row, Bytes key, Bytes iv, Bytes in) {
  Buffer chain = test::buffer_of(iv);
  Buffer out(in.size());
  auto cipher = AesCbcEncryptor::create(key, row);
  REQUIRE(cipher.ok());
  REQUIRE(cipher->encrypt(MutBytesOf<16>(chain.data(), 16), in, out).ok());
  return out;
}

Buffer cbc_decrypt(const AesKernel* row, Bytes key, Bytes iv, Bytes in) {
  Buffer chain = test::buffer_of(iv);
  Buffer out(in.size());
  auto cipher = AesCbcDecryptor::create(key, row);
  REQUIRE(cipher.ok());
  REQUIRE(cipher->decrypt(MutBytesOf<16>(chain.data(), 16), in, out).ok());
  return out;
}

Buffer ctr(const AesKernel* row, Bytes key, Bytes counter, Bytes in) {
  Buffer out(in.size());
  auto cipher = AesCtr::create(key, BytesOf<16>(counter.data(), 16), row);
  REQUIRE(cipher.ok());
  REQUIRE(cipher->apply(in, out).ok());
  return out;
}

// SP 800-38A appendix F: the plaintext of all its examples, and its ciphertext in each mode under each key.
const char* const kPlain =
    "6bc1bee22e409f96e93d7e117393172a ae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52ef f69f2445df4f9b17ad2b417be66c3710";
struct Examples {
  const char* key;
  const char* ecb;
  const char* cbc;
  const char* ctr;
};
const Examples kExamples[] = {
    {"2b7e151628aed2a6abf7158809cf4f3c",
     "3ad77bb40d7a3660a89ecaf32466ef97 f5d3d58503b9699de785895a96fdbaaf"
     "43b1cd7f598ece23881b00e3ed030688 7b0c785e27e8ad3f8223207104725dd4",
     "7649abac8119b246cee98e9b12e9197d 5086cb9b507219ee95db113a917678b2"
     "73bed6b8e3c1743b7116e69e22229516 3ff1caa1681fac09120eca307586e1a7",
     "874d6191b620e3261bef6864990db6ce 9806f66b7970fdff8617187bb9fffdff"
     "5ae4df3edbd5d35e5b4f09020db03eab 1e031dda2fbe03d1792170a0f3009cee"},
    {"8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
     "bd334f1d6e45f25ff712a214571fa5cc 974104846d0ad3ad7734ecb3ecee4eef"
     "ef7afd2270e2e60adce0ba2face6444e 9a4b41ba738d6c72fb16691603c18e0e",
     "4f021db243bc633d7178183a9fa071e8 b4d9ada9ad7dedf4e5e738763f69145a"
     "571b242012fb7ae07fa9baac3df102e0 08b0e27988598881d920a9e64f5615cd",
     "1abc932417521ca24f2b0459fe7e6e0b 090339ec0aa6faefd5ccc2c6f4ce8e94"
     "1e36b26bd1ebc670d1bd1d665620abf7 4f78a7f6d29809585a97daec58c6b050"},
    {"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
     "f3eed1bdb5d2a03c064b5a7e3db181f8 591ccb10d410ed26dc5ba74a31362870"
     "b6ed21b99ca6f4f9f153e7b1beafed1d 23304b7a39f9f3ff067d8d8f9e24ecc7",
     "f58c4c04d6e5f1ba779eabfb5f7bfbd6 9cfc4e967edb808d679f777bc6702c7d"
     "39f23369a9d9bacfa530e26304231461 b2eb05e2c39be9fcda6c19078c6a9d1b",
     "601ec313775789a5b7a7f504bbf3d228 f443e3ca4d62b59aca84e990cacaf5c5"
     "2b0930daa23de94ce87017ba2d84988d dfc9c58db67aada613c2dd08457941a6"},
};

const std::size_t kKeySizes[] = {16, 24, 32};

}  // namespace

TEST_CASE("aes: FIPS 197 appendix C comes out of every row, both ways", "[aes]") {
  const Buffer plain = unhex("00112233445566778899aabbccddeeff");
  const Buffer key = unhex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  const char* const ciphertexts[] = {"69c4e0d86a7b0430d8cdb78070b4c55a", "dda97ca4864cdfe06eaf70a0ec0d7191",
                                     "8ea2b7ca516745bfeafc49904b496089"};
  test::on_every_row("AES", aes_kernels(), [&](const AesKernel& row) {
    for (std::size_t i = 0; i < 3; ++i) {
      const Bytes part = Bytes(key).first(kKeySizes[i]);
      CHECK_BYTES(ecb(row, part, plain, true), ciphertexts[i]);
      CHECK_BYTES(ecb(row, part, unhex(ciphertexts[i]), false), plain);
    }
  });
}

TEST_CASE("aes: SP 800-38A appendix F comes out of every row: ECB, CBC and CTR", "[aes]") {
  const Buffer plain = unhex(kPlain);
  const Buffer iv = unhex("000102030405060708090a0b0c0d0e0f");
  const Buffer counter = unhex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
  test::on_every_row("AES modes", aes_kernels(), [&](const AesKernel& row) {
    for (const Examples& example : kExamples) {
      const Buffer key = unhex(example.key);
      CHECK_BYTES(ecb(row, key, plain, true), example.ecb);
      CHECK_BYTES(ecb(row, key, unhex(example.ecb), false), plain);
      CHECK_BYTES(cbc_encrypt(&row, key, iv, plain), example.cbc);
      CHECK_BYTES(cbc_decrypt(&row, key, iv, unhex(example.cbc)), plain);
      CHECK_BYTES(ctr(&row, key, counter, plain), example.ctr);
      CHECK_BYTES(ctr(&row, key, counter, unhex(example.ctr)), plain);
    }
  });
}

// Like the Monte Carlo tests of AESAVS: a long chain through every byte value of state and key.
TEST_CASE("aes: a thousand chained blocks under chained keys agree on every row", "[aes]") {
  for (const std::size_t key_size : kKeySizes) {
    std::string first;
    test::on_every_row("AES chain", aes_kernels(), [&](const AesKernel& row) {
      Buffer key = noise(key_size, 3);
      Buffer block = noise(16, 4);
      for (int i = 0; i < 1000; ++i) {
        const Buffer next = ecb(row, key, block, true);
        REQUIRE(ecb(row, key, next, false) == block);
        for (std::size_t j = 0; j < 16; ++j) {
          key[(j + static_cast<std::size_t>(i)) % key_size] ^= next[j];
        }
        block = next;
      }
      if (first.empty()) {
        first = test::hex(block);
      }
      CHECK(test::hex(block) == first);
    });
  }
}

TEST_CASE("aes: S10 every row agrees with the portable one over block counts, alignments and in place",
          "[aes]") {
  const AesKernel& portable = aes_kernels().back();
  test::on_every_row("AES against portable", aes_kernels(), [&](const AesKernel& row) {
    for (const std::size_t key_size : kKeySizes) {
      const Buffer key = noise(key_size, 11);
      const Buffer iv = noise(16, 12);
      // Every count to 70 blocks, then around 4 KiB and 16 KiB.
      for (std::size_t blocks = 0; blocks <= 1030; blocks += blocks == 70 ? 183 : blocks == 260 ? 760 : 1) {
        const std::size_t shift = blocks % 64;
        Buffer room = noise(shift + blocks * 16, blocks);
        const MutBytes in = MutBytes(room).subspan(shift);
        const Buffer before = test::buffer_of(Bytes(in));
        REQUIRE(ecb(row, key, in, true) == ecb(portable, key, in, true));
        REQUIRE(ecb(row, key, in, false) == ecb(portable, key, in, false));
        const Buffer encrypted = cbc_encrypt(&row, key, iv, in);
        REQUIRE(encrypted == cbc_encrypt(&portable, key, iv, in));
        const Buffer decrypted = cbc_decrypt(&row, key, iv, in);
        REQUIRE(decrypted == cbc_decrypt(&portable, key, iv, in));

        Buffer chain = iv;
        auto encryptor = AesCbcEncryptor::create(key, &row);
        REQUIRE(encryptor->encrypt(MutBytesOf<16>(chain.data(), 16), in, in).ok());
        REQUIRE_BYTES(in, encrypted);
        REQUIRE_BYTES(chain, blocks == 0 ? Bytes(iv) : Bytes(encrypted).last(16));
        chain = iv;
        auto decryptor = AesCbcDecryptor::create(key, &row);
        REQUIRE(decryptor->decrypt(MutBytesOf<16>(chain.data(), 16), in, in).ok());
        REQUIRE_BYTES(in, before);
        REQUIRE_BYTES(chain, blocks == 0 ? Bytes(iv) : Bytes(encrypted).last(16));
      }
    }
  });
}

TEST_CASE("aes: S10 CTR agrees with the portable row at every length to 1100, in place and across wraps",
          "[aes]") {
  const AesKernel& portable = aes_kernels().back();
  // Counters that carry out of 32, 64 and 128 bits within the message.
  const char* const counters[] = {"000102030405060708090a0b0c0d0e0f", "0000000000000000000000000ffffff5",
                                  "00112233445566778899aabbffffffe8", "0123456789abcdeffffffffffffffffa",
                                  "ffffffffffffffffffffffffffffffe1"};
  test::on_every_row("AES-CTR against portable", aes_kernels(), [&](const AesKernel& row) {
    for (std::size_t size = 0; size <= 1100; ++size) {
      const Buffer key = noise(kKeySizes[size % 3], size);
      const Buffer counter = unhex(counters[size % 5]);
      Buffer room = noise(size + size % 64, size);
      const MutBytes data = MutBytes(room).subspan(size % 64);
      const Buffer expected = ctr(&portable, key, counter, data);
      REQUIRE(ctr(&row, key, counter, data) == expected);
      auto stream = AesCtr::create(key, BytesOf<16>(counter.data(), 16), &row);
      REQUIRE(stream->apply(data, data).ok());
      REQUIRE_BYTES(data, expected);
    }
  });
}

TEST_CASE("aes: S10 no row touches memory outside its buffers", "[aes]") {
  test::Guarded in_memory(640);
  test::Guarded out_memory(640);
  const Buffer key = noise(32);
  test::on_every_row("AES between guard pages", aes_kernels(), [&](const AesKernel& row) {
    auto encryptor = AesCbcEncryptor::create(key, &row);
    auto decryptor = AesCbcDecryptor::create(key, &row);
    for (std::size_t blocks = 0; blocks <= 40; ++blocks) {
      const Buffer data = noise(blocks * 16, blocks);
      for (const bool at_end : {false, true}) {
        const Bytes in = at_end ? in_memory.at_end(data) : in_memory.at_start(data);
        const MutBytes out = at_end ? out_memory.at_end(in.size()) : out_memory.at_start(in.size());
        std::uint8_t iv[16] = {};
        REQUIRE(encryptor->encrypt(iv, in, out).ok());
        REQUIRE(decryptor->decrypt(iv, in, out).ok());
        AesSchedule schedule;
        row.expand_encrypt(schedule, key);
        row.ctr(schedule, iv, in.data(), out.data(), blocks);
        row.encrypt_blocks(schedule, in.data(), out.data(), blocks);
        row.expand_decrypt(schedule, key);
        row.decrypt_blocks(schedule, in.data(), out.data(), blocks);
        REQUIRE_BYTES(out, ecb(row, key, data, false));
      }
    }
  });
}

TEST_CASE("aes: CTR gives the same bytes for any split of the message", "[aes]") {
  const Buffer key = noise(16);
  const Buffer counter = noise(16, 2);
  const Buffer data = noise(500, 3);
  const Buffer whole = ctr(nullptr, key, counter, data);
  for (const std::size_t step : {1u, 5u, 15u, 16u, 17u, 31u, 33u, 128u, 129u}) {
    auto stream = AesCtr::create(key, BytesOf<16>(counter.data(), 16));
    Buffer out(data.size());
    for (std::size_t at = 0; at < data.size(); at += step) {
      const std::size_t size = std::min(step, data.size() - at);
      REQUIRE(stream->apply(Bytes(data).subspan(at, size), MutBytes(out).subspan(at, size)).ok());
    }
    CHECK_BYTES(out, whole);
    // A moved stream continues at its position.
    AesCtr first = *AesCtr::create(key, BytesOf<16>(counter.data(), 16));
    REQUIRE(first.apply(Bytes(data).first(step), MutBytes(out).first(step)).ok());
    AesCtr second = std::move(first);
    REQUIRE(second.apply(Bytes(data).subspan(step), MutBytes(out).subspan(step)).ok());
    CHECK_BYTES(out, whole);
  }
}

TEST_CASE("aes: keys, sizes and overlaps that the modes do not take are refused", "[aes]") {
  std::uint8_t iv[16] = {};
  for (std::size_t size = 0; size <= 40; ++size) {
    const Buffer key = noise(size);
    const bool right = size == 16 || size == 24 || size == 32;
    CHECK(AesCbcEncryptor::create(key).ok() == right);
    CHECK(AesCbcDecryptor::create(key).ok() == right);
    CHECK(AesCtr::create(key, iv).ok() == right);
    if (!right) {
      CHECK(AesCtr::create(key, iv).error() == ErrorCode::bad_key_size);
    }
  }
  Buffer room = noise(64);
  const MutBytes buffer(room);
  auto encryptor = AesCbcEncryptor::create(noise(16));
  auto decryptor = AesCbcDecryptor::create(noise(16));
  auto stream = AesCtr::create(noise(16), iv);
  CHECK(encryptor->encrypt(iv, buffer.first(17), buffer.first(17)).error() == ErrorCode::not_block_multiple);
  CHECK(decryptor->decrypt(iv, buffer.first(31), buffer.first(31)).error() == ErrorCode::not_block_multiple);
  CHECK(encryptor->encrypt(iv, buffer.first(32), buffer.first(48)).error() == ErrorCode::invalid_argument);
  CHECK(stream->apply(buffer.first(5), buffer.first(6)).error() == ErrorCode::invalid_argument);
  CHECK(encryptor->encrypt(iv, buffer.first(32), buffer.subspan(16, 32)).error() ==
        ErrorCode::partial_overlap);
  CHECK(decryptor->decrypt(iv, buffer.subspan(1, 32), buffer.first(32)).error() ==
        ErrorCode::partial_overlap);
  CHECK(stream->apply(buffer.first(5), buffer.subspan(4, 5)).error() == ErrorCode::partial_overlap);
  CHECK(encryptor->encrypt(iv, buffer.first(32), buffer.subspan(32, 32)).ok());
}

TEST_CASE("aes: S02 a row that the CPU cannot run is refused, and with all features masked AES still runs",
          "[aes]") {
  std::uint8_t iv[16] = {};
  test::refuse_masked_rows(
      aes_kernels(), [&](const AesKernel* row) { return AesCtr::create(noise(16), iv, row); },
      [](AesCtr stream) {
        Buffer out = noise(100);
        REQUIRE(stream.apply(out, out));
        return out;
      });
}

TEST_CASE("aes: S12 x86 rows leave nothing in the vector registers", "[aes]") {
  if (test::kThreadSanitised) {
    SKIP_CASE("ThreadSanitizer writes to the vector registers");
  }
  test::on_every_row("AES, registers", aes_kernels(), [&](const AesKernel& row) {
    // ASan's memcpy and memset write to registers of AVX, which a row of SSE neither has nor clears.
    if (row.required.bits == 0 || (test::kFramesHoldCopies && row.name == "ssse3")) {
      return;
    }
    for (const std::size_t key_size : kKeySizes) {
      const Buffer key = noise(key_size);
      AesSchedule forward;
      AesSchedule backward;
      CHECK(test::clears_vectors([&] { row.expand_encrypt(forward, key); }));
      CHECK(test::clears_vectors([&] { row.expand_decrypt(backward, key); }));
      for (const std::size_t blocks : {1u, 2u, 5u, 16u, 17u, 70u}) {
        const Buffer in = noise(16 * blocks);
        Buffer out(in.size());
        Buffer iv = noise(16);
        const auto check = [&](auto function, const AesSchedule& schedule) {
          CHECK(test::clears_vectors([&] { function(schedule, in.data(), out.data(), blocks); }));
        };
        const auto check_chained = [&](auto function, const AesSchedule& schedule) {
          CHECK(test::clears_vectors([&] { function(schedule, iv.data(), in.data(), out.data(), blocks); }));
        };
        check(row.encrypt_blocks, forward);
        check(row.decrypt_blocks, backward);
        check_chained(row.cbc_encrypt, forward);
        check_chained(row.cbc_decrypt, backward);
        check_chained(row.ctr, forward);
      }
    }
  });
}

TEST_CASE("aes: S12 no row leaves a round key on the stack", "[aes]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  test::on_every_row("AES, dead stack", aes_kernels(), [&](const AesKernel& row) {
    for (const std::size_t key_size : kKeySizes) {
      INFO("key of " << key_size << " bytes");
      const Buffer key = noise(key_size, 5);
      const auto left = [&](Bytes secret, auto function, auto&&... arguments) {
        return test::words_left_on_stack(secret, [&] { function(arguments...); });
      };
      AesSchedule schedules[2];
      std::memset(static_cast<void*>(schedules), 0, sizeof schedules);
      row.expand_encrypt(schedules[0], key);
      row.expand_decrypt(schedules[1], key);
      for (AesSchedule& schedule : schedules) {
        const Bytes kept(schedule.round_keys);
        AesSchedule other;
        CHECK(left(kept, row.expand_encrypt, other, key) == 0);
        CHECK(left(kept, row.expand_decrypt, other, key) == 0);
        CHECK(left(key, row.expand_decrypt, other, key) == 0);
        for (const std::size_t blocks : {1u, 3u, 8u, 40u}) {
          const Buffer in = noise(16 * blocks);
          Buffer out(in.size());
          std::uint8_t iv[16] = {};
          CHECK(left(kept, row.encrypt_blocks, schedule, in.data(), out.data(), blocks) == 0);
          CHECK(left(kept, row.decrypt_blocks, schedule, in.data(), out.data(), blocks) == 0);
          CHECK(left(kept, row.cbc_encrypt, schedule, iv, in.data(), out.data(), blocks) == 0);
          CHECK(left(kept, row.cbc_decrypt, schedule, iv, in.data(), out.data(), blocks) == 0);
          CHECK(left(kept, row.ctr, schedule, iv, in.data(), out.data(), blocks) == 0);
        }
      }
    }
  });
}

TEST_CASE("aes: key streams take the functions of the rows that blocks take") {
  const auto rows = crypto::aes_kernels();
  const auto parts = crypto::aes::ctr_rows();
  REQUIRE(parts.size() == rows.size());
  for (std::size_t i = 0; i < rows.size(); i++) {
    CHECK(parts[i].required.bits == rows[i].required.bits);
    CHECK(parts[i].expand_encrypt == rows[i].expand_encrypt);
    CHECK(parts[i].ctr == rows[i].ctr);
  }
}

}  // namespace aes_test
