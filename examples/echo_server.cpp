// SPDX-License-Identifier: Apache-2.0
// Sends back what its clients send, with a thread for each: echo_server CERTIFICATE.pem KEY.pem [PORT]
//
//   c++ -std=c++20 -O2 echo_server.cpp -o echo_server $(pkg-config --cflags --libs ashlar) -pthread
#include <ashlar/posix.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cstdio>
#include <string>
#include <thread>

using namespace ashlar;

namespace {

int fail(const char* what, Error error) {
  char line[kDescribeSize];
  std::fprintf(stderr, "%s: %s\n", what, std::string(posix::describe(error, line)).c_str());
  return 1;
}

Result<void> echo(posix::Stream& stream) {
  while (true) {
    ASHLAR_TRY(const Bytes data, stream.read());
    if (data.empty()) {
      return stream.close();
    }
    // The data is valid until the next read(). Writing does not change it.
    ASHLAR_CHECK(stream.write(data));
  }
}

void serve(const tls::ServerConfig& config, posix::Socket socket) {
  auto server = tls::Server::create(config);
  if (!server) {
    fail("a connection", server.error());
    return;
  }
  posix::Stream stream(*server, socket);
  if (const auto done = echo(stream); !done) {
    fail("a connection", done.error());
  }
}

// A socket that listens on the loopback address; port 0 takes a free one.
Result<posix::Socket> listen_on(std::uint16_t port) {
  posix::Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int yes = 1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (socket.get() < 0 || ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
      ::bind(socket.get(), generic, size) != 0 || ::listen(socket.get(), SOMAXCONN) != 0 ||
      ::getsockname(socket.get(), generic, &size) != 0) {
    return posix::system_error();
  }
  std::printf("listening on 127.0.0.1:%u\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return socket;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: echo_server CERTIFICATE.pem KEY.pem [PORT]\n");
    return 2;
  }
  const auto chain = posix::CertificateFile::load(argv[1]);
  if (!chain) {
    return fail(argv[1], chain.error());
  }
  const auto text = posix::read_file(argv[2]);
  auto key = text ? x509::PrivateKey::parse_pem(text_of(text->bytes())) : text.error();
  if (!key) {
    return fail(argv[2], key.error());
  }
  auto credential = tls::Credential::create({chain->certificates()}, std::move(*key));
  if (!credential) {
    return fail(argv[1], credential.error());
  }
  const auto credentials = tls::Credentials::create(std::move(*credential));
  if (!credentials) {
    return fail(argv[1], credentials.error());
  }
  const tls::ServerConfig config = posix::server_config(*credentials);

  const auto listener = listen_on(static_cast<std::uint16_t>(argc > 3 ? std::stoi(argv[3]) : 0));
  if (!listener) {
    return fail("listening", listener.error());
  }
  while (true) {
    posix::Socket socket(::accept4(listener->get(), nullptr, nullptr, SOCK_CLOEXEC));
    if (socket.get() < 0) {
      return fail("accepting", posix::system_error());
    }
    const timeval patience{30, 0};
    ::setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    std::thread([&config, socket = std::move(socket)]() mutable {
      serve(config, std::move(socket));
    }).detach();
  }
}
