#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`ashlar tunnel`, both sides, around services of this script and against Python's TLS: tunnel_test.py ASHLAR"""
import contextlib
import os
import random
import socket
import ssl
import struct
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import case, run  # noqa: E402
import peers  # noqa: E402
from peers import path  # noqa: E402

ASHLAR = os.path.abspath(sys.argv[1])
READY = r"listening on \S*?:(?P<port>\d+),"


class Service:
    """A TCP service on loopback: serve(socket) in a thread for each connection."""

    def __init__(self, serve):
        self.listener, self.serve, self.error = socket.create_server(("127.0.0.1", 0)), serve, None
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            sock.settimeout(30)
            threading.Thread(target=self._one, args=(sock,), daemon=True).start()

    def _one(self, sock):
        with sock:
            try:
                self.serve(sock)
            except OSError as error:
                self.error = error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()


def read_all(sock):
    return b"".join(iter(lambda: sock.recv(65536), b""))


def server_tunnel(port, *more):
    return peers.Server([ASHLAR, "tunnel", "--listen", "0", "--connect", f"127.0.0.1:{port}", "--cert", path("ec.pem"), "--key",
                         path("ec.key"), *more], ready=READY)


def client_tunnel(port, *more):
    return peers.Server([ASHLAR, "tunnel", "--client", "--listen", "0", "--connect", f"localhost:{port}", "--trust", path("ca.pem"),
                         *more], ready=READY)


def dial(port):
    sock = socket.create_connection(("127.0.0.1", port), 30)
    sock.settimeout(30)
    return sock


def dial_tls(port, version=ssl.TLSVersion.TLSv1_3):
    context = ssl.create_default_context(cafile=path("ca.pem"))
    context.minimum_version = context.maximum_version = version
    return context.wrap_socket(dial(port), server_hostname="localhost")


def echo(sock):
    while True:
        piece = sock.recv(65536)
        if not piece:
            return
        sock.sendall(piece)


def count_then_answer(sock):
    """Reads to the end, and only then answers: needs the half-close."""
    sock.sendall(str(len(read_all(sock))).encode())


@case("tunnel: both sides in a row, several connections at once, megabytes each way arrive unchanged")
def _():
    data = random.Random(1).randbytes(3_000_000)
    with Service(echo) as service, server_tunnel(service.port) as outer, client_tunnel(outer.port) as inner:
        results = [b""] * 6

        def one(index):
            with dial(inner.port) as sock:
                def send():
                    sock.sendall(data[index:])
                    sock.shutdown(socket.SHUT_WR)
                sender = threading.Thread(target=send)
                sender.start()
                results[index] = read_all(sock)
                sender.join(60)
        threads = [threading.Thread(target=one, args=(i,)) for i in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        assert all(results[i] == data[i:] for i in range(6)), [len(r) for r in results]
        assert outer.says("TLS 1.3") and outer.says("closed, "), outer.text


@case("tunnel: the end of one direction is passed on, and the other goes on")
def _():
    with Service(count_then_answer) as service, server_tunnel(service.port) as outer, client_tunnel(outer.port) as inner:
        for size in (0, 1, 100_000):
            with dial(inner.port) as sock:
                sock.sendall(b"x" * size)
                sock.shutdown(socket.SHUT_WR)
                assert read_all(sock) == str(size).encode()

    # The service ends first, and still reads.
    heard = []
    ended = threading.Event()

    def end_first(sock):
        sock.sendall(b"that was all")
        sock.shutdown(socket.SHUT_WR)
        heard.append(read_all(sock))
        ended.set()
    with Service(end_first) as service, server_tunnel(service.port) as outer, client_tunnel(outer.port) as inner, dial(inner.port) as sock:
        assert read_all(sock) == b"that was all"
        sock.sendall(b"but I go on")
        sock.shutdown(socket.SHUT_WR)
        assert ended.wait(20) and heard == [b"but I go on"], heard


@case("tunnel: in TLS 1.2 the client's close_notify ends both directions, and the service sees an end in order")
def _():
    heard, done = [], threading.Event()

    def listen(sock):
        heard.append(read_all(sock))
        done.set()
    with Service(listen) as service, server_tunnel(service.port) as outer:
        secure = dial_tls(outer.port, ssl.TLSVersion.TLSv1_2)
        secure.sendall(b"all of it")
        secure.unwrap()
        assert done.wait(20) and heard == [b"all of it"], heard


@case("tunnel: Python's TLS talks through a server's tunnel, and a client's tunnel to Python's server")
def _():
    with Service(echo) as service, server_tunnel(service.port) as outer:
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with dial_tls(outer.port, version) as secure:
                secure.sendall(b"a word")
                assert secure.recv(100) == b"a word"
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path("ec.pem"), path("ec.key"))

    def secure_echo(sock):
        with context.wrap_socket(sock, server_side=True) as secure:
            secure.sendall(secure.recv(100).upper())
            secure.unwrap()
    with Service(secure_echo) as service, client_tunnel(service.port) as inner, dial(inner.port) as sock:
        sock.sendall(b"a word")
        assert read_all(sock) == b"A WORD"


