// SPDX-License-Identifier: Apache-2.0
// Parts of files, conditions, and several threads that serve them.
#include "catch.hpp"
#include "cli/server/servers.hpp"

using namespace ashlar::test;
using namespace ashlar;

TEST_CASE("server: a part of a file is sent where one range is asked for", "[cli]") {
  const Folder folder;
  folder.write("www/file", "0123456789");
  const Server server(folder, {"--www", folder / "www"});
  const auto ask = [&](const std::string& fields) {
    return server.say("GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + fields + "\r\n").out;
  };
  const std::string whole = ask("");
  CHECK(has(whole, "HTTP/1.1 200"));
  CHECK(has(whole, "Accept-Ranges: bytes"));
  CHECK(has(whole, "Last-Modified: "));
  const std::size_t at = whole.find("ETag: ");
  REQUIRE(at != std::string::npos);
  const std::string tag = whole.substr(at + 6, whole.find("\r\n", at) - at - 6);

  const std::string middle = ask("Range: bytes=2-4\r\n");
  CHECK(has(middle, "HTTP/1.1 206"));
  CHECK(has(middle, "Content-Range: bytes 2-4/10"));
  CHECK(has(middle, "\r\n\r\n234"));
  CHECK(!has(middle, "2345"));
  CHECK(has(ask("Range: bytes=-3\r\n"), "\r\n\r\n789"));
  const std::string beyond = ask("Range: bytes=10-\r\n");
  CHECK(has(beyond, "HTTP/1.1 416"));
  CHECK(has(beyond, "Content-Range: bytes */10"));
  CHECK(has(ask("Range: bytes=2-4\r\nIf-Range: " + tag + "\r\n"), "HTTP/1.1 206"));
  CHECK(has(ask("Range: bytes=2-4\r\nIf-Range: \"other\"\r\n"), "HTTP/1.1 200"));

  const std::string known = ask("If-None-Match: " + tag + "\r\n");
  CHECK(has(known, "HTTP/1.1 304"));
  CHECK(!has(known, "0123456789"));
  CHECK(has(ask("If-None-Match: \"other\"\r\n"), "HTTP/1.1 200"));
  CHECK(has(ask("If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT\r\n"), "HTTP/1.1 304"));
  CHECK(has(ask("If-Modified-Since: Sat, 01 Jan 2000 00:00:00 GMT\r\n"), "HTTP/1.1 200"));
}

TEST_CASE("server: many threads serve one socket, resume each other's sessions and stop together", "[cli]") {
  const Folder folder;
  const std::string content(200'000, 'x');
  folder.write("www/file", content);
  Server server(folder, {"--www", folder / "www", "--threads", "4"});
  std::vector<std::unique_ptr<Process>> clients;
  for (int i = 0; i < 16; ++i) {
    clients.push_back(std::make_unique<Process>(
        folder, tool({"get", "--resume", "--trust", identities().ca, server.url("/file")})));
  }
  for (const auto& client : clients) {
    const Finished done = client->wait();
    INFO(done.err);
    CHECK(done.status == 0);
    CHECK(done.out == content);
  }
  server.process().signal(SIGTERM);
  const Finished done = server.process().wait(20);
  CHECK(done.status == 0);
  // Each connection has its own number, whichever thread took it.
  for (int number = 1; number <= 32; ++number) {
    const std::string line = "#" + std::to_string(number) + " 127.0.0.1:";
    const std::size_t first = done.err.find(line);
    INFO(line);
    CHECK(first != std::string::npos);
    CHECK(done.err.find(line, first + 1) == std::string::npos);
  }
}

TEST_CASE("server: threads leave each other the descriptors that files need", "[cli]") {
  const Folder folder;
  folder.write("www/file", "0123456789");
  Arguments arguments = {"sh", "-c", "ulimit -n 128 && exec \"$@\"", "sh"};
  const Arguments server = tool({"server", "--port", "0", "--threads", "8", "--www", folder / "www", "--cert",
                                 identities().server, "--key", identities().server_key});
  arguments.insert(arguments.end(), server.begin(), server.end());
  Process process(folder, arguments);
  const std::string port = process.port();
  const TrustingClients trusting;
  auto socket = posix::dial("127.0.0.1", port.c_str());
  REQUIRE(socket);
  auto client = tls::Client::create(trusting.config, "localhost");
  REQUIRE(client);
  posix::Stream stream(*client, *socket);
  REQUIRE(stream.handshake());
  // More connections than all threads together can take.
  std::vector<std::unique_ptr<RawConnection>> others;
  for (int i = 0; i < 150; ++i) {
    others.push_back(std::make_unique<RawConnection>(port));
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  REQUIRE(stream.write(bytes_of(std::string_view("GET /file HTTP/1.0\r\n\r\n"))));
  std::string answer;
  while (const auto data = stream.read()) {
    if (data->empty()) {
      break;
    }
    answer += text_of(*data);
  }
  INFO(answer);
  CHECK(answer.ends_with("\r\n\r\n0123456789"));
}

TEST_CASE("server: HTTP/1.0 is an application protocol, too", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  CHECK(has(server.say("GET / HTTP/1.0\r\n\r\n", {"--alpn", "http/1.0"}).out,
            "ALPN                    http/1.0"));
  CHECK(has(server.say("GET / HTTP/1.0\r\n\r\n", {"--alpn", "http/1.0,http/1.1"}).out,
            "ALPN                    http/1.1"));
}
