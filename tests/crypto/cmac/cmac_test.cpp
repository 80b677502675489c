// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/cmac.hpp>

#include "catch.hpp"
#include "crypto/key_ends.hpp"
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

namespace cmac_test {
namespace {

AesCmacKey make_key(Bytes key, const CmacKernel* row) {
  auto made = AesCmacKey::create(key, row);
  REQUIRE(made.ok());
  return *std::move(made);
}

Buffer mac_of(const AesCmacKey& key, Bytes message) {
  Buffer out(kCmacSize);
  key.mac(message, out);
  return out;
}

// SP 800-38B's examples. Those of AES-128 are also in RFC 4493 §4, except for 20 bytes.
const char* const kMessage =
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710";
struct Known {
  const char* key;
  std::size_t size;  // of the message
  const char* mac;
};
const char* const kKey128 = "2b7e151628aed2a6abf7158809cf4f3c";
const char* const kKey192 = "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b";
const char* const kKey256 = "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4";
const Known kKnown[] = {
    {kKey128, 0, "bb1d6929e95937287fa37d129b756746"},  {kKey128, 16, "070a16b46b4d4144f79bdd9dd04a287c"},
    {kKey128, 20, "7d85449ea6ea19c823a7bf78837dfade"}, {kKey128, 40, "dfa66747de9ae63030ca32611497c827"},
    {kKey128, 64, "51f0bebf7e3b9d92fc49741779363cfe"}, {kKey192, 0, "d17ddf46adaacde531cac483de7a9367"},
    {kKey192, 16, "9e99a7bf31e710900662f65e617c5184"}, {kKey192, 20, "3d75c194ed96070444a9fa7ec740ecf8"},
    {kKey192, 40, "8a1de5be2eb31aad089a82e6ee908b0e"}, {kKey192, 64, "a1d5df0eed790f794d77589659f39a11"},
    {kKey256, 0, "028962f61b7bf89efc6b551f4667d983"},  {kKey256, 16, "28a7023f452e8f82bd4bf28d8c37c35c"},
    {kKey256, 20, "156727dc0878944a023c1fe03bad6d93"}, {kKey256, 40, "aaf3d8f1de5640c232f5b169b9c911e6"},
    {kKey256, 64, "e1992190549f6ed5696a2c056c315410"},
};

const std::size_t kKeySizes[] = {16, 24, 32};
const MacAlgorithm* const kAlgorithms[] = {&kAes128Cmac, &kAes192Cmac, &kAes256Cmac};

}  // namespace

TEST_CASE("cmac: SP 800-38B's and RFC 4493's examples come out of every row", "[cmac]") {
  const Buffer message = unhex(kMessage);
  test::on_every_row("AES-CMAC", cmac_kernels(), [&](const CmacKernel& row) {
    for (const Known& known : kKnown) {
      INFO("mac " << known.mac);
      const AesCmacKey key = make_key(unhex(known.key), &row);
      CHECK_BYTES(mac_of(key, Bytes(message).first(known.size)), known.mac);
    }
  });
}

TEST_CASE("cmac: S10 every row agrees with the portable one at every length to 1100 and in any pieces",
          "[cmac]") {
  const CmacKernel& portable = cmac_kernels().back();
  test::on_every_row("AES-CMAC against portable", cmac_kernels(), [&](const CmacKernel& row) {
    for (std::size_t size = 0; size <= 1100; ++size) {
      const Buffer secret = noise(kKeySizes[size % 3], size);
      const AesCmacKey key = make_key(secret, &row);
      const Buffer room = noise(size + size % 64, size + 3);
      const Bytes message = Bytes(room).subspan(size % 64);
      const Buffer expected = mac_of(make_key(secret, &portable), message);
      REQUIRE_BYTES(mac_of(key, message), expected);
      AesCmac running(key);
      Buffer out(kCmacSize);
      for (const std::size_t step : {1u, 5u, 16u, 17u, 64u, 333u}) {
        for (std::size_t at = 0; at < size; at += step) {
          running.update(message.subspan(at, step < size - at ? step : size - at));
        }
        REQUIRE_BYTES(running.finish(out), expected);
      }
      const Bytes parts[] = {message.first(size / 3), Bytes(), message.subspan(size / 3)};
      REQUIRE_BYTES(key.mac(parts, out), expected);
    }
  });
}

TEST_CASE("cmac: S10 rows agree around 4 KiB and 16 KiB", "[cmac]") {
  const CmacKernel& portable = cmac_kernels().back();
  test::on_every_row("AES-CMAC, long", cmac_kernels(), [&](const CmacKernel& row) {
    for (const std::size_t base : {std::size_t{4096}, std::size_t{16384}}) {
      for (std::size_t size = base - 3; size <= base + 300; size += 43) {
        const Buffer secret = noise(kKeySizes[size % 3], size);
        const Buffer message = noise(size, 5);
        REQUIRE_BYTES(mac_of(make_key(secret, &row), message), mac_of(make_key(secret, &portable), message));
      }
    }
  });
}

TEST_CASE("cmac: S10 no row touches memory outside its buffers", "[cmac]") {
  test::Guarded message_memory(8192);
  test::Guarded mac_memory(64);
  test::on_every_row("AES-CMAC between guard pages", cmac_kernels(), [&](const CmacKernel& row) {
    const AesCmacKey key = make_key(noise(16), &row);
    for (std::size_t size = 0; size <= 4400; size += size < 600 ? 1 : 97) {
      const Buffer message = noise(size, size);
      const Buffer expected = mac_of(key, message);
      for (const bool at_end : {false, true}) {
        const MutBytes in = at_end ? message_memory.at_end(message) : message_memory.at_start(message);
        const MutBytes out = at_end ? mac_memory.at_end(kCmacSize) : mac_memory.at_start(kCmacSize);
        REQUIRE_BYTES(key.mac(in, out), expected);
      }
    }
  });
}

TEST_CASE("cmac: as a Mac it takes its own key size, names and rows, verifies and moves", "[cmac]") {
  const Buffer message = noise(77);
  for (std::size_t which = 0; which < 3; ++which) {
    const MacAlgorithm& algorithm = *kAlgorithms[which];
    CHECK(std::string(algorithm.name) == "AES-" + std::to_string(8 * kKeySizes[which]) + "-CMAC");
    CHECK(algorithm.size == 16);
    for (std::size_t size = 0; size <= 40; ++size) {
      CHECK(MacKey::create(algorithm, noise(size)).ok() == (size == kKeySizes[which]));
      CHECK(AesCmacKey::create(noise(size)).ok() == (size == 16 || size == 24 || size == 32));
    }
    CHECK(MacKey::create(algorithm, noise(algorithm.key_size), "no such row").error() ==
          ErrorCode::kernel_unavailable);
    const Buffer secret = noise(algorithm.key_size);
    const Buffer expected = mac_of(make_key(secret, &cmac_kernels().back()), message);
    test::on_every_row(std::string(algorithm.name) + " as Mac", cmac_kernels(), [&](const CmacKernel& row) {
      auto made = MacKey::create(algorithm, secret, row.name);
      REQUIRE(made.ok());
      const MacKey key = *std::move(made);
      Buffer out(16);
      CHECK_BYTES(key.mac(message, out), expected);
      Mac running(key);
      for (std::size_t cut = 0; cut <= message.size(); ++cut) {
        running.update(Bytes(message).first(cut)).update(Bytes(message).subspan(cut));
        REQUIRE(running.verify(expected).ok());
      }
      for (std::size_t bit = 0; bit < 8 * out.size(); ++bit) {
        out[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
        REQUIRE(key.verify(message, out).error() == ErrorCode::bad_tag);
        out[bit / 8] ^= static_cast<std::uint8_t>(1 << bit % 8);
      }
      // AES-CMAC-96 (RFC 4494).
      CHECK(key.verify_truncated(message, Bytes(out).first(12), 12).ok());
      CHECK(key.verify_truncated(message, out, 12).error() == ErrorCode::bad_tag);
    });
  }
}

TEST_CASE("cmac: S02 a row that the CPU cannot run is refused, and with all features masked CMAC still runs",
          "[cmac]") {
  test::refuse_masked_rows(
      cmac_kernels(), [](const CmacKernel* row) { return AesCmacKey::create(noise(16), row); },
      [](const AesCmacKey& key) { return mac_of(key, noise(99)); });
  cpu::set_mask(cpu::Features());
  for (const CmacKernel& row : cmac_kernels()) {
    CHECK(MacKey::create(kAes128Cmac, noise(16), row.name).ok() == (row.required.bits == 0));
  }
  cpu::clear_mask();
}

TEST_CASE("cmac: S12 a key leaves nothing behind when it moves or dies", "[cmac]") {
  test::on_every_row("AES-CMAC, wiping", cmac_kernels(), [&](const CmacKernel& row) {
    const Buffer before(sizeof(AesSchedule) + 32);  // round keys and subkeys come first
    test::leave_nothing_behind(
        [&] { return make_key(noise(32, 77), &row); },
        [&](Bytes room) { return std::memcmp(room.data(), before.data(), before.size()) != 0; },
        [](const AesCmacKey& key) { return mac_of(key, noise(50)); });
  });
}

TEST_CASE("cmac: S12 x86 rows leave nothing in the vector registers", "[cmac]") {
  if (test::kThreadSanitised) {
    SKIP_CASE("ThreadSanitizer writes to the vector registers");
  }
  test::on_every_row("AES-CMAC, registers", cmac_kernels(), [&](const CmacKernel& row) {
    if (row.required.bits == 0) {
      return;
    }
    for (const std::size_t key_size : kKeySizes) {
      const Buffer secret = noise(key_size);
      const Buffer subkeys = noise(32, 2);
      AesSchedule schedule;
      CHECK(test::clears_vectors([&] { row.expand(schedule, secret); }));
      for (const std::size_t size : {0u, 1u, 16u, 100u, 256u}) {
        const Buffer message = noise(size);
        Buffer state(16);
        Buffer mac(16);
        CHECK(test::clears_vectors([&] { row.update(schedule, state.data(), message.data(), size / 16); }));
        CHECK(test::clears_vectors(
            [&] { row.finish(schedule, subkeys.data(), state.data(), message.data(), size, mac.data()); }));
      }
    }
  });
}

TEST_CASE("cmac: S12 no row leaves a round key, a subkey or the chain on the stack", "[cmac]") {
  if (test::kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  test::on_every_row("AES-CMAC, dead stack", cmac_kernels(), [&](const CmacKernel& row) {
    for (const std::size_t key_size : kKeySizes) {
      INFO("key of " << key_size << " bytes");
      const Buffer secret = noise(key_size, 5);
      AesSchedule schedule;
      std::memset(static_cast<void*>(&schedule), 0, sizeof schedule);
      row.expand(schedule, secret);
      const Bytes kept(schedule.round_keys, sizeof schedule.round_keys);
      const Buffer subkeys = noise(32, 2);
      CHECK(test::words_left_on_stack(secret, [&] { row.expand(schedule, secret); }) == 0);
      CHECK(test::words_left_on_stack(kept, [&] { (void)AesCmacKey::create(secret, &row); }) == 0);
      for (const std::size_t size : {0u, 15u, 16u, 100u, 2000u}) {
        INFO(size << " bytes");
        const Buffer message = noise(size);
        Buffer state = noise(16, 9);
        Buffer mac(16);
        const auto update = [&] { row.update(schedule, state.data(), message.data(), size / 16); };
        const auto finish = [&] {
          row.finish(schedule, subkeys.data(), state.data(), message.data(), size, mac.data());
        };
        CHECK(test::words_left_on_stack(kept, update) == 0);
        CHECK(test::words_left_on_stack(kept, finish) == 0);
        CHECK(test::words_left_on_stack(subkeys, finish) == 0);
        CHECK(test::words_left_on_stack(state, finish) == 0);
        CHECK(test::words_left_on_stack(mac, finish) == 0);
      }
    }
  });
}

}  // namespace cmac_test
