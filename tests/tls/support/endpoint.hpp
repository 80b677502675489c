// SPDX-License-Identifier: Apache-2.0
// The parts of a test's connections: a clock that stands still, memory that is counted and can fail,
// certificates, configs, and a record of events.
#pragma once

#include <ashlar/asn1/pem.hpp>
#include <ashlar/crypto/random.hpp>
#include <ashlar/tls/connection.hpp>

#include "engine.hpp"
#include "support/bytes.hpp"
#include "tls/support/identities.hpp"
#include "tls/support/policies.hpp"
#include "warnings.hpp"

#include <array>
#include <cstdlib>
#include <deque>
#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ashlar::test {

// 2030-01-01T00:00:00Z, and one microsecond per reading of the monotonic clock.
struct FixedClock {
  std::int64_t seconds = 1893456000;
  std::uint64_t nanoseconds = 0;
  tls::Clock clock() {
    return {[](void* context) { return asn1::Time{static_cast<FixedClock*>(context)->seconds}; },
            [](void* context) { return static_cast<FixedClock*>(context)->nanoseconds += 1000; }, this};
  }
};

// Counts what is allocated, checks that sizes given back are right, and fails at call number `fail_at`.
struct CountedMemory {
  std::size_t current = 0;
  std::size_t peak = 0;
  std::size_t calls = 0;
  std::size_t fail_at = ~std::size_t{0};
  std::size_t wrong_sizes = 0;

  static constexpr std::size_t kHeader = 16;
  tls::Memory memory() {
    return {[](void* context, std::size_t size) -> void* {
              auto& self = *static_cast<CountedMemory*>(context);
              if (self.calls++ == self.fail_at) {
                return nullptr;
              }
              self.current += size;
              self.peak = self.current > self.peak ? self.current : self.peak;
              auto* block = static_cast<std::uint8_t*>(std::malloc(size + kHeader));
              std::memcpy(block, &size, sizeof size);
              return block + kHeader;
            },
            [](void* context, void* memory, std::size_t size) {
              auto& self = *static_cast<CountedMemory*>(context);
              auto* block = static_cast<std::uint8_t*>(memory) - kHeader;
              std::size_t allocated = 0;
              std::memcpy(&allocated, block, sizeof allocated);
              self.wrong_sizes += allocated != size ? 1u : 0u;
              self.current -= size;
              std::free(block);
            },
            this};
  }
};

inline Buffer der_of(std::string_view text) {
  Buffer out(asn1::pem_decoded_capacity(text.size()));
  asn1::PemReader reader(text);
  auto block = reader.next(out);
  if (!block) {
    throw std::runtime_error("the test's PEM does not decode");
  }
  out.resize(block->der.size());
  return out;
}

inline const x509::PrivateKey& rsa_key() {
  static const x509::PrivateKey key = *x509::PrivateKey::parse_pem(pem::kRsaKey);
  return key;
}
inline const x509::PrivateKey& ecdsa_key() {
  static const x509::PrivateKey key = *x509::PrivateKey::parse_pem(pem::kEcdsaKey);
  return key;
}

// A credential of this chain. The test ends if it cannot be made.
template <class Key>
tls::Credential credential_of(std::span<const Bytes> chain, Key&& key) {
  auto made = tls::Credential::create({chain}, std::forward<Key>(key));
  if (!made) {
    throw std::runtime_error("no credential");
  }
  return std::move(*made);
}

// Several in an index, which has its own handles.
inline tls::Credentials index_of(std::initializer_list<const tls::Credential*> credentials) {
  std::vector<tls::Credential> handles;
  for (const tls::Credential* each : credentials) {
    handles.push_back(each->share());
  }
  auto made = tls::Credentials::create(handles);
  if (!made) {
    throw std::runtime_error("no credentials");
  }
  return std::move(*made);
}

// A chain of one and its key.
class Identity {
 public:
  Identity(std::string_view certificate, const x509::PrivateKey& key)
      : Identity(certificate, tls::local_signer(key)) {}
  template <class Key>
  Identity(std::string_view certificate, const Key& key)
      : der(der_of(certificate)),
        credential(credential_of(std::array{Bytes(der)}, key)),
        credentials(index_of({&credential})) {}
  // The key is elsewhere.
  Identity(std::string_view certificate, const x509::PrivateKey& key, bool elsewhere)
      : der(der_of(certificate)),
        credential(elsewhere ? credential_of(std::array{Bytes(der)}, tls::KeyElsewhere{})
                             : credential_of(std::array{Bytes(der)}, tls::local_signer(key))),
        credentials(index_of({&credential})) {}
  Identity(const Identity&) = delete;
  Identity& operator=(const Identity&) = delete;

  Buffer der;
  tls::Credential credential;
  tls::Credentials credentials;
};

// A chain of `size` certificates in all, CAs above one leaf, each with this many names. Nobody trusts
// it.
class LongChain {
 public:
  LongChain(std::size_t size, std::size_t names);
  std::span<const Bytes> chain() const { return chain_; }
  const x509::PrivateKey& key() const { return ecdsa_key(); }

 private:
  std::deque<Buffer> storage_;
  std::vector<Bytes> chain_;
};