def is_reset(sock):
    try:
        read_all(sock)
    except ConnectionResetError:
        return True
    return False


@case("tunnel: TLS that is cut without close_notify resets the plain side, on both sides' tunnels")
def _():
    how, done = [], threading.Event()

    def watch(sock):
        how.append(is_reset(sock))
        done.set()
    with Service(watch) as service, server_tunnel(service.port) as outer:
        secure = dial_tls(outer.port)
        secure.sendall(b"half of it")
        raw = socket.socket(fileno=secure.detach())
        raw.close()
        assert done.wait(20) and how == [True], how
        assert outer.says("without close_notify|reset by peer"), outer.text
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path("ec.pem"), path("ec.key"))

    def cut(sock):
        secure = context.wrap_socket(sock, server_side=True, suppress_ragged_eofs=False)
        secure.sendall(b"half of it")
        socket.socket(fileno=secure.detach()).close()
    with Service(cut) as service, client_tunnel(service.port) as inner, dial(inner.port) as sock:
        assert is_reset(sock)
        assert inner.says("without close_notify|reset by peer"), inner.text


@case("tunnel: a plain side that is reset ends TLS without close_notify")
def _():
    def reset(sock):
        sock.recv(1)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with Service(reset) as service, server_tunnel(service.port) as outer:
        context = ssl.create_default_context(cafile=path("ca.pem"))
        secure = context.wrap_socket(dial(outer.port), server_hostname="localhost", suppress_ragged_eofs=False)
        secure.sendall(b"x" * 10)
        try:
            assert secure.recv(100) != b"", "it looks like an end in order"
            raise AssertionError("data from nowhere")
        except (ssl.SSLError, ConnectionResetError):
            pass
        assert outer.says("the plain side was cut"), outer.text


@case("tunnel: who is not trusted, a service that is not there, and a peer without TLS are told, and the tunnel goes on")
def _():
    closed = peers.free_port()
    with server_tunnel(closed) as outer:
        with contextlib.suppress(OSError), dial_tls(outer.port) as secure:
            secure.recv(10)
        assert outer.says("the other end cannot be reached") and outer.says("Next:"), outer.text
        with dial(outer.port) as sock:
            sock.sendall(b"GET / HTTP/1.0\r\n\r\n")
            with contextlib.suppress(OSError):
                read_all(sock)
        assert outer.says("no TLS connection"), outer.text
    with Service(echo) as service, server_tunnel(service.port) as outer, \
            client_tunnel(outer.port, "--trust", path("other-ca.pem")) as right, \
            peers.Server([ASHLAR, "tunnel", "--client", "--listen", "0", "--connect", f"localhost:{outer.port}", "--trust",
                          path("other-ca.pem")], ready=READY) as wrong:
        with dial(wrong.port) as sock:
            sock.sendall(b"a secret")
            assert is_reset(sock)
        assert wrong.says("no TLS connection") and wrong.says("Wanted:"), wrong.text
        with dial(right.port) as sock:
            sock.sendall(b"a word")
            assert sock.recv(100) == b"a word"


@case("tunnel: client certificates, an idle limit, a limit of connections, and the end by a signal")
def _():
    with Service(echo) as service, server_tunnel(service.port, "--client-ca", path("client-ca.pem"), "--require-client-cert") as outer, \
            client_tunnel(outer.port, "--cert", path("client-ec.pem"), "--key", path("client-ec.key")) as inner:
        with dial(inner.port) as sock:
            sock.sendall(b"a word")
            assert sock.recv(100) == b"a word"
        with client_tunnel(outer.port) as nobody, dial(nobody.port) as sock:
            sock.sendall(b"a word")
            with contextlib.suppress(OSError):
                assert sock.recv(100) == b""
    with Service(echo) as service, server_tunnel(service.port, "--idle", "1", "--max-connections", "1") as outer:
        with dial_tls(outer.port) as first:
            first.sendall(b"a")
            assert first.recv(10) == b"a"
            second = dial(outer.port)  # waits in the kernel until the first is idle for too long
            assert first.recv(10) == b""
        assert outer.says("idle for too long"), outer.text
        context = ssl.create_default_context(cafile=path("ca.pem"))
        with context.wrap_socket(second, server_hostname="localhost") as secure:
            secure.sendall(b"b")
            assert secure.recv(10) == b"b"
            outer.process.terminate()
            assert secure.recv(10) == b""
        assert outer.process.wait(10) == 0


@case("tunnel: options of the other side, and what is missing, are told before anything is listened on")
def _():
    for arguments, words in ((["--listen", "0", "--connect", "h:1"], "neither --cert nor --raw-key"),
                             (["--listen", "x", "--connect", "h:1"], "--listen does not take"),
                             (["--listen", "0", "--connect", "localhost"], "no port"),
                             (["--listen", "0", "--connect", "localhost:1", "--trust", "f"], "of a TLS client"),
                             (["--client", "--listen", "0", "--connect", "localhost:1", "--client-ca", "f"], "of a TLS server")):
        done = subprocess.run([ASHLAR, "tunnel", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode == 2 and words in done.stderr and "Next:" in done.stderr, done


peers.make_certificates()
run()
