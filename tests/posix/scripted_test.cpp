// SPDX-License-Identifier: Apache-2.0
// posix::Stream over system calls that a script makes: each may be short, be interrupted, fail, or end, at
// any call. This file has posix.hpp to itself, with these calls in the place of the system's.
#include <sys/socket.h>
#include <sys/types.h>

extern "C" {
ssize_t scripted_recv(int socket, void* buffer, size_t size, int flags);
ssize_t scripted_send(int socket, const void* buffer, size_t size, int flags);
}
#define recv scripted_recv
#define send scripted_send
#include <ashlar/posix.hpp>
#undef recv
#undef send

#include "catch.hpp"
#include "tls/support/endpoint.hpp"

#include <algorithm>

using namespace ashlar;
using namespace ashlar::test;

namespace {

// What becomes of one call.
enum class Fate { whole, short_one, interrupted, fails, cannot_send, ends };

// A peer behind the calls: a server in memory.
struct Peer {
  explicit Peer(Setup& setup) : server(setup.make_server()) {}

  std::size_t calls = 0;
  std::size_t at = ~std::size_t{0};  // which call has the fate; all others are whole
  bool always = false;               // or every one from there on
  Fate fate = Fate::whole;
  tls::Server server;
  Buffer to_client;
  Buffer heard;
  bool answered = false;

  Fate next() {
    const std::size_t call = calls++;
    return call == at || (always && call >= at) ? fate : Fate::whole;
  }
  void turn() {
    const Buffer out = drain(server);
    to_client.insert(to_client.end(), out.begin(), out.end());
    if (!answered && heard.size() == 18) {
      answered = true;
      REQUIRE(server.write(bytes_of("the answer")));
      server.close();
      turn();
    }
  }
};
Peer* peer = nullptr;

}  // namespace

ssize_t scripted_recv(int, void* buffer, size_t size, int) {
  peer->turn();
  const Fate fate = peer->next();
  if (fate == Fate::interrupted || fate == Fate::fails) {
    errno = fate == Fate::interrupted ? EINTR : ECONNRESET;
    return -1;
  }
  if (fate == Fate::ends) {
    return 0;
  }
  const std::size_t count = std::min({size, peer->to_client.size(), fate == Fate::short_one ? 1 : size});
  std::copy_n(peer->to_client.begin(), count, static_cast<std::uint8_t*>(buffer));
  peer->to_client.erase(peer->to_client.begin(),
                        peer->to_client.begin() + static_cast<std::ptrdiff_t>(count));
  return static_cast<ssize_t>(count);
}

ssize_t scripted_send(int, const void* buffer, size_t size, int flags) {
  CHECK((flags & MSG_NOSIGNAL) != 0);  // a peer that is gone ends no process
  const Fate fate = peer->next();
  if (fate == Fate::interrupted || fate == Fate::fails || fate == Fate::cannot_send || fate == Fate::ends) {
    errno = fate == Fate::interrupted ? EINTR : EPIPE;
    return -1;
  }
  const std::size_t count = fate == Fate::short_one ? 1 : size;
  const auto error = feed_all(peer->server, {static_cast<const std::uint8_t*>(buffer), count}, &peer->heard);
  CHECK_FALSE(error);
  return static_cast<ssize_t>(count);
}

namespace {

struct Told {
  std::string answer;
  bool ended = false;
  std::optional<Error> error;
};

// A question and its answer.
Told ask(posix::Stream& stream) {
  Told told;
  if (const auto written = stream.write(bytes_of("this is a question")); !written) {
    told.error = written.error();
    return told;
  }
  while (true) {
    const auto data = stream.read();
    if (!data) {
      told.error = data.error();
      return told;
    }
    if (data->empty()) {
      told.ended = true;
      return told;
    }
    told.answer += text_of(*data);
  }
}

Told with_fate(std::size_t at, Fate fate, bool always = false, std::size_t* calls = nullptr) {
  Setup setup;
  Peer here(setup);
  here.at = at;
  here.fate = fate;
  here.always = always;
  peer = &here;
  tls::Client client = setup.make_client();
  const posix::Socket socket(-1);
  posix::Stream stream(client, socket);
  const Told told = ask(stream);
  if (calls != nullptr) {
    *calls = here.calls;
  }
  return told;
}

std::size_t calls_of_a_life() {
  std::size_t calls = 0;
  const Told told = with_fate(~std::size_t{0}, Fate::whole, false, &calls);
  CHECK(told.answer == "the answer");
  CHECK(told.ended);
  CHECK(calls >= 5);
  return calls;
}

}  // namespace

TEST_CASE("posix stream: calls that are short or interrupted, one or all, change nothing") {
  const std::size_t calls = calls_of_a_life();
  for (const Fate fate : {Fate::short_one, Fate::interrupted}) {
    for (std::size_t at = 0; at < calls; ++at) {
      INFO("call " << at);
      const Told told = with_fate(at, fate);
      CHECK_FALSE(told.error);
      CHECK(told.answer == "the answer");
      CHECK(told.ended);
    }
  }
  const Told bytewise = with_fate(0, Fate::short_one, true);
  CHECK_FALSE(bytewise.error);
  CHECK(bytewise.answer == "the answer");
}

TEST_CASE("posix stream: a call that fails is told, and no answer is taken for a whole one") {
  const std::size_t calls = calls_of_a_life();
  for (std::size_t at = 0; at < calls; ++at) {
    INFO("call " << at);
    const Told told = with_fate(at, Fate::fails, true);
    const bool whole = told.answer == "the answer" && told.ended;
    // Once the end in order is read, what cannot be sent any more is no loss.
    CHECK(told.error.has_value() != told.ended);
    if (told.error) {
      CHECK(*told.error == ErrorCode::system_call_failed);
      const auto number = static_cast<int>(told.error->detail);
      CHECK((number == ECONNRESET || number == EPIPE));
    } else {
      CHECK(whole);
    }
  }
}

TEST_CASE("posix stream: a send that fails is told, though the peer can still be heard") {
  const std::size_t calls = calls_of_a_life();
  std::size_t told_of = 0;
  for (std::size_t at = 0; at < calls; ++at) {
    INFO("call " << at);
    const Told told = with_fate(at, Fate::cannot_send, true);
    CHECK(told.error.has_value() != told.ended);
    if (told.error) {
      ++told_of;
      CHECK(*told.error == ErrorCode::system_call_failed);
      CHECK(told.error->detail == static_cast<std::uint32_t>(EPIPE));
    } else {
      CHECK(told.answer == "the answer");
    }
  }
  CHECK(told_of >= 3);
}

TEST_CASE("posix stream: T09 an end of the transport at any call is truncated_connection, not the end") {
  const std::size_t calls = calls_of_a_life();
  std::size_t cut = 0;
  for (std::size_t at = 0; at < calls; ++at) {
    INFO("call " << at);
    const Told told = with_fate(at, Fate::ends, true);
    CHECK(told.error.has_value() != told.ended);
    CHECK((told.error || told.answer == "the answer"));
    cut += told.error && *told.error == ErrorCode::truncated_connection ? 1u : 0u;
  }
  CHECK(cut >= 2);
}
