#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Plants small mistakes, one at a time, in a copy of the tree, and tells which of them the tests detect.

usage: planted.py [AREA…] [--build DIR] [--jobs N] [--match TEXT] [--tenth N] [--again] [--fuzz [SECONDS]]

  AREA         a list in tests/planted: asn1, base, crypto, posix, tls, x509 (all of them but fuzz)
  --build DIR  the folder of the copy and its builds (build-run/planted)
  --match TEXT only the mistakes that say so
  --tenth N    every tenth mistake, beginning with number N modulo 10
  --again      also mistakes whose result for this tree is known; without it a stopped run continues where
               it was
  --fuzz       the mistakes of the list fuzz, and only those: each is looked for by its fuzz target, from the
               seeds, for 120 seconds of one core (or SECONDS)

A list is TOML, one [[mistake]] each:
  what     what goes wrong, in a few words
  file     the file
  find     text that is there exactly once
  put      the text that replaces it
  tests    unit tests that must see it (the name of the list): test-base, test-crypto, … by their ends
  fuzz     fuzz targets that must see it, instead of unit tests
  unseen   why no test sees it. Without this field, an undetected mistake fails the run.
"""
import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import tomllib

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
LISTS = os.path.join(ROOT, "tests", "planted")
TIMEOUT = 900  # a test that hangs has seen the mistake


def sources():
    for folder, names, leaves in os.walk(ROOT):
        inside = os.path.relpath(folder, ROOT)
        if "meson-private" in names or "CMakeCache.txt" in leaves:
            names[:] = []
            continue
        names[:] = [name for name in names if not (inside == "." and (name.startswith("build") or name == ".git"))]
        for leaf in leaves:
            yield os.path.normpath(os.path.join(inside, leaf))


def copy_tree(tree):
    """Updates the copy. An unchanged file keeps its time, so that little is compiled again."""
    digest, wanted = hashlib.sha256(), set()
    for path in sorted(sources()):
        wanted.add(path)
        with open(os.path.join(ROOT, path), "rb") as file:
            content = file.read()
        if not path.startswith("tests/planted/"):
            digest.update(path.encode() + b"\0" + hashlib.sha256(content).digest())
        target = os.path.join(tree, path)
        if os.path.exists(target):
            with open(target, "rb") as file:
                if file.read() == content:
                    continue
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "wb") as file:
            file.write(content)
        shutil.copymode(os.path.join(ROOT, path), target)
    for folder, _, leaves in os.walk(tree):
        for leaf in leaves:
            path = os.path.relpath(os.path.join(folder, leaf), tree)
            if path not in wanted:
                os.remove(os.path.join(tree, path))
    return digest.hexdigest()


def read_lists(areas):
    found = sorted(name[:-5] for name in os.listdir(LISTS) if name.endswith(".toml"))
    for area in areas:
        if area not in found:
            sys.exit(f"planted: there is no list {area}; there are: {', '.join(found)}")
    mistakes = []
    for area in areas or [name for name in found if name != "fuzz"]:
        with open(os.path.join(LISTS, area + ".toml"), "rb") as file:
            for mistake in tomllib.load(file)["mistake"]:
                mistake.setdefault("tests", [] if "fuzz" in mistake else [area])
                mistake["area"] = area
                mistakes.append(mistake)
    return mistakes


def run_quietly(arguments, **options):
    try:
        return subprocess.run(arguments, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, encoding="utf-8", errors="replace", check=False, **options)
    except subprocess.TimeoutExpired:
        return None


class Planter:
    """Builds unit tests and lets them judge."""

    field = "tests"

    def __init__(self, folder, jobs):
        self.tree = os.path.join(folder, "tree")
        self.build = os.path.join(folder, "build")
        self.jobs = str(jobs)

    options = ["-Dtests=enabled", "-Dcli=disabled", "-Doptimization=1"]
    compilers = {}

    def program(self, test):
        """Where a test program is in the build: most stand in tests/, those with a Meson file of their own below."""
        return f"tests/posix/test-{test}" if test.startswith("posix") else f"tests/test-{test}"

    def prepare(self):
        state = copy_tree(self.tree)
        if not os.path.exists(os.path.join(self.build, "build.ninja")):
            done = run_quietly(["meson", "setup", self.build, self.tree, "-Dbench=disabled", "-Dexamples=false"]
                               + self.options, env={**os.environ, **self.compilers})
            if done.returncode != 0:
                sys.exit(done.stdout)
        return state

    def compile(self, tests):
        return run_quietly(["ninja", "-C", self.build, "-j", self.jobs] + [self.program(test) for test in tests])

    def see(self, tests):
        """The name of the first case that fails, or None."""
        for test in tests:
            done = run_quietly([os.path.join(self.build, self.program(test))], timeout=TIMEOUT, cwd=self.build)
            if done is None:
                return f"test-{test} does not end"
            if done.returncode != 0:
                failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED: ")]
                return failed[0][8:] if failed else f"test-{test} ended with {done.returncode}"
        return None

    def plant(self, mistake):
        path = os.path.join(self.tree, mistake["file"])
        if not os.path.exists(path):
            return "gone", f"there is no {mistake['file']}"
        with open(path, encoding="utf-8") as file:
            text = file.read()
        if text.count(mistake["find"]) != 1:
            return "gone", f"what to find stands {text.count(mistake['find'])} times in {mistake['file']}"
        times = os.stat(path)
        try:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text.replace(mistake["find"], mistake["put"]))
            done = self.compile(mistake[self.field])
            if done.returncode != 0:
                errors = [line for line in done.stdout.splitlines() if "error" in line]
                return "gone", "it does not compile: " + (errors[0] if errors else "")
            seen = self.see(mistake[self.field])
            return ("seen", seen) if seen else ("unseen", "")
        finally:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
            # Newer than the objects compiled with the mistake.
            os.utime(path, (times.st_atime, time.time()))


class FuzzPlanter(Planter):
    """Builds fuzz targets as ./run fuzz does, and lets them judge from their seeds."""

    field = "fuzz"
    options = ["-Dtests=disabled", "-Dcli=auto", "-Dfuzz=true", "-Dfuzz_engine=-fsanitize=fuzzer",
               "-Doptimization=1", "-Ddebug=true", "-Db_lundef=false", "-Db_sanitize=address,undefined",
               "-Dcpp_args=-fsanitize=fuzzer-no-link"]
    compilers = {"CC": "clang", "CXX": "clang++"}

    def __init__(self, folder, jobs, seconds):
        super().__init__(folder, jobs)
        self.build = os.path.join(folder, "fuzz")
        self.found = os.path.join(folder, "found")
        self.seconds = seconds

    def program(self, target):
        return f"fuzz/fuzz-{target}"

    def see(self, targets, seconds=None):
        """What the first target that crashes says, or None."""
        for target in targets:
            shutil.rmtree(self.found, ignore_errors=True)
            os.makedirs(self.found)
            with open(os.path.join(self.build, self.program(target) + ".options"), encoding="utf-8") as file:
                options = dict(line.strip().split(" = ") for line in file if " = " in line)
            arguments = [os.path.join(self.build, self.program(target)), self.found,
                         os.path.join(self.tree, "fuzz", "corpus", target), f"-max_len={options['max_len']}",
                         "-timeout=10", "-rss_limit_mb=2048", f"-artifact_prefix={self.found}/crash-",
                         f"-max_total_time={self.seconds if seconds is None else seconds}"]
            if "dict" in options:
                arguments.append("-dict=" + os.path.join(self.tree, "fuzz", "dict", options["dict"]))
            start = time.monotonic()
            done = run_quietly(arguments, timeout=TIMEOUT, cwd=self.build, env={
                **os.environ, "ASAN_OPTIONS": "detect_stack_use_after_return=1"})
            took = f" after {time.monotonic() - start:.0f} s"
            if done is None:
                return f"fuzz-{target} does not end"
            if done.returncode != 0:
                said = [line for line in done.stdout.splitlines()
                        if any(word in line for word in ("does not hold", "says:", "ERROR: ", "runtime error", "Assertion"))]
                return (said[0].strip() if said else f"fuzz-{target} ended with {done.returncode}") + took
        return None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, add_help=True)
    parser.add_argument("areas", nargs="*")
    parser.add_argument("--build", default=os.path.join(ROOT, "build-run", "planted"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--match")
    parser.add_argument("--tenth", type=int)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--fuzz", type=int, nargs="?", const=120)
    options = parser.parse_args()
    mistakes = read_lists(["fuzz"] if options.fuzz is not None else options.areas)
    if options.match:
        mistakes = [mistake for mistake in mistakes if options.match in mistake["what"]]
    if options.tenth is not None:
        mistakes = mistakes[options.tenth % 10::10]
    os.makedirs(options.build, exist_ok=True)
    folder = os.path.abspath(options.build)
    planter = Planter(folder, options.jobs) if options.fuzz is None else FuzzPlanter(folder, options.jobs, options.fuzz)
    state = planter.prepare()
    results_path = os.path.join(options.build, "results.json" if options.fuzz is None else "results-fuzz.json")
    results = {}
    if not options.again and os.path.exists(results_path):
        with open(results_path, encoding="utf-8") as file:
            known = json.load(file)
        results = known["results"] if known["state"] == state else {}

    tests = sorted({test for mistake in mistakes for test in mistake[planter.field]})
    print(f"== building and running {', '.join(tests)} without a mistake", flush=True)
    done = planter.compile(tests)
    if done.returncode != 0:
        sys.exit(done.stdout[-3000:])
    failed = planter.see(tests) if options.fuzz is None else planter.see(tests, 1)
    if failed:
        sys.exit(f"planted: the tests fail without a mistake: {failed}")

    counts = {"seen": 0, "unseen": 0, "known": 0, "gone": 0}
    for index, mistake in enumerate(mistakes, 1):
        key = hashlib.sha256(json.dumps(mistake, sort_keys=True).encode()).hexdigest()
        if key not in results:
            results[key] = planter.plant(mistake)
            with open(results_path, "w", encoding="utf-8") as file:
                json.dump({"state": state, "results": results}, file)
        verdict, detail = results[key]
        if verdict == "unseen" and "unseen" in mistake:
            verdict, detail = "known", mistake["unseen"]
        counts[verdict] += 1
        print(f"[{index}/{len(mistakes)}] {verdict:6} {mistake['area']}: {mistake['what']}"
              + (f" ({detail})" if detail else ""), flush=True)
    print(f"PLANTED: {counts['seen']} seen, {counts['unseen']} unseen, {counts['known']} unseen with a reason, "
          f"{counts['gone']} no longer applicable")
    return 1 if counts["unseen"] or counts["gone"] else 0


if __name__ == "__main__":
    sys.exit(main())
