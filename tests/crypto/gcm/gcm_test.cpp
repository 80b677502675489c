// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/gcm.hpp>

#include "crypto/aead_checks.hpp"
#include "crypto/gcm/raw_key.hpp"
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
using test::RawGcmKey;
using test::seal;
using test::Sealed;
using test::unhex;

namespace gcm_test {
namespace {

const test::AeadChecks<AesGcmKey, GcmKernel> kChecks = {
    "AES-GCM", gcm_kernels(), {16, 24, 32}, kAes128Gcm, kAes256Gcm};

AesGcmKey make_key(Bytes key, const GcmKernel* row) {
  return kChecks.make_key(key, row);
}

// The test cases of the GCM specification (McGrew and Viega, appendix B), the basis of SP 800-38D.
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
  kChecks.agree_at_every_length();
}

TEST_CASE("gcm: S10 rows agree around 4 KiB and 16 KiB", "[gcm]") {
  kChecks.agree_around_pages();
}

TEST_CASE("gcm: S10 rows agree wherever text, output and tag stand in a cache line", "[gcm]") {
  kChecks.agree_at_every_alignment();
}

// A nonce that is not 96 bits long gives a J0 with any last 32 bits. Its counter wraps within a message of n
// blocks with probability n / 2^32. So the test forces the wrap: it gives kernels J0 directly.
TEST_CASE("gcm: S10 the 32-bit counter wraps alike on every row", "[gcm]") {
  const GcmKernel& portable = gcm_kernels().back();
  const Buffer secret = noise(16);
  test::on_every_row("AES-GCM, counter wrap", gcm_kernels(), [&](const GcmKernel& row) {
    RawGcmKey ours(row, secret);
    RawGcmKey theirs(portable, secret);
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
        row.seal(ours.data(), call, tag_a.data());
        call.out = b.data();
        portable.seal(theirs.data(), call, tag_b.data());
        REQUIRE_BYTES(a, b);
        REQUIRE_BYTES(tag_a, tag_b);
        Buffer opened(size);
        call.in = a.data();
        call.out = opened.data();
        row.open(ours.data(), call, tag_a.data());
        REQUIRE_BYTES(opened, plaintext);
        REQUIRE_BYTES(tag_a, tag_b);
      }
    }
  });
}

