// SPDX-License-Identifier: Apache-2.0
// Servers for the tests of get, client and server: the tool's own, and one with given answers.
#pragma once

#include "cli/loopback.hpp"
#include "cli/tool.hpp"

#include <memory>
#include <sstream>
#include <string>

namespace ashlar::test {

// A trace in which each run of blanks and line ends is one blank.
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
  // A conversation through `ashlar client`, which waits until the server ends.
  Finished say(const std::string& text, Arguments more = {}) const {
    more.insert(more.begin(), {"client", "localhost:" + port, "--trust", identities().ca, "--keep-open"});
    return run_tool(folder_, more, text);
  }
  std::string port;

 private:
  const Folder& folder_;
  std::unique_ptr<Process> process_;
};

// A config of clients that trust the CA of identities().
struct TrustingClients {
  const posix::Roots roots = *posix::Roots::file(identities().ca.c_str());
  const tls::TrustAnchors trust{roots.anchors()};
  const tls::ClientConfig config = posix::client_config(trust.verifier());
};

// The credentials of identities().server, for a server in this process.
inline tls::Credentials server_credentials() {
  const auto chain = posix::CertificateFile::load(identities().server.c_str());
  auto key = x509::PrivateKey::parse_pem(content_of(identities().server_key));
  auto credential = tls::Credential::create({chain->certificates()}, std::move(*key));
  return std::move(*tls::Credentials::create(std::move(*credential)));
}

// A TLS server that answers each request with this text, and ends the connection with close_notify or
// without.
class OneAnswer {
 public:
  OneAnswer(const std::string& text, bool close_notify)
      : server_([this, text, close_notify](const posix::Socket& socket) {
          auto server = tls::Server::create(config_);
          posix::Stream stream(*server, socket);
          if (!stream.read() || !stream.write(bytes_of(text))) {
            return;
          }
          if (close_notify) {
            (void)stream.close();
          }
          end_in_order(socket);
        }) {}
  Finished get(const Folder& folder, Arguments more = {}) const {
    more.insert(more.begin(), {"get", "--trust", identities().ca, "https://localhost:" + port() + "/"});
    return run_tool(folder, more);
  }
  const std::string& port() const { return server_.port; }

 private:
  const tls::Credentials credentials_ = server_credentials();
  const tls::ServerConfig config_ = posix::server_config(credentials_);
  LoopbackServer server_;
};

}  // namespace ashlar::test
