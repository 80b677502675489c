// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/cbc_hmac.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>

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

namespace cbc_hmac_test {
namespace {

const HashAlgorithm* const kHashes[] = {&kSha1, &kSha256, &kSha384};

std::string named(const HashAlgorithm& hash, const char* what) {
  return "AES-CBC with HMAC-" + std::string(hash.name) + ", " + what;
}

// One message with its keys and buffers.
struct Message {
  const HashAlgorithm* hash;
  Buffer key;
  Buffer mac_key;
  Buffer iv;
  Buffer header;
  Buffer text;

  Message(const HashAlgorithm& algorithm, std::size_t key_size, std::size_t header_size, std::size_t size)
      : hash(&algorithm),
        key(noise(key_size, size)),
        mac_key(noise(algorithm.digest_size, size + 1)),
        iv(noise(16, size + 2)),
        header(noise(header_size, size + 3)),
        text(noise(size, size + 4)) {}

  BytesOf<16> fixed_iv() const { return BytesOf<16>(iv.data(), 16); }
  std::size_t sealed_size(bool mac_first) const {
    return mac_first ? CbcHmacSealer::padded_size(text.size() + hash->digest_size)
                     : CbcHmacSealer::padded_size(text.size()) + hash->digest_size;
  }
  CbcHmacSealer sealer(const CbcHmacKernel* row) const {
    return std::move(*CbcHmacSealer::create(*hash, mac_key, key, row));
  }
  Result<void> seal(const CbcHmacSealer& sealer, bool mac_first, Bytes in, MutBytes out) const {
    return mac_first ? sealer.mac_then_encrypt(fixed_iv(), header, in, out)
                     : sealer.encrypt_then_mac(fixed_iv(), header, in, out);
  }

  // Step by step as in the standards, on the portable rows.
  Buffer expected(bool mac_first) const {
    const auto append = [](Buffer& to, Bytes more) { to.insert(to.end(), more.begin(), more.end()); };
    const HmacKey hmac(*hash, mac_key, &hash->kernels().back());
    Buffer mac(hash->digest_size);
    Buffer out = text;
    if (mac_first) {
      Buffer authenticated = header;
      append(authenticated, text);
      hmac.mac(authenticated, mac);
      append(out, mac);
    }
    const std::size_t padding = 16 - out.size() % 16;
    out.insert(out.end(), padding, static_cast<std::uint8_t>(padding - 1));
    Buffer chain = iv;
    REQUIRE(AesCbcEncryptor::create(key, &aes_kernels().back())
                ->encrypt(MutBytesOf<16>(chain.data(), 16), out, out)
                .ok());
    if (!mac_first) {
      Buffer authenticated = header;
      append(authenticated, iv);
      append(authenticated, out);
      hmac.mac(authenticated, mac);
      append(out, mac);
    }
    return out;
  }

  // Round keys, the states after HMAC's padded keys, the text, and the inner hash and the MAC of
  // MAC-then-encrypt.
  Buffer secrets() const {
    AesSchedule schedule;
    std::memset(static_cast<void*>(&schedule), 0, sizeof schedule);
    cpu::best(aes_kernels()).expand_encrypt(schedule, key);
    Buffer out(schedule.round_keys, schedule.round_keys + sizeof schedule.round_keys);
    const auto append = [&](Bytes more) { out.insert(out.end(), more.begin(), more.end()); };
    append(text);
    for (const std::uint8_t flip : {std::uint8_t{0x36}, std::uint8_t{0x5c}}) {
      Buffer pad(hash->block_size, flip);
      for (std::size_t i = 0; i < mac_key.size(); ++i) {
        pad[i] ^= mac_key[i];
      }
      alignas(64) std::uint8_t state[Hash::kStateCapacity] = {};
      hash->init(state);
      hash->kernels().back().compress(state, pad.data(), 1);
      append({state, hash->state_size});
      if (flip == 0x36) {
        Hash inner(*hash);
        std::uint8_t digest[kMaxDigestSize];
        append(inner.update(pad).update(header).update(text).finish(digest));
      }
    }
    std::uint8_t mac[kMaxDigestSize];
    const Bytes parts[] = {header, text};
    append(HmacKey(*hash, mac_key).mac(parts, mac));
    return out;
  }

