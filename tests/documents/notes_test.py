#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""docs/from-the-notes.md and its translation: every command runs, and shows what stands behind it.

notes_test.py SOURCE ASHLAR
"""
import os
import re
import signal
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tools"))
from cases import case, run  # noqa: E402
from peers import free_port  # noqa: E402

SOURCE, ASHLAR = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
PAGES = ("docs/from-the-notes.md", "docs/from-the-notes.zh.md")


def parts(page):
    """(heading, its blocks of commands) in order."""
    with open(os.path.join(SOURCE, page), encoding="utf-8") as file:
        text = file.read()
    return [(part.split("\n", 1)[0], re.findall(r"```sh\n(.*?)```", part, flags=re.S)) for part in re.split(r"^## ", text, flags=re.M)[1:]]


def commands(block):
    """Each command with the words that it shows."""
    found = []
    for line in block.splitlines():
        if line.startswith("# shows: "):
            found[-1][1].append(line[len("# shows: "):])
        else:
            found.append((line, []))
    return found


def words(text):
    return " ".join(text.split())


class Ground:
    """A folder after the page's first block, with its server."""

    def __init__(self, block):
        self.folder, self.port, self.server = tempfile.TemporaryDirectory(), free_port(), None
        for line, _ in commands(block):
            if line.endswith("&"):
                with open(os.path.join(self.folder.name, "server.log"), "w", encoding="utf-8") as log:
                    self.server = subprocess.Popen(["bash", "-c", "exec " + self.adapted(line[:-1])], cwd=self.folder.name, env=self.environment(),
                                                   stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
            else:
                self.say(line)

    def environment(self):
        return {**os.environ, "PATH": os.path.dirname(ASHLAR) + os.pathsep + os.environ["PATH"]}

    def adapted(self, line):
        return line.replace("4433", str(self.port))

    def say(self, line):
        done = subprocess.run(["bash", "-c", self.adapted(line)], cwd=self.folder.name, env=self.environment(), stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120, check=False)
        assert done.returncode == 0, f"{line}\nexit status {done.returncode}\n{done.stdout}"
        return done.stdout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.server:
            os.killpg(self.server.pid, signal.SIGTERM)
            self.server.wait(20)
        self.folder.cleanup()


@case("from-the-notes: every section has a command, and both languages have the same ones")
def _():
    ours, theirs = ([blocks for _, blocks in parts(page)] for page in PAGES)
    assert ours == theirs, [pair for pair in zip(ours, theirs) if pair[0] != pair[1]]
    for heading, blocks in parts(PAGES[0])[1:]:
        assert blocks and all(shown for block in blocks for _, shown in commands(block)[-1:]), heading


@case("from-the-notes: every command runs and shows what stands behind it")
def _():
    sections = parts(PAGES[0])
    count = 0
    with Ground(sections[0][1][0]) as ground:
        for heading, blocks in sections[1:]:
            for line, shown in [each for block in blocks for each in commands(block)]:
                said = words(ground.say(line))
                count += 1
                for part in shown:
                    assert words(part) in said, f"{heading}\n{line}\ndoes not show: {part}\n{said}"
    print(f"{count} commands")


run()
