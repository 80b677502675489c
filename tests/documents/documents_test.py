#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The code in README and in the heads of headers compiles; README's program runs; dangling uses do not compile.

documents_test.py SOURCE BUILD
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, archive, case, command, run  # noqa: E402

SOURCE, BUILD = sys.argv[1], sys.argv[2]
COMPILER = shutil.which("g++") or shutil.which("clang++")
MODULES = ("base", "crypto", "asn1", "x509", "tls", "posix")
FLAGS = ["-std=c++20", "-Wall", "-Wextra"] + ["-I" + os.path.join(SOURCE, module, "include") for module in MODULES]


def read(path):
    with open(os.path.join(SOURCE, path), encoding="utf-8") as text:
        return text.read()


def blocks(path):
    return re.findall(r"```cpp\n(.*?)```", read(path), flags=re.S)


def head_example(path):
    """The indented code in the comment at the head of a header."""
    head = read(path).split("#pragma once")[0]
    return "\n".join(line[2:] for line in head.splitlines() if line.startswith("//   "))


def diagnostics(text):
    done = subprocess.run([COMPILER, "-xc++", *FLAGS, "-fsyntax-only", "-"], input=text, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
    return done.stdout if done.returncode else ""


@case("README: each block of C++ compiles, and the translation has the same program")
def _():
    ours, theirs = blocks("README.md"), blocks("README.zh.md")
    assert ours, "README.md has no block of C++"
    for block in ours + theirs:
        assert not diagnostics(block), diagnostics(block)
    bare = [[re.sub(r"\s*//.*", "", block) for block in each] for each in (ours, theirs)]
    assert bare[0] == bare[1], "README.md and README.zh.md show different programs"


@case("docs/x509-strictness.md has the rows of kDeviationTable, one for one")
def _():
    words = {"always": "yes", "unless_strict": "unless strict", "never": "no"}
    table = read("x509/include/ashlar/x509/deviation.hpp").split("kDeviationTable[] = {")[1].split("\n};")[0]
    strings = r"((?:\"[^\"]*\"\s*)+)"
    pattern = (r"\{Deviation::\w+,\s*" + strings + r",\s*ErrorCode::\w+,\s*Accepted::(\w+),\s*Accepted::(\w+),"
               r"\s*Accepted::(\w+),\s*" + strings + r",\s*" + strings + r"\}")
    joined = lambda text: "".join(re.findall(r"\"([^\"]*)\"", text))
    code = [(joined(name), joined(text), words[leaf], words[issuer], words[anchor], joined(clause))
            for name, leaf, issuer, anchor, clause, text in re.findall(pattern, table)]
    assert len(code) == table.count("{Deviation::"), "a row of kDeviationTable was not understood"
    rows = re.findall(r"^\| `([a-z0-9-]+)`: (.*?) \| (.*?) \| yes \| (.*?) \| (.*?) \| (.*?) \| (.*?) \|$",
                      read("docs/x509-strictness.md"), flags=re.M)
    document = [(name, text, leaf, issuer, anchor, clause) for name, text, _, leaf, issuer, anchor, clause in rows]
    assert document == code, [row for row in document + code if (row in document) != (row in code)]


@case("README: the program tells in a sentence why it printed nothing")
def _():
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "page")
        with open(program + ".cpp", "w", encoding="utf-8") as out:
            out.write(blocks("README.md")[0])
        command([COMPILER, *FLAGS, "-o", program, program + ".cpp", archive(BUILD)])
        # Nothing listens on port 1, and the name does not exist.
        for arguments in (["127.0.0.1", "1"], ["no-such-host.invalid", "443"]):
            done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  timeout=60, check=False)
            assert done.returncode == 1, done
            assert not done.stdout and len(done.stderr.split()) > 3, done


@case("the examples at the heads of headers compile")
def _():
    drive = head_example("tls/include/ashlar/tls/connection.hpp")
    assert "client.wants()" in drive, drive
    text = ("#include <ashlar/tls/connection.hpp>\nusing namespace ashlar;\nusing namespace ashlar::tls;\n"
            "std::size_t send(int, Bytes);\nstd::size_t recv(int, MutBytes);\nvoid use(Bytes);\n"
            "Result<void> drive(Client& client, int socket) {\n" + drive + "\nreturn {};\n}\n")
    assert not diagnostics(text), diagnostics(text)
    show = head_example("tls/include/ashlar/tls/credential.hpp")
    assert "Credential::create" in show, show
    text = ("#include <ashlar/posix.hpp>\nusing namespace ashlar;\n"
            "Result<void> serve(std::span<const Bytes> chain, x509::PrivateKey private_key) {\n" + show +
            "\nreturn tls::Server::create(config).ok() ? Result<void>() : ErrorCode::invalid_argument;\n}\n")
    assert not diagnostics(text), diagnostics(text)
    warn = head_example("tls/include/ashlar/tls/findings.hpp")
    assert "tls::findings(config)" in warn, warn
    text = ("#include <ashlar/base/describe.hpp>\n#include <ashlar/tls/findings.hpp>\nusing namespace ashlar;\n"
            "void print(std::size_t, std::string_view);\n"
            "void warn(const tls::ServerConfig& config) {\nchar line[kDescribeSize];\n" + warn + "\n}\n")
    assert not diagnostics(text), diagnostics(text)
    page = head_example("posix/include/ashlar/posix.hpp")
    assert "posix::dial" in page, page
    text = ("#include <ashlar/posix.hpp>\nusing namespace ashlar;\nvoid use(Bytes);\n"
            "Result<void> page() {\n" + page + "\nreturn {};\n}\n")
    assert not diagnostics(text), diagnostics(text)


