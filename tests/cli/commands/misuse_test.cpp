// SPDX-License-Identifier: Apache-2.0
// What people do wrong, and what they are told. Each message has its cause, what was found, what was wanted
// and what to do next.
#include "catch.hpp"
#include "cli/loopback.hpp"
#include "cli/tool.hpp"

#include <sstream>

using namespace ashlar;
using namespace ashlar::test;

namespace {

// Phrases of each part. A part that is "" must be absent.
struct Told {
  std::string cause, found, wanted, next;
};

struct Misuse {
  std::string what;
  Arguments arguments;
  int status;
  Told told;
  std::string input = "";
};

// The line of a part, or nothing.
std::string part(const std::string& text, const std::string& label) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  " + label)) {
      return line.substr(11);
    }
  }
  return "";
}

void check_told(const std::string& err, const Told& told) {
  INFO(err);
  // The message is the last output of the tool. Warnings and traces may come before it.
  const std::size_t start = err.rfind("\nashlar");
  const std::string message = start == std::string::npos ? err : err.substr(start + 1);
  const std::string cause = message.substr(0, message.find('\n'));
  CHECK(cause.starts_with("ashlar"));
  CHECK(cause.find(told.cause) != std::string::npos);
  for (const auto& [label, phrase] : {std::pair{"Found:   ", told.found}, std::pair{"Wanted:  ", told.wanted},
                                      std::pair{"Next:    ", told.next}}) {
    INFO(label << phrase);
    const std::string line = part(message, label);
    CHECK(line.empty() == phrase.empty());
    CHECK(line.find(phrase) != std::string::npos);
  }
  // No system error number replaces a reason, and no text is incomplete.
  CHECK(message.find("errno") == std::string::npos);
  CHECK(message.find(": :") == std::string::npos);
  CHECK(message.find("  \n") == std::string::npos);
}

void check_misuse(const Folder& folder, const Misuse& misuse) {
  const Finished done = run_tool(folder, misuse.arguments, misuse.input);
  INFO(misuse.what << done.out);
  CHECK(done.status == misuse.status);
  check_told(done.err, misuse.told);
}

std::string block(const std::string& label) {
  return "-----BEGIN " + label + "-----\nMAMCAQA=\n-----END " + label + "-----\n";
}

const char kCertificate[] = "a certificate, PEM (BEGIN CERTIFICATE) or DER";
const char kKey[] = "a private key, PEM (BEGIN PRIVATE KEY) or DER";

// A file that holds something else than what was wanted.
struct WrongFile {
  const char* name;
  std::string content;
  const char* found;
  const char* next;
};

void check_wrong_files(const Folder& folder, const char* command, const std::string& what,
                       const std::string& wanted, const std::vector<WrongFile>& rows) {
  for (const WrongFile& row : rows) {
    const std::string path = folder.write(row.name, row.content);
    check_misuse(folder,
                 {row.name,
                  {command, "show", path},
                  1,
                  {std::string(row.name) + ": this file holds no " + what, row.found, wanted, row.next}});
  }
}

}  // namespace

