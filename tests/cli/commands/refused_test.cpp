// SPDX-License-Identifier: Apache-2.0
// Servers that cannot be spoken to, and certificates that are refused: what is told.
#include "cli/commands/told.hpp"
#include "cli/loopback.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

std::string alert(int number) {
  return std::string("\x15\x03\x03\x00\x02\x02", 6) + static_cast<char>(number);
}

}  // namespace

TEST_CASE("misuse: servers that cannot be spoken to are told apart", "[cli]") {
  const Folder folder;
  struct Row {
    const char* what;
    std::string answer;
    Told told;
    Arguments versions = {"--tls", "1.2"};
  };
  // ServerHellos of TLS 1.0 and TLS 1.2 with TLS_RSA_WITH_AES_128_CBC_SHA.
  const std::string old_hello = std::string("\x16\x03\x01\x00\x2a\x02\x00\x00\x26\x03\x01", 11) +
                                std::string(32, 'r') + std::string("\x00\x00\x2f\x00", 4);
  std::string tls12_hello = old_hello;
  tls12_hello[10] = 3;
  const std::vector<Row> rows = {
      {"TLS 1.3 alone",
       alert(70),
       {"does not speak TLS 1.2", "protocol_version", "speaks TLS 1.2", "leave --tls 1.2 out"}},
      {"TLS 1.0",
       old_hello,
       {"it is too old", "a ServerHello of TLS 1.0", "TLS 1.2", "bring the server up to date"}},
      {"TLS 1.0, and both versions are offered",
       old_hello,
       {"does not speak TLS 1.3 or TLS 1.2", "a ServerHello of TLS 1.0", "TLS 1.3 or TLS 1.2",
        "bring the server up to date"},
       {}},
      {"neither of both versions, by an alert",
       alert(70),
       {"does not speak TLS 1.3 or TLS 1.2", "protocol_version", "a server that speaks TLS 1.3 or TLS 1.2",
        "bring the server up to date"},
       {}},
      {"TLS 1.2 at most, by an alert",
       alert(70),
       {"does not speak TLS 1.3", "protocol_version", "speaks TLS 1.3", "leave --tls 1.3 out"},
       {"--tls", "1.3"}},
      {"TLS 1.2 at most, by a hello",
       tls12_hello,
       {"does not speak TLS 1.3", "a ServerHello of TLS 1.2", "TLS 1.3", "leave --tls 1.3 out"},
       {"--tls", "1.3"}},
      {"nothing in common",
       alert(40),
       {"nothing in common", "handshake_failure", "--policy modern", "try --policy compat"}},
      {"an unknown name",
       alert(112),
       {"no certificate for this name", "unrecognized_name", "a name that the server knows",
        "check the name"}},
      {"closes at once",
       "",
       {"closed the connection during the handshake", "before any answer to ClientHello",
        "up to its Finished", "check the port"}},
      {"SMTP",
       "220 mail.example ESMTP\r\n",
       {"not TLS (it begins with \"220 \")", "SMTP or FTP", "TLS from the first byte", "--starttls smtp"}},
      {"IMAP",
       "* OK ready\r\n",
       {"not TLS", "IMAP", "TLS from the first byte", "--starttls imap; or take the"}},
      {"POP3", "+OK ready\r\n", {"not TLS", "POP3", "TLS from the first byte", "--starttls pop3"}},
      {"SSH", "SSH-2.0-OpenSSH_9.2\r\n", {"begins with \"SSH-\"", "of SSH", "TLS from", "another port"}},
      {"HTTP", "HTTP/1.1 400 Bad Request\r\n\r\n", {"speaks HTTP without TLS", "HTTP", "TLS from", "443"}},
      {"HTTP/2", std::string("\0\0\x12\4\0\0\0\0\0", 9), {"not TLS", "HTTP/2", "TLS from", "443"}},
      {"MySQL",
       std::string("\x4a\0\0\0\x0a", 5) + "8.0.36",
       {"begins with 0x4a000000", "MySQL", "TLS from", "another port"}},
      {"PostgreSQL",
       std::string("E\0\0\0\x8cSFATAL", 11),
       {"not TLS", "PostgreSQL", "TLS from", "--starttls postgres"}},
      {"XMPP", "<?xml version='1.0'?>", {"not TLS", "XMPP", "TLS from", "--starttls xmpp"}},
      {"LDAP", "\x30\x0c\x02\x01\x01", {"not TLS", "LDAP", "TLS from", "--starttls ldap"}},
      {"Redis", "-ERR unknown\r\n", {"not TLS", "Redis", "TLS from", "6380"}},
      {"VNC", "RFB 003.008\n", {"not TLS", "VNC", "TLS from", "another port"}},
      {"DTLS",
       std::string("\x16\xfe\xfd\0\0\0\0", 7),
       {"does not carry the version", "0xfefd", "a record of TLS", "Check the port"}},
      {"nothing known", "\1\2\3\4\5\6", {"0x01020304", "not known here", "TLS from", "check the port"}},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    // Answers the first input with these bytes and closes.
    const LoopbackServer peer([&row](const posix::Socket& socket) {
      char bytes[4096];
      if (::recv(socket.get(), bytes, sizeof bytes, 0) > 0) {
        (void)!::send(socket.get(), row.answer.data(), row.answer.size(), MSG_NOSIGNAL);
        end_in_order(socket);
      }
    });
    const auto with = [&row](Arguments arguments) {
      arguments.insert(arguments.end(), row.versions.begin(), row.versions.end());
      return arguments;
    };
    const Finished done =
        run_tool(folder, with({"get", "--trust", identities().ca, "https://127.0.0.1:" + peer.port + "/"}));
    CHECK(done.status == 4);
    check_told(done.err, row.told);
    const Finished client =
        run_tool(folder, with({"client", "--trust", identities().ca, "127.0.0.1:" + peer.port}), "hello");
    CHECK(client.status == 4);
    check_told(client.err, row.told);
  }
}

