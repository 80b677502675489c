// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/gcm_siv.hpp>

#include "crypto/aead_checks.hpp"
#include "crypto/key_ends.hpp"
#include "gcm/ghash_portable.hpp"
#include "support/registers.hpp"
#include "support/skip.hpp"
#include "support/stack.hpp"

#include <ashlar/base/endian.hpp>

#include <sys/mman.h>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::open;
using test::seal;
using test::Sealed;

namespace gcm_siv_test {
namespace {

const test::AeadChecks<AesGcmSivKey, GcmSivKernel> kChecks = {
    "AES-GCM-SIV", gcm_siv_kernels(), {16, 32}, kAes128GcmSiv, kAes256GcmSiv};

AesGcmSivKey make_key(Bytes key, const GcmSivKernel* row) {
  return kChecks.make_key(key, row);
}

void append(Buffer& to, Bytes bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

// POLYVAL of one block.
Buffer times(Bytes block, Bytes h) {
  gcm::GhashState state;
  gcm::polyval_blocks(gcm::polyval_key(h.data()), state, block.data(), 1);
  Buffer product(16);
  store_le64(product.data(), state.low);
  store_le64(product.data() + 8, state.high);
  return product;
}

// What a row may hold during a message: the round keys of both AES keys in its form, the message's keys, and
// powers of H.
Buffer secrets(const GcmSivKernel& row, Bytes key, Bytes nonce) {
  const AesKernel& aes = aes_kernels().back();
  AesSchedule schedule;
  aes.expand_encrypt(schedule, key);
  Buffer blocks;
  for (std::uint8_t i = 0; i < (16 + key.size()) / 8; ++i) {
    append(blocks, Buffer{i, 0, 0, 0});
    append(blocks, nonce);
  }
  aes.encrypt_blocks(schedule, blocks.data(), blocks.data(), blocks.size() / 16);
  Buffer derived;
  for (std::size_t i = 0; i < blocks.size(); i += 16) {
    append(derived, Bytes(blocks).subspan(i, 8));
  }
  Buffer all(key.begin(), key.end());
  append(all, derived);
  for (const Bytes each : {key, Bytes(derived).subspan(16)}) {
    std::memset(schedule.round_keys, 0, sizeof schedule.round_keys);
    row.expand(schedule, each);
    append(all, schedule.round_keys);
  }
  const Bytes h = Bytes(derived).first(16);
  Buffer power(h.begin(), h.end());
  Buffer x64(16);  // rows keep powers times x^-64 too
  x64[8] = 1;
  for (int n = 1; n <= 20; ++n) {
    append(all, power);
    append(all, times(x64, power));
    power = times(power, h);
  }
  const gcm::GhashKey portable = gcm::polyval_key(h.data());
  append(all, {reinterpret_cast<const std::uint8_t*>(&portable), sizeof portable});
  return all;
}

}  // namespace

TEST_CASE("gcm_siv: S10 every row agrees with the portable one at every length to 1100, apart and in place",
          "[gcm_siv]") {
  kChecks.agree_at_every_length();
}

TEST_CASE("gcm_siv: S10 rows agree around 4 KiB and 16 KiB", "[gcm_siv]") {
  kChecks.agree_around_pages();
}

TEST_CASE("gcm_siv: S10 rows agree wherever text, output and tag stand in a cache line", "[gcm_siv]") {
  kChecks.agree_at_every_alignment();
}

TEST_CASE("gcm_siv: additional data in pieces is their concatenation", "[gcm_siv]") {
  kChecks.join_pieces();
}

TEST_CASE("gcm_siv: S10 no row touches memory outside its buffers", "[gcm_siv]") {
  kChecks.touch_only_their_buffers();
}

TEST_CASE("gcm_siv: S07 a flipped bit anywhere is refused by every row, and the plaintext is wiped",
          "[gcm_siv]") {
  kChecks.refuse_flipped_bits();
}

TEST_CASE("gcm_siv: S06 only tags of 16 bytes are taken, by the type-erased AEAD too", "[gcm_siv]") {
  kChecks.take_tags_of_16_bytes();
}

TEST_CASE("gcm_siv: buffers that overlap in part, and sizes that differ, are refused", "[gcm_siv]") {
  kChecks.refuse_overlapping_buffers();
}

TEST_CASE("gcm_siv: the type-erased AEAD takes its own key sizes, nonces and rows, and moves", "[gcm_siv]") {
  kChecks.serve_the_erased_type();
}

TEST_CASE(
    "gcm_siv: S02 a row that the CPU cannot run is refused, and with all features masked GCM-SIV still runs",
    "[gcm_siv]") {
  kChecks.obey_the_mask();
}

// The counter starts from the tag, so opening under an invented tag wraps it at any place.
TEST_CASE("gcm_siv: S10 the 32-bit counter wraps alike on every row", "[gcm_siv]") {
  const GcmSivKernel& portable = gcm_siv_kernels().back();
  const Buffer secret = noise(16);
  test::on_every_row("AES-GCM-SIV, counter wrap", gcm_siv_kernels(), [&](const GcmSivKernel& row) {
    AesSchedule ours;
    AesSchedule theirs;
    row.expand(ours, secret);
    portable.expand(theirs, secret);
    for (std::uint32_t distance = 1; distance <= 80; ++distance) {
      Buffer tag = noise(16, distance);
      store_le32(tag.data(), 0 - distance);
      for (const std::size_t size : {16u, 100u, 240u, 300u, 500u, 1000u, 1300u}) {
        const Buffer nonce = noise(12);
        const Buffer ciphertext = noise(size);
        Buffer a(size);
        Buffer b(size);
        Buffer tag_a(16);
        Buffer tag_b(16);
        GcmSivCall call = {nonce.data(), {}, 0, ciphertext.data(), a.data(), size};
        row.open(ours, call, tag.data(), tag_a.data());
        call.out = b.data();
        portable.open(theirs, call, tag.data(), tag_b.data());
        REQUIRE_BYTES(a, b);
        REQUIRE_BYTES(tag_a, tag_b);
      }
    }
  });
}

TEST_CASE("gcm_siv: S10 rows agree on long additional data", "[gcm_siv]") {
  test::on_every_row("AES-GCM-SIV, long additional data", gcm_siv_kernels(), [&](const GcmSivKernel& row) {
    const AesGcmSivKey key = make_key(noise(32), &row);
    const AesGcmSivKey reference = make_key(noise(32), &gcm_siv_kernels().back());
    for (std::size_t size = 0; size <= 1100; size += size < 70 ? 1 : 7) {
      const Buffer aad = noise(size, 3);
      const Sealed ours = seal(key, noise(12), aad, noise(size % 50));
      const Sealed theirs = seal(reference, noise(12), aad, noise(size % 50));
      REQUIRE_BYTES(ours.ciphertext, theirs.ciphertext);
      REQUIRE_BYTES(ours.tag, theirs.tag);
    }
  });
}

TEST_CASE("gcm_siv: a nonce that is used twice shows nothing but equal messages", "[gcm_siv]") {
  const AesGcmSivKey key = make_key(noise(16), nullptr);
  Buffer text = noise(40);
  const Sealed first = seal(key, noise(12), noise(5), text);
  const Sealed again = seal(key, noise(12), noise(5), text);
  CHECK_BYTES(again.ciphertext, first.ciphertext);
  CHECK_BYTES(again.tag, first.tag);
  // The last bit changes every block of the ciphertext, because the key stream changes.
  text[39] ^= 0x80;
  const Sealed other = seal(key, noise(12), noise(5), text);
  CHECK(test::hex(other.tag) != test::hex(first.tag));
  for (std::size_t at = 0; at < 40; at += 8) {
    CHECK(!equal_public(Bytes(other.ciphertext).subspan(at, 8), Bytes(first.ciphertext).subspan(at, 8)));
  }
}

TEST_CASE("gcm_siv: keys of 24 bytes are refused", "[gcm_siv]") {
  CHECK(AesGcmSivKey::create(noise(24)).error() == ErrorCode::bad_key_size);
}

TEST_CASE("gcm_siv: S05 S08 text or additional data of more than 2^36 bytes is refused before it is read",
          "[gcm_siv]") {
  constexpr std::uint64_t kLimit = std::uint64_t{1} << 36;
  if constexpr (sizeof(std::size_t) == 8) {
    const auto key = make_key(noise(16), nullptr);
    // Address space that must not be touched.
    const std::size_t size = static_cast<std::size_t>(kLimit) + 64;
    void* const room = mmap(nullptr, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    REQUIRE(room != MAP_FAILED);
    const MutBytes all(static_cast<std::uint8_t*>(room), size);
    std::uint8_t tag[16] = {};
    for (const std::uint64_t too_long : {kLimit + 1, kLimit + 64}) {
      const MutBytes part = all.first(static_cast<std::size_t>(too_long));
      CHECK(key.seal(noise(12), {}, part, part, tag).error() == ErrorCode::message_too_long);
      CHECK(key.open(noise(12), {}, part, tag, part).error() == ErrorCode::message_too_long);
      const Bytes one[] = {part};
      CHECK(key.seal(noise(12), one, {}, {}, tag).error() == ErrorCode::message_too_long);
      const Bytes two[] = {all.first(64), part.subspan(64), all.first(63)};
      CHECK(key.open(noise(12), two, {}, tag, {}).error() == ErrorCode::message_too_long);
    }
    munmap(room, size);
  }
}

TEST_CASE("gcm_siv: S12 a key leaves nothing behind when it moves or dies", "[gcm_siv]") {
  test::on_every_row("AES-GCM-SIV, wiping", gcm_siv_kernels(), [&](const GcmSivKernel& row) {
    const Buffer secret = noise(32, 77);
    AesSchedule schedule;
    row.expand(schedule, secret);
    test::leave_nothing_behind(
        [&] { return make_key(secret, &row); },
        [&](Bytes room) { return test::stands_in(room, Bytes(schedule.round_keys).first(16)); },
        [](const AesGcmSivKey& key) { return seal(key, noise(12), noise(3), noise(50)).tag; });
  });
}

TEST_CASE("gcm_siv: S12 x86 rows leave nothing in the vector registers", "[gcm_siv]") {
  if (test::kThreadSanitised) {
    SKIP_CASE("ThreadSanitizer writes to the vector registers");
  }
  test::on_every_row("AES-GCM-SIV, registers", gcm_siv_kernels(), [&](const GcmSivKernel& row) {
    if (row.required.bits == 0) {
      return;
    }
    for (const std::size_t key_size : kChecks.key_sizes) {
      AesSchedule schedule;
      row.expand(schedule, noise(key_size));
      for (const std::size_t size : {0u, 1u, 16u, 100u, 150u, 256u, 257u, 1000u}) {
        const Buffer nonce = noise(12);
        const Buffer aad = noise(size % 40);
        const Bytes parts[] = {aad};
        const Buffer text = noise(size);
        Buffer out(size);
        Buffer tag(16);
        const GcmSivCall call = {nonce.data(), parts, aad.size(), text.data(), out.data(), size};
        CHECK(test::clears_vectors([&] { row.seal(schedule, call, tag.data()); }));
        CHECK(test::clears_vectors([&] { row.open(schedule, call, tag.data(), tag.data()); }));
      }
    }
  });
}

TEST_CASE("gcm_siv: S12 no row leaves a key, a round key or a power of H on the stack", "[gcm_siv]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  test::on_every_row("AES-GCM-SIV, dead stack", gcm_siv_kernels(), [&](const GcmSivKernel& row) {
    for (const std::size_t key_size : kChecks.key_sizes) {
      INFO("key of " << key_size << " bytes");
      const Buffer key = noise(key_size, 5);
      const Buffer nonce = noise(12);
      const Buffer kept = secrets(row, key, nonce);
      AesSchedule schedule;
      CHECK(test::words_left_on_stack(kept, [&] { row.expand(schedule, key); }) == 0);
      for (const std::size_t size : {0u, 16u, 100u, 130u, 200u, 257u, 300u, 700u, 2000u}) {
        INFO(size << " bytes");
        const Buffer aad = noise(size % 70);
        const Bytes parts[] = {aad};
        const Buffer text = noise(size);
        Buffer out(size);
        Buffer tag(16);
        const GcmSivCall call = {nonce.data(), parts, aad.size(), text.data(), out.data(), size};
        CHECK(test::words_left_on_stack(kept, [&] { row.seal(schedule, call, tag.data()); }) == 0);
        CHECK(test::words_left_on_stack(kept, [&] { row.open(schedule, call, tag.data(), tag.data()); }) ==
              0);
      }
    }
  });
}

TEST_CASE("gcm-siv: a tag's place within the text is refused, since that is read after it is written",
          "[gcm-siv]") {
  const auto key = AesGcmSivKey::create(noise(16));
  REQUIRE(key);
  Buffer text = noise(40), out(40);
  const Result<void> refused = key->seal(noise(12), {}, text, out, MutBytes(text).first<16>());
  CHECK(refused.error() == ErrorCode::partial_overlap);
}

}  // namespace gcm_siv_test
