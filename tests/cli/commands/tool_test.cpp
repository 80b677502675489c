// SPDX-License-Identifier: Apache-2.0
// The tool from outside: help, messages, exit statuses, keys and certificates against openssl.
#include "cli/tool.hpp"
#include "catch.hpp"
#include "failure/advice.hpp"
#include "failure/other_names.hpp"
#include "support/skip.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <sstream>

using namespace ashlar::test;

namespace {

std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

}  // namespace

TEST_CASE("tool: every command and sub-command has help with its options", "[cli]") {
  const Folder folder;
  const Arguments command = GENERATE(
      Arguments{}, Arguments{"get"}, Arguments{"client"}, Arguments{"server"}, Arguments{"cert"},
      Arguments{"cert", "show"}, Arguments{"cert", "verify"}, Arguments{"cert", "new"}, Arguments{"key"},
      Arguments{"key", "new"}, Arguments{"key", "show"}, Arguments{"hash"}, Arguments{"mac"},
      Arguments{"enc"}, Arguments{"dec"}, Arguments{"speed"}, Arguments{"explain"}, Arguments{"doctor"});
  Arguments arguments = command;
  arguments.push_back("--help");
  const Finished done = run_tool(folder, arguments);
  INFO(done.out << done.err);
  CHECK(done.status == 0);
  CHECK(done.err.empty());
  CHECK(has(done.out, "Usage: ashlar"));
  CHECK(has(done.out, "--help"));
  CHECK(!has(done.out, "\x1b"));
}

TEST_CASE("tool: wrong command lines exit with 2 and say where help is", "[cli]") {
  const Folder folder;
  const Arguments command = GENERATE(
      Arguments{}, Arguments{"nonsense"}, Arguments{"get"}, Arguments{"get", "--nonsense", "https://x/"},
      Arguments{"hash", "md5"}, Arguments{"key", "new", "rsa:1024"},
      Arguments{"cert", "verify", "--purpose", "x"}, Arguments{"get", "http://localhost/"},
      Arguments{"get", "--trace=all", "https://localhost/"},
      Arguments{"get", "--policy", "old", "https://localhost/"},
      Arguments{"get", "--cert", "x.pem", "https://localhost/"},
      Arguments{"get", "--suites", "TLS_NULL", "https://localhost/"}, Arguments{"server", "--port", "70000"});
  const Finished done = run_tool(folder, command);
  INFO(done.out << done.err);
  CHECK(done.status == 2);
  CHECK(done.out.empty());
  CHECK(has(done.err, "ashlar"));
}

TEST_CASE("tool: get's help lists every exit status", "[cli]") {
  const Folder folder;
  const std::string help = run_tool(folder, {"get", "--help"}).out;
  for (const char* const name : {"unreachable", "tls", "cut-body", "no-close-notify", "redirect",
                                 "http-error", "not-http", "not-resumed"}) {
    INFO(name);
    CHECK(has(help, name));
  }
}

TEST_CASE("tool: explain tells errors and alerts by name and number, and lists all", "[cli]") {
  const Folder folder;
  CHECK(has(run_tool(folder, {"explain", "unknown_issuer"}).out, "no trusted root signed this chain"));
  CHECK(has(run_tool(folder, {"explain", "310"}).out, "RFC 5280"));
  CHECK(has(run_tool(folder, {"explain", "48"}).out, "unknown_ca"));
  CHECK(has(run_tool(folder, {"explain", "bad-record-mac"}).out, "alert 20, bad_record_mac"));
  CHECK(has(run_tool(folder, {"explain"}).out, "finished_mismatch"));
  CHECK(run_tool(folder, {"explain", "nothing"}).status == 1);
  const std::string refused = run_tool(folder, {"explain", "tls-rsa-with-rc4-128-md5"}).out;
  CHECK(has(refused, "cipher suite 0x0004, TLS_RSA_WITH_RC4_128_MD5"));
  CHECK(has(refused, "RFC 7465"));
  CHECK(has(refused, "MD5 is broken"));
  CHECK(has(run_tool(folder, {"explain", "0xc02b"}).out, "Spoken by default."));
  CHECK(has(run_tool(folder, {"explain", "0x0033"}).out, "finite-field Diffie-Hellman"));
  CHECK(run_tool(folder, {"explain", "0x0a0a"}).status == 1);
  CHECK(has(run_tool(folder, {"explain", "SSLv3"}).out, "POODLE"));
  CHECK(has(run_tool(folder, {"explain", "TLSv1.2"}).out, "Spoken by default"));
  // Every error has a cause and a next step, in 80 columns.
  for (const ashlar::ErrorRow& row : ashlar::kErrorTable) {
    INFO(row.name);
    const ashlar::cli::Advice* const advice = ashlar::cli::advice_for(row.code);
    REQUIRE(advice != nullptr);
    CHECK(!advice->cause.empty());
    CHECK(!advice->next.empty());
  }
  const std::string issuer = run_tool(folder, {"explain", "unknown_issuer"}).out;
  CHECK(has(issuer, "Usual cause: The root is not among those trusted"));
  CHECK(has(issuer, "Next: Give the root by --trust"));
  std::istringstream lines(issuer);
  for (std::string line; std::getline(lines, line);) {
    CHECK(line.size() <= 80 + 4);  // in bytes: a sign such as § has two
  }
}

