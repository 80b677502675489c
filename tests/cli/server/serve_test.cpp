// SPDX-License-Identifier: Apache-2.0
// `ashlar server`: files, sessions, client certificates, its log, and clients that misbehave.
#include "catch.hpp"
#include "cli/server/servers.hpp"
#include "support/sanitiser.hpp"
#include "support/skip.hpp"

using namespace ashlar::test;
using namespace ashlar;

TEST_CASE("server: the certificate follows the suite when there are several", "[cli]") {
  const Folder folder;
  const Server server(folder, {"--cert", identities().server, "--key", identities().server_key});
  CHECK(has(server.get("/", {"--suites", "ECDHE-ECDSA-AES128-GCM-SHA256"}).out, "TLS_ECDHE_ECDSA"));
  CHECK(has(server.get("/", {"--suites", "ECDHE-RSA-AES128-GCM-SHA256"}).out, "TLS_ECDHE_RSA"));
}

TEST_CASE("server: client certificates are asked for, demanded, and judged", "[cli]") {
  const Folder folder;
  const Identities& made = identities();
  Server asking(folder, {"--client-ca", made.ca});
  CHECK(has(asking.get("/").out, "client certificate      none"));
  const Finished shown = asking.get("/", {"--cert", made.client, "--key", made.client_key});
  INFO(shown.err);
  CHECK(has(shown.out, "client certificate      accepted"));

  Server demanding(folder, {"--client-ca", made.ca, "--require-client-cert"});
  const Finished none = demanding.get("/");
  CHECK(none.status == 4);
  CHECK(has(none.err, "the server demands a client certificate"));
  CHECK(has(none.err, "certificate_required"));
  const Finished none12 = demanding.get("/", {"--tls", "1.2"});
  CHECK(none12.status == 4);
  CHECK(has(none12.err, "the server demands a client certificate"));
  CHECK(has(none12.err, "handshake_failure"));
  CHECK(has(demanding.process().err(), "no certificate where one is required"));
  CHECK(demanding.get("/", {"--cert", made.client, "--key", made.client_key}).status == 0);

  Server strange(folder, {"--client-ca", made.other_ca, "--require-client-cert"});
  const Finished wrong = strange.get("/", {"--cert", made.client, "--key", made.client_key});
  CHECK(wrong.status == 4);
  CHECK(has(strange.process().err(), "no TLS connection"));
}

TEST_CASE("server: what clients would hold against a certificate is said at the start", "[cli]") {
  const Folder folder;
  const Identities& made = identities();
  Server odd(folder, {"--cert", made.client, "--key", made.client_key}, false);
  const std::string said = odd.process().err();
  INFO(said);
  CHECK(has(said, "warning: " + made.client));
  CHECK(has(said, "extendedKeyUsage does not allow this purpose"));
  // Each with its parts, as other messages have them.
  CHECK(has(said, "  Found:   CN=A client, for clientAuth\n"));
  CHECK(has(said, "  Found:   CN=A client, without a name in subjectAltName\n"));
  CHECK(has(said, "  Wanted:  "));
  CHECK(has(said, "  Next:    "));
  // One certificate leaves suites unused. Only --verbose reports it.
  CHECK(!has(said, "never chosen"));
  Server usual(folder, {"--verbose"});
  CHECK(!has(usual.process().err(), "warning"));
  CHECK(has(usual.process().err(), "never chosen"));
  const Finished unfit = run_tool(folder, {"server", "--port", "0", "--cert", made.rsa_server, "--key",
                                           made.rsa_server_key, "--suites", "ECDHE-ECDSA-AES128-GCM-SHA256"});
  CHECK(unfit.status == 1);
  INFO(unfit.err);
  CHECK(has(unfit.err, "ServerConfig.credentials"));
  CHECK(!has(unfit.out, "listening"));
}