TEST_CASE("misuse: a file that is no certificate is told for what it is, with the command that helps",
          "[cli]") {
  const Folder folder;
  const std::vector<WrongFile> rows = {
      {"pkcs12", std::string("\x30\x0a\x02\x01\x03\x30\x05\x06\x03\x2a\x03\x04", 12), "PKCS#12",
       "openssl pkcs12 -in"},
      {"ber", std::string("\x30\x80\x02\x01\x03", 5), "BER", "openssl pkcs12 -in"},
      {"csr", block("CERTIFICATE REQUEST"), "a request for a certificate", "openssl x509 -req -in"},
      {"csr2", block("NEW CERTIFICATE REQUEST"), "a request for a certificate", "openssl x509 -req -in"},
      {"public", block("PUBLIC KEY"), "a public key", "give the certificate of that key"},
      {"pkcs7", block("PKCS7"), "PKCS#7", "openssl pkcs7 -in"},
      {"cms", block("CMS"), "a CMS (PKCS#7) message", "| openssl pkcs7 -print_certs"},
      {"trusted", block("TRUSTED CERTIFICATE"), "TRUSTED CERTIFICATE", "openssl x509 -in"},
      {"crl", block("X509 CRL"), "a list of revoked certificates", "give the certificate"},
      {"ssh.pub", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA me@here\n", "a public key of SSH",
       "give a certificate"},
      {"ssh", block("OPENSSH PRIVATE KEY"), "OpenSSH's own format", "ashlar cert new"},
      {"key", block("PRIVATE KEY"), "a private key", "ashlar cert new --key"},
      {"pgp", block("PGP PUBLIC KEY BLOCK"), "OpenPGP", "a certificate of X.509"},
      {"jks", "\xfe\xed\xfe\xed rest", "a key store of Java", "keytool -exportcert"},
      {"page", "<!DOCTYPE html><title>404</title>", "a page of HTML", "fetch the file again"},
      {"utf16", std::string("\xff\xfe-\0-\0", 6), "text in UTF-16", "iconv -f UTF-16"},
      {"zip", "\x1f\x8b\x08 rest", "compressed by gzip", "gunzip"},
      {"bare", "MIIBbjCCARSgAwIBAgIQ\n", "base64 without the lines around it", "base64 -d"},
      {"text", "hello world\n", "text without PEM blocks: it begins with \"hello world\"", "ashlar cert new"},
      {"empty", "", "nothing: it is empty", "ashlar cert new"},
      {"odd", "\xc0\x01\x02\x03", "neither PEM nor DER: it begins with the bytes c0010203",
       "ashlar cert new"},
  };
  check_wrong_files(folder, "cert", "certificate", kCertificate, rows);
  const std::string broken = folder.write("broken", block("CERTIFICATE"));
  check_misuse(folder, {"a broken certificate",
                        {"cert", "show", broken},
                        1,
                        {"not every certificate could be read", "1 broken one of 1", "sound DER", "again"}});
  // A command can be copied for any name of the file.
  const std::string odd = folder.write("my file's.csr", block("CERTIFICATE REQUEST"));
  const std::string told = run_tool(folder, {"cert", "show", odd}).err;
  CHECK(told.find("my file'\\''s.csr'") != std::string::npos);
}

