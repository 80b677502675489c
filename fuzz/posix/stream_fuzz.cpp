// SPDX-License-Identifier: Apache-2.0
// posix::Stream over a scripted socket: short, interrupted, failing and ending calls lose and double nothing
//
// The first byte says how the peer ends; then each byte is what becomes of one call.
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

#include "support/choices.hpp"
#include "tls/endpoints.hpp"

using namespace ashlar;

namespace {

constexpr std::string_view kQuestion = "GET / HTTP/1.0\r\n\r\n";
constexpr int kReset = ECONNRESET, kBroken = EPIPE;

// A server behind the calls.
struct Peer {
  tls::Server& server;
  fuzz::Choices& script;
  bool closes;
  std::string answer;
  fuzz::Buffer to_client;
  std::string heard;
  bool answered = false;
  bool end_seen = false, reset_seen = false, broken_seen = false;
  bool asked = false;  // what follows is only the end

  void turn() {
    if (!answered && heard.size() == kQuestion.size()) {
      answered = true;
      Bytes rest = bytes_of(answer);
      while (!rest.empty()) {
        const auto taken = server.write(rest);
        FUZZ_CHECK(taken);
        rest = rest.subspan(*taken);
        drain();
      }
      if (closes) {
        server.close();
      }
    }
    drain();
  }
  void drain() {
    for (Bytes out = server.pending_output(); !out.empty(); out = server.pending_output()) {
      to_client.insert(to_client.end(), out.begin(), out.end());
      server.sent(out.size());
    }
  }
};
Peer* peer = nullptr;
int expected_socket = -1;

enum class Fate { whole, some, interrupted, fails, ends };
Fate next_fate(std::size_t& size) {
  const std::uint8_t byte = peer->script.byte();
  switch (byte % 8) {
    case 4:
    case 5:
      size = 1 + byte / 8u;
      return Fate::some;
    case 6:
      return byte < 192 ? Fate::interrupted : Fate::fails;
    case 7:
      return byte < 192 ? Fate::whole : Fate::ends;
    default:
      return Fate::whole;
  }
}

}  // namespace

ssize_t scripted_recv(int socket, void* buffer, size_t size, int) {
  FUZZ_CHECK(socket == expected_socket && size > 0);
  peer->turn();
  std::size_t count = size;
  const Fate fate = next_fate(count);
  if (fate == Fate::interrupted || fate == Fate::fails) {
    peer->reset_seen = peer->reset_seen || fate == Fate::fails;
    errno = fate == Fate::fails ? kReset : EINTR;
    return -1;
  }
  count = fate == Fate::ends ? 0 : std::min({count, size, peer->to_client.size()});
  peer->end_seen = peer->end_seen || count == 0;
  std::copy_n(peer->to_client.begin(), count, static_cast<std::uint8_t*>(buffer));
  peer->to_client.erase(peer->to_client.begin(),
                        peer->to_client.begin() + static_cast<std::ptrdiff_t>(count));
  return static_cast<ssize_t>(count);
}

ssize_t scripted_send(int socket, const void* buffer, size_t size, int flags) {
  FUZZ_CHECK(socket == expected_socket && size > 0 && (flags & MSG_NOSIGNAL) != 0);
  std::size_t count = size;
  const Fate fate = next_fate(count);
  if (fate == Fate::interrupted || fate == Fate::fails || fate == Fate::ends) {
    peer->broken_seen = peer->broken_seen || fate != Fate::interrupted;
    errno = fate == Fate::interrupted ? EINTR : kBroken;
    return -1;
  }
  count = std::min(count, size);
  // What arrives is what an honest client sends: the server never objects. A connection that is closed in the
  // midst of a handshake is not honest.
  for (Bytes rest(static_cast<const std::uint8_t*>(buffer), count); !rest.empty();) {
    const auto fed = peer->server.feed(rest);
    if (!fed && peer->asked) {
      break;
    }
    FUZZ_CHECK(fed && (*fed > 0 || peer->server.peer_closed()));
    if (const Bytes data = peer->server.application_data(); !data.empty()) {
      peer->heard += text_of(data);
      FUZZ_CHECK(peer->server.consume(data.size()));
    }
    rest = *fed == 0 ? Bytes() : rest.subspan(*fed);
  }
  FUZZ_CHECK(kQuestion.starts_with(peer->heard));
  return static_cast<ssize_t>(count);
}

namespace {

// A question, its answer to the end, and the error if there is one.
std::optional<Error> ask(posix::Stream& stream, std::string& answer) {
  if (const auto written = stream.write(bytes_of(kQuestion)); !written) {
    return written.error();
  }
  while (true) {
    const auto data = stream.read();
    if (!data) {
      return data.error();
    }
    if (data->empty()) {
      return std::nullopt;
    }
    answer += text_of(*data);
  }
}

const tls::Policy& policy() {
  static const tls::Policy made = fuzz::unchecked::policy(false);
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2 || size > 200) {
    return -1;
  }
  fuzz::Choices script(data, size);
  const std::uint8_t how = script.byte();
  const std::size_t length = 10 + 70 * static_cast<std::size_t>(script.byte());
  crypto::DeterministicRandom client_random(std::uint64_t{1}), server_random(std::uint64_t{2});
  tls::ClientConfig client_config;
  tls::ServerConfig server_config;
  auto client =
      fuzz::make_client(policy(), tls::system_memory(), client_random, client_config, false, nullptr);
  auto server = fuzz::make_server(policy(), tls::system_memory(), server_random, server_config,
                                  tls::ClientAuthentication::none, true);
  FUZZ_CHECK(client && server);
  Peer behind{*server, script, (how & 1) != 0, {}, {}, {}};
  for (std::size_t i = 0; i < length; ++i) {
    behind.answer += static_cast<char>('a' + i % 26);
  }
  peer = &behind;
  static const posix::Socket socket(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  expected_socket = socket.get();
  posix::Stream stream(*client, socket);
  std::string answer;
  const auto error = ask(stream, answer);
  behind.asked = true;
  FUZZ_CHECK(behind.answer.starts_with(answer));
  if (!error) {
    // In order: all of it came, and the peer's close_notify.
    FUZZ_CHECK(behind.closes && answer == behind.answer && behind.heard == kQuestion);
    fuzz::accepted("answered, bytes", answer.size());
  } else {
    fuzz::refused(*error, answer == behind.answer ? "all but the end" : "cut");
    FUZZ_CHECK(*error == ErrorCode::truncated_connection || *error == ErrorCode::system_call_failed);
    FUZZ_CHECK(!(*error == ErrorCode::truncated_connection) || behind.end_seen);
    if (*error == ErrorCode::system_call_failed) {
      const int reason = static_cast<int>(error->detail);
      FUZZ_CHECK((reason == kReset && behind.reset_seen) || (reason == kBroken && behind.broken_seen));
    }
  }
  // Nothing went wrong that the stream was not told of, and what it was told of it says.
  FUZZ_CHECK(error || !behind.reset_seen);
  (void)stream.close();
  peer = nullptr;
  return 0;
}
