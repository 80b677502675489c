// SPDX-License-Identifier: Apache-2.0
// Every row of these tables that this CPU can run shows the same instructions and the same memory for two
// secrets. The tracer also sees code that does leak. Each traced row is printed, and tests/ct compares the
// list with all rows. If ASHLAR_TRACE_LIST is set, nothing is traced; the rows are printed only.
#include "trace/tracer.hpp"

#include <ashlar/crypto/aes_cbc_many.hpp>
#include <ashlar/crypto/bignum.hpp>
#include <ashlar/crypto/cbc_hmac.hpp>
#include <ashlar/crypto/ccm.hpp>
#include <ashlar/crypto/chacha20poly1305.hpp>
#include <ashlar/crypto/cmac.hpp>
#include <ashlar/crypto/ed25519.hpp>
#include <ashlar/crypto/ed25519_many.hpp>
#include <ashlar/crypto/gcm_siv.hpp>
#include <ashlar/crypto/gmac.hpp>
#include <ashlar/crypto/hash_many.hpp>
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/key_wrap.hpp>
#include <ashlar/crypto/mldsa.hpp>
#include <ashlar/crypto/mlkem.hpp>
#include <ashlar/crypto/p256.hpp>
#include <ashlar/crypto/p256_many.hpp>
#include <ashlar/crypto/scrypt.hpp>
#include <ashlar/crypto/sha1.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/sha3.hpp>
#include <ashlar/crypto/x25519.hpp>
#include <ashlar/crypto/x25519_many.hpp>
#include <ashlar/crypto/xts.hpp>

#include "catch.hpp"
#include "crypto/tables.hpp"
#include "mldsa/expand.hpp"
#include "mlkem/arithmetic.hpp"
#include "support/bytes.hpp"

#include <cstdlib>
#include <iostream>
#include <memory>

using namespace ashlar;
using namespace ashlar::crypto;
using trace::Prepare;