TEST_CASE("misuse: a file that is no private key is told for what it is, with the command that helps",
          "[cli]") {
  const Folder folder;
  const std::vector<WrongFile> rows = {
      {"pkcs12", std::string("\x30\x0a\x02\x01\x03\x30\x05\x06\x03\x2a\x03\x04", 12), "PKCS#12",
       "openssl pkcs12 -in"},
      {"csr", block("CERTIFICATE REQUEST"), "a request for a certificate", "give the key that the request"},
      {"public", block("PUBLIC KEY"), "a public key", "it cannot be made from the public one"},
      {"certificate", block("CERTIFICATE"), "a certificate", "find the file that was made beside it"},
      {"ssh", block("OPENSSH PRIVATE KEY"), "OpenSSH's own format", "(RSA and ECDSA; "},
      {"ssh.pub", "ecdsa-sha2-nistp256 AAAA me@here\n", "a public key of SSH", "without .pub"},
      {"putty", "PuTTY-User-Key-File-3: ssh-ed25519\n", "a private key of PuTTY", "puttygen"},
      {"parameters", block("EC PARAMETERS"), "the parameters of a curve", "ashlar key new"},
      {"dsa", block("DSA PRIVATE KEY"), "a private key for DSA", "ashlar key new"},
      {"empty", "", "nothing: it is empty", "ashlar key new"},
  };
  check_wrong_files(folder, "key", "private key", kKey, rows);
  const std::string other = folder.write("secp256k1",
                                         "-----BEGIN PRIVATE KEY-----\n"
                                         "MIGEAgEAMBAGByqGSM49AgEGBSuBBAAKBG0wawIBAQQg1WPK5SvuSNkxIa/xOiT2\n"
                                         "satmTOGey6oEYi6xCrfUbPehRANCAAQC3xD1wSnK/UClfV7nPUxobbCyRxhtdw4L\n"
                                         "B4d+suzTV6HYYMzETPmsNAeqWcWi6wbLvo4h9uBgPjKyeoLfzSrM\n"
                                         "-----END PRIVATE KEY-----\n");
  check_misuse(folder, {"a kind that is not supported",
                        {"key", "show", other},
                        1,
                        {"of a kind that is not supported", "of the kind secp256k1", "RSA, ECDSA P-256",
                         "ashlar key new"}});
  const std::string old = folder.write("old",
                                       "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                                       "DEK-Info: AES-128-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n");
  check_misuse(folder,
               {"an old encrypted key",
                {"key", "show", old},
                1,
                {"encrypted in an old way", "Proc-Type: 4,ENCRYPTED", "PKCS#8", "openssl pkcs8 -topk8"}});
}

TEST_CASE("misuse: the command that is named for a PEM text that was changed on its way restores it",
          "[cli]") {
  const Folder folder;
  const Identities& made = identities();
  const auto replaced = [](std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
      text.replace(at, from.size(), to);
    }
    return text;
  };
  const auto wide = [](const std::string& text, bool little) {
    std::string out;
    for (const char c : text) {
      out += little ? std::string{c, '\0'} : std::string{'\0', c};
    }
    return out;
  };
  struct Row {
    const char* name;
    std::string changed;
    const char* found;
  };
  for (const bool key : {false, true}) {
    const std::string text = content_of(key ? made.server_key : made.server);
    const std::string escaped = replaced(text, "\n", "\\n");
    const Row rows[] = {
        {"indented", "tls:\n  cert: |\n    " + replaced(text, "\n", "\n    "), "indented or quoted"},
        {"quoted", "> " + replaced(text, "\n", "\n> "), "indented or quoted"},
        {"escaped", escaped, "in letters instead of its line breaks"},
        {"json", "{\"pem\":\"" + escaped + "\"}\n", "in letters instead of its line breaks"},
        {"one line", replaced(text, "\n", ""), "without its line breaks"},
        {"a variable", "X=\"" + replaced(text, "\n", " ") + "\"\n", "without its line breaks"},
        {"dashes", replaced(text, "-", "–"), "became dashes"},
        {"base64", "", "inside base64"},
        {"utf16le", wide(text, true), "UTF-16"},
        {"utf16be", wide(text, false), "UTF-16"},
    };
    for (const Row& row : rows) {
      INFO(row.name);
      const std::string path = folder / row.name, command = key ? "key" : "cert";
      folder.write(row.name, row.changed);
      if (row.changed.empty()) {
        run(folder,
            {"sh", "-c", "base64 < \"$1\" > \"$2\"", "sh", key ? made.server_key : made.server, path});
      }
      const Finished refused = run_tool(folder, {command, "show", path});
      CHECK(refused.status == 1);
      CHECK(refused.out.empty());
      check_told(refused.err, {"holds no", row.found, "(BEGIN ", " > " + command + ".pem"});
      run(folder,
          {"sh", "-c", "cd \"$1\" && " + part(refused.err, "Next:    "), "sh", folder.path().string()});
      const Finished shown = run_tool(folder, {command, "show", folder / (command + ".pem")});
      INFO(shown.err);
      CHECK(shown.out == run_tool(folder, {command, "show", key ? made.server_key : made.server}).out);
    }
  }
}

