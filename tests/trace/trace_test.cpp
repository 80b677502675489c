// SPDX-License-Identifier: Apache-2.0
// Every row of these tables that this CPU can run shows the same instructions and the same memory for two
// secrets; and the tracer sees what leaks.
#include "trace/tracer.hpp"

#include <ashlar/crypto/aes_cbc_many.hpp>
#include <ashlar/crypto/bignum.hpp>
#include <ashlar/crypto/ccm.hpp>
#include <ashlar/crypto/chacha20poly1305.hpp>
#include <ashlar/crypto/cmac.hpp>
#include <ashlar/crypto/gcm.hpp>
#include <ashlar/crypto/hash_many.hpp>
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/scrypt.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>
#include <ashlar/crypto/x25519.hpp>

#include "catch.hpp"
#include "crypto/rows.hpp"
#include "support/bytes.hpp"

#include <memory>

using namespace ashlar;
using namespace ashlar::crypto;
using trace::Prepare;

namespace {

// What differs between the two runs; every other input is the same.
test::Buffer secret(std::size_t size, std::uint64_t which, std::uint64_t seed) {
  return test::noise(size, 1000 * seed + which);
}

void alike(const Prepare& prepare) {
  std::size_t steps = 0;
  CHECK(trace::difference(prepare, steps) == "");
  CHECK(steps > 20);
}

void caught(const Prepare& prepare) {
  std::size_t steps = 0;
  CHECK(trace::difference(prepare, steps) != "");
}

// A shared object keeps what the function uses: kernels see the same addresses in both runs.
template <class T>
std::shared_ptr<T> kept(T value) {
  return std::make_shared<T>(std::move(value));
}

volatile std::uint64_t sink;
volatile std::uint8_t table[256];

}  // namespace

TEST_CASE("tracer: a branch is caught") {
  caught([](std::uint64_t seed) {
    return [seed] {
      if (seed == 1) {
        __asm__ volatile("nop");
      }
    };
  });
}

TEST_CASE("tracer: a table index is caught") {
  caught([](std::uint64_t seed) { return [seed] { sink = table[17 * seed]; }; });
}

TEST_CASE("tracer: an early-exit compare is caught") {
  caught([](std::uint64_t seed) {
    auto mac = kept(test::noise(32, 5));
    auto theirs = kept(*mac);
    (*theirs)[9 * seed] ^= 1;
    return [mac, theirs] {
      std::size_t i = 0;
      while (i < 32 && (*mac)[i] == (*theirs)[i]) {
        ++i;
      }
      sink = i;
    };
  });
}

TEST_CASE("tracer: a division is caught") {
  caught([](std::uint64_t seed) {
    return [seed] {
      std::uint64_t quotient = 1000003;
      std::uint64_t rest = 0;
      __asm__ volatile("divq %2" : "+a"(quotient), "+d"(rest) : "r"(seed + 6) : "cc");
      sink = quotient;
    };
  });
}

TEST_CASE("trace: AES on every row") {
  test::on_every_row<AesKernel>("aes (traced)", aes_kernels(), [](const AesKernel& kernel) {
    for (const std::size_t key_size : {16u, 32u}) {
      alike([&kernel, key_size](std::uint64_t seed) {
        auto key = kept(secret(key_size, 1, seed));
        auto data = kept(secret(19 * 16, 2, seed));
        auto iv = kept(test::noise(16, 3));
        auto schedule = std::make_shared<AesSchedule>();
        return [&kernel, key, data, iv, schedule] {
          std::uint8_t* const d = data->data();
          kernel.expand_encrypt(*schedule, *key);
          kernel.encrypt_blocks(*schedule, d, d, 19);
          kernel.cbc_encrypt(*schedule, iv->data(), d, d, 5);
          kernel.ctr(*schedule, iv->data(), d, d, 19);
          kernel.expand_decrypt(*schedule, *key);
          kernel.decrypt_blocks(*schedule, d, d, 19);
          kernel.cbc_decrypt(*schedule, iv->data(), d, d, 19);
        };
      });
    }
  });
}