TEST_CASE("gcm: additional data in pieces is their concatenation", "[gcm]") {
  kChecks.join_pieces();
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

TEST_CASE("gcm: S10 long messages agree on every row, whichever counter they begin with", "[gcm]") {
  test::on_every_row("AES-GCM, counters of long messages", gcm_kernels(), [&](const GcmKernel& row) {
    for (const std::size_t key_size : {16u, 32u}) {
      const AesGcmKey key = make_key(noise(key_size), &row);
      const AesGcmKey reference = make_key(noise(key_size), &gcm_kernels().back());
      for (std::size_t i = 0; i < 40; ++i) {
        // A nonce of another size than 12 bytes is hashed to the first counter.
        const Buffer nonce = noise(16, i);
        const Buffer plaintext = noise((key_size == 16 ? 13300u : 6100u) + 100 * (i % 3), i);
        const Sealed ours = seal(key, nonce, {}, plaintext);
        const Sealed theirs = seal(reference, nonce, {}, plaintext);
        REQUIRE(ours.ciphertext == theirs.ciphertext);
        REQUIRE_BYTES(ours.tag, theirs.tag);
        Buffer opened(plaintext.size());
        REQUIRE(open(key, nonce, {}, ours.ciphertext, ours.tag, opened).ok());
        REQUIRE(opened == plaintext);
      }
    }
  });
}

TEST_CASE("gcm: S10 no row touches memory outside its buffers", "[gcm]") {
  kChecks.touch_only_their_buffers();
}

TEST_CASE("gcm: S07 a flipped bit anywhere is refused by every row, and the plaintext is wiped", "[gcm]") {
  kChecks.refuse_flipped_bits();
}

TEST_CASE("gcm: S06 only tags of 16 bytes are taken, by the type-erased AEAD too", "[gcm]") {
  kChecks.take_tags_of_16_bytes();
}

TEST_CASE("gcm: S05 S08 messages of 2^36 - 31 bytes and more are refused before anything is read", "[gcm]") {
  constexpr std::uint64_t kLimit = (std::uint64_t{1} << 36) - 32;
  if constexpr (sizeof(std::size_t) == 8) {
    const auto key = make_key(noise(16), nullptr);
    // Address space that must not be touched.
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
  kChecks.refuse_overlapping_buffers();
}

TEST_CASE("gcm: the type-erased AEAD takes its own key sizes, nonces and rows, and moves", "[gcm]") {
  kChecks.serve_the_erased_type();
}

TEST_CASE("gcm: S02 a row that the CPU cannot run is refused, and with all features masked GCM still runs",
          "[gcm]") {
  kChecks.obey_the_mask();
}

TEST_CASE("gcm: S12 a key leaves nothing behind when it moves or dies", "[gcm]") {
  test::on_every_row("AES-GCM, wiping", gcm_kernels(), [&](const GcmKernel& row) {
    const Buffer secret = noise(32, 77);
    RawGcmKey raw(row, secret);
    test::leave_nothing_behind(
        [&] { return make_key(secret, &row); },
        [&](Bytes room) { return test::stands_in(room, raw.kept().last(16)); },  // the last round key
        [](const AesGcmKey& key) { return seal(key, noise(12), noise(3), noise(50)).tag; });
  });
}

TEST_CASE("gcm: S12 x86 rows leave nothing in the vector registers", "[gcm]") {
  if (test::kThreadSanitised) {
    SKIP_CASE("ThreadSanitizer writes to the vector registers");
  }
  test::on_every_row("AES-GCM, registers", gcm_kernels(), [&](const GcmKernel& row) {
    // ASan's memcpy and memset write to registers of AVX, which a row of SSE neither has nor clears.
    if (row.required.bits == 0 || (test::kFramesHoldCopies && row.name == "ssse3")) {
      return;
    }
    for (const std::size_t key_size : kChecks.key_sizes) {
      const Buffer secret = noise(key_size);
      RawGcmKey raw(row, secret);
      GcmKeyData& data = raw.data();
      CHECK(test::clears_vectors([&] { row.init(data, secret); }));
      for (const std::size_t size : {0u, 1u, 16u, 100u, 150u, 256u, 257u, 1000u, 13000u}) {
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
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  test::on_every_row("AES-GCM, dead stack", gcm_kernels(), [&](const GcmKernel& row) {
    for (const std::size_t key_size : kChecks.key_sizes) {
      INFO("key of " << key_size << " bytes");
      const Buffer secret = noise(key_size, 5);
      RawGcmKey raw(row, secret);
      GcmKeyData& data = raw.data();
      const Bytes kept = raw.kept();
      RawGcmKey other(row, secret);
      CHECK(test::words_left_on_stack(kept, [&] { row.init(other.data(), secret); }) == 0);
      CHECK(test::words_left_on_stack(secret, [&] { row.init(other.data(), secret); }) == 0);
      for (const std::size_t size : {0u, 16u, 100u, 130u, 200u, 257u, 700u, 2000u, 14000u}) {
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

// GHASH of one block of additional data is that block times H. GHASH of a nonce of 8 bytes is a polynomial of
// low degree in H. Whoever finds one of them finds H.
TEST_CASE("gcm: S12 no hash of additional data or of a nonce is left on the stack", "[gcm]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  test::on_every_row("AES-GCM, dead hashes", gcm_kernels(), [&](const GcmKernel& row) {
    const Buffer secret = noise(16, 5);
    const Buffer nonce = noise(8, 6);
    const Buffer aad = noise(20, 7);
    const Buffer text = noise(40, 8);
    const Bytes parts[] = {aad};
    const auto key = AesGcmKey::create(secret, &row);
    REQUIRE(key);
    RawGcmKey raw(row, secret);
    GcmKeyData& data = raw.data();
    Buffer hashes(32);
    row.ghash(data, hashes.data(), aad.data(), 1);
    Buffer blocks(32);
    std::memcpy(blocks.data(), nonce.data(), nonce.size());
    store_be64(blocks.data() + 24, 8 * nonce.size());
    row.ghash(data, hashes.data() + 16, blocks.data(), 2);
    Buffer sealed(text.size()), opened(text.size());
    std::uint8_t tag[16];
    CHECK(test::words_left_on_stack(hashes, [&] { (void)key->seal(nonce, parts, text, sealed, tag); }) == 0);
    CHECK(test::words_left_on_stack(hashes, [&] { (void)key->open(nonce, parts, sealed, tag, opened); }) ==
          0);
    REQUIRE(opened == text);
  });
}

TEST_CASE("gcm: every row takes a tag's place that lies in the additional data or the text", "[gcm]") {
  test::on_every_row("AES-GCM, tag in the input", gcm_kernels(), [&](const GcmKernel& row) {
    const auto key = AesGcmKey::create(noise(16), &row);
    REQUIRE(key);
    const Buffer nonce = noise(12);
    for (const std::size_t size : {16u, 40u, 300u}) {
      INFO(size << " bytes");
      Buffer text = noise(size, 2);
      Buffer aad = noise(16, 3);
      const Bytes parts[] = {aad};
      Buffer expected(size), out(size);
      std::uint8_t tag[16];
      REQUIRE(key->seal(nonce, parts, text, expected, tag));
      REQUIRE(key->seal(nonce, parts, text, out, MutBytes(aad).first<16>()));
      CHECK(out == expected);
      CHECK_BYTES(Bytes(aad), Bytes(tag));
      copy_bytes(aad, noise(16, 3));
      REQUIRE(key->seal(nonce, parts, text, out, MutBytes(text).last<16>()));
      CHECK(out == expected);
      CHECK_BYTES(Bytes(text).last(16), Bytes(tag));
    }
  });
}

}  // namespace gcm_test