TEST_CASE("misuse: the command that is named for a request or a bundle makes a certificate of it", "[cli]") {
  const Folder folder;
  if (!have_program("openssl")) {
    return;
  }
  const Identities& made = identities();
  folder.write("ca.pem", content_of(made.ca));
  folder.write("ca.key", content_of(made.ca_key));
  const std::string request = folder / "my.csr", bundle = folder / "pkcs7", certificate = folder / "cert.pem";
  REQUIRE(run(folder, {"openssl", "req", "-new", "-key", made.server_key, "-subj", "/CN=x", "-addext",
                       "subjectAltName=DNS:x.example", "-out", request})
              .status == 0);
  REQUIRE(run(folder, {"openssl", "crl2pkcs7", "-nocrl", "-certfile", made.server, "-out", bundle}).status ==
          0);
  std::string message = content_of(bundle);
  for (const char* const line : {"BEGIN PKCS7", "END PKCS7"}) {
    message.replace(message.find(line) + std::string_view(line).size() - 5, 5, "CMS");
  }
  struct Row {
    std::string path;
    const char* name;
  };
  for (const Row& row : {Row{request, "x.example"}, Row{bundle, "localhost"},
                         Row{folder.write("cms", message), "localhost"}}) {
    const std::string told = run_tool(folder, {"cert", "show", row.path}).err;
    INFO(told);
    const std::string next = part(told, "Next:    ");
    const std::string command = next.substr(next.find(": ") == std::string::npos ? 0 : next.find(": ") + 2);
    std::filesystem::remove(certificate);
    const Finished done = run(folder, {"sh", "-c", "cd \"$1\" && " + command, "sh", folder.path().string()});
    INFO(done.out << done.err);
    CHECK(done.status == 0);
    CHECK(run_tool(folder, {"cert", "verify", certificate, "--trust", made.ca, "--name", row.name}).status ==
          0);
  }
}

