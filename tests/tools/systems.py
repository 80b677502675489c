#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Both of README's commands in bare systems: systems.py FOLDER LOG [NAME…]

debootstrap makes each system in FOLDER, with only the packages of its smallest variant, and adds a copy of the tree.
There `./run demo` and `./run test` must succeed. LOG is written in the form of Meson's logs, for tally.py.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
DEBIAN, UBUNTU = "debian", "ubuntu"
# Name, suite, maker, and the script for suites that debootstrap does not know yet.
SYSTEMS = [("Debian 12", "bookworm", DEBIAN), ("Debian 13", "trixie", DEBIAN), ("Debian sid", "sid", DEBIAN),
           ("Ubuntu 24.04", "noble", UBUNTU)]
SCRIPTS = "/usr/share/debootstrap/scripts"
KEYRINGS = {DEBIAN: "/usr/share/keyrings/debian-archive-keyring.gpg", UBUNTU: "/usr/share/keyrings/ubuntu-archive-keyring.gpg"}
COMMANDS = ("demo", "test")


class Absent(Exception):
    """The system cannot be made here, with the reason."""


def bare(folder, suite, whose):
    """An archive of the system from debootstrap. It is made once."""
    archive = os.path.join(folder, suite + ".tar")
    if os.path.exists(archive):
        return archive
    if os.geteuid() != 0:
        raise Absent("only root can make it")
    if not shutil.which("debootstrap"):
        raise Absent("no debootstrap")
    if not os.path.exists(KEYRINGS[whose]):
        raise Absent(f"no keyring for {whose}'s packages")
    made = os.path.join(folder, suite + ".new")
    shutil.rmtree(made, ignore_errors=True)
    os.makedirs(made)
    arguments = ["debootstrap", "--variant=minbase", "--keyring=" + KEYRINGS[whose], suite, made]
    if not os.path.exists(os.path.join(SCRIPTS, suite)):
        # The mirror in the script for all suites of this maker.
        with open(os.path.join(SCRIPTS, "gutsy" if whose == UBUNTU else "sid"), encoding="utf-8") as script:
            mirror = re.findall(r"default_mirror (\S*//archive\.\S+)", script.read())
        if not mirror:
            raise Absent(f"debootstrap does not know {suite}")
        arguments += [mirror[0], os.path.join(SCRIPTS, "gutsy")]
    done = subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          encoding="utf-8", errors="replace", check=False)
    if done.returncode != 0:
        raise Absent("its packages cannot be had: " + (done.stdout.strip().splitlines() or ["no reason given"])[-1])
    subprocess.run(["tar", "-C", made, "-cf", archive + ".part", "."], check=True)
    shutil.rmtree(made)
    os.rename(archive + ".part", archive)
    return archive


def unpacked(folder, suite, archive):
    """A new system with the tree in it, and with the test vectors if they exist."""
    root = os.path.join(folder, suite)
    shutil.rmtree(root, ignore_errors=True)
    os.makedirs(root)
    subprocess.run(["tar", "-C", root, "-xf", archive], check=True)
    for name in ("resolv.conf", "hosts"):
        if os.path.exists("/etc/" + name):
            shutil.copy("/etc/" + name, os.path.join(root, "etc", name))
    tree = os.path.join(root, "src", "ashlar")
    listed = subprocess.run(["git", "-c", "safe.directory=*", "-C", ROOT, "ls-files", "-z"], capture_output=True, check=False)
    if listed.returncode == 0:
        for name in listed.stdout.decode().split("\0"):
            if name and os.path.lexists(os.path.join(ROOT, name)):
                os.makedirs(os.path.dirname(os.path.join(tree, name)), exist_ok=True)
                shutil.copy2(os.path.join(ROOT, name), os.path.join(tree, name), follow_symlinks=False)
    else:
        shutil.copytree(ROOT, tree, symlinks=True, ignore=shutil.ignore_patterns("build*", ".git"))
    vectors = os.path.join(ROOT, "..", "shared", "vectors")
    if os.path.isdir(vectors):
        shutil.copytree(vectors, os.path.join(root, "src", "shared", "vectors"))
    return root


def run_inside(root, words, log):
    """Runs a command in the system's copy of the tree, with separate mounts and processes. Returns its exit status."""
    inner = ('mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && mount -t tmpfs tmpfs "$0/tmp" && '
             'exec chroot "$0" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root '
             'TERM=dumb ${http_proxy:+http_proxy="$http_proxy"} bash -c \'cd /src/ashlar && exec "$@"\' bash "$@"')
    with open(log, "w", encoding="utf-8") as out:
        return subprocess.run(["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", inner, root, *words],
                              stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, check=False).returncode


def main(folder, log, *names):
    folder = os.path.abspath(folder)
    os.makedirs(folder, exist_ok=True)
    results = []
    unknown = [each for each in names if each not in {word for name, suite, _ in SYSTEMS for word in (name, suite)}]
    if unknown:
        print(f"no such system: {', '.join(unknown)}; there are {', '.join(name for name, _, _ in SYSTEMS)}", file=sys.stderr)
        return 2
    for name, suite, whose in SYSTEMS:
        if names and name not in names and suite not in names:
            continue
        try:
            root = unpacked(folder, suite, bare(folder, suite, whose))
        except Absent as why:
            print(f"== {name}: skipped: {why}", flush=True)
            results.append({"name": name, "result": "SKIP", "stdout": str(why), "returncode": 77})
            continue
        for command in COMMANDS:
            start, written = time.monotonic(), os.path.join(folder, f"{suite}-{command}.log")
            print(f"== {name}: ./run {command}, told in {written}", flush=True)
            status = run_inside(root, ["./run", command], written)
            with open(written, encoding="utf-8", errors="replace") as text:
                told = text.read()
            result = "OK" if status == 0 else "FAIL"
            counts = re.findall(r"^(\d+ passed, \d+ failed, \d+ skipped)$", told, re.M)
            summary = f"{counts[-1]}" if counts else f"exit status {status}"
            print(f"== {name}: ./run {command}: {summary}, {time.monotonic() - start:.0f} s", flush=True)
            # Its log names skipped cases, and they are counted here. Failed cases count as one failure of this system.
            results.append({"name": f"{name}: ./run {command}", "result": result, "returncode": status,
                            "stdout": "\n".join(told.splitlines()[-60:]) + "\n"})
        shutil.rmtree(root, ignore_errors=True)
    with open(log, "w", encoding="utf-8") as out:
        out.writelines(json.dumps(each) + "\n" for each in results)
    return 1 if any(each["result"] == "FAIL" for each in results) else 0


sys.exit(main(*sys.argv[1:]))
