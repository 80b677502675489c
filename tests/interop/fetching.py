# SPDX-License-Identifier: Apache-2.0
"""Files of random bytes that the ashlar tool and widely used programs fetch from each other.

A fetch returns (exit status, body, what it said).
"""
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
import peers  # noqa: E402
from peers import body_of, get_request, need, path, talk  # noqa: E402

SMALL = "size-300000"


def make_files(sizes):
    os.makedirs(path("www"))
    for size in sizes:
        with open(path("www", f"size-{size}"), "wb") as out:
            out.write(random.Random(size).randbytes(size))


def content(name):
    with open(path("www", name), "rb") as file:
        return file.read()


def fetched(result, name=SMALL):
    """Checks that it is this file; what the client said."""
    status, body, said = result
    assert status == 0, f"exit status {status}: {said}"
    assert body == content(name), f"{len(body)} bytes are not those of {name}\n{said}"
    return said


def fetch(arguments):
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, timeout=120, check=False)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def our_server(command, leaves, options):
    """command: the tool and options for all of its commands."""
    arguments = [*command, "server", "--port", "0", "--www", path("www")]
    for leaf in leaves:
        arguments += ["--cert", path(leaf + ".pem"), "--key", path(leaf + ".key")]
    return peers.Server([*arguments, *options], ready=r"listening on \S*:(?P<port>\d+)")


def our_get(command, port, name, options, trust="ca", host="localhost"):
    return fetch([*command, "get", "--trust", path(trust + ".pem"), *options, f"https://{host}:{port}/{name}"])


def curl(version, port, name=SMALL, *options):
    """version: the options that choose it."""
    return fetch([need("curl"), "-sS", *version, "--cacert", path("ca.pem"), *options, f"https://localhost:{port}/{name}"])


def s_client(version, port, name=SMALL, *options):
    status, out, said = talk([need("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost",
                              "-verify_hostname", "localhost", "-verify_return_error", "-CAfile", path("ca.pem"),
                              version, "-quiet", *options], get_request(name))
    return status, body_of(out) if b"\r\n\r\n" in out else b"", said


def gnutls_cli(port, name=SMALL, *options):
    log = path("gnutls-cli.log")
    status, out, said = talk([need("gnutls-cli"), "--port", port, "--x509cafile", path("ca.pem"), "--logfile", log,
                              *options, "localhost"], get_request(name))
    with open(log, encoding="utf-8", errors="replace") as file:
        said += file.read()
    return status, body_of(out) if b"\r\n\r\n" in out else b"", said
