// SPDX-License-Identifier: Apache-2.0
#include <ashlar/base/endian.hpp>
#include <ashlar/crypto/chacha20poly1305.hpp>

#include "bignum/limbs_core.h"
#include "catch.hpp"
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

namespace chacha20poly1305_test {
namespace {

struct Sealed {
  Buffer ciphertext;
  Buffer tag;
};

Sealed seal_with(const ChaChaKernel* row, Bytes key, Bytes nonce, Bytes aad, Bytes plaintext) {
  const auto made = ChaCha20Poly1305Key::create(key, row);
  REQUIRE(made);
  Sealed out{Buffer(plaintext.size()), Buffer(16)};
  const Bytes parts[] = {aad};
  REQUIRE(made->seal(nonce, parts, plaintext, out.ciphertext, MutBytes(out.tag).first<16>()));
  return out;
}

const char kSunscreen[] =
    "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen "
    "would be "
    "it.";

Buffer counting(std::size_t size, int from) {
  Buffer out(size);
  for (std::size_t i = 0; i < size; ++i) {
    out[i] = static_cast<std::uint8_t>(from + static_cast<int>(i));
  }
  return out;
}

}  // namespace

TEST_CASE("chacha20: RFC 8439 §2.3.2 and §2.4.2 come out of every row", "[chacha]") {
  const Buffer key = counting(32, 0);
  test::on_every_row("ChaCha20", chacha_kernels(), [&](const ChaChaKernel& row) {
    Buffer stream(64);
    REQUIRE(chacha20_xor(BytesOf<32>(key), BytesOf<12>(unhex("000000090000004a00000000")), 1, Buffer(64),
                         stream, &row));
    CHECK_BYTES(stream, unhex("10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4e"
                              "d2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e"));
    const Buffer message = test::buffer_of(std::string_view(kSunscreen));
    Buffer out(message.size());
    REQUIRE(chacha20_xor(BytesOf<32>(key), BytesOf<12>(unhex("000000000000004a00000000")), 1, message, out,
                         &row));
    CHECK_BYTES(out, unhex("6e2e359a2568f98041ba0728dd0d6981e97e7aec1d4360c20a27afccfd9fae0b"
                           "f91b65c5524733ab8f593dabcd62b3571639d624e65152ab8f530c359f0861d8"
                           "07ca0dbf500d6a6156a38e088a22b65e52bc514d16ccf806818ce91ab7793736"
                           "5af90bbf74a35be6b40b8eedf2785e42874d"));
  });
}

TEST_CASE("poly1305: RFC 8439 §2.5.2 and the edges of §A.3 come out of every row", "[chacha]") {
  struct Known {
    const char* key;
    const char* message;
    const char* tag;
  };
  const Known known[] = {
      {"85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b",
       "43727970746f6772617068696320466f72756d2052657365617263682047726f7570",
       "a8061dc1305136c6c22b8baf0c0127a9"},
      // §A.3 #7 to #11: h at and beyond 2^130 - 5.
      {"0200000000000000000000000000000000000000000000000000000000000000", "ffffffffffffffffffffffffffffffff",
       "03000000000000000000000000000000"},
      {"02000000000000000000000000000000ffffffffffffffffffffffffffffffff", "02000000000000000000000000000000",
       "03000000000000000000000000000000"},
      {"0100000000000000000000000000000000000000000000000000000000000000",
       "fffffffffffffffffffffffffffffffff0ffffffffffffffffffffffffffffff11000000000000000000000000000000",
       "05000000000000000000000000000000"},
      {"0100000000000000000000000000000000000000000000000000000000000000",
       "fffffffffffffffffffffffffffffffffbfefefefefefefefefefefefefefefe01010101010101010101010101010101",
       "00000000000000000000000000000000"},
      {"0200000000000000000000000000000000000000000000000000000000000000", "fdffffffffffffffffffffffffffffff",
       "faffffffffffffffffffffffffffffff"},
  };
  test::on_every_row("Poly1305", chacha_kernels(), [&](const ChaChaKernel& row) {
    for (const Known& k : known) {
      Buffer tag(16);
      poly1305(BytesOf<32>(unhex(k.key)), unhex(k.message), MutBytes(tag).first<16>(), &row);
      CHECK_BYTES(tag, unhex(k.tag));
    }
  });
}

TEST_CASE("chacha20-poly1305: RFC 8439 §2.8.2 and the XChaCha20 draft's §A.3.1 come out of every row",
          "[chacha]") {
  const Buffer key = counting(32, 0x80);
  const Buffer aad = unhex("50515253c0c1c2c3c4c5c6c7");
  const Buffer message = test::buffer_of(std::string_view(kSunscreen));
  test::on_every_row("ChaCha20-Poly1305", chacha_kernels(), [&](const ChaChaKernel& row) {
    const Sealed sealed = seal_with(&row, key, unhex("070000004041424344454647"), aad, message);
    CHECK_BYTES(sealed.ciphertext, unhex("d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
                                         "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
                                         "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
                                         "3ff4def08e4b7a9de576d26586cec64b6116"));
    CHECK_BYTES(sealed.tag, unhex("1ae10b594f09e26a7e902ecbd0600691"));

    const Sealed extended =
        seal_with(&row, key, unhex("404142434445464748494a4b4c4d4e4f5051525354555657"), aad, message);
    CHECK_BYTES(extended.tag, unhex("c0875924c1c7987947deafd8780acf49"));
    CHECK_BYTES(Bytes(extended.ciphertext).first(16), unhex("bd6d179d3e83d43b9576579493c0e939"));
  });
}

TEST_CASE(
    "chacha20-poly1305: S10 every row agrees with the portable one at every length to 1100 and around "
    "4 and 16 KiB, at every alignment, in place and apart",
    "[chacha]") {
  const Buffer key = noise(32, 1);
  const Buffer nonce = noise(12, 2);
  const Buffer data = noise(17000 + 64, 3);
  std::vector<std::size_t> sizes;
  for (std::size_t size = 0; size <= 1100; ++size) {
    sizes.push_back(size);
  }
  for (const std::size_t around : {2048u, 4096u, 8192u, 8192u + 960u, 16384u}) {
    for (std::size_t size = around - 17; size <= around + 17; ++size) {
      sizes.push_back(size);
    }
  }
  const ChaChaKernel* const portable = &chacha_kernels().back();
  std::vector<Sealed> expected;
  for (const std::size_t size : sizes) {
    expected.push_back(
        seal_with(portable, key, nonce, Bytes(data).first(size % 40), Bytes(data).subspan(size % 64, size)));
  }
  test::on_every_row("ChaCha20-Poly1305", chacha_kernels(), [&](const ChaChaKernel& row) {
    const auto made = ChaCha20Poly1305Key::create(key, &row);
    REQUIRE(made);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const std::size_t size = sizes[i];
      const Bytes aad[] = {Bytes(data).first(size % 40)};
      const Bytes message = Bytes(data).subspan(size % 64, size);
      Buffer memory(size + 128);
      const MutBytes apart = MutBytes(memory).subspan((size * 7) % 64, size);
      Buffer tag(16);
      REQUIRE(made->seal(nonce, aad, message, apart, MutBytes(tag).first<16>()));
      REQUIRE_BYTES(apart, expected[i].ciphertext);
      REQUIRE_BYTES(tag, expected[i].tag);
      // Opened in place.
      REQUIRE(made->open(nonce, aad, apart, BytesOf<16>(tag), apart));
      REQUIRE(equal_public(apart, message));
      REQUIRE(made->seal(nonce, aad, apart, apart, MutBytes(tag).first<16>()));
      REQUIRE(equal_public(apart, expected[i].ciphertext));
    }
  });
}

