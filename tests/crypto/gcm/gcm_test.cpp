// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/gcm.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"
#include "support/registers.hpp"
#include "support/skip.hpp"
#include "support/stack.hpp"

#include <sys/mman.h>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;

namespace {

struct Sealed {
  Buffer ciphertext;
  Buffer tag;
};

AesGcmKey make_key(Bytes key, const GcmKernel* row) {
  auto made = AesGcmKey::create(key, row);
  REQUIRE(made.ok());
  return *std::move(made);
}

Sealed seal(const AesGcmKey& key, Bytes nonce, Bytes aad, Bytes plaintext) {
  Sealed out = {Buffer(plaintext.size()), Buffer(16)};
  const Bytes parts[] = {aad};
  REQUIRE(key.seal(nonce, parts, plaintext, out.ciphertext, MutBytesOf<16>(out.tag.data(), 16)).ok());
  return out;
}

Result<void> open(const AesGcmKey& key, Bytes nonce, Bytes aad, Bytes ciphertext, Bytes tag,
                  MutBytes plaintext) {
  const Bytes parts[] = {aad};
  return key.open(nonce, parts, ciphertext, BytesOf<16>(tag.data(), 16), plaintext);
}

// The test cases of the GCM specification (McGrew and Viega, appendix B), which SP 800-38D rests on.
const char* const kText =
    "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
    "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255";
const char* const kZeros = "00000000000000000000000000000000";
const char* const kAad = "feedfacedeadbeeffeedfacedeadbeefabaddad2";
const char* const kNonce12 = "cafebabefacedbaddecaf888";
const char* const kNonce8 = "cafebabefacedbad";
const char* const kNonce60 =
    "9313225df88406e555909c5aff5269aa6a7a9538534f7da1e4c303d2a318a728c3c0c95156809539fcf0e2429a6b5254"
    "16aedbf5a0de6a57a637b39b";
const char* const kKey[] = {
    "feffe9928665731c6d6a8f9467308308",
    "feffe9928665731c6d6a8f9467308308feffe9928665731c",
    "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
};
const char* const kZeroKey[] = {
    "00000000000000000000000000000000",
    "000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000000",
};

struct Known {
  const char* key;
  const char* nonce;
  const char* aad;
  const char* plaintext;
  std::size_t size;  // of the plaintext used
  const char* ciphertext;
  const char* tag;
};
const Known kKnown[] = {
    {kZeroKey[0], "000000000000000000000000", "", "", 0, "", "58e2fccefa7e3061367f1d57a4e7455a"},
    {kZeroKey[0], "000000000000000000000000", "", kZeros, 16, "0388dace60b6a392f328c2b971b2fe78",
     "ab6e47d42cec13bdf53a67b21257bddf"},
    {kKey[0], kNonce12, "", kText, 64,
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
     "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091473f5985",
     "4d5c2af327cd64a62cf35abd2ba6fab4"},
    {kKey[0], kNonce12, kAad, kText, 60,
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
     "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
     "5bc94fbc3221a5db94fae95ae7121a47"},
    {kKey[0], kNonce8, kAad, kText, 60,
     "61353b4c2806934a777ff51fa22a4755699b2a714fcdc6f83766e5f97b6c7423"
     "73806900e49f24b22b097544d4896b424989b5e1ebac0f07c23f4598",
     "3612d2e79e3b0785561be14aaca2fccb"},
    {kKey[0], kNonce60, kAad, kText, 60,
     "8ce24998625615b603a033aca13fb894be9112a5c3a211a8ba262a3cca7e2ca7"
     "01e4a9a4fba43c90ccdcb281d48c7c6fd62875d2aca417034c34aee5",
     "619cc5aefffe0bfa462af43c1699d050"},
    {kZeroKey[1], "000000000000000000000000", "", "", 0, "", "cd33b28ac773f74ba00ed1f312572435"},
    {kZeroKey[1], "000000000000000000000000", "", kZeros, 16, "98e7247c07f0fe411c267e4384b0f600",
     "2ff58d80033927ab8ef4d4587514f0fb"},
    {kKey[1], kNonce12, "", kText, 64,
     "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c"
     "7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710acade256",
     "9924a7c8587336bfb118024db8674a14"},
    {kKey[1], kNonce12, kAad, kText, 60,
     "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c"
     "7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710",
     "2519498e80f1478f37ba55bd6d27618c"},
    {kZeroKey[2], "000000000000000000000000", "", "", 0, "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {kZeroKey[2], "000000000000000000000000", "", kZeros, 16, "cea7403d4d606b6e074ec5d3baf39d18",
     "d0d1c8a799996bf0265b98b5d48ab919"},
    {kKey[2], kNonce12, "", kText, 64,
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
     "b094dac5d93471bdec1a502270e3cc6c"},
    {kKey[2], kNonce12, kAad, kText, 60,
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
     "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
     "76fc6ece0f4e1768cddf8853bb2d551b"},
    {kKey[2], kNonce8, kAad, kText, 60,
     "c3762df1ca787d32ae47c13bf19844cbaf1ae14d0b976afac52ff7d79bba9de0"
     "feb582d33934a4f0954cc2363bc73f7862ac430e64abe499f47c9b1f",
     "3a337dbf46a792c45e454913fe2ea8f2"},
    {kKey[2], kNonce60, kAad, kText, 60,
     "5a8def2f0c9e53f1f75d7853659e2a20eeb2b22aafde6419a058ab4f6f746bf4"
     "0fc0c3b780f244452da3ebf1c5d82cdea2418997200ef82e44ae7e3f",
     "a44a8266ee1c8eb0c8b5d4cf5ae9f19a"},
};

const std::size_t kKeySizes[] = {16, 24, 32};

}  // namespace

