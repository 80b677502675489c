// SPDX-License-Identifier: Apache-2.0
// What goes with a handshake of TLS 1.3: exported keys, OCSP responses and timestamps with a certificate, and
// shorter records.
#include <ashlar/crypto/hkdf.hpp>
#include <ashlar/crypto/sha2.hpp>

#include "message/tls13.hpp"
#include "tls/message/build.hpp"
#include "tls/support/altered_hello.hpp"
#include "tls/support/resumption.hpp"
#include "tls/support/stapled.hpp"
#include "tls13/key_schedule.hpp"

#include <map>

using namespace ashlar;
using namespace ashlar::test;

TEST_CASE("TLS 1.3 exporters: both sides have the same keys, others for each label, context and connection") {
  const auto* suite = GENERATE(&tls::kAes128GcmSha256, &tls::kAes256GcmSha384);
  TicketSetup13 setup;
  setup.use_suite(*suite);
  setup.client.export_keys = setup.server.export_keys = true;
  const tls::Session session = connect(setup).session;
  std::string earlier;
  for (const bool resumed : {false, true}) {
    auto client = setup.make_client(resumed ? &session : nullptr);
    auto server = setup.make_server();
    Buffer out(20);
    CHECK(client.export_keying_material("EXPERIMENTAL a", std::nullopt, out).error() ==
          ErrorCode::no_exported_keys);
    check_works(client, server);
    CHECK(client.negotiated().resumed == resumed);
    const Buffer key = exported(client, "EXPERIMENTAL a", std::nullopt);
    CHECK_BYTES(key, exported(server, "EXPERIMENTAL a", std::nullopt));
    CHECK_BYTES(key, exported(client, "EXPERIMENTAL a", Bytes()));  // RFC 9846 §7.5
    const Buffer with_context = exported(client, "EXPERIMENTAL a", bytes_of("x"));
    CHECK_BYTES(with_context, exported(server, "EXPERIMENTAL a", bytes_of("x")));
    CHECK(hex(with_context) != hex(key));
    CHECK(hex(exported(client, "EXPERIMENTAL b", std::nullopt)) != hex(key));
    CHECK(hex(key) != earlier);
    earlier = hex(key);
    const Buffer long_context(65536);
    Buffer too_many(255 * suite->hash->digest_size + 1);
    CHECK(client.export_keying_material("", std::nullopt, out).error() == ErrorCode::invalid_argument);
    CHECK(client.export_keying_material(std::string(250, 'a'), std::nullopt, out).error() ==
          ErrorCode::invalid_argument);
    CHECK(client.export_keying_material("a", Bytes(long_context), out).error() ==
          ErrorCode::invalid_argument);
    CHECK(client.export_keying_material("a", std::nullopt, too_many).error() == ErrorCode::invalid_argument);
    too_many.pop_back();
    CHECK(client.export_keying_material("a", std::nullopt, too_many));
  }
}

TEST_CASE("TLS 1.3 exporters: a connection whose config does not ask for keys has none") {
  Tls13Setup setup;
  setup.client.export_keys = true;
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  Buffer out(20);
  CHECK(client.export_keying_material("EXPERIMENTAL a", std::nullopt, out));
  CHECK(server.export_keying_material("EXPERIMENTAL a", std::nullopt, out).error() ==
        ErrorCode::no_exported_keys);
}

TEST_CASE("TLS 1.3 exporters: keys are two steps from the exporter secret (RFC 9846 §7.5)") {
  using namespace ashlar::tls::tls13;
  const Buffer secret = noise(32, 1);
  Buffer derived(32), expected(50), out(50);
  const crypto::HashAlgorithm& hash = crypto::kSha256;
  REQUIRE(crypto::hkdf_expand_label(crypto::HmacKey(hash, secret), "EXPERIMENTAL a",
                                    crypto::digest(hash, {}).bytes(), derived));
  REQUIRE(crypto::hkdf_expand_label(crypto::HmacKey(hash, derived), "exporter",
                                    crypto::digest(hash, bytes_of("context")).bytes(), expected));
  REQUIRE(export_keys(hash, HashSecret(secret), "EXPERIMENTAL a", bytes_of("context"), out));
  CHECK_BYTES(out, expected);
}

namespace {

// The messages of a handshake in their order, and the secrets that one side tells.
struct Told {
  Buffer messages;
  std::vector<std::size_t> ends;  // of the messages
  std::map<tls::SecretKind, Buffer> secrets;
  tls::EventSink sink() {
    return {[](void* context, const tls::Event& event) {
              auto& self = *static_cast<Told*>(context);
              if (const auto* message = std::get_if<tls::MessageEvent>(&event.what)) {
                self.messages = self.messages + Buffer{static_cast<std::uint8_t>(message->type)} +
                                prefixed(3, buffer_of(message->body));
                self.ends.push_back(self.messages.size());
              } else if (const auto* secret = std::get_if<tls::SecretEvent>(&event.what)) {
                self.secrets[secret->kind] = buffer_of(secret->value);
              }
            },
            this, false, true};
  }
};

}  // namespace

