// SPDX-License-Identifier: Apache-2.0
// The key schedule and the records of TLS 1.3 against the traces of RFC 8448: §3 whole, and of §4 and §5 what
// has its inputs printed there.
#include "tls13/key_schedule.hpp"

#include <ashlar/crypto/sha2.hpp>
#include <ashlar/crypto/x25519.hpp>

#include "catch.hpp"
#include "support/bytes.hpp"
#include "tls/message/build.hpp"
#include "tls/support/endpoint.hpp"
#include "tls/tls13/rfc8448.hpp"

using namespace ashlar;
using namespace ashlar::tls::tls13;
using namespace ashlar::test;

namespace {

const crypto::HashAlgorithm& kHash = crypto::kSha256;

Buffer messages(std::initializer_list<std::string_view> all) {
  Buffer out;
  for (const std::string_view each : all) {
    out = out + unhex(each);
  }
  return out;
}
crypto::Digest hash_of(std::initializer_list<std::string_view> all) {
  return crypto::digest(kHash, messages(all));
}
HashSecret secret_of(std::string_view text) {
  return HashSecret(unhex(text));
}

}  // namespace

TEST_CASE("TLS 1.3 key schedule: RFC 8448's secrets, from the two private keys to the ticket's key",
          "[tls]") {
  using namespace rfc8448;
  Buffer shared(32);
  REQUIRE(
      tls::kX25519.finish(unhex(kClientPrivate), Bytes(unhex(kServerHello)).subspan(52, 32), shared).ok());
  CHECK_BYTES(shared, unhex(kShared));

  const HashSecret early = extract_early_secret(kHash, {});
  CHECK_BYTES(early.reveal(), unhex("33ad0a1c607ec03b09e6cd9893680ce210adf300aa1f2660e1b22e10f170f92a"));
  const auto handshake = extract_handshake_secret(kHash, early, shared);
  REQUIRE(handshake.ok());
  CHECK_BYTES(handshake->reveal(), unhex("1dc826e93606aa6fdc0aadc12f741b01046aa6b99f691ed221a9f0ca043fbeac"));

  const crypto::Digest hellos = hash_of({kClientHello, kServerHello});
  const auto client_handshake = derive_secret(kHash, *handshake, "c hs traffic", hellos.bytes());
  const auto server_handshake = derive_secret(kHash, *handshake, "s hs traffic", hellos.bytes());
  CHECK_BYTES(client_handshake->reveal(),
              unhex("b3eddb126e067f35a780b3abf45e2d8f3b1a950738f52e9600746a0e27a55a21"));
  CHECK_BYTES(server_handshake->reveal(),
              unhex("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38"));
  const auto client_keys = derive_traffic_keys(kHash, tls::kAes128GcmTls13Records, *client_handshake);
  CHECK_BYTES(client_keys->key.reveal(), unhex("dbfaa693d1762c5b666af5d950258d01"));
  CHECK_BYTES(client_keys->fixed_iv.reveal(), unhex("5bd3c71b836e0b76bb73265f"));
  const auto server_keys = derive_traffic_keys(kHash, tls::kAes128GcmTls13Records, *server_handshake);
  CHECK_BYTES(server_keys->key.reveal(), unhex("3fce516009c21727d0f2e4e86ee403bc"));
  CHECK_BYTES(server_keys->fixed_iv.reveal(), unhex("5d313eb2671276ee13000b30"));

  const crypto::Digest to_verify =
      hash_of({kClientHello, kServerHello, kEncryptedExtensions, kCertificate, kCertificateVerify});
  const auto finished = compute_verify_data(kHash, *server_handshake, to_verify.bytes());
  CHECK_BYTES(finished->reveal(), Bytes(unhex(kServerFinished)).subspan(4));

  const auto main = extract_main_secret(kHash, *handshake);
  CHECK_BYTES(main->reveal(), unhex("18df06843d13a08bf2a449844c5f8a478001bc4d4c627984d5a41da8d0402919"));
  const crypto::Digest to_finished = hash_of(
      {kClientHello, kServerHello, kEncryptedExtensions, kCertificate, kCertificateVerify, kServerFinished});
  CHECK_BYTES(derive_secret(kHash, *main, "c ap traffic", to_finished.bytes())->reveal(),
              unhex("9e40646ce79a7f9dc05af8889bce6552875afa0b06df0087f792ebb7c17504a5"));
  const auto server_data = derive_secret(kHash, *main, "s ap traffic", to_finished.bytes());
  CHECK_BYTES(server_data->reveal(),
              unhex("a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643"));
  const auto data_keys = derive_traffic_keys(kHash, tls::kAes128GcmTls13Records, *server_data);
  CHECK_BYTES(data_keys->key.reveal(), unhex("9f02283b6c9c07efc26bb9f2ac92e356"));
  CHECK_BYTES(data_keys->fixed_iv.reveal(), unhex("cf782b88dd83549aadf1e984"));
  CHECK_BYTES(derive_secret(kHash, *main, "exp master", to_finished.bytes())->reveal(),
              unhex("fe22f881176eda18eb8f44529e6792c50c9a3f89452f68d8ae311b4309d3cf50"));
  const auto client_finished = compute_verify_data(kHash, *client_handshake, to_finished.bytes());
  CHECK_BYTES(client_finished->reveal(), Bytes(unhex(kClientFinished)).subspan(4));

  const crypto::Digest all = hash_of({kClientHello, kServerHello, kEncryptedExtensions, kCertificate,
                                      kCertificateVerify, kServerFinished, kClientFinished});
  const auto resumption = derive_secret(kHash, *main, "res master", all.bytes());
  CHECK_BYTES(resumption->reveal(),
              unhex("7df235f2031d2a051287d02b0241b0bfdaf86cc856231f2d5aba46c434ec196c"));
  const auto psk = derive_resumption_psk(kHash, *resumption, unhex("0000"));
  CHECK_BYTES(psk->reveal(), unhex("4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3"));
}

