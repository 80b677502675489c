// SPDX-License-Identifier: Apache-2.0
// For any damage to the bytes of an answer, get and client report the right ending. The server reports what
// became of a request.
#include "catch.hpp"
#include "cli/server/servers.hpp"

#include <atomic>
#include <functional>

using namespace ashlar::test;
using namespace ashlar;

namespace {

enum class Harm { cut, reset, forge };

const char kAnswer[] = "HTTP/1.0 200 OK\r\n\r\nhello";

// A server that does a handshake, takes a request, and sends its answer and close_notify with one kind of
// damage at one byte. Serves one connection after the other.
class HarmfulServer {
 public:
  HarmfulServer() : server_([this](const posix::Socket& socket) { serve(socket); }) {}
  const std::string& port() const { return server_.port; }
  std::atomic<Harm> harm{Harm::cut};
  std::atomic<std::size_t> at{0};
  std::atomic<std::size_t> size{0};       // of answer and close_notify
  std::atomic<std::size_t> data_ends{0};  // where close_notify begins

 private:
  void serve(const posix::Socket& socket) {
    auto server = tls::Server::create(config_);
    posix::Stream stream(*server, socket);
    if (!stream.read() || !server->write(bytes_of(std::string_view(kAnswer)))) {
      return;
    }
    const std::size_t data_size = server->pending_output().size();
    server->close();
    const Bytes pending = server->pending_output();
    std::vector<std::uint8_t> bytes(pending.begin(), pending.end());
    data_ends = data_size;
    size = bytes.size();
    if (harm == Harm::forge) {
      bytes[at] ^= 0x01;
    } else {
      bytes.resize(at);
    }
    (void)!::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (harm == Harm::reset) {
      const linger now{1, 0};
      ::setsockopt(socket.get(), SOL_SOCKET, SO_LINGER, &now, sizeof now);
      return;
    }
    end_in_order(socket);
  }

  const tls::Credentials credentials_ = server_credentials();
  const tls::ServerConfig config_ = posix::server_config(credentials_);
  LoopbackServer server_;
};

bool begins_like_answer(const std::string& body, const std::string& whole) {
  return whole.starts_with(body);
}

}  // namespace

TEST_CASE("get and client: an answer cut, reset or forged at any byte is told as that", "[cli]") {
  const Folder folder;
  HarmfulServer server;
  const auto get = [&] {
    return run_tool(folder, {"get", "--trust", identities().ca, "https://localhost:" + server.port() + "/"});
  };
  const auto talk = [&] {
    return run_tool(folder,
                    {"client", "--trust", identities().ca, "--keep-open", "localhost:" + server.port()}, "x");
  };
  server.at = 0;
  (void)get();
  const std::size_t size = server.size, data_ends = server.data_ends;
  REQUIRE(size > data_ends);
  for (const Harm harm : {Harm::cut, Harm::reset, Harm::forge}) {
    for (std::size_t at = 0; at < size + (harm == Harm::forge ? 0u : 1u); ++at) {
      INFO((harm == Harm::cut     ? "cut"
            : harm == Harm::reset ? "reset"
                                  : "forged")
           << " at " << at << " of " << size);
      server.harm = harm;
      server.at = at;
      const Finished got = get();
      INFO(got.out << got.err);
      CHECK(begins_like_answer(got.out, "hello"));
      const Finished said = talk();
      INFO(said.out << said.err);
      CHECK(begins_like_answer(said.out, kAnswer));
      if (harm != Harm::forge && at == size) {
        // All of it came, but a reset directly behind may still overtake it.
        if (harm == Harm::cut) {
          CHECK(got.status == 0);
          CHECK(got.out == "hello");
          CHECK(said.status == 0);
        }
        continue;
      }
      // Never success: only close_notify shows the end of this body.
      CHECK(got.status != 0);
      CHECK(said.status != 0);
      if (harm == Harm::cut) {
        CHECK(got.status == (at < data_ends ? 9 : 6));
        CHECK(said.status == 6);
        CHECK(has(said.err, "close_notify"));
      } else if (harm == Harm::forge && at >= data_ends + 5) {
        CHECK(got.status == 4);
        CHECK(got.out == "hello");
        CHECK(has(got.err, "forged or damaged"));
        CHECK(said.status == 4);
        CHECK(has(said.err, "forged or damaged"));
      } else if (harm == Harm::forge && at >= 5 && at < data_ends) {
        CHECK(got.status == 4);
        CHECK(got.out.empty());
        CHECK(has(got.err, "forged or damaged"));
      }
    }
  }
}

