#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Servers that share their sessions through Redis: redis_test.py ASHLAR

Each test starts a Redis of its own, on a free port, that writes nothing to the disk.
"""
import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import case, run  # noqa: E402
import fetching  # noqa: E402
from fetching import SMALL, content, make_files  # noqa: E402
import peers  # noqa: E402
from peers import free_port, get_request, need, path  # noqa: E402

ASHLAR = os.path.abspath(sys.argv[1])
KEYS = path("fleet-keys")
# A handshake that Redis holds up takes no longer than its patience and what a machine under load needs.
SOON = 6


@contextlib.contextmanager
def redis(*options, port=None):
    """A Redis. Skipped if there is none."""
    arguments = [need("redis-server"), "--port", port or free_port(), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                 "--dir", peers.WORK, *options]
    with peers.Server(arguments, ready="Ready to accept connections", port=int(arguments[2])) as server:
        yield server


def asked(port, *words):
    """Redis's answer to a command of words without spaces."""
    with socket.create_connection(("127.0.0.1", port), 5) as link:
        link.sendall(" ".join(words).encode() + b"\r\n")
        link.settimeout(5)
        return link.recv(1 << 20)


def our_server(port, *options, database=""):
    return fetching.our_server([ASHLAR], ["ec"], ["--session-cache", f"redis://127.0.0.1:{port}{database}", "--ticket-keys", KEYS,
                                                  *options])


class Client:
    """A client that keeps its session in a file."""

    def __init__(self, name, *options):
        self.file, self.options = path("session-" + name), options

    def resumes(self, server):
        start = time.monotonic()
        done = subprocess.run([ASHLAR, "client", f"localhost:{server.port}", "--trust", path("ca.pem"), "--session", self.file,
                               "--keep-open", *self.options], input=get_request(SMALL), capture_output=True, timeout=60,
                              check=False)
        self.took = time.monotonic() - start
        assert content(SMALL) in done.stdout, done.stderr
        return b", resumed" in done.stderr


def register(version):
    options = ("--tls", version)

    @case(f"redis: TLS {version}: a session made at one server resumes at the other, and Redis reads none")
    def _():
        client = Client("shared" + version, *options)
        with redis() as store, our_server(store.port, "--tickets", "off") as one, \
                our_server(store.port, "--tickets", "off", "--threads", "2") as other:
            assert not client.resumes(one)
            assert client.resumes(other) and client.resumes(one) and client.resumes(other)
            keys = asked(store.port, "KEYS", "*")
            assert b"ashlar:session:" in keys, keys
            # The master secret that a client has kept is in no value.
            with open(client.file, "rb") as kept:
                text = kept.read()
            name = keys.split(b"\r\n")[2].decode()
            value = asked(store.port, "GET", name)
            assert len(value) > 100 and not any(text[i:i + 16] in value for i in range(50, len(text) - 16)), value
            lives = int(asked(store.port, "TTL", name).decode().strip(":\r\n"))
            assert 0 < lives <= 7200, lives

    @case(f"redis: TLS {version}: a ticket of one server resumes at the other, whose store is in Redis")
    def _():
        client = Client("ticket" + version, *options)
        with redis() as store, our_server(store.port) as one, our_server(store.port) as other:
            assert not client.resumes(one) and client.resumes(other)
            assert b"*0" in asked(store.port, "KEYS", "*")

    @case(f"redis: TLS {version}: one server is killed, and its sessions live on")
    def _():
        client = Client("killed" + version, *options)
        with redis() as store, our_server(store.port, "--tickets", "off") as other:
            with our_server(store.port, "--tickets", "off") as one:
                assert not client.resumes(one)
                one.process.kill()
                one.process.wait()
            assert client.resumes(other)

    @case(f"redis: TLS {version}: Redis is killed and comes back: full handshakes, and then resumed ones")
    def _():
        client = Client("gone" + version, *options)
        port = free_port()
        with contextlib.ExitStack() as stack:
            with redis(port=port):
                one = stack.enter_context(our_server(port, "--tickets", "off"))
                assert not client.resumes(one) and client.resumes(one)
            assert one.says("warning: Redis at 127.0.0.1:.* does not answer"), one.text
            assert not client.resumes(one) and client.took < SOON
            with redis(port=port):
                assert one.says("answers again", 10), one.text
                assert not client.resumes(one) and client.resumes(one)

    @case(f"redis: TLS {version}: a Redis that stands still holds nobody up")
    def _():
        client = Client("still" + version, *options)
        with redis() as store, our_server(store.port, "--tickets", "off") as one:
            assert not client.resumes(one) and client.resumes(one)
            store.process.send_signal(signal.SIGSTOP)
            try:
                for _ in range(3):
                    assert not client.resumes(one) and client.took < SOON, client.took
            finally:
                store.process.send_signal(signal.SIGCONT)


for a_version in ("1.2", "1.3"):
    register(a_version)


@case("redis: a server of another key takes no session of the fleet, and one value does not stand for another")
def _():
    client, second = Client("moved", "--tls", "1.2"), Client("moved-2", "--tls", "1.2")
    other_keys = path("other-keys")
    peers.command([ASHLAR, "key", "new", "ticket", "-o", other_keys])
    with redis() as store, our_server(store.port, "--tickets", "off") as one:
        assert not client.resumes(one)
        address = f"redis://127.0.0.1:{store.port}"
        with fetching.our_server([ASHLAR], ["ec"], ["--session-cache", address, "--ticket-keys", other_keys,
                                                    "--tickets", "off"]) as stranger:
            assert not client.resumes(stranger)
        assert b"OK" in asked(store.port, "FLUSHALL")
        assert not client.resumes(one)
        first = asked(store.port, "KEYS", "*").split(b"\r\n")[2].decode()
        assert not second.resumes(one)
        both = [word.decode() for word in asked(store.port, "KEYS", "*").split(b"\r\n") if b"ashlar:" in word]
        (latter,) = [name for name in both if name != first]
        assert b"OK" in asked(store.port, "RENAME", first, latter)
        assert not second.resumes(one)


@case("redis: a password and a database; a wrong password is told, and hinders nobody")
def _():
    client = Client("password")
    for name, text in (("right", "mortar\n"), ("wrong", "sand\n")):
        with open(path(name), "w", encoding="ascii") as file:
            file.write(text)
    with redis("--requirepass", "mortar") as store:
        with our_server(store.port, "--tickets", "off", "--redis-password-file", path("right"), database="/3") as one:
            assert not client.resumes(one) and client.resumes(one)
        with our_server(store.port, "--tickets", "off", "--redis-password-file", path("wrong")) as one:
            assert not client.resumes(one) and client.took < SOON
            assert one.says("does not answer: it refused: "), one.text


@case("redis: a port that takes connections and says nothing, or speaks something else, hinders nobody")
def _():
    client = Client("odd")
    for answer in (b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            taken = []

            def serve(listener=listener, taken=taken, answer=answer):
                with contextlib.suppress(OSError):
                    while True:
                        taken.append(listener.accept()[0])
                        taken[-1].sendall(answer)

            threading.Thread(target=serve, daemon=True).start()
            with our_server(listener.getsockname()[1], "--tickets", "off") as one:
                assert not client.resumes(one) and client.took < SOON
                assert not client.resumes(one) and client.took < SOON
                assert one.says("warning: Redis at"), one.text
            listener.shutdown(socket.SHUT_RDWR)
            for link in taken:
                link.close()


peers.make_certificates()
make_files([300000])
peers.command([ASHLAR, "key", "new", "ticket", "-o", KEYS])
run()
