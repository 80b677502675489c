// SPDX-License-Identifier: Apache-2.0
// Clients and servers for fuzzing. They are the same in every run, so that a recorded peer's bytes are right
// again. And rows that check nothing: a record cipher without encryption or MAC, a hash that is always the
// same (so every Finished is too), and a key whose operations are constants. No library links them.
#pragma once

#include <ashlar/asn1/pem.hpp>
#include <ashlar/crypto/sha2.hpp>
#include <ashlar/tls/connection.hpp>

#include "record/protection.hpp"
#include "support/check.hpp"
#include "tls/support/identities.hpp"
#include "tls/witness.hpp"
#include "tls12/key_exchange.hpp"

#include <algorithm>
#include <cstdlib>
#include <string>
#include <type_traits>
#include <vector>

namespace ashlar::fuzz {

using Buffer = std::vector<std::uint8_t>;

// Memory that counts how much of it is in use, and that may fail once. What comes back is wiped.
struct CountedMemory {
  std::size_t current = 0;
  std::size_t calls = 0;
  std::size_t fail_at = ~std::size_t{0};
  static constexpr std::uint8_t kUntouched = 0xa5;
  tls::Memory memory() {
    return {[](void* context, std::size_t size) -> void* {
              auto& self = *static_cast<CountedMemory*>(context);
              if (self.calls++ == self.fail_at) {
                return nullptr;
              }
              self.current += size;
              void* const made = std::malloc(size);
              return made == nullptr ? made : std::memset(made, kUntouched, size);
            },
            [](void* context, void* memory, std::size_t size) {
              static_cast<CountedMemory*>(context)->current -= size;
              const auto* const bytes = static_cast<const std::uint8_t*>(memory);
              FUZZ_CHECK(std::all_of(bytes, bytes + size,
                                     [](std::uint8_t byte) { return byte == 0 || byte == kUntouched; }));
              std::free(memory);
            },
            this};
  }
};

// What the verifier of this run was asked. It accepts any certificate, or none.
struct Verification {
  bool refuses = false;
  std::size_t calls = 0;
  Buffer leaf;
  std::string name;
  bool for_server = false;
};
inline Verification verification;
inline tls::Verifier verifier() {
  return {[](const void*, const tls::PeerChain& chain) -> Result<tls::VerifiedPeer> {
            const Bytes leaf = chain.certificates[0];
            ++verification.calls;
            verification.leaf.assign(leaf.begin(), leaf.end());
            verification.name = chain.name;
            verification.for_server =
                chain.purpose.extended_key_usage.is(x509::Purpose::server_auth.extended_key_usage.bytes());
            if (verification.refuses) {
              return ErrorCode::unknown_issuer;
            }
            const tls::Verifier any = tls::dangerous_accept_any_certificate();
            return any.verify_function(any.context, chain);
          },
          nullptr, tls::dangerous_accept_any_certificate().id};
}

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

// The targets here are for TLS 1.2. So old inputs keep their meaning when more versions are added.
inline constexpr tls::ProtocolVersion kOnlyTls12[] = {tls::ProtocolVersion::tls12};

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

// Only the records are unprotected: the Finished alone binds the handshake.
inline const tls::tls12::Suite kFinishedSuite = {
    {tls::SuiteId{0xfafc}, "unprotected, ECDHE", "-", &kCipher, &crypto::kSha256}, &tls::tls12::kEcdheRsa};
inline const tls::tls12::Suite* const kFinishedSuites[] = {&kFinishedSuite};

inline tls::Policy finished_policy() {
  tls::Policy policy = tls::policy::compat;
  policy.versions = kOnlyTls12;
  policy.suites = kFinishedSuites;
  return policy;
}

inline tls::Policy policy(bool ecdhe) {
  tls::Policy policy = tls::policy::compat;
  policy.versions = kOnlyTls12;
  policy.suites = ecdhe ? std::span<const tls::tls12::Suite* const>(kSuites).last(1)
                        : std::span<const tls::tls12::Suite* const>(kRsaSuites);
  return policy;
}

// Answers every request at once.
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

// How an input is fed: its first byte gives the steps, its second says what else is done.
struct Manner {
  std::size_t step;
  bool ends, closes, releases, memory_fails, records, refuses;

