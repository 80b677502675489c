// SPDX-License-Identifier: Apache-2.0
// Handshakes in memory, both sides together, with a certificate and resumed. Servers alone, one after the
// other and in batches. Also records.
#include "support/identity.hpp"
#include "support/runner.hpp"

#include <ashlar/posix.hpp>
#include <ashlar/tls/batch_signer.hpp>
#include <ashlar/tls/ticket_keys.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace ashlar::measure {

namespace {

// TLS 1.3 by X25519 alone, which peers without ML-KEM have too.
const tls::Policy& tls13_x25519() {
  static constexpr const tls::Group* kGroups[] = {&tls::kX25519};
  static const tls::Policy policy = [] {
    tls::Policy made = tls::policy::tls13;
    made.groups = kGroups;
    return made;
  }();
  return policy;
}

// A client and a server that fit each other.
struct Pair {
  explicit Pair(bool rsa, const tls::Policy& policy = tls::policy::tls12)
      : parties(identity(rsa)), ca(must(x509::Certificate::parse(parties.ca))) {
    client_config.alpn = {};
    client_config.policy = server_config.policy = &policy;
    // Each resumption of TLS 1.3 makes a new session, which would push the first out of the store.
    if (policy.speaks(tls::ProtocolVersion::tls13)) {
      if (!keys.rotate(server_config.random, server_config.clock.now(server_config.clock.context))) {
        std::abort();
      }
      server_config.tickets = &tickets;
    } else {
      server_config.sessions = &store;
    }
  }
  Pair(const Pair&) = delete;

  const Identity& parties;
  x509::Certificate ca;
  Bytes chain[1] = {parties.leaf};
  tls::Credentials credentials =
      must(tls::Credentials::create(must(tls::Credential::create({chain}, tls::local_signer(*parties.key)))));
  x509::TrustAnchor anchors[1] = {x509::TrustAnchor::from(ca)};
  tls::TrustAnchors trust{x509::AnchorIndex(anchors)};
  std::vector<tls::MemorySessionStore::Slot> slots = std::vector<tls::MemorySessionStore::Slot>(64);
  tls::MemorySessionStore sessions{slots};
  tls::Resumption store = sessions.resumption();
  tls::TicketKeys keys;
  tls::Resumption tickets = keys.resumption();
  tls::ServerConfig server_config = posix::server_config(credentials);
  tls::ClientConfig client_config = posix::client_config(trust.verifier());
};

bool carry(tls::Connection& from, tls::Connection& to) {
  for (Bytes out = from.pending_output(); !out.empty(); out = from.pending_output()) {
    const auto taken = to.feed(out);
    if (!taken || *taken == 0) {
      return false;
    }
    from.sent(*taken);
  }
  return true;
}

bool shake(tls::Client& client, tls::Server& server) {
  while (!client.handshake_done() || !server.handshake_done()) {
    if (!carry(client, server) || !carry(server, client)) {
      return false;
    }
  }
  return true;
}

struct Connection {
  explicit Connection(const Pair& pair, const tls::Session* session = nullptr)
      : client(must(tls::Client::create(pair.client_config, "localhost", session))),
        server(must(tls::Server::create(pair.server_config))) {}
  tls::Client client;
  tls::Server server;
};

Work handshake(bool rsa, bool resumed, const tls::Policy& policy = tls::policy::tls12) {
  auto pair = std::make_unique<Pair>(rsa, policy);
  Connection first(*pair);
  // A ticket of TLS 1.3 comes after the handshake.
  if (!shake(first.client, first.server) || !carry(first.server, first.client)) {
    return {};
  }
  return repeat([pair = std::move(pair), session = must(first.client.session()), resumed] {
    Connection next(*pair, resumed ? &session : nullptr);
    return shake(next.client, next.server) && next.client.negotiated().resumed == resumed;
  });
}

constexpr std::size_t kServers = 64;

// Servers from their creation until their whole flight is out, by a ClientHello that was recorded once: what
// a handshake costs the server, but for the client's Finished.
struct Flights {
  Flights(bool rsa, bool in_batches) : pair(rsa, tls13_x25519()), batch(in_batches) {
    pair.server_config.batch = batch;
    const tls::Client client = must(tls::Client::create(pair.client_config, "localhost"));
    hello.assign(client.pending_output().begin(), client.pending_output().end());
    servers.reserve(kServers);
  }

  // One more connection comes.
  bool begin() {
    servers.push_back(must(tls::Server::create(pair.server_config)));
    const auto taken = servers.back().feed(hello);
    return taken && *taken == hello.size() && (!batch || signer.add(servers.back()));
  }
  // What the batch still has to do.
  bool finish() {
    while (!signer.empty()) {
      signer.run();
      for (const tls::Server& server : servers) {
        (void)signer.add(server);
      }
    }
    bool good = true;
    for (const tls::Server& server : servers) {
      good = good && !server.error() && server.pending_output().size() > 600;
    }
    servers.clear();
    return good;
  }

