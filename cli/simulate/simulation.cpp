// SPDX-License-Identifier: Apache-2.0
#include "simulate/simulation.hpp"

#include "certificates/new_key.hpp"
#include "failure/failure.hpp"

#include <ashlar/posix.hpp>
#include <ashlar/tls/shared_store.hpp>
#include <ashlar/x509/issue.hpp>

#include <map>

namespace ashlar::cli {
namespace {

constexpr std::string_view kName = "server.example", kCaName = "Simulated CA", kClientName = "a client";
constexpr std::string_view kRequest = "GET / HTTP/1.0\r\n\r\n", kResponse = "HTTP/1.0 200 OK\r\n\r\nhello\n";
constexpr std::size_t kSessionMemory = 64 * 1024;

// A CA, and the certificates of both sides that it signed.
class People {
 public:
  explicit People(asn1::Time now) : ca_key_(make_private_key("p256")) {
    x509::CertificateTemplate wanted{};
    wanted.validity = {{now.seconds - 60}, {now.seconds + 86400}};
    wanted.common_name = kCaName;
    wanted.is_ca = true;
    ca_der_ = issue(wanted, ca_key_.public_key(), {{}, {}, ca_key_});
    const auto ca = value_of(x509::Certificate::parse(ca_der_), "the CA");
    const x509::Issuer issuer{ca.subject(), ca.subject_key_identifier(), ca_key_};
    anchor_ = {x509::TrustAnchor::from(ca)};

    wanted.is_ca = false;
    wanted.common_name = kName;
    wanted.names = {&kName, 1};
    wanted.server_auth = true;
    server = credentials(wanted, issuer, server_der_);
    wanted.common_name = kClientName;
    wanted.names = {};
    wanted.server_auth = false;
    wanted.client_auth = true;
    client = credentials(wanted, issuer, client_der_);
  }
  x509::AnchorIndex anchors() { return x509::AnchorIndex(anchor_); }
  Bytes ca_subject() const { return anchor_[0].subject(); }

  std::optional<tls::Credentials> server, client;

 private:
  static std::vector<std::uint8_t> issue(const x509::CertificateTemplate& wanted, const x509::PublicKey& key,
                                         const x509::Issuer& issuer) {
    std::uint8_t room[4096];
    const Bytes der =
        value_of(x509::issue(wanted, key, issuer, crypto::system_random(), room), "a certificate");
    return {der.begin(), der.end()};
  }
  static tls::Credentials credentials(const x509::CertificateTemplate& wanted, const x509::Issuer& issuer,
                                      std::vector<std::uint8_t>& der) {
    x509::PrivateKey key = make_private_key("p256");
    der = issue(wanted, key.public_key(), issuer);
    const Bytes chain[] = {der};
    return value_of(
        tls::Credentials::create(value_of(tls::Credential::create({chain}, std::move(key)), "a credential")),
        "credentials");
  }

  x509::PrivateKey ca_key_;
  std::vector<std::uint8_t> ca_der_, server_der_, client_der_;
  std::vector<x509::TrustAnchor> anchor_;
};

// The clock that both engines read. It stands still while they work.
struct SimulatedClock {
  asn1::Time start = posix::now();
  SimulatedTime now{};

  tls::Clock clock() {
    return {[](void* self) {
              const auto& clock = *static_cast<SimulatedClock*>(self);
              return asn1::Time{clock.start.seconds +
                                std::chrono::duration_cast<std::chrono::seconds>(clock.now).count()};
            },
            [](void* self) {
              return static_cast<std::uint64_t>(static_cast<SimulatedClock*>(self)->now.count());
            },
            this};
  }
};

// One connection. TCP is three segments here: SYN, SYN+ACK, and the ACK that goes along with the first data.
class Wire {
 public:
  Wire(SimulatedClock& clock, SimulatedTime one_way) : clock_(clock), one_way_(one_way) {}

  tls::EventSink sink(bool client) { return {&Wire::event, client ? &client_ : &server_, true, false}; }

  SimulatedRun run(const tls::ClientConfig& client_config, const tls::ServerConfig& server_config,
                   std::optional<tls::Session>& session) {
    clock_.now = {};
    tls::Server server = value_of(tls::Server::create(server_config), "the server");
    std::optional<tls::Client> client;
    send_segment("TCP SYN", true);
    while (!segments_.empty()) {
      const auto next = segments_.begin();
      clock_.now = next->first;
      const Segment segment = std::move(next->second);
      segments_.erase(next);
      if (segment.tcp != kNone) {
        run_.messages[segment.tcp].arrives = clock_.now;
        if (segment.to_server) {
          send_segment("TCP SYN+ACK", false);
        } else {
          client.emplace(value_of(tls::Client::create(client_config, kName, session ? &*session : nullptr),
                                  "the client"));
          send_output(*client, true);
        }
        continue;
      }
      tls::Connection& receiver = segment.to_server ? static_cast<tls::Connection&>(server) : *client;
      check_fed(receiver.feed(segment.bytes), segment.bytes.size());
      answer(receiver, segment.to_server);
      send_output(receiver, !segment.to_server);
    }
    if (!client || !client->handshake_done() || !server.handshake_done()) {
      throw Failure("the simulated handshake did not end");
    }
    run_.resumed = client->negotiated().resumed;
    run_.agreed = std::string(tls::name(client->negotiated().version)) + ", " +
                  std::string(client->negotiated().suite->name);
    if (auto given = client->session()) {
      session.emplace(std::move(*given));
    }
    return std::move(run_);
  }

