#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""README as a new user follows it. Its program, in an empty folder, is built by a compiler alone, by Meson and by CMake
against an installed Ashlar, and fetches a page. Its four commands, as they are, lead from nothing to a page over TLS.

readme_test.py SOURCE BUILD [COMPILER-OF-WHICH-BUILD-IS-A-RELEASE]
"""
import contextlib
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, case, command, run  # noqa: E402
from consumer import Consumer  # noqa: E402
import peers  # noqa: E402
from peers import PAGE, need, openssl_server, path  # noqa: E402

SOURCE, BUILD = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
RELEASE = sys.argv[3] if len(sys.argv) > 3 else ""
CONSUMER = Consumer(SOURCE, BUILD, "g++", RELEASE)


def blocks(language, document="README.md"):
    with open(os.path.join(SOURCE, document), encoding="utf-8") as text:
        found = [block for name, block in re.findall(r"^```(\w*)\n(.*?)^```$", text.read(), flags=re.S | re.M) if name == language]
    assert found, f"{document} has no block of {language}"
    return found


def blank_folder(name, **files):
    folder = path("blank-" + name)
    os.makedirs(folder)
    for file, text in {"page.cpp": blocks("cpp")[0], **files}.items():
        with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
            out.write(text)
    return folder


@contextlib.contextmanager
def cut_short(target):
    """A connection to the server that an attacker cuts before close_notify, so that this alert does not arrive."""
    listener = socket.create_server(("127.0.0.1", 0))

    def carry():
        near, _ = listener.accept()
        far = socket.create_connection(("127.0.0.1", target))
        threading.Thread(target=pump, args=(near, far, False), daemon=True).start()
        pump(far, near, True)
        near.close()
        far.close()

    def pump(source, sink, cuts):
        pending = b""
        while data := source.recv(65536):
            if not cuts:
                sink.sendall(data)
                continue
            pending += data
            while len(pending) >= 5 and len(pending) >= (size := 5 + int.from_bytes(pending[3:5], "big")):
                record, pending = pending[:size], pending[size:]
                if record[0] == 21:
                    return
                sink.sendall(record)

    threading.Thread(target=carry, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def fetches(program):
    """A whole page, a page cut short, an untrusted certificate, no server: each gives a different result."""
    def fetch(port):
        return subprocess.run([program, "localhost", str(port), path("ca.pem")], stdin=subprocess.DEVNULL, capture_output=True,
                              timeout=60, check=False)
    with openssl_server("ec", "-www") as server:
        done = fetch(server.port)
        assert done.returncode == 0 and b"HTTP/1.0 200" in done.stdout and not done.stderr, done
    with openssl_server("ec", "-www") as server, cut_short(server.port) as port:
        done = fetch(port)
        assert done.returncode == 1 and done.stderr, done
    with openssl_server("stranger", "-www") as server:
        done = fetch(server.port)
        assert done.returncode == 1 and not done.stdout and b"trusted root" in done.stderr, done
    done = fetch(peers.free_port())
    assert done.returncode == 1 and not done.stdout and len(done.stderr.split()) > 3, done


@case("README: a blank folder, its program and a compiler alone")
def _():
    CONSUMER.make()
    folder = blank_folder("compiler")
    line = next(each for each in "\n".join(blocks("sh")).splitlines() if each.startswith("c++ "))
    bin_folder = os.path.join(folder, "bin")
    os.makedirs(bin_folder)
    # The installed copy is below another root than its .pc files say.
    with open(os.path.join(bin_folder, "pkg-config"), "w", encoding="utf-8") as out:
        out.write(f'#!/bin/sh\nexec {shutil.which("pkg-config")} --define-variable=prefix={CONSUMER.prefix} "$@"\n')
    os.symlink(shutil.which(CONSUMER.cxx), os.path.join(bin_folder, "c++"))
    os.chmod(os.path.join(bin_folder, "pkg-config"), 0o755)
    command(["sh", "-e", "-c", line], cwd=folder, env=dict(
        os.environ, PATH=bin_folder + ":" + os.environ["PATH"], PKG_CONFIG_PATH=os.path.join(CONSUMER.libdir, "pkgconfig")))
    fetches(os.path.join(folder, "page"))


@case("README: a blank folder, its program and its meson.build")
def _():
    CONSUMER.make()
    folder = blank_folder("meson", **{"meson.build": blocks("meson")[0]})
    # As if installed where the .pc files say.
    packages = os.path.join(folder, "pc")
    shutil.copytree(os.path.join(CONSUMER.libdir, "pkgconfig"), packages)
    for name in os.listdir(packages):
        with open(os.path.join(packages, name), encoding="utf-8") as file:
            text = re.sub(r"^prefix=.*$", "prefix=" + CONSUMER.prefix, file.read(), flags=re.M)
        with open(os.path.join(packages, name), "w", encoding="utf-8") as out:
            out.write(text)
    command(["meson", "setup", "b"], cwd=folder, env=dict(os.environ, CXX=CONSUMER.cxx, PKG_CONFIG_PATH=packages))
    command(["ninja", "-C", "b"], cwd=folder)
    fetches(os.path.join(folder, "b", "page"))


@case("README: a blank folder, its program and its CMakeLists.txt")
def _():
    need("cmake")
    CONSUMER.make()
    folder = blank_folder("cmake", **{"CMakeLists.txt": blocks("cmake")[0]})
    command(["cmake", "-S", ".", "-B", "b", "-DCMAKE_CXX_COMPILER=" + CONSUMER.cxx, "-DCMAKE_PREFIX_PATH=" + CONSUMER.prefix],
            cwd=folder)
    command(["cmake", "--build", "b"], cwd=folder)
    fetches(os.path.join(folder, "b", "page"))


@case("README: an installed Ashlar holds headers, libraries, package files and the tool, and nothing else")
def _():
    CONSUMER.make()
    odd = [os.path.join(folder, name) for folder, _, names in os.walk(CONSUMER.prefix) for name in names
           if not re.search(r"\.(hpp|h|inc|a|pc|cmake)$|/bin/ashlar$", os.path.join(folder, name))]
    assert not odd, odd


@case("README: four commands from nothing to a page over TLS")
def _():
    tool = os.path.join(os.path.dirname(BUILD), "cli", "ashlar")
    if not os.path.exists(tool):
        raise Skip("the tool is not built")
    for document in ("README.md", "README.zh.md"):
        folder = blank_folder("walk-" + document)
        with open(os.path.join(folder, "index.html"), "wb") as page:
            page.write(PAGE)
        walk = [each for each in blocks("sh", document)[0].splitlines() if each.strip()]
        assert len(walk) == 4 and all(each.startswith("ashlar ") for each in walk), walk
        port = peers.free_port()
        words = [shlex.split(each.replace("4433", str(port)).rstrip(" &")) for each in walk]
        for each in words[:2]:
            command([tool, *each[1:]], cwd=folder)
        with peers.Server([tool, *words[2][1:]], ready=r"listening on \S*:(?P<port>\d+)", cwd=folder):
            fetch = lambda *more: subprocess.run([tool, *words[3][1:], *more], cwd=folder, stdin=subprocess.DEVNULL,
                                                 capture_output=True, timeout=60, check=False)
            fetches_of = [fetch(), fetch("--tls", "1.2")]
            assert all(done.returncode == 0 and done.stdout == PAGE for done in fetches_of), fetches_of
        # README shows the traces of both versions: the same phases and messages with their round trips, and all of ClientHello,
        # which is always the same.
        bare = lambda text: re.findall(r"^-- phase.*|\d+ RT  (?:->|<-) [A-Z]\w+", text, flags=re.M)
        hello = lambda text: re.search(r"-> ClientHello(.*?)\n[^\n]* ms ", text, flags=re.S).group(1).split()
        traces = [each for each in blocks("", document) if "phase 1" in each]
        assert len(traces) == 2, traces
        for trace, done in zip(traces, fetches_of):
            told = done.stderr.decode()
            shown, seen = bare(trace), bare(told)
            start = seen.index(shown[0])  # the second trace leaves out TCP's lines
            assert len(shown) > 8 and shown == seen[start:start + len(shown)], "\n".join(seen)
            assert hello(trace) == hello(told), told


peers.make_certificates()
peers.make_page()
run()
