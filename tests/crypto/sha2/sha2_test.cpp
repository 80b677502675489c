// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"
#include "support/skip.hpp"

#include <algorithm>
#include <iterator>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::buffer_of;
using test::noise;
using test::unhex;

namespace sha2_test {
namespace {

const HashAlgorithm* const kAll[] = {&kSha224, &kSha256, &kSha384, &kSha512, &kSha512_224, &kSha512_256};

Buffer hash_with(const HashAlgorithm& algorithm, const HashKernel* kernel, Bytes message) {
  Buffer out(algorithm.digest_size);
  Hash(algorithm, kernel).update(message).finish(out);
  return out;
}

struct Known {
  const HashAlgorithm* algorithm;
  Buffer message;
  const char* digest;
};

// NIST's examples for FIPS 180-4: "abc", the two-block message of each word size, and a million times "a".
// Also the empty message.
std::vector<Known> known_answers() {
  const Buffer abc = buffer_of("abc");
  const Buffer two32 = buffer_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq");
  const Buffer two64 = buffer_of(
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqr"
      "st"
      "nopqrstu");
  const Buffer million(1000000, 'a');
  return {
      {&kSha224, abc, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
      {&kSha224, two32, "75388b16512776cc5dba5da1fd890150b0c6455cb4f58b1952522525"},
      {&kSha224, million, "20794655980c91d8bbb4c1ea97618a4bf03f42581948b2ee4ee7ad67"},
      {&kSha224, {}, "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f"},
      {&kSha256, abc, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
      {&kSha256, two32, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
      {&kSha256, million, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"},
      {&kSha256, {}, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {&kSha384, abc,
       "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"},
      {&kSha384, two64,
       "09330c33f71147e83d192fc782cd1b4753111b173b3b05d22fa08086e3b0f712fcc7c71a557e2db966c3e9fa91746039"},
      {&kSha384, million,
       "9d0e1809716474cb086e834e310a4a1ced149e9c00f248527972cec5704c2a5b07b8b3dc38ecc4ebae97ddd87f3d8985"},
      {&kSha384,
       {},
       "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b"},
      {&kSha512, abc,
       "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
       "454d4423643ce80e2a9ac94fa54ca49f"},
      {&kSha512, two64,
       "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433a"
       "c7d329eeb6dd26545e96e55b874be909"},
      {&kSha512, million,
       "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31b"
       "eb009c5c2c49aa2e4eadb217ad8cc09b"},
      {&kSha512,
       {},
       "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d2877eec2f"
       "63b931bd47417a81a538327af927da3e"},
      {&kSha512_224, abc, "4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa"},
      {&kSha512_224, two64, "23fec5bb94d60b23308192640b0c453335d664734fe40e7268674af9"},
      {&kSha512_224, million, "37ab331d76f0d36de422bd0edeb22a28accd487b7a8453ae965dd287"},
      {&kSha512_224, {}, "6ed0dd02806fa89e25de060c19d3ac86cabb87d6a0ddd05c333b84f4"},
      {&kSha512_256, abc, "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"},
      {&kSha512_256, two64, "3928e184fb8690f840da3988121d31be65cb9d3ef83ee6146feac861e19b563a"},
      {&kSha512_256, million, "9a59a052930187a97038cae692f30708aa6491923ef5194394dc68d56c74fb21"},
      {&kSha512_256, {}, "c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a"},
  };
}

}  // namespace

TEST_CASE("sha2: the published answers come out of every row", "[sha2]") {
  for (const Known& known : known_answers()) {
    test::on_every_row(std::string(known.algorithm->name), known.algorithm->kernels(),
                       [&](const HashKernel& row) {
                         CHECK_BYTES(hash_with(*known.algorithm, &row, known.message), known.digest);
                       });
    CHECK(test::hex(digest(*known.algorithm, known.message).bytes()) == known.digest);
  }
}

TEST_CASE("sha2: sizes stand as FIPS 180-4 figure 1 has them", "[sha2]") {
  const std::size_t sizes[][2] = {{28, 64}, {32, 64}, {48, 128}, {64, 128}, {28, 128}, {32, 128}};
  for (std::size_t i = 0; i < std::size(kAll); ++i) {
    CHECK(kAll[i]->digest_size == sizes[i][0]);
    CHECK(kAll[i]->block_size == sizes[i][1]);
    CHECK(kAll[i]->state_size <= Hash::kStateCapacity);
    CHECK(kAll[i]->block_size <= kMaxHashBlockSize);
  }
}

TEST_CASE("sha2: the initial values of SHA-512/t follow from the name, FIPS 180-4 §5.3.6", "[sha2]") {
  for (const HashAlgorithm* algorithm : {&kSha512_224, &kSha512_256}) {
    // The generator is SHA-512 with its own initial value, every byte XORed with a5.
    std::uint64_t state[8];
    kSha512.init(state);
    for (std::uint64_t& word : state) {
      word ^= 0xa5a5a5a5a5a5a5a5;
    }
    std::uint8_t tail[kMaxHashTailSize];
    copy_bytes(tail, bytes_of(algorithm->name));
    REQUIRE(kSha512.pad(tail, algorithm->name.size()) == 1);
    kSha512.kernels().back().compress(state, tail, 1);
    std::uint64_t initial[8];
    algorithm->init(initial);
    CHECK(std::equal(std::begin(state), std::end(state), std::begin(initial)));
  }
}

TEST_CASE("sha2: S10 every row agrees with the portable one at every length to 1100 and every alignment",
          "[sha2]") {
  const Buffer data = noise(1100 + 64, 7);
  const Buffer large = noise(16385 + 61, 8);
  for (const HashAlgorithm* algorithm : {&kSha256, &kSha512}) {
    const auto table = algorithm->kernels();
    std::vector<Buffer> expected;
    for (std::size_t size = 0; size <= 1100; ++size) {
      expected.push_back(hash_with(*algorithm, &table.back(), Bytes(data).subspan(size % 64, size)));
    }
    test::on_every_row(std::string(algorithm->name), table, [&](const HashKernel& row) {
      for (std::size_t size = 0; size <= 1100; ++size) {
        REQUIRE_BYTES(hash_with(*algorithm, &row, Bytes(data).subspan(size % 64, size)), expected[size]);
      }
      for (const std::size_t size : {4095u, 4096u, 4097u, 16383u, 16384u, 16385u}) {
        const Bytes message = Bytes(large).subspan(size % 61, size);
        CHECK_BYTES(hash_with(*algorithm, &row, message), hash_with(*algorithm, &table.back(), message));
      }
    });
  }
}

TEST_CASE("sha2: S10 no row reads outside its input", "[sha2]") {
  test::Guarded memory(512);
  for (const HashAlgorithm* algorithm : {&kSha256, &kSha512}) {
    test::on_every_row(std::string(algorithm->name), algorithm->kernels(), [&](const HashKernel& row) {
      for (std::size_t size = 0; size <= 300; ++size) {
        const Buffer message = noise(size, size);
        const Buffer expected = hash_with(*algorithm, &row, message);
        REQUIRE_BYTES(hash_with(*algorithm, &row, memory.at_end(message)), expected);
        REQUIRE_BYTES(hash_with(*algorithm, &row, memory.at_start(message)), expected);
      }
    });
  }
}

TEST_CASE("sha2: any split of a message gives the same digest", "[sha2]") {
  const Buffer message = noise(400, 3);
  for (const HashAlgorithm* algorithm : kAll) {
    const Buffer whole = hash_with(*algorithm, nullptr, message);
    for (std::size_t cut = 0; cut <= message.size(); ++cut) {
      Hash hash(*algorithm);
      Buffer out(algorithm->digest_size);
      hash.update(Bytes(message).first(cut)).update(Bytes(message).subspan(cut)).finish(out);
      REQUIRE_BYTES(out, whole);
    }
    for (const std::size_t step : {1u, 3u, 63u, 64u, 65u, 127u, 129u}) {
      Hash hash(*algorithm);
      Buffer out(algorithm->digest_size);
      for (std::size_t at = 0; at < message.size(); at += step) {
        hash.update(Bytes(message).subspan(at, std::min(step, message.size() - at)));
      }
      hash.finish(out);
      CHECK_BYTES(out, whole);
    }
  }
}

TEST_CASE("sha2: a copy continues alone, and finish starts afresh", "[sha2]") {
  const Buffer message = noise(333, 9);
  for (const HashAlgorithm* algorithm : kAll) {
    for (const std::size_t cut : {0u, 1u, 64u, 100u, 128u, 200u}) {
      Hash hash(*algorithm);
      Buffer out(algorithm->digest_size);
      hash.update(Bytes(message).first(cut));
      Hash copy(hash);
      Hash assigned(*algorithm);
      assigned.update(message);
      assigned = hash;
      copy.update(noise(77)).finish(out);
      CHECK_BYTES(hash.update(Bytes(message).subspan(cut)).finish(out),
                  hash_with(*algorithm, nullptr, message));
      CHECK_BYTES(assigned.update(Bytes(message).subspan(cut)).finish(out),
                  hash_with(*algorithm, nullptr, message));
      CHECK_BYTES(hash.update(message).finish(out), hash_with(*algorithm, nullptr, message));
    }
  }
}

TEST_CASE("sha2: S08 the length in bits is right beyond 2^32 bits", "[sha2]") {
  // 512 MiB + 3 bytes of zeros, so that the length in bits needs more than 32 bits. The answer was computed
  // with an independent program (coreutils sha256sum).
  const Buffer chunk(1 << 20, 0);
  Hash hash(kSha256);
  if (!cpu::features().has(cpu::Feature::sha_ni)) {
    SKIP_CASE("takes minutes without SHA-NI; the padding code is one for all rows");
  }
  for (int i = 0; i < 512; ++i) {
    hash.update(chunk);
  }
  Buffer out(32);
  hash.update(Bytes(chunk).first(3)).finish(out);
  CHECK_BYTES(out, "403a955183d83bd37bd31dde74eb3b713fcf99b6ba1a87fa91aa5befe4f51280");
}

}  // namespace sha2_test
