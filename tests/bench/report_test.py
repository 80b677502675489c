#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The benchmark report, from figures made up here: ratios, marks, limits, the page, comparisons.

report_test.py SOURCE
"""
import json
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

SOURCE = sys.argv[1]
sys.path.insert(0, os.path.join(SOURCE, "tests", "tools"))
sys.path.insert(0, os.path.join(SOURCE, "bench", "report"))
from cases import case, run  # noqa: E402
import compare  # noqa: E402
import levels  # noqa: E402
from chart import Series, line_chart  # noqa: E402
from limits import Limits  # noqa: E402
from page import Page  # noqa: E402
from results import FORMAT, Run, from_google_benchmark  # noqa: E402
from tiers import FORMAT as TIER_FORMAT, TierRuns  # noqa: E402

ZEN4 = {"cpu": "made up <4>", "vendor": "AuthenticAMD", "family": 25, "model": 0x11, "cpu_flags": [], "cores": 2,
        "governor": "performance", "virtual": False, "system": "Linux 1", "commit": "0123456789ab"}
UNKNOWN = dict(ZEN4, vendor="Nobody")


def row(operation, size, implementation, cycles, ours=True, drift=0.001, spread=0.01):
    return {"operation": operation, "bytes": size, "implementation": implementation, "ours": ours, "cycles": cycles,
            "per_second": 3e9 / cycles, "spread": spread, "core_per_tick": 1.25, "drift": drift}


def peer(*arguments, **fields):
    return row(*arguments, ours=False, **fields)


def made(rows, machine=ZEN4, **context):
    context = {"compiler": "gcc 12", "peers": "Other 1", "threads": "1", "rounds": "15", "turn_ms": "0.5", "date": "today", **context}
    return Run({"format": FORMAT, "machine": machine, "run": context, "rows": rows})


def group(*rows, machine=ZEN4):
    (only,) = made(list(rows), machine).groups(Limits(machine).cycles)
    return only


def page_of(run_of):
    """The page as a tree. It parses only if it is well-formed."""
    text = Page(run_of).html()
    return ElementTree.fromstring(text.replace("<!DOCTYPE html>", "")), text


def cells(tree):
    """Every table row as texts, † and all."""
    return [["".join(cell.itertext()) for cell in line] for line in tree.iter("tr")]


@case("bench report: the ratio is the best peer's cost over that of the kernel a program gets")
def _():
    one = group(row("x", 64, "fast", 100), row("x", 64, "faster by chance", 90), peer("x", 64, "A", 150), peer("x", 64, "B", 120))
    assert one.ours.implementation == "fast" and one.best_peer.implementation == "B"
    assert abs(one.ratio - 1.2) < 1e-9 and one.verdict == "ahead"
    assert group(row("x", 64, "k", 100), peer("x", 64, "A", 98)).verdict == "close"
    assert group(row("x", 64, "k", 100), peer("x", 64, "A", 90)).verdict == "behind"
    assert group(row("x", 64, "k", 100)).ratio is None and group(peer("x", 64, "A", 100)).ratio is None


@case("bench report: a hair behind a peer that stands at the limit is even, elsewhere it is not")
def _():
    # SHA-256 of 16384 bytes is 257 compressions of 32 times 3.97 cycles on this core.
    limit = Limits(ZEN4).cycles("sha-256", 16384)
    assert abs(limit - 257 * 32 * 3.97) < 1e-6
    near, far = 1.02 * limit, 1.2 * limit
    assert group(row("sha-256", 16384, "k", near / 0.992), peer("sha-256", 16384, "A", near)).verdict == "even"
    assert group(row("sha-256", 16384, "k", near / 0.98), peer("sha-256", 16384, "A", near)).verdict == "close"
    assert group(row("sha-256", 16384, "k", far / 0.992), peer("sha-256", 16384, "A", far)).verdict == "close"


@case("bench report: a peer whose clock drifted is marked and not judged")
def _():
    rows = [row("x", 64, "k", 100), peer("x", 64, "A", 50, drift=0.04), peer("x", 64, "B", 120)]
    one = group(*rows)
    assert one.best_peer.implementation == "B" and one.ratio == 1.2
    tree, _text = page_of(made(rows))
    assert ["x", "1.20†"] in cells(tree)
    assert any(line[1] == "A†" for line in cells(tree) if len(line) == 7)
    # No peer left, or a bad clock of ours: no ratio.
    assert group(rows[0], rows[1]).ratio is None
    assert group(row("x", 64, "k", 100, drift=0.04), rows[2]).ratio is None
    # A drift of three hundredths is still judged.
    assert group(rows[0], peer("x", 64, "A", 50, drift=0.03)).ratio == 0.5


@case("bench report: limits belong to a kind of core, and to one thread")
def _():
    amx = dict(ZEN4, vendor="GenuineIntel", family=6, model=143, cpu_flags=["amx_tile"])
    assert Limits(ZEN4).core == "AMD Zen 4" and Limits(amx).core.startswith("Intel")
    assert Limits(dict(amx, cpu_flags=[])).core == "" and Limits(dict(ZEN4, model=1)).core == "AMD Zen 3"
    assert Limits(dict(ZEN4, family=26, model=2)).core == "AMD Zen 5" and Limits(dict(ZEN4, family=23, model=0x31)).core == "AMD Zen 2"
    assert Limits(dict(amx, cpu_flags=[], model=60)).core == "Intel Haswell" and Limits(dict(amx, cpu_flags=[], model=23)).core == ""
    # Zen 5's wall is GHASH, whatever the key; a core without measurements has no limits.
    zen5 = Limits(dict(ZEN4, family=26, model=2))
    assert zen5.cycles("aes-128-gcm seal", 16384) == zen5.cycles("aes-256-gcm open", 16384) == 1536
    assert Limits(dict(ZEN4, model=1)).cycles("sha-256", 64) is None
    assert Limits(UNKNOWN).cycles("sha-256", 64) is None and Limits(ZEN4, threads=2).cycles("sha-256", 64) is None
    assert Limits(ZEN4).cycles("sha-256", 64) != Limits(amx).cycles("sha-256", 64)
    assert Limits(ZEN4).cycles("no such thing", 64) is None
    # 55 bytes fit one block with their padding, 56 do not. HMAC also has the outer compression.
    sha, hmac = (lambda n: Limits(amx).cycles("sha-256", n)), (lambda n: Limits(amx).cycles("hmac-sha-256", n))
    assert sha(55) == 128 and sha(56) == 256 and hmac(55) == 256


@case("bench report: the table of tiers has a ratio and the row that was taken, and names what is behind")
def _():
    def tier(*rows):
        return made(list(rows)).data
    runs = TierRuns({"format": TIER_FORMAT, "tiers": [
        ["haswell", tier(row("sha-1", 1350, "avx2", 400), row("sha-1", 1350, "portable", 900), peer("sha-1", 1350, "A", 300))],
        ["zen2", tier(row("sha-1", 1350, "sha-ni", 200), peer("sha-1", 1350, "A", 199), row("key", 0, "k", 5))]]})
    lines = runs.markdown().splitlines()
    assert lines[0] == "| Operation | haswell | zen2 |"
    assert lines[2] == "| sha-1 1350 | 0.75 avx2 | 0.99 sha-ni |" and lines[3] == "| key 0 |  | – k |"
    assert runs.behind() == ["haswell: sha-1 of 1350 bytes, avx2 0.75 of A"]
    text = runs.html("")
    tree = ElementTree.fromstring(text.replace("<!DOCTYPE html>", ""))
    assert ["sha-1", "1350", "0.75 avx2", "0.99 sha-ni"] in cells(tree)


@case("bench report: the page is well-formed, needs nothing else and follows the colour scheme")
def _():
    rows = [row("aes-128-ctr", size, name, size * cost) for size in (16, 1024, 1 << 20) for name, cost in (("vaes", 0.2), ("portable", 20))]
    rows += [peer("aes-128-ctr", size, "A & <B>", size * 0.4) for size in (16, 1024, 1 << 20)]
    rows += [row("key", 0, "k", 1000), peer("key", 0, "A & <B>", 1500)]
    tree, text = page_of(made(rows))
    assert not re.search(r"(src|href)=|url\(|@import|<script", text)
    assert "prefers-color-scheme: dark" in text
    pictures = [picture for picture in tree.iter("svg") if picture.get("role") == "img"]
    assert len(pictures) == 1
    # Two of ours, a peer, the limit. Each except the limit has a mark per size.
    assert len(pictures[0].findall("polyline")) == 4
    assert "10 vaesenc on 64 bytes" in text
    assert len(list(pictures[0].iter("title"))) == 9
    table = cells(tree)
    assert ["operation", "16 B", "1 KiB", "1 MiB"] in table and ["aes-128-ctr", "2.00", "2.00", "2.00"] in table
    assert ["key", "1,000 cycles", "A & <B>: 1,500 cycles", "1.50"] in table
    words = dict(line for line in table if len(line) == 2)
    assert "made up <4>" in words["CPU"] and words["commit"] == "0123456789ab" and words["governor"] == "performance"
    assert "1.250 to 1.250" in words["core clock"]


@case("bench report: without peers, limits or sizes there is still a page")
def _():
    for rows in ([row("x", 64, "k", 100)], [row("key", 0, "k", 100)], []):
        page_of(made(rows, UNKNOWN))
    assert line_chart("nothing", "cycles per byte", []) == ""
    assert "NaN" not in line_chart("one point", "cycles per byte", [Series("k", [(64, 1.0)], "ours-1", "circle")])


@case("bench report: 0.998 does not read as 1.00")
def _():
    tree, _text = page_of(made([row("x", 64, "k", 1000), peer("x", 64, "A", 998)]))
    assert ["x", "0.99"] in cells(tree)


@case("bench report: several threads are judged by their throughput")
def _():
    def threads(implementation, ours, per_second):
        return {"operation": "x", "bytes": 1024, "implementation": implementation, "ours": ours, "per_second": per_second, "spread": 0.01}
    both = made([threads("k", True, 2e6), threads("A", False, 1e6)], threads="2")
    (one,) = both.groups()
    assert one.ratio == 2
    tree, text = page_of(both)
    assert ["x", "2.00"] in cells(tree) and "GB/s" in text and "2 threads at once" in text


@case("bench report: what Google Benchmark writes becomes rows; failed ones are left out")
def _():
    counters = {"per second": 1e6, "spread": 0.02, "cycles": 3000.0, "core/tick": 1.4, "drift": 0.001, "size": 64.0}
    tail = "/iterations:1/manual_time"
    output = {"context": {"date": "today", "compiler": "gcc 12", "host_name": "secret", "threads": "1"}, "benchmarks": [
        {"name": "sha-256/sha-ni/64" + tail, "label": "ours", **counters},
        {"name": "p-256 sign/Other 1.0" + tail, "label": "peer", **counters},
        {"name": "sha-256 of 4/k/64" + tail, "label": "ours", **counters, "size": 256.0},
        {"name": "sha-256/broken/64" + tail, "label": "ours", "error_occurred": True, "error_message": "refused"}]}
    out = from_google_benchmark(output, ZEN4)
    assert [one.key for one in out.rows] == [("sha-256", 64, "sha-ni"), ("p-256 sign", 0, "Other 1.0"),
                                                    ("sha-256 of 4", 64, "k")]
    assert [one.ours for one in out.rows] == [True, False, True]
    assert [one.per_byte for one in out.rows] == [3000 / 64, None, 3000 / 256]
    assert "host_name" not in out.run and Run(json.loads(json.dumps(out.data))).rows[0].key == out.rows[0].key


def verdicts(before, after, threshold=0.03):
    return [change.verdict for change in compare.compare(made(before), made(after), threshold)]


@case("bench compare: only what exceeds noise is a change")
def _():
    was = [row("x", 64, "k", 1000)]
    assert verdicts(was, [row("x", 64, "k", 1029)]) == ["same"]
    assert verdicts(was, [row("x", 64, "k", 1031)]) == ["slower"]
    assert verdicts(was, [row("x", 64, "k", 969)]) == ["faster"]
    assert verdicts(was, [row("x", 64, "k", 1031)], threshold=0.05) == ["same"]
    # Spreads of 6 and 8 % together are noise of 10 %.
    wide = [row("x", 64, "k", 1000, spread=0.06)]
    assert verdicts(wide, [row("x", 64, "k", 1090, spread=0.08)]) == ["same"]
    assert verdicts(wide, [row("x", 64, "k", 1110, spread=0.08)]) == ["slower"]
    assert verdicts(was, [row("x", 64, "k", 2000, drift=0.1)]) == ["not judged"]
    assert verdicts(was, [row("x", 128, "k", 2000)]) == []


@case("bench compare: says what changed, how many did not, and that the machines differ")
def _():
    before = made([row("x", 64, "k", 1000), row("y", 0, "k", 10), peer("x", 64, "A", 100), row("z", 0, "k", 5)])
    after = made([row("x", 64, "k", 500), row("y", 0, "k", 10), peer("x", 64, "A", 200)], dict(ZEN4, cpu="another"))
    words, slower = compare.text(before, after)
    assert "CPU: made up <4> then, another now" in words
    assert re.search(r"faster +-50.0 % +x/k/64: 1000 -> 500 cycles", words) and re.search(r"slower +\+100.0 % +x/A/64", words)
    assert "3 rows in both: 1 faster, 1 slower, 1 the same within noise, 0 not judged" in words and "1 only before, 0 only after" in words
    assert not slower, "a peer that got slower is no fault of ours"
    assert compare.text(after, made([row("x", 64, "k", 600)]))[1]


@case("bench levels: the least of several passes counts, and ours alone that cost more than 5 % more at -O2 are told")
def _():
    o3 = levels.least([made([row("x", 64, "k", 1030), row("y", 64, "k", 990)]), made([row("x", 64, "k", 1000), row("y", 64, "k", 1000)])])
    assert [(each.operation, each.cost) for each in o3.rows] == [("x", 1000), ("y", 990)]
    at_o2 = lambda x, y: made([row("x", 64, "k", x), row("y", 64, "k", y), peer("x", 64, "A", 9000)])
    assert levels.slower(o3, at_o2(1049, 900)) == []
    words, count = levels.text("g++", o3, at_o2(1060, 1200))
    assert count == 2 and [line.split()[3] for line in words.splitlines()[1:]] == ["y/k/64:", "x/k/64:"], "the worst first"
    assert "3 rows, 2 of them more than 5 % slower" in words
    assert levels.slower(o3, made([row("x", 64, "k", 2000, drift=0.1)])) == [], "its clock drifted"


def report(*arguments):
    return subprocess.run([sys.executable, os.path.join(SOURCE, "bench", "report", "report.py"), *arguments], capture_output=True, text=True,
                          check=False)


@case("bench report: from a kept run to files; comparisons end with a status")
def _():
    with tempfile.TemporaryDirectory() as folder:
        path = lambda name: os.path.join(folder, name)
        made([row("x", 64, "k", 1000)]).save(path("a.json"))
        made([row("x", 64, "k", 1200)]).save(path("b.json"))
        done = report("--from", path("a.json"), "--report", path("page.html"))
        assert done.returncode == 0, done.stderr
        with open(path("page.html"), encoding="utf-8") as text:
            ElementTree.fromstring(text.read().replace("<!DOCTYPE html>", ""))
        assert Run.load(path("page.json")).rows[0].key == ("x", 64, "k")
        assert report("--compare", path("a.json"), path("b.json")).returncode == 1
        assert report("--compare", path("b.json"), path("a.json")).returncode == 0
        assert report("--compare", path("a.json"), path("b.json"), "--threshold", "0.5").returncode == 0
        with open(path("c.json"), "w", encoding="utf-8") as out:
            out.write('{"benchmarks": []}')
        done = report("--compare", path("a.json"), path("c.json"))
        assert done.returncode == 1 and "not a benchmark run" in done.stderr and "Traceback" not in done.stderr


run()