TEST_CASE("TLS 1.3 key schedule: RFC 8448's binder of a session that is resumed", "[tls]") {
  const HashSecret early =
      extract_early_secret(kHash, unhex("4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3"));
  CHECK_BYTES(early.reveal(), unhex("9b2188e9b2fc6d64d71dc329900e20bb41915000f678aa839cbb797cb7d8332c"));
  const auto key = derive_binder_key(kHash, early, kResumptionBinder);
  CHECK_BYTES(key->reveal(), unhex("69fe131a3bbad5d63c64eebcc30e395b9d8107726a13d074e389dbc8a4e47256"));
  const auto binder = compute_verify_data(
      kHash, *key, unhex("63224b2e4573f2d3454ca84b9d009a04f6be9e05711a8396473aefa01e924a14"));
  CHECK_BYTES(binder->reveal(), unhex("3add4fb2d8fdf822a0ca3cf7678ef5e88dae990141c5924d57bb6fa31b9e5f9d"));
}

TEST_CASE("TLS 1.3 key schedule: RFC 8448's ClientHello that resumes, its binder, and its early data",
          "[tls]") {
  const Buffer message = unhex(rfc8448::kResumingClientHello);
  const auto hello = tls::ClientHello::parse(Bytes(message).subspan(4));
  REQUIRE(hello.ok());
  CHECK(hello->early_data);
  CHECK(hello->identities.size() == 2 + 178 + 4);
  const Bytes binder = hello->binders.subspan(1);
  const crypto::Digest truncated =
      crypto::digest(kHash, Bytes(message).first(message.size() - 2 - hello->binders.size()));
  CHECK_BYTES(truncated.bytes(), unhex("63224b2e4573f2d3454ca84b9d009a04f6be9e05711a8396473aefa01e924a14"));
  const HashSecret early =
      extract_early_secret(kHash, unhex("4ecd0eb6ec3b4d87f5d6028f922ca4c5851a277fd41311c9e62d2c9492e1c4f3"));
  const auto key = derive_binder_key(kHash, early, kResumptionBinder);
  CHECK_BYTES(compute_verify_data(kHash, *key, truncated.bytes())->reveal(), binder);

  const crypto::Digest whole = crypto::digest(kHash, message);
  CHECK_BYTES(whole.bytes(), unhex("08ad0fa05d7c7233b1775ba2ff9f4c5b8b59276b7f227f13a976245f5d960913"));
  CHECK_BYTES(derive_secret(kHash, early, "e exp master", whole.bytes())->reveal(),
              unhex("b2026866610937d7423e5be90862ccf24c0e6091186d34f812089ff5be2ef7df"));
  const auto traffic = derive_secret(kHash, early, "c e traffic", whole.bytes());
  CHECK_BYTES(traffic->reveal(), unhex("3fbbe6a60deb66c30a32795aba0eff7eaa10105586e7be5c09678d63b6caab62"));
  const auto keys = derive_traffic_keys(kHash, tls::kAes128GcmTls13Records, *traffic);
  CHECK_BYTES(keys->key.reveal(), unhex("920205a5b7bf2115e6fc5c2942834f54"));
  CHECK_BYTES(keys->fixed_iv.reveal(), unhex("6d475f0993c8e564610db2b9"));
  CountedMemory memory;
  crypto::DeterministicRandom random(1);
  const tls::Memory counted = memory.memory();
  tls::Protection sender(counted);
  REQUIRE(
      sender.activate(tls::kAes128GcmTls13Records, true, {}, keys->key.reveal(), keys->fixed_iv.reveal()));
  Buffer record(28);
  REQUIRE(sender.seal(tls::ContentType::application_data, bytes_of("ABCDEF"), random.random(), record));
  CHECK_BYTES(record, unhex("1703030017ab1df420e75c457a7cc5d2844f76d5aee4b4edbf049be0"));
}

