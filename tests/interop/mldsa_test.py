#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ML-DSA of the ashlar tool against Node, whose OpenSSL has it from 3.5 on: keys, certificates, and TLS 1.3 with both sides
authenticated, on loopback: mldsa_test.py ASHLAR"""
import functools
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, case, command, run  # noqa: E402
import peers  # noqa: E402
from peers import need, path  # noqa: E402

ASHLAR = os.path.abspath(sys.argv[1])
KINDS = {"ml-dsa-44": "mldsa44", "ml-dsa-65": "mldsa65", "ml-dsa-87": "mldsa87"}

SERVER = """
const tls = require("tls"), fs = require("fs"), [,, cert, key, ca] = process.argv;
const read = name => fs.readFileSync(name);
tls.createServer({cert: read(cert), key: read(key), ca: [read(ca)], minVersion: "TLSv1.3", requestCert: true}, peer => {
  console.log("authorized", peer.authorized);
  peer.on("data", () => peer.end("HTTP/1.0 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhello"));
}).listen(0, "127.0.0.1", function () { console.log("port", this.address().port); });
"""
CLIENT = """
const tls = require("tls"), fs = require("fs"), [,, cert, key, ca, port] = process.argv;
const read = name => fs.readFileSync(name);
const peer = tls.connect({host: "127.0.0.1", servername: "localhost", port, cert: read(cert), key: read(key), ca: [read(ca)],
                          minVersion: "TLSv1.3"}, () => peer.write("GET /page HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n"));
peer.on("data", data => process.stdout.write(data));
peer.on("error", error => { console.error(error.message); process.exitCode = 1; });
"""
KEYS = """
const crypto = require("crypto"), fs = require("fs"), [,, kind, own, ours, leaf, ca] = process.argv;
const hash = key => crypto.createHash("sha256").update(crypto.createPublicKey(key).export({type: "spki", format: "der"})).digest("hex");
const made = crypto.generateKeyPairSync(kind).privateKey;
fs.writeFileSync(own, made.export({type: "pkcs8", format: "pem"}));
const x509 = name => new crypto.X509Certificate(fs.readFileSync(name));
console.log(hash(made), hash(crypto.createPrivateKey(fs.readFileSync(ours))), x509(leaf).verify(x509(ca).publicKey));
"""


@functools.lru_cache(None)
def node():
    program = need("node")
    version = command([program, "-p", "process.versions.openssl"]).strip()
    if tuple(int(part) for part in version.split(".")[:2]) < (3, 5):
        raise Skip(f"node's OpenSSL {version} has no ML-DSA")
    return program


def script(name, text):
    with open(path(name), "w", encoding="ascii") as out:
        out.write(text)
    return path(name)


def make(kind):
    """A CA of this kind, and a certificate of it for a server and for a client."""
    def file(name):
        return path(f"{kind}-{name}")
    for name in ("ca", "leaf"):
        command([ASHLAR, "key", "new", kind, "-o", file(name + ".key"), "--force"])
    command([ASHLAR, "cert", "new", "--ca", "--name", "CA", "--key", file("ca.key"), "-o", file("ca.pem"), "--force"])
    for name, options in (("server", []), ("client", ["--client"])):
        command([ASHLAR, "cert", "new", "--name", "localhost", "--key", file("leaf.key"), "--issuer-cert", file("ca.pem"), "--issuer-key",
                 file("ca.key"), "-o", file(name + ".pem"), "--force", *options])
    return file


def register(kind, scheme):
    @case(f"ML-DSA: keys and certificates of {kind}, ours read by node and node's by us")
    def _():
        program, file = node(), make(kind)
        own, ours, verified = command([program, script("keys.js", KEYS), kind, file("node.key"), file("leaf.key"), file("server.pem"),
                                       file("ca.pem")]).split()
        assert verified == "true"
        for key, digest in (("node.key", own), ("leaf.key", ours)):
            told = command([ASHLAR, "key", "show", file(key), "--json"]).replace(":", "").lower()
            assert digest in told, (digest, told)

    @case(f"TLS 1.3: {scheme} with node on the other side, either way, both sides authenticated")
    def _():
        program, file = node(), make(kind)
        server = peers.Server([program, script("server.js", SERVER), file("server.pem"), file("leaf.key"), file("ca.pem")], ready=r"port (?P<port>\d+)")
        with server:
            ours = [ASHLAR, "get", "--trust", file("ca.pem"), f"https://localhost:{server.port}/"]
            assert command([*ours, "--schemes", scheme, "--cert", file("client.pem"), "--key", file("leaf.key")]).endswith("hello")
            assert server.says("authorized true"), server.text
            # Without its name we do not offer it.
            done = subprocess.run(ours, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)
            assert done.returncode != 0 and "handshake_failure" in done.stderr, done
        with open(path("page"), "w", encoding="ascii") as out:
            out.write("hello")
        with peers.Server([ASHLAR, "server", "--port", "0", "--www", os.path.dirname(path("page")), "--cert", file("server.pem"), "--key",
                           file("leaf.key"), "--schemes", scheme, "--client-ca", file("ca.pem"), "--require-client-cert"],
                          ready=r"listening on \S*:(?P<port>\d+)") as server:
            assert command([program, script("client.js", CLIENT), file("client.pem"), file("leaf.key"), file("ca.pem"), server.port]).endswith("hello")


for a_kind, its_scheme in KINDS.items():
    register(a_kind, its_scheme)
run()
