// SPDX-License-Identifier: Apache-2.0
// Fetches one page over HTTPS with roots that the program carries, as a browser does; it reads no file:
// carried_roots HOST [PATH [PORT]]
//
//   ashlar roots emit --c++ --only "ISRG Root" -o roots.hpp    # the roots of Let's Encrypt
//   c++ -std=c++20 -O2 -fno-exceptions -fno-rtti -c carried_roots.cpp $(pkg-config --cflags ashlar)
//   cc carried_roots.o -o carried_roots $(pkg-config --libs ashlar)
#include <ashlar/posix.hpp>

#include "roots.hpp"

#include <cstdio>
#include <iterator>
#include <optional>

using namespace ashlar;

namespace {

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
    ASHLAR_TRY(const Bytes data, stream.read());
    if (data.empty()) {
      return stream.close();
    }
    std::fwrite(data.data(), 1, data.size(), stdout);
  }
}

// The anchors are views into the arrays of roots.hpp.
template <std::size_t... Index>
Result<void> run(const char* host, const char* path, const char* port, std::index_sequence<Index...>) {
  std::optional<x509::Certificate> parsed[sizeof...(Index)];
  for (std::size_t i = 0; i < sizeof...(Index); ++i) {
    ASHLAR_TRY(const x509::Certificate root, x509::Certificate::parse(kRoots[i]));
    parsed[i].emplace(root);
  }
  x509::TrustAnchor anchors[] = {x509::TrustAnchor::from(*parsed[Index])...};
  const tls::TrustAnchors trust{x509::AnchorIndex(anchors)};
  const tls::ClientConfig config = posix::client_config(trust.verifier());
  ASHLAR_TRY(const posix::Socket socket, posix::dial(host, port));
  ASHLAR_TRY(tls::Client client, tls::Client::create(config, host));
  posix::Stream stream(client, socket);
  return fetch(stream, host, path);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: carried_roots HOST [PATH [PORT]]\n");
    return 2;
  }
  const auto fetched = run(argv[1], argc > 2 ? argv[2] : "/", argc > 3 ? argv[3] : "443",
                           std::make_index_sequence<std::size(kRoots)>());
  if (!fetched) {
    char line[kDescribeSize + 1];
    line[posix::describe(fetched.error(), {line, kDescribeSize}).size()] = '\0';
    std::fprintf(stderr, "%s: %s\n", argv[1], line);
    return 1;
  }
  return 0;
}