  // Takes the two bytes from the front; false if they are missing.
  static bool take(Bytes& bytes, Manner& out) {
    if (bytes.size() < 2) {
      return false;
    }
    const std::uint8_t how = bytes[1];
    out = {1u + bytes[0],  (how & 1) != 0,  (how & 2) != 0, (how & 4) != 0,
           (how & 8) != 0, (how & 16) != 0, (how & 32) != 0};
    bytes = bytes.subspan(2);
    return true;
  }
};

// The result of feeding bytes to a connection.
struct Outcome {
  bool done = false;
  bool peer_closed = false;
  std::optional<Error> error;
  Buffer data;
  Buffer early;  // early data, which a server has been given
  Buffer output;
};

// Feeds the bytes in steps and checks what must always be true of a connection.
template <class Side>
Outcome drive(Side& connection, Bytes bytes, std::size_t step, const Manner& manner) {
  Outcome outcome;
  std::size_t idle = 0;
  bool closed = false;
  const auto take_output = [&] {
    const Bytes out = connection.pending_output();
    outcome.output.insert(outcome.output.end(), out.begin(), out.end());
    connection.sent(out.size());
  };
  const auto early_data = [&] {
    if constexpr (requires { connection.early_data(); }) {
      return connection.early_data();
    } else {
      return Bytes();
    }
  };
  while (true) {
    take_output();
    if constexpr (requires { connection.early_data(); }) {
      if (const Bytes early = early_data(); !early.empty()) {
        FUZZ_CHECK(!connection.handshake_done() && connection.application_data().empty());  // H26
        FUZZ_CHECK(connection.wants().has(tls::Want::early_data) && connection.receive_window().empty());
        outcome.early.insert(outcome.early.end(), early.begin(), early.end());
        const auto consumed = connection.consume_early_data(early.size());
        FUZZ_CHECK(consumed.ok() == !connection.error());
        continue;
      }
    }
    if (const Bytes data = connection.application_data(); !data.empty()) {
      FUZZ_CHECK(connection.handshake_done());  // T07
      FUZZ_CHECK(connection.receive_window().empty());
      outcome.data.insert(outcome.data.end(), data.begin(), data.end());
      const auto consumed = connection.consume(data.size());
      FUZZ_CHECK(consumed.ok() == !connection.error());
      continue;
    }
    if (manner.releases) {
      connection.release_buffers();
    }
    if (manner.closes && connection.handshake_done() && !closed) {
      closed = true;
      connection.close();
      FUZZ_CHECK(!connection.write(bytes_of("x")));
      continue;
    }
    const std::size_t count = step < bytes.size() ? step : bytes.size();
    const auto taken = connection.feed(bytes.first(count));
    FUZZ_CHECK(taken.ok() == !connection.error());
    if (!taken) {
      break;
    }
    FUZZ_CHECK(*taken <= count);
    bytes = bytes.subspan(*taken);
    const bool empty = connection.application_data().empty() && early_data().empty();
    if (bytes.empty() && empty) {
      break;
    }
    if (*taken == 0 && empty) {
      // It takes no bytes only if the peer has closed.
      FUZZ_CHECK(connection.peer_closed() && ++idle < 2);
      break;
    }
  }
  if (manner.ends && !connection.error()) {
    // The transport ended: in order if close_notify came before, and cut off otherwise (T09).
    const auto ended = connection.received_end();
    FUZZ_CHECK(ended.ok() == connection.peer_closed());
    FUZZ_CHECK(ended || ended.error() == ErrorCode::truncated_connection);
  }
  take_output();
  outcome.done = connection.handshake_done();
  outcome.peer_closed = connection.peer_closed();
  outcome.error = connection.error();
  // Before the handshake is done, close_notify is not an end in order.
  FUZZ_CHECK(!outcome.peer_closed || outcome.done);
  if (outcome.error) {
    // The error stays, the alert is sent, and no data is delivered (H18).
    FUZZ_CHECK(connection.application_data().empty() && early_data().empty());
    FUZZ_CHECK(connection.receive_window().empty());
    FUZZ_CHECK(connection.feed(bytes).error().code == outcome.error->code);
    FUZZ_CHECK(!connection.write(bytes_of("x")));
    FUZZ_CHECK(connection.wants().has(tls::Want::closed));
  } else if (outcome.done && !outcome.peer_closed && !closed) {
    FUZZ_CHECK(connection.write(bytes_of("x")));
  } else {
    // Early data can be answered before the handshake is done.
    const bool early =
        std::is_same_v<Side, tls::Server> && !outcome.done && connection.negotiated().early_data;
    FUZZ_CHECK(connection.write(bytes_of("x")).ok() == early);
  }
  return outcome;
}

// A peer that shows a certificate gets through only if the verifier has seen that one and has accepted it.
inline void check_verification(const Outcome& outcome, const Witness& witness, bool is_client) {
  const Told* const shown = witness.find(tls::HandshakeType::certificate, tls::Direction::received);
  if (!outcome.done || shown == nullptr || shown->body.size() <= 4) {
    return;
  }
  FUZZ_CHECK(!verification.refuses && verification.calls == 1 && verification.for_server == is_client);
  FUZZ_CHECK(verification.name == (is_client ? "server.example" : ""));
  const Buffer& leaf = verification.leaf;
  FUZZ_CHECK(std::search(shown->body.begin(), shown->body.end(), leaf.begin(), leaf.end()) !=
             shown->body.end());
}

inline void tell_verdict(const Outcome& outcome) {
  const char* const text = outcome.peer_closed ? "done and closed" : outcome.done ? "done" : "not done";
  if (outcome.error) {
    refused(*outcome.error, text);
  } else {
    accepted(text);
  }
}

// The bytes in one piece and in several must give the same result, to the last byte of the answer. `make`
// makes the same connection each time, with this memory; `judge` checks each run.
template <class Make, class Judge>
void check_connection(const Make& make, Bytes bytes, const Judge& judge) {
  Manner manner{};
  if (!Manner::take(bytes, manner)) {
    return;
  }
  Outcome outcomes[2];
  for (std::size_t run = 0; run < 2; ++run) {
    CountedMemory memory;
    if (manner.memory_fails) {
      memory.fail_at = manner.step;
    }
    {
      Witness witness;
      verification = {};
      verification.refuses = manner.refuses;
      auto connection = make(memory.memory(), witness.sink(manner.records));
      if (!connection) {
        // This happens only if there was no memory to make it.
        FUZZ_CHECK(manner.memory_fails && connection.error() == ErrorCode::out_of_memory);
        refused(connection.error());
        FUZZ_CHECK(memory.current == 0);
        return;
      }
      outcomes[run] = drive(*connection, bytes, run == 0 ? bytes.size() : manner.step, manner);
      check_verification(outcomes[run], witness, std::is_same_v<decltype(connection), Result<tls::Client>>);
      judge(outcomes[run], witness);
    }
    FUZZ_CHECK(memory.current == 0);
  }
  const Outcome& whole = outcomes[0];
  const Outcome& pieces = outcomes[1];
  tell_verdict(whole);
  if (manner.memory_fails || manner.closes) {
    return;  // the pieces decide where it fails, and how much has come when it closes
  }
  FUZZ_CHECK(whole.done == pieces.done && whole.peer_closed == pieces.peer_closed);
  FUZZ_CHECK(whole.error.has_value() == pieces.error.has_value());
  FUZZ_CHECK(!whole.error || whole.error->code == pieces.error->code);
  FUZZ_CHECK(whole.data == pieces.data && whole.early == pieces.early);
  // After an error, a flight that was not yet in records is dropped.
  FUZZ_CHECK(whole.error || whole.output == pieces.output);
}

inline const tls::Policy& compat() {
  static const tls::Policy policy = [] {
    tls::Policy made = tls::policy::compat;
    made.versions = kOnlyTls12;
    return made;
  }();
  return policy;
}

// The client of the fuzz targets. The caller sets the config's events and credentials.
inline Result<tls::Client> make_client(const tls::Policy& policy, const tls::Memory& memory,
                                       crypto::DeterministicRandom& random, tls::ClientConfig& config,
                                       bool shows_certificate = true, const tls::Session* session = nullptr) {
  static const tls::Credentials credentials = *tls::Credentials::create(
      *tls::Credential::create({kEcdsaClientChain}, tls::local_signer(ecdsa_key())));
  static constexpr std::string_view kProtocols[] = {"h2", "http/1.1"};
  config.policy = &policy;
  config.verifier = verifier();
  config.clock = fixed_clock();
  config.random = random.random();
  config.memory = memory;
  config.alpn = kProtocols;
  config.credentials = shows_certificate ? &credentials : nullptr;
  return tls::Client::create(config, "server.example", session);
}

// In the place of the server's own, if a target sets it.
inline const tls::Credentials* server_credentials = nullptr;

inline Result<tls::Server> make_server(const tls::Policy& policy, const tls::Memory& memory,
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
  config.verifier = verifier();
  config.clock = fixed_clock();
  config.random = random.random();
  config.memory = memory;
  config.alpn = kProtocols;
  config.client_authentication = authentication;
  config.credentials = unchecked_key                   ? &constant
                       : server_credentials != nullptr ? server_credentials
                                                       : &checked;
  return tls::Server::create(config);
}

inline constexpr std::string_view kEarlyData = "GET /early HTTP/1.0\r\n\r\n";
// A server that takes early data each time.
inline constexpr tls::ServerEarlyData kTakesEarlyData = {
    64, {[](void*, BytesOf<32>, asn1::Time, asn1::Time) { return true; }, nullptr}};

// check_connection with the client of the fuzz targets, or with the server. early: the client sends early
// data.
template <class Judge>
void check_client(const tls::Policy& policy, Bytes bytes, const Judge& judge,
                  const tls::Session* session = nullptr, bool early = false) {
  crypto::DeterministicRandom random(1);
  tls::ClientConfig config;
  check_connection(
      [&](const tls::Memory& memory, const tls::EventSink& events) {
        random = crypto::DeterministicRandom(1);
        config.events = events;
        config.early_data = early ? &tls::kClientEarlyData : nullptr;
        auto client = make_client(policy, memory, random, config, true, session);
        if (early && client) {
          (void)client->write_early_data(bytes_of(kEarlyData));
        }
        return client;
      },
      bytes, judge);
}
template <class Judge>
void check_server(const tls::Policy& policy, Bytes bytes, tls::ClientAuthentication authentication,
                  bool unchecked_key, const Judge& judge) {
  crypto::DeterministicRandom random(2);
  tls::ServerConfig config;
  check_connection(
      [&](const tls::Memory& memory, const tls::EventSink& events) {
        random = crypto::DeterministicRandom(2);
        config.events = events;
        return make_server(policy, memory, random, config, authentication, unchecked_key);
      },
      bytes, judge);
}

}  // namespace ashlar::fuzz
