#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The guide: the joined blocks of each page are a program that compiles without a warning and does what the page says.
guide_test.py SOURCE BUILD
"""
import os
import re
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, archive, case, command, run  # noqa: E402
import peers  # noqa: E402
from peers import PAGE, need, openssl_server, path  # noqa: E402

SOURCE, BUILD = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
GUIDE = os.path.join(SOURCE, "docs", "guide")
COMPILER = shutil.which("g++") or shutil.which("clang++")
INCLUDES = ["-I" + os.path.join(SOURCE, module, "include") for module in ("base", "crypto", "asn1", "x509", "tls", "posix")]
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Wshadow", "-Werror"]


def program_of(page):
    with open(os.path.join(GUIDE, page + ".md"), encoding="utf-8") as text:
        blocks = re.findall(r"```cpp\n(.*?)```", text.read(), flags=re.S)
    assert blocks, f"{page}: no block of C++"
    source = path(page + ".cpp")
    with open(source, "w", encoding="utf-8") as out:
        out.write("\n".join(blocks))
    return source


def compiled(page, *more, warnings=WARNINGS):
    program = path(page)
    command([COMPILER, "-std=c++20", "-O1", *warnings, *INCLUDES, program_of(page), *more, archive(BUILD), "-o", program, "-pthread"])
    return program


def ran(program, *arguments, status=0, **options):
    done = subprocess.run([program, *(str(each) for each in arguments)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=60, check=False, **options)
    assert done.returncode == status, done
    return done


# ---- what each page's program does ------------------------------------------------------------------------------

def blocking_sockets(page):
    program = compiled(page)
    with openssl_server("ec", "-rev") as server:
        done = ran(program, "localhost", server.port, path("ca.pem"))
        assert done.stdout.strip() == "enots yb enots" and "TLS_ECDHE_" in done.stderr, done
    assert len(ran(program, "localhost", peers.free_port(), path("ca.pem"), status=1).stderr.split()) > 3
    with openssl_server("stranger", "-rev") as server:
        done = ran(program, "localhost", server.port, path("ca.pem"), status=1)
        assert not done.stdout and "trusted root" in done.stderr, done


def event_loop(page):
    program = compiled(page, warnings=WARNINGS if "asio" not in page else ["-Wall", "-Wextra", "-DBOOST_ERROR_CODE_HEADER_ONLY"])
    with openssl_server("ec", "-WWW") as first, openssl_server("rsa", "-WWW") as second:
        done = ran(program, "localhost", path("ca.pem"), first.port, second.port)
        sizes = re.findall(r"(\d+): (\d+) bytes", done.stdout)
        assert sorted(int(port) for port, _ in sizes) == sorted([first.port, second.port]), done
        assert all(int(size) > len(PAGE) for _, size in sizes), done
    with openssl_server("stranger", "-WWW") as stranger, openssl_server("ec", "-WWW") as good:
        done = ran(program, "localhost", path("ca.pem"), stranger.port, good.port, status=1)
        assert "trusted root" in done.stdout + done.stderr and f"{good.port}: " in done.stdout, done


def sessions(page):
    program = compiled(page)
    with openssl_server("ec", "-WWW") as server:
        kept = path("session")
        told = ran(program, "localhost", server.port, path("ca.pem"), kept).stdout
        assert re.fullmatch(r"full handshake: \d+ bytes\nresumed: \d+ bytes\n", told), told
        assert os.stat(kept).st_mode & 0o777 == 0o600
        # A changed session is refused.
        with open(kept, "r+b") as file:
            file.write(b"\xff")
        told = ran(program, "localhost", server.port, path("ca.pem"), kept).stdout
        assert told.startswith("full handshake"), told


def sessions_in_redis(page):
    if not os.path.exists("/usr/include/hiredis/hiredis.h"):
        raise Skip("no hiredis")
    need("redis-server")
    client = compiled("sessions")
    # hiredis's own header is not as strict.
    program = compiled(page, "-lhiredis", warnings=["-Wall", "-Wextra"])
    with open(path("fleet-key"), "wb") as out:
        out.write(os.urandom(48))
    port = peers.free_port()
    arguments = [program, port, path("ec.pem"), path("ec.key"), path("fleet-key")]

    def serving():
        return peers.Server(arguments, ready=r"listening on port (?P<port>\d+)")

    def visits(server):
        done = ran(client, "localhost", server.port, path("ca.pem"), path("fleet-session"))
        return re.findall(r"^(resumed|full handshake): ", done.stdout, flags=re.M)

    with serving() as one, serving() as other:
        # Without a Redis: full handshakes alone.
        assert visits(one) == ["full handshake"] * 2
        with peers.Server([need("redis-server"), "--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", peers.WORK],
                          ready="Ready to accept connections", port=port):
            time.sleep(1.1)  # the pause after a failure
            assert visits(one) == ["full handshake", "resumed"]
            assert visits(other) == ["resumed"] * 2
        assert visits(one) == ["full handshake"] * 2


def mutual_authentication(page):
    program = compiled(page)

    def asked(*certificate, status):
        with peers.Server([program, "serve", path("ec.pem"), path("ec.key"), path("client-ca.pem")],
                          ready=r"listening on port (?P<port>\d+)") as server:
            done = ran(program, "ask", server.port, path("ca.pem"), *certificate, status=status)
            assert server.says("hello, CN=client-ec" if status == 0 else "trusted root"), server.text
            return done

    assert asked(path("client-ec.pem"), path("client-ec.key"), status=0).stdout == "hello, CN=client-ec\n"
    done = asked(path("client-stranger.pem"), path("client-stranger.key"), status=1)
    assert re.search("alert 48|unknown_ca", done.stderr), done
    # The wrong key for the certificate is reported before anything is sent.
    done = ran(program, "ask", 1, path("ca.pem"), path("client-ec.pem"), path("client-rsa.key"), status=1)
    assert "key" in done.stderr, done


def keys_elsewhere(page):
    program = compiled(page)
    for kind in ("ec", "rsa"):
        with peers.Server([program, path(kind + ".pem"), path(kind + ".key")], ready=r"listening on port (?P<port>\d+)") as server:
            process = subprocess.Popen([need("openssl"), "s_client", "-connect", f"127.0.0.1:{server.port}", "-CAfile",
                                        path("ca.pem"), "-verify_return_error", "-quiet"], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
            assert process.stdout.readline() == b"signed by a key that this connection never saw\n"
            process.stdin.close()
            process.wait(10)
            process.stdout.close()
            assert server.says(r"signed elsewhere: \d+ bytes"), server.text


def batches(page):
    program = compiled(page)
    for kind in ("ec", "rsa"):
        done = ran(program, path(kind + ".pem"), path(kind + ".key"), path("ca.pem"))
        # Of TLS 1.3 each: one run for all key exchanges, one for all signatures.
        assert done.stdout == "16 handshakes in 2 runs\n", done


def sealing_data(page):
    assert ran(compiled(page)).stdout == "the quarry is north\nmoved: refused\n"


def parsing_certificates(page):
    program = compiled(page)
    done = ran(program, path("ec.pem"), path("ca.pem"), "localhost")
    assert "subject  CN=ec" in done.stdout and "name     localhost" in done.stdout and "256 bits" in done.stdout, done
    assert "trusted, by a path of 1 certificates" in done.stdout, done
    done = ran(program, path("ec.pem"), path("other-ca.pem"), "localhost", status=1)
    assert "trusted" not in done.stdout and done.stderr, done
    assert ran(program, path("ec.pem"), path("ca.pem"), "elsewhere.example", status=1).stderr


FUZZ_MAIN = """
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
int main(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    std::ifstream file(argv[i], std::ios::binary);
    const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  }
}
"""


def fuzz_target(page):
    main = path("fuzz-main.cpp")
    with open(main, "w", encoding="utf-8") as out:
        out.write(FUZZ_MAIN)
    program = compiled(page, main)
    # Flights of servers from the corpus, and data that is not a flight.
    corpus = os.path.join(SOURCE, "fuzz", "corpus", "client_unchecked")
    seeds = sorted(os.path.join(corpus, name) for name in os.listdir(corpus))
    ran(program, *seeds, os.path.join(SOURCE, "LICENSE"))


def fuzzing(page):
    main = path("fuzz-main.cpp")
    with open(main, "w", encoding="utf-8") as out:
        out.write(FUZZ_MAIN)
    program = compiled(page, main)
    # A serial number, one with a zero too many, and lists of ports that are right and wrong.
    seeds = []
    for number, content in enumerate((b"\x02\x02\x00\x80", b"\x02\x02\x00\x01", b"\x00\x04\x00\x50\x01\xbb", b"\x00\x04\x01\xbb\x00\x50",
                                      b"\x00\x02\x00\x00", b"\x00\x03\x00\x50\x01", b"\x00\x00", b"")):
        seeds.append(path(f"seed-{number}"))
        with open(seeds[-1], "wb") as out:
            out.write(content)
    ran(program, *seeds)


def kernel_row(page):
    assert ran(compiled(page)).stdout == "the same digests as every other row\n"


def post_quantum_certificates(page):
    out = ran(compiled(page)).stdout
    assert "ML-DSA-65" in out and "signed by mldsa65 and mldsa65" in out and "the default policy: " in out, out


PAGES = {"blocking-sockets": blocking_sockets, "event-loop-poll": event_loop, "event-loop-asio": event_loop,
         "mutual-authentication": mutual_authentication, "keys-elsewhere": keys_elsewhere, "batches": batches, "sessions": sessions, "sessions-in-redis": sessions_in_redis,
         "sealing-data": sealing_data, "parsing-certificates": parsing_certificates,
         "fuzz-target": fuzz_target, "fuzzing": fuzzing, "kernel-row": kernel_row,
         "post-quantum-certificates": post_quantum_certificates}


@case("guide: every page is listed, has a test, and every listed page is there")
def _():
    pages = {name[:-3] for name in os.listdir(GUIDE) if name.endswith(".md")} - {"README"}
    with open(os.path.join(GUIDE, "README.md"), encoding="utf-8") as text:
        listed = set(re.findall(r"\]\(([\w-]+)\.md\)", text.read()))
    assert pages == listed == set(PAGES), (pages, listed, set(PAGES))


def register(page, function):
    @case(f"guide: the program of {page}")
    def _():
        if "asio" in page and not os.path.exists("/usr/include/boost/asio.hpp"):
            raise Skip("no Boost.Asio")
        need("openssl")
        function(page)


for each_page, each_function in PAGES.items():
    register(each_page, each_function)
peers.make_certificates()
peers.make_page()
run()
