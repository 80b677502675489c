// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/xts.hpp>

#include "catch.hpp"
#include "crypto/key_ends.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"
#include "support/guarded.hpp"
#include "support/registers.hpp"
#include "support/skip.hpp"
#include "support/stack.hpp"

#include <memory>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;

namespace xts_test {
namespace {

AesXtsKey make_key(Bytes key, const XtsKernel* row) {
  auto made = AesXtsKey::create(key, row);
  REQUIRE(made.ok());
  return *std::move(made);
}

BytesOf<16> tweak_of(const Buffer& bytes) {
  return BytesOf<16>(bytes.data(), 16);
}

Buffer encrypt(const AesXtsKey& key, const Buffer& tweak, Bytes in) {
  Buffer out(in.size());
  REQUIRE(key.encrypt(tweak_of(tweak), in, out).ok());
  return out;
}

Buffer decrypt(const AesXtsKey& key, const Buffer& tweak, Bytes in) {
  Buffer out(in.size());
  REQUIRE(key.decrypt(tweak_of(tweak), in, out).ok());
  return out;
}

std::unique_ptr<XtsSchedules> schedules_of(const XtsKernel& row, Bytes key) {
  auto made = std::make_unique<XtsSchedules>();
  std::memset(static_cast<void*>(made.get()), 0, sizeof *made);
  row.expand_encrypt(made->encrypt, key.first(key.size() / 2));
  row.expand_decrypt(made->decrypt, key.first(key.size() / 2));
  row.expand_encrypt(made->tweak, key.last(key.size() / 2));
  return made;
}

// XTS exactly as in IEEE 1619 §5.3 and §5.4, one block at a time, with tweaks multiplied byte by byte.
class ByTheBook {
 public:
  ByTheBook(Bytes key, Bytes tweak) : tweak_(tweak.begin(), tweak.end()) {
    aes_.expand_encrypt(encrypt_, key.first(key.size() / 2));
    aes_.expand_decrypt(decrypt_, key.first(key.size() / 2));
    AesSchedule key2;
    aes_.expand_encrypt(key2, key.last(key.size() / 2));
    aes_.encrypt_blocks(key2, tweak_.data(), tweak_.data(), 1);
  }
  Buffer encrypt(Bytes in) { return run(in, true); }
  Buffer decrypt(Bytes in) { return run(in, false); }

  // The tweaks of the first `count` blocks, one after the other.
  Buffer tweaks(std::size_t count) const {
    Buffer out;
    Buffer tweak = tweak_;
    for (std::size_t i = 0; i < count; ++i) {
      out.insert(out.end(), tweak.begin(), tweak.end());
      tweak = doubled(tweak);
    }
    return out;
  }

 private:
  Buffer run(Bytes in, bool encrypts) {
    const std::size_t whole = in.size() / 16;
    const std::size_t rest = in.size() % 16;
    const Buffer all = tweaks(whole + 1);
    const auto block = [&](Buffer text, std::size_t tweak) {
      for (std::size_t i = 0; i < 16; ++i) {
        text[i] ^= all[16 * tweak + i];
      }
      if (encrypts) {
        aes_.encrypt_blocks(encrypt_, text.data(), text.data(), 1);
      } else {
        aes_.decrypt_blocks(decrypt_, text.data(), text.data(), 1);
      }
      for (std::size_t i = 0; i < 16; ++i) {
        text[i] ^= all[16 * tweak + i];
      }
      return text;
    };
    Buffer out;
    for (std::size_t i = 0; i + (rest != 0 ? 1 : 0) < whole; ++i) {
      const Buffer made = block(test::buffer_of(in.subspan(16 * i, 16)), i);
      out.insert(out.end(), made.begin(), made.end());
    }
    if (rest != 0) {
      const Buffer lender =
          block(test::buffer_of(in.subspan(16 * (whole - 1), 16)), whole - (encrypts ? 1 : 0));
      Buffer last = lender;
      copy_bytes(last, in.last(rest));
      const Buffer made = block(last, whole - (encrypts ? 0 : 1));
      out.insert(out.end(), made.begin(), made.end());
      out.insert(out.end(), lender.begin(), lender.begin() + static_cast<std::ptrdiff_t>(rest));
    }
    return out;
  }
  static Buffer doubled(Buffer tweak) {
    int carry = 0;
    for (std::uint8_t& byte : tweak) {
      const int wide = 2 * byte + carry;
      byte = static_cast<std::uint8_t>(wide);
      carry = wide >> 8;
    }
    tweak[0] ^= static_cast<std::uint8_t>(carry * 0x87);
    return tweak;
  }