TEST_CASE("tool: explain knows suites by the names that OpenSSL and GnuTLS give them", "[cli]") {
  const Folder folder;
  struct Row {
    const char* theirs;
    const char* ours;
  };
  for (const Row& row : {
           Row{"ECDHE-RSA-AES128-GCM-SHA256", "0xc02f, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"},
           Row{"ecdhe-ecdsa-chacha20-poly1305", "0xcca9, TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256"},
           Row{"AES128-SHA", "0x002f, TLS_RSA_WITH_AES_128_CBC_SHA"},
           Row{"AES256-GCM-SHA384", "0x009d, TLS_RSA_WITH_AES_256_GCM_SHA384"},
           Row{"DES-CBC3-SHA", "0x000a, TLS_RSA_WITH_3DES_EDE_CBC_SHA"},
           Row{"EDH-RSA-DES-CBC3-SHA", "0x0016, TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA"},
           Row{"RC4-MD5", "0x0004, TLS_RSA_WITH_RC4_128_MD5"},
           Row{"EXP-RC4-MD5", "0x0003, TLS_RSA_EXPORT_WITH_RC4_40_MD5"},
           Row{"ADH-AES128-SHA", "0x0034, TLS_DH_anon_WITH_AES_128_CBC_SHA"},
           Row{"AECDH-NULL-SHA", "0xc015, TLS_ECDH_anon_WITH_NULL_SHA"},
           Row{"NULL-SHA256", "0x003b, TLS_RSA_WITH_NULL_SHA256"},
           Row{"CAMELLIA128-SHA", "0x0041, TLS_RSA_WITH_CAMELLIA_128_CBC_SHA"},
           Row{"ECDHE-ECDSA-AES128-CCM8", "0xc0ae, TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8"},
           Row{"PSK-AES128-GCM-SHA256", "0x00a8, TLS_PSK_WITH_AES_128_GCM_SHA256"},
           Row{"SRP-RSA-AES-128-CBC-SHA", "0xc01e, TLS_SRP_SHA_RSA_WITH_AES_128_CBC_SHA"},
           Row{"TLS_ECDHE_RSA_AES_256_GCM_SHA384", "0xc030, TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"},
           Row{"TLS_RSA_ARCFOUR_128_SHA1", "0x0005, TLS_RSA_WITH_RC4_128_SHA"},
           Row{"TLS_DHE_DSS_3DES_EDE_CBC_SHA1", "0x0013, TLS_DHE_DSS_WITH_3DES_EDE_CBC_SHA"},
       }) {
    INFO(row.theirs);
    CHECK(has(run_tool(folder, {"explain", row.theirs}).out, std::string("cipher suite ") + row.ours + "\n"));
  }
  CHECK(run_tool(folder, {"explain", "ECDHE-RSA-AES512-GCM-SHA256"}).status == 1);
}

