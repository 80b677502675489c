// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/ccm.hpp>

#include "crypto/aead_checks.hpp"
#include "crypto/key_ends.hpp"
#include "support/registers.hpp"
#include "support/skip.hpp"
#include "support/stack.hpp"

#include <sys/mman.h>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::open;
using test::seal;
using test::Sealed;
using test::unhex;

namespace ccm_test {
namespace {

AesCcmKey make_key(Bytes key, std::size_t tag_size, const CcmKernel* row) {
  auto made = AesCcmKey::create(key, tag_size, row);
  REQUIRE(made.ok());
  return *std::move(made);
}

// Bytes that count up, as in the specifications' examples.
Buffer counting(std::size_t from, std::size_t to) {
  Buffer out;
  for (std::size_t i = from; i < to; ++i) {
    out.push_back(static_cast<std::uint8_t>(i));
  }
  return out;
}

// Checks on every row that sealing gives `sealed`, ciphertext and tag, and that it opens.
void check_known(const std::string& name, Bytes key_bytes, Bytes nonce, Bytes aad, Bytes plaintext,
                 const char* sealed_hex) {
  const Buffer sealed = unhex(sealed_hex);
  const Bytes ciphertext = Bytes(sealed).first(plaintext.size());
  const Bytes tag = Bytes(sealed).subspan(plaintext.size());
  test::on_every_row(name, ccm_kernels(), [&](const CcmKernel& row) {
    const AesCcmKey key = make_key(key_bytes, tag.size(), &row);
    const Sealed ours = seal(key, nonce, aad, plaintext);
    CHECK_BYTES(ours.ciphertext, ciphertext);
    CHECK_BYTES(ours.tag, tag);
    Buffer opened(plaintext.size());
    CHECK(open(key, nonce, aad, ciphertext, tag, opened).ok());
    CHECK_BYTES(opened, plaintext);
  });
}

// RFC 3610 §8. The first twelve packets have bytes that count up from zero; the first of them are additional
// data.
struct CountingPacket {
  const char* nonce;
  std::size_t aad;   // bytes of additional data
  std::size_t size;  // with the text
  const char* sealed;
};
const CountingPacket kCountingPackets[] = {
    {"00000003020100a0a1a2a3a4a5", 8, 31, "588c979a61c663d2f066d0c2c0f989806d5f6b61dac38417e8d12cfdf926e0"},
    {"00000004030201a0a1a2a3a4a5", 8, 32, "72c91a36e135f8cf291ca894085c87e3cc15c439c9e43a3ba091d56e10400916"},
    {"00000005040302a0a1a2a3a4a5", 8, 33,
     "51b1e5f44a197d1da46b0f8e2d282ae871e838bb64da8596574adaa76fbd9fb0c5"},
    {"00000006050403a0a1a2a3a4a5", 12, 31, "a28c6865939a9a79faaa5c4c2a9d4a91cdac8c96c861b9c9e61ef1"},
    {"00000007060504a0a1a2a3a4a5", 12, 32, "dcf1fb7b5d9e23fb9d4e131253658ad86ebdca3e51e83f077d9c2d93"},
    {"00000008070605a0a1a2a3a4a5", 12, 33, "6fc1b011f006568b5171a42d953d469b2570a4bd87405a0443ac91cb94"},
    {"00000009080706a0a1a2a3a4a5", 8, 31,
     "0135d1b2c95f41d5d1d4fec185d166b8094e999dfed96c048c56602c97acbb7490"},
    {"0000000a090807a0a1a2a3a4a5", 8, 32,
     "7b75399ac0831dd2f0bbd75879a2fd8f6cae6b6cd9b7db24c17b4433f434963f34b4"},
    {"0000000b0a0908a0a1a2a3a4a5", 8, 33,
     "82531a60cc24945a4b8279181ab5c84df21ce7f9b73f42e197ea9c07e56b5eb17e5f4e"},
    {"0000000c0b0a09a0a1a2a3a4a5", 12, 31, "07342594157785152b074098330abb141b947b566aa9406b4d999988dd"},
    {"0000000d0c0b0aa0a1a2a3a4a5", 12, 32, "676bb20380b0e301e8ab79590a396da78b834934f53aa2e9107a8b6c022c"},
    {"0000000e0d0c0ba0a1a2a3a4a5", 12, 33, "c0ffa0d6f05bdb67f24d43a4338d2aa4bed7b20e43cd1aa31662e7ad65d6db"},
};
struct Packet {
  const char* nonce;
  const char* aad;
  const char* plaintext;
  const char* sealed;
};
const Packet kPackets[] = {
    {"00412b4ea9cdbe3c9696766cfa", "0be1a88bace018b1", "08e8cf97d820ea258460e96ad9cf5289054d895ceac47c",
     "4cb97f86a2a4689a877947ab8091ef5386a6ffbdd080f8e78cf7cb0cddd7b3"},
    {"0033568ef7b2633c9696766cfa", "63018f76dc8a1bcb", "9020ea6f91bdd85afa0039ba4baff9bfb79c7028949cd0ec",
     "4ccb1e7ca981befaa0726c55d378061298c85c92814abc33c52ee81d7d77c08a"},
    {"00103fe41336713c9696766cfa", "aa6cfa36cae86b40", "b916e0eacc1c00d7dcec68ec0b3bbb1a02de8a2d1aa346132e",
     "b1d23a2220ddc0ac900d9aa03c61fcf4a559a4417767089708a776796edb723506"},
    {"00764c63b8058e3c9696766cfa", "d0d0735c531e1becf049c244", "12daac5630efa5396f770ce1a66b21f7b2101c",
     "14d253c3967b70609b7cbb7c499160283245269a6f49975bcadeaf"},
    {"00f8b678094e3b3c9696766cfa", "77b60f011c03e1525899bcae", "e88b6a46c78d63e52eb8c546efb5de6f75e9cc0d",
     "5545ff1a085ee2efbf52b2e04bee1e2336c73e3f762c0c7744fe7e3c"},
    {"00d560912d3f703c9696766cfa", "cd9044d2b71fdb8120ea60c0", "6435acbafb11a82e2f071d7ca4a5ebd93a803ba87f",
     "009769ecabdf48625594c59251e6035722675e04c847099e5ae0704551"},
    {"0042fff8f1951c3c9696766cfa", "d85bc7e69f944fb8", "8a19b950bcf71a018e5e6701c91787659809d67dbedd18",
     "bc218daa947427b6db386a99ac1aef23ade0b52939cb6a637cf9bec2408897c6ba"},
    {"00920f40e56cdc3c9696766cfa", "74a0ebc9069f5b37", "1761433c37c5a35fc1f39f406302eb907c6163be38c98437",
     "5810e6fd25874022e80361a478e3e9cf484ab04f447efff6f0a477cc2fc9bf548944"},
    {"0027ca0c7120bc3c9696766cfa", "44a3aa3aae6475ca", "a434a8e58500c6e41530538862d686ea9e81301b5ae4226bfa",
     "f2beed7bc5098e83feb5b31608f8e29c38819a89c8e776f1544d4151a4ed3a8b87b9ce"},
    {"005b8ccbcd9af83c9696766cfa", "ec46bb63b02520c33c49fd70", "b96b49e21d621741632875db7f6c9243d2d7c2",
     "31d750a09da3ed7fddd49a2032aabf17ec8ebf7d22c8088c666be5c197"},
    {"003ebe94044b9a3c9696766cfa", "47a65ac78b3d594227e85e71", "e2fcfbb880442c731bf95167c8ffd7895e337076",
     "e882f1dbd38ce3eda7c23f04dd65071eb41342acdf7e00dccec7ae52987d"},
    {"008d493b30ae8b3c9696766cfa", "6e37a6ef546d955d34ab6059", "abf21c0b02feb88f856df4a37381bce3cc128517d4",
     "f32905b88a641b04b9c9ffb58cc390900f3da12ab16dce9e82efa16da62059"},
};

const std::size_t kKeySizes[] = {16, 24, 32};

}  // namespace

TEST_CASE("ccm: SP 800-38C's examples come out of every row, both ways", "[ccm]") {
  const Buffer key = counting(0x40, 0x50);
  const auto example = [&](std::size_t nonce, std::size_t aad, std::size_t size, const char* sealed) {
    check_known("AES-CCM", key, counting(0x10, 0x10 + nonce), counting(0, aad), counting(0x20, 0x20 + size),
                sealed);
  };
  example(7, 8, 4, "7162015b4dac255d");
  example(8, 16, 16, "d2a1f0e051ea5f62081a7792073d593d1fc64fbfaccd");
  example(12, 20, 24, "e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5484392fbc1b09951");
  // The length of the additional data takes six bytes.
  example(13, 65536, 32,
          "69915dad1e84c6376a68c2967e4dab615ae0fd1faec44cc484828529463ccf72b4ac6bec93e8598e7f0dadbcea5b");
}

TEST_CASE("ccm: RFC 3610's packets come out of every row, both ways", "[ccm]") {
  const Buffer first_key = counting(0xc0, 0xd0);
  for (const CountingPacket& packet : kCountingPackets) {
    INFO("nonce " << packet.nonce);
    check_known("AES-CCM", first_key, unhex(packet.nonce), counting(0, packet.aad),
                counting(packet.aad, packet.size), packet.sealed);
  }
  const Buffer second_key = unhex("d7828d13b2b0bdc325a76236df93cc6b");
  for (const Packet& packet : kPackets) {
    INFO("nonce " << packet.nonce);
    check_known("AES-CCM", second_key, unhex(packet.nonce), unhex(packet.aad), unhex(packet.plaintext),
                packet.sealed);
  }
}

TEST_CASE("ccm: S10 every row agrees with the portable one at every length to 1100, apart and in place",
          "[ccm]") {
  const CcmKernel& portable = ccm_kernels().back();
  test::on_every_row("AES-CCM against portable", ccm_kernels(), [&](const CcmKernel& row) {
    for (std::size_t size = 0; size <= 1100; ++size) {
      const Buffer secret = noise(kKeySizes[size % 3], size);
      const std::size_t tag_size = 4 + size / 3 % 7 * 2;
      const AesCcmKey key = make_key(secret, tag_size, &row);
      const Buffer nonce = noise(7 + size % 7, size + 1);
      const Buffer aad = noise(size * 7 % 83, size + 2);
      Buffer room = noise(size + size % 64, size + 3);
      const MutBytes text = MutBytes(room).subspan(size % 64);
      const Buffer plaintext = test::buffer_of(Bytes(text));
      const Sealed expected = seal(make_key(secret, tag_size, &portable), nonce, aad, plaintext);
      const Sealed sealed = seal(key, nonce, aad, text);
      REQUIRE_BYTES(sealed.ciphertext, expected.ciphertext);
      REQUIRE_BYTES(sealed.tag, expected.tag);

      const Bytes parts[] = {aad};
      Buffer tag(tag_size);
      REQUIRE(key.seal(nonce, parts, text, text, tag).ok());
      REQUIRE_BYTES(text, expected.ciphertext);
      REQUIRE_BYTES(tag, expected.tag);
      Buffer opened(size);
      REQUIRE(open(key, nonce, aad, text, tag, opened).ok());
      REQUIRE_BYTES(opened, plaintext);
      REQUIRE(open(key, nonce, aad, text, tag, text).ok());
      REQUIRE_BYTES(text, plaintext);
    }
  });
}

TEST_CASE("ccm: S10 rows agree around 4 KiB and 16 KiB", "[ccm]") {
  const CcmKernel& portable = ccm_kernels().back();
  test::on_every_row("AES-CCM, long", ccm_kernels(), [&](const CcmKernel& row) {
    for (const std::size_t base : {std::size_t{4096}, std::size_t{16384}}) {
      for (std::size_t size = base - 3; size <= base + 300; size += 43) {
        const Buffer secret = noise(kKeySizes[size % 3], size);
        const Buffer plaintext = noise(size, 5);
        const Sealed expected = seal(make_key(secret, 16, &portable), noise(12), noise(13), plaintext);
        const AesCcmKey key = make_key(secret, 16, &row);
        const Sealed sealed = seal(key, noise(12), noise(13), plaintext);
        REQUIRE(sealed.ciphertext == expected.ciphertext);
        REQUIRE_BYTES(sealed.tag, expected.tag);
        Buffer opened(size);
        REQUIRE(open(key, noise(12), noise(13), sealed.ciphertext, sealed.tag, opened).ok());
        REQUIRE(opened == plaintext);
      }
    }
  });
}

TEST_CASE("ccm: S10 rows agree wherever text, output and tag stand in a cache line", "[ccm]") {
  const CcmKernel& portable = ccm_kernels().back();
  const Buffer plaintext = noise(200);
  const Buffer aad = noise(13);
  const Bytes parts[] = {aad};
  test::on_every_row("AES-CCM, alignments", ccm_kernels(), [&](const CcmKernel& row) {
    const AesCcmKey key = make_key(noise(16), 16, &row);
    for (const std::size_t size : {31u, 64u, 200u}) {
      const Sealed expected =
          seal(make_key(noise(16), 16, &portable), noise(12), aad, Bytes(plaintext).first(size));
      for (std::size_t shift = 0; shift < 64; ++shift) {
        alignas(64) std::uint8_t from[64 + 200];
        alignas(64) std::uint8_t to[64 + 200];
        alignas(64) std::uint8_t tag[64 + 16];
        const MutBytes in(from + shift, size);
        copy_bytes(in, Bytes(plaintext).first(size));
        const MutBytes out(to + (shift * 29 + 5) % 64, size);
        const MutBytes made_tag(tag + (shift * 7 + 3) % 64, 16);
        REQUIRE(key.seal(noise(12), parts, in, out, made_tag).ok());
        REQUIRE_BYTES(out, expected.ciphertext);
        REQUIRE_BYTES(made_tag, expected.tag);
        REQUIRE(key.open(noise(12), parts, out, made_tag, in).ok());
        REQUIRE_BYTES(in, Bytes(plaintext).first(size));
      }
    }
  });
}

TEST_CASE("ccm: additional data in pieces is their concatenation, long or short", "[ccm]") {
  const Buffer text = noise(37);
  test::on_every_row("AES-CCM, pieces", ccm_kernels(), [&](const CcmKernel& row) {
    const AesCcmKey key = make_key(noise(16), 16, &row);
    const auto check = [&](std::size_t size) {
      const Buffer aad = noise(size, size);
      const Bytes all(aad);
      const Sealed expected = seal(make_key(noise(16), 16, &ccm_kernels().back()), noise(12), aad, text);
      for (const std::size_t cut : {std::size_t{0}, size / 3, size / 2, size < 16 ? size : 16, size}) {
        const std::size_t second = cut + (size - cut) / 2;
        const Bytes parts[] = {all.first(cut), Bytes(), all.subspan(cut, second - cut), all.subspan(second)};
        Buffer out(text.size());
        Buffer tag(16);
        REQUIRE(key.seal(noise(12), parts, text, out, tag).ok());
        REQUIRE_BYTES(tag, expected.tag);
        REQUIRE_BYTES(out, expected.ciphertext);
        REQUIRE(key.open(noise(12), parts, out, tag, out).ok());
      }
    };
    for (std::size_t size = 0; size <= 300; ++size) {
      check(size);
    }
    // The length then takes six bytes instead of two.
    for (std::size_t size = 0xff00 - 20; size <= 0xff00 + 20; ++size) {
      check(size);
    }
  });
}

TEST_CASE("ccm: S10 no row touches memory outside its buffers", "[ccm]") {
  test::Guarded in_memory(8192);
  test::Guarded out_memory(8192);
  test::Guarded aad_memory(128);
  test::Guarded nonce_memory(64);
  test::Guarded tag_memory(64);
  test::on_every_row("AES-CCM between guard pages", ccm_kernels(), [&](const CcmKernel& row) {
    for (std::size_t size = 0; size <= 4400; size += size < 600 ? 1 : 97) {
      const AesCcmKey key = make_key(noise(16), 4 + size % 7 * 2, &row);
      const Buffer plaintext = noise(size, size);
      const Buffer aad = noise(size % 90, 2);
      const Buffer number = noise(7 + size % 7);
      const Sealed expected = seal(key, number, aad, plaintext);
      for (const bool at_end : {false, true}) {
        const MutBytes in = at_end ? in_memory.at_end(plaintext) : in_memory.at_start(plaintext);
        const MutBytes out = at_end ? out_memory.at_end(size) : out_memory.at_start(size);
        const Bytes more = at_end ? aad_memory.at_end(aad) : aad_memory.at_start(aad);
        const Bytes nonce = at_end ? nonce_memory.at_end(number) : nonce_memory.at_start(number);
        const MutBytes tag = at_end ? tag_memory.at_end(key.tag_size()) : tag_memory.at_start(key.tag_size());
        const Bytes parts[] = {more};
        REQUIRE(key.seal(nonce, parts, in, out, tag).ok());
        REQUIRE_BYTES(out, expected.ciphertext);
        REQUIRE_BYTES(tag, expected.tag);
        REQUIRE(key.open(nonce, parts, out, tag, in).ok());
        REQUIRE_BYTES(in, plaintext);
        REQUIRE(key.open(nonce, parts, out, tag, out).ok());
        REQUIRE_BYTES(out, plaintext);
      }
    }
  });
}

TEST_CASE("ccm: S07 a flipped bit anywhere is refused by every row, and the plaintext is wiped", "[ccm]") {
  test::on_every_row("AES-CCM, flipped bits", ccm_kernels(), [&](const CcmKernel& row) {
    for (const std::size_t size : {0u, 1u, 16u, 45u, 240u}) {
      test::refuse_flipped_bits(make_key(noise(32), size == 45 ? 8 : 16, &row), size);
    }
  });
}

TEST_CASE("ccm: S06 a key has one tag size, which is part of what the tag says", "[ccm]") {
  const Buffer text = noise(20);
  for (std::size_t size = 0; size <= 20; ++size) {
    const auto made = AesCcmKey::create(noise(16), size);
    CHECK(made.ok() == (size >= 4 && size <= 16 && size % 2 == 0));
    if (!made) {
      CHECK(made.error() == ErrorCode::invalid_argument);
      continue;
    }
    CHECK(made->tag_size() == size);
    for (std::size_t given = 0; given <= 20; ++given) {
      Buffer out(20, 0xee);
      Buffer tag(given);
      CHECK(made->seal(noise(12), {}, text, out, tag).ok() == (given == size));
      if (given != size) {
        CHECK(made->seal(noise(12), {}, text, out, tag).error() == ErrorCode::invalid_argument);
        CHECK(made->open(noise(12), {}, text, tag, out).error() == ErrorCode::bad_tag);
        CHECK(out == Buffer(20, 0));
      }
    }
    // The start of a longer tag is not the shorter tag.
    if (size < 16) {
      const Sealed longer = seal(make_key(noise(16), size + 2, nullptr), noise(12), {}, text);
      const Sealed ours = seal(*made, noise(12), {}, text);
      CHECK(longer.ciphertext == ours.ciphertext);
      Buffer out(20);
      CHECK(!open(*made, noise(12), {}, ours.ciphertext, Bytes(longer.tag).first(size), out).ok());
    }
  }
}

TEST_CASE("ccm: S05 S08 a nonce leaves room for so long a text and no longer", "[ccm]") {
  const auto key = make_key(noise(16), 16, nullptr);
  std::uint8_t tag[16] = {};
  for (std::size_t size = 0; size <= 20; ++size) {
    if (size < 7 || size > 13) {
      Buffer out(4);
      CHECK(key.seal(noise(size), {}, noise(4), out, tag).error() == ErrorCode::bad_nonce_size);
      CHECK(key.open(noise(size), {}, noise(4), tag, out).error() == ErrorCode::bad_nonce_size);
    }
  }
  // Address space that must not be touched. A text that is too long is refused before anything is read.
  constexpr std::uint64_t kMost = std::uint64_t{1} << (sizeof(std::size_t) == 8 ? 33 : 25);
  void* const room =
      mmap(nullptr, std::size_t{kMost}, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  REQUIRE(room != MAP_FAILED);
  const MutBytes text(static_cast<std::uint8_t*>(room), std::size_t{kMost});
  for (std::size_t nonce_size = 10; nonce_size <= 13; ++nonce_size) {
    const std::uint64_t limit = (std::uint64_t{1} << 8 * (15 - nonce_size)) - 1;
    if (limit + 1 > kMost) {
      continue;
    }
    const MutBytes part = text.first(static_cast<std::size_t>(limit + 1));
    CHECK(key.seal(noise(nonce_size), {}, part, part, tag).error() == ErrorCode::message_too_long);
    CHECK(key.open(noise(nonce_size), {}, part, tag, part).error() == ErrorCode::message_too_long);
  }
  munmap(room, std::size_t{kMost});
  // The longest text of a nonce of 13 bytes: its block counter goes to 4096 of 65535.
  const Buffer plaintext = noise(65535);
  const Sealed expected = seal(make_key(noise(16), 16, &ccm_kernels().back()), noise(13), {}, plaintext);
  const Sealed sealed = seal(key, noise(13), {}, plaintext);
  CHECK(sealed.ciphertext == expected.ciphertext);
  CHECK_BYTES(sealed.tag, expected.tag);
}

TEST_CASE("ccm: buffers that overlap in part, and sizes that differ, are refused", "[ccm]") {
  const auto key = make_key(noise(16), 16, nullptr);
  Buffer room = noise(128);
  const MutBytes b(room);
  std::uint8_t tag[16] = {};
  CHECK(key.seal(noise(12), {}, b.first(32), b.subspan(1, 32), tag).error() == ErrorCode::partial_overlap);
  CHECK(key.open(noise(12), {}, b.subspan(16, 32), tag, b.first(32)).error() == ErrorCode::partial_overlap);
  CHECK(key.seal(noise(12), {}, b.first(32), b.subspan(64, 31), tag).error() == ErrorCode::invalid_argument);
  CHECK(key.seal(noise(12), {}, b.first(32), b.subspan(64, 32), b.subspan(80, 16)).error() ==
        ErrorCode::partial_overlap);
  CHECK(key.seal(noise(12), {}, b.first(32), b.first(32), b.subspan(32, 16)).ok());
  CHECK(key.open(noise(12), {}, b.first(32), b.subspan(32, 16), b.first(32)).ok());
  CHECK_BYTES(b.first(32), Bytes(noise(128)).first(32));
}

TEST_CASE("ccm: the type-erased AEADs take their own key sizes, nonces, tags and rows, and move", "[ccm]") {
  struct Algorithm {
    const AeadAlgorithm& algorithm;
    const char* name;
    std::size_t key_size;
    std::size_t tag_size;
  };
  const Algorithm all[] = {{kAes128Ccm, "AES-128-CCM", 16, 16},
                           {kAes256Ccm, "AES-256-CCM", 32, 16},
                           {kAes128Ccm8, "AES-128-CCM-8", 16, 8},
                           {kAes256Ccm8, "AES-256-CCM-8", 32, 8}};
  const Buffer aad = noise(13);
  const Bytes parts[] = {aad};
  for (const Algorithm& one : all) {
    CHECK(std::string(one.algorithm.name) == one.name);
    CHECK(one.algorithm.key_size == one.key_size);
    CHECK(one.algorithm.nonce_size == 12);
    CHECK(one.algorithm.tag_size == one.tag_size);
    for (std::size_t size = 0; size <= 40; ++size) {
      CHECK(Aead::create(one.algorithm, noise(size)).ok() == (size == one.key_size));
    }
    const Buffer secret = noise(one.key_size);
    CHECK(Aead::create(one.algorithm, secret, "no such row").error() == ErrorCode::kernel_unavailable);
    const Sealed expected = seal(make_key(secret, one.tag_size, nullptr), noise(12), aad, noise(50));
    test::on_every_row(std::string(one.name) + " as Aead", ccm_kernels(), [&](const CcmKernel& row) {
      auto made = Aead::create(one.algorithm, secret, row.name);
      REQUIRE(made.ok());
      Aead moved = *std::move(made);
      Aead other = *Aead::create(kAes256Ccm, noise(32, 4));
      other = std::move(moved);
      Buffer out(50);
      Buffer tag(one.tag_size);
      REQUIRE(other.seal(noise(12), parts, noise(50), out, tag).ok());
      CHECK_BYTES(out, expected.ciphertext);
      CHECK_BYTES(tag, expected.tag);
      REQUIRE(other.open(noise(12), parts, out, tag, out).ok());
      CHECK_BYTES(out, noise(50));
      for (std::size_t size = 0; size <= 20; ++size) {
        if (size != 12) {
          CHECK(other.seal(noise(size), parts, noise(50), out, tag).error() == ErrorCode::bad_nonce_size);
          CHECK(other.open(noise(size), parts, out, tag, out).error() == ErrorCode::bad_nonce_size);
        }
        if (size != one.tag_size) {
          Buffer wrong(size);
          CHECK(other.seal(noise(12), parts, noise(50), out, wrong).error() == ErrorCode::invalid_argument);
          CHECK(other.open(noise(12), parts, expected.ciphertext, wrong, out).error() == ErrorCode::bad_tag);
          CHECK(out == Buffer(50, 0));
        }
      }
    });
  }
}

TEST_CASE("ccm: S02 a row that the CPU cannot run is refused, and with all features masked CCM still runs",
          "[ccm]") {
  const auto sealed = [](const auto& key) { return seal(key, noise(12), noise(5), noise(99)).tag; };
  test::refuse_masked_rows(
      ccm_kernels(), [](const CcmKernel* row) { return AesCcmKey::create(noise(16), 16, row); }, sealed);
  cpu::set_mask(cpu::Features());
  for (const CcmKernel& row : ccm_kernels()) {
    CHECK(Aead::create(kAes128Ccm, noise(16), row.name).ok() == (row.required.bits == 0));
  }
  cpu::clear_mask();
}

TEST_CASE("ccm: S12 a key leaves nothing behind when it moves or dies", "[ccm]") {
  test::on_every_row("AES-CCM, wiping", ccm_kernels(), [&](const CcmKernel& row) {
    const Buffer empty(sizeof(AesSchedule));  // the round keys come first
    test::leave_nothing_behind(
        [&] { return make_key(noise(32, 77), 8, &row); },
        [&](Bytes room) { return std::memcmp(room.data(), empty.data(), empty.size()) != 0; },
        [](const AesCcmKey& key) { return seal(key, noise(12), noise(3), noise(50)).tag; });
  });
}

namespace {

// A call like those of AesCcmKey. Any numbers serve to check what a kernel leaves behind.
CcmCall some_call(const Buffer& aad, const Buffer& text, Buffer& out) {
  return {0x1122334455667788, 0x99aabbccdd000000, 0x0222334455667788, 0x99aabbccdd000000, nullptr,
          aad.data(),         aad.size() / 16,    text.data(),        out.data(),         text.size()};
}

}  // namespace

TEST_CASE("ccm: S12 x86 rows leave nothing in the vector registers", "[ccm]") {
  if (test::kThreadSanitised) {
    SKIP_CASE("ThreadSanitizer writes to the vector registers");
  }
  test::on_every_row("AES-CCM, registers", ccm_kernels(), [&](const CcmKernel& row) {
    if (row.required.bits == 0) {
      return;
    }
    for (const std::size_t key_size : kKeySizes) {
      const Buffer secret = noise(key_size);
      AesSchedule schedule;
      CHECK(test::clears_vectors([&] { row.expand(schedule, secret); }));
      for (const std::size_t size : {0u, 1u, 16u, 100u, 1000u}) {
        const Buffer aad = noise(16);
        const Buffer text = noise(size);
        Buffer out(size);
        Buffer tag(16);
        const CcmCall call = some_call(aad, text, out);
        CHECK(test::clears_vectors([&] { row.seal(schedule, call, tag.data()); }));
        CHECK(test::clears_vectors([&] { row.open(schedule, call, tag.data()); }));
        CHECK(test::clears_vectors([&] { row.mac(schedule, tag.data(), text.data(), size / 16); }));
      }
    }
  });
}

TEST_CASE("ccm: S12 no row leaves a round key, a tag or key stream on the stack", "[ccm]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  test::on_every_row("AES-CCM, dead stack", ccm_kernels(), [&](const CcmKernel& row) {
    for (const std::size_t key_size : kKeySizes) {
      INFO("key of " << key_size << " bytes");
      const Buffer secret = noise(key_size, 5);
      AesSchedule schedule;
      std::memset(static_cast<void*>(&schedule), 0, sizeof schedule);
      row.expand(schedule, secret);
      const Bytes kept(schedule.round_keys, sizeof schedule.round_keys);
      const AesCcmKey key = make_key(secret, 8, &row);
      for (const std::size_t size : {0u, 15u, 16u, 100u, 2000u}) {
        INFO(size << " bytes");
        const Buffer aad = noise(16, 6);
        const Buffer text(size);
        Buffer out(size);
        Buffer tag(16);
        const CcmCall call = some_call(aad, text, out);
        const auto seal_it = [&] { row.seal(schedule, call, tag.data()); };
        const auto open_it = [&] { row.open(schedule, call, tag.data()); };
        CHECK(test::words_left_on_stack(kept, seal_it) == 0);
        CHECK(test::words_left_on_stack(kept, open_it) == 0);
        // The text is zeros, so the output is the key stream.
        CHECK(test::words_left_on_stack(out, seal_it) == 0);
        CHECK(test::words_left_on_stack(out, open_it) == 0);
        CHECK(test::words_left_on_stack(tag, open_it) == 0);
        // The whole call, with the tag cut to eight bytes. The rest of the tag is wiped too.
        const AesCcmKey whole_key = make_key(secret, 16, &row);
        Buffer short_tag(8);
        const Buffer nonce = noise(12);
        const Bytes parts[] = {aad};
        const auto whole_call = [&] { (void)key.seal(nonce, parts, text, out, short_tag); };
        CHECK(test::words_left_on_stack(kept, whole_call) == 0);
        const auto refused = [&] { (void)whole_key.open(nonce, parts, text, tag, out); };
        CHECK(test::words_left_on_stack(kept, refused) == 0);
      }
    }
  });
}

}  // namespace ccm_test
