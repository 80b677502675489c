// SPDX-License-Identifier: Apache-2.0
#include <ashlar/crypto/hmac.hpp>
#include <ashlar/crypto/prf.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;
using test::noise;
using test::unhex;

namespace {

Buffer prf(const HashAlgorithm& hash, Bytes secret, std::string_view label, Bytes seed, std::size_t size) {
  Buffer out(size);
  const Bytes parts[] = {seed};
  tls12_prf(hash, secret, label, parts, out);
  return out;
}

}  // namespace

// The vectors that the TLS working group published on its list for the PRF of TLS 1.2.
TEST_CASE("prf: the published vectors of the TLS working group", "[prf]") {
  CHECK_BYTES(
      prf(kSha256, unhex("9bbe436ba940f017b17652849a71db35"), "test label",
          unhex("a0ba9f936cda311827a6f796ffd5198c"), 100),
      "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9af0fa0"
      "22f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a5110fff70187347b66");
  CHECK_BYTES(
      prf(kSha512, unhex("b0323523c1853599584d88568bbb05eb"), "test label",
          unhex("d4640e12e4bcdbfb437f03e6ae418ee5"), 196),
      "1261f588c798c5c201ff036e7a9cb5edcd7fe3f94c669a122a4638d7d508b283042df6789875c7147e906d868bc75c45e20eb4"
      "0c1cf4a1713b27371f68432592f7dc8ea8ef223e12ea8507841311bf68653d0cfc4056d811f025c45ddfa6e6fec702f054b409"
      "d6f28dd0a3233e498da41a3e75c5630eedbe22fe254e33a1b0e9f6b9826675bec7d01a845658dc9c397545401d40b9f46c7a40"
      "0ee1b8f81ca0a60d1a397a1028bff5d2ef5066126842fb8da4197632bdb54ff6633f86bbc836e640d4d898");
  CHECK_BYTES(
      prf(kSha384, unhex("b80b733d6ceefcdc71566ea48e5567df"), "test label",
          unhex("cd665cf6a8447dd6ff8b27555edb7465"), 148),
      "7b0c18e9ced410ed1804f2cfa34a336a1c14dffb4900bb5fd7942107e81c83cde9ca0faa60be9fe34f82b1233c9146a0e534cb"
      "400fed2700884f9dc236f80edd8bfa961144c9e8d792eca722a7b32fc3d416d473ebc2c5fd4abfdad05d9184259b5bf8cd4d90"
      "fa0d31e2dec479e4f1a26066f2eea9a69236a3e52655c9e9aee691c8f3a26854308d5eaa3be85e0990703d73e56f");
}

TEST_CASE("prf: each size is a prefix of the longer one, and nothing is written past it", "[prf]") {
  const Buffer secret = noise(48);
  const Buffer seed = noise(64, 2);
  for (const HashAlgorithm* hash : {&kSha256, &kSha384}) {
    const Buffer longest = prf(*hash, secret, "key expansion", seed, 200);
    for (std::size_t size = 0; size <= 200; ++size) {
      Buffer out(208, 0xa5);
      const Bytes parts[] = {Bytes(seed).first(32), Bytes(seed).subspan(32)};
      tls12_prf(*hash, secret, "key expansion", parts, MutBytes(out).first(size));
      REQUIRE_BYTES(Bytes(out).first(size), Bytes(longest).first(size));
      REQUIRE_BYTES(Bytes(out).subspan(size), Buffer(208 - size, 0xa5));
    }
  }
}

// RFC 5246 §5 written out for the first two blocks.
TEST_CASE("prf: is P_hash of label and seed", "[prf]") {
  const Buffer secret = noise(48);
  Buffer label_seed = test::buffer_of("master secret");
  const Buffer seed = noise(64, 2);
  label_seed.insert(label_seed.end(), seed.begin(), seed.end());
  const HmacKey key(kSha256, secret);
  Buffer a1(32);
  Buffer a2(32);
  key.mac(label_seed, a1);
  key.mac(a1, a2);
  Buffer expected(64);
  const Bytes first[] = {a1, label_seed};
  const Bytes second[] = {a2, label_seed};
  key.mac(std::span<const Bytes>(first), MutBytes(expected).first(32));
  key.mac(std::span<const Bytes>(second), MutBytes(expected).subspan(32));
  CHECK_BYTES(prf(kSha256, secret, "master secret", seed, 48), Bytes(expected).first(48));
}
