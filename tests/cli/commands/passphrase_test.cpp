// SPDX-License-Identifier: Apache-2.0
// Private keys under a passphrase, from files and at a terminal.
#include "catch.hpp"
#include "cli/terminal.hpp"
#include "cli/tool.hpp"

using namespace ashlar;
using namespace ashlar::test;

namespace {

// A key under "correct horse", and files with that passphrase and with another.
struct Encrypted {
  Folder folder;
  std::string right = folder.write("right", "correct horse\nanother line\n");
  std::string wrong = folder.write("wrong", "wrong horse\r\n");
  std::string key = folder / "key.pem";

  Encrypted() {
    const Finished made =
        run_tool(folder, {"key", "new", "p256", "--encrypt", "--passphrase-file", right, "-o", key});
    INFO(made.err);
    REQUIRE(made.status == 0);
    CHECK(has(made.err, "under a passphrase"));
  }
};

}  // namespace

TEST_CASE("passphrase: an encrypted key is written for others to read, and read from others", "[cli]") {
  const Encrypted made;
  CHECK(content_of(made.key).starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
  const Finished shown = run_tool(made.folder, {"key", "show", made.key, "--passphrase-file", made.right});
  INFO(shown.err);
  REQUIRE(shown.status == 0);
  if (!have_program("openssl")) {
    return;
  }
  const std::string plain = made.folder / "plain", der = made.folder / "der";
  REQUIRE(
      run(made.folder, {"openssl", "pkey", "-in", made.key, "-passin", "file:" + made.right, "-out", plain})
          .status == 0);
  CHECK(run_tool(made.folder, {"key", "show", plain}).out == shown.out);
  for (const Arguments& how :
       {Arguments{"-v2", "aes-128-cbc"}, Arguments{"-v2", "aes-256-cbc", "-v2prf", "hmacWithSHA1"},
        Arguments{"-scrypt"}, Arguments{"-v2", "aes-192-cbc", "-outform", "DER"}}) {
    Arguments arguments = {"openssl", "pkcs8", "-topk8", "-in", plain, "-passout", "file:" + made.right,
                           "-out",    der};
    arguments.insert(arguments.end(), how.begin(), how.end());
    REQUIRE(run(made.folder, arguments).status == 0);
    const Finished read = run_tool(made.folder, {"key", "show", der, "--passphrase-file", made.right});
    INFO(read.err);
    CHECK(read.out == shown.out);
  }
}

TEST_CASE("passphrase: each command that takes a key takes an encrypted one", "[cli]") {
  const Encrypted made;
  const std::string ca = made.folder / "ca.pem", leaf = made.folder / "leaf.pem",
                    key = made.folder / "leaf.key";
  const auto tool_of = [&](const Arguments& arguments) {
    const Finished done = run_tool(made.folder, arguments);
    INFO(done.err);
    CHECK(done.status == 0);
    return done;
  };
  tool_of(
      {"cert", "new", "--ca", "--name", "CA", "--key", made.key, "--passphrase-file", made.right, "-o", ca});
  // The new key and the issuer's key have different passphrases: one file each, in this order.
  tool_of({"cert",      "new",
           "--name",    "localhost",
           "--name",    "127.0.0.1",
           "--new-key", "p256",
           "--encrypt", "--key",
           key,         "--passphrase-file",
           made.wrong,  "--issuer-cert",
           ca,          "--issuer-key",
           made.key,    "--passphrase-file",
           made.right,  "-o",
           leaf});
  CHECK(content_of(key).starts_with("-----BEGIN ENCRYPTED"));
  tool_of({"cert", "verify", leaf, "--trust", ca, "--name", "localhost"});
  if (run_tool(made.folder, {"server", "--help"}).status != 0) {
    return;
  }
  Process server(made.folder,
                 tool({"server", "--port", "0", "--cert", leaf, "--key", key, "--passphrase-file", made.wrong,
                       "--client-ca", ca, "--require-client-cert"}));
  const std::string client = made.folder / "client.pem";
  tool_of({"cert", "new", "--client", "--common-name", "me", "--key", made.key, "--issuer-cert", ca,
           "--issuer-key", made.key, "--passphrase-file", made.right, "-o", client});
  const Finished got = tool_of({"get", "--trust", ca, "--cert", client, "--key", made.key,
                                "--passphrase-file", made.right, "https://localhost:" + server.port() + "/"});
  CHECK(!got.out.empty());
}

TEST_CASE("passphrase: a terminal is asked, shows nothing of it, and has its settings back", "[cli]") {
  const Encrypted made;
  {
    Terminal terminal(tool({"key", "show", made.key}));
    terminal.expect("Passphrase of " + made.key + ": ");
    CHECK(!terminal.echoes());
    terminal.type("wrong horse\n");
    terminal.expect("2 more tries");
    terminal.expect("Passphrase of ");
    terminal.type("correct horse\n");
    CHECK(terminal.wait() == 0);
    CHECK(has(terminal.screen(), "ECDSA P-256"));
    CHECK(!has(terminal.screen(), "horse"));
  }
  {
    Terminal terminal(tool({"key", "show", made.key}));
    for (int i = 0; i < 3; ++i) {
      terminal.expect("Passphrase of ");
      terminal.type("no\n");
    }
    CHECK(terminal.wait() == 1);
    CHECK(has(terminal.screen(), "does not open the private key"));
  }
  {
    Terminal terminal(tool({"key", "show", made.key}));
    terminal.expect("Passphrase of ");
    terminal.type("\n");
    CHECK(terminal.wait() == 1);
    CHECK(has(terminal.screen(), "an empty one protects nothing"));
  }
  {
    // If the program is stopped at the question, the terminal shows typed text again.
    Terminal terminal(
        {"sh", "-c", "trap : INT; \"$0\" key show \"$1\"; stty -a; echo done", ASHLAR_TOOL, made.key});
    terminal.expect("Passphrase of ");
    terminal.type("half\x03");
    terminal.expect("done");
    CHECK(has(terminal.screen(), " echo "));
    CHECK(!has(terminal.screen(), " -echo "));
    CHECK(!has(terminal.screen(), "-isig"));
    CHECK(!has(terminal.screen(), "half"));
  }
}

TEST_CASE("passphrase: a new one is asked for twice, and must be the same", "[cli]") {
  const Folder folder;
  const std::string key = folder / "new.key";
  {
    Terminal terminal(tool({"key", "new", "p256", "--encrypt", "-o", key}));
    terminal.expect("New passphrase of " + key + ": ");
    terminal.type("one\n");
    terminal.expect("The same again: ");
    terminal.type("two\n");
    CHECK(terminal.wait() == 1);
    CHECK(has(terminal.screen(), "the two passphrases differ"));
    CHECK(!std::filesystem::exists(key));
  }
  {
    Terminal terminal(tool({"key", "new", "p256", "--encrypt", "-o", key}));
    for (const char* const question : {"New passphrase of ", "The same again: "}) {
      terminal.expect(question);
      terminal.type("one\n");
    }
    CHECK(terminal.wait() == 0);
  }
  CHECK(run_tool(folder, {"key", "show", key, "--passphrase-file", folder.write("one", "one")}).status == 0);
}

TEST_CASE("passphrase: what cannot be opened is told with what was found and what helps", "[cli]") {
  const Encrypted made;
  struct Row {
    Arguments how;
    const char *cause, *found, *next;
  };
  const Folder& folder = made.folder;
  const Row rows[] = {
      {{"--passphrase-file", made.wrong},
       "does not open the private key",
       "first line of",
       "leave --passphrase-file out"},
      {{"--passphrase-file", folder.write("empty", "")},
       "no passphrase in this file",
       "the file is empty",
       "chmod 600"},
      {{"--passphrase-file", folder.write("blank", "\nx\n")},
       "no passphrase in this file",
       "first line that is empty",
       "chmod 600"},
      {{"--passphrase-file", folder / "absent"}, "No such file", "nothing of that name", "check the path"},
      {{}, "there is no terminal to ask", "/dev/tty", "--passphrase-file FILE"},
  };
  for (const Row& row : rows) {
    // The session of the process has no terminal.
    Arguments arguments = {"setsid", "-w", ASHLAR_TOOL, "key", "show", made.key};
    arguments.insert(arguments.end(), row.how.begin(), row.how.end());
    const Finished done = run(folder, arguments);
    INFO(done.err);
    CHECK(done.status == 1);
    CHECK(has(done.err, row.cause));
    CHECK(has(done.err, std::string("\n  Found:   ")));
    CHECK(has(done.err, row.found));
    CHECK(has(done.err, "\n  Wanted:  "));
    CHECK(has(done.err.substr(done.err.find("\n  Next:    ")), row.next));
  }
  CHECK(run_tool(folder, {"key", "new", "p256", "--passphrase-file", made.right}).status == 2);
}
