#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A hundred thousand handshakes of mixed kinds and versions, with others that break off at any byte between them: no honest one
fails, and the server keeps neither memory nor descriptors.

many_test.py ASHLAR [HANDSHAKES]"""
import json
import os
import random
import socket
import struct
import subprocess
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import case, command, run  # noqa: E402
from peers import Server, free_port, make_certificates, make_page, need, path  # noqa: E402

ASHLAR = sys.argv[1]
HANDSHAKES = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000

make_certificates()
make_page()
TRUST = ["--trust", path("ca.pem")]
CLIENT = ["--cert", path("client-ec.pem"), "--key", path("client-ec.key")]
# Versions, ways of key exchange and of authentication, each in full and resumed.
KINDS = [
    ["--tls", "1.3"],
    ["--tls", "1.3", "--groups", "x25519"],
    ["--tls", "1.3", "--groups", "secp521r1"],  # no share of it comes first: a HelloRetryRequest
    ["--tls", "1.3", *CLIENT],
    ["--tls", "1.3", "--ask-tickets", "4"],
    ["--tls", "1.2"],
    ["--tls", "1.2", *CLIENT],
    ["--tls", "1.2", "--policy", "compat", "--suites", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256"],
    ["--tls", "1.2", "--policy", "compat", "--suites", "TLS_RSA_WITH_AES_128_GCM_SHA256"],
]


def load(port, kind, count):
    """(made, failed) of full and resumed handshakes."""
    done = subprocess.run([ASHLAR, "load", f"localhost:{port}", *TRUST, *kind, "--only", "full", "--only", "resumed", "--count", str(count),
                           "--seconds", "600", "--json"], capture_output=True, text=True, check=False)
    assert done.stdout.startswith("{"), done.stderr
    rows = json.loads(done.stdout)["rows"]
    return sum(row["done"] for row in rows), sum(row["failed"] for row in rows) + (done.returncode != 0)


def memory_of(process):
    with open(f"/proc/{process.pid}/status", encoding="ascii") as text:
        for line in text:
            if line.startswith("VmRSS:"):
                return int(line.split()[1])
    raise AssertionError("no VmRSS")


def descriptors_of(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def settled(process, wanted):
    """Its descriptors, once there are as few as wanted or ten seconds have passed."""
    deadline = time.monotonic() + 10
    while descriptors_of(process) > wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    return descriptors_of(process)


class Aborts:
    """Connections that send the beginning of a ClientHello, sound or changed in a byte, and close or reset."""

    def __init__(self, port):
        self.port, self.count, self.on = port, 0, True
        self.random = random.Random(7)
        hello = self._recorded()
        self.thread = threading.Thread(target=self._run, args=(hello,), daemon=True)
        self.thread.start()

    def _recorded(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            client = subprocess.Popen([ASHLAR, "client", f"127.0.0.1:{listener.getsockname()[1]}", *TRUST], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            connection, _ = listener.accept()
            with connection:
                hello = connection.recv(65536)
            client.wait(30)
        assert hello[0] == 22, hello
        return hello

    def _run(self, hello):
        while self.on:
            part = bytearray(hello[:self.random.randrange(len(hello) + 1)])
            if part and self.random.randrange(3) == 0:
                part[self.random.randrange(len(part))] ^= 1 << self.random.randrange(8)
            try:
                with socket.create_connection(("127.0.0.1", self.port), 10) as connection:
                    connection.sendall(part)
                    kind = self.random.randrange(3)
                    if kind == 0:  # a reset
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    elif kind == 1:
                        connection.shutdown(socket.SHUT_WR)
                        connection.settimeout(10)
                        while connection.recv(65536):
                            pass
            except OSError:
                pass
            self.count += 1
            time.sleep(0.001)

    def stop(self):
        self.on = False
        self.thread.join()


@case(f"many: {HANDSHAKES} handshakes of mixed kinds beside broken ones leave no failure, memory or descriptor behind")
def mixed():
    ours = [ASHLAR, "server", "--port", "0", "--www", path("www"), "--policy", "compat", "--client-ca", path("client-ca.pem"),
            "--cert", path("ec.pem"), "--key", path("ec.key"), "--cert", path("rsa.pem"), "--key", path("rsa.key"), "--threads", "2"]
    with Server(ours, r"listening on \S+?:(?P<port>\d+)") as server:
        for kind in KINDS:  # what is made once, and stores at their size
            load(server.port, kind, 1200)
        before, open_before = memory_of(server.process), settled(server.process, 0)
        aborts = Aborts(server.port)
        made, turns = 0, -(-HANDSHAKES // (2 * len(KINDS) * 5))
        while made < HANDSHAKES:
            for kind in KINDS:
                done, failed = load(server.port, kind, turns)
                assert failed == 0 and done >= 2 * turns, f"{kind}: {done} made, {failed} failed"
                made += done
        aborts.stop()
        after, open_after = memory_of(server.process), settled(server.process, open_before)
        print(f"{made} made and {aborts.count} broken off; the server's memory {before} kB before and {after} kB after, its descriptors "
              f"{open_before} and {open_after}")
        assert aborts.count > made / 100
        assert open_after <= open_before and after <= before + 4096
        assert server.process.poll() is None


@case("many: openssl's server and its client make thousands with ours, and none fails")
def openssl():
    need("openssl")
    count = HANDSHAKES // 20
    port = free_port()
    theirs = ["openssl", "s_server", "-accept", str(port), "-cert", path("ec.pem"), "-key", path("ec.key"), "-www", "-quiet"]
    with Server(theirs, port=port):
        for kind in ["--tls", "1.3"], ["--tls", "1.2"]:
            done, failed = load(port, [*kind, "--connections", "2"], count)
            assert failed == 0 and done == 2 * count, f"{kind}: {done} made, {failed} failed"
    ours = [ASHLAR, "server", "--port", "0", "--www", path("www"), "--cert", path("ec.pem"), "--key", path("ec.key")]
    with Server(ours, r"listening on \S+?:(?P<port>\d+)") as server:
        for kind in ["-tls1_2", "-new"], ["-tls1_2", "-reuse"], ["-tls1_3", "-new"]:
            if kind[0] == "-tls1_3" and "-tls1_3" not in command(["openssl", "s_time", "-help"]):
                continue
            told = command(["openssl", "s_time", "-connect", f"localhost:{server.port}", "-CAfile", path("ca.pem"), "-verify", "3", *kind, "-time", "5"])
            assert "connections in" in told, told
            print(" ".join(kind) + ": " + told.strip().splitlines()[-1])
        assert server.process.poll() is None


run()
