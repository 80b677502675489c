// SPDX-License-Identifier: Apache-2.0
// Files that hold something else than a certificate or a private key, and PEM text that was changed on its
// way.
#include "cli/commands/told.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

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
                        {"of a kind that is not supported", "of the kind secp256k1",
                         "RSA, RSA-PSS, ECDSA P-256", "ashlar key new"}});
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
