#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""STARTTLS: `ashlar check`, `client` and `server` against scripted peers, and against the servers and clients that
people run: starttls_test.py ASHLAR

Servers take free ports of loopback, have their own configuration and folder, and end with their case.
"""
import contextlib
import ftplib
import imaplib
import os
import poplib
import re
import shutil
import smtplib
import socket
import ssl
import subprocess
import sys
import threading

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import Skip, case, command, run  # noqa: E402
import peers  # noqa: E402
from peers import free_port, need, path  # noqa: E402

ASHLAR = os.path.abspath(sys.argv[1])
NO_STARTTLS, UNREACHABLE = 11, 3

XMPP_TLS = "xmlns='urn:ietf:params:xml:ns:xmpp-tls'"
XMPP_HEAD = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' id='1' version='1.0'>"
LDAP_REQUEST = bytes.fromhex("301d02010177188016") + b"1.3.6.1.4.1.1466.20037"
LDAP_YES = bytes.fromhex("300c02010178070a010004000400")
# Active Directory's way to write lengths.
LDAP_LONG_YES = bytes.fromhex("308400000010020101788400000007" + "0a010004000400")
LDAP_NO = bytes.fromhex("300c02010178070a010204000400")
PG_REQUEST = bytes.fromhex("0000000804d2162f")

# What a server says (bytes) and awaits (tuples of one) up to TLS.
TALKS = {
    "smtp": [b"220-mail\r\n220 ESMTP\r\n", (b"EHLO ashlar.invalid\r\n",), b"250-mail\r\n250-SIZE 1000\r\n250-STARTTLS\r\n250 HELP\r\n",
             (b"STARTTLS\r\n",), b"220 go ahead\r\n"],
    "imap": [b"* OK ready\r\n", (b"a1 CAPABILITY\r\n",), b"* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK done\r\n",
             (b"a2 STARTTLS\r\n",), b"* OK still here\r\na2 OK begin\r\n"],
    "pop3": [b"+OK ready <1@mail>\r\n", (b"CAPA\r\n",), b"+OK\r\nUSER\r\nSTLS\r\n.\r\n", (b"STLS\r\n",), b"+OK begin\r\n"],
    "ftp": [b"220-a server\r\nwith a word\r\n220 ready\r\n", (b"FEAT\r\n",), b"211-Features:\r\n PASV\r\n AUTH SSL;TLS;\r\n211 End\r\n",
            (b"AUTH TLS\r\n",), b"234 begin\r\n"],
    "xmpp": [(b"<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' "
              b"version='1.0' to='localhost'>",),
             (XMPP_HEAD + f"<stream:features><starttls {XMPP_TLS}><required/></starttls><mechanisms><mechanism>PLAIN"
              "</mechanism></mechanisms></stream:features>").encode(),
             (f"<starttls {XMPP_TLS}/>".encode(),), f"<proceed {XMPP_TLS}/>".encode()],
    "ldap": [(LDAP_REQUEST,), LDAP_YES],
    "postgres": [(PG_REQUEST,), b"S"],
}
# The same talk, in which the server does not offer TLS, and in which it refuses.
NOT_OFFERED = {
    "smtp": [*TALKS["smtp"][:2], b"250-mail\r\n250 HELP\r\n"],
    "imap": [*TALKS["imap"][:2], b"* CAPABILITY IMAP4rev1\r\na1 OK done\r\n"],
    "pop3": [*TALKS["pop3"][:2], b"+OK\r\nUSER\r\n.\r\n"],
    "ftp": [*TALKS["ftp"][:2], b"211-Features:\r\n PASV\r\n211 End\r\n"],
    "xmpp": [TALKS["xmpp"][0], (XMPP_HEAD + "<stream:features><bind/></stream:features>").encode()],
    "ldap": [(LDAP_REQUEST,), LDAP_NO],
}
REFUSED = {
    "smtp": [*TALKS["smtp"][:4], b"454 4.7.0 TLS not available\r\n"],
    "imap": [*TALKS["imap"][:4], b"a2 NO not now\r\n"],
    "pop3": [*TALKS["pop3"][:4], b"-ERR not now\r\n"],
    "ftp": [*TALKS["ftp"][:4], b"431 not now\r\n"],
    "xmpp": [*TALKS["xmpp"][:3], f"<failure {XMPP_TLS}/></stream:stream>".encode()],
    "ldap": [(LDAP_REQUEST,), bytes.fromhex("300c02010178070a013404000400")],
    "postgres": [(PG_REQUEST,), b"N"],
}


# ---- scripted peers -------------------------------------------------------------------------------------------

def exactly(sock, count):
    got = b""
    while len(got) < count:
        piece = sock.recv(count - len(got))
        if not piece:
            break
        got += piece
    return got


class Scripted:
    """A server of one connection: a talk, then TLS with an echo of one piece (leaf), or nothing."""

    def __init__(self, talk, leaf="ec", bytewise=False):
        self.talk, self.leaf, self.bytewise = talk, leaf, bytewise
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port, self.heard, self.error = self.listener.getsockname()[1], b"", None
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        sock, _ = self.listener.accept()
        sock.settimeout(20)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for step in self.talk:
                if isinstance(step, tuple):
                    got = exactly(sock, len(step[0]))
                    if got != step[0]:
                        self.error = f"awaited {step[0]}, got {got}"
                        return
                elif self.bytewise:
                    for byte in step:
                        sock.sendall(bytes([byte]))
                else:
                    sock.sendall(step)
            if self.leaf:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(path(self.leaf + ".pem"), path(self.leaf + ".key"))
                with context.wrap_socket(sock, server_side=True) as secure:
                    piece = secure.recv(1000)
                    if piece:
                        secure.sendall(piece.upper())
                    secure.unwrap()
            else:
                self.heard = b"".join(iter(lambda: sock.recv(4096), b""))
        except (OSError, ssl.SSLError) as error:
            self.error = self.error or repr(error)
        finally:
            sock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()
        self.thread.join(30)


def ashlar(*arguments, text=b"", seconds=60):
    done = subprocess.run([ASHLAR, *[str(a) for a in arguments]], input=text, capture_output=True, timeout=seconds, check=False)
    return done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")


def check(protocol, port, *more):
    return ashlar("check", f"localhost:{port}", "--starttls", protocol, "--trust", path("ca.pem"), *more)


def parts_of(message):
    return all(part in message for part in ("Found:", "Wanted:", "Next:"))


def fails(protocol, talk, *words, status=NO_STARTTLS, options=()):
    with Scripted(talk, leaf=None) as server:
        code, out, said = check(protocol, server.port, *options)
        assert code == status and not out, (code, out, said)
        assert parts_of(said) and all(word in said for word in words), said
    assert b"\x16\x03" not in server.heard, "TLS began all the same"
    return said


def register(protocol, talk):
    @case(f"starttls {protocol}: check and client through a server's talk, whole and in single bytes")
    def _():
        for bytewise in (False, True):
            with Scripted(talk, bytewise=bytewise) as server:
                code, out, said = check(protocol, server.port)
                assert code == 0 and "TLS 1.3" in out and "accepted for localhost" in out, (server.error, out, said)
        with Scripted(talk) as server:
            code, out, said = ashlar("client", f"localhost:{server.port}", "--starttls", protocol, "--trust", path("ca.pem"),
                                     "--keep-open", "--trace", text=b"a word\n")
            assert code == 0 and out == "A WORD\n", (server.error, out, said)
            assert "in the clear: " in said, said

    @case(f"starttls {protocol}: bytes between the agreement and TLS are refused")
    def _():
        injected = [*talk[:-1], talk[-1] + b"250 INJECTED\r\n"]
        said = fails(protocol, injected, "sent bytes before TLS began", "INJECTED", "14 bytes")
        assert "do not go on" in said, said

    @case(f"starttls {protocol}: a server that refuses, or offers no TLS, is told as such")
    def _():
        fails(protocol, REFUSED[protocol], "refuses to go over to TLS")
        if protocol in NOT_OFFERED:
            fails(protocol, NOT_OFFERED[protocol], "does not offer TLS")

    @case(f"starttls {protocol}: a certificate that is not trusted is refused after the upgrade as always")
    def _():
        with Scripted(talk, leaf="stranger") as server:
            code, out, said = check(protocol, server.port)
            assert code == 4 and not out and "no TLS connection" in said, (code, out, said)


for a_protocol, a_talk in TALKS.items():
    register(a_protocol, a_talk)


@case("starttls ldap: lengths of four bytes, as Active Directory writes them")
def _():
    with Scripted([(LDAP_REQUEST,), LDAP_LONG_YES]) as server:
        code, out, said = check("ldap", server.port)
        assert code == 0, (server.error, out, said)


@case("starttls xmpp: other prefixes and quotes; a stream error is told by its name")
def _():
    features = XMPP_HEAD.replace("stream:stream", "s:stream") + '<s:features><t:starttls xmlns:t="urn:ietf:params:xml:ns:xmpp-tls" a="x>y"/></s:features>'
    with Scripted([TALKS["xmpp"][0], features.encode(), TALKS["xmpp"][2],
                   b'<proceed xmlns="urn:ietf:params:xml:ns:xmpp-tls"></proceed>']) as server:
        code, out, said = check("xmpp", server.port)
        assert code == 0, (server.error, out, said)
    fails("xmpp", [TALKS["xmpp"][0], (XMPP_HEAD + "<stream:error><host-unknown/></stream:error></stream:stream>").encode()], "host-unknown")


@case("starttls ftp: a server without FEAT is asked by AUTH TLS")
def _():
    with Scripted([b"220 ready\r\n", (b"FEAT\r\n",), b"500 what?\r\n", (b"AUTH TLS\r\n",), b"234 begin\r\n"]) as server:
        code, out, said = check("ftp", server.port)
        assert code == 0, (server.error, out, said)


@case("starttls imap: a greeting that is past authentication, and one that says goodbye")
def _():
    fails("imap", [b"* PREAUTH in already\r\n"], "refuses", "PREAUTH")
    fails("imap", [b"* OK hello\r\n", (b"a1 CAPABILITY\r\n",), b"* BYE closed\r\n"], "refuses", "BYE")


@case("starttls: another protocol, an endless line, endless lines, silence and an early end each have their words")
def _():
    for protocol in ("smtp", "imap", "pop3", "ftp"):
        fails(protocol, [b"SSH-2.0-OpenSSH_9\r\n"], "does not speak", "SSH-2.0")
        fails(protocol, [b"2" * 20000], "too much before TLS")
    fails("xmpp", [b"HTTP/1.1 400 Bad Request\r\n<html>"], "does not speak XMPP")
    fails("xmpp", [b"<" + b"a" * 20000], "too much before TLS")
    fails("ldap", [b"HTTP/1.1 400\r\n"], "does not speak LDAP")
    fails("ldap", [b"\x30\x84\x00\x10\x00\x00" + b"\0" * 20000], "too much before TLS")
    fails("postgres", [b"220 mail\r\n"], "does not speak PostgreSQL")
    fails("postgres", [b"E\x00\x00\x00\x20SFATAL\0"], "refuses")
    fails("smtp", [b"220-again\r\n" * 2000], "too much before TLS")
    fails("imap", [b"* OK hello\r\n", b"* OK again\r\n" * 2000], "too much before TLS")
    for protocol in TALKS:
        fails(protocol, [], "nothing came in time", "no byte", status=UNREACHABLE, options=("--timeout", "1"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=lambda: listener.accept()[0].close(), daemon=True).start()
        code, out, said = check("smtp", listener.getsockname()[1])
        assert code == NO_STARTTLS and "closed the connection before TLS" in said and parts_of(said), (code, out, said)


@case("check: tells what was agreed, --json, --days, and another name")
def _():
    with peers.Server([ASHLAR, "server", "--port", "0", "--cert", path("ec.pem"), "--key", path("ec.key")],
                      ready=r"listening on \S*:(?P<port>\d+)") as server:
        where = ["check", f"localhost:{server.port}", "--trust", path("ca.pem")]
        code, out, said = ashlar(*where)
        assert code == 0 and "TLS_AES_128_GCM_SHA256" in out and "DNS localhost" in out and "days left" in out, (out, said)
        code, out, said = ashlar(*where, "--json", "--tls", "1.2")
        assert code == 0 and '"version": "TLS 1.2"' in out and '"verified": true' in out and '"days_left": 2' in out, (out, said)
        code, out, said = ashlar(*where, "--days", "90")
        assert code == 1 and "ends too soon" in said and parts_of(said), (code, said)
        code, out, said = ashlar(*where, "--name", "example.com")
        assert code == 4 and not out, (code, out, said)
        code, out, said = ashlar("check", f"localhost:{server.port}", "--insecure-no-verify")
        assert code == 0 and "NOT VERIFIED" in out, (out, said)


# ---- our server -----------------------------------------------------------------------------------------------

def our_server(protocol, *more):
    return peers.Server([ASHLAR, "server", "--port", "0", "--cert", path("ec.pem"), "--key", path("ec.key"), "--echo",
                         "--starttls", protocol, *more], ready=r"listening on \S*:(?P<port>\d+)")


def trusting():
    return ssl.create_default_context(cafile=path("ca.pem"))


# What a client says up to TLS, in one piece for each answer.
SAYS = {
    "smtp": [b"", b"EHLO x\r\n", b"STARTTLS\r\n"],
    "imap": [b"", b"1 CAPABILITY\r\n", b"2 STARTTLS\r\n"],
    "pop3": [b"", b"CAPA\r\n", b"STLS\r\n"],
    "ftp": [b"", b"FEAT\r\n", b"AUTH TLS\r\n"],
    "xmpp": [TALKS["xmpp"][0][0], TALKS["xmpp"][2][0]],
    "ldap": [LDAP_REQUEST],
    "postgres": [PG_REQUEST],
}


def register_server(protocol):
    @case(f"starttls {protocol}: our server and our client, a TLS peer in single bytes, and openssl s_client")
    def _():
        with our_server(protocol) as server:
            code, out, said = ashlar("client", f"localhost:{server.port}", "--starttls", protocol, "--trust", path("ca.pem"),
                                     text=b"a word\n")
            assert code == 0 and "connected: TLS 1.3" in said, (out, said)
            with socket.create_connection(("localhost", server.port), 20) as sock:
                for piece in SAYS[protocol]:
                    for byte in piece:
                        sock.sendall(bytes([byte]))
                    answer = sock.recv(4096)
                    assert answer, piece
                with trusting().wrap_socket(sock, server_hostname="localhost") as secure:
                    secure.sendall(b"through TLS")
                    assert secure.recv(100) == b"through TLS"
            done = subprocess.run([need("openssl"), "s_client", "-starttls", protocol, "-connect", f"localhost:{server.port}",
                                   "-CAfile", path("ca.pem"), "-verify_return_error", "-xmpphost", "localhost"][:9 + 2 * (protocol == "xmpp")],
                                  input=b"", capture_output=True, timeout=60, check=False)
            assert done.returncode == 0 and b"Verification: OK" in done.stdout, done

    @case(f"starttls {protocol}: what a client sends behind its request for TLS is refused, logged and never read")
    def _():
        with our_server(protocol) as server, socket.create_connection(("localhost", server.port), 20) as sock:
            for piece in SAYS[protocol][:-1]:
                sock.sendall(piece)
                sock.recv(4096)
            sock.sendall(SAYS[protocol][-1] + b"DELETE EVERYTHING\r\n")
            rest = b"".join(iter(lambda: sock.recv(4096), b""))
            assert b"\x16\x03" not in rest, rest
            assert server.says("sent bytes before TLS began") and server.says("DELETE EVERYTHING"), server.text

    @case(f"starttls {protocol}: our server has words for TLS at once, nonsense, endless lines and silence")
    def _():
        with our_server(protocol) as server:
            for piece, words in ((b"\x16\x03\x01\x00\x05hello\n\n\n\n", "does not speak"), (b"\x00" * 20000, "too much|does not speak"),
                                 (b"a" * 20000, "too much|does not speak")):
                before = len(re.findall("no TLS connection", server.text))
                with socket.create_connection(("localhost", server.port), 20) as sock:
                    with contextlib.suppress(OSError):
                        sock.sendall(piece)
                        while sock.recv(4096):
                            pass
                assert server.says(f"(?s)(no TLS connection.*){{{before + 1}}}"), server.text
                assert re.search(words, server.text.split("no TLS connection")[-1]), server.text
            # It serves on.
            assert check(protocol, server.port)[0] == 0


for a_protocol in TALKS:
    register_server(a_protocol)


@case("starttls: Python's clients of SMTP, IMAP, POP3 and FTP against our server")
def _():
    with our_server("smtp") as server, smtplib.SMTP("localhost", server.port, timeout=20) as client:
        assert client.noop()[0] == 250 and client.mail("a@example.com")[0] == 530
        assert client.starttls(context=trusting())[0] == 220
        assert client.sock.version() == "TLSv1.3"
        client.sock.close()
    with our_server("imap") as server:
        client = imaplib.IMAP4("localhost", server.port, timeout=20)
        assert client.starttls_in_clear if hasattr(client, "starttls_in_clear") else "STARTTLS" in client.capabilities
        # After TLS the library asks for capabilities again, which the echo gives back: only the upgrade is looked at.
        with contextlib.suppress(imaplib.IMAP4.error, OSError):
            client.starttls(ssl_context=trusting())
        assert client.sock.version() == "TLSv1.3"
        client.sock.close()
    with our_server("pop3") as server:
        client = poplib.POP3("localhost", server.port, timeout=20)
        assert "STLS" in client.capa()
        client.stls(context=trusting())
        assert client.sock.version() == "TLSv1.3"
        client.sock.close()
    with our_server("ftp") as server:
        client = ftplib.FTP_TLS(context=trusting())
        client.connect("localhost", server.port, timeout=20)
        assert client.auth().startswith("234") and client.sock.version() == "TLSv1.3"
        client.sock.close()


@case("starttls: psql's request for TLS, and its greeting in the clear, against our server")
def _():
    with our_server("postgres") as server:
        environment = {**os.environ, "PGCONNECT_TIMEOUT": "5"}
        for mode in ("require", "disable"):
            subprocess.run([need("psql"), f"host=localhost port={server.port} sslmode={mode} user=x dbname=x", "-c", "select 1"],
                           stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False, env=environment)
        assert server.says("TLS 1.3") and server.says("does not speak PostgreSQL as it should"), server.text


# ---- the servers that people run ------------------------------------------------------------------------------

def folder(name, owner=None):
    where = path(name)
    os.makedirs(where, exist_ok=True)
    os.chmod(peers.WORK, 0o755)
    if owner:
        shutil.chown(where, owner, owner)
    return where


def write(name, text):
    with open(path(name), "w", encoding="utf-8") as out:
        out.write(text)
    return path(name)


def need_root(program):
    if os.geteuid() != 0:
        raise Skip(f"{program} starts as root only")


def agrees(protocol, port, *words):
    """Our clients go over to TLS with it, in both versions; what they said in the clear."""
    for version in ("1.2", "1.3"):
        code, out, said = check(protocol, port, "--tls", version, "--trace")
        assert code == 0 and f"TLS {version}" in out and all(word in said for word in words), (out, said)


@case("starttls smtp: postfix")
def _():
    need_root("postfix")
    postfix = need("postfix")
    home, port = folder("postfix"), free_port()
    for sub in ("queue", "data", "conf"):
        folder(f"postfix/{sub}", owner="postfix" if sub == "data" else None)
    write("postfix/conf/main.cf", f"""compatibility_level = 3.6
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
myhostname = localhost
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
maillog_file = /dev/stdout
smtpd_tls_cert_file = {path("ec.pem")}
smtpd_tls_key_file = {path("ec.key")}
smtpd_tls_security_level = may
smtpd_peername_lookup = no
smtputf8_enable = no
""")
    write("postfix/conf/master.cf", f"""127.0.0.1:{port} inet n - n - - smtpd