TEST_CASE("tool: explain knows errors by the names that other programs give them", "[cli]") {
  const Folder folder;
  // Each name of the table leads to its row's error, and no earlier row takes it away.
  for (const ashlar::cli::Other& row : ashlar::cli::kOthers) {
    const auto is_ours = [&row](const ashlar::ErrorRow& each) { return each.name == row.ours; };
    const bool error = std::any_of(std::begin(ashlar::kErrorTable), std::end(ashlar::kErrorTable), is_ours);
    INFO(row.ours);
    CHECK((error || run_tool(folder, {"explain", std::string(row.ours)}).status == 0));
    for (std::string_view rest = row.names; !rest.empty();) {
      const std::size_t bar = rest.find('|');
      const std::string_view name = rest.substr(0, bar);
      INFO(name);
      const auto meaning = ashlar::cli::meaning_of(name);
      REQUIRE(meaning.has_value());
      CHECK(meaning->ours == row.ours);
      rest.remove_prefix(bar == std::string_view::npos ? rest.size() : bar + 1);
    }
  }
  struct Row {
    const char* words;
    const char* whose;
    const char* ours;
  };
  for (const Row& row : {
           Row{"ERR_CERT_AUTHORITY_INVALID", "Chrome", "error 310, unknown_issuer"},
           Row{"net::ERR_CERT_DATE_INVALID", "Chrome", "error 311, certificate_expired"},
           Row{"X509_V_ERR_CERT_HAS_EXPIRED", "OpenSSL", "error 311, certificate_expired"},
           Row{"verify error:num=20:unable to get local issuer certificate", "OpenSSL", "unknown_issuer"},
           Row{"Verify return code: 10", "OpenSSL", "certificate_expired"},
           Row{"error:0A000086:SSL routines::certificate verify failed (certificate has expired)", "OpenSSL",
               "certificate_expired"},
           Row{"error:1408F10B:SSL routines:ssl3_get_record:wrong version number", "OpenSSL", "not_tls"},
           Row{"error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure", "Another program",
               "alert 40, handshake_failure"},
           Row{"curl: (60) SSL certificate problem: self signed certificate in certificate chain", "OpenSSL",
               "unknown_issuer"},
           Row{"curl 77", "curl", "no_roots"},
           Row{"CURLE_PEER_FAILED_VERIFICATION", "curl", "unknown_issuer"},
           Row{"x509: certificate signed by unknown authority", "Go", "unknown_issuer"},
           Row{"remote error: tls: bad certificate", "Another program", "alert 42, bad_certificate"},
           Row{"tls: first record does not look like a TLS handshake", "Go", "not_tls"},
           Row{"javax.net.ssl.SSLHandshakeException: PKIX path building failed", "Java", "unknown_issuer"},
           Row{"javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure",
               "Another program", "handshake_failure"},
           Row{"SEC_ERROR_UNKNOWN_ISSUER", "Firefox", "unknown_issuer"},
           Row{"SSL_ERROR_NO_CYPHER_OVERLAP", "Firefox", "no_common_suite"},
           Row{"GNUTLS_E_UNEXPECTED_PACKET_LENGTH", "GnuTLS", "not_tls"},
           Row{"DEPTH_ZERO_SELF_SIGNED_CERT", "OpenSSL", "unknown_issuer"},
           Row{"0x800B0109", "Windows", "unknown_issuer"},
       }) {
    const std::string out = run_tool(folder, {"explain", row.words}).out;
    INFO(row.words << "\n" << out);
    CHECK(out.rfind(row.whose, 0) == 0);
    CHECK(has(out, row.ours));
  }
  // A message need not be quoted.
  CHECK(has(run_tool(folder, {"explain", "unable", "to", "verify", "the", "first", "certificate"}).out,
            "unknown_issuer"));
}