TEST_CASE("chacha20-poly1305: S10 every alignment of input and output gives the same", "[chacha]") {
  const Buffer key = noise(32, 1);
  const Buffer nonce = noise(12, 2);
  const Buffer data = noise(2100 + 64, 3);
  for (const std::size_t size : {70u, 1350u, 2100u}) {
    Buffer aligned(size);
    copy_bytes(aligned, Bytes(data).first(size));
    const Sealed expected = seal_with(&chacha_kernels().back(), key, nonce, {}, aligned);
    test::on_every_row("ChaCha20-Poly1305", chacha_kernels(), [&](const ChaChaKernel& row) {
      const auto made = ChaCha20Poly1305Key::create(key, &row);
      REQUIRE(made);
      Buffer memory(size + 64), text(size + 64);
      for (std::size_t at = 0; at < 64; ++at) {
        // The input moves one byte at a time. The output takes all places too, with all distances modulo 64
        // from the input.
        const MutBytes from = MutBytes(text).subspan(at, size);
        const MutBytes to = MutBytes(memory).subspan(at * 39 % 64, size);
        copy_bytes(from, aligned);
        std::uint8_t tag[16];
        REQUIRE(made->seal(nonce, {}, from, to, tag));
        REQUIRE(equal_public(to, expected.ciphertext));
        REQUIRE(equal_public(tag, expected.tag));
        REQUIRE(made->open(nonce, {}, to, tag, from));
        REQUIRE(equal_public(from, aligned));
        REQUIRE(made->seal(nonce, {}, from, from, tag));
        REQUIRE(equal_public(from, expected.ciphertext));
        REQUIRE(made->open(nonce, {}, from, tag, from));
        REQUIRE(equal_public(from, aligned));
      }
    });
  }
}