TEST_CASE("gcm: the specification's test cases come out of every row, both ways", "[gcm]") {
  test::on_every_row("AES-GCM", gcm_kernels(), [&](const GcmKernel& row) {
    for (const Known& known : kKnown) {
      INFO("tag " << known.tag);
      const AesGcmKey key = make_key(unhex(known.key), &row);
      const Buffer nonce = unhex(known.nonce);
      const Buffer aad = unhex(known.aad);
      Buffer plaintext = unhex(known.plaintext);
      plaintext.resize(known.size);
      const Sealed sealed = seal(key, nonce, aad, plaintext);
      CHECK_BYTES(sealed.ciphertext, known.ciphertext);
      CHECK_BYTES(sealed.tag, known.tag);
      Buffer opened(known.size);
      CHECK(open(key, nonce, aad, unhex(known.ciphertext), unhex(known.tag), opened).ok());
      CHECK_BYTES(opened, plaintext);
    }
  });
}

TEST_CASE("gcm: S10 every row agrees with the portable one at every length to 1100, apart and in place",
          "[gcm]") {
  const GcmKernel& portable = gcm_kernels().back();
  test::on_every_row("AES-GCM against portable", gcm_kernels(), [&](const GcmKernel& row) {
    for (std::size_t size = 0; size <= 1100; ++size) {
      const Buffer secret = noise(kKeySizes[size % 3], size);
      const AesGcmKey key = make_key(secret, &row);
      const Buffer nonce = noise(12, size + 1);
      const Buffer aad = noise(size * 7 % 53, size + 2);
      Buffer room = noise(size + size % 64, size + 3);
      const MutBytes text = MutBytes(room).subspan(size % 64);
      const Buffer plaintext = test::buffer_of(Bytes(text));
      const Sealed expected = seal(make_key(secret, &portable), nonce, aad, plaintext);
      const Sealed sealed = seal(key, nonce, aad, text);
      REQUIRE_BYTES(sealed.ciphertext, expected.ciphertext);
      REQUIRE_BYTES(sealed.tag, expected.tag);

      const Bytes parts[] = {aad};
      Buffer tag(16);
      REQUIRE(key.seal(nonce, parts, text, text, MutBytesOf<16>(tag.data(), 16)).ok());
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

TEST_CASE("gcm: S10 rows agree around 4 KiB and 16 KiB", "[gcm]") {
  const GcmKernel& portable = gcm_kernels().back();
  test::on_every_row("AES-GCM, long", gcm_kernels(), [&](const GcmKernel& row) {
    for (const std::size_t base : {std::size_t{4096}, std::size_t{16384}}) {
      for (std::size_t size = base - 3; size <= base + 300; size += 43) {
        const Buffer secret = noise(kKeySizes[size % 3], size);
        const Buffer plaintext = noise(size, 5);
        const Sealed expected = seal(make_key(secret, &portable), noise(12), noise(13), plaintext);
        const AesGcmKey key = make_key(secret, &row);
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

TEST_CASE("gcm: S10 rows agree wherever text, output and tag stand in a cache line", "[gcm]") {
  const GcmKernel& portable = gcm_kernels().back();
  const Buffer plaintext = noise(700);
  test::on_every_row("AES-GCM, alignments", gcm_kernels(), [&](const GcmKernel& row) {
    const AesGcmKey key = make_key(noise(16), &row);
    for (const std::size_t size : {31u, 200u, 700u}) {
      const Sealed expected =
          seal(make_key(noise(16), &portable), noise(12), noise(13), Bytes(plaintext).first(size));
      for (std::size_t shift = 0; shift < 64; ++shift) {
        alignas(64) std::uint8_t from[64 + 700];
        alignas(64) std::uint8_t to[64 + 700];
        alignas(64) std::uint8_t tag[64 + 16];
        const MutBytes in(from + shift, size);
        copy_bytes(in, Bytes(plaintext).first(size));
        const MutBytes out(to + (shift * 29 + 5) % 64, size);
        const MutBytesOf<16> made_tag(tag + (shift * 7 + 3) % 64, 16);
        const Buffer aad = noise(13);
        const Bytes parts[] = {aad};
        REQUIRE(key.seal(noise(12), parts, in, out, made_tag).ok());
        REQUIRE_BYTES(out, expected.ciphertext);
        REQUIRE_BYTES(made_tag, expected.tag);
        REQUIRE(key.open(noise(12), parts, out, made_tag, in).ok());
        REQUIRE_BYTES(in, Bytes(plaintext).first(size));
      }
    }
  });
}

// A nonce that is not 96 bits long gives a J0 with any last 32 bits. Its counter wraps within a message of n
// blocks with a chance of n / 2^32, so the wrap is brought about from below: kernels take J0 itself.
TEST_CASE("gcm: S10 the 32-bit counter wraps alike on every row", "[gcm]") {
  const GcmKernel& portable = gcm_kernels().back();
  const Buffer secret = noise(16);
  test::on_every_row("AES-GCM, counter wrap", gcm_kernels(), [&](const GcmKernel& row) {
    GcmKeyData ours;
    GcmKeyData theirs;
    row.init(ours, secret);
    portable.init(theirs, secret);
    for (std::uint8_t distance = 1; distance <= 40; ++distance) {
      Buffer j0 = unhex("00112233445566778899aabbffffffff");
      j0[15] = static_cast<std::uint8_t>(0 - distance);
      for (const std::size_t size : {16u, 100u, 240u, 241u, 500u, 1000u}) {
        const Buffer plaintext = noise(size);
        Buffer a(size);
        Buffer b(size);
        Buffer tag_a(16);
        Buffer tag_b(16);
        GcmCall call = {j0.data(), false, nullptr, nullptr, 0, 0, plaintext.data(), a.data(), size};
        row.seal(ours, call, tag_a.data());
        call.out = b.data();
        portable.seal(theirs, call, tag_b.data());
        REQUIRE_BYTES(a, b);
        REQUIRE_BYTES(tag_a, tag_b);
        Buffer opened(size);
        call.in = a.data();
        call.out = opened.data();
        row.open(ours, call, tag_a.data());
        REQUIRE_BYTES(opened, plaintext);
        REQUIRE_BYTES(tag_a, tag_b);
      }
    }
  });
}

TEST_CASE("gcm: additional data in pieces is their concatenation", "[gcm]") {
  const Buffer text = noise(77);
  test::on_every_row("AES-GCM, pieces", gcm_kernels(), [&](const GcmKernel& row) {
    const AesGcmKey key = make_key(noise(16), &row);
    for (std::size_t size = 0; size <= 100; ++size) {
      const Buffer aad = noise(size, size);
      const Bytes all(aad);
      const Sealed expected = seal(make_key(noise(16), &gcm_kernels().back()), noise(12), aad, text);
      for (const std::size_t cut : {std::size_t{0}, size / 3, size / 2, size < 16 ? size : 16, size}) {
        const std::size_t second = cut + (size - cut) / 2;
        const Bytes parts[] = {all.first(cut), Bytes(), all.subspan(cut, second - cut), all.subspan(second)};
        Buffer out(text.size());
        Buffer tag(16);
        REQUIRE(key.seal(noise(12), parts, text, out, MutBytesOf<16>(tag.data(), 16)).ok());
        REQUIRE_BYTES(tag, expected.tag);
        REQUIRE_BYTES(out, expected.ciphertext);
        REQUIRE(key.open(noise(12), parts, out, BytesOf<16>(tag.data(), 16), out).ok());
      }
    }
  });
}

TEST_CASE("gcm: S10 rows agree on long additional data and long nonces", "[gcm]") {
  const GcmKernel& portable = gcm_kernels().back();
  test::on_every_row("AES-GCM, long additional data", gcm_kernels(), [&](const GcmKernel& row) {
    const AesGcmKey key = make_key(noise(32), &row);
    const AesGcmKey reference = make_key(noise(32), &portable);
    for (std::size_t size = 100; size <= 1100; size += 7) {
      const Buffer aad = noise(size, 3);
      const Buffer nonce = noise(size % 3 == 0 ? size : 12, 4);
      const Sealed ours = seal(key, nonce, aad, noise(size % 50));
      const Sealed theirs = seal(reference, nonce, aad, noise(size % 50));
      REQUIRE_BYTES(ours.ciphertext, theirs.ciphertext);
      REQUIRE_BYTES(ours.tag, theirs.tag);
    }
  });
}

TEST_CASE("gcm: nonces of every length to 70 bytes agree on every row", "[gcm]") {
  test::on_every_row("AES-GCM, nonces", gcm_kernels(), [&](const GcmKernel& row) {
    const AesGcmKey key = make_key(noise(16), &row);
    const AesGcmKey reference = make_key(noise(16), &gcm_kernels().back());
    for (std::size_t size = 1; size <= 70; ++size) {
      const Sealed ours = seal(key, noise(size), noise(5), noise(40));
      const Sealed theirs = seal(reference, noise(size), noise(5), noise(40));
      REQUIRE_BYTES(ours.ciphertext, theirs.ciphertext);
      REQUIRE_BYTES(ours.tag, theirs.tag);
    }
    Buffer out(40);
    std::uint8_t tag[16];
    const auto refused = key.seal({}, {}, noise(40), out, tag);
    REQUIRE(!refused);
    CHECK(refused.error() == ErrorCode::bad_nonce_size);
  });
}

TEST_CASE("gcm: S10 no row touches memory outside its buffers", "[gcm]") {
  test::Guarded in_memory(8192);
  test::Guarded out_memory(8192);
  test::Guarded aad_memory(64);
  test::Guarded nonce_memory(64);
  test::Guarded tag_memory(64);
  test::on_every_row("AES-GCM between guard pages", gcm_kernels(), [&](const GcmKernel& row) {
    const AesGcmKey key = make_key(noise(16), &row);
    for (std::size_t size = 0; size <= 4400; size += size < 600 ? 1 : 97) {
      const Buffer plaintext = noise(size, size);
      const Buffer aad = noise(size % 40, 2);
      const Sealed expected = seal(key, noise(12), aad, plaintext);
      for (const bool at_end : {false, true}) {
        const MutBytes in = at_end ? in_memory.at_end(plaintext) : in_memory.at_start(plaintext);
        const MutBytes out = at_end ? out_memory.at_end(size) : out_memory.at_start(size);
        const Bytes more = at_end ? aad_memory.at_end(aad) : aad_memory.at_start(aad);
        const Bytes nonce = at_end ? nonce_memory.at_end(noise(12)) : nonce_memory.at_start(noise(12));
        const MutBytes tag = at_end ? tag_memory.at_end(16) : tag_memory.at_start(16);
        const Bytes parts[] = {more};
        REQUIRE(key.seal(nonce, parts, in, out, MutBytesOf<16>(tag.data(), 16)).ok());
        REQUIRE_BYTES(out, expected.ciphertext);
        REQUIRE_BYTES(tag, expected.tag);
        REQUIRE(key.open(nonce, parts, out, BytesOf<16>(tag.data(), 16), in).ok());
        REQUIRE_BYTES(in, plaintext);
        REQUIRE(key.open(nonce, parts, out, BytesOf<16>(tag.data(), 16), out).ok());
        REQUIRE_BYTES(out, plaintext);
      }
    }
  });
}

TEST_CASE("gcm: S07 a flipped bit anywhere is refused by every row, and the plaintext is wiped", "[gcm]") {
  test::on_every_row("AES-GCM, flipped bits", gcm_kernels(), [&](const GcmKernel& row) {
    const AesGcmKey key = make_key(noise(32), &row);
    for (const std::size_t size : {0u, 1u, 16u, 45u, 240u, 300u}) {
      const Buffer plaintext = noise(size, 9);
      const Buffer nonce = noise(12, 10);
      const Buffer aad = noise(21, 11);
      const Sealed good = seal(key, nonce, aad, plaintext);
      const auto refused = [&](Bytes n, Bytes a, const Buffer& c, Bytes t) {
        Buffer out(size, 0xee);
        const auto result = open(key, n, a, c, t, out);
        REQUIRE(!result);
        REQUIRE(result.error() == ErrorCode::bad_tag);
        REQUIRE(out == Buffer(size, 0));
        Buffer in_place = c;
        REQUIRE(!open(key, n, a, in_place, t, in_place).ok());
        REQUIRE(in_place == Buffer(size, 0));
      };
      const auto flip_each = [](const Buffer& original, std::size_t step, auto check) {
        for (std::size_t bit = 0; bit < original.size() * 8; bit += step) {
          Buffer changed = original;
          changed[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
          check(changed);
        }
      };
      flip_each(good.tag, 1, [&](const Buffer& t) { refused(nonce, aad, good.ciphertext, t); });
      flip_each(good.ciphertext, 7, [&](const Buffer& c) { refused(nonce, aad, c, good.tag); });
      flip_each(aad, 3, [&](const Buffer& a) { refused(nonce, a, good.ciphertext, good.tag); });
      flip_each(nonce, 3, [&](const Buffer& n) { refused(n, aad, good.ciphertext, good.tag); });
      refused(nonce, Bytes(aad).first(20), good.ciphertext, good.tag);
      Buffer out(size);
      CHECK(open(key, nonce, aad, good.ciphertext, good.tag, out).ok());
    }
  });
}

TEST_CASE("gcm: S06 only tags of 16 bytes are taken, by the type-erased AEAD too", "[gcm]") {
  auto aead = Aead::create(kAes128Gcm, noise(16));
  REQUIRE(aead.ok());
  Buffer text = noise(20);
  for (std::size_t size = 0; size <= 20; ++size) {
    Buffer out(20);
    Buffer tag(size);
    CHECK(aead->seal(noise(12), {}, text, out, tag).ok() == (size == 16));
    Buffer good(16);
    REQUIRE(aead->seal(noise(12), {}, text, out, good).ok());
    good.resize(size);
    const auto opened = aead->open(noise(12), {}, out, good, out);
    CHECK(opened.ok() == (size == 16));
    if (!opened) {
      CHECK(opened.error() == ErrorCode::bad_tag);
      CHECK(out == Buffer(20, 0));
    }
  }
  // Nothing to encrypt and nothing to authenticate still has a tag that is checked.
  Buffer tag(16);
  REQUIRE(aead->seal(noise(12), {}, {}, {}, tag).ok());
  CHECK(aead->open(noise(12), {}, {}, tag, {}).ok());
  tag[3] ^= 1;
  CHECK(!aead->open(noise(12), {}, {}, tag, {}).ok());
}

TEST_CASE("gcm: S05 S08 messages of 2^36 - 31 bytes and more are refused before anything is read", "[gcm]") {
  constexpr std::uint64_t kLimit = (std::uint64_t{1} << 36) - 32;
  if constexpr (sizeof(std::size_t) == 8) {
    const auto key = make_key(noise(16), nullptr);
    // Address space that cannot be touched.
    const std::size_t size = static_cast<std::size_t>(kLimit) + 64;
    void* const room = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(room != MAP_FAILED);
    const MutBytes text(static_cast<std::uint8_t*>(room), size);
    std::uint8_t tag[16] = {};
    for (const std::uint64_t too_long : {kLimit + 1, kLimit + 64}) {
      const MutBytes part = text.first(static_cast<std::size_t>(too_long));
      const auto sealed = key.seal(noise(12), {}, part, part, tag);
      REQUIRE(!sealed);
      CHECK(sealed.error() == ErrorCode::message_too_long);
      CHECK(key.open(noise(12), {}, part, tag, part).error() == ErrorCode::message_too_long);
    }
    munmap(room, size);
  }
}

TEST_CASE("gcm: buffers that overlap in part, and sizes that differ, are refused", "[gcm]") {
  const auto key = make_key(noise(16), nullptr);
  Buffer room = noise(128);
  const MutBytes b(room);
  std::uint8_t tag[16] = {};
  CHECK(key.seal(noise(12), {}, b.first(32), b.subspan(1, 32), tag).error() == ErrorCode::partial_overlap);
  CHECK(key.open(noise(12), {}, b.subspan(16, 32), tag, b.first(32)).error() == ErrorCode::partial_overlap);
  CHECK(key.seal(noise(12), {}, b.first(32), b.subspan(64, 31), tag).error() == ErrorCode::invalid_argument);
  CHECK(key.seal(noise(12), {}, b.first(32), b.subspan(64, 32), MutBytesOf<16>(b.data() + 80, 16)).error() ==
        ErrorCode::partial_overlap);
  CHECK(key.seal(noise(12), {}, b.first(32), b.first(32), MutBytesOf<16>(b.data() + 32, 16)).ok());
  CHECK(key.open(noise(12), {}, b.first(32), BytesOf<16>(b.data() + 32, 16), b.first(32)).ok());
  CHECK_BYTES(b.first(32), Bytes(noise(128)).first(32));
}

TEST_CASE("gcm: the type-erased AEAD takes its own key sizes, nonces and rows, and moves", "[gcm]") {
  for (std::size_t size = 0; size <= 40; ++size) {
    CHECK(Aead::create(kAes128Gcm, noise(size)).ok() == (size == 16));
    CHECK(Aead::create(kAes256Gcm, noise(size)).ok() == (size == 32));
    CHECK(AesGcmKey::create(noise(size)).ok() == (size == 16 || size == 24 || size == 32));
  }
  CHECK(Aead::create(kAes128Gcm, noise(16), "no such row").error() == ErrorCode::kernel_unavailable);
  const Sealed expected = seal(make_key(noise(16), nullptr), noise(12), noise(13), noise(50));
  const Buffer aad = noise(13);
  const Bytes parts[] = {aad};
  test::on_every_row("AES-GCM as Aead", gcm_kernels(), [&](const GcmKernel& row) {
    auto made = Aead::create(kAes128Gcm, noise(16), row.name);
    REQUIRE(made.ok());
    Aead moved = *std::move(made);
    Aead other = *Aead::create(kAes256Gcm, noise(32));
    other = std::move(moved);
    CHECK(other.algorithm().name == "AES-128-GCM");
    Buffer out(50);
    Buffer tag(16);
    REQUIRE(other.seal(noise(12), parts, noise(50), out, tag).ok());
    CHECK_BYTES(out, expected.ciphertext);
    CHECK_BYTES(tag, expected.tag);
    for (std::size_t size = 0; size <= 20; ++size) {
      if (size != 12) {
        CHECK(other.seal(noise(size), parts, noise(50), out, tag).error() == ErrorCode::bad_nonce_size);
        CHECK(other.open(noise(size), parts, out, tag, out).error() == ErrorCode::bad_nonce_size);
      }
    }
  });
}

TEST_CASE("gcm: S02 a row that the CPU cannot run is refused, and with all features masked GCM still runs",
          "[gcm]") {
  const Sealed expected = seal(make_key(noise(16), nullptr), noise(12), noise(5), noise(99));
  cpu::set_mask(cpu::Features());
  for (const GcmKernel& row : gcm_kernels()) {
    CHECK(AesGcmKey::create(noise(16), &row).ok() == (row.required.bits == 0));
    CHECK(Aead::create(kAes128Gcm, noise(16), row.name).ok() == (row.required.bits == 0));
  }
  const Sealed masked = seal(make_key(noise(16), nullptr), noise(12), noise(5), noise(99));
  cpu::clear_mask();
  CHECK_BYTES(masked.ciphertext, expected.ciphertext);
  CHECK_BYTES(masked.tag, expected.tag);
}

TEST_CASE("gcm: S12 a key leaves nothing behind when it moves or dies", "[gcm]") {
  test::on_every_row("AES-GCM, wiping", gcm_kernels(), [&](const GcmKernel& row) {
    const Buffer secret = noise(32, 77);
    alignas(AesGcmKey) std::uint8_t rooms[2][sizeof(AesGcmKey)] = {};
    // The raw key opens every schedule that is not bitsliced; of that one the first stored words are looked
    // for.
    GcmKeyData data;
    std::memset(static_cast<void*>(data.bytes), 0, sizeof data.bytes);
    row.init(data, secret);
    const Bytes trace(data.bytes, 16);
    const auto holds = [&](const std::uint8_t* room) {
      for (std::size_t at = 0; at + 16 <= sizeof(AesGcmKey); ++at) {
        if (std::memcmp(room + at, trace.data(), 16) == 0) {
          return true;
        }
      }
      return false;
    };
    auto* const first = new (rooms[0]) AesGcmKey(make_key(secret, &row));
    CHECK(holds(rooms[0]));
    auto* const second = new (rooms[1]) AesGcmKey(std::move(*first));
    CHECK(!holds(rooms[0]));
    CHECK(holds(rooms[1]));
    first->~AesGcmKey();
    second->~AesGcmKey();
    CHECK(!holds(rooms[1]));
  });
}

TEST_CASE("gcm: S12 x86 rows leave nothing in the vector registers", "[gcm]") {
  if (test::kThreadSanitised) {
    SKIP_CASE("ThreadSanitizer writes to the vector registers");
  }
  test::on_every_row("AES-GCM, registers", gcm_kernels(), [&](const GcmKernel& row) {
    if (row.required.bits == 0) {
      return;
    }
    for (const std::size_t key_size : kKeySizes) {
      const Buffer secret = noise(key_size);
      GcmKeyData data;
      CHECK(test::clears_vectors([&] { row.init(data, secret); }));
      for (const std::size_t size : {0u, 1u, 16u, 100u, 150u, 256u, 257u, 1000u}) {
        const Buffer nonce = noise(12);
        const Buffer aad = noise(13);
        const Buffer text = noise(size);
        Buffer out(size);
        Buffer tag(16);
        const GcmCall call = {nonce.data(), true,        nullptr,    aad.data(), aad.size(),
                              aad.size(),   text.data(), out.data(), size};
        CHECK(test::clears_vectors([&] { row.seal(data, call, tag.data()); }));
        CHECK(test::clears_vectors([&] { row.open(data, call, tag.data()); }));
        CHECK(test::clears_vectors([&] { row.ghash(data, tag.data(), text.data(), size / 16); }));
      }
    }
  });
}

TEST_CASE("gcm: S12 no row leaves a round key or a power of H on the stack", "[gcm]") {
  if (test::kSanitised) {
    SKIP_CASE("the sanitiser's frames keep copies of their own");
  }
  test::on_every_row("AES-GCM, dead stack", gcm_kernels(), [&](const GcmKernel& row) {
    for (const std::size_t key_size : kKeySizes) {
      INFO("key of " << key_size << " bytes");
      const Buffer secret = noise(key_size, 5);
      GcmKeyData data;
      std::memset(static_cast<void*>(data.bytes), 0, sizeof data.bytes);
      row.init(data, secret);
      const Bytes kept(data.bytes, data.size);
      GcmKeyData other;
      CHECK(test::words_left_on_stack(kept, [&] { row.init(other, secret); }) == 0);
      CHECK(test::words_left_on_stack(secret, [&] { row.init(other, secret); }) == 0);
      for (const std::size_t size : {0u, 16u, 100u, 130u, 200u, 257u, 700u, 2000u}) {
        INFO(size << " bytes");
        const Buffer nonce = noise(12);
        const Buffer aad = noise(13);
        const Buffer text = noise(size);
        Buffer out(size);
        Buffer tag(16);
        const GcmCall call = {nonce.data(), true,        nullptr,    aad.data(), aad.size(),
                              aad.size(),   text.data(), out.data(), size};
        CHECK(test::words_left_on_stack(kept, [&] { row.seal(data, call, tag.data()); }) == 0);
        CHECK(test::words_left_on_stack(kept, [&] { row.open(data, call, tag.data()); }) == 0);
        CHECK(test::words_left_on_stack(kept, [&] { row.ghash(data, tag.data(), text.data(), size / 16); }) ==
              0);
      }
    }
  });
}