  const AesKernel& aes_ = aes_kernels().back();
  AesSchedule encrypt_;
  AesSchedule decrypt_;
  Buffer tweak_;
};

// IEEE 1619 annex B.
const char* const k512a =
    "27a7479befa1d476489f308cd4cfa6e2a96e4bbe3208ff25287dd3819616e89cc78cf7f5e543445f8333d8fa7f560000"
    "05279fa5d8b5e4ad40e736ddb4d35412328063fd2aab53e5ea1e0a9f332500a5df9487d07a5c92cc512c8866c7e860ce"
    "93fdf166a24912b422976146ae20ce846bb7dc9ba94a767aaef20c0d61ad02655ea92dc4c4e41a8952c651d33174be51"
    "a10c421110e6d81588ede82103a252d8a750e8768defffed9122810aaeb99f9172af82b604dc4b8e51bcb08235a6f434"
    "1332e4ca60482a4ba1a03b3e65008fc5da76b70bf1690db4eae29c5f1badd03c5ccf2a55d705ddcd86d449511ceb7ec3"
    "0bf12b1fa35b913f9f747a8afd1b130e94bff94effd01a91735ca1726acd0b197c4e5b03393697e126826fb6bbde8ecc"
    "1e08298516e2c9ed03ff3c1b7860f6de76d4cecd94c8119855ef5297ca67e9f3e7ff72b1e99785ca0a7e7720c5b36dc6"
    "d72cac9574c8cbbc2f801e23e56fd344b07f22154beba0f08ce8891e643ed995c94d9a69c9f1b5f499027a78572aeebd"
    "74d20cc39881c213ee770b1010e4bea718846977ae119f7a023ab58cca0ad752afe656bb3c17256a9f6e9bf19fdd5a38"
    "fc82bbe872c5539edb609ef4f79c203ebb140f2e583cb2ad15b4aa5b655016a8449277dbd477ef2c8d6c017db738b18d"
    "eb4a427d1923ce3ff262735779a418f20a282df920147beabe421ee5319d0568";
const char* const k512b =
    "1c3b3a102f770386e4836c99e370cf9bea00803f5e482357a4ae12d414a3e63b5d31e276f8fe4a8d66b317f9ac683f44"
    "680a86ac35adfc3345befecb4bb188fd5776926c49a3095eb108fd1098baec70aaa66999a72a82f27d848b21d4a741b0"
    "c5cd4d5fff9dac89aeba122961d03a757123e9870f8acf1000020887891429ca2a3e7a7d7df7b10355165c8b9a6d0a7d"
    "e8b062c4500dc4cd120c0f7418dae3d0b5781c34803fa75421c790dfe1de1834f280d7667b327f6c8cd7557e12ac3a0f"
    "93ec05c52e0493ef31a12d3d9260f79a289d6a379bc70c50841473d1a8cc81ec583e9645e07b8d9670655ba5bbcfecc6"
    "dc3966380ad8fecb17b6ba02469a020a84e18e8f84252070c13e9f1f289be54fbc481457778f616015e1327a02b140f1"
    "505eb309326d68378f8374595c849d84f4c333ec4423885143cb47bd71c5edae9be69a2ffeceb1bec9de244fbe15992b"
    "11b77c040f12bd8f6a975a44a0f90c29a9abc3d4d893927284c58754cce294529f8614dcd2aba991925fedc4ae74ffac"
    "6e333b93eb4aff0479da9a410e4450e0dd7ae4c6e2910900575da401fc07059f645e8b7e9bfdef33943054ff84011493"
    "c27b3429eaedb4ed5376441a77ed43851ad77f16f541dfd269d50d6a5f14fb0aab1cbb4c1550be97f7ab4066193c4caa"
    "773dad38014bd2092fa755c824bb5e54c4f36ffda9fcea70b9c6e693e148c151";

struct Known {
  const char* key1;
  const char* key2;
  std::uint64_t sector;
  std::string plaintext;
  const char* ciphertext;
};

std::string repeated(const char* byte, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) {
    out += byte;
  }
  return out;
}

// 00 01 02... over and over.
std::string counted(std::size_t size) {
  Buffer out(size);
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<std::uint8_t>(i);
  }
  return test::hex(out);
}