// The anchors made of one root certificate.
class Roots {
 public:
  explicit Roots(std::string_view certificate)
      : der_(der_of(certificate)),
        anchor_{x509::TrustAnchor::from(*x509::Certificate::parse(der_))},
        anchors(x509::AnchorIndex(anchor_)) {}
  Roots(const Roots&) = delete;
  Roots& operator=(const Roots&) = delete;
  tls::Verifier verifier() const { return anchors.verifier(); }

 private:
  Buffer der_;
  x509::TrustAnchor anchor_[1];

 public:
  tls::TrustAnchors anchors;
};

std::string describe_event(const tls::Event& event);

// Records the events, one line each.
struct EventLog {
  std::vector<std::string> lines;
  tls::EventSink sink(bool records = false, bool secrets = false) {
    return {[](void* context, const tls::Event& event) {
              static_cast<EventLog*>(context)->lines.push_back(describe_event(event));
            },
            this, records, secrets};
  }
  // Lines that contain the text.
  std::size_t count(std::string_view text) const {
    std::size_t found = 0;
    for (const std::string& line : lines) {
      found += line.find(text) != std::string::npos ? 1u : 0u;
    }
    return found;
  }
};

// Both sides' configs of TLS 1.2 with everything that they point to. Make changes before making connections.
struct Setup {
  explicit Setup(std::uint64_t seed = 1) : client_random(seed), server_random(seed + 1000) {
    client.policy = server.policy = &kTls12Compat;
    client.verifier = roots.verifier();
    server.verifier = roots.verifier();
    client.clock = server.clock = clock.clock();
    client.random = client_random.random();
    server.random = server_random.random();
    client.memory = client_memory.memory();
    server.memory = server_memory.memory();
    client.events = client_log.sink();
    server.events = server_log.sink();
    server.credentials = &credentials;
  }
  Setup(const Setup&) = delete;
  Setup& operator=(const Setup&) = delete;

  // A policy of one suite, for both sides.
  void use(const tls::tls12::Suite& suite) {
    suites[0] = &suite;
    one_suite = kTls12Compat;
    one_suite.suites = suites;
    one_suite.require_extended_master_secret = false;
    client.policy = server.policy = &one_suite;
  }
  void resumable() { server.sessions = &store; }

  Roots roots{pem::kCa};
  Identity rsa{pem::kRsaServer, rsa_key()};
  Identity ecdsa{pem::kEcdsaServer, ecdsa_key()};
  tls::Credentials credentials = index_of({&rsa.credential, &ecdsa.credential});
  FixedClock clock;
  crypto::DeterministicRandom client_random;
  crypto::DeterministicRandom server_random;
  CountedMemory client_memory;
  CountedMemory server_memory;
  EventLog client_log;
  EventLog server_log;
  tls::MemorySessionStore::Slot slots[4];
  tls::MemorySessionStore sessions{slots};
  tls::Resumption store = sessions.resumption();
  const tls::tls12::Suite* suites[1] = {};
  tls::Policy one_suite;
  tls::ClientConfig client;
  tls::ServerConfig server;
  std::string name = "server.example";

  tls::Client make_client(const tls::Session* session = nullptr) const {
    auto made = tls::Client::create(client, name, session);
    if (!made) {
      throw std::runtime_error("no client");
    }
    return std::move(*made);
  }
  tls::Server make_server() const {
    auto made = tls::Server::create(server);
    if (!made) {
      throw std::runtime_error("no server");
    }
    return std::move(*made);
  }
};

// The insides of a connection, for tests that send what no connection sends, or ask for its state.
inline tls::Engine& engine_of(tls::Connection& connection) {
  struct Access : tls::Connection {
    static Impl* Connection::*impl() { return &Access::impl_; }
  };
  return *(connection.*Access::impl());
}

// Feeds all bytes and consumes application data into `data`, and early data into nothing. Returns the first
// error.
inline std::optional<Error> feed_all(tls::Connection& to, Bytes bytes, Buffer* data = nullptr) {
  while (true) {
    while (!to.application_data().empty()) {
      const Bytes ready = to.application_data();
      if (data != nullptr) {
        data->insert(data->end(), ready.begin(), ready.end());
      }
      if (const auto consumed = to.consume(ready.size()); !consumed) {
        return consumed.error();
      }
    }
    if (const Bytes early = engine_of(to).early_data(); !early.empty()) {
      if (const auto consumed = engine_of(to).consume_early_data(early.size()); !consumed) {
        return consumed.error();
      }
      continue;
    }
    if (to.error()) {
      return to.error();
    }
    if (bytes.empty()) {
      return std::nullopt;
    }
    const auto taken = to.feed(bytes);
    if (!taken) {
      return taken.error();
    }
    if (*taken == 0 && to.application_data().empty()) {
      return std::nullopt;
    }
    bytes = bytes.subspan(*taken);
  }
}

// A record in the clear.
Buffer plain_record(tls::ContentType type, Bytes body);

// All output so far.
inline Buffer drain(tls::Connection& from) {
  const Buffer out = buffer_of(from.pending_output());
  from.sent(out.size());
  return out;
}

// Passes whole flights in both directions until neither side has more output. Before each turn, `sent` gets
// what both have sent. An error of either side is thrown as a sentence.
void settle(tls::Connection& client, tls::Connection& server,
            const std::function<void(const Buffer& of_client, const Buffer& of_server)>& sent);

}  // namespace ashlar::test