TEST_CASE("chacha20-poly1305: S10 no row reads or writes outside its buffers", "[chacha]") {
  test::Guarded in(4200);
  test::Guarded out(4200);
  test::Guarded additional(64);
  const Buffer key = noise(32, 1);
  const Buffer nonce = noise(12, 2);
  std::vector<std::size_t> sizes;
  for (std::size_t size = 0; size <= 4200; size += size < 300 ? 1 : size < 2100 ? 13 : 61) {
    sizes.push_back(size);
  }
  std::vector<Sealed> expected;
  for (const std::size_t size : sizes) {
    expected.push_back(
        seal_with(&chacha_kernels().back(), key, nonce, noise(size % 33, 5), noise(size, size)));
  }
  test::on_every_row("ChaCha20-Poly1305", chacha_kernels(), [&](const ChaChaKernel& row) {
    const auto made = ChaCha20Poly1305Key::create(key, &row);
    REQUIRE(made);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      const std::size_t size = sizes[i];
      const Buffer message = noise(size, size);
      const Buffer more = noise(size % 33, 5);
      for (const bool end : {false, true}) {
        const MutBytes from = end ? in.at_end(Bytes(message)) : in.at_start(Bytes(message));
        const MutBytes to = end ? out.at_end(size) : out.at_start(size);
        const Bytes aad[] = {end ? additional.at_end(Bytes(more)) : additional.at_start(Bytes(more))};
        std::uint8_t tag[16];
        REQUIRE(made->seal(nonce, aad, from, to, tag));
        REQUIRE(equal_public(to, expected[i].ciphertext));
        REQUIRE(equal_public(tag, expected[i].tag));
        // In separate buffers, then in place.
        copy_bytes(from, Buffer(size));
        REQUIRE(made->open(nonce, aad, to, tag, from));
        REQUIRE(equal_public(from, message));
        REQUIRE(made->open(nonce, aad, to, tag, to));
        REQUIRE(equal_public(to, message));
      }
    }
  });
}

