#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs the benchmarks and reports them.

    report.py --program ashlar-bench [--quick] [--filter REGEX] [--threads N] [--report [FILE]] [Google Benchmark's options]
    report.py --compare A.json B.json [--threshold 0.03]
    report.py --from A.json --report FILE
    report.py --program ashlar-bench --tiers [FILE]
    report.py --levels COMPILER O3-PROGRAM O2-PROGRAM
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import compare  # noqa: E402
import levels  # noqa: E402
import machine  # noqa: E402
import tiers  # noqa: E402
from page import Page  # noqa: E402
from results import Run, from_google_benchmark  # noqa: E402

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
TIERS = os.path.join(ROOT, "build-run", "bench", "tiers.html")
DEFAULT = os.path.join(ROOT, "build-run", "bench", "report.html")


def arguments():
    parser = argparse.ArgumentParser(prog="./run bench", allow_abbrev=False,
                                     epilog="Other options go to Google Benchmark. docs/benchmarks.md says more.")
    parser.add_argument("--program", help=argparse.SUPPRESS)
    parser.add_argument("--quick", action="store_true", help="shorter turns, and fewer")
    parser.add_argument("--filter", metavar="REGEX", help="only rows whose names (operation/implementation/size) hold it")
    parser.add_argument("--threads", metavar="N", type=int, help="the throughput of N threads together, instead of cycles")
    parser.add_argument("--report", metavar="FILE", nargs="?", const=DEFAULT, help="write a page, and the figures as JSON beside it")
    parser.add_argument("--tier", metavar="NAME", help="as on an older kind of machine, ours and the peers: sandy-bridge, haswell, …")
    parser.add_argument("--mask", metavar="NAMES", help="without these CPU features, ours and the peers: avx2,sha-ni")
    parser.add_argument("--tiers", metavar="FILE", nargs="?", const=TIERS, help="measure every tier; write a page of the table, and JSON beside it")
    parser.add_argument("--levels", nargs=3, metavar=("COMPILER", "O3", "O2"), help=argparse.SUPPRESS)
    parser.add_argument("--from", metavar="A.json", dest="source", help="report a run that was kept, instead of measuring")
    parser.add_argument("--compare", nargs=2, metavar=("A.json", "B.json"), help="which rows changed from A to B; status 1 if ours got slower")
    parser.add_argument("--threshold", type=float, default=compare.THRESHOLD, help="what counts as a change (default %(default)s)")
    return parser.parse_known_args()


def program_command(options, others):
    command = [options.program]
    command += ["--quick"] if options.quick else []
    command += [f"--filter={options.filter}"] if options.filter is not None else []
    command += [f"--threads={options.threads}"] if options.threads is not None else []
    command += [f"--tier={options.tier}"] if options.tier is not None else []
    command += [f"--mask={options.mask}"] if options.mask is not None else []
    return command + others


def measure(options, others):
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "run.json")
        status = subprocess.run(program_command(options, others) + [f"--benchmark_out={out}", "--benchmark_out_format=json"],
                                check=False).returncode
        if status != 0:
            sys.exit(status)
        with open(out, encoding="utf-8") as text:
            content = text.read()
    if not content.strip():
        sys.exit("no row has such a name")
    return from_google_benchmark(json.loads(content), machine.describe(ROOT))


def report_levels(options, others):
    compiler, *programs = options.levels
    command = program_command(options, others)[1:]  # without a program of its own
    words, count = levels.text(compiler, *levels.measure(programs, command, machine.describe(ROOT)))
    print(words)
    return 1 if count else 0


def report_tiers(options, others):
    options.filter = options.filter if options.filter is not None else tiers.FILTER
    runs = tiers.TierRuns.load(options.source) if options.source else tiers.measure(program_command(options, others), machine.describe(ROOT))
    figures = os.path.splitext(options.tiers)[0] + ".json"
    os.makedirs(os.path.dirname(os.path.abspath(options.tiers)), exist_ok=True)
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "style.css"), encoding="utf-8") as text:
        style = text.read()
    with open(options.tiers, "w", encoding="utf-8") as out:
        out.write(runs.html(style))
    if not options.source:
        runs.save(figures)
    print(runs.markdown())
    for words in runs.behind():
        print(f"behind: {words}")
    print(f"the table: {options.tiers}\nits figures: {figures}")
    return 0


def main():
    options, others = arguments()
    try:
        if options.tiers is not None:
            return report_tiers(options, others)
        if options.levels:
            return report_levels(options, others)
        if options.compare:
            words, slower = compare.text(*map(Run.load, options.compare), options.threshold)
            print(words)
            return 1 if slower else 0
        if options.report is None:
            return subprocess.run(program_command(options, others), check=False).returncode
        run = Run.load(options.source) if options.source else measure(options, others)
    except (OSError, ValueError, KeyError) as error:
        sys.exit(f"bench: {error}")
    figures = os.path.splitext(options.report)[0] + ".json"
    os.makedirs(os.path.dirname(os.path.abspath(options.report)), exist_ok=True)
    with open(options.report, "w", encoding="utf-8") as out:
        out.write(Page(run).html())
    if options.source is None or not os.path.exists(figures) or not os.path.samefile(figures, options.source):
        run.save(figures)
    print(f"the report: {options.report}\nits figures: {figures}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