TEST_CASE("trace: AES-CBC encryption of several streams on every row") {
  test::on_every_row<AesCbcManyKernel>(
      "aes-cbc streams (traced)", aes_cbc_many_kernels(), [](const AesCbcManyKernel& kernel) {
        alike([&kernel](std::uint64_t seed) {
          // More streams than lanes, of different lengths, so that lanes run empty.
          const AesKernel* const keys_of = kernel.required.bits == 0 ? &aes_kernels().back() : nullptr;
          auto keys = std::make_shared<std::vector<AesCbcEncryptor>>();
          auto data = kept(secret(18 * 112, 2, seed));
          auto ivs = kept(test::noise(18 * 16, 3));
          auto streams = std::make_shared<std::vector<AesCbcStream>>();
          keys->reserve(18);
          for (std::size_t i = 0; i < 18; ++i) {
            keys->push_back(std::move(*AesCbcEncryptor::create(secret(16, i, seed), keys_of)));
            const MutBytes text = MutBytes(*data).subspan(112 * i, 112 - 16 * (i % 3));
            streams->push_back({&keys->back(), MutBytesOf<16>(ivs->data() + 16 * i, 16), text, text});
          }
          return [&kernel, keys, data, ivs, streams] { (void)aes_cbc_encrypt_many(*streams, &kernel); };
        });
      });
}

TEST_CASE("trace: AES-GCM on every row") {
  test::on_every_row<GcmKernel>("gcm (traced)", gcm_kernels(), [](const GcmKernel& kernel) {
    for (const std::size_t size : {0u, 13u, 200u, 1350u}) {
      alike([&kernel, size](std::uint64_t seed) {
        auto key = kept(secret(size == 200 ? 32 : 16, 1, seed));
        auto data = kept(secret(size, 2, seed));
        auto nonce = kept(test::noise(12, 3));
        auto tag = kept(test::Buffer(16));
        return [&kernel, key, data, nonce, tag] {
          const Bytes aad[] = {Bytes(*nonce).first(5)};
          const auto made = AesGcmKey::create(*key, &kernel);
          const MutBytesOf<16> out(tag->data(), 16);
          (void)made->seal(*nonce, aad, *data, *data, out);
          (void)made->open(*nonce, aad, *data, BytesOf<16>(tag->data(), 16), *data);
        };
      });
    }
  });
}

TEST_CASE("trace: AES-CCM on every row") {
  test::on_every_row<CcmKernel>("ccm (traced)", ccm_kernels(), [](const CcmKernel& kernel) {
    for (const std::size_t size : {0u, 13u, 80u}) {
      alike([&kernel, size](std::uint64_t seed) {
        auto key = kept(secret(size == 80 ? 32 : 16, 1, seed));
        auto data = kept(secret(size, 2, seed));
        auto nonce = kept(test::noise(12, 3));
        auto tag = kept(test::Buffer(8));
        return [&kernel, key, data, nonce, tag] {
          const Bytes aad[] = {Bytes(*nonce).first(5)};
          const auto made = AesCcmKey::create(*key, 8, &kernel);
          (void)made->seal(*nonce, aad, *data, *data, *tag);
          (void)made->open(*nonce, aad, *data, *tag, *data);
        };
      });
    }
  });
}

TEST_CASE("trace: CMAC on every row") {
  test::on_every_row<CmacKernel>("cmac (traced)", cmac_kernels(), [](const CmacKernel& kernel) {
    for (const std::size_t size : {0u, 13u, 64u}) {
      alike([&kernel, size](std::uint64_t seed) {
        auto key = kept(secret(size == 64 ? 32 : 16, 1, seed));
        auto message = kept(secret(size, 2, seed));
        auto mac = kept(test::Buffer(kCmacSize));
        return [&kernel, key, message, mac] {
          const auto made = AesCmacKey::create(*key, &kernel);
          made->mac(*message, *mac);
          AesCmac(*made).update(*message).update(*message).finish(*mac);
        };
      });
    }
  });
}

TEST_CASE("trace: ChaCha20-Poly1305 on every row") {
  test::on_every_row<ChaChaKernel>(
      "chacha20-poly1305 (traced)", chacha_kernels(), [](const ChaChaKernel& kernel) {
        for (const std::size_t size : {13u, 200u, 2500u}) {
          alike([&kernel, size](std::uint64_t seed) {
            auto key = kept(secret(32, 1, seed));
            auto data = kept(secret(size, 2, seed));
            auto nonce = kept(test::noise(12, 3));
            auto tag = kept(test::Buffer(16));
            return [&kernel, key, data, nonce, tag] {
              const auto made = ChaCha20Poly1305Key::create(*key, &kernel);
              const MutBytesOf<16> out(tag->data(), 16);
              (void)made->seal(*nonce, {}, *data, *data, out);
              (void)made->open(*nonce, {}, *data, BytesOf<16>(tag->data(), 16), *data);
            };
          });
        }
      });
}

