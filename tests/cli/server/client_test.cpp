// SPDX-License-Identifier: Apache-2.0
// `ashlar client`: a conversation through it, its sessions and its key log.
#include "catch.hpp"
#include "cli/server/servers.hpp"
#include "support/skip.hpp"

using namespace ashlar::test;
using namespace ashlar;

TEST_CASE("client: an echo of a megabyte comes back whole, and the half-close is waited for", "[cli]") {
  const Folder folder;
  const Server server(folder, {"--echo"});
  std::string text;
  for (int i = 0; i < 1'000'000; ++i) {
    text += static_cast<char>('a' + i % 23);
  }
  const Finished done =
      run_tool(folder, {"client", "localhost:" + server.port, "--trust", identities().ca}, text);
  INFO(done.err);
  CHECK(has(done.err, "connected: TLS 1.3, TLS_AES_128_GCM_SHA256, X25519MLKEM768"));
  // RFC 5246 §7.2.1: a side that gets close_notify answers it at once and drops its pending data. So the
  // output is a prefix of the sent text.
  CHECK(done.out == text.substr(0, done.out.size()));
  const Finished small =
      run_tool(folder, {"client", "localhost:" + server.port, "--trust", identities().ca, "-q"}, "");
  CHECK(small.status == 0);
  CHECK(small.err.empty());
}