TEST_CASE("misuse: a root with the issuer's name and another key is told from a broken signature", "[cli]") {
  const Folder folder;
  const Identities& made = identities();
  const std::string same_kind = folder / "same.pem", other_kind = folder / "other.pem";
  REQUIRE(run_tool(folder,
                   {"cert", "new", "--ca", "--name", "Test CA", "--key", made.other_ca_key, "-o", same_kind})
              .status == 0);
  REQUIRE(run_tool(folder, {"cert", "new", "--ca", "--name", "Test CA", "--key", made.rsa_server_key, "-o",
                            other_kind})
              .status == 0);
  for (const std::string& root : {same_kind, other_kind}) {
    check_misuse(folder, {"another key of the same name",
                          {"cert", "verify", made.server, "--trust", root},
                          1,
                          {root == same_kind ? "not signed by the key of its issuer" : "another kind",
                           "the key of the CN=Test CA that is trusted has the id",
                           "the certificate of CN=Test CA for the key", "give the right one: --trust FILE"}});
  }
  // Both at once do not hide the right one.
  CHECK(run_tool(folder, {"cert", "verify", made.server, "--trust", same_kind, "--trust", other_kind,
                          "--trust", made.ca})
            .status == 0);
}

TEST_CASE("misuse: a wildcard with one label behind it is told why it does not count", "[cli]") {
  const Folder folder;
  if (!have_program("openssl")) {
    return;
  }
  const std::string key = folder / "lan.key", certificate = folder / "lan.pem";
  REQUIRE(run(folder, {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
                       "-nodes", "-keyout", key, "-out", certificate, "-subj", "/CN=lan", "-addext",
                       "subjectAltName=DNS:*.lan"})
              .status == 0);
  check_misuse(folder, {"*.lan",
                        {"cert", "verify", certificate, "--trust", certificate, "--name", "nas.lan"},
                        1,
                        {"not for this name", "\"*.lan\" does not count", "one for nas.lan",
                         "ashlar cert new --name nas.lan"}});
}
