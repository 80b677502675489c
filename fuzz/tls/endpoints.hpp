// SPDX-License-Identifier: Apache-2.0
// Clients and servers for fuzzing: the same at every run, so that a recorded peer's bytes are right again.
// And the rows that check nothing: a record cipher without encryption or MAC, a hash that is always the same
// (and with it every Finished), and a key whose operations are constants. No library links them.
#pragma once

#include <ashlar/asn1/pem.hpp>
#include <ashlar/tls/connection.hpp>

#include "record/protection.hpp"
#include "support/check.hpp"
#include "tls/support/identities.hpp"
#include "tls12/key_exchange.hpp"

#include <cstdlib>
#include <vector>

namespace ashlar::fuzz {

using Buffer = std::vector<std::uint8_t>;

// Memory that knows how much of it is out.
struct CountedMemory {
  std::size_t current = 0;
  tls::Memory memory() {
    return {[](void* context, std::size_t size) {
              static_cast<CountedMemory*>(context)->current += size;
              return std::malloc(size);
            },
            [](void* context, void* memory, std::size_t size) {
              static_cast<CountedMemory*>(context)->current -= size;
              std::free(memory);
            },
            this};
  }
};

inline tls::Clock fixed_clock() {
  return {[](void*) { return asn1::Time{1893456000}; }, nullptr, nullptr};
}

inline Buffer der_of(std::string_view text) {
  Buffer out(asn1::pem_decoded_capacity(text.size()));
  asn1::PemReader reader(text);
  const auto block = reader.next(out);
  FUZZ_CHECK(block);
  out.resize(block->der.size());
  return out;
}

inline const x509::PrivateKey& rsa_key() {
  static const x509::PrivateKey key = *x509::PrivateKey::parse_pem(test::pem::kRsaKey);
  return key;
}
inline const x509::PrivateKey& ecdsa_key() {
  static const x509::PrivateKey key = *x509::PrivateKey::parse_pem(test::pem::kEcdsaKey);
  return key;
}

inline const Buffer kRsaServerDer = der_of(test::pem::kRsaServer);
inline const Buffer kEcdsaServerDer = der_of(test::pem::kEcdsaServer);
inline const Buffer kEcdsaClientDer = der_of(test::pem::kEcdsaClient);
inline const Bytes kRsaServerChain[] = {kRsaServerDer};
inline const Bytes kEcdsaServerChain[] = {kEcdsaServerDer};
inline const Bytes kEcdsaClientChain[] = {kEcdsaClientDer};

// --- rows that check nothing ---

namespace unchecked {

inline const crypto::HashKernel kKernel = {"constant", {}, [](void*, const std::uint8_t*, std::size_t) {}};
inline const crypto::HashAlgorithm kHash = {
    "constant",
    32,
    64,
    32,
    8,
    [](void* state) { std::memset(state, 7, 32); },
    [](std::uint8_t*, std::uint64_t) -> std::size_t { return 1; },
    [](const void*, std::uint8_t* digest) { std::memset(digest, 7, 32); },
    [] { return std::span<const crypto::HashKernel>(&kKernel, 1); }};

inline const tls::RecordFunctions kRecordFunctions = {
    1,
    [](const tls::RecordCipher&, bool) -> std::size_t { return 1; },
    [](const tls::RecordCipher&, MutBytes, bool, Bytes, Bytes, Bytes) -> Result<void> { return {}; },
    [](const tls::RecordCipher&, void*, bool) {},
    [](const tls::RecordCipher&, std::size_t size) { return size; },
    [](const tls::RecordCipher&, const void*, const tls::Fragment& fragment, crypto::Random,
       MutBytes out) -> Result<void> {
      copy_bytes(out, fragment.plaintext);
      return {};
    },
    [](const tls::RecordCipher&, const void*, std::uint64_t, tls::ContentType type,
       MutBytes fragment) -> Result<tls::OpenedFragment> {
      return tls::OpenedFragment{fragment, 0, 0, type};
    }};
inline const tls::RecordCipher kCipher = {
    .name = "unprotected", .functions = &kRecordFunctions, .key_size = 16, .fixed_iv_size = 4, .mac_size = 0};

inline const tls::tls12::Suite kRsaSuite = {
    {tls::SuiteId{0xfafa}, "unchecked, RSA key transport", "-", &kCipher, &kHash}, &tls::tls12::kRsa};
inline const tls::tls12::Suite kEcdheSuite = {
    {tls::SuiteId{0xfafb}, "unchecked, ECDHE", "-", &kCipher, &kHash}, &tls::tls12::kEcdheRsa};
inline const tls::tls12::Suite* const kSuites[] = {&kRsaSuite, &kEcdheSuite};
inline const tls::tls12::Suite* const kRsaSuites[] = {&kRsaSuite};

inline tls::Policy policy(bool ecdhe) {
  tls::Policy policy = tls::policy::compat;
  policy.suites = ecdhe ? std::span<const tls::tls12::Suite* const>(kSuites).last(1)
                        : std::span<const tls::tls12::Suite* const>(kRsaSuites);
  return policy;
}

// Answers at once, whatever is asked.
inline tls::Signer signer() {
  return {&x509::kRsa, 2048,
          [](const void*, const x509::SignatureAlgorithm&, const x509::SigningInput&, crypto::Random,
             MutBytes out) -> Result<Bytes> {
            std::memset(out.data(), 1, 256);
            return Bytes(out.first(256));
          },
          [](const void*, crypto::Random, Bytes, std::uint16_t, Secret<48>& premaster) -> Result<void> {
            std::memset(premaster.reveal_mut().data(), 3, 48);
            return {};
          },
          nullptr};
}

}  // namespace unchecked

// --- a run ---

// What came of feeding bytes to a connection.
struct Outcome {
  bool done = false;
  std::optional<Error> error;
  Buffer data;
};

// Feeds the bytes in steps and holds the connection against what is always true of one.
inline Outcome drive(tls::Connection& connection, Bytes bytes, std::size_t step) {
  Outcome outcome;
  std::size_t idle = 0;
  while (true) {
    connection.sent(connection.pending_output().size());
    if (const Bytes data = connection.application_data(); !data.empty()) {
      FUZZ_CHECK(connection.handshake_done());  // T07
      FUZZ_CHECK(connection.receive_window().empty());
      outcome.data.insert(outcome.data.end(), data.begin(), data.end());
      const auto consumed = connection.consume(data.size());
      FUZZ_CHECK(consumed.ok() == !connection.error());
      continue;
    }
    const std::size_t count = step < bytes.size() ? step : bytes.size();
    const auto taken = connection.feed(bytes.first(count));
    if (!taken || connection.error()) {
      break;
    }
    FUZZ_CHECK(*taken <= count);
    bytes = bytes.subspan(*taken);
    if (bytes.empty() && connection.application_data().empty()) {
      break;
    }
    if (*taken == 0 && connection.application_data().empty()) {
      // Nothing is taken only from a peer that has closed.
      FUZZ_CHECK(connection.peer_closed() && ++idle < 2);
      break;
    }
  }
  outcome.done = connection.handshake_done();
  outcome.error = connection.error();
  if (outcome.error) {
    // The error stays, the alert goes out, nothing comes in (H18).
    FUZZ_CHECK(connection.application_data().empty());
    FUZZ_CHECK(connection.receive_window().empty());
    FUZZ_CHECK(connection.feed(bytes).error().code == outcome.error->code);
    FUZZ_CHECK(!connection.write(bytes_of("x")));
    connection.sent(connection.pending_output().size());
    FUZZ_CHECK(connection.wants().has(tls::Want::closed));
  } else if (outcome.done && !connection.peer_closed()) {
    FUZZ_CHECK(connection.write(bytes_of("x")));
  } else {
    FUZZ_CHECK(!connection.write(bytes_of("x")));
  }
  return outcome;
}

// The bytes in one piece and in pieces come to the same. `make` gives a connection, the same one each time.
template <class Make>
void check_connection(const Make& make, Bytes bytes) {
  if (bytes.empty()) {
    return;
  }
  CountedMemory memory;
  const std::size_t step = 1 + bytes[0];
  bytes = bytes.subspan(1);
  Outcome whole;
  Outcome pieces;
  {
    auto connection = make(memory.memory());
    whole = drive(connection, bytes, bytes.size());
  }
  FUZZ_CHECK(memory.current == 0);
  {
    auto connection = make(memory.memory());
    pieces = drive(connection, bytes, step);
  }
  FUZZ_CHECK(memory.current == 0);
  FUZZ_CHECK(whole.done == pieces.done);
  FUZZ_CHECK(whole.error.has_value() == pieces.error.has_value());
  FUZZ_CHECK(!whole.error || whole.error->code == pieces.error->code);
  FUZZ_CHECK(whole.data == pieces.data);
}

// A client as `./run fuzz` knows it.
inline tls::Client make_client(const tls::Policy& policy, const tls::Memory& memory,
                               crypto::DeterministicRandom& random, tls::ClientConfig& config) {
  static const tls::Credentials credentials = *tls::Credentials::create(
      *tls::Credential::create({kEcdsaClientChain}, tls::local_signer(ecdsa_key())));
  static constexpr std::string_view kProtocols[] = {"h2", "http/1.1"};
  config.policy = &policy;
  config.verifier = tls::dangerous_accept_any_certificate();
  config.clock = fixed_clock();
  config.random = random.random();
  config.memory = memory;
  config.alpn = kProtocols;
  config.credentials = &credentials;
  auto client = tls::Client::create(config, "server.example");
  FUZZ_CHECK(client);
  return std::move(*client);
}

inline tls::Server make_server(const tls::Policy& policy, const tls::Memory& memory,
                               crypto::DeterministicRandom& random, tls::ServerConfig& config,
                               tls::ClientAuthentication authentication, bool unchecked_key) {
  static tls::Credential both[] = {
      *tls::Credential::create({kEcdsaServerChain}, tls::local_signer(ecdsa_key())),
      *tls::Credential::create({kRsaServerChain}, tls::local_signer(rsa_key()))};
  static const tls::Credentials checked = *tls::Credentials::create(both);
  static const tls::Credentials constant =
      *tls::Credentials::create(*tls::Credential::create({kRsaServerChain}, unchecked::signer()));
  static constexpr std::string_view kProtocols[] = {"http/1.1"};
  config.policy = &policy;
  config.verifier = tls::dangerous_accept_any_certificate();
  config.clock = fixed_clock();
  config.random = random.random();
  config.memory = memory;
  config.alpn = kProtocols;
  config.client_authentication = authentication;
  config.credentials = unchecked_key ? &constant : &checked;
  auto server = tls::Server::create(config);
  FUZZ_CHECK(server);
  return std::move(*server);
}

}  // namespace ashlar::fuzz
