// SPDX-License-Identifier: Apache-2.0
// posix::Stream over real sockets: for any damage to the peer's bytes, a reader is told the right ending
// (T09, T12).
#include "catch.hpp"
#include "tls/support/endpoint.hpp"
#include "tls/support/pipe.hpp"

#include <ashlar/posix.hpp>

#include <netinet/in.h>

using namespace ashlar;
using namespace ashlar::test;

namespace {

// Two connected sockets on the loopback interface, so that resets are real ones.
struct Sockets {
  Sockets() : ours(-1), theirs(-1) {
    const posix::Socket listener(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const auto any = reinterpret_cast<sockaddr*>(&address);
    REQUIRE(::bind(listener.get(), any, size) == 0);
    REQUIRE(::listen(listener.get(), 1) == 0);
    REQUIRE(::getsockname(listener.get(), any, &size) == 0);
    ours = posix::Socket(::socket(AF_INET, SOCK_STREAM, 0));
    REQUIRE(::connect(ours.get(), any, size) == 0);
    theirs = posix::Socket(::accept(listener.get(), nullptr, nullptr));
    REQUIRE(theirs.get() >= 0);
    const timeval limit{10, 0};
    REQUIRE(::setsockopt(ours.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) == 0);
  }
  void peer_sends(Bytes bytes) const {
    REQUIRE(::send(theirs.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
            static_cast<ssize_t>(bytes.size()));
  }
  void peer_closes() { theirs = posix::Socket(-1); }
  // Closes with a reset instead of a FIN.
  void peer_resets() {
    const linger now{1, 0};
    REQUIRE(::setsockopt(theirs.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now) == 0);
    peer_closes();
  }

  posix::Socket ours, theirs;
};

const Buffer& page() {
  static const Buffer bytes = noise(90, 3);
  return bytes;
}

// A client and a server after a handshake in memory, and the server's output: two records and
// close_notify.
struct Scene {
  Scene() : client(setup.make_client()), server(setup.make_server()) {
    for (int i = 0; i < 4; i++) {
      REQUIRE(!feed_all(server, drain(client)));
      REQUIRE(!feed_all(client, drain(server)));
    }
    REQUIRE(client.handshake_done());
    REQUIRE(server.write(Bytes(page()).first(40)));
    REQUIRE(server.write(Bytes(page()).subspan(40)));
    data_ends = server.pending_output().size();
    server.close();
    response = drain(server);
  }

  Setup setup;
  tls::Client client;
  tls::Server server;
  Buffer response;
  std::size_t data_ends = 0;
};

struct Told {
  Buffer data;
  std::optional<Error> error;  // nothing: an orderly end
};

Told read_all(posix::Stream& stream) {
  Told told;
  while (true) {
    const auto data = stream.read();
    if (!data) {
      told.error = data.error();
      // The error stays.
      const auto again = stream.read();
      CHECK(!again);
      return told;
    }
    if (data->empty()) {
      const auto again = stream.read();
      CHECK((again && again->empty()));
      return told;
    }
    told.data.insert(told.data.end(), data->begin(), data->end());
  }
}

bool is_start_of_page(const Buffer& data) {
  return data.size() <= page().size() && std::equal(data.begin(), data.end(), page().begin());
}

}  // namespace

TEST_CASE("posix stream: T09 a response cut at any byte is no orderly end, and the whole one is") {
  const std::size_t size = Scene().response.size();
  for (std::size_t cut = 0; cut <= size; cut++) {
    INFO("cut after " << cut << " of " << size);
    Scene scene;
    Sockets sockets;
    posix::Stream stream(scene.client, sockets.ours);
    sockets.peer_sends(Bytes(scene.response).first(cut));
    sockets.peer_closes();
    const Told told = read_all(stream);
    CHECK(is_start_of_page(told.data));
    if (cut == size) {
      CHECK(!told.error);
      CHECK((told.data == page()));
    } else {
      REQUIRE(told.error);
      CHECK(*told.error == ErrorCode::truncated_connection);
    }
  }
}

TEST_CASE("posix stream: T12 a response reset at any byte is told as cut or reset, never as an orderly end") {
  const std::size_t size = Scene().response.size();
  for (std::size_t cut = 0; cut <= size; cut++) {
    INFO("reset after " << cut << " of " << size);
    Scene scene;
    Sockets sockets;
    posix::Stream stream(scene.client, sockets.ours);
    sockets.peer_sends(Bytes(scene.response).first(cut));
    sockets.peer_resets();
    const Told told = read_all(stream);
    CHECK(is_start_of_page(told.data));
    if (told.error) {
      const bool reset = *told.error == ErrorCode::system_call_failed && told.error->detail == ECONNRESET;
      CHECK((reset || *told.error == ErrorCode::truncated_connection));
    } else {
      CHECK(cut == size);
      CHECK((told.data == page()));
    }
  }
}

TEST_CASE("posix stream: T12 a response with any byte forged is told as forged, with all before it") {
  const std::size_t size = Scene().response.size();
  for (std::size_t at = 0; at < size; at++) {
    for (const bool at_once : {true, false}) {
      INFO("forged at " << at << " of " << size << (at_once ? ", in one piece" : ", in two pieces"));
      Scene scene;
      Sockets sockets;
      posix::Stream stream(scene.client, sockets.ours);
      scene.response[at] ^= 0x01;
      const Bytes response(scene.response);
      if (at_once) {
        sockets.peer_sends(response);
      } else {
        sockets.peer_sends(response.first(at));
        sockets.peer_sends(response.subspan(at));
      }
      sockets.peer_closes();
      const Told told = read_all(stream);
      CHECK(is_start_of_page(told.data));
      REQUIRE(told.error);
      // A length that was increased looks like a cut. Every other damage is reported as it is.
      CHECK_FALSE(*told.error == ErrorCode::system_call_failed);
      if (at >= scene.data_ends + 5) {
        CHECK((told.data == page()));
        CHECK(*told.error == ErrorCode::bad_record_mac);
      }
    }
  }
}

TEST_CASE(
    "posix stream: T12 an orderly end stays one if its answer cannot be sent, and is answered if it can") {
  for (const bool can_send : {false, true}) {
    Scene scene;
    Sockets sockets;
    posix::Stream stream(scene.client, sockets.ours);
    if (!can_send) {
      REQUIRE(::shutdown(sockets.ours.get(), SHUT_WR) == 0);
    }
    const Bytes response(scene.response);
    sockets.peer_sends(response.first(scene.data_ends));
    for (const std::size_t size : {std::size_t{40}, std::size_t{50}}) {
      const auto data = stream.read();
      REQUIRE(data);
      CHECK(data->size() == size);
    }
    // Alone, so that the answer to it cannot be sent.
    sockets.peer_sends(response.subspan(scene.data_ends));
    const Told told = read_all(stream);
    CHECK(told.data.empty());
    CHECK(!told.error);
    std::uint8_t answer[100];
    const ssize_t count = ::recv(sockets.theirs.get(), answer, sizeof answer, MSG_DONTWAIT);
    CHECK((count > 0) == can_send);
  }
}

TEST_CASE("posix stream: T12 a fatal alert is told by write() where sending fails") {
  Setup setup;
  auto client = setup.make_client();
  Sockets sockets;
  posix::Stream stream(client, sockets.ours);
  const std::uint8_t alert[] = {21, 3, 3, 0, 2, 2, 40};
  sockets.peer_sends(alert);
  sockets.peer_closes();
  REQUIRE(::shutdown(sockets.ours.get(), SHUT_WR) == 0);
  const auto written = stream.write(page());
  REQUIRE(!written);
  CHECK(written.error() == ErrorCode::peer_alert);
  CHECK(written.error().detail == 40);
}

TEST_CASE("posix stream: a key that works outside is asked for, not waited for") {
  Setup setup;
  Identity outside(pem::kEcdsaServer, ecdsa_key(), true);
  setup.server.credentials = &outside.credentials;
  setup.use(tls::kEcdheEcdsaAes128GcmSha256);
  auto server = setup.make_server();
  auto client = setup.make_client();
  Sockets sockets;
  posix::Stream stream(server, sockets.ours);
  sockets.peer_sends(drain(client));
  const auto done = stream.handshake();
  REQUIRE(!done);
  CHECK(done.error() == ErrorCode::private_key_request_pending);
  CHECK(server.wants().has(tls::Want::sign));
}

TEST_CASE("posix stream: sessions that are fetched from outside are asked for, not waited for") {
  Setup setup;
  setup.resumable();
  std::optional<tls::Session> session;
  {
    auto client = setup.make_client();
    auto server = setup.make_server();
    Pipe pipe(client, server);
    REQUIRE(pipe.run());
    session.emplace(*client.session());
  }
  setup.server.fetch_sessions = true;
  auto server = setup.make_server();
  auto client = setup.make_client(&*session);
  Sockets sockets;
  posix::Stream stream(server, sockets.ours);
  sockets.peer_sends(drain(client));
  const auto done = stream.handshake();
  REQUIRE(!done);
  CHECK(done.error() == ErrorCode::session_request_pending);
  REQUIRE(server.sessions_fetched());
  REQUIRE_FALSE(feed_all(client, drain(server)));
  sockets.peer_sends(drain(client));
  CHECK(stream.handshake());
  CHECK(client.negotiated().resumed);
}

TEST_CASE("posix stream: a credential that is chosen outside is asked for, not waited for") {
  Setup setup;
  setup.server.ask_for_credential = true;
  auto server = setup.make_server();
  auto client = setup.make_client();
  Sockets sockets;
  posix::Stream stream(server, sockets.ours);
  sockets.peer_sends(drain(client));
  const auto done = stream.handshake();
  REQUIRE(!done);
  CHECK(done.error() == ErrorCode::credential_request_pending);
  REQUIRE(server.provide_credential(setup.ecdsa.credential));
  REQUIRE_FALSE(feed_all(client, drain(server)));
  sockets.peer_sends(drain(client));
  CHECK(stream.handshake());
}