std::vector<Known> known() {
  const char* const key1 = "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0";
  const char* const key2 = "bfbebdbcbbbab9b8b7b6b5b4b3b2b1b0";
  return {
      {"11111111111111111111111111111111", "22222222222222222222222222222222", 0x3333333333,
       repeated("44", 32), "c454185e6a16936e39334038acef838bfb186fff7480adc4289382ecd6d394f0"},
      {"fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0", "22222222222222222222222222222222", 0x3333333333,
       repeated("44", 32), "af85336b597afc1a900b2eb21ec949d292df4c047e0b21532186a5971a227a89"},
      {"27182818284590452353602874713526", "31415926535897932384626433832795", 0, counted(512), k512a},
      {"2718281828459045235360287471352662497757247093699959574966967627",
       "3141592653589793238462643383279502884197169399375105820974944592", 0xff, counted(512), k512b},
      {key1, key2, 0x123456789a, counted(17), "6c1625db4671522d3d7599601de7ca09ed"},
      {key1, key2, 0x123456789a, counted(18), "d069444b7a7e0cab09e24447d24deb1fedbf"},
      {key1, key2, 0x123456789a, counted(19), "e5df1351c0544ba1350b3363cd8ef4beedbf9d"},
      {key1, key2, 0x123456789a, counted(20), "9d84c813f719aa2c7be3f66171c7c5c2edbf9dac"},
  };
}

const std::size_t kKeySizes[] = {32, 64};

// 16 to 1100, then around 4 KiB and 16 KiB.
template <class Each>
void each_size(Each each) {
  for (std::size_t size = 16; size <= 1100; ++size) {
    each(size);
  }
  for (const std::size_t about : {4096u, 16384u}) {
    for (std::size_t size = about - 34; size <= about + 34; size += 17) {
      each(size);
    }
  }
}

}  // namespace

TEST_CASE("xts: IEEE 1619 annex B comes out of every row, both ways", "[xts]") {
  test::on_every_row("AES-XTS", xts_kernels(), [&](const XtsKernel& row) {
    for (const Known& one : known()) {
      INFO("plaintext " << one.plaintext.size() / 2 << " bytes");
      const AesXtsKey key = make_key(unhex(std::string(one.key1) + one.key2), &row);
      const Buffer plaintext = unhex(one.plaintext);
      Buffer out(plaintext.size());
      REQUIRE(key.encrypt(one.sector, plaintext, out).ok());
      CHECK_BYTES(out, one.ciphertext);
      REQUIRE(key.decrypt(one.sector, out, out).ok());
      CHECK_BYTES(out, plaintext);
    }
    // Vector 1 has two keys of zeros, which the public interface refuses.
    const Buffer zeros(32);
    const auto schedules = schedules_of(row, zeros);
    Buffer out(32);
    row.encrypt(*schedules, XtsTweak{0, 0}, zeros.data(), out.data(), 32);
    CHECK_BYTES(out, "917cf69ebd68b2ec9b9fe9a3eadda692cd43d2f59598ed858c02c2652fbf922e");
  });
}

