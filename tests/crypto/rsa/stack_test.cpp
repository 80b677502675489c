// SPDX-License-Identifier: Apache-2.0
#include "support/stack.hpp"
#include "catch.hpp"
#include "crypto/rsa/key_text_8192.hpp"
#include "crypto/rsa/keys.hpp"

#include <ashlar/crypto/rsa_many.hpp>
#include <ashlar/crypto/sha2.hpp>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;

TEST_CASE("rsa: no call uses more than 64 KiB of stack") {
  constexpr std::size_t kMost = test::kFramesHoldCopies ? 1 << 19 : 1 << 16;
  const test::RsaKeyBytes bytes(test::kRsa8192);
  const RsaPrivateKey key = test::rsa_key(test::kRsa8192);
  const Digest digest = crypto::digest(kSha512, {});
  Buffer out(key.size());
  const auto uses = [&](const char* what, const std::function<void()>& body) {
    const std::size_t used = test::stack_used(body);
    INFO(what << ": " << used << " bytes");
    CHECK(used < kMost);
    CHECK(used > 1000);
  };
  bool ok = true;
  uses("create", [&] { ok &= RsaPrivateKey::create(bytes.components()).ok(); });
  uses("sign", [&] { ok &= key.sign_pss(kSha512, digest.bytes(), system_random(), out).ok(); });
  uses("verify", [&] { ok &= key.public_key().verify_pss(kSha512, digest.bytes(), out).ok(); });
  uses("encrypt", [&] { ok &= key.public_key().encrypt_pkcs1(system_random(), {}, out).ok(); });
  uses("decrypt", [&] {
    Secret<48> premaster;
    ok &= key.decrypt_premaster(system_random(), out, 0x0303, premaster).ok();
  });
  uses("generate", [&] { ok &= RsaPrivateKey::generate(2048, system_random()).ok(); });
  CHECK(ok);
}

TEST_CASE("rsa: signatures side by side use no more than 192 KiB of stack") {
  constexpr std::size_t kMost = test::kFramesHoldCopies ? 1 << 19 : 192 << 10;
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048), large = test::rsa_key(test::kRsa8192);
  const Digest digest = crypto::digest(kSha256, {});
  std::vector<Buffer> out(5, Buffer(large.size()));
  std::vector<RsaSigning> signings;
  for (const RsaPrivateKey* const one : {&key, &key, &large, &key, &key}) {
    signings.push_back({one, &kSha256, digest.bytes(), out[signings.size()]});
  }
  bool ok = true;
  const std::size_t used = test::stack_used([&] { ok &= rsa_sign_many(signings, system_random()).ok(); });
  INFO(used << " bytes");
  CHECK(used < kMost);
  CHECK((ok && signings[2].result.ok() && signings[4].result.ok()));
}
