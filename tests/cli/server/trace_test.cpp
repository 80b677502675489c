// SPDX-License-Identifier: Apache-2.0
// --trace: what is printed, and its layout.
#include "catch.hpp"
#include "cli/server/servers.hpp"
#include "support/bytes.hpp"

#include <ashlar/crypto/prf.hpp>
#include <ashlar/crypto/sha2.hpp>

#include <algorithm>

using namespace ashlar::test;
using namespace ashlar;

TEST_CASE("trace: TLS 1.2, each message in its phase, then records, then secrets, only as far as asked",
          "[cli]") {
  const Folder folder;
  const Server server(folder, {"--policy", "compat"});
  const std::string messages = unwrapped(server.get("/", {"--tls", "1.2", "--trace"}).err);
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

  const std::string secrets = server.get("/", {"--tls", "1.2", "--trace=secrets"}).err;
  INFO(secrets);
  CHECK(has(secrets, "WARNING"));
  for (const char* const kind : {"client_random", "server_random", "premaster_secret", "master_secret",
                                 "client_key", "server_iv", "client_finished_hash"}) {
    INFO(kind);
    CHECK(has(secrets, kind));
  }
}

TEST_CASE("trace and key log: TLS 1.3 is told in its own words", "[cli]") {
  const Folder folder;
  const Server server(folder, {"--client-ca", identities().ca});
  const std::string log = folder / "keys";
  const Finished done = server.get("/", {"--trace=secrets", "--keylog", log});
  const std::string told = unwrapped(done.err);
  INFO(told);
  CHECK(done.status == 0);
  std::size_t at = 0;
  for (const char* const step :
       {"ClientHello", "versions TLS 1.3 TLS 1.2; key shares of X25519MLKEM768 x25519", "ServerHello",
        "chooses TLS 1.3 (3,4), TLS_AES_128_GCM_SHA256; a key share of X25519MLKEM768", "EncryptedExtensions",
        "CertificateRequest", "asks for a client certificate, signed with", "Certificate", "CN=localhost",
        "CertificateVerify", "Finished", "HMAC over all messages", "handshake done", "NewSessionTicket",
        "a ticket to resume the session with"}) {
    INFO(step);
    at = told.find(step, at);
    REQUIRE(at != std::string::npos);
  }
  CHECK(has(told, "means nothing in TLS 1.3"));
  CHECK(has(told, "phase 2: what else the server says and its certificate, encrypted"));
  CHECK(has(told, " 2 RT == handshake done"));
  CHECK(!has(told, "from here on the sender's records are protected"));
  // RFC 9850 §2; the client's random is 32 bytes, a secret of SHA-256 too.
  const std::string lines = content_of(log);
  INFO(lines);
  std::size_t size = 0;
  for (const std::string label :
       {"CLIENT_HANDSHAKE_TRAFFIC_SECRET ", "SERVER_HANDSHAKE_TRAFFIC_SECRET ", "CLIENT_TRAFFIC_SECRET_0 ",
        "SERVER_TRAFFIC_SECRET_0 ", "EXPORTER_SECRET "}) {
    INFO(label);
    CHECK(lines.find(label) != std::string::npos);
    size += label.size() + 64 + 1 + 64 + 1;
  }
  CHECK(lines.size() == size);
}

TEST_CASE("trace: every secret can be computed again from those before it", "[cli]") {
  const Folder folder;
  const Server server(folder, {"--policy", "compat"});
  for (const char* const suite :
       {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA256"}) {
    INFO(suite);
    const std::string text =
        unwrapped(server.get("/", {"--trace=secrets", "--policy", "compat", "--suites", suite}).err);
    INFO(text);
    // The value of "** NAME SIZE bytes HEX HEX…".
    const auto value = [&text](const std::string& name) {
      std::istringstream words(text.substr(std::min(text.size(), text.find("** " + name + " "))));
      std::string word, digits;
      std::size_t size = 0;
      words >> word >> word >> size >> word;
      while (digits.size() < 2 * size && words >> word) {
        digits += word;
      }
      return unhex(digits);
    };
    const auto prf = [](Bytes secret, std::string_view label, const std::vector<std::uint8_t>& seed,
                        std::size_t size) {
      std::vector<std::uint8_t> out(size);
      const Bytes parts[] = {Bytes(seed)};
      crypto::tls12_prf(crypto::kSha256, secret, label, parts, out);
      return out;
    };
    const auto premaster = value("premaster_secret"), master = value("master_secret"),
               block = value("key_block");
    REQUIRE(master.size() == 48);
    CHECK((prf(premaster, "extended master secret", value("session_hash"), 48) == master));
    auto seed = value("server_random");
    const auto client_random = value("client_random");
    seed.insert(seed.end(), client_random.begin(), client_random.end());
    CHECK((prf(master, "key expansion", seed, block.size()) == block));
    std::vector<std::uint8_t> pieces;
    for (const char* const name :
         {"client_mac_key", "server_mac_key", "client_key", "server_key", "client_iv", "server_iv"}) {
      if (has(text, std::string("** ") + name + " ")) {
        const auto piece = value(name);
        CHECK(has(text, "bytes " + std::to_string(pieces.size()) + " to " +
                            std::to_string(pieces.size() + piece.size() - 1) + " of key_block"));
        pieces.insert(pieces.end(), piece.begin(), piece.end());
      }
    }
    CHECK((pieces == block));
    CHECK((prf(master, "client finished", value("client_finished_hash"), 12) == value("client_verify_data")));
    CHECK((prf(master, "server finished", value("server_finished_hash"), 12) == value("server_verify_data")));
  }
}

TEST_CASE("trace: what is offered is listed by name where records are shown", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  const std::string records = unwrapped(server.get("/", {"--trace=records"}).err);
  CHECK(has(records, "cipher suites TLS_AES_128_GCM_SHA256 TLS_AES_256_GCM_SHA384"));
  CHECK(has(records, "signature schemes "));
  CHECK(!has(unwrapped(server.get("/", {"--trace"}).err), "signature schemes"));
}

TEST_CASE("trace: lines fit 80 columns, and sizes agree in number", "[cli]") {
  const Folder folder;
  const Server server(folder, {"--policy", "compat"});
  for (const char* const level : {"--trace", "--trace=records", "--trace=secrets"}) {
    std::string text = server.get("/", {level, "--policy", "compat"}).err;
    CHECK(has(text, "TLS_AES_128_GCM_SHA256"));
    text += server.get("/", {level, "--policy", "compat", "--tls", "1.2"}).err;
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

TEST_CASE("trace: a resumed handshake has no certificate; in TLS 1.2 it is one round trip shorter", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  for (const std::string version : {"1.2", "1.3"}) {
    const std::string text = server.get("/", {"--resume", "--trace", "--tls", version}).err;
    INFO(text);
    const std::size_t second = text.find("now again");
    REQUIRE(second != std::string::npos);
    CHECK(has(text.substr(0, second), "<- Certificate "));
    CHECK(!has(text.substr(second), "<- Certificate "));
    CHECK(has(text.substr(second), version == "1.2" ? "resumes session" : "the pre-shared key is taken"));
    CHECK(has(text.substr(0, second), version == "1.2" ? " 3 RT  ==" : " 2 RT  =="));
    CHECK(has(text.substr(second), " 2 RT  =="));
  }
}
