// SPDX-License-Identifier: Apache-2.0
// A client and a server in one program, connected through memory: a TLS engine needs no socket. Makes a CA
// and a certificate, does a handshake, and sends a line in each direction.
//
//   c++ -std=c++20 -O2 -fno-exceptions -fno-rtti -c in_memory.cpp $(pkg-config --cflags ashlar)
//   cc in_memory.o -o in_memory $(pkg-config --libs ashlar)
#include <ashlar/posix.hpp>
#include <ashlar/x509/issue.hpp>

#include <cstdio>

using namespace ashlar;

namespace {

// The program's identity: a CA, and a server certificate for "localhost" that it signed.
struct Identity {
  std::uint8_t ca_storage[4096], leaf_storage[4096];
  Bytes ca, leaf;
};

Result<void> issue(const x509::PrivateKey& ca_key, const x509::PrivateKey& key, Identity& out) {
  const crypto::Random random = crypto::system_random();
  x509::CertificateTemplate wanted{};
  wanted.validity = {{posix::now().seconds - 60}, {posix::now().seconds + 3600}};
  wanted.common_name = "Example CA";
  wanted.is_ca = true;
  ASHLAR_TRY(out.ca, x509::issue(wanted, ca_key.public_key(), {{}, {}, ca_key}, random, out.ca_storage));

  constexpr std::string_view kNames[] = {"localhost"};
  wanted.common_name = "localhost";
  wanted.is_ca = false;
  wanted.names = kNames;
  wanted.server_auth = true;
  ASHLAR_TRY(const x509::Certificate ca, x509::Certificate::parse(out.ca));
  const x509::Issuer issuer{ca.subject(), ca.subject_key_identifier(), ca_key};
  ASHLAR_TRY(out.leaf, x509::issue(wanted, key.public_key(), issuer, random, out.leaf_storage));
  return {};
}

// Carries the output of one side to the other.
Result<void> carry(tls::Connection& from, tls::Connection& to) {
  for (Bytes out = from.pending_output(); !out.empty(); out = from.pending_output()) {
    ASHLAR_TRY(const std::size_t taken, to.feed(out));
    if (taken == 0) {
      break;  // application data must be read first
    }
    from.sent(taken);
  }
  return {};
}

// Sends a line and prints what arrives at the other end.
Result<void> say(tls::Connection& from, tls::Connection& to, std::string_view text) {
  ASHLAR_CHECK(from.write(bytes_of(text)));
  ASHLAR_CHECK(carry(from, to));
  const Bytes data = to.application_data();
  std::printf("%.*s\n", static_cast<int>(data.size()), text_of(data).data());
  return to.consume(data.size());
}

Result<void> run() {
  const crypto::Random random = crypto::system_random();
  ASHLAR_TRY(const auto ca_key, x509::PrivateKey::generate(x509::kP256Private, 256, random));
  ASHLAR_TRY(auto key, x509::PrivateKey::generate(x509::kP256Private, 256, random));
  Identity identity;
  ASHLAR_CHECK(issue(ca_key, key, identity));

  const Bytes chain[] = {identity.leaf};
  ASHLAR_TRY(tls::Credential credential, tls::Credential::create({chain}, std::move(key)));
  ASHLAR_TRY(const auto credentials, tls::Credentials::create(std::move(credential)));
  const tls::ServerConfig server_config = posix::server_config(credentials);
  ASHLAR_TRY(tls::Server server, tls::Server::create(server_config));

  ASHLAR_TRY(const x509::Certificate ca, x509::Certificate::parse(identity.ca));
  x509::TrustAnchor anchors[] = {x509::TrustAnchor::from(ca)};
  const tls::TrustAnchors trust{x509::AnchorIndex(anchors)};
  const tls::ClientConfig client_config = posix::client_config(trust.verifier());
  ASHLAR_TRY(tls::Client client, tls::Client::create(client_config, "localhost"));

  while (!client.handshake_done() || !server.handshake_done()) {
    ASHLAR_CHECK(carry(client, server));
    ASHLAR_CHECK(carry(server, client));
  }
  const tls::Negotiated& agreed = client.negotiated();
  std::printf("%.*s\n", static_cast<int>(agreed.suite->name.size()), agreed.suite->name.data());

  ASHLAR_CHECK(say(client, server, "hello from the client"));
  ASHLAR_CHECK(say(server, client, "hello from the server"));
  client.close();
  ASHLAR_CHECK(carry(client, server));
  ASHLAR_CHECK(carry(server, client));
  return client.peer_closed() && server.peer_closed() ? Result<void>() : ErrorCode::truncated_connection;
}

}  // namespace

int main() {
  if (const auto done = run(); !done) {
    char line[kDescribeSize];
    const std::string_view text = posix::describe(done.error(), line);
    std::fprintf(stderr, "in_memory: %.*s\n", static_cast<int>(text.size()), text.data());
    return 1;
  }
  return 0;
}
