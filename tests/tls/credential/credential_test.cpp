// SPDX-License-Identifier: Apache-2.0
// A credential is made once, and the error says what is wrong with its parts.
#include <ashlar/base/describe.hpp>

#include <thread>

#include "catch.hpp"
#include "support/describe.hpp"
#include "tls/message/build.hpp"
#include "tls/support/endpoint.hpp"
#include "tls/support/pipe.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

x509::PrivateKey copy_of(const x509::PrivateKey& key) {
  std::uint8_t der[2560];
  return *x509::PrivateKey::parse_der(*key.write_pkcs8(der));
}

struct Refusal {
  ErrorCode code{};
  std::size_t at_fault = 99;
};

template <class Key>
Refusal why_not(std::span<const Bytes> chain, Key&& key) {
  Refusal out;
  tls::CredentialParts parts;
  parts.chain = chain;
  parts.at_fault = &out.at_fault;
  CountedMemory memory;
  parts.memory = memory.memory();
  const auto made = tls::Credential::create(parts, std::forward<Key>(key));
  out.code = made ? ErrorCode{} : made.error().code;
  CHECK((made.ok() || memory.current == 0));
  return out;
}

}  // namespace

TEST_CASE("credential: the key can be moved in, stay behind functions, or be elsewhere",
          "[tls][credential]") {
  const Buffer der = der_of(pem::kRsaServer);
  const Bytes chain[] = {der};
  const auto check = [&](const tls::Credential& credential) {
    CHECK(credential.size() == 1);
    CHECK_BYTES(credential.certificate().der(), der);
    CHECK(&credential.kind() == &x509::kRsa);
    CHECK(credential.signer().bits == 2048);
    CHECK(credential.public_key().equals(rsa_key().public_key()));
    CHECK(credential.decrypts());
    CHECK(credential.signs(tls::kRsaPssRsaeSha256));
    CHECK_FALSE(credential.signs(tls::kEcdsaSecp256r1Sha256));
    // RFC 5246 §7.4.2: type, length, length of the list, length of the certificate.
    const Buffer list = prefixed(3, prefixed(3, der));
    CHECK_BYTES(credential.certificate_message(), Buffer{11} + prefixed(3, list));
  };
  const tls::Credential own = credential_of(chain, copy_of(rsa_key()));
  check(own);
  CHECK_FALSE(own.is_elsewhere());
  check(credential_of(chain, tls::local_signer(rsa_key())));
  const int mark = 0;
  const tls::Credential elsewhere = credential_of(chain, tls::KeyElsewhere{x509::kAllKeys.kinds, &mark});
  check(elsewhere);
  CHECK(elsewhere.is_elsewhere());
  CHECK(elsewhere.signer().context == &mark);
}

TEST_CASE("credential: it needs nothing of what it was made of, and ends with its last handle",
          "[tls][credential]") {
  CountedMemory memory;
  {
    std::optional<tls::Credential> first;
    {
      Buffer der = der_of(pem::kEcdsaServer);
      const Buffer staple = noise(500), timestamp = noise(100, 2), other = noise(90, 3);
      const Bytes chain[] = {der};
      const Bytes timestamps[] = {timestamp, other};
      const tls::SchemeId schemes[] = {tls::kEcdsaSecp256r1Sha256.id};
      first = *tls::Credential::create({chain, schemes, staple, timestamps, memory.memory()},
                                       copy_of(ecdsa_key()));
      std::fill(der.begin(), der.end(), std::uint8_t{0});
    }
    CHECK(memory.current > 0);
    CHECK_BYTES(first->certificate().der(), der_of(pem::kEcdsaServer));
    CHECK_BYTES(first->ocsp_staple(), noise(500));
    REQUIRE(first->timestamps().size() == 2);
    CHECK_BYTES(first->timestamps()[0], noise(100, 2));
    CHECK_BYTES(first->timestamps()[1], noise(90, 3));
    tls::Credential second = first->share();
    CHECK(second.is(*first));
    first.reset();
    CHECK(memory.current > 0);
    CHECK_BYTES(second.certificate().der(), der_of(pem::kEcdsaServer));
    tls::Credential third = std::move(second);
    CHECK_BYTES(third.certificate().der(), der_of(pem::kEcdsaServer));
  }
  CHECK(memory.current == 0);
  CHECK(memory.wrong_sizes == 0);
}