static void hashes(const HashAlgorithm& hash) {
  const std::string name = std::string(hash.name) + " (traced)";
  test::on_every_row<HashKernel>(name, hash.kernels(), [&hash](const HashKernel& kernel) {
    for (const std::size_t size : {20u, 300u}) {
      alike([&hash, &kernel, size](std::uint64_t seed) {
        auto key = kept(secret(32, 1, seed));
        auto data = kept(secret(size, 2, seed));
        auto mac = kept(test::Buffer(kMaxDigestSize));
        return [&hash, &kernel, key, data, mac] { HmacKey(hash, *key, &kernel).mac(*data, *mac); };
      });
    }
  });
}

TEST_CASE("trace: HMAC with SHA-1 on every row") {
  hashes(kSha1);
}
TEST_CASE("trace: HMAC with SHA-256 on every row") {
  hashes(kSha256);
}
TEST_CASE("trace: HMAC with SHA-512 on every row") {
  hashes(kSha512);
}
TEST_CASE("trace: HMAC with SHA3-256 on every row") {
  hashes(kSha3_256);
}

// As hash_many keeps them.
struct States {
  alignas(64) std::uint64_t words[Hash::kStateCapacity / 8 * kMaxHashLanes] = {};
};

static void many(const HashAlgorithm& hash) {
  for (const HashManyKernel& kernel : hash.many_kernels()) {
    if (!test::runs_here(kernel) || kernel.compress == nullptr) {
      continue;
    }
    INFO(hash.name << ", row " << kernel.name);
    alike([&](std::uint64_t seed) {
      auto states = std::make_shared<States>();
      auto data = kept(secret(256 * kMaxHashLanes, 1, seed));
      return [&kernel, states, data] {
        const std::uint8_t* at[kMaxHashLanes];
        for (std::size_t i = 0; i < kMaxHashLanes; ++i) {
          at[i] = data->data() + 256 * i;
        }
        kernel.compress(states->words, at, 2);
      };
    });
  }
}

TEST_CASE("trace: messages hashed side by side, on every row") {
  many(kSha256);
  many(kSha512);
  many(kSha3_256);
}

TEST_CASE("trace: scrypt's mixing on every row") {
  test::on_every_row<ScryptKernel>("scrypt (traced)", scrypt_kernels(), [](const ScryptKernel& kernel) {
    alike([&kernel](std::uint64_t seed) {
      auto data = kept(secret(512, 1, seed));
      auto out = kept(test::Buffer(256));
      return [&kernel, data, out] { kernel.block_mix(data->data(), data->data() + 256, out->data(), 2); };
    });
  });
}

TEST_CASE("trace: big numbers on every row") {
  test::on_every_row<BignumKernel>("bignum (traced)", bignum_kernels(), [](const BignumKernel& kernel) {
    alike([&kernel](std::uint64_t seed) {
      auto data = kept(secret(16 * 8, 1, seed));
      auto product = std::make_shared<std::array<std::uint64_t, 32>>();
      return [&kernel, data, product] {
        std::uint64_t numbers[16], result[16];
        std::memcpy(numbers, data->data(), sizeof numbers);
        kernel.multiply(product->data(), numbers, numbers + 8, 8);
        kernel.square(product->data(), numbers, 8);
        numbers[8] |= 1;
        kernel.reduce(result, product->data(), numbers + 8, 7, 8);
      };
    });
  });
}

// The curves take half a minute each; valgrind runs both of their rows every time.
TEST_CASE("trace: X25519 on every row", "[.long]") {
  test::on_every_row<X25519Kernel>("x25519 (traced)", x25519_kernels(), [](const X25519Kernel& kernel) {
    alike([&kernel](std::uint64_t seed) {
      auto scalar = kept(secret(32, 1, seed));
      auto point = kept(test::noise(32, 2));
      auto out = kept(test::Buffer(32));
      return [&kernel, scalar, point, out] { kernel.multiply(out->data(), scalar->data(), point->data()); };
    });
  });
}

TEST_CASE("trace: P-256 on every row", "[.long]") {
  test::on_every_row<P256Kernel>("p256 (traced)", p256_kernels(), [](const P256Kernel& kernel) {
    alike([&kernel](std::uint64_t seed) {
      auto scalar = std::make_shared<std::array<std::uint64_t, 4>>();
      std::memcpy(scalar->data(), secret(24, 1, seed).data(), 24);  // below n
      auto out = std::make_shared<std::array<std::uint64_t, 8>>();
      return [&kernel, scalar, out] { kernel.fixed_base(out->data(), scalar->data()); };
    });
  });
}
