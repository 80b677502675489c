// SPDX-License-Identifier: Apache-2.0
// TLS 1.3: the key exchange and all that follows from its secret, to the keys of records and the proofs.
#include "cases.hpp"

#include <ashlar/tls/registry.hpp>

#include "record/protection.hpp"
#include "tls13/key_schedule.hpp"

using namespace ashlar;
using namespace ashlar::ct_cases;
using namespace ashlar::tls;

// A secret of the key exchange, alike on both sides. What goes over the wire is public.
static test::Buffer agree(const Group& group) {
  crypto::DeterministicRandom generator(std::uint64_t{7});
  const crypto::Random drawn = {
      [](void* context, MutBytes out) -> Result<void> {
        ASHLAR_CHECK(static_cast<crypto::DeterministicRandom*>(context)->random().fill(out));
        ct::classify(out.data(), out.size());
        return {};
      },
      &generator};
  test::Buffer private_key(group.private_size), share(group.start_share_size);
  expect(group.start(drawn, private_key, share).ok());
  open(share);
  test::Buffer response(group.response_share_size), of_server(group.secret_size),
      of_client(group.secret_size);
  expect(group.respond(drawn, share, response, of_server).ok());
  open(response);
  expect(group.finish(private_key, response, of_client).ok());
  const bool alike = ct::equal(of_server, of_client).declassify();
  expect(alike);
  return of_client;
}

// Each secret of the schedule from a secret key exchange, under the hash; the client's Finished is compared
// with the right one and a wrong one, and a record is sealed and opened with the keys.
static void schedule(const Group& group, const crypto::HashAlgorithm& hash, const RecordCipher& cipher,
                     bool resumed) {
  using namespace ashlar::tls::tls13;
  const auto shared = agree(group);
  const auto psk = secret(hash.digest_size, 3);
  const auto transcript = test::noise(hash.digest_size, 4);
  const HashSecret early = extract_early_secret(hash, resumed ? Bytes(psk) : Bytes());
  if (resumed) {
    const auto key = derive_binder_key(hash, early, kResumptionBinder);
    auto binder = *compute_verify_data(hash, *key, transcript);
    const auto theirs = test::noise(hash.digest_size, 5);
    expect(!ct::equal(theirs, binder.reveal()).declassify());
  }
  const auto handshake = extract_handshake_secret(hash, early, shared);
  const auto traffic = derive_secret(hash, *handshake, "c hs traffic", transcript);
  const auto verify_data = compute_verify_data(hash, *traffic, transcript);
  auto theirs = *compute_verify_data(hash, *traffic, transcript);
  expect(ct::equal(theirs.reveal(), verify_data->reveal()).declassify());
  theirs.reveal_mut()[0] ^= 1;
  expect(!ct::equal(theirs.reveal(), verify_data->reveal()).declassify());
  const auto main = extract_main_secret(hash, *handshake);
  auto application = *derive_secret(hash, *main, "s ap traffic", transcript);
  const auto resumption = derive_secret(hash, *main, "res master", transcript);
  expect(derive_resumption_psk(hash, *resumption, test::noise(8, 6)).ok());
  application = *derive_next_traffic_secret(hash, application);
  const auto keys = derive_traffic_keys(hash, cipher, application);
  crypto::DeterministicRandom generator(std::uint64_t{5});
  const Memory memory = system_memory();
  Protection sender(memory), receiver(memory);
  // The nonces are public: they are made of this and of a counter.
  test::Buffer iv(keys->fixed_iv.reveal().begin(), keys->fixed_iv.reveal().end());
  open(iv);
  expect(sender.activate(cipher, true, {}, keys->key.reveal(), iv).ok());
  expect(receiver.activate(cipher, false, {}, keys->key.reveal(), iv).ok());
  const auto plaintext = secret(100, 4);
  test::Buffer record(kRecordHeaderSize + sender.sealed_size(plaintext.size()));
  expect(sender.seal(ContentType::application_data, plaintext, generator.random(), record).ok());
  open(record);  // it is sent
  const auto opened =
      receiver.open(ContentType::application_data, MutBytes(record).subspan(kRecordHeaderSize));
  expect(opened.ok());
}

CT_CASE("TLS 1.3: the schedule from X25519's secret, and AES-128-GCM's records") {
  schedule(kX25519, crypto::kSha256, kAes128GcmTls13Records, false);
}
CT_CASE(
    "TLS 1.3: the schedule from X25519MLKEM768's secret and a pre-shared key, and ChaCha20-Poly1305's "
    "records") {
  schedule(kX25519MlKem768, crypto::kSha256, kChaCha20Poly1305Tls13Records, true);
}
CT_CASE("TLS 1.3: the schedule with SHA-384 from SecP384r1MLKEM1024's secret, and AES-256-GCM's records") {
  schedule(kSecp384r1MlKem1024, crypto::kSha384, kAes256GcmTls13Records, true);
}
