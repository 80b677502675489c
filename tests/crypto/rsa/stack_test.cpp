// SPDX-License-Identifier: Apache-2.0
#include "catch.hpp"
#include "crypto/rsa/key_text_8192.hpp"
#include "crypto/rsa/keys.hpp"
#include "support/sanitiser.hpp"

#include <ashlar/crypto/rsa_many.hpp>
#include <ashlar/crypto/sha2.hpp>

#include <pthread.h>
#include <sys/mman.h>
#include <functional>

using namespace ashlar;
using namespace ashlar::crypto;
using test::Buffer;

namespace {

// Bytes of stack that `body` and all its calls touch, measured on a painted stack.
std::size_t stack_of(const std::function<void()>& body) {
  constexpr std::size_t kSize = 1 << 20;
  constexpr std::uint8_t kPaint = 0xc5;
  void* const stack = mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(stack != MAP_FAILED);
  std::memset(stack, kPaint, kSize);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  REQUIRE(pthread_attr_setstack(&attributes, stack, kSize) == 0);
  pthread_t thread;
  const auto run = [](void* context) -> void* {
    (*static_cast<const std::function<void()>*>(context))();
    return nullptr;
  };
  REQUIRE(pthread_create(&thread, &attributes, run, const_cast<std::function<void()>*>(&body)) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
  const auto* const bytes = static_cast<const std::uint8_t*>(stack);
  std::size_t untouched = 0;
  while (untouched < kSize && bytes[untouched] == kPaint) {
    untouched++;
  }
  munmap(stack, kSize);
  return kSize - untouched;
}

}  // namespace

TEST_CASE("rsa: no call uses more than 64 KiB of stack") {
  constexpr std::size_t kMost = test::kFramesHoldCopies ? 1 << 19 : 1 << 16;
  const test::RsaKeyBytes bytes(test::kRsa8192);
  const RsaPrivateKey key = test::rsa_key(test::kRsa8192);
  const Digest digest = crypto::digest(kSha512, {});
  Buffer out(key.size());
  const std::size_t empty = stack_of([] {});
  const auto uses = [&](const char* what, const std::function<void()>& body) {
    const std::size_t used = stack_of(body) - empty;
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
  const RsaPrivateKey key = test::rsa_key(test::kRsa2048);
  const Digest digest = crypto::digest(kSha256, {});
  std::vector<Buffer> out(4, Buffer(key.size()));
  std::vector<RsaSigning> signings;
  for (Buffer& signature : out) {
    signings.push_back({&key, &kSha256, digest.bytes(), signature});
  }
  bool ok = true;
  const std::size_t empty = stack_of([] {});
  const std::size_t used = stack_of([&] { ok &= rsa_sign_many(signings, system_random()).ok(); }) - empty;
  INFO(used << " bytes");
  CHECK(used < kMost);
  CHECK((ok && signings[3].result.ok()));
}
