# SPDX-License-Identifier: Apache-2.0
"""Programs under test on loopback: certificates from openssl, and servers that are started, awaited and stopped."""
import atexit
import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time

from cases import Skip, command

WORK = tempfile.mkdtemp(prefix="ashlar-interop-")
atexit.register(shutil.rmtree, WORK, ignore_errors=True)
PAGE = b"Cut so exactly that it stands without mortar.\n"


def path(*names):
    return os.path.join(WORK, *names)


def need(program):
    found = shutil.which(program) or shutil.which(program, path="/usr/sbin:/sbin")
    if not found:
        raise Skip(f"no {program}")
    return found


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


# ---- certificates -----------------------------------------------------------------------------------------------

KINDS = {"rsa": ["-newkey", "rsa:2048"], "ec": ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]}


def make_ca(name, kind="rsa"):
    command(["openssl", "req", "-x509", *KINDS[kind], "-nodes", "-keyout", path(name + ".key"),
             "-out", path(name + ".pem"), "-days", "30", "-subj", f"/CN=Interop {name}",
             "-addext", "keyUsage=critical,keyCertSign,cRLSign"])


def make_leaf(name, ca, kind, san="DNS:localhost,IP:127.0.0.1", usage="serverAuth", dates=None):
    command(["openssl", "req", "-new", *KINDS[kind], "-nodes", "-keyout", path(name + ".key"),
             "-out", path(name + ".csr"), "-subj", f"/CN={name}"])
    with open(path(name + ".cnf"), "w", encoding="ascii") as out:
        key_usage = "digitalSignature,keyEncipherment" if kind == "rsa" else "digitalSignature"
        out.write(f"[ext]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,{key_usage}\n"
                  f"extendedKeyUsage={usage}\nsubjectAltName={san}\n"
                  f"[ca]\ndefault_ca=d\n[d]\ndatabase={path(name + '.db')}\nrand_serial=yes\ndefault_md=sha256\n"
                  f"new_certs_dir={WORK}\npolicy=p\nunique_subject=no\n[p]\ncommonName=supplied\n")
    open(path(name + ".db"), "w", encoding="ascii").close()
    now = time.time()
    stamp = lambda seconds: time.strftime("%Y%m%d%H%M%SZ", time.gmtime(now + seconds))
    start, end = dates or (-3600, 30 * 86400)
    command(["openssl", "ca", "-batch", "-notext", "-config", path(name + ".cnf"), "-extensions", "ext",
             "-cert", path(ca + ".pem"), "-keyfile", path(ca + ".key"), "-in", path(name + ".csr"),
             "-out", path(name + ".pem"), "-startdate", stamp(start), "-enddate", stamp(end)])


def make_certificates():
    for ca in ("ca", "client-ca", "other-ca"):
        make_ca(ca)
    make_leaf("rsa", "ca", "rsa")
    make_leaf("ec", "ca", "ec")
    make_leaf("wrong-name", "ca", "ec", san="DNS:elsewhere.example")
    make_leaf("expired", "ca", "ec", dates=(-20 * 86400, -10 * 86400))
    make_leaf("stranger", "other-ca", "ec")
    make_leaf("client-rsa", "client-ca", "rsa", san="DNS:client", usage="clientAuth")
    make_leaf("client-ec", "client-ca", "ec", san="DNS:client", usage="clientAuth")
    make_leaf("client-stranger", "other-ca", "ec", san="DNS:client", usage="clientAuth")


def make_page():
    """A page in the servers' folder, which they serve."""
    os.makedirs(path("www"))
    with open(path("www", "page"), "wb") as out:
        out.write(PAGE)


# ---- servers ----------------------------------------------------------------------------------------------------