TEST_CASE("TLS 1.3: the secrets of a connection are those of its messages (RFC 9846 §7.1)") {
  Tls13Setup setup;
  setup.use_suite(tls::kAes128GcmSha256);
  setup.client.export_keys = true;
  Told told;
  setup.client.events = told.sink();
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  // Two hellos; four messages of the server, and the client's Finished.
  REQUIRE(told.ends.size() == 7);
  const crypto::HashAlgorithm& hash = crypto::kSha256;
  const Buffer nothing = buffer_of(crypto::digest(hash, {}).bytes());
  const auto transcript = [&](std::size_t count) {
    return buffer_of(crypto::digest(hash, Bytes(told.messages).first(told.ends[count - 1])).bytes());
  };
  const auto derived = [&](const Buffer& secret, std::string_view label, const Buffer& context) {
    Buffer out(32);
    REQUIRE(crypto::hkdf_expand_label(crypto::HmacKey(hash, secret), label, context, out));
    return out;
  };
  using enum tls::SecretKind;
  const Buffer handshake = told.secrets[handshake_secret];
  CHECK_BYTES(told.secrets[client_handshake_traffic_secret],
              derived(handshake, "c hs traffic", transcript(2)));
  CHECK_BYTES(told.secrets[server_handshake_traffic_secret],
              derived(handshake, "s hs traffic", transcript(2)));
  Buffer main(32);
  crypto::hkdf_extract(hash, derived(handshake, "derived", nothing), Buffer(32), main);
  CHECK_BYTES(told.secrets[client_application_traffic_secret], derived(main, "c ap traffic", transcript(6)));
  CHECK_BYTES(told.secrets[server_application_traffic_secret], derived(main, "s ap traffic", transcript(6)));
  const Buffer exporter = derived(main, "exp master", transcript(6));
  CHECK_BYTES(told.secrets[exporter_secret], exporter);
  CHECK_BYTES(told.secrets[resumption_secret], derived(main, "res master", transcript(7)));
  // And what is exported is two steps from there (§7.5).
  const Buffer out = exported(client, "EXPERIMENTAL a", bytes_of("x"));
  Buffer expected(out.size());
  REQUIRE(crypto::hkdf_expand_label(crypto::HmacKey(hash, derived(exporter, "EXPERIMENTAL a", nothing)),
                                    "exporter", crypto::digest(hash, bytes_of("x")).bytes(), expected));
  CHECK_BYTES(out, expected);
}

TEST_CASE("TLS 1.3 stapling: an OCSP response and timestamps come with the certificate to who asks") {
  Tls13Setup setup;
  Stapled stapled(pem::kEcdsaServer);
  setup.server.credentials = &stapled.credentials;
  setup.client.keep_peer_certificates = true;
  const bool asks = GENERATE(false, true);
  setup.client.request_status = asks;
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK_BYTES(client.peer_ocsp_response(), asks ? stapled.response : Buffer());
  CHECK_BYTES(client.peer_timestamps(),
              asks ? (prefixed(2, stapled.first) + prefixed(2, stapled.second)) : Buffer());
}

TEST_CASE("TLS 1.3 stapling: entries are read by their standard, and nothing is asked of intermediates") {
  const auto parse = [](const Buffer& first, const Buffer& second) {
    static Buffer body;
    body = unhex("00") + prefixed(3, prefixed(3, unhex("aa")) + prefixed(2, first) +
                                         prefixed(3, unhex("bb")) + prefixed(2, second));
    return tls::tls13::CertificateMessage::parse(body);
  };
  const Buffer status = extension(5, unhex("01 000002 cafe")), list = extension(18, unhex("0003 0001 07"));
  const auto good = parse(status + list, {});
  REQUIRE(good);
  CHECK_BYTES(good->ocsp_response, unhex("cafe"));
  CHECK_BYTES(good->timestamps, unhex("000107"));
  const auto second = parse({}, status);
  REQUIRE(second);
  CHECK(second->ocsp_response.empty());
  CHECK(parse(extension(5, unhex("02 000002 cafe")), {}).error() == ErrorCode::bad_certificate_status);
  CHECK(parse(extension(5, unhex("01 000000")), {}).error() == ErrorCode::bad_vector_length);
  CHECK(parse(extension(5, unhex("01 000002 cafe 00")), {}).error() == ErrorCode::trailing_data);
  CHECK(parse(extension(18, unhex("0000")), {}).error() == ErrorCode::bad_vector_length);
  CHECK(parse(extension(18, unhex("0002 0000")), {}).error() == ErrorCode::bad_vector_length);
  CHECK(parse(status + status, {}).error() == ErrorCode::duplicate_extension);
  CHECK(parse(extension(0, {}), {}).error() == ErrorCode::misplaced_extension);
  // What is written is read again.
  tls::tls13::CertificateMessage message;
  const Buffer certificate = unhex("aa"), response = noise(900, 1), timestamps = unhex("000107");
  REQUIRE(message.certificates.push(certificate));
  message.ocsp_response = response;
  message.timestamps = timestamps;
  Buffer room(2000);
  Writer writer{MutBytes(room)};
  message.build(writer);
  const auto again = tls::tls13::CertificateMessage::parse(*writer.finish());
  REQUIRE(again);
  CHECK_BYTES(again->ocsp_response, response);
  CHECK_BYTES(again->timestamps, timestamps);
}