TEST_CASE("poly1305: S10 every row agrees with the portable one where limbs, h and r are as large as can be",
          "[chacha]") {
  constexpr std::uint64_t kAll = ~std::uint64_t{0};
  const Poly1305State states[] = {
      // h = 2^130 - 6, 2^130 - 5, 2^130 - 1, 2^131 - 1, 0; r with every bit that clamping leaves, and with
      // few bits.
      {{kAll - 5, kAll, 3}, {0x0ffffffc0fffffff, 0x0ffffffc0ffffffc}},
      {{kAll - 4, kAll, 3}, {0x0ffffffc0fffffff, 0x0ffffffc0ffffffc}},
      {{kAll, kAll, 3}, {0x0ffffffc0fffffff, 0x0ffffffc0ffffffc}},
      {{kAll, kAll, 7}, {0x0ffffffc0fffffff, 0x0ffffffc0ffffffc}},
      {{0, 0, 0}, {0x0ffffffc0fffffff, 0x0ffffffc0ffffffc}},
      {{kAll - 4, kAll, 3}, {1, 0}},
      {{kAll, kAll, 7}, {0, 0x0ffffffc00000000}},
      {{kAll, kAll, 7}, {0, 0}},
  };
  const auto same = [](const Poly1305State& a, const Poly1305State& b) {
    // Modulo 2^130 - 5, because a number can have more than one representation.
    const auto reduced = [](Poly1305State x) {
      for (int i = 0; i < 2; ++i) {
        const std::uint64_t over = x.h[2] >> 2;
        x.h[2] &= 3;
        ashlar_limbs_add_limb(x.h, 3, over * 5);
      }
      if (x.h[2] == 3 && x.h[1] == kAll && x.h[0] >= kAll - 4) {
        x.h[0] -= kAll - 4;
        x.h[1] = x.h[2] = 0;
      }
      return x;
    };
    return std::memcmp(reduced(a).h, reduced(b).h, sizeof a.h) == 0;
  };
  const ChaChaKernel& portable = chacha_kernels().back();
  test::on_every_row("Poly1305", chacha_kernels(), [&](const ChaChaKernel& row) {
    for (const int fill : {0xff, 0x00, 0xfb}) {
      const Buffer data(16 * 300, static_cast<std::uint8_t>(fill));
      for (const Poly1305State& from : states) {
        for (std::size_t blocks = 0; blocks <= 300; blocks += blocks < 100 ? 1 : 7) {
          Poly1305State a = from, b = from;
          row.poly1305_blocks(a, data.data(), blocks);
          portable.poly1305_blocks(b, data.data(), blocks);
          REQUIRE(a.h[2] < 8);
          REQUIRE(same(a, b));
        }
      }
    }
    // The same beside the cipher: a ciphertext of ones, up to the last block that the counter can number.
    std::uint32_t key[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    const std::uint8_t nonce[12] = {9};
    constexpr std::size_t kPending = 44;
    for (const std::size_t size : {961u, 1024u, 1985u, 2048u, 4096u - 5u}) {
      const std::uint32_t counter = static_cast<std::uint32_t>(0 - (size + 63) / 64);
      const Buffer ones(16 * kPending + size, 0xff);
      Buffer text = ones;
      portable.xor_stream(key, nonce, counter, text.data() + 16 * kPending, text.data() + 16 * kPending,
                          size);
      const Buffer plaintext = text;
      for (const Poly1305State& from : states) {
        Poly1305State expected = from;
        portable.poly1305_blocks(expected, ones.data(), ones.size() / 16);
        Poly1305State a = from;
        text = plaintext;
        std::uint8_t* const at = text.data() + 16 * kPending;
        row.crypt(key, nonce, counter, at, at, size, true, a, kPending);
        REQUIRE(text == ones);
        REQUIRE(same(a, expected));
        a = from;
        row.crypt(key, nonce, counter, at, at, size, false, a, kPending);
        REQUIRE(text == plaintext);
        REQUIRE(same(a, expected));
      }
    }
  });
}

TEST_CASE("chacha20-poly1305: S07 a flipped bit anywhere is refused by every row and nothing is released",
          "[chacha]") {
  const Buffer key = noise(32, 1);
  const Buffer nonce = noise(12, 2);
  const Buffer aad = noise(13, 4);
  const Buffer message = noise(70, 3);
  test::on_every_row("ChaCha20-Poly1305", chacha_kernels(), [&](const ChaChaKernel& row) {
    const auto made = ChaCha20Poly1305Key::create(key, &row);
    REQUIRE(made);
    const Sealed sealed = seal_with(&row, key, nonce, aad, message);
    Buffer all = sealed.ciphertext;
    all.insert(all.end(), sealed.tag.begin(), sealed.tag.end());
    all.insert(all.end(), aad.begin(), aad.end());
    all.insert(all.end(), nonce.begin(), nonce.end());
    for (std::size_t bit = 0; bit < all.size() * 8; ++bit) {
      Buffer bad = all;
      bad[bit / 8] ^= static_cast<std::uint8_t>(1 << (bit % 8));
      const Bytes parts[] = {Bytes(bad).subspan(86, 6), Bytes(bad).subspan(92, 7)};
      Buffer out(70, 0xaa);
      const auto opened = made->open(Bytes(bad).subspan(99), parts, Bytes(bad).first(70),
                                     Bytes(bad).subspan(70).first<16>(), out);
      REQUIRE(!opened);
      REQUIRE(opened.error() == ErrorCode::bad_tag);
      REQUIRE_BYTES(out, Buffer(70));
    }
  });
}

TEST_CASE("chacha20: the block counter carries through a batch and stops before it wraps", "[chacha]") {
  const Buffer key = noise(32, 1);
  const Buffer nonce = noise(12, 2);
  const Buffer data = noise(64 * 20, 3);
  const std::uint32_t start = 0xffffffff - 19;
  Buffer expected(data.size());
  for (std::uint32_t i = 0; i < 20; ++i) {
    REQUIRE(chacha20_xor(BytesOf<32>(key), BytesOf<12>(nonce), start + i, Bytes(data).subspan(64 * i, 64),
                         MutBytes(expected).subspan(64 * i, 64), &chacha_kernels().back()));
  }
  test::on_every_row("ChaCha20", chacha_kernels(), [&](const ChaChaKernel& row) {
    Buffer out(data.size());
    REQUIRE(chacha20_xor(BytesOf<32>(key), BytesOf<12>(nonce), start, data, out, &row));
    CHECK_BYTES(out, expected);
    Buffer more(data.size() + 1);
    CHECK(chacha20_xor(BytesOf<32>(key), BytesOf<12>(nonce), start, Buffer(data.size() + 1), more, &row)
              .error() == ErrorCode::message_too_long);
  });
}

TEST_CASE(
    "chacha20-poly1305: S05 S06 wrong sizes and partial overlap are refused, and the erased form agrees",
    "[chacha]") {
  CHECK(ChaCha20Poly1305Key::create(noise(16)).error() == ErrorCode::bad_key_size);
  const Buffer key = noise(32);
  const auto made = ChaCha20Poly1305Key::create(key);
  REQUIRE(made);
  Buffer memory = noise(64);
  Buffer tag(16);
  const MutBytes a = MutBytes(memory).first(32);
  CHECK(made->seal(noise(8), {}, a, a, MutBytes(tag).first<16>()).error() == ErrorCode::bad_nonce_size);
  CHECK(made->seal(noise(12), {}, a, MutBytes(memory).subspan(1, 32), MutBytes(tag).first<16>()).error() ==
        ErrorCode::partial_overlap);
  CHECK(made->seal(noise(12), {}, a, MutBytes(memory).subspan(32, 31), MutBytes(tag).first<16>()).error() ==
        ErrorCode::invalid_argument);

  if constexpr (sizeof(std::size_t) > 4) {
    // One byte more than the block counter can number, without memory: it is refused before anything is
    // touched.
    const std::size_t beyond = static_cast<std::size_t>(std::uint64_t{64} * 0xffffffffu + 1);
    const MutBytes all(memory.data(), beyond);
    const Buffer before = memory;
    CHECK(made->seal(noise(12), {}, all, all, MutBytes(tag).first<16>()).error() ==
          ErrorCode::message_too_long);
    CHECK(made->open(noise(12), {}, all, BytesOf<16>(tag), all).error() == ErrorCode::message_too_long);
    CHECK(memory == before);
  }

  for (const AeadAlgorithm* algorithm : {&kChaCha20Poly1305, &kXChaCha20Poly1305}) {
    const auto erased = Aead::create(*algorithm, key);
    REQUIRE(erased);
    const Buffer nonce = noise(algorithm->nonce_size, 5);
    const Sealed expected = seal_with(nullptr, key, nonce, noise(5), noise(50));
    Buffer out(50);
    const Buffer aad = noise(5);
    const Bytes parts[] = {aad};
    REQUIRE(erased->seal(nonce, parts, noise(50), out, tag));
    CHECK_BYTES(out, expected.ciphertext);
    CHECK_BYTES(tag, expected.tag);
    Buffer untouched(50);
    CHECK(erased->open(nonce, parts, out, Bytes(tag).first(15), untouched).error() == ErrorCode::bad_tag);
    REQUIRE(erased->open(nonce, parts, out, tag, out));
    CHECK_BYTES(out, noise(50));
  }
}

TEST_CASE("chacha20-poly1305: S12 x86 rows leave nothing in the vector registers", "[chacha]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("the sanitiser's code uses vector registers of its own after a row has cleared them");
  }
  if (test::kThreadSanitised) {
    SKIP_CASE("ThreadSanitizer writes to the vector registers");
  }
  const Buffer in = noise(3000);
  Buffer out(3000);
  const std::uint32_t key[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  const Buffer nonce = noise(12);
  std::uint8_t poly_key[32];
  test::on_every_row("ChaCha20-Poly1305, registers", chacha_kernels(), [&](const ChaChaKernel& row) {
    if (row.required.bits == 0) {
      return;
    }
    for (const std::size_t size : {0u, 1u, 64u, 200u, 300u, 400u, 600u, 700u, 1000u, 2000u, 3000u}) {
      INFO(size << " bytes");
      std::size_t done = 0;
      CHECK(test::clears_vectors(
          [&] { done = row.start(key, nonce.data(), in.data(), out.data(), size, poly_key); }));
      CHECK(test::clears_vectors([&] { row.xor_stream(key, nonce.data(), 1, in.data(), out.data(), size); }));
      Poly1305State state{{1, 2, 3}, {4, 8}};
      CHECK(test::clears_vectors([&] { row.poly1305_blocks(state, in.data(), size / 16); }));
      if (done < size) {
        for (const bool sealing : {false, true}) {
          CHECK(test::clears_vectors([&] {
            row.crypt(key, nonce.data(), 1, in.data() + done, out.data() + done, size - done, sealing, state,
                      done / 16);
          }));
        }
      }
    }
  });
}

TEST_CASE("chacha20-poly1305: S12 no x86 row uses more stack than it wipes", "[chacha]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames are larger");
  }
  const Buffer in = noise(3000);
  Buffer out(3000);
  const std::uint32_t key[8] = {1, 2, 3, 4, 5, 6, 7, 8};
  const Buffer nonce = noise(12);
  std::uint8_t poly_key[32];
  test::on_every_row("ChaCha20-Poly1305, depth", chacha_kernels(), [&](const ChaChaKernel& row) {
    if (row.required.bits == 0) {
      return;
    }
    for (const std::size_t size : {1u, 64u, 200u, 300u, 400u, 600u, 700u, 1000u, 2000u, 3000u}) {
      INFO(size << " bytes");
      std::size_t done = 0;
      CHECK(test::wipes_its_depth(
          [&] { done = row.start(key, nonce.data(), in.data(), out.data(), size, poly_key); }));
      CHECK(
          test::wipes_its_depth([&] { row.xor_stream(key, nonce.data(), 1, in.data(), out.data(), size); }));
      for (const bool sealing : {false, true}) {
        if (done < size) {
          Poly1305State state{{1, 2, 3}, {4, 8}};
          CHECK(test::wipes_its_depth([&] {
            row.crypt(key, nonce.data(), 1, in.data() + done, out.data() + done, size - done, sealing, state,
                      done / 16);
          }));
        }
      }
    }
  });
}

