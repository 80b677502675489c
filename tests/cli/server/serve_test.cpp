// SPDX-License-Identifier: Apache-2.0
// Server, get and client against each other, and against servers and clients that misbehave.
#include "catch.hpp"
#include "cli/tool.hpp"
#include "support/sanitiser.hpp"
#include "support/skip.hpp"

#include <ashlar/posix.hpp>

#include <algorithm>
#include <atomic>
#include <future>
#include <memory>
#include <sstream>

using namespace ashlar::test;
using namespace ashlar;

namespace {

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A trace with each run of blanks and ends of lines as one blank.
std::string unwrapped(const std::string& text) {
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

}  // namespace

TEST_CASE("get and server: a page, a file of a megabyte and an empty one come whole", "[cli]") {
  const Folder folder;
  std::string large;
  for (int i = 0; i < 1'000'003; ++i) {
    large += static_cast<char>(i * 31 + i / 1000);
  }
  folder.write("www/index.html", "<p>page</p>");
  folder.write("www/large.bin", large);
  folder.write("www/empty", "");
  const Server server(folder, {"--www", folder / "www"});
  const Finished page = server.get("/");
  INFO(page.err);
  CHECK(page.status == 0);
  CHECK(page.out == "<p>page</p>");
  CHECK(server.get("/large.bin", {"-o", folder / "copy"}).status == 0);
  CHECK(content_of(folder / "copy") == large);
  const Finished empty = server.get("/empty");
  CHECK(empty.status == 0);
  CHECK(empty.out.empty());
}

TEST_CASE("get: a redirect, a status of 400 or more and an echo are named results", "[cli]") {
  const Folder folder;
  folder.write("www/sub/file", "x");
  const Server server(folder, {"--www", folder / "www"});
  const Finished redirect = server.get("/sub");
  CHECK(redirect.status == 7);
  CHECK(has(redirect.err, "/sub/"));
  const Finished absent = server.get("/absent");
  CHECK(absent.status == 8);
  CHECK(has(absent.err, "404"));
  const Server echo(folder, {"--echo"});
  CHECK(echo.get("/").status == 9);
}

TEST_CASE("get: a cut body and a missing close_notify are named results", "[cli]") {
  const Folder folder;
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const OneAnswer cut(head + "Content-Length: 10\r\n\r\nhello", true);
  const Finished cut_body = cut.get(folder);
  CHECK(cut_body.status == 5);
  CHECK(cut_body.out == "hello");
  CHECK(has(cut_body.err, "5 of 10"));

  const OneAnswer chunks(head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", true);
  CHECK(chunks.get(folder).status == 5);
  const OneAnswer stopped(head + "\r\nhello", false);
  const Finished no_close_notify = stopped.get(folder);
  CHECK(no_close_notify.status == 6);
  CHECK(has(no_close_notify.err, "close_notify"));
  const OneAnswer closed(head + "\r\nhello", true);
  CHECK(closed.get(folder).status == 0);
  const OneAnswer whole(head + "Content-Length: 5\r\n\r\nhello", false);
  CHECK(whole.get(folder).status == 0);
  const OneAnswer chunked(head + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", false);
  CHECK(chunked.get(folder).out == "hello");
  const OneAnswer garbage("220 mail.example ESMTP\r\n", true);
  CHECK(garbage.get(folder).status == 9);
}

TEST_CASE("get: nobody there is told with every address that was tried", "[cli]") {
  const Folder folder;
  std::string port;
  {
    const OneAnswer gone("", true);
    port = gone.port;
  }
  const Finished done =
      run_tool(folder, {"get", "--trust", identities().ca, "https://localhost:" + port + "/"});
  CHECK(done.status == 3);
  CHECK(has(done.err, "127.0.0.1:" + port + ": Connection refused"));
  CHECK(run_tool(folder, {"get", "--trust", identities().ca, "https://name.invalid/"}).status == 3);
}

TEST_CASE("get: an unknown CA, another name and an expired certificate are refused with the right words",
          "[cli]") {
  const Folder folder;
  const Identities& made = identities();
  Server server(folder, {});
  const Finished unknown = run_tool(folder, {"get", "--trust", made.other_ca, server.url()});
  CHECK(unknown.status == 4);
  CHECK(has(unknown.err, "no trusted root signed this chain"));
  CHECK(has(server.process().err(), "unknown_ca"));

  REQUIRE(run_tool(folder,
                   {"cert", "new", "--name", "elsewhere.example", "--key", made.server_key, "--issuer-cert",
                    made.ca, "--issuer-key", made.ca_key, "-o", folder / "elsewhere.pem"})
              .status == 0);
  Server elsewhere(folder, {"--cert", folder / "elsewhere.pem", "--key", made.server_key}, false);
  const Finished name = elsewhere.get("/");
  CHECK(name.status == 4);
  CHECK(has(name.err, "not for this name"));
  CHECK(has(elsewhere.process().err(), "bad_certificate"));

  REQUIRE(run_tool(folder, {"cert", "new", "--name", "localhost", "--days", "1", "--not-before", "2020-01-01",
                            "--key", made.server_key, "--issuer-cert", made.ca, "--issuer-key", made.ca_key,
                            "-o", folder / "expired.pem"})
              .status == 0);
  Server old(folder, {"--cert", folder / "expired.pem", "--key", made.server_key}, false);
  const Finished expired = old.get("/");
  CHECK(expired.status == 4);
  CHECK(has(expired.err, "expired"));
  CHECK(has(old.process().err(), "certificate_expired"));
}

TEST_CASE("get: the suite follows the policy and --suites, on both sides", "[cli]") {
  const Folder folder;
  const Server server(folder, {"--policy", "compat"});
  for (const char* const suite :
       {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA256"}) {
    const Finished done = server.get("/", {"--policy", "compat", "--suites", suite});
    INFO(suite << done.err);
    CHECK(done.status == 0);
    CHECK(has(done.out, suite));
  }
  const Server modern(folder, {});
  const Finished refused =
      modern.get("/", {"--policy", "compat", "--suites", "TLS_RSA_WITH_AES_128_GCM_SHA256"});
  CHECK(refused.status == 4);
  CHECK(has(refused.err, "handshake_failure"));
}

TEST_CASE("server: the certificate follows the suite when there are several", "[cli]") {
  const Folder folder;
  const Server server(folder, {"--cert", identities().server, "--key", identities().server_key});
  CHECK(has(server.get("/", {"--suites", "ECDHE-ECDSA-AES128-GCM-SHA256"}).out, "TLS_ECDHE_ECDSA"));
  CHECK(has(server.get("/", {"--suites", "ECDHE-RSA-AES128-GCM-SHA256"}).out, "TLS_ECDHE_RSA"));
}

TEST_CASE("get: --resume fetches on the resumed session, or says that it could not", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  const Finished done = server.get("/", {"--resume"});
  INFO(done.err);
  CHECK(done.status == 0);
  CHECK(has(done.err, "the second fetch resumed the session"));
  CHECK(has(done.out, "resumed"));
  const Server forgetful(folder, {"--session-cache", "off"});
  CHECK(forgetful.get("/", {"--resume"}).status == 10);
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
  CHECK(has(none.err, "handshake_failure"));
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
  // One certificate leaves suites unused; only who wants to know is told.
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
  auto roots = posix::Roots::file(identities().ca.c_str());
  REQUIRE(roots);
  const tls::TrustAnchors trust(roots->anchors());
  const tls::ClientConfig config = posix::client_config(trust.verifier());
  // Asks and goes without close_notify; with half a request in the end where `cut`.
  const auto ask_and_leave = [&](const std::string& port, bool cut) {
    auto socket = posix::dial("127.0.0.1", port.c_str());
    REQUIRE(socket);
    auto client = tls::Client::create(config, "localhost");
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

TEST_CASE("get: localhost is tried on IPv6 and on IPv4, whatever the resolver says", "[cli]") {
  const Folder folder;
  std::unique_ptr<Server> six;
  try {
    six = std::make_unique<Server>(folder, Arguments{"--address", "::1"});
  } catch (const std::runtime_error&) {
    SKIP_CASE("no IPv6 here");
  }
  CHECK(six->get("/").status == 0);
  const Server four(folder, {"--address", "127.0.0.1"});
  CHECK(four.get("/").status == 0);
}

TEST_CASE("get: roots come from folders, and from where SSL_CERT_FILE and SSL_CERT_DIR point", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  folder.write("roots/ca.pem", content_of(identities().ca));
  folder.write("roots/broken.pem", "-----BEGIN CERTIFICATE-----\nAAAA\n");
  folder.write("roots/README", "no certificate");
  std::filesystem::create_symlink("ca.pem", folder / "roots/0a1b2c3d.0");
  folder.write("empty/README", "no certificate");
  const auto get = [&](const std::string& trust) {
    return run_tool(folder, {"get", "--trust", trust, server.url()});
  };
  const Finished good = get(folder / "roots");
  INFO(good.err);
  CHECK(good.status == 0);
  CHECK(has(good.err, "broken.pem"));
  const Finished none = get(folder / "empty");
  CHECK(none.status == 1);
  CHECK(has(none.err, "no file of this folder holds a certificate"));
  const auto with = [&](const std::string& variable) {
    return run(folder, {"env", variable, ASHLAR_TOOL, "get", server.url()});
  };
  CHECK(with("SSL_CERT_FILE=" + identities().ca).status == 0);
  CHECK(with("SSL_CERT_DIR=" + (folder / "empty2") + ":" + (folder / "roots")).status == 1);
  CHECK(with("SSL_CERT_DIR=" + (folder / "roots")).status == 0);
  CHECK(with("SSL_CERT_FILE=" + identities().other_ca).status == 4);
  CHECK(with("SSL_CERT_FILE=").status == 4);
}

TEST_CASE("server: the memory of connections goes back to the system when they are gone", "[cli]") {
  if (kFramesHoldCopies || kEmulated) {
    SKIP_CASE("sanitisers and emulators keep memory of their own");
  }
  const Folder folder;
  Server server(folder, {"-q"});
  auto roots = posix::Roots::file(identities().ca.c_str());
  REQUIRE(roots);
  const tls::TrustAnchors trust(roots->anchors());
  const tls::ClientConfig config = posix::client_config(trust.verifier());
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
      auto client = tls::Client::create(config, "localhost");
      REQUIRE(client);
      clients.push_back(std::make_unique<tls::Client>(std::move(*client)));
      REQUIRE(posix::Stream(*clients.back(), sockets.back()).handshake());
    }
    during = server.process().resident();
  }
  // The server notices within moments, and tidies up two seconds later.
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
          std::string("\x16\x03\x01\x02\x00\x01\x00", 7));  // a ClientHello that goes no further
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
  // RFC 5246 §7.2.1: whoever gets close_notify answers it at once and drops what it had yet to send. So what
  // came back is a beginning of what was sent.
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

TEST_CASE("get and client show the certificate that they refuse: its names, issuer and times", "[cli]") {
  const Folder folder;
  const Server server(folder, {"--address", "0.0.0.0"});
  const Finished name =
      run_tool(folder, {"get", "--trust", identities().ca, "https://127.0.0.2:" + server.port});
  const Finished issuer =
      run_tool(folder, {"client", "localhost:" + server.port, "--trust", identities().other_ca});
  for (const Finished& done : {name, issuer}) {
    INFO(done.out << done.err);
    CHECK(done.status != 0);
    CHECK(has(done.err, "Refused: the server's certificate, CN=localhost"));
    CHECK(has(done.err, "for DNS localhost, IP 127.0.0.1"));
    CHECK(has(done.err, "issuer CN=Test CA"));
    CHECK(has(done.err, "days left)"));
  }
}
