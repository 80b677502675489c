// SPDX-License-Identifier: Apache-2.0
// Fetches one page over HTTPS with blocking sockets: https_get HOST [PATH [PORT [ROOTS.pem]]]
//
//   c++ -std=c++20 -O2 -fno-exceptions -fno-rtti -c https_get.cpp $(pkg-config --cflags ashlar)
//   cc https_get.o -o https_get $(pkg-config --libs ashlar)
#include <ashlar/posix.hpp>

#include <cstdio>

using namespace ashlar;

namespace {

int fail(const char* what, Error error) {
  char line[kDescribeSize + 1];
  line[posix::describe(error, {line, kDescribeSize}).size()] = '\0';
  std::fprintf(stderr, "%s: %s\n", what, line);
  return 1;
}

// Sends the request and prints the whole answer, including its head.
Result<void> fetch(posix::Stream& stream, const char* host, const char* path) {
  char request[1024];
  const int size = std::snprintf(request, sizeof request,
                                 "GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n", path, host);
  if (size < 0 || static_cast<std::size_t>(size) >= sizeof request) {
    return ErrorCode::invalid_argument;
  }
  ASHLAR_CHECK(stream.write(bytes_of({request, static_cast<std::size_t>(size)})));
  while (true) {
    // After an error, such as truncated_connection, the printed answer may be incomplete.
    ASHLAR_TRY(const Bytes data, stream.read());
    if (data.empty()) {
      return stream.close();
    }
    std::fwrite(data.data(), 1, data.size(), stdout);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: https_get HOST [PATH [PORT [ROOTS.pem]]]\n");
    return 2;
  }
  const char* const host = argv[1];
  const char* const path = argc > 2 ? argv[2] : "/";
  const char* const port = argc > 3 ? argv[3] : "443";

  const auto roots = argc > 4 ? posix::Roots::file(argv[4]) : posix::Roots::system();
  if (!roots) {
    return fail("roots", roots.error());
  }
  const tls::TrustAnchors trust(roots->anchors());
  const tls::ClientConfig config = posix::client_config(trust.verifier());

  const auto socket = posix::dial(host, port);
  if (!socket) {
    return fail(host, socket.error());
  }
  auto client = tls::Client::create(config, host);
  if (!client) {
    return fail(host, client.error());
  }
  posix::Stream stream(*client, *socket);
  if (const auto fetched = fetch(stream, host, path); !fetched) {
    return fail(host, fetched.error());
  }
  return 0;
}