TEST_CASE("H04 TLS 1.3 stapling: a response that was not asked for is refused") {
  Tls13Setup setup;
  Stapled stapled(pem::kEcdsaServer);
  setup.server.credentials = &stapled.credentials;
  setup.client.versions = kAlteredRows;
  auto client = setup.make_client();
  auto server = setup.make_server();
  // Somebody else asked in its name.
  const Buffer record = alter_hello(
      client, [](Buffer& message) { put_extension_first(message, extension(5, unhex("01 0000 0000"))); });
  REQUIRE_FALSE(feed_all(server, record));
  const auto error = feed_all(client, drain(server));
  REQUIRE(error);
  CHECK(*error == ErrorCode::unsolicited_extension);
  CHECK(alert_of(*error) == Alert::unsupported_extension);
}

TEST_CASE("TLS 1.3 record sizes: neither side sends longer records than the other takes") {
  Tls13Setup setup;
  setup.client.record_size_limit = 600;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  const Buffer data = noise(5000, 1);
  const auto written = server.write(data);
  REQUIRE(written);
  CHECK(*written == 599);  // the byte of the content type counts
  REQUIRE(pipe.send(server, Bytes(data).subspan(599)));
  CHECK_BYTES(pipe.client_got, data);
  CHECK(*client.write(data) == 5000);  // the server takes all sizes
}

TEST_CASE("TLS 1.3 record sizes: a client refuses longer records than it asked for, padding counted") {
  struct Row {
    std::size_t size, padding;
    bool taken;
  };
  for (const Row& row : {Row{599, 0, true}, Row{600, 0, false}, Row{598, 1, true}, Row{599, 1, false},
                         Row{1, 598, true}, Row{1, 599, false}, Row{0, 599, true}, Row{0, 600, false}}) {
    INFO(row.size << " and " << row.padding);
    Tls13Setup setup;
    setup.use_suite(tls::kAes128GcmSha256);
    setup.client.record_size_limit = 600;
    Buffer secret;
    setup.server.events = {[](void* context, const tls::Event& event) {
                             const auto* told = std::get_if<tls::SecretEvent>(&event.what);
                             if (told && told->kind == tls::SecretKind::server_application_traffic_secret) {
                               static_cast<Buffer*>(context)->assign(told->value.begin(), told->value.end());
                             }
                           },
                           &secret, false, true};
    auto client = setup.make_client();
    auto server = setup.make_server();
    Pipe pipe(client, server);
    REQUIRE(pipe.run());
    const auto& suite = tls::kAes128GcmSha256;
    auto keys = tls::tls13::derive_traffic_keys(*suite.hash, *suite.cipher, tls::tls13::HashSecret(secret));
    REQUIRE(keys);
    const tls::Memory its_memory = tls::system_memory();
    tls::Protection writing(its_memory);
    REQUIRE(writing.activate(*suite.cipher, true, {}, keys->key.reveal(), keys->fixed_iv.reveal()));
    Buffer record(1000);
    const Buffer data = noise(row.size, 1);
    record.resize(*writing.seal(tls::ContentType::application_data, data, setup.server_random.random(),
                                record, row.padding));
    const auto error = feed_all(client, record);
    CHECK(error.has_value() == !row.taken);
    if (error) {
      CHECK(*error == ErrorCode::record_overflow);
      CHECK(error->detail == 600);
      CHECK(alert_of(*error) == Alert::record_overflow);
    }
  }
}