rewrite unix - - n - - trivial-rewrite
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
""")
    with peers.Server([postfix, "-c", f"{home}/conf", "start-fg"], port=port):
        try:
            agrees("smtp", port, "250-STARTTLS", "220 2.0.0")
        finally:
            subprocess.run([postfix, "-c", f"{home}/conf", "abort"], capture_output=True, timeout=30, check=False)


@case("starttls imap and pop3: dovecot")
def _():
    need_root("dovecot")
    dovecot = need("dovecot")
    folder("dovecot")
    imap, pop3 = free_port(), free_port()
    conf = write("dovecot/conf", f"""base_dir = {path("dovecot/run")}
state_dir = {path("dovecot/state")}
protocols = imap pop3
log_path = /dev/stderr
ssl = yes
ssl_cert = <{path("ec.pem")}
ssl_key = <{path("ec.key")}
default_vsz_limit = 0
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service pop3-login {{
  chroot =
  inet_listener pop3 {{
    address = 127.0.0.1
    port = {pop3}
  }}
  inet_listener pop3s {{
    port = 0
  }}
}}
service stats {{
  chroot =
}}
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid=dovenull gid=dovenull home={path("dovecot")}
}}
""")
    with peers.Server([dovecot, "-F", "-c", conf], port=imap):
        agrees("imap", imap, "STARTTLS")
        agrees("pop3", pop3, "STLS")


@case("starttls ftp: vsftpd")
def _():
    need_root("vsftpd")
    vsftpd = need("vsftpd")
    folder("vsftpd")
    port = free_port()
    conf = write("vsftpd/conf", f"""listen=YES