  // In separate buffers and in place, `shift` bytes behind an aligned address.
  void check(const CbcHmacKernel& row, std::size_t shift) const {
    const CbcHmacSealer both = sealer(&row);
    for (const bool mac_first : {true, false}) {
      const Buffer right = expected(mac_first);
      REQUIRE(right.size() == sealed_size(mac_first));
      Buffer room(shift + right.size());
      const MutBytes out = MutBytes(room).subspan(shift);
      REQUIRE(seal(both, mac_first, text, out).ok());
      REQUIRE_BYTES(out, right);
      copy_bytes(out, text);
      REQUIRE(seal(both, mac_first, out.first(text.size()), out).ok());
      REQUIRE_BYTES(out, right);
    }
  }
};

}  // namespace

TEST_CASE(
    "cbc-hmac: S10 every row seals as the standards say step by step, at every length to 1100 and around "
    "4 KiB and 16 KiB",
    "[cbc-hmac]") {
  for (const HashAlgorithm* const hash : kHashes) {
    test::on_every_row(named(*hash, "against step by step"), cbc_hmac_kernels(*hash),
                       [&](const CbcHmacKernel& row) {
                         for (std::size_t size = 0; size <= 1100; ++size) {
                           Message(*hash, 16 + 8 * (size % 3), 13, size).check(row, size % 64);
                         }
                         for (const std::size_t around : {4096u, 16384u}) {
                           for (std::size_t size = around - 20; size <= around + 20; size += 5) {
                             Message(*hash, 16 + 16 * (size % 2), 13, size).check(row, size % 64);
                           }
                         }
                       });
  }
}

TEST_CASE("cbc-hmac: headers of any length are authenticated, also those as long as a block of the hash",
          "[cbc-hmac]") {
  for (const HashAlgorithm* const hash : kHashes) {
    test::on_every_row(named(*hash, "headers"), cbc_hmac_kernels(*hash), [&](const CbcHmacKernel& row) {
      for (std::size_t header_size = 0; header_size <= 130; ++header_size) {
        for (const std::size_t size : {0u, 127u, 128u, 191u, 192u, 300u}) {
          Message(*hash, 16, header_size, size).check(row, 1);
        }
      }
    });
  }
}

TEST_CASE("cbc-hmac: S10 no row touches memory outside its buffers", "[cbc-hmac]") {
  test::Guarded in_memory(512);
  test::Guarded out_memory(512);
  for (const HashAlgorithm* const hash : kHashes) {
    test::on_every_row(
        named(*hash, "between guard pages"), cbc_hmac_kernels(*hash), [&](const CbcHmacKernel& row) {
          for (std::size_t size = 0; size <= 400; ++size) {
            const Message message(*hash, 32, 13, size);
            const CbcHmacSealer sealer = message.sealer(&row);
            for (const bool mac_first : {true, false}) {
              const std::size_t sealed = message.sealed_size(mac_first);
              REQUIRE(
                  message.seal(sealer, mac_first, in_memory.at_end(message.text), out_memory.at_end(sealed))
                      .ok());
              REQUIRE(
                  message
                      .seal(sealer, mac_first, in_memory.at_start(message.text), out_memory.at_start(sealed))
                      .ok());
            }
          }
        });
  }
}

TEST_CASE("cbc-hmac: keys, sizes, overlaps and rows that do not fit are refused", "[cbc-hmac]") {
  for (std::size_t size = 0; size <= 40; ++size) {
    const auto made = CbcHmacSealer::create(kSha256, noise(32), noise(size));
    const bool right = size == 16 || size == 24 || size == 32;
    CHECK(made.ok() == right);
    if (!right) {
      CHECK(made.error() == ErrorCode::bad_key_size);
    }
  }
  Buffer room = noise(512);
  const MutBytes buffer(room);
  const Message message(kSha256, 16, 13, 200);
  const CbcHmacSealer sealer = message.sealer(nullptr);
  for (const bool mac_first : {true, false}) {
    const std::size_t sealed = message.sealed_size(mac_first);
    for (const std::size_t wrong : {sealed - 16, sealed - 1, sealed + 1, sealed + 16}) {
      CHECK(message.seal(sealer, mac_first, message.text, buffer.first(wrong)).error() ==
            ErrorCode::invalid_argument);
    }
    for (const std::size_t at : {1u, 16u, 64u, 199u}) {
      CHECK(message.seal(sealer, mac_first, buffer.subspan(at, 200), buffer.first(sealed)).error() ==
            ErrorCode::partial_overlap);
      CHECK(message.seal(sealer, mac_first, buffer.first(200), buffer.subspan(at, sealed)).error() ==
            ErrorCode::partial_overlap);
    }
    CHECK(room == noise(512));
  }
  cpu::set_mask(cpu::Features());
  for (const HashAlgorithm* const hash : kHashes) {
    for (const CbcHmacKernel& row : cbc_hmac_kernels(*hash)) {
      const auto made = CbcHmacSealer::create(*hash, noise(32), noise(16), &row);
      CHECK(made.ok() == (row.required.bits == 0));
    }
  }
  const CbcHmacSealer portable = message.sealer(nullptr);
  cpu::clear_mask();
  for (const bool mac_first : {true, false}) {
    Buffer out(message.sealed_size(mac_first));
    REQUIRE(message.seal(portable, mac_first, message.text, out).ok());
    CHECK_BYTES(out, message.expected(mac_first));
  }
}

TEST_CASE("cbc-hmac: S12 a pass leaves nothing in the vector registers", "[cbc-hmac]") {
  if (test::kThreadSanitised) {
    SKIP_CASE("ThreadSanitizer writes to the vector registers");
  }
  for (const HashAlgorithm* const hash : kHashes) {
    test::on_every_row(named(*hash, "registers"), cbc_hmac_kernels(*hash), [&](const CbcHmacKernel& row) {
      for (const std::size_t key_size : {16u, 24u, 32u}) {
        if (row.pass == nullptr) {
          return;
        }
        AesSchedule schedule;
        cpu::best(aes_kernels()).expand_encrypt(schedule, noise(key_size));
        alignas(64) std::uint8_t state[Hash::kStateCapacity] = {};
        std::uint8_t iv[16] = {};
        const Buffer in = noise(256);
        Buffer out(256);
        for (const std::size_t units : {0u, 1u, 4u}) {
          CHECK(test::clears_vectors(
              [&] { row.pass(state, in.data(), schedule, iv, in.data(), out.data(), units); }));
        }
      }
    });
  }
}

TEST_CASE("cbc-hmac: S12 no row leaves a key, a keyed state, text or an inner digest on the stack",
          "[cbc-hmac]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  for (const HashAlgorithm* const hash : kHashes) {
    test::on_every_row(named(*hash, "dead stack"), cbc_hmac_kernels(*hash), [&](const CbcHmacKernel& row) {
      for (const std::size_t key_size : {16u, 32u}) {
        for (const std::size_t size : {20u, 130u, 200u, 500u}) {
          const Message message(*hash, key_size, 13, size);
          const CbcHmacSealer sealer = message.sealer(&row);
          const Buffer secrets = message.secrets();
          for (const bool mac_first : {true, false}) {
            Buffer out(message.sealed_size(mac_first));
            const auto seal = [&] { (void)message.seal(sealer, mac_first, message.text, out); };
            CHECK(test::words_left_on_stack(secrets, seal) == 0);
            CHECK(test::words_left_in_vectors(secrets, seal) == 0);
          }
        }
      }
    });
  }
}

}  // namespace cbc_hmac_test