# A client driven as in connection.hpp, and a server with the credentials of credential.hpp.
DRIVEN = r"""
#include <ashlar/base/describe.hpp>
#include <ashlar/posix.hpp>
#include <ashlar/x509/issue.hpp>
#include <cstdio>
#include <thread>
using namespace ashlar;
using namespace ashlar::tls;

std::size_t send(int socket, Bytes out) {
  const ssize_t count = ::send(socket, out.data(), out.size(), MSG_NOSIGNAL);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}
std::size_t recv(int socket, MutBytes window) {
  const ssize_t count = ::recv(socket, window.data(), window.size(), 0);
  return count > 0 ? static_cast<std::size_t>(count) : 0;
}
void use(Bytes data) { std::fwrite(data.data(), 1, data.size(), stdout); }

Result<void> drive(Client& client, int socket) {
  CONNECTION
  return client.error() ? Result<void>(*client.error()) : Result<void>();
}

Result<void> serve(std::span<const Bytes> chain, x509::PrivateKey private_key, int socket) {
  CREDENTIAL
  ASHLAR_TRY(Server server, Server::create(config));
  const posix::Socket end(socket);
  posix::Stream stream(server, end);
  ASHLAR_CHECK(stream.write(bytes_of("said by the server\n")));
  ASHLAR_CHECK(stream.close());
  ASHLAR_TRY(const Bytes rest, stream.read());
  return rest.empty() ? Result<void>() : ErrorCode::trailing_data;
}

Result<void> run() {
  ASHLAR_TRY(x509::PrivateKey key, x509::PrivateKey::generate(x509::kP256Private, 256, crypto::system_random()));
  constexpr std::string_view names[] = {"localhost"};
  x509::CertificateTemplate wanted{};
  wanted.common_name = "localhost";
  wanted.validity = {{posix::now().seconds - 60}, {posix::now().seconds + 3600}};
  wanted.names = names;
  wanted.server_auth = true;
  std::uint8_t storage[4096];
  ASHLAR_TRY(const Bytes leaf, x509::issue(wanted, key.public_key(), {{}, {}, key}, crypto::system_random(), storage));
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return posix::system_error();
  const Bytes chain[] = {leaf};
  Result<void> served;
  std::thread server([&] { served = serve(chain, std::move(key), ends[0]); });
  const ClientConfig config = posix::client_config(dangerous_accept_any_certificate());
  auto client = Client::create(config, "localhost");
  const Result<void> driven = client ? drive(*client, ends[1]) : client.error();
  ::shutdown(ends[1], SHUT_RDWR);
  server.join();
  ASHLAR_CHECK(driven);
  return served;
}

int main() {
  const auto done = run();
  char line[kDescribeSize + 1] = {};
  if (!done) std::fprintf(stderr, "%s\n", describe(done.error(), {line, kDescribeSize}).data());
  return done ? 0 : 1;
}
"""


@case("the examples at the heads of connection.hpp and credential.hpp run")
def _():
    text = DRIVEN.replace("CONNECTION", head_example("tls/include/ashlar/tls/connection.hpp"))
    text = text.replace("CREDENTIAL", head_example("tls/include/ashlar/tls/credential.hpp"))
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "driven")
        with open(program + ".cpp", "w", encoding="utf-8") as out:
            out.write(text)
        command([COMPILER, *FLAGS, "-o", program, program + ".cpp", archive(BUILD), "-pthread"])
        done = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60, check=False)
        assert done.returncode == 0 and done.stdout == "said by the server\n", done