namespace {

// What differs between the two runs; every other input is the same.
test::Buffer secret(std::size_t size, std::uint64_t which, std::uint64_t seed) {
  return test::noise(size, 1000 * seed + which);
}

std::size_t alike_calls = 0;

void alike(const Prepare& prepare) {
  ++alike_calls;
  if (std::getenv("ASHLAR_TRACE_LIST") != nullptr) {
    return;
  }
  std::size_t steps = 0;
  CHECK(trace::difference(prepare, steps) == "");
  CHECK(steps > 20);
}

void caught(const Prepare& prepare) {
  std::size_t steps = 0;
  CHECK(trace::difference(prepare, steps) != "");
}

// A shared object keeps what the function uses, so kernels see the same addresses in both runs.
template <class T>
std::shared_ptr<T> kept(T value) {
  return std::make_shared<T>(std::move(value));
}

// Calls check(row), which calls alike(), for every row of a table that this CPU can run.
template <class Row, class Check>
void on_rows(std::span<const Row> table, Check check) {
  for (const Row& row : table) {
    if (test::stands_for_another(row) || !cpu::unmasked_features().contains(row.required)) {
      continue;
    }
    INFO(test::name_of_row(&row));
    const std::size_t before = alike_calls;
    check(row);
    REQUIRE(alike_calls > before);
    std::cout << "row: " << test::name_of_row(&row) << std::endl;
  }
}

// The same, but only on the rows that no other net covers.
template <class Row, class Check>
void on_rows_without_valgrind(std::span<const Row> table, Check check) {
  for (const Row& row : table) {
    if (!test::valgrind_runs(row)) {
      on_rows<Row>(std::span(&row, 1), check);
    }
  }
}

// What a row is traced with. Rows that valgrind can run are watched there at length (tests/ct); one pass
// through them is enough here.
template <class Row>
std::vector<std::size_t> sizes(const Row& row, std::vector<std::size_t> all) {
  all.resize(test::valgrind_runs(row) ? 1 : all.size());
  return all;
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
  on_rows<AesKernel>(aes_kernels(), [](const AesKernel& kernel) {
    const std::size_t blocks = test::valgrind_runs(kernel) ? 2 : 19;
    for (const std::size_t key_size : sizes(kernel, {16, 32})) {
      alike([&kernel, blocks, key_size](std::uint64_t seed) {
        auto key = kept(secret(key_size, 1, seed));
        auto data = kept(secret(blocks * 16, 2, seed));
        auto iv = kept(test::noise(16, 3));
        auto schedule = std::make_shared<AesSchedule>();
        return [&kernel, blocks, key, data, iv, schedule] {
          std::uint8_t* const d = data->data();
          kernel.expand_encrypt(*schedule, *key);
          kernel.encrypt_blocks(*schedule, d, d, blocks);
          kernel.cbc_encrypt(*schedule, iv->data(), d, d, 2);
          kernel.ctr(*schedule, iv->data(), d, d, blocks);
          kernel.expand_decrypt(*schedule, *key);
          kernel.decrypt_blocks(*schedule, d, d, blocks);
          kernel.cbc_decrypt(*schedule, iv->data(), d, d, blocks);
        };
      });
    }
  });
}

TEST_CASE("trace: AES-CBC encryption of several streams on every row") {
  on_rows<AesCbcManyKernel>(aes_cbc_many_kernels(), [](const AesCbcManyKernel& kernel) {
    // More streams than lanes, of different lengths, so that lanes run empty.
    const std::size_t count = test::valgrind_runs(kernel) ? 3 : 18;
    alike([&kernel, count](std::uint64_t seed) {
      const AesKernel* const keys_of = kernel.required.bits == 0 ? &aes_kernels().back() : nullptr;
      auto keys = std::make_shared<std::vector<AesCbcEncryptor>>();
      auto data = kept(secret(count * 112, 2, seed));
      auto ivs = kept(test::noise(count * 16, 3));
      auto streams = std::make_shared<std::vector<AesCbcStream>>();
      keys->reserve(count);
      for (std::size_t i = 0; i < count; ++i) {
        keys->push_back(std::move(*AesCbcEncryptor::create(secret(16, i, seed), keys_of)));
        const MutBytes text = MutBytes(*data).subspan(112 * i, 112 - 16 * (i % 3));
        streams->push_back({&keys->back(), MutBytesOf<16>(ivs->data() + 16 * i, 16), text, text});
      }
      return [&kernel, keys, data, ivs, streams] { (void)aes_cbc_encrypt_many(*streams, &kernel); };
    });
  });
}

static void cbc_hmac(const HashAlgorithm& hash) {
  on_rows<CbcHmacKernel>(cbc_hmac_kernels(hash), [&hash](const CbcHmacKernel& kernel) {
    for (const std::size_t size : sizes(kernel, {300, 20})) {
      alike([&](std::uint64_t seed) {
        auto sealer = kept(std::move(*CbcHmacSealer::create(
            hash, secret(32, 1, seed), secret(size == 300 ? 32 : 16, 2, seed), &kernel)));
        auto text = kept(secret(size, 3, seed));
        auto iv = kept(test::noise(16, 4));
        auto mac_inside = kept(test::Buffer(CbcHmacSealer::padded_size(size + hash.digest_size)));
        auto mac_behind = kept(test::Buffer(CbcHmacSealer::padded_size(size) + hash.digest_size));
        return [=] {
          const BytesOf<16> fixed_iv(iv->data(), 16);
          (void)sealer->mac_then_encrypt(fixed_iv, Bytes(*iv).first(13), *text, *mac_inside);
          (void)sealer->encrypt_then_mac(fixed_iv, Bytes(*iv).first(13), *text, *mac_behind);
        };
      });
    }
  });
}

TEST_CASE("trace: AES-CBC with HMAC-SHA-1 on every row") {
  cbc_hmac(kSha1);
}
TEST_CASE("trace: AES-CBC with HMAC-SHA-256 on every row") {
  cbc_hmac(kSha256);
}

// create(key bytes, row): a key that seals and opens, with tags of 16 bytes.
template <class Row, class Create>
static void aeads(std::span<const Row> table, std::vector<std::size_t> key_sizes, std::size_t nonce_size,
                  std::vector<std::size_t> message_sizes, Create create) {
  on_rows(table, [&](const Row& kernel) {
    for (const std::size_t key_size : sizes(kernel, key_sizes)) {
      for (const std::size_t size : sizes(kernel, message_sizes)) {
        alike([&, key_size, size](std::uint64_t seed) {
          auto key = kept(secret(key_size, 1, seed));
          auto data = kept(secret(size, 2, seed));
          auto nonce = kept(test::noise(nonce_size, 3));
          auto tag = kept(test::Buffer(16));
          return [&kernel, create, key, data, nonce, tag] {
            const Bytes aad[] = {Bytes(*nonce).first(5)};
            const auto made = create(*key, &kernel);
            const MutBytesOf<16> out(tag->data(), 16);
            (void)made->seal(*nonce, aad, *data, *data, out);
            (void)made->open(*nonce, aad, *data, BytesOf<16>(tag->data(), 16), *data);
          };
        });
      }
    }
  });
}

TEST_CASE("trace: AES-GCM on every row") {
  aeads(gcm_kernels(), {16, 32}, 12, {13, 200, 900, 6000}, AesGcmKey::create);
}

TEST_CASE("trace: AES-GCM-SIV on every row") {
  aeads(gcm_siv_kernels(), {16, 32}, 12, {13, 1350}, AesGcmSivKey::create);
}

TEST_CASE("trace: AES-CCM on every row") {
  aeads(ccm_kernels(), {16, 32}, 13, {13, 200},
        [](Bytes key, const CcmKernel* kernel) { return AesCcmKey::create(key, 16, kernel); });
}

TEST_CASE("trace: ChaCha20-Poly1305 on every row") {
  aeads(chacha_kernels(), {32}, 12, {13, 200, 2500}, ChaCha20Poly1305Key::create);
}

TEST_CASE("trace: AES-XTS on every row") {
  on_rows<XtsKernel>(xts_kernels(), [](const XtsKernel& kernel) {
    for (const std::size_t size : sizes(kernel, {45, 16, 16 * 43 + 5})) {
      alike([&kernel, size](std::uint64_t seed) {
        auto key = kept(secret(size == 45 ? 32 : 64, 1, seed));
        auto data = kept(secret(size, 2, seed));
        return [&kernel, key, data] {
          const auto made = AesXtsKey::create(*key, &kernel);
          (void)made->encrypt(7, *data, *data);
          (void)made->decrypt(8, *data, *data);
        };
      });
    }
  });
}

TEST_CASE("trace: AES key wrap on every row") {
  on_rows<AesKernel>(aes_kernels(), [](const AesKernel& kernel) {
    // Whether each of them unwraps is public, and is the same in both runs.
    const bool once = test::valgrind_runs(kernel);
    alike([&kernel, once](std::uint64_t seed) {
      auto kek = kept(secret(16, 1, seed));
      auto key = kept(secret(once ? 16 : 24, 2, seed));
      auto wrapped = kept(test::Buffer(key->size() + kKeyWrapOverhead));
      return [&kernel, once, kek, key, wrapped] {
        const auto wrapper = AesKeyWrapper::create(*kek, &kernel);
        const auto unwrapper = AesKeyUnwrapper::create(*kek, &kernel);
        (void)wrapper->wrap(*key, *wrapped);
        (void)unwrapper->unwrap(*wrapped, *key);
        if (once) {
          return;
        }
        (void)unwrapper->unwrap_padded(*wrapped, *key);
        (void)wrapper->wrap_padded(*key, *wrapped);
        (void)unwrapper->unwrap(*wrapped, *key);
      };
    });
  });
}

// GHASH of long additional data has loops of its own.
TEST_CASE("trace: GMAC on every row") {
  on_rows<GcmKernel>(gcm_kernels(), [](const GcmKernel& kernel) {
    for (const std::size_t size : sizes(kernel, {45, 1350})) {
      alike([&kernel, size](std::uint64_t seed) {
        auto key = kept(secret(16, 1, seed));
        auto message = kept(secret(size, 2, seed));
        auto nonce = kept(test::noise(12, 3));
        auto mac = kept(test::Buffer(16));
        return [&kernel, key, message, nonce, mac] {
          const auto made = AesGmacKey::create(*key, &kernel);
          (void)made->mac(*nonce, *message, MutBytesOf<16>(mac->data(), 16));
        };
      });
    }
  });
}

TEST_CASE("trace: CMAC on every row") {
  on_rows<CmacKernel>(cmac_kernels(), [](const CmacKernel& kernel) {
    for (const std::size_t size : sizes(kernel, {13, 0, 64})) {
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

static void hashes(const HashAlgorithm& hash) {
  on_rows(hash.kernels(), [&hash](const HashKernel& kernel) {
    if (test::valgrind_runs(kernel)) {
      alike([&hash, &kernel](std::uint64_t seed) {
        auto state = kept(secret(Hash::kStateCapacity, 1, seed));
        auto data = kept(secret(hash.block_size, 2, seed));
        return [&kernel, state, data] { kernel.compress(state->data(), data->data(), 1); };
      });
      return;
    }
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

TEST_CASE("trace: HMAC with every hash on every row") {
  test::every_hash_table([](const HashAlgorithm& hash) { hashes(hash); });
}

TEST_CASE("trace: Keccak's permutation on every row") {
  on_rows<KeccakKernel>(keccak_kernels(), [](const KeccakKernel& kernel) {
    alike([&kernel](std::uint64_t seed) {
      auto lanes = std::make_shared<std::array<std::uint64_t, 25>>();
      std::memcpy(lanes->data(), secret(200, 1, seed).data(), 200);
      return [&kernel, lanes] { kernel.permute(lanes->data()); };
    });
  });
}

// Laid out as hash_many keeps them.
struct States {
  alignas(64) std::uint64_t words[Hash::kStateCapacity / 8 * kMaxHashLanes] = {};
};

static void many_on_rows(const HashMany& many) {
  on_rows(many.kernels, [](const HashManyKernel& kernel) {
    alike([&](std::uint64_t seed) {
      auto states = std::make_shared<States>();
      auto data = kept(secret(2 * kMaxHashBlockSize * kMaxHashLanes, 1, seed));
      return [&kernel, states, data] {
        const std::uint8_t* at[kMaxHashLanes];
        for (std::size_t i = 0; i < kMaxHashLanes; ++i) {
          at[i] = data->data() + 2 * kMaxHashBlockSize * i;
        }
        kernel.compress(states->words, at, 2);
      };
    });
  });
}

TEST_CASE("trace: messages hashed side by side, on every row") {
  test::every_hash_many_table(many_on_rows);
}

TEST_CASE("trace: scrypt's mixing on every row") {
  on_rows<ScryptKernel>(scrypt_kernels(), [](const ScryptKernel& kernel) {
    alike([&kernel](std::uint64_t seed) {
      auto data = kept(secret(512, 1, seed));
      auto out = kept(test::Buffer(256));
      return [&kernel, data, out] { kernel.block_mix(data->data(), data->data() + 256, out->data(), 2); };
    });
  });
}

TEST_CASE("trace: big numbers on every row") {
  on_rows<BignumKernel>(bignum_kernels(), [](const BignumKernel& kernel) {
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
    if (kernel.powers == nullptr) {
      return;
    }
    // The moduli, the bases and two windows of the exponents are secret; under a public modulus the number
    // is.
    alike([&kernel](std::uint64_t seed) {
      auto data = kept(secret(5 * 16 * 8, 2, seed));
      auto number = kept(secret(32 * 8, 3, seed));
      auto out = std::make_shared<std::array<std::uint64_t, 32>>();
      return [&kernel, data, number, out] {
        std::uint64_t numbers[5][16], constants[kPairWords], x[16], y[16], modulus[32], large[32];
        std::memcpy(numbers, data->data(), sizeof numbers);
        const std::uint64_t* const moduli[] = {numbers[0], numbers[1]};
        const std::uint64_t* const bases[] = {numbers[2], numbers[3]};
        const std::uint64_t* const exponents[] = {numbers[4], numbers[4] + 1};
        std::uint64_t* const results[] = {x, y};
        const std::size_t bits[] = {1024, 1024};
        for (std::uint64_t* const n : {numbers[0], numbers[1]}) {
          n[0] |= 1;
          n[15] |= std::uint64_t{1} << 63;
        }
        (void)kernel.powers->prepare_pair(constants, moduli, 16, bits, 64);
        kernel.powers->power_pair(results, bases, exponents, moduli, constants, 16, 10);
        std::memset(modulus, 0xff, sizeof modulus);
        std::memcpy(large, number->data(), sizeof large);
        large[31] >>= 1;
        (void)kernel.powers->power_public(out->data(), large, 3, modulus, 32, 2048);
        // The exponent of FFDHE: two windows of it are secret.
        (void)kernel.powers->power_secret(out->data(), large, numbers[4], 10, modulus, 32, 2048);
      };
    });
  });
}

TEST_CASE("trace: powers side by side on every row") {
  on_rows<BignumManyKernel>(bignum_many_kernels(), [](const BignumManyKernel& kernel) {
    if (kernel.power == nullptr) {
      return;
    }
    // Secret: the moduli, the bases and two windows of the exponents.
    alike([&kernel](std::uint64_t seed) {
      auto data = kept(secret(3 * kMaxBignumLanes * 16 * 8, 2, seed));
      return [&kernel, data] {
        std::uint64_t numbers[3 * kMaxBignumLanes][16], out[kMaxBignumLanes][16];
        std::memcpy(numbers, data->data(), sizeof numbers);
        std::uint64_t* results[kMaxBignumLanes];
        const std::uint64_t* bases[kMaxBignumLanes];
        const std::uint64_t* exponents[kMaxBignumLanes];
        const std::uint64_t* moduli[kMaxBignumLanes];
        std::size_t bits[kMaxBignumLanes];
        for (std::size_t i = 0; i < kMaxBignumLanes; ++i) {
          std::uint64_t* const n = numbers[3 * i];
          n[0] |= 1;
          n[15] |= std::uint64_t{1} << 63;
          moduli[i] = n;
          bases[i] = numbers[3 * i + 1];
          exponents[i] = numbers[3 * i + 2];
          results[i] = out[i];
          bits[i] = 1024;
        }
        (void)kernel.power(results, bases, exponents, moduli, bits, 16, 64, 8);
      };
    });
  });
}

// Compares two messages under one key, two secret vectors, and two ciphertexts, one of which is rejected.
TEST_CASE("trace: E08 ML-KEM on every row") {
  on_rows<MlKemKernel>(mlkem_kernels(), [](const MlKemKernel& kernel) {
    // Valgrind watches these rows as a whole; here a transform is enough.
    if (test::valgrind_runs(kernel)) {
      alike([&kernel](std::uint64_t seed) {
        auto memory = kept(secret(512 + 64, 1, seed));
        return [&kernel, memory] {
          const auto at = (reinterpret_cast<std::uintptr_t>(memory->data()) + 63) & ~std::uintptr_t{63};
          kernel.arithmetic->ntt(reinterpret_cast<std::int16_t*>(at));
        };
      });
      return;
    }
    using Decapsulation = MlKem512DecapsulationKey;
    using Encapsulation = MlKem512EncapsulationKey;
    const auto pair = std::make_shared<Decapsulation>(*Decapsulation::from_seed(test::noise(64, 1), &kernel));
    const auto peer =
        std::make_shared<Encapsulation>(*Encapsulation::create(pair->encapsulation_key(), &kernel));
    auto ciphertext = kept(test::Buffer(Decapsulation::kCiphertextSize));
    auto shared = std::make_shared<Secret<32>>();
    alike([=](std::uint64_t seed) {
      auto message = kept(secret(32, 2, seed));
      return [=] {
        peer->encapsulate_message(
            BytesOf<32>(message->data(), 32),
            MutBytesOf<Decapsulation::kCiphertextSize>(ciphertext->data(), ciphertext->size()), *shared);
      };
    });
    // One of the two has a vector of another key.
    Secret<Decapsulation::kSize> expanded;
    pair->expanded(expanded);
    test::Buffer both[2] = {test::buffer_of(Bytes(expanded.reveal())), {}};
    both[1] = both[0];
    Decapsulation::from_seed(test::noise(64, 9), &kernel)->expanded(expanded);
    copy_bytes(both[1], Bytes(expanded.reveal()).first(768));
    alike([=](std::uint64_t seed) {
      auto bytes = kept(both[seed % 2]);
      auto sent = kept(*ciphertext);
      (*sent)[7] ^= static_cast<std::uint8_t>(seed % 2);
      return [=, &kernel] { (void)Decapsulation::create(*bytes, &kernel)->decapsulate(*sent, *shared).ok(); };
    });
  });
}

// The number of discarded attempts may depend on the key. What happens in an attempt must not.
TEST_CASE("trace: ML-DSA on every row") {
  on_rows<MlDsaKernel>(mldsa_kernels(), [](const MlDsaKernel& kernel) {
    struct alignas(64) Memory {
      std::int32_t mask[4 * 256], high[256], low[256];
    };
    const mldsa::Arithmetic& row = *kernel.arithmetic;
    alike([&row](std::uint64_t seed) {
      auto key = kept(secret(64, 1, seed));
      auto memory = std::make_shared<Memory>();
      return [&row, key, memory] {
        mldsa::expand_mask(row, memory->mask, kMlDsa44, BytesOf<64>(key->data(), 64), 4);
        sink = row.reaches(memory->mask, 100000);
        row.ntt(memory->mask);
        row.inner_product(memory->high, memory->mask, memory->mask, 2);
        row.inverse_ntt(memory->high);
        std::memcpy(memory->mask, memory->high, sizeof memory->high);
        row.decompose(memory->high, memory->low, memory->mask, kMlDsa44.gamma2());
      };
    });
  });
}

namespace {

void trace_x25519(const X25519Kernel& kernel) {
  alike([&kernel](std::uint64_t seed) {
    auto scalar = kept(secret(32, 1, seed));
    auto point = kept(test::noise(32, 2));
    auto out = kept(test::Buffer(32));
    return [&kernel, scalar, point, out] {
      kernel.multiply(out->data(), scalar->data(), point->data());
      kernel.multiply_base(out->data(), scalar->data());
    };
  });
}

// The rows that have code of their own.
void trace_x25519_many(const X25519ManyKernel& kernel) {
  if (kernel.multiply == nullptr) {
    return;
  }
  alike([&kernel](std::uint64_t seed) {
    auto scalars = kept(secret(kMaxX25519Lanes * 32, 1, seed));
    auto points = kept(test::noise(kMaxX25519Lanes * 32, 2));
    auto out = kept(test::Buffer(kMaxX25519Lanes * 32));
    return [&kernel, scalars, points, out] {
      std::uint8_t* outs[kMaxX25519Lanes];
      const std::uint8_t* factors[kMaxX25519Lanes];
      const std::uint8_t* at[kMaxX25519Lanes];
      for (std::size_t i = 0; i < kMaxX25519Lanes; ++i) {
        outs[i] = out->data() + 32 * i;
        factors[i] = scalars->data() + 32 * i;
        at[i] = points->data() + 32 * i;
      }
      kernel.multiply(outs, factors, at);
      kernel.multiply_base(outs, factors);
    };
  });
}

void trace_ed25519(const Ed25519Kernel& kernel) {
  alike([&kernel](std::uint64_t seed) {
    auto scalar = kept(secret(32, 1, seed));
    scalar->back() &= 0x7f;
    auto out = kept(test::Buffer(32));
    return [&kernel, scalar, out] { kernel.base_multiple(out->data(), scalar->data()); };
  });
}

void trace_p256(const P256Kernel& kernel) {
  alike([&kernel](std::uint64_t seed) {
    auto scalar = std::make_shared<std::array<std::uint64_t, 4>>();
    std::memcpy(scalar->data(), secret(24, 1, seed).data(), 24);  // below n
    auto out = std::make_shared<std::array<std::uint64_t, 8>>();
    return [&kernel, scalar, out] { kernel.fixed_base(out->data(), scalar->data()); };
  });
}

void trace_ed25519_many(const Ed25519ManyKernel& kernel) {
  if (kernel.base_multiple == nullptr) {
    return;
  }
  alike([&kernel](std::uint64_t seed) {
    auto scalars = kept(secret(kMaxEd25519Lanes * 32, 1, seed));
    auto out = kept(test::Buffer(kMaxEd25519Lanes * 32));
    return [&kernel, scalars, out] {
      std::uint8_t* outs[kMaxEd25519Lanes];
      const std::uint8_t* factors[kMaxEd25519Lanes];
      for (std::size_t i = 0; i < kMaxEd25519Lanes; i++) {
        outs[i] = out->data() + 32 * i;
        factors[i] = scalars->data() + 32 * i;
      }
      kernel.base_multiple(outs, factors);
    };
  });
}

// The rows that have code of their own; a key, a nonce and the products of both are secret.
void trace_p256_many(const P256ManyKernel& kernel) {
  if (kernel.fixed_base == nullptr) {
    return;
  }
  struct Operands {
    std::uint64_t scalars[kMaxP256Lanes][4], points[kMaxP256Lanes][8], out[kMaxP256Lanes][8];
  };
  alike([&kernel](std::uint64_t seed) {
    auto operands = std::make_shared<Operands>();
    for (std::size_t i = 0; i < kMaxP256Lanes; i++) {
      std::uint64_t one[4] = {i + 1, 0, 0, 0};
      p256_kernels().back().fixed_base(operands->points[i], one);
      std::memset(operands->scalars[i], 0, 32);
      std::memcpy(operands->scalars[i], secret(31, i, seed).data(), 31);  // below n
    }
    return [&kernel, operands] {
      std::uint64_t* outs[kMaxP256Lanes];
      const std::uint64_t* scalars[kMaxP256Lanes];
      const std::uint64_t* points[kMaxP256Lanes];
      for (std::size_t i = 0; i < kMaxP256Lanes; i++) {
        outs[i] = operands->out[i];
        scalars[i] = operands->scalars[i];
        points[i] = operands->points[i];
      }
      kernel.fixed_base(outs, scalars);
      kernel.variable_base(outs, scalars, points);
    };
  });
}

}  // namespace

TEST_CASE("trace: X25519, Ed25519 and P-256 on the rows that valgrind cannot run") {
  on_rows_without_valgrind<X25519Kernel>(x25519_kernels(), trace_x25519);
  on_rows_without_valgrind<Ed25519Kernel>(ed25519_kernels(), trace_ed25519);
  on_rows_without_valgrind<X25519ManyKernel>(x25519_many_kernels(), trace_x25519_many);
  on_rows_without_valgrind<P256Kernel>(p256_kernels(), trace_p256);
  on_rows_without_valgrind<Ed25519ManyKernel>(ed25519_many_kernels(), trace_ed25519_many);
  on_rows_without_valgrind<P256ManyKernel>(p256_many_kernels(), trace_p256_many);
}

// The curves take half a minute each; valgrind runs all but the rows above every time.
TEST_CASE("trace: X25519 on every row", "[.long]") {
  on_rows<X25519Kernel>(x25519_kernels(), trace_x25519);
}

TEST_CASE("trace: Ed25519 on every row", "[.long]") {
  on_rows<Ed25519Kernel>(ed25519_kernels(), trace_ed25519);
}

TEST_CASE("trace: P-256 on every row", "[.long]") {
  on_rows<P256Kernel>(p256_kernels(), trace_p256);
}