TEST_CASE("chacha20-poly1305: S12 no row leaves a key or key stream on the stack", "[chacha]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  const Buffer key = noise(32, 5);
  const auto append = [](Buffer& to, Bytes more) { to.insert(to.end(), more.begin(), more.end()); };
  test::on_every_row("ChaCha20-Poly1305, dead stack", chacha_kernels(), [&](const ChaChaKernel& row) {
    const auto made = ChaCha20Poly1305Key::create(key, &row);
    REQUIRE(made);
    for (const std::size_t size : {0u, 16u, 64u, 200u, 300u, 400u, 600u, 700u, 1000u, 1350u, 3000u}) {
      for (const std::size_t nonce_size : {12u, 24u}) {
        INFO(size << " bytes, nonce of " << nonce_size);
        const Buffer nonce = noise(nonce_size, 6);
        const Buffer text = noise(size, 7);
        const Buffer aad = noise(13, 8);
        const Bytes parts[] = {aad};
        Buffer sealed(size), opened(size);
        std::uint8_t tag[16];
        REQUIRE(made->seal(nonce, parts, text, sealed, tag));
        // The key, also as words repeated over a register; the key stream; the authenticator's key as
        // computed.
        Buffer secret = key;
        for (std::size_t i = 0; i < 32; i += 4) {
          append(secret, Bytes(key).subspan(i, 4));
          append(secret, Bytes(key).subspan(i, 4));
        }
        for (std::size_t i = 0; i < size / 8 * 8; ++i) {
          secret.push_back(static_cast<std::uint8_t>(text[i] ^ sealed[i]));
        }
        if (nonce_size == 12) {
          Buffer poly_key(32);
          REQUIRE(chacha20_xor(BytesOf<32>(key), BytesOf<12>(nonce), 0, poly_key, poly_key));
          append(secret, poly_key);
          for (int i = 0; i < 2; ++i) {
            // r clamped, and the first limb of the vector kernels.
            const std::uint64_t r =
                load_le64(poly_key.data() + 8 * i) & (i == 0 ? 0x0ffffffc0fffffff : 0x0ffffffc0ffffffc);
            std::uint8_t words[16];
            store_le64(words, r);
            store_le64(words + 8, r & 0xfffffffffff);
            append(secret, words);
          }
        }
        CHECK(test::words_left_on_stack(
                  secret, [&] { (void)made->seal(nonce, parts, text, sealed, tag).ok(); }) == 0);
        CHECK(test::words_left_on_stack(
                  secret, [&] { (void)made->open(nonce, parts, sealed, tag, opened).ok(); }) == 0);
        opened = sealed;
        CHECK(test::words_left_on_stack(
                  secret, [&] { (void)made->open(nonce, parts, opened, tag, opened).ok(); }) == 0);
        REQUIRE(opened == text);
        if (nonce_size == 12) {
          CHECK(test::words_left_on_stack(secret, [&] {
                  (void)chacha20_xor(BytesOf<32>(key), BytesOf<12>(nonce), 1, sealed, opened, &row).ok();
                }) == 0);
          REQUIRE(opened == text);
        }
      }
    }
  });
}

}  // namespace chacha20poly1305_test
