#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Each example built outside the tree, through pkg-config and as a subproject, with both compilers, and run:
examples_test.py SOURCE BUILD [COMPILER-OF-WHICH-BUILD-IS-A-RELEASE]
"""
import hashlib
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import case, command, run  # noqa: E402
from consumer import COMPILERS, Consumer  # noqa: E402
import peers  # noqa: E402
from peers import PAGE, need, openssl_server, path  # noqa: E402

SOURCE, BUILD = sys.argv[1:3]
RELEASE = sys.argv[3] if len(sys.argv) > 3 else ""
EXAMPLES = os.path.join(os.path.abspath(SOURCE), "examples")


# ---- what each example does if it works -----------------------------------------------------------------------

def run_hash_only(program):
    done = subprocess.run([program], input=PAGE, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0 and done.stdout.split()[0].decode() == hashlib.sha256(PAGE).hexdigest(), done


def run_in_memory(program):
    out = command([program])
    assert "TLS_AES_" in out and "hello from the client" in out and "hello from the server" in out, out


def run_https_get(program):
    with openssl_server("ec", "-WWW") as server:
        done = subprocess.run([program, "localhost", "/page", str(server.port), path("ca.pem")], capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=60, check=False)
        assert done.returncode == 0 and done.stdout.endswith(b"\r\n\r\n" + PAGE), done
    with openssl_server("stranger", "-WWW") as server:
        done = subprocess.run([program, "localhost", "/page", str(server.port), path("ca.pem")], capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=60, check=False)
        assert done.returncode == 1 and PAGE not in done.stdout and done.stderr, done


def run_carried_roots(program):
    # Whom its roots do not vouch for is refused. `steps_test.py` builds it with roots of a test.
    with openssl_server("ec", "-WWW") as server:
        done = subprocess.run([program, "localhost", "/page", str(server.port)], capture_output=True, stdin=subprocess.DEVNULL,
                              timeout=60, check=False)
        assert done.returncode == 1 and PAGE not in done.stdout and b"no trusted root" in done.stderr, done


def run_echo_server(program):
    with peers.Server([program, path("rsa.pem"), path("rsa.key")], ready=r"listening on \S*:(?P<port>\d+)") as server:
        process = subprocess.Popen([need("openssl"), "s_client", "-connect", f"127.0.0.1:{server.port}", "-CAfile",
                                    path("ca.pem"), "-verify_return_error", "-quiet"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        process.stdin.write(PAGE)
        process.stdin.flush()
        assert process.stdout.readline() == PAGE
        process.stdin.close()
        process.terminate()
        process.wait(10)
        process.stdout.close()
    done = subprocess.run([program, path("ec.pem"), path("rsa.key")], capture_output=True, stdin=subprocess.DEVNULL,
                          timeout=60, check=False)
    assert done.returncode != 0, "it started with a key that does not match its certificate"


RUN = {"hash_only": run_hash_only, "in_memory": run_in_memory, "https_get": run_https_get, "carried_roots": run_carried_roots,
       "echo_server": run_echo_server}
# Those that need no C++ standard library, and are linked by a C compiler.
PLAIN_CC = {"https_get", "carried_roots", "in_memory"}
# The packages on the pkg-config line of each.
PACKAGES = {"hash_only": "ashlar-crypto"}
# The components of CMake's package that each uses.
COMPONENTS = {"hash_only": "crypto"}
CMAKE_LISTS = """
cmake_minimum_required(VERSION 3.20)
project(consumer CXX)
find_package(ashlar REQUIRED COMPONENTS {component})
find_package(Threads REQUIRED)
add_executable({name} {source})
target_link_libraries({name} ashlar::{component} Threads::Threads)
"""


def register(cxx):
    consumer = Consumer(SOURCE, BUILD, cxx, RELEASE)
    for name in consumer.examples():
        source = os.path.join(EXAMPLES, name + ".cpp")

        @case(f"example {name} ({cxx}): as a subproject")
        def _(name=name):
            consumer.make()
            RUN[name](os.path.join(consumer.built, name))

        @case(f"example {name} ({cxx}): through pkg-config")
        def _(name=name, source=source):
            consumer.make()
            program = path(f"{name}-{cxx}")
            package = PACKAGES.get(name, "ashlar")
            command([cxx, "-std=c++20", "-O2", source, "-o", program,
                     *consumer.pkg_config("--cflags", "--libs", package), "-pthread"])
            RUN[name](program)

        @case(f"example {name} ({cxx}): through CMake's find_package")
        def _(name=name, source=source):
            consumer.make()
            folder = path(f"{name}-{cxx}-cmake")
            os.makedirs(folder)
            with open(os.path.join(folder, "CMakeLists.txt"), "w", encoding="utf-8") as out:
                out.write(CMAKE_LISTS.format(name=name, source=source, component=COMPONENTS.get(name, "posix")))
            command([need("cmake"), "-S", folder, "-B", os.path.join(folder, "b"), f"-DCMAKE_CXX_COMPILER={cxx}",
                     f"-DCMAKE_PREFIX_PATH={consumer.prefix}"])
            command(["cmake", "--build", os.path.join(folder, "b")])
            RUN[name](os.path.join(folder, "b", name))

        if name in PLAIN_CC:
            @case(f"example {name} ({cxx}): linked by plain {consumer.cc}")
            def _(name=name, source=source):
                consumer.make()
                program = path(f"{name}-{cxx}-cc")
                command([cxx, "-std=c++20", "-O2", "-fno-exceptions", "-fno-rtti", "-c", source, "-o", program + ".o",
                         *consumer.pkg_config("--cflags", "ashlar")])
                command([consumer.cc, program + ".o", "-o", program, *consumer.pkg_config("--libs", "ashlar")])
                RUN[name](program)


@case("examples: https_get stays within 80 lines")
def _():
    with open(os.path.join(EXAMPLES, "https_get.cpp"), encoding="utf-8") as text:
        lines = len(text.readlines())
    assert lines <= 80, lines


for compiler in COMPILERS:
    register(compiler)
peers.make_certificates()
peers.make_page()
run()