TEST_CASE("xts: the portable row does what the standard's words say at every size", "[xts]") {
  for (std::size_t size = 16; size <= 400; ++size) {
    const Buffer key = noise(kKeySizes[size % 2], size);
    const Buffer tweak = noise(16, size + 1);
    const Buffer text = noise(size, size + 2);
    const AesXtsKey made = make_key(key, &xts_kernels().back());
    REQUIRE_BYTES(encrypt(made, tweak, text), ByTheBook(key, tweak).encrypt(text));
    REQUIRE_BYTES(decrypt(made, tweak, text), ByTheBook(key, tweak).decrypt(text));
  }
}

TEST_CASE("xts: S10 every row agrees with the portable one at every size, apart and in place", "[xts]") {
  test::on_every_row("AES-XTS against portable", xts_kernels(), [&](const XtsKernel& row) {
    each_size([&](std::size_t size) {
      const Buffer secret = noise(kKeySizes[size / 16 % 2], size);
      const AesXtsKey key = make_key(secret, &row);
      const AesXtsKey reference = make_key(secret, &xts_kernels().back());
      const Buffer tweak = noise(16, size + 1);
      Buffer room = noise(size + size % 64, size + 2);
      const MutBytes text = MutBytes(room).subspan(size % 64);
      const Buffer plaintext = test::buffer_of(Bytes(text));
      const Buffer ciphertext = encrypt(reference, tweak, plaintext);
      REQUIRE(encrypt(key, tweak, text) == ciphertext);
      REQUIRE(decrypt(key, tweak, text) == decrypt(reference, tweak, text));
      REQUIRE(decrypt(key, tweak, ciphertext) == plaintext);
      REQUIRE(key.encrypt(tweak_of(tweak), text, text).ok());
      REQUIRE(test::buffer_of(Bytes(text)) == ciphertext);
      REQUIRE(key.decrypt(tweak_of(tweak), text, text).ok());
      REQUIRE(test::buffer_of(Bytes(text)) == plaintext);
    });
  });
}

TEST_CASE("xts: S10 tweaks that are reduced at any place agree on every row", "[xts]") {
  // The encrypted tweak has a single bit, or all bits, where a row carries from byte to byte.
  test::on_every_row("AES-XTS, tweaks", xts_kernels(), [&](const XtsKernel& row) {
    const Buffer secret = noise(64, 3);
    AesSchedule key2;
    aes_kernels().back().expand_decrypt(key2, Bytes(secret).last(32));
    const AesXtsKey key = make_key(secret, &row);
    const Buffer text = noise(16 * 130 + 5, 4);
    for (std::size_t bit = 0; bit <= 128; ++bit) {
      Buffer tweak(16, bit == 128 ? 0xff : 0);
      if (bit < 128) {
        tweak[bit / 8] = static_cast<std::uint8_t>(1 << bit % 8);
      }
      aes_kernels().back().decrypt_blocks(key2, tweak.data(), tweak.data(), 1);
      const Buffer expected = ByTheBook(secret, tweak).encrypt(text);
      REQUIRE(encrypt(key, tweak, text) == expected);
      REQUIRE(decrypt(key, tweak, expected) == text);
    }
  });
}

TEST_CASE("xts: a sector's number is a tweak with its least significant byte first", "[xts]") {
  const AesXtsKey key = make_key(noise(32), nullptr);
  Buffer out(40);
  REQUIRE(key.encrypt(std::uint64_t{0x0123456789abcdef}, noise(40), out).ok());
  CHECK_BYTES(out, encrypt(key, unhex("efcdab89674523010000000000000000"), noise(40)));
  REQUIRE(key.decrypt(std::uint64_t{0x0123456789abcdef}, noise(40), out).ok());
  CHECK_BYTES(out, decrypt(key, unhex("efcdab89674523010000000000000000"), noise(40)));
}