 private:
  static constexpr std::size_t kNone = SIZE_MAX;
  struct Segment {
    bool to_server;
    std::size_t tcp;  // TCP's own message, else kNone
    std::vector<std::uint8_t> bytes;
  };
  struct Side {
    Wire& wire;
    bool client;
  };

  static void check_fed(const Result<std::size_t>& fed, std::size_t size) {
    if (!fed || *fed != size) {
      throw Failure("the simulation", fed ? Error{ErrorCode::internal_mistake} : fed.error());
    }
  }

  void send_segment(const char* name, bool from_client) {
    SimulatedMessage message;
    message.name = name;
    message.from_client = from_client;
    message.leaves = clock_.now;
    run_.messages.push_back(std::move(message));
    segments_.emplace(clock_.now + one_way_, Segment{from_client, run_.messages.size() - 1, {}});
  }

  void send_output(tls::Connection& sender, bool from_client) {
    const Bytes out = sender.pending_output();
    if (!out.empty()) {
      segments_.emplace(clock_.now + one_way_, Segment{from_client, kNone, {out.begin(), out.end()}});
      sender.sent(out.size());
    }
  }

  // The client asks as soon as it may, and the server answers what it is asked.
  void answer(tls::Connection& side, bool server) {
    const Bytes data = side.application_data();
    const bool asked = !data.empty();
    check(side.consume(data.size()), "the simulation");
    if (server ? asked : side.handshake_done() && !std::exchange(requested_, true)) {
      check_fed(side.write(bytes_of(server ? kResponse : kRequest)), (server ? kResponse : kRequest).size());
    }
  }

  static void event(void* context, const tls::Event& event) {
    const Side& side = *static_cast<Side*>(context);
    side.wire.record(side.client, event);
  }

  void record(bool client, const tls::Event& event) {
    const SimulatedTime time(event.time);
    if (const auto* const message = std::get_if<tls::MessageEvent>(&event.what)) {
      note(client, event, std::string(tls::name(message->type)), 4 + message->body.size());
    } else if (std::holds_alternative<tls::ChangeCipherSpecEvent>(event.what)) {
      note(client, event, "ChangeCipherSpec", 1);
    } else if (const auto* const made = std::get_if<tls::RecordEvent>(&event.what)) {
      if (made->type == tls::ContentType::application_data) {
        note(client, event, client == (event.direction == tls::Direction::sent) ? "request" : "response",
             made->plaintext_size);
      }
    } else if (std::holds_alternative<tls::HandshakeDoneEvent>(event.what)) {
      (client ? run_.client_done : run_.server_done) = time;
    } else if (const auto* const failed = std::get_if<tls::ErrorEvent>(&event.what)) {
      throw Failure(client ? "the simulated client" : "the simulated server", failed->error);
    }
  }

  // A message leaves; or the first of its name that is under way in this direction arrives.
  void note(bool client, const tls::Event& event, std::string name, std::size_t size) {
    const SimulatedTime time(event.time);
    const bool sent = event.direction == tls::Direction::sent, from_client = client == sent;
    if (sent) {
      run_.messages.push_back({std::move(name), from_client, event.phase, size, time, SimulatedTime(-1)});
      return;
    }
    for (SimulatedMessage& message : run_.messages) {
      if (message.from_client == from_client && message.name == name && message.arrives.count() < 0) {
        message.arrives = time;
        return;
      }
    }
    throw Failure("the simulation: " + name + " arrives, and nobody sent it");
  }

  SimulatedClock& clock_;
  const SimulatedTime one_way_;
  std::multimap<SimulatedTime, Segment> segments_;  // by the time of arrival; equal ones in order
  SimulatedRun run_;
  Side client_{*this, true}, server_{*this, false};
  bool requested_ = false;
};

}  // namespace

std::vector<SimulatedRun> simulate(const SimulationOptions& options, bool resume) {
  SimulatedClock clock;
  People people(clock.start);
  tls::Policy policy = tls::policy::modern;
  policy.versions = {&options.version, 1};
  const tls::TrustAnchors trust(people.anchors());
  std::vector<std::uint8_t> memory(kSessionMemory);
  tls::SharedSessionStore sessions(memory);
  const tls::Resumption store = sessions.resumption();
  const Bytes issuers[] = {people.ca_subject()};

  std::vector<SimulatedRun> runs;
  std::optional<tls::Session> session;
  for (int i = 0; i < (resume ? 2 : 1); ++i) {
    Wire wire(clock, options.one_way);
    tls::ClientConfig client = posix::client_config(trust.verifier());
    client.policy = &policy;
    client.clock = clock.clock();
    client.events = wire.sink(true);
    tls::ServerConfig server = posix::server_config(*people.server);
    server.policy = &policy;
    server.clock = clock.clock();
    server.events = wire.sink(false);
    server.sessions = &store;
    if (options.client_certificate) {
      client.credentials = &*people.client;
      server.verifier = trust.verifier();
      server.client_ca_names = issuers;
      server.client_authentication = tls::ClientAuthentication::require;
    }
    runs.push_back(wire.run(client, server, session));
  }
  return runs;
}

}  // namespace ashlar::cli