# What must not compile, and what must beside it.
DANGLING = {
    "trust that is gone while a config has its verifier": (
        "const x509::AnchorIndex anchors;\n",
        "const tls::TrustAnchors trust(anchors);\nreturn trust.verifier().id != 0;",
        "return tls::TrustAnchors(anchors).verifier().id != 0;"),
    "trust that moves": (
        "const x509::AnchorIndex anchors;\ntls::TrustAnchors trust(anchors);\n",
        "const tls::TrustAnchors& other = trust;\nreturn &other == &trust;",
        "const tls::TrustAnchors other = std::move(trust);\nreturn true;"),
    "a client of a config that is gone": (
        "tls::ClientConfig config;\n",
        'return tls::Client::create(config, "a.example").ok();',
        'return tls::Client::create(tls::ClientConfig{}, "a.example").ok();'),
    "a server of a config that is gone": (
        "tls::ServerConfig config;\n",
        "return tls::Server::create(config).ok();",
        "return tls::Server::create(tls::ServerConfig{}).ok();"),
    "a signer with a key that is gone": (
        "const auto key = x509::PrivateKey::parse_pem(\"\");\n",
        "return tls::local_signer(*key).context == nullptr;",
        "return tls::local_signer(std::move(*x509::PrivateKey::parse_pem(\"\"))).context == nullptr;"),
    "a credential whose key stays behind": (
        "tls::CredentialParts parts;\nauto key = x509::PrivateKey::parse_pem(\"\");\n",
        "return tls::Credential::create(parts, std::move(*key)).ok();",
        "return tls::Credential::create(parts, *key).ok();"),
    "a config of credentials that are gone": (
        "const auto credentials = tls::Credentials::create(std::span<tls::Credential>());\n",
        "return posix::server_config(*credentials).credentials != nullptr;",
        "return posix::server_config(*tls::Credentials::create(std::span<tls::Credential>())).credentials != nullptr;"),
    "a config with a list that is gone": (
        "std::vector<std::string_view> protocols;\ntls::ClientConfig config;\n",
        "config.alpn = protocols;\nconfig.alpn = {};\nconfig.alpn = std::span(protocols).first(0);\nreturn true;",
        "config.alpn = std::vector<std::string_view>();\nreturn true;"),
    "a config with names that are gone": (
        "std::vector<Bytes> names;\ntls::ServerConfig config;\n",
        "config.client_ca_names = names;\nreturn true;",
        "config.client_ca_names = std::vector<Bytes>();\nreturn true;"),
    "a store of sessions that is gone": (
        "tls::MemorySessionStore::Slot slots[1];\ntls::MemorySessionStore sessions(slots);\n",
        "return sessions.resumption().context == nullptr;",
        "return tls::MemorySessionStore(slots).resumption().context == nullptr;"),
    "an index of anchors that are gone": (
        "std::vector<x509::TrustAnchor> anchors;\n",
        "return x509::AnchorIndex(anchors).all().empty();",
        "return x509::AnchorIndex(std::vector<x509::TrustAnchor>()).all().empty();"),
    "a stream over a socket that is gone": (
        "tls::Connection* connection = nullptr;\nposix::Socket socket(-1);\n",
        "posix::Stream stream(*connection, socket);\nreturn bool(stream.handshake());",
        "posix::Stream stream(*connection, posix::Socket(-1));\nreturn bool(stream.handshake());"),
}


@case("temporaries that something would point to do not compile")
def _():
    frame = "#include <ashlar/posix.hpp>\n#include <vector>\nusing namespace ashlar;\nbool f() {\n%s%s\n}\n"
    for what, (before, good, bad) in DANGLING.items():
        found = diagnostics(frame % (before, good))
        assert not found, f"{what}: what is right does not compile:\n{found}"
        assert diagnostics(frame % (before, bad)), f"{what}: compiles"
    print(f"{len(DANGLING)} kinds of temporaries")


@case("reference: every public name has a comment")
def _():
    if not shutil.which("doxygen"):
        raise Skip("no doxygen")
    with tempfile.TemporaryDirectory() as folder:
        command([sys.executable, os.path.join(SOURCE, "docs", "reference", "reference.py"), folder])
        assert os.path.exists(os.path.join(folder, "html", "index.html"))


TRAP = """#include <ashlar/base/result.hpp>
ashlar::Result<int> address() { return ashlar::ErrorCode::host_not_found; }
int main(int argc, char**) {
  if (argc == 1) return *address();
  const ashlar::Result<int> value(1);
  return static_cast<int>(value.error().detail);
}
"""


@case("a Result that is used wrongly stops the program, and without NDEBUG says of which error")
def _():
    with tempfile.TemporaryDirectory() as folder:
        for flags, sentence in ((["-O0"], "it is an error: the name has no address"), (["-O2", "-DNDEBUG"], "")):
            program = os.path.join(folder, "trap")
            subprocess.run([COMPILER, "-xc++", *FLAGS, *flags, "-", "-o", program], input=TRAP, text=True, check=True)
            for arguments, wanted in (([], sentence), (["error"], sentence and "it is a value")):
                done = subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=False)
                assert done.returncode < 0 and not done.stdout, done
                assert wanted in done.stderr and bool(wanted) == bool(done.stderr), done


run()