TEST_CASE("tool: hash gives the known digests of files and pipes, in sha256sum's form", "[cli]") {
  const Folder folder;
  const std::string file = folder.write("abc", "abc");
  CHECK(run_tool(folder, {"hash", "sha256", file}).out ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  " + file + "\n");
  CHECK(run_tool(folder, {"hash", "sha224"}, "abc").out ==
        "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7  -\n");
  CHECK(has(run_tool(folder, {"hash", "sha384", "-"}, "abc").out,
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded163"));
  CHECK(has(run_tool(folder, {"hash", "sha512"}, "").out,
            "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"));
}

TEST_CASE("tool: hash agrees with the system's programs on large files and odd names", "[cli]") {
  const Folder folder;
  std::string content;
  for (int i = 0; i < 300'000; ++i) {
    content += static_cast<char>(i * 7 + i / 251);
  }
  const std::string file = folder.write("odd\nname\\x", content);
  for (const char* const name : {"sha224", "sha256", "sha384", "sha512"}) {
    const std::string other = std::string(name) + "sum";
    if (!have_program(other)) {
      SKIP_CASE("no " + other);
    }
    CHECK(run_tool(folder, {"hash", name, file}).out == run(folder, {other, file}).out);
  }
}

TEST_CASE("tool: hash goes on after a file that cannot be read, and fails", "[cli]") {
  const Folder folder;
  const std::string file = folder.write("abc", "abc");
  const Finished done = run_tool(folder, {"hash", "sha256", folder / "absent", file});
  CHECK(done.status == 1);
  CHECK(has(done.out, "ba7816bf"));
  CHECK(has(done.err, "absent: No such file"));
}

TEST_CASE("tool: doctor finds this build sound, for people and for programs", "[cli]") {
  const Folder folder;
  const Finished text = run_tool(folder, {"doctor"});
  INFO(text.out << text.err);
  CHECK(text.status == 0);
  CHECK(has(text.out, "AES-128-GCM"));
  CHECK(!has(text.out, "FAILED"));
  const Finished json = run_tool(folder, {"doctor", "--json"});
  CHECK(json.status == 0);
  CHECK(has(json.out, "\"sound\": true"));
}

TEST_CASE("tool: doctor measures the rows that it is asked for, and counts them", "[cli]") {
  const Folder folder;
  const Finished all = run_tool(folder, {"doctor", "--measure", "--only", "sha-512/64"});
  INFO(all.out << all.err);
  CHECK(all.status == 0);
  const Finished json = run_tool(folder, {"doctor", "--json", "--measure", "--only", "sha-512/64"});
  INFO(json.out);
  CHECK(json.status == 0);
  CHECK(has(json.out, "\"behind\": ["));
  // Without x86 kernels there is one row, and nothing to compare.
  const bool several = has(all.out, "ssse3");
  CHECK(has(all.out, several ? "Measured: 1 operations and sizes" : "Measured: 0 operations and sizes"));
  CHECK(has(json.out, several ? "\"measured\": 1" : "\"measured\": 0"));
  CHECK(run_tool(folder, {"doctor", "--only", "sha-512/64"}).status == 2);
}

TEST_CASE("tool: keys that are not supported are named, and sizes have their range", "[cli]") {
  const Folder folder;
  const auto said = [&](const char* program, const std::string& options) {
    const std::string path = folder / "other.key";
    run(folder, {"/bin/sh", "-c", std::string(program) + " " + options + " -out '" + path + "' 2>/dev/null"});
    return run_tool(folder, {"key", "show", path}).err;
  };
  if (!have_program("openssl")) {
    SKIP_CASE("no openssl");
  }
  const std::string x448 = said("openssl", "genpkey -algorithm x448");
  INFO(x448);
  CHECK(has(x448, "Found:   a private key of the kind X448"));
  CHECK(has(said("openssl", "genpkey -algorithm ec -pkeyopt ec_paramgen_curve:secp256k1"),
            "kind that is not supported"));
  CHECK(has(said("openssl", "ecparam -name secp256k1 -genkey -noout"), "kind that is not supported"));
  const std::string small = said("openssl", "genpkey -algorithm rsa -pkeyopt rsa_keygen_bits:1024");
  INFO(small);
  CHECK(has(small, "an RSA key of 2048 to "));
  CHECK(has(small, "an RSA modulus of 1024 bits"));
}

TEST_CASE("tool: keys are PKCS#8 that openssl reads, for their owner alone", "[cli]") {
  const Folder folder;
  const auto& [kind, shown_as] =
      GENERATE(std::pair<std::string, std::string>{"p256", "ECDSA P-256, 256 bits"},
               std::pair<std::string, std::string>{"p384", "ECDSA P-384, 384 bits"},
               std::pair<std::string, std::string>{"rsa:2048", "RSA, 2048 bits"},
               std::pair<std::string, std::string>{"rsa:3072", "RSA, 3072 bits"},
               std::pair<std::string, std::string>{"rsa-pss:2048", "RSA-PSS, 2048 bits"});
  const std::string path = folder / "test.key";
  const Finished made = run_tool(folder, {"key", "new", kind, "-o", path});
  INFO(made.err);
  REQUIRE(made.status == 0);
  struct stat info {};
  REQUIRE(stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(first_line(content_of(path)) == "-----BEGIN PRIVATE KEY-----");
  CHECK(run_tool(folder, {"key", "new", kind, "-o", path}).status == 1);
  const Finished shown = run_tool(folder, {"key", "show", path});
  CHECK(shown.status == 0);
  CHECK(has(shown.out, shown_as));
  if (!have_program("openssl")) {
    SKIP_CASE("no openssl");
  }
  const Finished check = run(folder, {"openssl", "pkey", "-in", path, "-check", "-noout"});
  INFO(check.out << check.err);
  CHECK(check.status == 0);
  CHECK(has(check.out + check.err, "valid"));
}

TEST_CASE("tool: keys of openssl are read in every form that it writes", "[cli]") {
  if (!have_program("openssl")) {
    SKIP_CASE("no openssl");
  }
  const Folder folder;
  const std::string rsa = folder / "rsa.pem";
  const std::string ec = folder / "ec.pem";
  REQUIRE(run(folder, {"openssl", "genrsa", "-traditional", "-out", rsa, "2048"}).status == 0);
  REQUIRE(run(folder, {"openssl", "ecparam", "-name", "prime256v1", "-genkey", "-out", ec}).status == 0);
  for (const std::string& key : {rsa, ec}) {
    INFO(key);
    const std::string pkcs8 = key + ".p8", der = key + ".der", locked = key + ".locked";
    REQUIRE(run(folder, {"openssl", "pkcs8", "-topk8", "-nocrypt", "-in", key, "-out", pkcs8}).status == 0);
    REQUIRE(run(folder, {"openssl", "pkey", "-in", key, "-outform", "DER", "-out", der}).status == 0);
    REQUIRE(run(folder, {"openssl", "pkcs8", "-topk8", "-passout", "pass:x", "-in", key, "-out", locked})
                .status == 0);
    const Finished traditional = run_tool(folder, {"key", "show", key});
    INFO(traditional.err);
    CHECK(traditional.status == 0);
    CHECK(run_tool(folder, {"key", "show", pkcs8}).out == traditional.out);
    CHECK(run_tool(folder, {"key", "show", der}).out == traditional.out);
    CHECK(run_tool(folder, {"key", "show"}, content_of(pkcs8)).out == traditional.out);
    const Finished opened =
        run_tool(folder, {"key", "show", locked, "--passphrase-file", folder.write("x", "x\n")});
    CHECK(opened.out == traditional.out);
  }
}

TEST_CASE("tool: certificates show what openssl shows", "[cli]") {
  if (!have_program("openssl")) {
    SKIP_CASE("no openssl");
  }
  const Identities& made = identities();
  for (const std::string& path : {made.ca, made.server, made.rsa_server, made.client}) {
    INFO(path);
    const std::string shown = run_tool(made.folder, {"cert", "show", path}).out;
    const auto openssl = [&](const char* what) {
      const std::string line =
          first_line(run(made.folder, {"openssl", "x509", "-in", path, "-noout", what, "-sha256"}).out);
      return line.substr(line.find('=') + 1);
    };
    CHECK(has(shown, "Serial               " + openssl("-serial") + "\n"));
    CHECK(has(shown, openssl("-fingerprint") + "\n"));
    CHECK(run(made.folder, {"openssl", "verify", "-x509_strict", "-CAfile", made.ca, path}).status == 0);
  }
  const std::string text = run(made.folder, {"openssl", "x509", "-in", made.server, "-noout", "-text"}).out;
  CHECK(has(text, "DNS:localhost, IP Address:127.0.0.1"));
  CHECK(has(text, "TLS Web Server Authentication"));
}

TEST_CASE("tool: cert show reads DER, standard input and several certificates", "[cli]") {
  const Identities& made = identities();
  const Finished both = run_tool(made.folder, {"cert", "show"},
                                 content_of(made.ca) + "text between\n" + content_of(made.server));
  CHECK(both.status == 0);
  CHECK(has(both.out, "Certificate 1 of 2"));
  CHECK(has(both.out, "CN=Test CA"));
  CHECK(has(both.out, "Certificate 2 of 2"));
  CHECK(has(both.out, "DNS localhost, IP 127.0.0.1"));
  CHECK(has(both.out, "serverAuth"));
  const Finished json = run_tool(made.folder, {"cert", "show", "--json", made.ca});
  CHECK(has(json.out, "\"ca\": true"));
  CHECK(run_tool(made.folder, {"cert", "show", made.folder.write("empty", "")}).status == 1);
  CHECK(has(run_tool(made.folder, {"cert", "show", made.server_key}).err, "no certificate"));
  CHECK(has(run_tool(made.folder, {"cert", "show"}, "neither").err, "text without PEM blocks"));
  if (have_program("openssl")) {
    const std::string der = made.folder / "server.der";
    REQUIRE(
        run(made.folder, {"openssl", "x509", "-in", made.server, "-outform", "DER", "-out", der}).status ==
        0);
    CHECK(has(run_tool(made.folder, {"cert", "show", der}).out, "DNS localhost"));
  }
}

TEST_CASE("tool: a hostile certificate cannot drive the terminal", "[cli]") {
  if (!have_program("openssl")) {
    SKIP_CASE("no openssl");
  }
  const Folder folder;
  const std::string key = folder / "key.pem", certificate = folder / "certificate.pem";
  REQUIRE(run(folder,
              {"openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
               "-nodes", "-utf8", "-keyout", key, "-out", certificate, "-subj",
               "/CN=\x1b]0;owned\x07\x1b[2J/O=first\xe2\x80\xaesdrawkcab/OU=a\nSHA-256              FAKE"})
              .status == 0);
  const Finished shown = run_tool(folder, {"cert", "show", certificate});
  INFO(shown.err);
  CHECK(shown.status == 0);
  CHECK(!has(shown.out, "\x1b"));
  CHECK(!has(shown.out, "\x07"));
  CHECK(!has(shown.out, "\xe2\x80\xae"));
  CHECK(!has(shown.out, "\nSHA-256"));
  CHECK(has(shown.out, "owned"));
  const Finished json = run_tool(folder, {"cert", "show", "--json", certificate});
  CHECK(!has(json.out, "\x1b"));
  CHECK(!has(json.out, "\xe2\x80\xae"));
}

TEST_CASE("tool: a name cannot pass for several by its separators and quotes", "[cli]") {
  const Folder folder;
  const Identities& made = identities();
  const auto subject = [&](const std::string& name) {
    const Finished issued = run_tool(folder, {"cert", "new", "--ca", "--name", name, "--key", made.ca_key,
                                              "-o", folder / "x.pem", "--force"});
    INFO(issued.err);
    REQUIRE(issued.status == 0);
    const std::string shown = run_tool(folder, {"cert", "show", folder / "x.pem"}).out;
    const std::size_t at = shown.find("Subject              ") + 21;
    return shown.substr(at, shown.find('\n', at) - at);
  };
  CHECK(subject("Plain CA") == "CN=Plain CA");
  CHECK(subject("x, O=Bank") == "CN=\"x, O=Bank\"");
  CHECK(subject("#3031") == "CN=\"#3031\"");
  CHECK(subject("x\", O=\"Bank") == "CN=#78222c204f3d2242616e6b");
}

TEST_CASE("tool: cert verify accepts with the path and refuses with the reason", "[cli]") {
  const Identities& made = identities();
  const auto verify = [&](Arguments more) {
    more.insert(more.begin(), {"cert", "verify"});
    return run_tool(made.folder, more);
  };
  const Finished good = verify({made.server, "--trust", made.ca, "--name", "localhost"});
  INFO(good.out << good.err);
  CHECK(good.status == 0);
  CHECK(has(good.out, "Accepted"));
  CHECK(has(good.out, "CN=Test CA"));
  CHECK(verify({made.server, "--trust", made.ca, "--name", "127.0.0.1"}).status == 0);

  const Finished name = verify({made.server, "--trust", made.ca, "--name", "example.com"});
  CHECK(name.status == 1);
  CHECK(has(name.err, "not for this name"));
  CHECK(has(name.err, "a certificate for DNS localhost"));
  const Finished issuer = verify({made.server, "--trust", made.other_ca, "--name", "localhost"});
  CHECK(issuer.status == 1);
  CHECK(has(issuer.err, "no trusted root"));
  const Finished expired =
      verify({made.server, "--trust", made.ca, "--name", "localhost", "--time", "2099-01-01"});
  CHECK(expired.status == 1);
  CHECK(has(expired.err, "expired"));
  const Finished early =
      verify({made.server, "--trust", made.ca, "--name", "localhost", "--time", "2020-01-01"});
  CHECK(early.status == 1);
  CHECK(has(early.err, "not valid yet"));
  const Finished purpose = verify({made.client, "--trust", made.ca, "--name", "localhost"});
  CHECK(purpose.status == 1);
  CHECK(has(purpose.err, "extendedKeyUsage"));
  CHECK(verify({made.client, "--trust", made.ca, "--purpose", "client"}).status == 0);
  CHECK(has(verify({made.server, "--trust", made.ca}).out, "No name was compared"));
}

TEST_CASE("tool: an intermediate CA stands between root and leaf", "[cli]") {
  const Folder folder;
  const Identities& made = identities();
  const auto make = [&](const Arguments& arguments) {
    const Finished done = run_tool(folder, arguments);
    INFO(done.err);
    REQUIRE(done.status == 0);
  };
  make({"key", "new", "p256", "-o", folder / "middle.key"});
  make({"key", "new", "p256", "-o", folder / "leaf.key"});
  make({"cert", "new", "--ca", "--name", "Middle CA", "--path-length", "0", "--key", folder / "middle.key",
        "--issuer-cert", made.ca, "--issuer-key", made.ca_key, "-o", folder / "middle.pem"});
  make({"cert", "new", "--name", "leaf.example", "--key", folder / "leaf.key", "--issuer-cert",
        folder / "middle.pem", "--issuer-key", folder / "middle.key", "-o", folder / "leaf.pem"});
  CHECK(
      run_tool(folder, {"cert", "verify", folder / "leaf.pem", "--trust", made.ca, "--name", "leaf.example"})
          .status == 1);
  const Finished good =
      run_tool(folder, {"cert", "verify", folder / "leaf.pem", "--intermediate", folder / "middle.pem",
                        "--trust", made.ca, "--name", "leaf.example"});
  INFO(good.out << good.err);
  CHECK(good.status == 0);
  CHECK(has(good.out, "CN=Middle CA"));
}

TEST_CASE("tool: cert new makes the key, too, if it is asked to, and leaves none where it fails", "[cli]") {
  const Folder folder;
  const Arguments ca = {"cert",           "new",  "--ca",  "--name",          "A CA",
                        "--new-key",      "p256", "--key", folder / "ca.key", "-o",
                        folder / "ca.pem"};
  CHECK(run_tool(folder, {"cert", "new", "--name", "a..b", "--new-key", "p256", "--key", folder / "ca.key",
                          "-o", folder / "ca.pem"})
            .status == 2);
  CHECK(run_tool(folder, ca).status == 0);
  CHECK(run_tool(folder, {"key", "show", folder / "ca.key"}).status == 0);
  // Neither is replaced silently. If one exists already, the other is not made.
  CHECK(run_tool(folder, ca).status != 0);
  std::filesystem::remove(folder / "ca.key");
  CHECK(run_tool(folder, ca).status != 0);
  CHECK(!std::filesystem::exists(folder / "ca.key"));
  const Finished piped = run_tool(folder, {"cert", "new", "--name", "x", "--new-key", "p256", "--key", "-"});
  CHECK(piped.status == 2);
  CHECK(has(piped.err, "--new-key wants a file"));
}

TEST_CASE("tool: cert new refuses an issuer that is no CA, and a key that is not the issuer's", "[cli]") {
  const Identities& made = identities();
  const Finished leaf =
      run_tool(made.folder, {"cert", "new", "--name", "x", "--key", made.client_key, "--issuer-cert",
                             made.server, "--issuer-key", made.server_key});
  CHECK(leaf.status == 1);
  CHECK(has(leaf.err, "not a CA"));
  const Finished key = run_tool(made.folder, {"cert", "new", "--name", "x", "--key", made.client_key,
                                              "--issuer-cert", made.ca, "--issuer-key", made.server_key});
  CHECK(key.status == 1);
  CHECK(has(key.err, "does not belong"));
  CHECK(run_tool(made.folder, {"cert", "new", "--key", made.client_key}).status == 2);
}

TEST_CASE("tool: cert new warns of what works and will not last", "[cli]") {
  const Folder folder;
  const Identities& made = identities();
  const auto issue = [&](Arguments more) {
    more.insert(more.begin(), {"cert", "new", "--key", made.server_key, "-o", folder / "x.pem", "--force"});
    const Finished done = run_tool(folder, more);
    INFO(done.err);
    CHECK(done.status == 0);
    return done.err;
  };
  const Arguments issuer = {"--name", "localhost", "--issuer-cert", made.ca, "--issuer-key", made.ca_key};
  const auto with = [&](Arguments more) {
    more.insert(more.end(), issuer.begin(), issuer.end());
    return more;
  };
  CHECK(!has(issue(issuer), "Warning"));
  CHECK(has(issue(with({"--days", "7300"})), "Warning: the certificate outlives its CA"));
  CHECK(has(issue(with({"--not-before", "2020-01-01"})), "begins before its CA does"));
  CHECK(has(issue({"--ca", "--client", "--name", "A CA"}), "--client has no effect on a CA"));
  const std::string old_ca = folder / "old.pem";
  REQUIRE(run_tool(folder, {"cert", "new", "--ca", "--name", "Old CA", "--key", made.ca_key, "--days", "1",
                            "--not-before", "2020-01-01", "-o", old_ca})
              .status == 0);
  CHECK(has(issue({"--name", "localhost", "--issuer-cert", old_ca, "--issuer-key", made.ca_key}),
            "the CA has expired"));
}

TEST_CASE("tool: names longer than 64 bytes are issued", "[cli]") {
  const Folder folder;
  const Identities& made = identities();
  const std::string label(40, 'a');
  for (const std::string& name : {label + "." + label + ".example.com"}) {
    INFO(name);
    const Finished done =
        run_tool(folder, {"cert", "new", "--name", name, "--key", made.server_key, "--issuer-cert", made.ca,
                          "--issuer-key", made.ca_key, "-o", folder / "x.pem", "--force"});
    INFO(done.err);
    CHECK(done.status == 0);
    CHECK(run_tool(folder, {"cert", "verify", folder / "x.pem", "--trust", made.ca, "--name", name}).status ==
          0);
  }
}

TEST_CASE("tool: what a stranger gets wrong is named as it was typed, with what is wanted", "[cli]") {
  const Folder folder;
  const std::string empty = folder.write("empty", "");
  const auto said = [&](const Arguments& arguments, int status) {
    const Finished done = run_tool(folder, arguments);
    INFO(done.out << done.err);
    CHECK(done.status == status);
    return done.err;
  };
  CHECK(has(said({"nonsense"}, 2), "there is no command \"nonsense\""));
  CHECK(has(said({"explain", "nothing"}, 1), "\"nothing\""));
  CHECK(has(said({"cert", "show", empty}, 1), "nothing: it is empty"));
  CHECK(has(said({"cert", "show"}, 1), "standard input: this file holds no certificate"));
  CHECK(has(said({"key", "show", empty}, 1), "this file holds no private key"));
  CHECK(has(said({"key", "new", "p256", "-o", folder.path().string()}, 1), "Is a directory"));
  CHECK(has(said({"key", "new", "p256", "--force", "-o", folder.path().string()}, 1), "Is a directory"));
  CHECK(
      has(said({"cert", "new", "--key", identities().server_key, "--name", "localhost", "--name", "a b"}, 2),
          "--name \"a b\""));
  CHECK(has(said({"cert", "verify", identities().server, "--name", "a b"}, 2), "--name \"a b\""));
}

TEST_CASE("tool: a missing file, a folder and a full disk are told by name and reason", "[cli]") {
  const Folder folder;
  const Finished absent = run_tool(folder, {"cert", "show", folder / "absent.pem"});
  CHECK(absent.status == 1);
  CHECK(has(absent.err, "absent.pem: No such file or directory"));
  CHECK(has(run_tool(folder, {"cert", "show", "/"}).err, "Is a directory"));
  const Finished full =
      run(folder, {"/bin/sh", "-c", std::string(ASHLAR_TOOL) + " key new p256 -o - > /dev/full"});
  CHECK(full.status == 1);
  CHECK(has(full.err, "No space left"));
  for (const std::string& command :
       {std::string("explain"), std::string("--help"), std::string("get --help"), std::string("--version"),
        std::string("doctor"), "hash sha256 " + identities().ca, "cert show " + identities().ca,
        "key show " + identities().ca_key}) {
    INFO(command);
    const Finished lost = run(folder, {"/bin/sh", "-c", ASHLAR_TOOL " " + command + " > /dev/full"});
    CHECK(lost.status == 1);
    CHECK(has(lost.err, "standard output: "));
  }
}

#if defined(__x86_64__) && defined(__linux__)
TEST_CASE("doctor: says that randomness is missing, and why", "[cli]") {
  if (!have_program("python3")) {
    SKIP_CASE("no python3");
  }
  const Folder folder;
  // A seccomp filter that answers getrandom with ENOSYS.
  const std::string script = folder.write("without_random.py", R"(
import ctypes, os, struct, sys
libc = ctypes.CDLL(None)
def step(code, value, yes=0, no=0): return struct.pack("HBBI", code, yes, no, value)
program = step(0x20, 0) + step(0x15, 318, 0, 1) + step(0x06, 0x00050000 | 38) + step(0x06, 0x7fff0000)
buffer = ctypes.create_string_buffer(program)
filter = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(program) // 8, ctypes.addressof(buffer)))
if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, filter) != 0: sys.exit(77)
os.execv(sys.argv[1], sys.argv[1:])
)");
  const Finished done = run(folder, {"python3", script, ASHLAR_TOOL, "doctor"});
  if (done.status == 77) {
    SKIP_CASE("no seccomp here");
  }
  INFO(done.out << done.err);
  CHECK(done.status == 1);
  CHECK(has(done.err, "the system gives no randomness"));
  CHECK(has(done.err, "getrandom: Function not implemented"));
}
#endif
