// SPDX-License-Identifier: Apache-2.0
// Compressed certificates (RFC 8879): who sends them, and what a peer must not send. The algorithm is one of
// the tests' own, which knows what it has compressed by number.
#include "message/tls13.hpp"
#include "tls/message/build.hpp"
#include "tls/support/stage13.hpp"
#include "tls/support/stapled.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

std::vector<Buffer> known;

constexpr std::uint8_t kMark = 0xc5;

// A mark, the number of what was compressed, and zeros up to this size.
template <std::size_t Size>
Result<Bytes> compress_known(Bytes in, MutBytes out) {
  known.push_back(buffer_of(in));
  std::fill_n(out.begin(), Size, std::uint8_t{0});
  out[0] = kMark;
  out[1] = static_cast<std::uint8_t>(known.size() - 1);
  return Bytes(out.first(Size));
}
template <std::size_t Size>
Result<void> decompress_known(Bytes in, MutBytes out) {
  if (in.size() != Size || in[0] != kMark || in[1] >= known.size() || known[in[1]].size() != out.size()) {
    return ErrorCode::bad_compressed_certificate;
  }
  copy_bytes(out, known[in[1]]);
  return {};
}

constexpr tls::CertificateCompression kKnown = {tls::CertificateCompressionId::zlib, "known",
                                                compress_known<2>, decompress_known<2>};
constexpr tls::CertificateCompression kSecond = {tls::CertificateCompressionId::brotli, "second",
                                                 compress_known<3>, decompress_known<3>};
constexpr tls::CertificateCompression kReader = {tls::CertificateCompressionId::zstd, "reader", nullptr,
                                                 decompress_known<2>};
// Makes nothing smaller.
constexpr tls::CertificateCompression kLarge = {tls::CertificateCompressionId::zlib, "large",
                                                [](Bytes in, MutBytes out) -> Result<Bytes> {
                                                  copy_bytes(out, in);
                                                  return Bytes(out.first(in.size() - 8));
                                                },
                                                decompress_known<2>};
// Fills whatever it is given.
constexpr tls::CertificateCompression kFiller = {tls::CertificateCompressionId::zlib, "filler", nullptr,
                                                 [](Bytes, MutBytes out) -> Result<void> {
                                                   std::fill(out.begin(), out.end(), std::uint8_t{0});
                                                   return {};
                                                 }};
using Rows = std::vector<const tls::CertificateCompression*>;

tls::Credentials compressed_of(std::string_view certificate, const Rows& rows) {
  auto made = tls::Credential::create({.chain = std::array{Bytes(der_of(certificate))}},
                                      tls::local_signer(ecdsa_key()));
  REQUIRE(made);
  REQUIRE(made->compress(rows));
  return index_of({&*made});
}

struct CompressionSetup : Tls13Setup {
  explicit CompressionSetup(const Rows& of_server, const Rows& of_client, const Rows& prepared)
      : server_rows(of_server),
        client_rows(of_client),
        shown(compressed_of(pem::kEcdsaServer, prepared)),
        client_shown(compressed_of(pem::kEcdsaClient, prepared)) {
    client_policy.versions = server_policy.versions = versions;
    server_policy.certificate_compressions = server_rows;
    client_policy.certificate_compressions = client_rows;
    client.keep_peer_certificates = server.keep_peer_certificates = true;
    server.credentials = &shown;
    client.credentials = &client_shown;
  }
  // How many certificates came compressed.
  std::size_t run() {
    auto connecting = make_client();
    auto serving = make_server();
    check_works(connecting, serving);
    CHECK_BYTES(connecting.peer_certificates()[0], der_of(pem::kEcdsaServer));
    if (server.client_authentication == tls::ClientAuthentication::require) {
      CHECK_BYTES(serving.peer_certificates()[0], der_of(pem::kEcdsaClient));
    }
    return client_log.count("< CompressedCertificate") + server_log.count("< CompressedCertificate");
  }

  const tls::ProtocolVersion versions[1] = {tls::ProtocolVersion::tls13};
  Rows server_rows, client_rows;
  tls::Credentials shown, client_shown;
};

// What a connection says to a message that comes in a state; nothing if it takes it.
std::optional<ErrorCode> answer_to(Stage13& stage, State13 state, const Buffer& message) {
  const bool is_client = state <= State13::client_connected;
  tls::Connection& victim = is_client ? static_cast<tls::Connection&>(*stage.client) : *stage.server;
  REQUIRE(stage.reach(victim, state));
  const auto error = feed_all(victim, record_for(victim, tls::ContentType::handshake, message));
  CHECK(error.has_value() == victim.error().has_value());
  return error ? std::optional(error->code) : std::nullopt;
}

Buffer compressed_message(std::uint16_t algorithm, std::uint32_t length, const Buffer& compressed) {
  return Buffer{25} +
         prefixed(3, u16(algorithm) +
                         Buffer{static_cast<std::uint8_t>(length >> 16),
                                static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)} +
                         prefixed(3, compressed));
}

}  // namespace

