// SPDX-License-Identifier: Apache-2.0
// Writes the seeds of the connection targets: what each side sent in handshakes of both, with a little data
// and the end.  record-transcripts FOLDER-OF-CORPORA
#include "tls/endpoints.hpp"

#include <filesystem>
#include <fstream>
#include <string>

namespace {

using namespace ashlar;
using fuzz::Buffer;

void save(const std::filesystem::path& file, const Buffer& bytes) {
  std::filesystem::create_directories(file.parent_path());
  std::ofstream out(file, std::ios::binary);
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
}

// Moves what one side has to send to the other, and keeps a copy.
bool move_bytes(tls::Connection& from, tls::Connection& to, Buffer& copy) {
  const Bytes out = from.pending_output();
  if (out.empty()) {
    return false;
  }
  const Buffer bytes(out.begin(), out.end());
  copy.insert(copy.end(), bytes.begin(), bytes.end());
  from.sent(bytes.size());
  FUZZ_CHECK(to.feed(bytes));
  while (!to.application_data().empty()) {
    FUZZ_CHECK(to.consume(to.application_data().size()));
  }
  return true;
}

void record(const std::filesystem::path& folder, const std::string& name, const tls::Policy& client_policy,
            const tls::Policy& server_policy, tls::ClientAuthentication authentication, bool unchecked,
            std::uint8_t option) {
  crypto::DeterministicRandom client_random(1);
  crypto::DeterministicRandom server_random(2);
  tls::ClientConfig client_config;
  tls::ServerConfig server_config;
  auto client = fuzz::make_client(client_policy, tls::system_memory(), client_random, client_config);
  auto server = fuzz::make_server(server_policy, tls::system_memory(), server_random, server_config,
                                  authentication, unchecked);
  // The first byte of a seed says how the input is cut; of the unchecked server's, the one before it says
  // what kind of server.
  Buffer from_client = {63};
  Buffer from_server = {63};
  if (unchecked) {
    from_client = {option, 63};
  }
  while (move_bytes(client, server, from_client) || move_bytes(server, client, from_server)) {
  }
  FUZZ_CHECK(client.handshake_done() && server.handshake_done());
  FUZZ_CHECK(client.write(bytes_of("GET / HTTP/1.0\r\n\r\n")));
  FUZZ_CHECK(server.write(bytes_of("HTTP/1.0 200 OK\r\n\r\n")));
  move_bytes(client, server, from_client);
  move_bytes(server, client, from_server);
  client.close();
  while (move_bytes(client, server, from_client) || move_bytes(server, client, from_server)) {
  }
  const std::string suffix = unchecked ? "_unchecked" : "";
  save(folder / ("client" + suffix) / name, from_server);
  save(folder / ("server" + suffix) / name, from_client);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    return 2;
  }
  const std::filesystem::path folder = argv[1];
  const auto none = tls::ClientAuthentication::none;
  const auto request = tls::ClientAuthentication::request;
  // Targets run with compat on their side and the peer's policy decides: of each pair one transcript takes
  // its target to the end, and the other is refused. A suite of each kind is enough.
  const tls::tls12::Suite* suites[] = {&tls::kEcdheEcdsaAes128GcmSha256, &tls::kEcdheRsaAes256GcmSha384,
                                       &tls::kRsaAes128CbcSha256};
  for (const tls::tls12::Suite*& suite : suites) {
    tls::Policy one = tls::policy::compat;
    one.suites = {&suite, 1};
    const std::string name(suite->openssl_name);
    record(folder, name + "-for-server", one, tls::policy::compat, request, false, 0);
    record(folder, name + "-for-client", tls::policy::compat, one, none, false, 0);
  }
  const tls::Policy unchecked = fuzz::unchecked::policy(false);
  record(folder, "rsa", unchecked, unchecked, none, true, 0);
  record(folder, "rsa-client-certificate", unchecked, unchecked, request, true, 2);
  return 0;
}
