# SPDX-License-Identifier: Apache-2.0
"""The table of tiers: how ours stand beside the peers on older kinds of machine, all masked on this one.

A cell has the best peer's cost divided by ours, and the row that a program gets there. A masked CPU shows which rows are taken and how
they compare. It does not show the speed of the older machine, whose instructions cost something else.
"""
import json
import subprocess
import sys
import tempfile
import os
from html import escape

from results import Run, from_google_benchmark

# Names of bench/support/tiers.cpp, and the machines that a reader knows.
TIERS = [
    ("ssse3", "SSSE3"),
    ("hypervisor", "hypervisor's default: AES-NI without PCLMUL"),
    ("westmere", "AES-NI, PCLMUL, SSSE3"),
    ("sandy-bridge", "Sandy Bridge: AVX"),
    ("haswell", "Haswell: AVX2, no SHA-NI"),
    ("skylake", "Skylake: ADX"),
    ("zen2", "Zen 2: SHA-NI"),
    ("zen3", "Zen 3: VAES on ymm"),
    ("ice-lake", "Ice Lake: AVX-512 on ymm"),
    ("golden-cove", "Golden Cove: AVX-512"),
    ("zen4", "Zen 4: AVX-512"),
    ("zen5", "Zen 5: AVX-512"),
]
# What has a must on each tier.
FILTER = ("^(aes-(128|256)-gcm (seal|open)|aes-128-ctr|aes-128-cbc decrypt|chacha20-poly1305 (seal|open)|sha-1|sha-256|sha-512|"
          "hmac-sha-256|aes-128-cbc-hmac-sha-(1|256) seal)/.*/(1350|4096|16384)$")
FORMAT = "ashlar-bench tiers 1"
ENOUGH = 0.98


class TierRuns:
    """The runs of all tiers that this machine can stand for, in the order of TIERS."""

    def __init__(self, data):
        if data.get("format") != FORMAT:
            raise ValueError(f"not a run of tiers of this format ({FORMAT})")
        self.data = data
        self.runs = [(name, Run(run)) for name, run in data["tiers"]]

    @staticmethod
    def load(path):
        with open(path, encoding="utf-8") as text:
            return TierRuns(json.load(text))

    def save(self, path):
        with open(path, "w", encoding="utf-8") as out:
            json.dump(self.data, out, indent=1)
            out.write("\n")

    def table(self):
        """From (operation, bytes) to a list of groups or None, one for each tier."""
        table = {}
        for place, (_name, run) in enumerate(self.runs):
            for group in run.groups():
                table.setdefault((group.operation, group.bytes), [None] * len(self.runs))[place] = group
        return table

    def behind(self):
        """Texts: every operation and tier where ours is below ENOUGH of the best peer."""
        words = []
        for (operation, size), groups in self.table().items():
            for (name, _run), group in zip(self.runs, groups):
                if group is not None and group.ratio is not None and group.ratio < ENOUGH:
                    words.append(f"{name}: {operation} of {size} bytes, {group.ours.implementation} {group.ratio:.2f} of {group.best_peer.implementation}")
        return words

    def markdown(self):
        lines = ["| Operation | " + " | ".join(name for name, _run in self.runs) + " |", "|---|" + "---:|" * len(self.runs)]
        for (operation, size), groups in self.table().items():
            lines.append(f"| {operation} {size} | " + " | ".join(_cell(group) for group in groups) + " |")
        return "\n".join(lines)

    def html(self, style):
        titles = dict(TIERS)
        head = "".join(f"<th>{escape(titles.get(name, name))}</th>" for name, _run in self.runs)
        body = []
        for (operation, size), groups in self.table().items():
            cells = "".join(f'<td class="{group.verdict if group else ""}">{escape(_cell(group))}</td>' for group in groups)
            body.append(f"<tr><td>{escape(operation)}</td><td>{size}</td>{cells}</tr>")
        machine = self.runs[0][1].machine if self.runs else {}
        words = (f"Masked on {machine.get('cpu', '')}, family {machine.get('family', '')}, model {machine.get('model', '')}. The best peer's cost divided by "
                 "ours, and the row that a program gets. Masking shows which rows are taken and how they compare here, not the speed of the older machines.")
        return "\n".join(["<!DOCTYPE html>", '<html lang="en"><head><meta charset="utf-8"/><title>Ashlar: tiers</title>', f"<style>\n{style}</style></head>",
                          "<body><main><h1>Ashlar: tiers</h1>", f"<p>{escape(words)}</p>", '<div class="scroll"><table>',
                          f"<thead><tr><th>operation</th><th>bytes</th>{head}</tr></thead><tbody>", *body, "</tbody></table></div></main></body></html>", ""])


def _cell(group):
    if group is None or group.ours is None:
        return ""
    ratio = "–" if group.ratio is None else f"{int(100 * group.ratio) / 100:.2f}"
    return f"{ratio} {group.ours.implementation}"


def measure(command, machine):
    """Runs the program once for each tier. A tier that this CPU cannot stand for is told and left out."""
    tiers = []
    for name, _title in TIERS:
        with tempfile.TemporaryDirectory() as folder:
            out = os.path.join(folder, "run.json")
            done = subprocess.run(command + [f"--tier={name}", f"--benchmark_out={out}", "--benchmark_out_format=json"],
                                  check=False, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            if done.returncode != 0:
                print(f"{name}: left out: {done.stderr.strip()}", file=sys.stderr)
                continue
            print(f"{name}: measured", file=sys.stderr)
            with open(out, encoding="utf-8") as text:
                tiers.append((name, from_google_benchmark(json.load(text), machine).data))
    return TierRuns({"format": FORMAT, "tiers": tiers})