TEST_CASE(
    "certificate compression: a certificate comes compressed where both policies name a row and it was "
    "prepared") {
  const Rows rows = {&kKnown}, none;
  const bool by_server = GENERATE(true, false), by_client = GENERATE(true, false),
             prepared = GENERATE(true, false);
  CompressionSetup setup(by_server ? rows : none, by_client ? rows : none, prepared ? rows : none);
  CHECK(setup.run() == (by_server && by_client && prepared ? 1u : 0u));
}

TEST_CASE("certificate compression: a client's certificate is compressed for a server that asks for one") {
  CompressionSetup setup({&kKnown}, {&kKnown}, {&kKnown});
  setup.server.client_authentication = tls::ClientAuthentication::require;
  CHECK(setup.run() == 2);
  // With a hello that was retried, too.
  static constexpr const tls::Group* kOfClient[] = {&tls::kX25519, &tls::kSecp256r1};
  static constexpr const tls::Group* kOfServer[] = {&tls::kSecp256r1};
  setup.use_groups(kOfClient, kOfServer);
  CHECK(setup.run() == 4);
}

TEST_CASE("certificate compression: TLS 1.2 has none") {
  CompressionSetup setup({&kKnown}, {&kKnown}, {&kKnown});
  static constexpr tls::ProtocolVersion kOlder[] = {tls::ProtocolVersion::tls12};
  setup.server_policy.versions = kOlder;
  setup.client_policy.versions = tls::kAllVersions;
  CHECK(setup.run() == 0);
}

TEST_CASE("certificate compression: the sender's order counts, and rows that only read are not sent") {
  // The client takes both; the server's first is sent.
  {
    CompressionSetup setup({&kSecond, &kKnown}, {&kKnown, &kSecond}, {&kKnown, &kSecond});
    CHECK(setup.run() == 1);
    CHECK(setup.client_log.count("< CompressedCertificate 11") == 1);
  }
  CompressionSetup setup({&kReader}, {&kReader}, {&kReader});
  CHECK(setup.run() == 0);
}

TEST_CASE("certificate compression: what makes nothing smaller is not sent") {
  CompressionSetup setup({&kLarge}, {&kLarge}, {&kLarge});
  CHECK(setup.run() == 0);
}

TEST_CASE("certificate compression: responses and timestamps go to who asks for them, and to nobody else") {
  CompressionSetup setup({&kKnown}, {&kKnown}, {});
  const Stapled stapled(pem::kEcdsaServer);
  const Bytes chain[] = {stapled.chain};
  const Bytes timestamps[] = {stapled.first, stapled.second};
  auto made =
      tls::Credential::create({.chain = chain, .ocsp_staple = stapled.response, .timestamps = timestamps},
                              tls::local_signer(ecdsa_key()));
  REQUIRE(made);
  REQUIRE(made->compress(Rows{&kKnown}));
  const tls::Credentials credentials = index_of({&*made});
  setup.server.credentials = &credentials;
  const bool asks = GENERATE(true, false);
  setup.client.request_status = asks;
  setup.client.keep_peer_certificates = true;
  auto client = setup.make_client();
  auto server = setup.make_server();
  check_works(client, server);
  CHECK(setup.client_log.count("< CompressedCertificate") == 1);
  CHECK_BYTES(client.peer_ocsp_response(), asks ? Bytes(stapled.response) : Bytes());
  CHECK(client.peer_timestamps().empty() == !asks);
}

TEST_CASE("certificate compression: a credential is compressed once, before it is shared") {
  const Buffer der = der_of(pem::kEcdsaServer);
  const Bytes chain[] = {der};
  auto made = tls::Credential::create({.chain = chain}, tls::local_signer(ecdsa_key()));
  REQUIRE(made);
  {
    const tls::Credential other = made->share();
    CHECK(made->compress(Rows{&kKnown}).error() == ErrorCode::invalid_argument);
  }
  REQUIRE(made->compress(Rows{&kKnown}));
  CHECK(made->compress(Rows{&kKnown}).error() == ErrorCode::invalid_argument);
  // Memory that fails at each of its calls.
  for (std::size_t call = 0;; ++call) {
    CountedMemory memory;
    auto another =
        tls::Credential::create({.chain = chain, .memory = memory.memory()}, tls::local_signer(ecdsa_key()));
    REQUIRE(another);
    memory.fail_at = memory.calls + call;
    const auto done = another->compress(Rows{&kKnown, &kSecond});
    if (done) {
      CHECK(call > 3);
      break;
    }
    CHECK(done.error() == ErrorCode::out_of_memory);
  }
}