TEST_CASE("xts: S10 no row touches memory outside its buffers", "[xts]") {
  test::Guarded in_memory(8192);
  test::Guarded out_memory(8192);
  test::on_every_row("AES-XTS between guard pages", xts_kernels(), [&](const XtsKernel& row) {
    const AesXtsKey key = make_key(noise(32), &row);
    const Buffer tweak = noise(16, 2);
    for (std::size_t size = 16; size <= 4400; size += size < 1100 ? 1 : 97) {
      const Buffer plaintext = noise(size, size);
      const Buffer expected = encrypt(key, tweak, plaintext);
      for (const bool at_end : {false, true}) {
        const MutBytes in = at_end ? in_memory.at_end(plaintext) : in_memory.at_start(plaintext);
        const MutBytes out = at_end ? out_memory.at_end(size) : out_memory.at_start(size);
        REQUIRE(key.encrypt(tweak_of(tweak), in, out).ok());
        REQUIRE(test::buffer_of(Bytes(out)) == expected);
        REQUIRE(key.decrypt(tweak_of(tweak), out, in).ok());
        REQUIRE(test::buffer_of(Bytes(in)) == plaintext);
        REQUIRE(key.encrypt(tweak_of(tweak), in, in).ok());
        REQUIRE(test::buffer_of(Bytes(in)) == expected);
      }
    }
  });
}