TEST_CASE("misuse: command lines of other programs, and slips of the hand", "[cli]") {
  const Folder folder;
  const Identities& made = identities();
  const std::string empty_folder = folder / "nothing";
  std::filesystem::create_directories(empty_folder);
  const std::vector<Misuse> rows = {
      {"nothing", {}, 2, {"a command is missing", "no command", "one of get, client", "ashlar --help"}},
      {"no such command",
       {"nonsense"},
       2,
       {"no command \"nonsense\"", "nonsense", "one of get, client", "ashlar --help"}},
      {"a slip",
       {"clinet"},
       2,
       {"no command \"clinet\"", "near \"client\"", "one of get", "ashlar client --help"}},
      {"help for nothing", {"help", "foo"}, 2, {"no command \"foo\"", "foo", "one of get", "ashlar --help"}},
      {"openssl's command",
       {"x509", "-in", "x.pem"},
       2,
       {"no command \"x509\"", "openssl's", "one of get", "ashlar cert show FILE"}},
      {"another program's command",
       {"version"},
       2,
       {"no command \"version\"", "other programs", "one of get", "ashlar --version"}},
      {"an option and no command", {"-v"}, 2, {"no option -v here", "-v", "one of get", "ashlar --help"}},
      {"a field",
       {"get", "-H", "A: b", "https://x/"},
       2,
       {"no option -H", "curl's", "ashlar get", "ashlar client"}},
      {"another spelling",
       {"key", "new", "P-384"},
       2,
       {"kind does not take", "near \"p384\"", "p256", "write p384"}},
      {"a curve by its other name",
       {"key", "new", "prime256v1"},
       2,
       {"kind does not take", "near \"p256\"", "p256", "write p256"}},
      {"no size",
       {"key", "new", "rsa"},
       2,
       {"kind does not take", "near \"rsa:3072\"", "p256", "write rsa:3072"}},
      {"a hash's other spelling",
       {"hash", "SHA-256"},
       2,
       {"algorithm does not take", "near \"sha256\"", "sha256", "write sha256"}},
      {"an empty label",
       {"get", "https://a..b/"},
       2,
       {"neither a host name", "a..b", "https://HOST", "check the name"}},
      {"a part is missing",
       {"cert"},
       2,
       {"a command is missing", "no command", "show, verify, new", "cert --help"}},
      {"no address", {"get"}, 2, {"url is required", "without it", "url", "ashlar get --help"}},
      {"-k",
       {"get", "-k", "https://x/"},
       2,
       {"no option -k", "curl's", "ashlar get", "--insecure-no-verify"}},
      {"--insecure",
       {"get", "--insecure", "https://x/"},
       2,
       {"no option --insecure", "curl's", "ashlar get", "--trust FILE"}},
      {"-v", {"get", "-v", "https://x/"}, 2, {"no option -v", "other programs", "ashlar get", "--trace"}},
      {"--cacert",
       {"get", "--cacert", "ca.pem", "https://x/"},
       2,
       {"no option --cacert", "curl's", "ashlar get", "--trust FILE"}},
      {"-tls1_3",
       {"client", "-tls1_3", "x:1"},
       2,
       {"no option -tls1_3", "openssl's", "ashlar client", "write it as --tls 1.3"}},
      {"-v where it means nothing",
       {"hash", "-v", "sha256"},
       2,
       {"no option -v", "other programs", "ashlar hash", "ashlar hash --help"}},
      {"-k where it means nothing",
       {"cert", "show", "-k", "x.pem"},
       2,
       {"no option -k", "curl's", "ashlar cert show", "ashlar cert show --help"}},
      {"-connect",
       {"client", "-connect", "x:443"},
       2,
       {"no option -connect", "openssl's", "ashlar client", "HOST:PORT"}},
      {"an unknown option",
       {"get", "--nonsense", "https://x/"},
       2,
       {"no option --nonsense", "--nonsense", "an option of ashlar get", "ashlar get --help"}},
      {"an option given twice",
       {"get", "--tls", "1.2", "--tls", "1.3", "https://x/"},
       2,
       {"--tls is given more than once", "2 of them", "1", "leave the others out"}},
      {"an option without its value",
       {"get", "https://x/", "--trust"},
       2,
       {"--trust has no value", "nothing behind it", "FILE|DIR", "ashlar get --help"}},
      {"the policy psk without a key",
       {"get", "--policy", "psk", "https://localhost/"},
       2,
       {"needs a pre-shared key", "without --psk-key", "both", "--psk-identity"}},
      {"a slip in an option",
       {"get", "--trsut", "ca.pem", "https://x/"},
       2,
       {"no option --trsut", "near \"--trust\"", "an option of ashlar get", "write --trust"}},
      {"a slip in an option that must be there",
       {"cert", "new", "--kye", "x", "--name", "x"},
       2,
       {"no option --kye", "near \"--key\"", "an option of ashlar cert new", "write --key"}},
      {"a slip before any command",
       {"--verson"},
       2,
       {"no option --verson", "near \"--version\"", "one of get", "write --version"}},
      {"an option cut short",
       {"get", "--insecure-no", "https://x/"},
       2,
       {"no option --insecure-no", "near \"--insecure-no-verify\"", "ashlar get", "write --insecure"}},
      {"a slip in a value",
       {"hash", "sha265"},
       2,
       {"does not take", "near \"sha256\"", "sha256", "write sha256"}},
      {"a slip in a protocol",
       {"client", "--starttls", "smpt", "x:1"},
       2,
       {"--starttls does not take", "near \"smtp\"", "imap", "write smtp"}},
      {"a slip in a group",
       {"get", "--groups", "x25518", "https://x/"},
       2,
       {"no such group", "near \"x25519\"", "secp256r1", "as it stands"}},
      {"a group by its other name",
       {"get", "--groups", "P-256", "https://x/"},
       2,
       {"no such group", "near \"secp256r1\"", "secp256r1", "as it stands"}},
      {"a suite cut short",
       {"get", "--suites", "TLS_AES_256", "https://x/"},
       2,
       {"no such cipher suite", "near \"TLS_AES_256_GCM_SHA384\"", "TLS_ECDHE_", "as it stands"}},
      {"an IPv4 address of three parts",
       {"get", "https://127.0.1/"},
       2,
       {"neither a host name", "127.0.1", "https://HOST", "four decimal numbers"}},
      {"an IPv4 address in octal digits",
       {"get", "https://0127.0.0.1/"},
       2,
       {"neither a host name", "0127.0.0.1", "https://HOST", "without zeros in front"}},
      {"an IPv4 address with a dot behind",
       {"get", "https://127.0.0.1./"},
       2,
       {"neither a host name", "127.0.0.1.", "https://HOST", "four decimal numbers"}},
      {"one argument too many",
       {"get", "https://x/", "https://y/"},
       2,
       {"not expected: https://y/", "more arguments", "quotes", "ashlar get --help"}},
      {"--trace secrets",
       {"get", "--trace", "secrets", "https://x/"},
       2,
       {"behind a sign of equality", "--trace secrets", "--trace=records", "write --trace=secrets"}},
      {"--trace=all",
       {"get", "--trace=all", "https://x/"},
       2,
       {"--trace does not take this value", "\"all\"", "--trace=records", "ashlar get --trace"}},
      {"explain -1",
       {"explain", "-1"},
       1,
       {"no error or alert is called \"-1\"", "\"-1\"", "the number of an error",
        "ashlar explain lists them"}},
      {"explain nothing",
       {"explain", "nothing"},
       1,
       {"called \"nothing\"", "\"nothing\"", "the name or the number", "ashlar explain lists them"}},
      {"a port",
       {"server", "--port", "70000"},
       2,
       {"--port does not take", "70000", "0 to 65535", "server --help"}},
      {"a kind of key",
       {"key", "new", "rsa:1024"},
       2,
       {"kind does not take", "rsa:1024", "rsa:2048", "key new --help"}},
      {"a hash", {"hash", "md5"}, 2, {"algorithm does not take", "md5", "sha256", "ashlar hash --help"}},
      {"plain HTTP", {"get", "http://x/"}, 2, {"only https", "http://x/", "https://HOST", "write https://"}},
      {"a password",
       {"get", "https://me:s3cret@x/"},
       2,
       {"user names", "me:…@x", "https://HOST", "leave out"}},
      {"a user name", {"get", "https://me@x/"}, 2, {"user names", "me@x", "https://HOST", "leave out"}},
      {"IPv6 without brackets",
       {"get", "https://::1/"},
       2,
       {"written [::1]", "https://::1/", "https://HOST", "brackets"}},
      {"not ASCII", {"get", "https://münchen.de/"}, 2, {"not ASCII", "münchen", "https://HOST", "xn--"}},
      {"a suite",
       {"get", "--suites", "RC4-MD5", "https://x/"},
       2,
       {"no such cipher suite", "RC4-MD5", "TLS_ECDHE_", "--policy compat"}},
      {"a signature scheme that is not there",
       {"get", "--schemes", "ed448,rsa_pkcs1_md5", "https://x/"},
       2,
       {"no such signature scheme", "rsa_pkcs1_md5", "ed25519, ecdsa_secp521r1_sha512, ed448, mldsa44",
        "as it stands"}},
      {"a policy",
       {"get", "--policy", "old", "https://x/"},
       2,
       {"--policy does not take", "\"old\"", "modern", "get --help"}},
      {"roots that are not there",
       {"get", "--trust", folder / "absent", "https://localhost/"},
       1,
       {"absent: No such file or directory", "nothing of that name", "a file that can be read", "pwd"}},
      {"a folder without roots",
       {"get", "--trust", empty_folder, "https://localhost/"},
       1,
       {"no file of this folder", "0 files", "certificates, PEM or DER", "--trust FILE"}},
      {"a folder for a file",
       {"cert", "show", folder.path().string()},
       1,
       {"Is a directory", "a folder", "a file that can be read", "give a file in it"}},
      {"nobody there",
       {"get", "--trust", made.ca, "https://127.0.0.1:1/"},
       3,
       {"no address answers", "127.0.0.1:1: Connection refused", "port 1", "check host and port"}},
      {"no such name",
       {"get", "--trust", made.ca, "https://name.invalid/"},
       3,
       {"the name has no address", "name.invalid", "a name that this system resolves", "getent hosts"}},
      {"a cert without its key",
       {"server", "--port", "0", "--cert", made.server, "--key", made.client_key},
       1,
       {"does not belong to the certificate", "two different public keys", "was issued for",
        "ashlar key show"}},
      {"a certificate and its key the other way round",
       {"get", "https://localhost/", "--cert", made.client_key, "--key", made.client},
       1,
       {"are swapped", "a private key in " + made.client_key, "by --cert", "--cert " + made.client}},
      {"the same for a server",
       {"server", "--port", "0", "--cert", made.server_key, "--key", made.server},
       1,
       {"are swapped", "a certificate in " + made.server, "by --cert", "--key " + made.server_key}},
      {"keys in another order than their certificates",
       {"server", "--port", "0", "--cert", made.server, "--key", made.rsa_server_key, "--cert",
        made.rsa_server, "--key", made.server_key},
       1,
       {"does not belong to the certificate", "the key of the certificate in " + made.rsa_server, "the order",
        "--cert " + made.rsa_server + " --key " + made.rsa_server_key}},
      {"a chain that begins with the CA",
       {"server", "--port", "0", "--cert",
        folder.write("upside-down.pem", content_of(made.ca) + content_of(made.server)), "--key",
        made.server_key},
       1,
       {"does not belong to the certificate", "the key of certificate 2", "own certificate first",
        "at the beginning"}},
      {"a time that is none",
       {"cert", "show", made.server, "--time", "tomorrow"},
       2,
       {"not a time", "\"tomorrow\"", "seconds since 1970", "2026-11-21"}},
      {"files and echo",
       {"server", "--port", "0", "--cert", made.server, "--key", made.server_key, "--www", "/", "--echo"},
       2,
       {"files or an echo", "--www and --echo", "one of them", "leave one out"}},
      {"client certificates of nobody",
       {"server", "--port", "0", "--cert", made.server, "--key", made.server_key, "--require-client-cert"},
       2,
       {"whose client certificates", "without --client-ca", "both", "--client-ca FILE"}},
      {"a folder that is not there",
       {"server", "--port", "0", "--cert", made.server, "--key", made.server_key, "--www",
        "./no-such-folder"},
       1,
       {"no-such-folder", "nothing of that name", "a folder to serve", "check the path"}},
      {"doctor for a server",
       {"doctor", "localhost:443"},
       2,
       {"not expected", "more arguments than", "usage line", "ashlar check HOST"}},
      {"a session store",
       {"server", "--port", "0", "--cert", made.server, "--key", made.server_key, "--session-cache", "disk"},
       2,
       {"--session-cache does not take", "disk", "memory:N", "memory:1024"}},
      {"sessions in Redis without the fleet's key",
       {"server", "--port", "0", "--cert", made.server, "--key", made.server_key, "--session-cache",
        "redis://127.0.0.1"},
       2,
       {"the whole fleet has", "without --ticket-keys", "both", "ashlar key new ticket"}},
      {"a password for no Redis",
       {"server", "--port", "0", "--cert", made.server, "--key", made.server_key, "--redis-password-file",
        "x"},
       2,
       {"no Redis", "--redis-password-file without", "both", "redis://HOST"}},
      {"an address that is a name",
       {"server", "--port", "0", "--cert", made.server, "--key", made.server_key, "--address", "localhost"},
       2,
       {"--address does not take", "localhost", "an IP address", "127.0.0.1"}},
      {"a certificate without a name",
       {"cert", "new", "--key", made.server_key},
       2,
       {"no name", "neither --name nor --common-name", "at least one", "cert new --help"}},
      {"a name that is none",
       {"cert", "new", "--key", made.server_key, "--name", "a b"},
       2,
       {"no certificate can be issued for", "--name \"a b\"", "a DNS name", "--common-name"}},
      {"an issuer without its key",
       {"cert", "new", "--key", made.server_key, "--name", "x", "--issuer-cert", made.ca},
       2,
       {"go together", "--issuer-cert alone", "both", "give the other"}},
      {"an issuer that is no CA",
       {"cert", "new", "--name", "x", "--key", made.client_key, "--issuer-cert", made.server, "--issuer-key",
        made.server_key},
       1,
       {"not a CA", "CN=localhost", "basicConstraints", "cert new --ca"}},
      {"another name",
       {"cert", "verify", made.server, "--trust", made.ca, "--name", "example.com"},
       1,
       {"not for this name", "DNS localhost", "one for example.com", "explain name_mismatch"}},
      {"another root",
       {"cert", "verify", made.server, "--trust", made.other_ca},
       1,
       {"no trusted root", "issued by CN=Test CA", "1 root of", "--intermediate FILE"}},
      {"too late",
       {"cert", "verify", made.server, "--trust", made.ca, "--time", "2099-01-01"},
       1,
       {"expired", "CN=localhost, valid from", "2099-01-01", "clock"}},
      {"a client's certificate for a server",
       {"cert", "verify", made.client, "--trust", made.ca},
       1,
       {"extendedKeyUsage", "clientAuth", "may be used so", "ashlar cert new"}},
  };
  const bool has_server = run_tool(folder, {"server", "--help"}).status == 0;
  for (const Misuse& misuse : rows) {
    if (has_server || misuse.arguments.empty() || misuse.arguments[0] != "server") {
      check_misuse(folder, misuse);
    }
  }
  CHECK(rows.size() + 21 + 12 >= 60);
  // Sealed files, codes and their keys.
  const std::string key = folder.write("key", std::string(32, 'k'));
  const std::string sealed = folder.write("sealed", run_tool(folder, {"enc", "--key", key}, "abc").out);
  std::string odd = content_of(sealed), changed = odd;
  odd[12] = 99;
  changed.back() = static_cast<char>(changed.back() ^ 1);
  const Misuse about_files[] = {
      {"no key",
       {"dec", sealed},
       1,
       {"sealed with a key", "no --key", "the file with the key", "--key FILE"}},
      {"a key of another size",
       {"dec", sealed, "--key", folder.write("short", "abc")},
       1,
       {"no key of the right size", "3 bytes", "a key of 32 bytes", "head -c 32"}},
      {"another key",
       {"dec", sealed, "--key", folder.write("other", std::string(32, 'o'))},
       1,
       {"not the right key", "another key", "was sealed with", "try again"}},
      {"not sealed",
       {"dec", folder.write("text", std::string(100, 't')), "--key", key},
       1,
       {"not a file that ashlar enc made", "another beginning", "begins with", "the right file"}},
      {"a header of tomorrow",
       {"dec", folder.write("odd", odd), "--key", key},
       1,
       {"not known here", "a cipher with the number 99", "enc-format.md", "ashlar that made it"}},
      {"changed",
       {"dec", folder.write("changed", changed), "--key", key, "-o", folder / "opened"},
       1,
       {"chunk 1 was changed", "authentication failed", "as it was sealed", "fetch the file again"}},
      {"cut in its header",
       {"dec", folder.write("head", "ash"), "--key", key},
       1,
       {"ends in the header", "3 bytes", "a header of", "fetch the file again"}},
      {"a file that is there",
       {"key", "new", "p256", "-o", key},
       1,
       {"such a file already", "a file of that name", "a new name", "--force"}},
      {"half a byte",
       {"mac", "hmac-sha256", "--hex-key", "--key", folder.write("half", "abc")},
       1,
       {"whole bytes", "3 hex digits, an odd number", "two digits", "zero in front"}},
      {"another code",
       {"mac", "hmac-sha256", "--key", key, "--verify", std::string(64, '0')},
       1,
       {"another code of it", "than that of --verify", "the same code", "belong together"},
       "abc"},
      {"a code of another size",
       {"mac", "hmac-sha256", "--key", key, "--verify", "00"},
       2,
       {"another size", "1 byte", "32 bytes in hex", "which algorithm"},
       "abc"},
      {"one of two files",
       {"hash", "sha256", folder / "absent"},
       1,
       {"not every file went well", "could not be read", "can all be read", "messages above"}},
      {"nothing to measure",
       {"speed", "md5"},
       2,
       {"no algorithm is named md5", "\"md5\"", "one of aes-128-gcm", "without a name"}},
  };
  for (const Misuse& misuse : about_files) {
    check_misuse(folder, misuse);
  }
  // If the meaning is obvious, it is done.
  const Finished help = run_tool(folder, {"help", "get"});
  CHECK(help.status == 0);
  CHECK(help.out.find("Usage: ashlar get") != std::string::npos);
}

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
