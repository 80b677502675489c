# SPDX-License-Identifier: Apache-2.0
"""One compiler's programs at -O3 and at -O2: which rows lose what only -O3 unrolls.

Distributions build at -O2. Kernels say themselves what they need unrolled, so a row costs the same there within NEAR.
"""
import json
import os
import subprocess
import tempfile

import compare
from results import Run, from_google_benchmark

NEAR = 0.05
PASSES = 3


def least(runs):
    """Of each row the run in which it cost least: what else a machine does only adds to the costs."""
    best = {}
    for run in runs:
        for row in run.rows:
            if row.key not in best or row.cost < best[row.key].cost:
                best[row.key] = row
    return Run({**runs[0].data, "rows": [row.fields for row in best.values()]})


def measure(programs, arguments, machine):
    """Each program's rows, from passes that take turns."""
    passes = {program: [] for program in programs}
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "run.json")
        for _turn in range(PASSES):
            for program in programs:
                subprocess.run([program, "--ours", *arguments, f"--benchmark_out={out}", "--benchmark_out_format=json"], check=True,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                with open(out, encoding="utf-8") as text:
                    passes[program].append(from_google_benchmark(json.load(text), machine))
    return [least(runs) for runs in passes.values()]


def slower(at_o3, at_o2):
    """Our rows that cost more than NEAR more at -O2, as changes, the worst first. A row that drifted at one level is not judged."""
    changes = [change for change in compare.compare(at_o3, at_o2, NEAR) if change.verdict == "slower" and change.after.ours]
    return sorted(changes, key=lambda change: -change.change)


def text(compiler, at_o3, at_o2):
    """Lines for people, and the number of slower rows."""
    found = slower(at_o3, at_o2)
    lines = [f"{compiler}: {len(at_o2.rows)} rows, {len(found)} of them more than {100 * NEAR:.0f} % slower at -O2 than at -O3"]
    for change in found:
        row = change.after
        name = f"{row.operation}/{row.implementation}" + (f"/{row.bytes}" if row.bytes else "")
        lines.append(f"{compiler}: {100 * change.change:+6.1f} %  {name}: {change.before.cost:.6g} -> {row.cost:.6g}")
    return "\n".join(lines), len(found)
