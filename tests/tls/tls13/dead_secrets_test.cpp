// SPDX-License-Identifier: Apache-2.0
// The steps of the key schedule leave no secret on the stack: neither what goes in nor what comes out, nor
// what is between.
#include "tls13/key_schedule.hpp"

#include <ashlar/crypto/hkdf.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "catch.hpp"
#include "record/protection.hpp"
#include "support/bytes.hpp"
#include "support/skip.hpp"
#include "support/stack.hpp"
#include "tls/message/build.hpp"
#include "tls12/key_exchange.hpp"
#include "tls13/external_psk.hpp"

using namespace ashlar;
using namespace ashlar::tls::tls13;
using namespace ashlar::test;

namespace {

Buffer expanded(const crypto::HashAlgorithm& hash, Bytes secret, std::string_view label, Bytes context,
                std::size_t size) {
  Buffer out(size);
  REQUIRE(crypto::hkdf_expand_label(crypto::HmacKey(hash, secret), label, context, out));
  return out;
}

}  // namespace

TEST_CASE("S12 TLS 1.3 key schedule: no step leaves a secret behind", "[tls]") {
  if (kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  for (const crypto::HashAlgorithm* hash : {&crypto::kSha256, &crypto::kSha384}) {
    INFO(hash->name);
    const std::size_t size = hash->digest_size;
    const Buffer context = noise(size, 9), shared = noise(64, 2), psk = noise(size, 3);
    const HashSecret secret(noise(size, 1));
    const Buffer given = buffer_of(secret.reveal());
    const crypto::Digest nothing = crypto::digest(*hash, {});

    // Each step, and what must not be there when it is done.
    const Buffer early = buffer_of(extract_early_secret(*hash, psk).reveal());
    CHECK(words_left_on_stack(psk + early, [&] { (void)extract_early_secret(*hash, psk); }) == 0);

    const Buffer between = expanded(*hash, given, "derived", nothing.bytes(), size);
    const Buffer handshake = buffer_of(extract_handshake_secret(*hash, secret, shared)->reveal());
    CHECK(words_left_on_stack(given + shared + between + handshake,
                              [&] { (void)extract_handshake_secret(*hash, secret, shared); }) == 0);
    const Buffer main = buffer_of(extract_main_secret(*hash, secret)->reveal());
    CHECK(words_left_on_stack(given + between + main, [&] { (void)extract_main_secret(*hash, secret); }) ==
          0);

    const Buffer traffic = expanded(*hash, given, "c hs traffic", context, size);
    CHECK(words_left_on_stack(given + traffic,
                              [&] { (void)derive_secret(*hash, secret, "c hs traffic", context); }) == 0);
    const Buffer binder = expanded(*hash, given, "res binder", nothing.bytes(), size);
    CHECK(words_left_on_stack(given + binder,
                              [&] { (void)derive_binder_key(*hash, secret, kResumptionBinder); }) == 0);
    tls::Psk outside;
    outside.key.assign(given);
    outside.hash = hash;
    const Buffer imported = buffer_of(secret_of(outside, bytes_of("a client"), *hash)->reveal());
    CHECK(words_left_on_stack(given + imported,
                              [&] { (void)secret_of(outside, bytes_of("a client"), *hash); }) == 0);
    const Buffer finished = expanded(*hash, given, "finished", {}, size);
    CHECK(words_left_on_stack(given + finished, [&] { (void)compute_verify_data(*hash, secret, context); }) ==
          0);
    const tls::RecordCipher& cipher = tls::kAes256GcmTls13Records;
    const Buffer keys = expanded(*hash, given, "key", {}, 32) + expanded(*hash, given, "iv", {}, 12);
    CHECK(words_left_on_stack(given + keys, [&] { (void)derive_traffic_keys(*hash, cipher, secret); }) == 0);
    const Buffer next = expanded(*hash, given, "traffic upd", {}, size);
    CHECK(words_left_on_stack(given + next, [&] { (void)derive_next_traffic_secret(*hash, secret); }) == 0);
    const Buffer resumed = expanded(*hash, given, "resumption", context, size);
    CHECK(words_left_on_stack(given + resumed,
                              [&] { (void)derive_resumption_psk(*hash, secret, context); }) == 0);
    const Buffer labelled = expanded(*hash, given, "a label", nothing.bytes(), size);
    Buffer out(40);
    CHECK(words_left_on_stack(given + labelled,
                              [&] { (void)export_keys(*hash, secret, "a label", context, out).ok(); }) == 0);
  }
}

TEST_CASE("S12 TLS 1.2 psk: making the premaster secret leaves no key behind", "[tls]") {
  if (kFramesHoldCopies) {
    SKIP_CASE("this build's stack frames keep copies of their own");
  }
  const Buffer psk = noise(64, 1), shared = noise(32, 2);
  for (const tls::tls12::KeyExchange* exchange : {&tls::tls12::kPsk, &tls::tls12::kEcdhePsk}) {
    tls::tls12::Premaster premaster(shared);
    CHECK(words_left_on_stack(psk + shared, [&] { exchange->add_psk(psk, premaster); }) == 0);
    CHECK(premaster.size() == (exchange->ephemeral ? 2 + 32 + 2 + 64u : 2 + 64 + 2 + 64u));
  }
}
