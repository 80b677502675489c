// SPDX-License-Identifier: Apache-2.0
// `ashlar get` against servers that behave and servers that do not.
#include "catch.hpp"
#include "certificates/compressions.hpp"
#include "cli/server/servers.hpp"
#include "support/skip.hpp"

using namespace ashlar::test;
using namespace ashlar;

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
  CHECK(has(redirect.err, "Next:    ashlar get https://localhost:" + server.port + "/sub/"));
  const Finished absent = server.get("/absent");
  CHECK(absent.status == 8);
  CHECK(has(absent.err, "404"));
  const Server echo(folder, {"--echo"});
  CHECK(echo.get("/").status == 9);
}

TEST_CASE("get: a redirect is told as an address that can be fetched", "[cli]") {
  const Folder folder;
  struct Row {
    const char* location;
    const char* next;  // {}: https://localhost:PORT
  };
  for (const Row& row :
       {Row{"/x?y", "ashlar get '{}/x?y'"}, Row{"x", "ashlar get {}/x"}, Row{"?y", "ashlar get '{}/?y'"},
        Row{"//h.example/x", "ashlar get https://h.example/x"},
        Row{"https://h.example/x", "ashlar get https://h.example/x"},
        Row{"http://h.example/x", "fetch it by another program: only https"}}) {
    const OneAnswer server(
        "HTTP/1.1 301 Moved\r\nContent-Length: 0\r\nLocation: " + std::string(row.location) + "\r\n\r\n",
        true);
    std::string next = row.next;
    if (const std::size_t at = next.find("{}"); at != std::string::npos) {
      next.replace(at, 2, "https://localhost:" + server.port());
    }
    const Finished done = server.get(folder);
    INFO(done.err);
    CHECK(done.status == 7);
    CHECK(has(done.err, "Next:    " + next));
  }
}

namespace {

// Cause, found, wanted, next.
bool is_in_parts(const std::string& message) {
  return has(message, "\n  Found:   ") && has(message, "\n  Wanted:  ") && has(message, "\n  Next:    ");
}

}  // namespace