TEST_CASE("server: a key that does not match its certificate is refused at the start, saying so", "[cli]") {
  const Folder folder;
  const Identities& made = identities();
  const Finished done =
      run_tool(folder, {"server", "--port", "0", "--cert", made.server, "--key", made.client_key});
  CHECK(done.status == 1);
  CHECK(has(done.err, "does not belong"));
  CHECK(has(done.err, "server.pem"));
  CHECK(!has(done.out, "listening"));
  CHECK(run_tool(folder, {"server", "--port", "0", "--cert", made.server}).status == 2);
  const Finished twice = run_tool(folder, {"server", "--port", "0", "--cert", made.server, "--key",
                                           made.server_key, "--www", "/", "--echo"});
  CHECK(twice.status == 2);
}

TEST_CASE("server: no path leads out of the folder", "[cli]") {
  const Folder folder;
  folder.write("secret.txt", "SECRET");
  folder.write("www/public.txt", "public");
  std::filesystem::create_symlink(folder / "secret.txt", folder / "www/link.txt");
  const Server server(folder, {"--www", folder / "www"});
  for (const char* const path :
       {"/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/x/../../secret.txt", "/link.txt",
        "//../secret.txt", "/%2e%2e%2fsecret.txt", "/./../secret.txt"}) {
    INFO(path);
    const Finished done =
        server.say(std::string("GET ") + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    CHECK(done.status == 0);
    CHECK(!has(done.out, "SECRET"));
    CHECK((has(done.out, "HTTP/1.1 404") || has(done.out, "HTTP/1.1 400")));
  }
  CHECK(has(server.say("GET /public.txt HTTP/1.0\r\n\r\n").out, "public"));
}

TEST_CASE("server: GET / gives index.html, else a listing with names escaped", "[cli]") {
  const Folder folder;
  folder.write("www/a<b>&.txt", "x");
  folder.write("www/.hidden", "x");
  folder.write("www/sub/index.html", "index of sub");
  const Server server(folder, {"--www", folder / "www"});
  const std::string listing = server.get("/").out;
  CHECK(has(listing, "a&lt;b&gt;&amp;.txt"));
  CHECK(has(listing, "href=\"./a%3Cb%3E%26.txt\""));
  CHECK(has(listing, "sub/"));
  CHECK(!has(listing, "hidden"));
  CHECK(server.get("/sub/").out == "index of sub");
  CHECK(server.get("/a%3Cb%3E%26.txt").out == "x");
}

TEST_CASE("server: keep-alive, pipelining, HEAD and methods that are not answered", "[cli]") {
  const Folder folder;
  folder.write("www/file", "content");
  const Server server(folder, {"--www", folder / "www"});
  const std::string one = "GET /file HTTP/1.1\r\nHost: a\r\n\r\n";
  const std::string last = "GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
  const std::string both = server.say(one + one + last).out;
  std::size_t answers = 0;
  for (std::size_t at = both.find("\r\n\r\ncontent"); at != std::string::npos;
       at = both.find("\r\n\r\ncontent", at + 1)) {
    ++answers;
  }
  CHECK(answers == 3);
  const std::string head = server.say("HEAD /file HTTP/1.0\r\n\r\n").out;
  CHECK(has(head, "Content-Length: 7"));
  CHECK(!has(head, "content\n"));
  CHECK(head.substr(head.size() - 4) == "\r\n\r\n");
  CHECK(has(server.say("DELETE /file HTTP/1.0\r\n\r\n").out, "405"));
  const std::string post =
      server.say("POST /file HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + last).out;
  CHECK(has(post, "405"));
  CHECK(has(post, "\r\n\r\ncontent"));
  CHECK(has(server.say("nonsense\r\n\r\n").out, "400"));
  CHECK(
      has(server.say("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n").out, "431"));
}

TEST_CASE("server: the alert arrives although more input was on its way", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  const std::string no_hello("\x16\x03\x03\x00\x04\x63\x00\x00\x00", 9);
  for (const std::size_t more :
       {std::size_t{0}, std::size_t{1000}, std::size_t{100'000}, std::size_t{900'000}}) {
    INFO(more);
    RawConnection connection(server.port);
    connection.send(no_hello + std::string(more, 'x'));
    const auto [answer, end] = connection.read_to_end();
    CHECK(end == 0);
    REQUIRE(answer.size() == 7);
    CHECK(answer.substr(0, 6) == std::string("\x15\x03\x03\x00\x02\x02", 6));
  }
}

TEST_CASE(
    "server: the log tells what matters, with the peer's address, and not of who leaves where nothing is "
    "lost",
    "[cli]") {
  const Folder folder;
  Server server(folder, {}), verbose(folder, {"--verbose"});
  const std::string request = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
  const TrustingClients trusting;
  // Asks and leaves without close_notify. If `cut`, it ends with half a request.
  const auto ask_and_leave = [&](const std::string& port, bool cut) {
    auto socket = posix::dial("127.0.0.1", port.c_str());
    REQUIRE(socket);
    auto client = tls::Client::create(trusting.config, "localhost");
    REQUIRE(client);
    posix::Stream stream(*client, *socket);
    REQUIRE(stream.write(bytes_of(request)));
    REQUIRE(stream.read());
    if (cut) {
      REQUIRE(stream.write(bytes_of(std::string_view("GET / HT"))));
    }
  };
  for (Server* const each : {&server, &verbose}) {
    const bool loud = each == &verbose;
    { const RawConnection scan(each->port); }
    ask_and_leave(each->port, false);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    const std::string usual = each->process().err();
    INFO(usual);
    CHECK(has(usual, " 127.0.0.1:"));
    CHECK(has(usual, "GET / 200"));
    CHECK(has(usual, "no TLS connection") == loud);
    CHECK(has(usual, "close_notify") == loud);
    ask_and_leave(each->port, true);
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    INFO(each->process().err());
    CHECK(has(each->process().err(), "close_notify"));
  }
}

TEST_CASE("server: the memory of connections goes back to the system when they are gone", "[cli]") {
  if (kFramesHoldCopies || kEmulated) {
    SKIP_CASE("sanitisers and emulators keep memory of their own");
  }
  const Folder folder;
  Server server(folder, {"-q"});
  const TrustingClients trusting;
  constexpr std::size_t kConnections = 400;
  CHECK(server.get("/").status == 0);
  const std::size_t before = server.process().resident();
  std::size_t during = 0;
  {
    std::vector<std::unique_ptr<tls::Client>> clients;
    std::vector<posix::Socket> sockets;
    for (std::size_t i = 0; i < kConnections; ++i) {
      auto socket = posix::dial("127.0.0.1", server.port.c_str());
      REQUIRE(socket);
      sockets.push_back(std::move(*socket));
      auto client = tls::Client::create(trusting.config, "localhost");
      REQUIRE(client);
      clients.push_back(std::make_unique<tls::Client>(std::move(*client)));
      REQUIRE(posix::Stream(*clients.back(), sockets.back()).handshake());
    }
    during = server.process().resident();
  }
  // The server notices at once, and tidies up two seconds later.
  std::size_t after = during;
  for (int i = 0; i < 100 && after > before + (4U << 20); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    after = server.process().resident();
  }
  WARN("resident: " << before / 1024 << " KiB before, " << during / 1024 << " with " << kConnections
                    << " connections, " << after / 1024 << " after");
  CHECK(after <= before + (4U << 20));
}

TEST_CASE("server: clients that stall hold nobody up", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  std::vector<std::unique_ptr<RawConnection>> stalled;
  for (int i = 0; i < 50; ++i) {
    stalled.push_back(std::make_unique<RawConnection>(server.port));
    if (i % 2 == 0) {
      stalled.back()->send(
          std::string("\x16\x03\x01\x02\x00\x01\x00", 7));  // a ClientHello that does not continue
    }
  }
  const auto start = std::chrono::steady_clock::now();
  CHECK(server.get("/").status == 0);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(8));
}

TEST_CASE("server: many clients at once are all served", "[cli]") {
  const Folder folder;
  folder.write("www/file", std::string(100'000, 'x'));
  const Server server(folder, {"--www", folder / "www", "--quiet"});
  std::vector<std::unique_ptr<Process>> clients;
  for (int i = 0; i < 24; ++i) {
    clients.push_back(
        std::make_unique<Process>(folder, tool({"get", "--trust", identities().ca, server.url("/file")})));
  }
  for (const auto& client : clients) {
    const Finished done = client->wait();
    INFO(done.err);
    CHECK(done.status == 0);
    CHECK(done.out.size() == 100'000);
  }
}

TEST_CASE(
    "server: --batch serves one client as many, of each version, and one that leaves takes no other along",
    "[cli]") {
  const Folder folder;
  const Identities& made = identities();
  Server server(folder, {"--batch", "--cert", made.server, "--key", made.server_key});
  for (const char* const version : {"1.2", "1.3"}) {
    const Finished one = server.get("/", {"--tls", version});
    INFO(one.err);
    CHECK(one.status == 0);
    CHECK(has(one.out, std::string("TLS ") + version));
    {
      RawConnection gone(server.port);
      gone.send(std::string(1000, '\xff'));
    }
    const Finished many =
        run_tool(folder, {"load", "localhost:" + server.port, "--trust", made.ca, "--tls", version,
                          "--connections", "24", "--count", "100", "--only", "full"});
    INFO(many.err);
    CHECK(many.status == 0);
    CHECK(has(many.out, "100 handshakes"));
  }
  CHECK(server.get("/").status == 0);
}

TEST_CASE("server: what is not TLS is turned away, and the server goes on", "[cli]") {
  const Folder folder;
  Server server(folder, {});
  {
    RawConnection plain(server.port);
    plain.send("GET / HTTP/1.0\r\n\r\n");
    RawConnection noise(server.port);
    noise.send(std::string(1000, '\xff'));
    RawConnection gone(server.port);
  }
  CHECK(server.get("/").status == 0);
  CHECK(has(server.process().err(), "not TLS"));
}

TEST_CASE("server: the log names the protocol that a client speaks instead of TLS", "[cli]") {
  const Folder folder;
  Server server(folder, {});
  struct Row {
    std::string sent;
    const char* told;
  };
  const Row rows[] = {
      {"GET / HTTP/1.0\r\n\r\n", "the address is to begin with https://"},
      {"SSH-2.0-OpenSSH_9.2\r\n", "it speaks SSH"},
      {"PROXY TCP4 192.0.2.1 192.0.2.2 1 443\r\n", "a header of the PROXY protocol"},
      {std::string("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c", 16), "the PROXY protocol, version 2"},
      {"EHLO there\r\n", "--starttls smtp"},
      {std::string("\0\0\0\x08\x04\xd2\x16\x2f", 8), "--starttls postgres"},
      {"<?xml version='1.0'?>", "--starttls xmpp"},
  };
  for (const Row& row : rows) {
    RawConnection peer(server.port);
    peer.send(row.sent);
    (void)peer.read_to_end();
  }
  CHECK(server.get("/").status == 0);
  const std::string log = server.process().err();
  INFO(log);
  for (const Row& row : rows) {
    CHECK(has(log, row.told));
  }
}

TEST_CASE("server: SIGTERM and SIGINT end it in order", "[cli]") {
  const Folder folder;
  for (const int number : {SIGTERM, SIGINT}) {
    Server server(folder, {});
    server.process().signal(number);
    const Finished done = server.process().wait(20);
    CHECK(done.status == 0);
    CHECK(has(done.err, "stopped"));
  }
}

TEST_CASE("server: a port that is taken is told", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  const Finished done = run_tool(folder, {"server", "--port", server.port, "--cert", identities().server,
                                          "--key", identities().server_key});
  CHECK(done.status == 1);
  CHECK(has(done.err, "127.0.0.1:" + server.port));
  CHECK(has(done.err, "in use"));
}
