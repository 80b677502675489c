// SPDX-License-Identifier: Apache-2.0
// --trace: what is printed, and how it is laid out.
#include "catch.hpp"
#include "cli/server/servers.hpp"

#include <algorithm>

using namespace ashlar::test;
using namespace ashlar;

TEST_CASE("trace: each message in its phase, then records, then secrets, only as far as asked", "[cli]") {
  const Folder folder;
  const Server server(folder, {"--policy", "compat"});
  const std::string messages = unwrapped(server.get("/", {"--trace"}).err);
  INFO(messages);
  std::size_t at = 0;
  for (const char* const step :
       {"TCP connect", "TCP connected", "phase 1", "ClientHello", "ServerHello", "phase 2", "Certificate",
        "ServerKeyExchange", "ServerHelloDone", "phase 3", "ClientKeyExchange", "phase 4", "ChangeCipherSpec",
        "Finished", "ChangeCipherSpec", "Finished", "handshake done"}) {
    INFO(step);
    at = messages.find(step, at);
    REQUIRE(at != std::string::npos);
  }
  CHECK(has(messages, "TLS 1.2 (3,3)"));
  CHECK(has(messages, "CN=localhost"));
  CHECK(!has(messages, "sequence number"));
  CHECK(!has(messages, "\x1b"));

  const std::string records = unwrapped(
      server
          .get("/", {"--trace=records", "--policy", "compat", "--suites", "TLS_RSA_WITH_AES_128_CBC_SHA256"})
          .err);
  INFO(records);
  CHECK(has(records, "sequence number 0"));
  CHECK(has(records, "no keys yet"));
  CHECK(has(records, "padding "));
  CHECK(has(records, "MAC 32"));
  CHECK(has(records, "under the keys of handshake 1"));
  CHECK(!has(records, "master_secret"));

  const std::string secrets = server.get("/", {"--trace=secrets"}).err;
  INFO(secrets);
  CHECK(has(secrets, "WARNING"));
  for (const char* const kind : {"client_random", "server_random", "premaster_secret", "master_secret",
                                 "client_key", "server_iv", "client_finished_hash"}) {
    INFO(kind);
    CHECK(has(secrets, kind));
  }
}

TEST_CASE("trace: lines fit 80 columns, and sizes agree in number", "[cli]") {
  const Folder folder;
  const Server server(folder, {"--policy", "compat"});
  for (const char* const level : {"--trace", "--trace=records", "--trace=secrets"}) {
    const std::string text = server.get("/", {level, "--policy", "compat"}).err;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      const auto bytes_inside =
          std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xc0) == 0x80; });
      INFO(line);
      CHECK(line.size() - static_cast<std::size_t>(bytes_inside) <= 80);
    }
    CHECK(has(text, " 1 byte"));
    CHECK(!has(text, " 1 bytes"));
    CHECK(has(text, "TLS_ECDHE_RSA_WITH_AES_"));
    CHECK(has(text, "round trips (RT)"));
  }
}

TEST_CASE("trace: a resumed handshake has no certificate and one round trip less", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  const std::string text = server.get("/", {"--resume", "--trace"}).err;
  const std::size_t second = text.find("now again");
  REQUIRE(second != std::string::npos);
  CHECK(has(text.substr(0, second), "ServerHelloDone"));
  CHECK(!has(text.substr(second), "ServerHelloDone"));
  CHECK(has(text.substr(second), "resumes session"));
  CHECK(has(text.substr(0, second), " 3 RT  =="));
  CHECK(has(text.substr(second), " 2 RT  =="));
}