TEST_CASE("xts: keys of other sizes, and keys whose halves are equal, are refused", "[xts]") {
  for (std::size_t size = 0; size <= 70; ++size) {
    const auto made = AesXtsKey::create(noise(size));
    CHECK(made.ok() == (size == 32 || size == 64));
    if (!made) {
      CHECK(made.error() == ErrorCode::bad_key_size);
    }
  }
  for (const std::size_t half : {16u, 32u}) {
    Buffer key = noise(half);
    key.insert(key.end(), key.begin(), key.end());
    CHECK(AesXtsKey::create(key).error() == ErrorCode::xts_keys_equal);
    for (std::size_t bit = 0; bit < 16 * half; ++bit) {
      Buffer other = key;
      other[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      REQUIRE(AesXtsKey::create(other).ok());
    }
  }
}

TEST_CASE("xts: S05 sizes, overlaps and data units that are not taken are refused, and nothing is written",
          "[xts]") {
  const AesXtsKey key = make_key(noise(64), nullptr);
  Buffer room = noise(128);
  const Buffer before = room;
  const MutBytes b(room);
  for (std::size_t size = 0; size < 16; ++size) {
    CHECK(key.encrypt(1, b.first(size), b.first(size)).error() == ErrorCode::bad_data_size);
    CHECK(key.decrypt(1, b.first(size), b.first(size)).error() == ErrorCode::bad_data_size);
  }
  CHECK(key.encrypt(1, b.first(32), b.subspan(64, 31)).error() == ErrorCode::invalid_argument);
  CHECK(key.decrypt(1, b.first(32), b.subspan(64, 33)).error() == ErrorCode::invalid_argument);
  CHECK(key.encrypt(1, b.first(32), b.subspan(1, 32)).error() == ErrorCode::partial_overlap);
  CHECK(key.decrypt(1, b.subspan(31, 32), b.first(32)).error() == ErrorCode::partial_overlap);
  CHECK(room == before);
  CHECK(key.encrypt(1, b.first(32), b.subspan(32, 32)).ok());

  Buffer unit(kXtsMaxDataUnit + 1);
  const MutBytes u(unit);
  CHECK(kXtsMaxDataUnit == 16u << 20);
  CHECK(key.encrypt(1, u, u).error() == ErrorCode::bad_data_size);
  CHECK(key.decrypt(1, u, u).error() == ErrorCode::bad_data_size);
  CHECK(unit == Buffer(unit.size()));
  REQUIRE(key.encrypt(1, u.first(kXtsMaxDataUnit), u.first(kXtsMaxDataUnit)).ok());
  // The last block of the longest data unit, compared with the standard's formula.
  Buffer tweak(16);
  tweak[0] = 1;
  const Buffer expected = ByTheBook(noise(64), tweak).encrypt(Buffer(kXtsMaxDataUnit));
  CHECK(test::buffer_of(Bytes(u.first(kXtsMaxDataUnit))) == expected);
}

TEST_CASE("xts: S02 a row that the CPU cannot run is refused, and with all features masked XTS still runs",
          "[xts]") {
  test::refuse_masked_rows(
      xts_kernels(), [](const XtsKernel* row) { return AesXtsKey::create(noise(32), row); },
      [](const AesXtsKey& key) { return encrypt(key, noise(16), noise(99)); });
}

TEST_CASE("xts: S12 a key leaves nothing behind when it moves or dies", "[xts]") {
  test::on_every_row("AES-XTS, wiping", xts_kernels(), [&](const XtsKernel& row) {
    const Buffer secret = noise(32, 77);
    const auto schedules = schedules_of(row, secret);
    test::leave_nothing_behind([&] { return make_key(secret, &row); },
                               [&](Bytes room) {
                                 const auto holds = [&](const AesSchedule& schedule) {
                                   return test::stands_in(room, Bytes(schedule.round_keys).first(16));
                                 };
                                 return holds(schedules->encrypt) || holds(schedules->decrypt) ||
                                        holds(schedules->tweak);
                               },
                               [](const AesXtsKey& key) { return encrypt(key, noise(16), noise(50)); });
  });
}

TEST_CASE("xts: S12 x86 rows leave nothing in the vector registers", "[xts]") {
  if (test::kThreadSanitised) {
    SKIP_CASE("ThreadSanitizer writes to the vector registers");
  }
  test::on_every_row("AES-XTS, registers", xts_kernels(), [&](const XtsKernel& row) {
    if (row.required.bits == 0) {
      return;
    }
    for (const std::size_t key_size : kKeySizes) {
      const auto schedules = schedules_of(row, noise(key_size));
      const Buffer tweak = noise(16);
      for (const std::size_t size : {16u, 17u, 64u, 100u, 256u, 511u, 512u, 1000u, 2000u}) {
        const Buffer text = noise(size);
        Buffer out(size);
        CHECK(test::clears_vectors([&] {
          row.encrypt(*schedules, XtsTweak{1, 2}, text.data(), out.data(), size);
        }));
        CHECK(test::clears_vectors([&] {
          row.decrypt(*schedules, XtsTweak{1, 2}, text.data(), out.data(), size);
        }));
      }
    }
  });
}

TEST_CASE("xts: S12 no row leaves a round key, a tweak or a plaintext on the stack", "[xts]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  test::on_every_row("AES-XTS, dead stack", xts_kernels(), [&](const XtsKernel& row) {
    for (const std::size_t key_size : kKeySizes) {
      INFO("key of " << key_size << " bytes");
      const Buffer secret = noise(key_size, 5);
      const auto schedules = schedules_of(row, secret);
      const Bytes kept(reinterpret_cast<const std::uint8_t*>(schedules.get()), sizeof *schedules);
      const Buffer tweak = noise(16, 6);
      const Buffer tweaks = ByTheBook(secret, tweak).tweaks(130);
      for (const std::size_t size : {16u, 30u, 100u, 250u, 511u, 512u, 700u, 2000u}) {
        INFO(size << " bytes");
        const Buffer text = noise(size, 8);
        Buffer out(size);
        for (const auto function : {row.encrypt, row.decrypt}) {
          const auto call = [&] {
            function(*schedules, XtsTweak{load_le64(tweak.data()), load_le64(tweak.data() + 8)}, text.data(),
                     out.data(), size);
          };
          CHECK(test::words_left_on_stack(kept, call) == 0);
          CHECK(test::words_left_on_stack(tweaks, call) == 0);
          CHECK(test::words_left_on_stack(text, call) == 0);
        }
      }
    }
  });
}

}  // namespace xts_test
