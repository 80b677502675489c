// SPDX-License-Identifier: Apache-2.0
// `ashlar client`: a conversation through it, its sessions and its key log.
#include "catch.hpp"
#include "cli/server/servers.hpp"

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
  CHECK(has(done.err, "connected: TLS 1.2"));
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
  CHECK(server.say("GET / HTTP/1.0\r\n\r\n", {"--keylog", log}).status == 0);
  const std::string line = content_of(log);
  INFO(line);
  CHECK(line.size() == 14 + 64 + 1 + 96 + 1);
  CHECK(line.substr(0, 14) == "CLIENT_RANDOM ");
  CHECK(line.find_first_not_of("0123456789abcdef ", 14) == line.size() - 1);
}