TEST_CASE("credential: threads take and drop handles of one, and the last of them ends it",
          "[tls][credential]") {
  CountedMemory memory;
  {
    const Buffer der = der_of(pem::kEcdsaServer);
    const Bytes chain[] = {der};
    tls::Credential first =
        *tls::Credential::create({chain, {}, {}, {}, memory.memory()}, copy_of(ecdsa_key()));
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([mine = first.share()] {
        for (int turn = 0; turn < 100000; ++turn) {
          tls::Credential taken = mine.share();
          const tls::Credential moved = std::move(taken);
        }
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    threads.clear();
    CHECK(memory.current > 0);
    CHECK_BYTES(first.certificate().der(), der);
  }
  CHECK(memory.current == 0);
  CHECK(memory.wrong_sizes == 0);
}

TEST_CASE("credential: what is wrong is said, and of which certificate", "[tls][credential]") {
  const Buffer leaf = der_of(pem::kEcdsaServer), rsa_leaf = der_of(pem::kRsaServer), ca = der_of(pem::kCa);
  const Buffer broken(leaf.begin(), leaf.end() - 1);
  const auto local = tls::local_signer(ecdsa_key());
  const auto check = [](const Refusal& refused, ErrorCode code, std::size_t at_fault) {
    INFO(static_cast<int>(code));
    CHECK(refused.code == code);
    CHECK(refused.at_fault == at_fault);
  };
  check(why_not({}, local), ErrorCode::empty_chain, 99);
  check(why_not(std::array{Bytes(leaf), Bytes(ca)}, local), ErrorCode{}, 99);
  check(why_not(std::array{Bytes(leaf), Bytes(ca), Bytes(ca)}, local), ErrorCode{}, 99);
  check(why_not(std::array{Bytes(ca), Bytes(leaf)}, local), ErrorCode::chain_out_of_order, 1);
  check(why_not(std::array{Bytes(leaf), Bytes(rsa_leaf), Bytes(ca)}, local), ErrorCode::chain_out_of_order,
        1);
  check(why_not(std::array{Bytes(broken)}, local), ErrorCode::truncated, 0);
  check(why_not(std::array{Bytes(leaf), Bytes()}, local), ErrorCode::truncated, 1);
  check(why_not(std::array{Bytes(rsa_leaf)}, local), ErrorCode::key_does_not_match, 0);
  check(why_not(std::array{Bytes(leaf)}, tls::local_signer(rsa_key())), ErrorCode::key_does_not_match, 0);
  auto another = x509::PrivateKey::generate(x509::kP256Private, 256, crypto::DeterministicRandom(7).random());
  check(why_not(std::array{Bytes(leaf)}, tls::local_signer(*another)), ErrorCode::key_does_not_match, 0);
  check(why_not(std::array{Bytes(leaf)}, std::move(*another)), ErrorCode::key_does_not_match, 0);
  const x509::KeyKind* const rsa_alone[] = {&x509::kRsa};
  check(why_not(std::array{Bytes(leaf)}, tls::KeyElsewhere{rsa_alone}), ErrorCode::unsupported_key, 0);
  x509::KeyKind useless = x509::kP256;
  useless.tls_certificate_type = 0;
  check(why_not(std::array{Bytes(leaf)}, tls::Signer{&useless, 256, local.sign, nullptr, local.context}),
        ErrorCode::key_unusable, 0);
  check(why_not(std::array{Bytes(leaf)}, tls::Signer{}), ErrorCode::invalid_argument, 99);
  check(why_not(std::array{Bytes(leaf)}, tls::Signer{&x509::kP256, 256, nullptr, nullptr, nullptr}),
        ErrorCode::invalid_argument, 99);
}

TEST_CASE("credential: a chain as long as a Certificate message may be, and no longer", "[tls][credential]") {
  const LongChain longest(tls::kMaxCertificates, 0), longer(tls::kMaxCertificates + 1, 0);
  const auto signer = tls::local_signer(ecdsa_key());
  CHECK(why_not(longest.chain(), signer).code == ErrorCode{});
  const Refusal refused = why_not(longer.chain(), signer);
  CHECK(refused.code == ErrorCode::chain_too_long);
  CHECK(refused.at_fault == tls::kMaxCertificates);
  const LongChain wide(20, 60);
  CHECK(why_not(wide.chain(), signer).code == ErrorCode::chain_too_long);
}

TEST_CASE("credential: every allocation that fails ends in an error, and nothing leaks",
          "[tls][credential]") {
  const Buffer leaf = der_of(pem::kEcdsaServer), staple = noise(10);
  const Bytes chain[] = {leaf};
  for (std::size_t fail_at = 0;; ++fail_at) {
    INFO(fail_at);
    CountedMemory memory;
    memory.fail_at = fail_at;
    bool good = false;
    {
      auto made = tls::Credential::create({chain, {}, staple, {}, memory.memory()}, copy_of(ecdsa_key()));
      if (made) {
        good = tls::Credentials::create(std::move(*made), memory.memory()).ok();
      } else {
        CHECK(made.error() == ErrorCode::out_of_memory);
      }
    }
    CHECK(memory.current == 0);
    CHECK(memory.wrong_sizes == 0);
    CHECK(good == (memory.calls <= fail_at));
    if (good) {
      CHECK(fail_at > 8);
      break;
    }
  }
}

TEST_CASE("credential: a key that does fewer schemes than its kind is not asked for others",
          "[tls][credential]") {
  Setup setup;
  setup.use(tls::kEcdheRsaAes128GcmSha256);
  const Bytes chain[] = {setup.rsa.der};
  const tls::SchemeId schemes[] = {tls::kRsaPkcs1Sha256.id};
  auto made = tls::Credential::create({chain, schemes}, tls::local_signer(rsa_key()));
  REQUIRE(made);
  CHECK(made->signs(tls::kRsaPkcs1Sha256));
  CHECK_FALSE(made->signs(tls::kRsaPssRsaeSha256));
  const auto credentials = tls::Credentials::create(std::move(*made));
  setup.server.credentials = &*credentials;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  CHECK(client.negotiated().server_scheme == &tls::kRsaPkcs1Sha256);
}

TEST_CASE("credential: what would dangle does not compile", "[tls][credential]") {
  CHECK_FALSE(std::is_copy_constructible_v<tls::Credential>);
  CHECK_FALSE(std::is_copy_constructible_v<tls::Credentials>);
  CHECK_FALSE(std::is_default_constructible_v<tls::Credential>);
  const auto takes_key = []<class Key>(std::type_identity<Key>) {
    return requires(const tls::CredentialParts& parts, Key key) {
      tls::Credential::create(parts, static_cast<Key&&>(key));
    };
  };
  CHECK(takes_key(std::type_identity<x509::PrivateKey>{}));
  CHECK_FALSE(takes_key(std::type_identity<const x509::PrivateKey&>{}));
  CHECK_FALSE(takes_key(std::type_identity<x509::PrivateKey&>{}));
}