class Server:
    """A process that listens. ready: a pattern in its output; its group "port" names the port, if it has one.
    Without one the port is tried until it takes a connection."""

    def __init__(self, arguments, ready=None, port=None, cwd=None):
        self.port, self.text = port, ""
        self.process = subprocess.Popen([str(a) for a in arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, cwd=cwd)
        threading.Thread(target=self._read, daemon=True).start()
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                time.sleep(0.1)
                break
            found = re.search(ready, self.text) if ready else self._answers()
            if found:
                if ready and "port" in found.groupdict():
                    self.port = int(found.group("port"))
                return
            time.sleep(0.02)
        self.stop()
        raise AssertionError(f"{arguments[0]} did not start:\n{self.text}")

    def _answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def _read(self):
        for piece in iter(lambda: self.process.stdout.read1(65536), b""):
            self.text += piece.decode("utf-8", "replace")

    def says(self, pattern, seconds=5):
        """Waits until its output matches a pattern; False if it does not."""
        deadline = time.monotonic() + seconds
        while not re.search(pattern, self.text):
            if time.monotonic() > deadline:
                return False
            time.sleep(0.02)
        return True

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def openssl_server(leaf, *options, version="-tls1_2"):
    port = free_port()
    return Server([need("openssl"), "s_server", "-accept", f"127.0.0.1:{port}", "-cert", path(leaf + ".pem"), "-key",
                   path(leaf + ".key"), version, *options], ready="ACCEPT", port=port, cwd=path("www"))


def gnutls_server(leaf, data, *options, priority="NORMAL:-VERS-ALL:+VERS-TLS1.2:+RSA:+AES-128-CBC:+SHA256"):
    port = free_port()
    return Server([need("gnutls-serv"), "--http", "--port", port, "--x509certfile", path(leaf + ".pem"),
                   "--x509keyfile", path(leaf + ".key"), "--priority", priority, "--httpdata", path("www", data),
                   *options], ready=r"\.\.\.done", port=port)


def nginx_server(leaf, *directives, sessions=True):
    port, name = free_port(), "nginx"
    cache = "ssl_session_cache shared:s:1m;\nssl_session_tickets off;" if sessions else "ssl_session_cache off;"
    os.makedirs(path(name), exist_ok=True)
    with open(path(name, "conf"), "w", encoding="ascii") as out:
        folders = "".join(f"{what}_temp_path {path(name, what)};\n"
                          for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;\n" if os.geteuid() == 0 else ""
        out.write(f"""{user}daemon off;
master_process off;
pid {path(name, "pid")};
error_log stderr notice;
events {{}}
http {{
{folders}access_log off;
server {{
listen 127.0.0.1:{port} ssl;
ssl_certificate {path(leaf + ".pem")};
ssl_certificate_key {path(leaf + ".key")};
ssl_protocols TLSv1.2;
{cache}
root {path("www")};
{"".join(d + ";" + chr(10) for d in directives)}}}
}}
""")
    return Server([need("nginx"), "-p", path(name), "-e", "stderr", "-c", path(name, "conf")], port=port)


# ---- clients ----------------------------------------------------------------------------------------------------

def talk(arguments, request, seconds=60):
    """Runs a client that sends `request` and then waits for the peer to close: (exit status, stdout, stderr)."""
    process = subprocess.Popen([str(a) for a in arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    pieces = {}
    readers = [threading.Thread(target=lambda f=f, n=n: pieces.__setitem__(n, f.read()), daemon=True)
               for n, f in (("out", process.stdout), ("err", process.stderr))]
    for reader in readers:
        reader.start()
    try:
        process.stdin.write(request)
        process.stdin.flush()
    except BrokenPipeError:
        pass
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired as error:
        process.kill()
        raise AssertionError(f"{arguments[0]} did not end:\n{pieces}") from error
    finally:
        try:
            process.stdin.close()
        except BrokenPipeError:
            pass
    for reader in readers:
        reader.join(10)
    return process.returncode, pieces.get("out", b""), pieces.get("err", b"").decode("utf-8", "replace")


def get_request(name):
    return f"GET /{name} HTTP/1.0\r\nHost: localhost\r\n\r\n".encode()


def body_of(response):
    at = response.find(b"\r\n\r\n")
    assert at >= 0, response[:400]
    return response[at + 4:]