listen_address=127.0.0.1
listen_port={port}
background=NO
anonymous_enable=YES
secure_chroot_dir={folder("vsftpd/empty")}
ssl_enable=YES
ssl_ciphers=HIGH
rsa_cert_file={path("rsa.pem")}
rsa_private_key_file={path("rsa.key")}
seccomp_sandbox=NO
""")
    os.chmod(path("vsftpd/empty"), 0o555)
    with peers.Server([vsftpd, conf], port=port):
        agrees("ftp", port, "AUTH TLS", "234")


@case("starttls postgres: postgresql")
def _():
    found = sorted(name for name in (os.listdir("/usr/lib/postgresql") if os.path.isdir("/usr/lib/postgresql") else []))
    programs = f"/usr/lib/postgresql/{found[-1]}/bin" if found else None
    if not programs or not os.path.exists(f"{programs}/initdb"):
        raise Skip("no postgresql (initdb)")
    # It refuses to run as root.
    user = {"user": "postgres", "group": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    home, port = folder("postgres", owner="postgres" if user else None), free_port()
    command([f"{programs}/initdb", "-D", f"{home}/data", "-A", "trust", "-N", "-U", "postgres"], cwd=home, **user)
    for name in ("ec.pem", "ec.key"):
        shutil.copy(path(name), f"{home}/data/{name}")
        if user:
            shutil.chown(f"{home}/data/{name}", "postgres", "postgres")
        os.chmod(f"{home}/data/{name}", 0o600)
    process = subprocess.Popen([f"{programs}/postgres", "-D", f"{home}/data", "-p", str(port), "-k", home, "-h", "127.0.0.1", "-c", "ssl=on",
                                "-c", "ssl_cert_file=ec.pem", "-c", "ssl_key_file=ec.key"],
                               cwd=home, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **user)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            threading.Event().wait(0.05)
        agrees("postgres", port)
    finally:
        process.terminate()
        process.wait(30)


@case("starttls ldap: slapd")
def _():
    slapd = need("slapd")
    folder("slapd")
    port = free_port()
    # Debian's slapd is linked with GnuTLS, which wants keys that it may read.
    conf = write("slapd/conf", f"""include /etc/ldap/schema/core.schema