  Pair pair;
  const bool batch;
  std::vector<std::uint8_t> hello;
  std::vector<tls::Server> servers;
  tls::BatchSigner signer{pair.server_config.random};
};

Work flights(bool rsa, bool batch) {
  return repeat([all = std::make_unique<Flights>(rsa, batch)] {
    for (std::size_t i = 0; i < kServers; ++i) {
      if (!all->begin() || (!all->batch && !all->finish())) {
        return false;
      }
    }
    return all->finish();
  });
}

// A record written by the client and read by the server.
Work record(std::size_t size) {
  auto pair = std::make_unique<Pair>(false);
  auto connection = std::make_unique<Connection>(*pair);
  if (!shake(connection->client, connection->server)) {
    return {};
  }
  return repeat([pair = std::move(pair), connection = std::move(connection), data = filler(size)] {
    auto& [client, server] = *connection;
    if (must(client.write(data)) != data.size()) {
      return false;
    }
    while (!client.pending_output().empty()) {
      client.sent(must(server.feed(client.pending_output())));
      if (!server.consume(server.application_data().size())) {
        return false;
      }
    }
    return true;
  });
}

// Seconds that this thread has worked. Others on the machine do not count.
double worked() {
  timespec time{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Connections come at random, on average one each `gap` seconds, and a server of one core works on all that
// have come, as an event loop does: its clock stands for the work done, and leaps where there is none. The
// time from coming to the flight's end, of each.
std::vector<double> latencies(Flights& all, double gap, std::size_t count) {
  std::uint64_t state = 2048;
  const auto draw = [&] {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return -gap * std::log((static_cast<double>(state >> 11) + 0.5) / 9007199254740992.0);
  };
  std::vector<double> arrivals, out;
  for (double at = draw(); arrivals.size() < count; at += draw()) {
    arrivals.push_back(at);
  }
  double now = 0;
  std::size_t next = 0;
  while (next < count) {
    now = std::max(now, arrivals[next]);
    const std::size_t first = next;
    const double start = worked();
    // Those that come while the first are looked at belong to the turn, in a batch.
    const std::size_t most = all.batch ? kServers : 1;
    while (next < count && next - first < most && arrivals[next] <= now + worked() - start) {
      next += all.begin() ? 1 : count;
    }
    if (!all.finish()) {
      std::abort();
    }
    now += worked() - start;
    for (std::size_t i = first; i < std::min(next, count); ++i) {
      out.push_back(now - arrivals[i]);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

void print_latency() {
  constexpr std::size_t kCount = 2000;
  std::printf("%-10s %6s %14s %23s %23s\n", "", "load", "handshakes/s", "one by one, us", "in batches, us");
  std::printf("%-10s %6s %14s %7s %7s %7s %7s %7s %7s\n", "", "", "", "median", "mean", "99 %", "median",
              "mean", "99 %");
  for (const bool rsa : {false, true}) {
    Flights alone(rsa, false), batch(rsa, true);
    (void)latencies(alone, 1e9, 100);  // warms up
    const std::vector<double> lone = latencies(alone, 1e9, 400);
    const double cost = lone[lone.size() / 2];
    for (const double load : {0.0, 0.25, 0.5, 0.75, 0.9, 1.5, 2.0}) {
      const double gap = load == 0 ? 1e9 : cost / load;
      std::printf("%-10s %5.0f%% %14.0f", rsa ? "rsa-2048" : "p-256", 100 * load, load == 0 ? 0 : 1 / gap);
      for (Flights* const each : {&alone, &batch}) {
        const std::vector<double> all = latencies(*each, gap, kCount);
        double sum = 0;
        for (const double one : all) {
          sum += one;
        }
        std::printf(" %7.0f %7.0f %7.0f", 1e6 * all[kCount / 2], 1e6 * sum / kCount,
                    1e6 * all[kCount * 99 / 100]);
      }
      std::printf("\n");
    }
  }
}

void add_tls() {
  for (const bool rsa : {false, true}) {
    const std::string kind = rsa ? ", ecdhe-rsa-2048" : ", ecdhe-p-256";
    Group("handshake" + kind).add("ashlar", [=] { return handshake(rsa, false); });
    Group("handshake resumed" + kind).add("ashlar", [=] { return handshake(rsa, true); });
  }
  for (const bool rsa : {false, true}) {
    const std::string kind = rsa ? ", rsa-2048" : ", p-256";
    Group("handshake tls 1.3, x25519" + kind).add("ashlar", [=] {
      return handshake(rsa, false, tls13_x25519());
    });
    Group("handshake tls 1.3, x25519mlkem768" + kind).add("ashlar", [=] {
      return handshake(rsa, false, tls::policy::tls13);
    });
  }
  Group("handshake tls 1.3 resumed, x25519").add("ashlar", [] {
    return handshake(false, true, tls13_x25519());
  });
  Group("handshake tls 1.3 resumed, x25519mlkem768").add("ashlar", [] {
    return handshake(false, true, tls::policy::tls13);
  });
  for (const bool rsa : {false, true}) {
    Group group(std::string("server flight tls 1.3, x25519") + (rsa ? ", rsa-2048" : ", p-256"), 0, kServers);
    group.add("ashlar batch", [=] { return flights(rsa, true); });
    group.add("ashlar", [=] { return flights(rsa, false); });
  }
  for (const std::size_t size : {64u, 1350u, 16384u}) {
    Group("record written and read, ecdhe-p-256", size).add("ashlar", [=] { return record(size); });
  }
}

}  // namespace ashlar::measure