TEST_CASE(
    "H27 certificate compression: a compressed certificate is of an offered algorithm and of the length it "
    "names") {
  const Rows rows = {&kKnown};
  const auto name_rows = [&](Tls13Setup& setup) {
    setup.client_policy.certificate_compressions = setup.server_policy.certificate_compressions = rows;
  };
  known.clear();
  const Buffer der = der_of(pem::kEcdsaServer);
  known.push_back(Buffer{0} + prefixed(3, prefixed(3, der) + prefixed(2, Buffer())));     // a good message
  known.push_back(Buffer{1, 7} + prefixed(3, prefixed(3, der) + prefixed(2, Buffer())));  // with a context
  known.push_back(Buffer{0} + prefixed(3, Buffer()));  // without certificates
  known.push_back(Buffer(200, 1));                     // no Certificate at all
  const auto size = [](std::size_t which) { return static_cast<std::uint32_t>(known[which].size()); };
  const auto of = [](std::uint8_t which) { return Buffer{kMark, which}; };
  struct Row {
    const char* what;
    Buffer message;
    std::optional<ErrorCode> error;
  };
  const Row cases[] = {
      {"the right one", compressed_message(1, size(0), of(0)), std::nullopt},
      {"another algorithm", compressed_message(2, size(0), of(0)),
       ErrorCode::certificate_compression_not_offered},
      {"no algorithm", compressed_message(0, size(0), of(0)), ErrorCode::certificate_compression_not_offered},
      {"one byte more is named", compressed_message(1, size(0) + 1, of(0)),
       ErrorCode::bad_compressed_certificate},
      {"one byte less is named", compressed_message(1, size(0) - 1, of(0)),
       ErrorCode::bad_compressed_certificate},
      {"nothing is named", compressed_message(1, 0, of(0)), ErrorCode::bad_compressed_certificate},
      {"as much as can be", compressed_message(1, 0xffffff, of(0)), ErrorCode::bad_compressed_certificate},
      {"a byte more than is read", compressed_message(1, 128 * 1024 + 1, of(0)),
       ErrorCode::bad_compressed_certificate},
      {"another stream", compressed_message(1, size(0), Buffer{0, 0}), ErrorCode::bad_compressed_certificate},
      {"an empty stream", compressed_message(1, size(0), Buffer()), ErrorCode::bad_vector_length},
      {"a byte behind the stream",
       Buffer{25} + prefixed(3, u16(1) + Buffer{0, 0, 1} + prefixed(3, of(0)) + Buffer{0}),
       ErrorCode::trailing_data},
      {"cut", Buffer{25} + prefixed(3, u16(1) + Buffer{0, 0}), ErrorCode::truncated},
      {"a context", compressed_message(1, size(1), of(1)), ErrorCode::bad_request_context},
      {"no message", compressed_message(1, size(3), of(3)), ErrorCode::truncated},
  };
  for (const Row& row : cases) {
    INFO(row.what);
    for (const State13 state : {State13::client_expects_certificate_request,
                                State13::client_expects_certificate, State13::server_expects_certificate}) {
      Stage13 stage({.client_certificate = state != State13::client_expects_certificate_request}, name_rows);
      // A server's certificate is no client's.
      const auto expected = !row.error && state == State13::server_expects_certificate
                                ? std::optional(ErrorCode::wrong_extended_key_usage)
                                : row.error;
      CHECK(answer_to(stage, state, row.message) == expected);
    }
  }
  // A server that shows no certificate is refused; a client that shows none too where one is demanded.
  Stage13 server_shows_none({}, name_rows);
  CHECK(answer_to(server_shows_none, State13::client_expects_certificate_request,
                  compressed_message(1, size(2), of(2))) == ErrorCode::bad_vector_length);
  Stage13 client_shows_none({.client_certificate = true}, name_rows);
  CHECK(answer_to(client_shows_none, State13::server_expects_certificate,
                  compressed_message(1, size(2), of(2))) == ErrorCode::certificate_required);
  // Nothing was offered.
  Stage13 unasked({});
  CHECK(answer_to(unasked, State13::client_expects_certificate_request, cases[0].message) ==
        ErrorCode::unexpected_message);
  CHECK(alert_of(ErrorCode::bad_compressed_certificate) == Alert::bad_certificate);
  CHECK(alert_of(ErrorCode::certificate_compression_not_offered) == Alert::illegal_parameter);
}

TEST_CASE("H27 certificate compression: the length is judged before anything is decompressed") {
  const Rows rows = {&kFiller};
  for (const std::uint32_t length : {0u, 1u, 128u * 1024, 128u * 1024 + 1, 0xffffffu}) {
    INFO(length);
    Stage13 stage({}, [&](Tls13Setup& setup) { setup.client_policy.certificate_compressions = rows; });
    const bool judged = length == 0 || length > 128 * 1024;
    const auto error = answer_to(stage, State13::client_expects_certificate_request,
                                 compressed_message(1, length, Buffer{1}));
    CHECK((error == ErrorCode::bad_compressed_certificate) == judged);
  }
}