pidfile {path("slapd/pid")}
TLSCACertificateFile {path("ca.pem")}
TLSCertificateFile {path("rsa.pem")}
TLSCertificateKeyFile {path("rsa.key")}
""")
    with peers.Server([slapd, "-h", f"ldap://127.0.0.1:{port}", "-f", conf, "-d", "0"], port=port):
        agrees("ldap", port)


@case("starttls xmpp: prosody")
def _():
    prosody = need("prosody")
    home, port = folder("prosody"), free_port()
    conf = write("prosody/prosody.cfg.lua", f"""run_as_root = true
data_path = "{home}"
certificates = "{home}"
log = {{ info = "*console" }}
pidfile = "{home}/pid"
modules_enabled = {{ "tls", "saslauth", "roster", "disco" }}
modules_disabled = {{ "s2s" }}
c2s_require_encryption = true
c2s_interfaces = {{ "127.0.0.1" }}
c2s_ports = {{ {port} }}
c2s_direct_tls_ports = {{}}
http_ports = {{}}
https_ports = {{}}
VirtualHost "localhost"
  ssl = {{ certificate = "{path("ec.pem")}"; key = "{path("ec.key")}" }}
""")
    with peers.Server([prosody, "--config", conf, "-F"], port=port):
        agrees("xmpp", port, "starttls", "proceed")


peers.make_certificates()
run()
