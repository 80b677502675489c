// SPDX-License-Identifier: Apache-2.0
// Servers for the tests of get, client and server: the tool's own, and one that answers what a test wants.
#pragma once

#include "cli/tool.hpp"

#include <ashlar/posix.hpp>

#include <memory>
#include <sstream>
#include <string>
#include <thread>

namespace ashlar::test {

inline bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A trace with each run of blanks and ends of lines as one blank.
inline std::string unwrapped(const std::string& text) {
  std::istringstream words(text);
  std::string out;
  for (std::string word; words >> word;) {
    out += word + " ";
  }
  return out;
}

// `ashlar server` on a free port.
class Server {
 public:
  explicit Server(const Folder& folder, Arguments more, bool own_credential = true) : folder_(folder) {
    Arguments arguments = {"server", "--port", "0"};
    if (own_credential) {
      arguments.insert(arguments.end(),
                       {"--cert", identities().rsa_server, "--key", identities().rsa_server_key});
    }
    arguments.insert(arguments.end(), more.begin(), more.end());
    process_ = std::make_unique<Process>(folder, tool(arguments));
    port = process_->port();
  }
  Process& process() { return *process_; }
  std::string url(const std::string& path = "/") const { return "https://localhost:" + port + path; }
  Finished get(const std::string& path, Arguments more = {}) const {
    more.insert(more.begin(), {"get", "--trust", identities().ca, url(path)});
    return run_tool(folder_, more);
  }
  // A conversation through `ashlar client`, which waits for the server's end.
  Finished say(const std::string& text, Arguments more = {}) const {
    more.insert(more.begin(), {"client", "localhost:" + port, "--trust", identities().ca, "--keep-open"});
    return run_tool(folder_, more, text);
  }
  std::string port;

 private:
  const Folder& folder_;
  std::unique_ptr<Process> process_;
};

// A TLS server that answers one request with this text, and ends the connection with close_notify or without.
class OneAnswer {
 public:
  OneAnswer(std::string text, bool close_notify)
      : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_.get(), generic, size) != 0 || ::listen(listener_.get(), 5) != 0 ||
        ::getsockname(listener_.get(), generic, &size) != 0) {
      throw std::runtime_error("no listener");
    }
    port = std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this, text = std::move(text), close_notify] { serve(text, close_notify); });
  }
  ~OneAnswer() {
    ::shutdown(listener_.get(), SHUT_RDWR);
    thread_.join();
  }
  Finished get(const Folder& folder, Arguments more = {}) const {
    more.insert(more.begin(), {"get", "--trust", identities().ca, "https://localhost:" + port + "/"});
    return run_tool(folder, more);
  }
  std::string port;

 private:
  void serve(const std::string& text, bool close_notify) {
    const posix::Socket socket(::accept(listener_.get(), nullptr, nullptr));
    if (socket.get() < 0) {
      return;
    }
    const auto chain = posix::CertificateFile::load(identities().server.c_str());
    auto key = x509::PrivateKey::parse_pem(content_of(identities().server_key));
    auto credential = tls::Credential::create({chain->certificates()}, std::move(*key));
    const auto credentials = tls::Credentials::create(std::move(*credential));
    const tls::ServerConfig config = posix::server_config(*credentials);
    auto server = tls::Server::create(config);
    posix::Stream stream(*server, socket);
    if (!stream.read() || !stream.write(bytes_of(text))) {
      return;
    }
    if (close_notify) {
      (void)stream.close();
    }
    ::shutdown(socket.get(), SHUT_WR);
    char rest[4096];
    while (::recv(socket.get(), rest, sizeof rest, 0) > 0) {
    }
  }

  posix::Socket listener_;
  std::thread thread_;
};

}  // namespace ashlar::test