TEST_CASE("get: a cut body and a missing close_notify are named results", "[cli]") {
  const Folder folder;
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const OneAnswer cut(head + "Content-Length: 10\r\n\r\nhello", true);
  const Finished cut_body = cut.get(folder);
  CHECK(cut_body.status == 5);
  CHECK(cut_body.out == "hello");
  CHECK(has(cut_body.err, "5 of 10"));
  CHECK(is_in_parts(cut_body.err));

  const OneAnswer chunks(head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", true);
  const Finished cut_chunks = chunks.get(folder);
  CHECK(cut_chunks.status == 5);
  CHECK(is_in_parts(cut_chunks.err));
  const OneAnswer stopped(head + "\r\nhello", false);
  const Finished no_close_notify = stopped.get(folder);
  CHECK(no_close_notify.status == 6);
  CHECK(has(no_close_notify.err, "close_notify"));
  CHECK(is_in_parts(no_close_notify.err));
  const OneAnswer closed(head + "\r\nhello", true);
  CHECK(closed.get(folder).status == 0);
  const OneAnswer whole(head + "Content-Length: 5\r\n\r\nhello", false);
  CHECK(whole.get(folder).status == 0);
  const OneAnswer chunked(head + "Transfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", false);
  CHECK(chunked.get(folder).out == "hello");
  const OneAnswer garbage("220 mail.example ESMTP\r\n", true);
  const Finished no_http = garbage.get(folder);
  CHECK(no_http.status == 9);
  CHECK(has(no_http.err, "220 mail.example"));
  CHECK(is_in_parts(no_http.err));
  const OneAnswer silent("", true);
  const Finished no_answer = silent.get(folder);
  CHECK(no_answer.status == 9);
  CHECK(is_in_parts(no_answer.err));
}

TEST_CASE("get: nobody there is told with every address that was tried", "[cli]") {
  const Folder folder;
  std::string port;
  {
    const OneAnswer gone("", true);
    port = gone.port();
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

TEST_CASE("get: the groups follow --groups, on both sides", "[cli]") {
  const Folder folder;
  const Server server(folder,
                      {"--groups", "x448,ffdhe3072,SecP256r1MLKEM768,secp521r1", "--policy", "compat"});
  for (const char* const version : {"1.3", "1.2"}) {
    for (const char* const group : {"x448", "secp521r1"}) {
      const Finished done = server.get("/", {"--groups", group, "--tls", version});
      INFO(group << done.err);
      CHECK(done.status == 0);
      CHECK(has(done.out, group));
    }
  }
  CHECK(has(server.get("/", {"--groups", "x25519,SecP256r1MLKEM768"}).out, "SecP256r1MLKEM768"));
  const Finished refused = server.get("/", {"--groups", "x25519"});
  CHECK(refused.status == 4);
  CHECK(has(refused.err, "handshake_failure"));
  const Finished unknown = server.get("/", {"--groups", "x25519,P-256"});
  CHECK(unknown.status == 2);
  CHECK(has(unknown.err, "\"P-256\""));
  CHECK(has(unknown.err, "secp256r1"));
}

TEST_CASE("get: the suites that no policy has are spoken where both sides name them", "[cli]") {
  const Folder folder;
  const Server server(folder, {"--suites", "TLS_AES_128_CCM_8_SHA256,TLS_AES_128_GCM_SHA256"});
  CHECK(has(server.get("/", {"--suites", "TLS_AES_128_CCM_8_SHA256"}).out, "TLS_AES_128_CCM_8_SHA256"));
  CHECK(has(server.get("/", {}).out, "TLS_AES_128_GCM_SHA256"));
}

TEST_CASE("get: TLS 1.3 is spoken unless one side is told to speak TLS 1.2", "[cli]") {
  const Folder folder;
  const std::string older_suite = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";
  for (const char* const policy : {"modern", "strict", "compat"}) {
    INFO(policy);
    const Server both(folder, {"--policy", policy});
    CHECK(has(both.get("/", {"--policy", policy}).out, "TLS 1.3"));
    CHECK(has(both.get("/", {"--tls", "1.3"}).out, "TLS 1.3"));
    CHECK(has(both.get("/", {"--tls", "1.2"}).out, "TLS 1.2"));
    CHECK(has(both.get("/", {"--suites", older_suite}).out, "TLS 1.2"));
    CHECK(has(both.get("/", {"--suites", older_suite + ",TLS_AES_256_GCM_SHA384"}).out, "TLS 1.3"));
    const Server older(folder, {"--policy", policy, "--tls", "1.2"});
    CHECK(has(older.get("/", {"--policy", policy}).out, "TLS 1.2"));
  }
}

TEST_CASE("server: a client that speaks none of its versions is told apart, with what helps", "[cli]") {
  const Folder folder;
  const auto log_of = [&folder](const char* spoken, const Arguments& asked) {
    Server server(folder, {"--tls", spoken});
    CHECK(server.get("/", asked).status == 4);
    return server.process().err();
  };
  const std::string newer = log_of("1.2", {"--tls", "1.3"});
  INFO(newer);
  CHECK(has(newer, "the client speaks TLS 1.3 alone: leave --tls 1.2 out"));
  const std::string older = log_of("1.3", {"--tls", "1.2"});
  INFO(older);
  CHECK(has(older, "the client speaks nothing newer than TLS 1.2: leave --tls 1.3 out"));
  CHECK(has(older, "the client was told protocol_version"));
  // A ClientHello of TLS 1.1, with one suite and no extensions.
  Server server(folder, {});
  const std::string hello = std::string("\x16\x03\x01\x00\x2d\x01\x00\x00\x29\x03\x02", 11) +
                            std::string(32, 'r') + std::string("\x00\x00\x02\x00\x2f\x01\x00", 7);
  RawConnection old(server.port);
  old.send(hello);
  CHECK(old.read_to_end().first == std::string("\x15\x03\x03\x00\x02\x02\x46", 7));
  INFO(server.process().err());
  CHECK(has(server.process().err(), "the client is too old: bring it up to date"));
}

TEST_CASE("get: --resume fetches on the resumed session, or says that it could not", "[cli]") {
  const Folder folder;
  const Server server(folder, {});
  const Finished done = server.get("/", {"--resume"});
  INFO(done.err);
  CHECK(done.status == 0);
  CHECK(has(done.err, "the second fetch resumed the session"));
  CHECK(has(done.out, "resumed"));
  CHECK(has(done.err, "ticket of"));
  const Finished older = server.get("/", {"--resume", "--tls", "1.2"});
  CHECK(has(older.err, "the second fetch resumed the session"));
  const Server by_id(folder, {"--tickets", "off"});
  CHECK(has(by_id.get("/", {"--resume", "--tls", "1.2"}).err, "by a full handshake, session "));
  const Server forgetful(folder, {"--session-cache", "off", "--tickets", "off"});
  CHECK(forgetful.get("/", {"--resume"}).status == 10);
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
  for (const std::string host : {"localhost.", "LocalHost"}) {
    CHECK(run_tool(folder, {"get", "--trust", identities().ca, "https://" + host + ":" + six->port + "/"})
              .status == 0);
  }
  const Finished zone = run_tool(folder, {"get", "--trust", identities().ca, "https://[fe80::1%no-such]/"});
  CHECK(zone.status == 3);
  CHECK(has(zone.err, "  Found:   the zone \"no-such\" behind fe80::1"));
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
  // A path that nobody typed is told with where it comes from.
  CHECK(has(with("SSL_CERT_FILE=" + (folder / "absent")).err,
            "the environment's SSL_CERT_FILE: " + (folder / "absent") + ": No such file"));
  CHECK(has(run(folder, {"env", "-u", "SSL_CERT_FILE", "SSL_CERT_DIR=" + (folder / "empty"), ASHLAR_TOOL,
                         "get", server.url()})
                .err,
            "the environment's SSL_CERT_DIR: "));
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

TEST_CASE("get and server: certificates come compressed by each algorithm that both sides name", "[cli]") {
  if (cli::compressions().empty()) {
    SKIP_CASE("the tool was built without zlib, brotli and zstd");
  }
  const Folder folder;
  folder.write("www/index.html", "page");
  std::string all;
  for (const auto* row : cli::compressions()) {
    all += (all.empty() ? "" : ",") + std::string(row->name);
  }
  const Server server(folder, {"--www", folder / "www", "--compress-certificates", all});
  for (const auto* row : cli::compressions()) {
    const std::string name(row->name);
    const Finished page = server.get("/", {"--trace", "--compress-certificates", name});
    INFO(page.err);
    CHECK(page.status == 0);
    CHECK(page.out == "page");
    CHECK(has(page.err, "<- CompressedCertificate"));
    CHECK(has(unwrapped(page.err), "takes certificates compressed by " + name));
    CHECK(has(unwrapped(page.err), "compressed by " + name + " to "));
  }
  CHECK_FALSE(has(server.get("/", {"--trace"}).err, "CompressedCertificate"));
  const Finished misnamed = server.get("/", {"--compress-certificates", "gzip"});
  CHECK(misnamed.status == 2);
  CHECK(has(misnamed.err, "there is no such compression of certificates here"));
  CHECK(has(misnamed.err, "\"gzip\""));
  CHECK(has(unwrapped(misnamed.err), "one or more of zlib"));
}