TEST_CASE("client: a session file resumes, for its owner alone", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  const std::string session = folder / "session";
  const std::string request = "GET / HTTP/1.0\r\n\r\n";
  CHECK(has(server.say(request, {"--session", session}).out, "handshake               full"));
  CHECK((std::filesystem::status(session).permissions() & std::filesystem::perms::all) ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(has(server.say(request, {"--session", session}).out, "handshake               resumed"));
  folder.write("session", "not a session");
  const Finished bad = server.say(request, {"--session", session});
  CHECK(bad.status == 1);
  CHECK(has(bad.err, session));
}

TEST_CASE("client: --insecure-no-verify connects to anybody, and says so", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  const Arguments common = {"client", "127.0.0.1:" + server.port, "--keep-open"};
  Arguments insecure = common, strict = common;
  insecure.push_back("--insecure-no-verify");
  strict.insert(strict.end(), {"--trust", identities().other_ca});
  const Finished done = run_tool(folder, insecure, "GET / HTTP/1.0\r\n\r\n");
  CHECK(done.status == 0);
  CHECK(has(done.err, "NOT VERIFIED"));
  CHECK(run_tool(folder, strict, "GET / HTTP/1.0\r\n\r\n").status == 4);
}

TEST_CASE("client: names under localhost are this machine, whoever resolves names", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  const Finished done = run_tool(folder,
                                 {"client", "no.such.name.localhost:" + server.port, "--name", "localhost",
                                  "--trust", identities().ca, "--keep-open"},
                                 "GET / HTTP/1.0\r\n\r\n");
  INFO(done.err);
  CHECK(done.status == 0);
}

TEST_CASE("client: input that comes while the connection ends is dropped in peace", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  const std::string request = "GET / HTTP/1.0\r\n\r\n";
  for (int i = 0; i < 40; ++i) {
    const Finished done = run_tool(
        folder, {"client", "127.0.0.1:" + server.port, "--trust", identities().ca, "--keep-open", "-q"},
        request + std::string(static_cast<std::size_t>(i) * 1000, 'x'));
    INFO(done.err);
    CHECK(done.status < 1000);
  }
}

TEST_CASE("client: --keylog writes the line that other programs decrypt with", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  const std::string log = folder / "keys";
  CHECK(server.say("GET / HTTP/1.0\r\n\r\n", {"--tls", "1.2", "--keylog", log}).status == 0);
  const std::string line = content_of(log);
  INFO(line);
  CHECK(line.size() == 14 + 64 + 1 + 96 + 1);
  CHECK(line.substr(0, 14) == "CLIENT_RANDOM ");
  CHECK(line.find_first_not_of("0123456789abcdef ", 14) == line.size() - 1);
}

TEST_CASE("server: --keylog writes the lines of all connections, as their clients do", "[cli]") {
  const Folder folder;
  const std::string server_log = folder / "server-keys", log = folder / "keys";
  const Server server(folder, {"--tls", "1.2", "--keylog", server_log, "--threads", "2"});
  for (int i = 0; i < 3; ++i) {
    CHECK(server.say("GET / HTTP/1.0\r\n\r\n", {"--keylog", log}).status == 0);
  }
  const std::string lines = content_of(log);
  CHECK(!lines.empty());
  CHECK(content_of(server_log) == lines);
}

TEST_CASE("server: a key log that cannot be opened is told at the start", "[cli]") {
  const Folder folder;
  const Finished done = run_tool(folder, {"server", "--port", "0", "--cert", identities().rsa_server, "--key",
                                          identities().rsa_server_key, "--keylog", folder / "none/keys"});
  CHECK(done.status == 1);
  CHECK(has(done.err, "none/keys"));
  CHECK(has(done.err, "  Wanted:  a place that can be written to"));
}

namespace {

// OpenSSL without extended master secret, as old programs are.
std::string without_extended_master_secret(const Folder& folder) {
  return "OPENSSL_CONF=" + folder.write("openssl.cnf",
                                        "openssl_conf = a\n[a]\nssl_conf = b\n[b]\nsystem_default = c\n"
                                        "[c]\nOptions = -ExtendedMasterSecret\n");
}

}  // namespace

TEST_CASE("policy strict: peers without extended master secret are refused, which modern serves", "[cli]") {
  if (!have_program("openssl")) {
    SKIP_CASE("no openssl");
  }
  const Folder folder;
  const std::string environment = without_extended_master_secret(folder);
  for (const bool strict : {true, false}) {
    Server server(folder, strict ? Arguments{"--policy", "strict"} : Arguments{});
    const Finished old = run(folder, {"env", environment, "openssl", "s_client", "-tls1_2", "-connect",
                                      "127.0.0.1:" + server.port, "-CAfile", identities().ca});
    INFO(old.out << old.err << server.process().err());
    CHECK((old.status == 0) == !strict);
    CHECK(has(server.process().err(), strict
                                          ? "the peer does not do extended master secret, which is demanded"
                                          : ", no extended master secret"));
    CHECK(server.get("/").status == 0);
  }

  Process server(folder, {"env", environment, "openssl", "s_server", "-www", "-tls1_2", "-accept", "0",
                          "-cert", identities().server, "-key", identities().server_key});
  std::string port;
  for (int i = 0; i < 6000 && port.empty(); ++i) {
    // "ACCEPT 0.0.0.0:PORT"
    const std::string out = server.out();
    const std::size_t line = out.find("ACCEPT "), end = out.find('\n', line);
    if (line != std::string::npos && end != std::string::npos) {
      const std::size_t colon = out.rfind(':', end);
      port = out.substr(colon + 1, end - colon - 1);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  REQUIRE(!port.empty());
  const Arguments get = {"get", "--trust", identities().ca, "https://localhost:" + port + "/", "--policy"};
  const auto with = [&](const std::string& policy) {
    Arguments arguments = get;
    arguments.push_back(policy);
    return run_tool(folder, arguments);
  };
  const Finished refused = with("strict");
  INFO(refused.err);
  CHECK(refused.status == 4);
  CHECK(has(refused.err, "the policy strict demands it"));
  CHECK(has(refused.err, "--policy modern"));
  CHECK(with("modern").status == 0);
}

TEST_CASE("get: --min-rsa refuses chains with shorter keys, and says which", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  const Finished short_key = server.get("/", {"--min-rsa", "3072"});
  INFO(short_key.err);
  CHECK(short_key.status == 4);
  CHECK(has(short_key.err, "CN=localhost, with a key of 2048 bits"));
  CHECK(has(short_key.err, "RSA keys of 3072 bits or more"));
  CHECK(server.get("/", {"--min-rsa", "2048"}).status == 0);
  const Arguments verify = {"cert",    "verify",        identities().rsa_server,
                            "--trust", identities().ca, "--min-rsa"};
  for (const auto& [bits, status] : {std::pair{"4096", 1}, std::pair{"2048", 0}, std::pair{"1024", 2}}) {
    Arguments arguments = verify;
    arguments.emplace_back(bits);
    CHECK(run_tool(folder, arguments).status == status);
  }
}