TEST_CASE("TLS 1.3 key schedule: RFC 8448's secrets of a handshake with a HelloRetryRequest", "[tls]") {
  const HashSecret main = secret_of("1131545d0baf79ddce9b87f06945781a57dd18ef378dcd2060f8f9a569027ed8");
  const Buffer to_finished = unhex("50f63cbf36b0dd049e7a0ba27d6455745ea2aaac54bb167f9950b2b7ce9509da");
  CHECK_BYTES(derive_secret(kHash, main, "exp master", to_finished)->reveal(),
              unhex("7c06d3ae106a3a374ace4837b3985cac67780a6e2c5c04b58319d584df09d223"));
  const auto client = derive_secret(kHash, main, "c ap traffic", to_finished);
  CHECK_BYTES(client->reveal(), unhex("75ecf4b972525aa0dcd057c9944d4cd5d82671d8843141d7dc2a4ff15a21dc51"));
  const auto keys = derive_traffic_keys(kHash, tls::kAes128GcmTls13Records, *client);
  CHECK_BYTES(keys->key.reveal(), unhex("a7eb2a0525eb4331d58fcbf9f7ca2e9c"));
  CHECK_BYTES(keys->fixed_iv.reveal(), unhex("86e8be227c1bd2b3e39cb444"));
  const Buffer all = unhex("0e8b349158b855fdcd0c11dbbc4e83e43caa6e483c6c65df53151888e50165f4");
  CHECK_BYTES(derive_secret(kHash, main, "res master", all)->reveal(),
              unhex("09170c6d472721566f9cf99b08699daff561ec8fb22d5a32c3f94ce009b69975"));
}

TEST_CASE("TLS 1.3 key schedule: each step of an update is another secret", "[tls]") {
  const HashSecret first = secret_of("a11af9f05531f856ad47116b45a950328204b4f44bfb6b3a4b4f1f3fcb631643");
  const auto second = derive_next_traffic_secret(kHash, first);
  REQUIRE(second.ok());
  const auto third = derive_next_traffic_secret(kHash, *second);
  CHECK(hex(first.reveal()) != hex(second->reveal()));
  CHECK(hex(second->reveal()) != hex(third->reveal()));
  // With the longer hash everything is as long as that.
  const auto longer = derive_next_traffic_secret(crypto::kSha384, HashSecret(Buffer(48, 7)));
  CHECK(longer->size() == 48);
}

TEST_CASE("TLS 1.3 records: RFC 8448's record of the server's flight, sealed and opened", "[tls]") {
  using namespace rfc8448;
  CountedMemory memory;
  crypto::DeterministicRandom random(1);
  const auto keys =
      derive_traffic_keys(kHash, tls::kAes128GcmTls13Records,
                          secret_of("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38"));
  REQUIRE(keys.ok());
  const tls::Memory counted = memory.memory();
  tls::Protection sender(counted), receiver(counted);
  REQUIRE(
      sender.activate(tls::kAes128GcmTls13Records, true, {}, keys->key.reveal(), keys->fixed_iv.reveal()));
  REQUIRE(
      receiver.activate(tls::kAes128GcmTls13Records, false, {}, keys->key.reveal(), keys->fixed_iv.reveal()));
  const Buffer flight = messages({kEncryptedExtensions, kCertificate, kCertificateVerify, kServerFinished});
  Buffer record(flight.size() + 22);
  const auto size = sender.seal(tls::ContentType::handshake, flight, random.random(), record);
  REQUIRE(size.ok());
  CHECK_BYTES(Bytes(record).first(*size), unhex(kServerFlightRecord));
  const auto opened = receiver.open(tls::ContentType::application_data, MutBytes(record).subspan(5));
  REQUIRE(opened.ok());
  CHECK(opened->type == tls::ContentType::handshake);
  CHECK_BYTES(opened->plaintext, flight);
}