namespace {

// How many requests were harmed in which way, behind the head of their record for forged ones.
struct Harmed {
  std::size_t cut = 0, forged = 0;
};

// Sends a request once for each of its bytes, cut there, and once forged there, and hands over what comes
// back.
Harmed harm_requests(const std::string& port, const std::string& request,
                     const std::function<void(const std::string&)>& judge) {
  const TrustingClients trusting;
  Harmed harmed;
  std::size_t size = 1;
  for (std::size_t at = 0; at < size; ++at) {
    for (const Harm harm : {Harm::cut, Harm::forge}) {
      INFO((harm == Harm::cut ? "cut" : "forged") << " at " << at);
      auto socket = posix::dial("127.0.0.1", port.c_str());
      REQUIRE(socket);
      auto client = tls::Client::create(trusting.config, "localhost");
      REQUIRE(client);
      posix::Stream stream(*client, *socket);
      REQUIRE(stream.handshake());
      REQUIRE(client->write(bytes_of(request)));
      const Bytes pending = client->pending_output();
      std::vector<std::uint8_t> bytes(pending.begin(), pending.end());
      client->sent(bytes.size());
      size = bytes.size();
      if (harm == Harm::cut) {
        bytes.resize(at);
        ++harmed.cut;
      } else {
        bytes[at] ^= 0x01;
        harmed.forged += at >= 5 ? 1u : 0u;
      }
      REQUIRE(::send(socket->get(), bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
              static_cast<ssize_t>(bytes.size()));
      ::shutdown(socket->get(), SHUT_WR);
      std::string all;
      while (const auto answer = stream.read()) {
        all += text_of(*answer);
        if (answer->empty()) {
          break;
        }
      }
      judge(all);
    }
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  return harmed;
}

std::size_t count_of(const std::string& text, const std::string& phrase) {
  std::size_t found = 0;
  for (std::size_t at = text.find(phrase); at != std::string::npos; at = text.find(phrase, at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("server: a request cut or forged at any byte is told as that, and never answered as whole",
          "[cli]") {
  const Folder folder;
  Server server(folder, {"--verbose"});
  const Harmed harmed = harm_requests(server.port, "GET / HTTP/1.0\r\n\r\n",
                                      [](const std::string& answer) { CHECK(!has(answer, "200 OK")); });
  const std::string log = server.process().err();
  CHECK(count_of(log, "a record was forged or damaged") >= harmed.forged);
  CHECK(count_of(log, "ended without close_notify") >= harmed.cut);
  CHECK(count_of(log, "GET / 200") == 0);
}

#ifdef ASHLAR_HTTPS_GET

TEST_CASE("example https_get: an answer cut, reset or forged at any byte is told as that", "[cli]") {
  const Folder folder;
  HarmfulServer server;
  const auto get = [&] {
    return run(folder, {ASHLAR_HTTPS_GET, "localhost", "/", server.port(), identities().ca});
  };
  (void)get();
  const std::size_t size = server.size, data_ends = server.data_ends;
  REQUIRE(size > data_ends);
  for (const Harm harm : {Harm::cut, Harm::reset, Harm::forge}) {
    for (std::size_t at = 0; at < size; ++at) {
      server.harm = harm;
      server.at = at;
      const Finished got = get();
      INFO(static_cast<int>(harm) << " at " << at << " of " << size << ": " << got.out << got.err);
      CHECK(begins_like_answer(got.out, kAnswer));
      // Never a whole page, and one line that says why.
      CHECK(got.status == 1);
      CHECK(count_of(got.err, "\n") == 1);
      CHECK(!has(got.err, "errno"));
      if (harm == Harm::cut) {
        CHECK(has(got.err, "ended without close_notify"));
      } else if (harm == Harm::forge && ((at >= 5 && at < data_ends) || at >= data_ends + 5)) {
        CHECK(has(got.err, "forged or damaged"));
        CHECK(got.out == (at < data_ends ? "" : kAnswer));
      } else if (harm == Harm::reset) {
        CHECK((has(got.err, "Connection reset by peer") || has(got.err, "ended without close_notify")));
      }
    }
  }
  server.harm = Harm::cut;
  server.at = size;
  const Finished whole = get();
  CHECK(whole.status == 0);
  CHECK(whole.out == kAnswer);
  CHECK(whole.err.empty());
}

TEST_CASE("example echo_server: a request cut or forged at any byte is told as that", "[cli]") {
  const Folder folder;
  Process server(folder, {ASHLAR_ECHO_SERVER, identities().server, identities().server_key});
  const Harmed harmed =
      harm_requests(server.port(), "hello", [](const std::string& answer) { CHECK(answer.empty()); });
  const std::string log = server.err();
  INFO(log);
  CHECK(count_of(log, "a record was forged or damaged") >= harmed.forged);
  CHECK(count_of(log, "ended without close_notify") >= harmed.cut);
  CHECK(!has(log, "errno"));
}

TEST_CASE("examples: what the system refuses is told in its words", "[cli]") {
  const Folder folder;
  const Finished closed = run(folder, {ASHLAR_HTTPS_GET, "localhost", "/", "1", identities().ca});
  CHECK(closed.status == 1);
  CHECK(has(closed.err, "Connection refused"));
  const Finished absent = run(folder, {ASHLAR_HTTPS_GET, "localhost", "/", "1", folder / "absent"});
  CHECK(has(absent.err, "No such file or directory"));
  const Finished server = run(folder, {ASHLAR_ECHO_SERVER, folder / "absent", folder / "absent"});
  CHECK(server.status == 1);
  CHECK(has(server.err, "No such file or directory"));
}

#endif