TEST_CASE("TLS 1.3 record sizes: a limit is obeyed from the least to the most, and a smaller one refused") {
  struct Row {
    const char* limit;
    std::size_t sent;
  };
  for (const Row& row : {Row{"0040", 63}, Row{"0041", 64}, Row{"4000", 16383}, Row{"4001", 16384},
                         Row{"4002", 16384}, Row{"ffff", 16384}, Row{"003f", 0}}) {
    INFO(row.limit);
    Tls13Setup setup;
    setup.client.versions = kAlteredRows;
    setup.client.record_size_limit = 16384;  // so that the answer was asked for
    auto client = setup.make_client();
    auto server = setup.make_server();
    const Buffer record = alter_hello(client, [&](Buffer& message) {
      const Buffer sent = extension(28, unhex("4000")), other = extension(28, unhex(row.limit));
      const auto found = std::search(message.begin(), message.end(), sent.begin(), sent.end());
      REQUIRE(found != message.end());
      std::copy(other.begin(), other.end(), found);
    });
    const auto error = feed_all(server, record);
    if (row.sent == 0) {
      REQUIRE(error);
      CHECK(*error == ErrorCode::bad_record_size_limit);
      CHECK(alert_of(*error) == Alert::illegal_parameter);
      continue;
    }
    REQUIRE_FALSE(error);
    Pipe pipe(client, server);
    REQUIRE(pipe.run());
    const auto written = server.write(noise(20000, 1));
    REQUIRE(written);
    CHECK(*written == row.sent);
  }
}

TEST_CASE("TLS 1.3 padding: what is written fills records to a multiple, and comes out without it") {
  struct Row {
    std::uint16_t multiple, limit;
    std::size_t size, record;  // the record with header, content type and tag
  };
  for (const Row& row : {Row{0, 0, 10, 10}, Row{1, 0, 10, 10}, Row{64, 0, 10, 64}, Row{64, 0, 64, 64},
                         Row{64, 0, 65, 128}, Row{16384, 0, 1, 16384}, Row{1024, 601, 500, 600},
                         Row{1024, 601, 600, 600}, Row{512, 0, 16384, 16384}}) {
    INFO(row.multiple << ", " << row.size);
    Tls13Setup setup;
    setup.server.record_padding = row.multiple;
    setup.client.record_size_limit = row.limit;
    auto client = setup.make_client();
    auto server = setup.make_server();
    Pipe pipe(client, server);
    REQUIRE(pipe.run());
    const Buffer data = noise(row.size, 1);
    REQUIRE(*server.write(data) == row.size);
    CHECK(server.pending_output().size() == 5 + row.record + 1 + 16);
    REQUIRE(pipe.run());
    CHECK_BYTES(pipe.client_got, data);
    // The other way nothing was asked for.
    REQUIRE(client.write(data));
    CHECK(client.pending_output().size() == 5 + row.size + 1 + 16);
  }
}

TEST_CASE("TLS 1.3 padding: output that is full is not made longer, and TLS 1.2 has none") {
  Tls13Setup setup;
  setup.server.record_padding = 16384;
  auto client = setup.make_client();
  auto server = setup.make_server();
  Pipe pipe(client, server);
  REQUIRE(pipe.run());
  const Buffer data = noise(6000, 1);
  REQUIRE(*server.write(data) == 6000);
  const std::size_t before = server.pending_output().size();
  CHECK(before == 5 + 16384 + 17);
  CHECK(*server.write(data) == 0);
  CHECK(server.pending_output().size() == before);
  Setup older;
  tls::Policy policy = tls::policy::compat;
  policy.versions = kTls12Alone;
  older.client.policy = older.server.policy = &policy;
  older.server.record_padding = 512;
  auto client12 = older.make_client();
  auto server12 = older.make_server();
  check_works(client12, server12);
  REQUIRE(server12.write(bytes_of("x")));
  CHECK(server12.pending_output().size() < 60);
}

TEST_CASE("TLS 1.3 padding: a multiple that is no power of two, or too large, is refused with the config") {
  for (const std::uint16_t multiple : {std::uint16_t{3}, std::uint16_t{1000}, std::uint16_t{32768}}) {
    Tls13Setup setup;
    setup.client.record_padding = setup.server.record_padding = multiple;
    CHECK(tls::Client::create(setup.client, setup.name).error() == ErrorCode::invalid_argument);
    CHECK(tls::Server::create(setup.server).error() == ErrorCode::invalid_argument);
  }
}

TEST_CASE("TLS 1.3: a server asks for a client's OCSP response and timestamps with empty extensions") {
  // RFC 9846 §4.4.2.1; gnutls-serv asks so.
  const Buffer schemes = extension(13, prefixed(2, u16(0x0403)));
  const Buffer asking = Buffer{0} + prefixed(2, schemes + extension(5, {}) + extension(18, {}));
  const auto read = tls::tls13::CertificateRequest::parse(asking);
  REQUIRE(read);
  CHECK(read->asks_for_status);
  CHECK(read->asks_for_timestamps);
  CHECK_BYTES(built(*read), asking);
  const Buffer question = unhex("01 0000 0000");  // a client's form of it
  CHECK_FALSE(
      tls::tls13::CertificateRequest::parse(Buffer{0} + prefixed(2, schemes + extension(5, question))));
}
