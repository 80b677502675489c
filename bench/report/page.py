# SPDX-License-Identifier: Apache-2.0
"""The report: one self-contained page of HTML, which is also well-formed XML."""
import math
import os
from html import escape

from chart import Series, legend, line_chart, number_text, size_text
from limits import Limits

HERE = os.path.dirname(os.path.abspath(__file__))
PEER_MARKS = ("square", "triangle", "diamond")


def _table(head, rows, style=""):
    """head: texts. rows: lists of cells, each a text that is markup already, or (text, class)."""
    def cell(content):
        text, kind = content if isinstance(content, tuple) else (content, "")
        return f'<td class="{kind}">{text}</td>' if kind else f"<td>{text}</td>"
    lines = [f'<table class="{style}">' if style else "<table>"]
    if head:
        lines.append("<thead><tr>" + "".join(f"<th>{escape(text)}</th>" for text in head) + "</tr></thead>")
    lines.append("<tbody>")
    lines += ["<tr>" + "".join(cell(content) for content in row) + "</tr>" for row in rows]
    lines.append("</tbody></table>")
    return '<div class="scroll">' + "\n".join(lines) + "</div>"


class Page:
    def __init__(self, run):
        self.run = run
        self.threads = int(run.run.get("threads", 1))
        self.limits = Limits(run.machine, self.threads)
        self.operations = run.by_operation(self.limits.cycles)
        self.peers = []
        for row in run.rows:
            if not row.ours and row.implementation not in self.peers:
                self.peers.append(row.implementation)
        self.unit = "cycles" if self.threads == 1 else "ns"

    # ---- figures as text -------------------------------------------------------------------------------------

    def _cost(self, row):
        value = row.cost if self.threads == 1 else 1e9 * row.cost
        return f"{value:,.0f}" if value >= 100 else number_text(value)

    def _figure(self, row):
        """The cost of a row: per byte if a message has enough bytes, else per operation."""
        text = f"{row.per_byte:.3f} c/B" if row.per_byte is not None and row.bytes >= 1024 else f"{self._cost(row)} {self.unit}"
        return text + ("†" if row.drifted else "")

    def _ratio_cell(self, group):
        if group.ours is None:
            return ""
        sides = f"ours ({group.ours.implementation}): {self._figure(group.ours)}"
        if group.ratio is None:
            return f'<span title="{escape(sides)}">{"†" if group.unjudged else "–"}</span>'
        sides += f"; {group.best_peer.implementation}: {self._figure(group.best_peer)}"
        mark = "†" if group.unjudged else ""
        # Cut, not rounded: 0.998 must not read as 1.00.
        ratio = math.floor(100 * group.ratio) / 100
        return f'<span title="{escape(sides)}">{ratio:.2f}{mark}</span>', group.verdict

    # ---- parts -----------------------------------------------------------------------------------------------

    def _summary(self):
        judged = [group for groups in self.operations.values() for group in groups if group.ratio is not None]
        good = [group for group in judged if group.verdict in ("ahead", "even")]
        behind = [group for group in judged if group.verdict in ("close", "behind")]
        unjudged = [row for row in self.run.rows if row.drifted]
        words = (f"{len(self.run.rows)} rows. Of {len(judged)} operations and sizes that a peer has too, ours is at least as fast as the best "
                 f"peer in {len(good)} and slower in {len(behind)}.")
        if unjudged:
            words += f" {len(unjudged)} rows are marked † and not judged: their clock changed by more than 3 % while they ran."
        return f"<p>{words}</p>"

    def _machine(self):
        m, run = self.run.machine, self.run.run
        ticks = [row.core_per_tick for row in self.run.rows if row.core_per_tick]
        spreads = sorted(row.spread for row in self.run.rows)
        rows = [
            ("CPU", f"{m['cpu']} ({m['vendor']}, family {m['family']}, model {m['model']}), {m['cores']} cores"
                    + (", a virtual machine" if m["virtual"] else "")),
            ("features", run.get("cpu_features", "")),
            ("governor", m["governor"]),
            ("system", m["system"]),
            ("compiler", run.get("compiler", "")),
            ("commit", m["commit"]),
            ("peers", run.get("peers", "")),
            ("measured", f"{run.get('date', '')}: medians of {run.get('rounds')} turns of {run.get('turn_ms')} ms each"
                         + (f", {self.threads} threads at once" if self.threads > 1 else "")),
        ]
        if ticks:
            rows.append(("core clock", f"in cycles per tick of the time-stamp counter {run.get('core_cycles_per_tick')} at the start, "
                                       f"{min(ticks):.3f} to {max(ticks):.3f} while measuring"))
        if spreads:
            rows.append(("spread", f"the middle half of a row's turns lies within {100 * spreads[len(spreads) // 2]:.1f} % of its median in half of "
                                   f"the rows, within {100 * spreads[len(spreads) * 9 // 10]:.1f} % in nine tenths"))
        if self.limits.core:
            rows.append(("limits", f"of {self.limits.core}, where drawn"))
        return "<h2>What was measured on</h2>" + _table([], [(escape(name), (escape(str(value)), "words")) for name, value in rows], "machine")

    def _ratios(self):
        sized = {name: {group.bytes: group for group in groups} for name, groups in self.operations.items() if groups[0].bytes}
        sizes = sorted({size for groups in sized.values() for size in groups})
        out = ["<h2>Ratios</h2>",
               '<p class="quiet">The best peer\'s cost divided by ours: 1.00 and more is good. Ours is the kernel that a program gets on this '
               "CPU. Hover over a ratio for the figures.</p>"]
        rows = [[escape(name)] + [self._ratio_cell(groups[size]) if size in groups else "" for size in sizes] for name, groups in sized.items()]
        if rows:
            out.append(_table(["operation"] + [size_text(size) for size in sizes], rows))
        rows = [[escape(name), self._figure(group.ours) if group.ours else "",
                 escape(f"{group.best_peer.implementation}: {self._figure(group.best_peer)}") if group.best_peer else "", self._ratio_cell(group)]
                for name, (group,) in ((name, groups) for name, groups in self.operations.items() if not groups[0].bytes)]
        if rows:
            out += ["<h2>Operations without a size</h2>", _table(["operation", "ours", "best peer", "ratio"], rows)]
        return "\n".join(out)

    def _series(self, name, groups):
        implementations = []
        for group in groups:
            implementations += [row for row in group.rows if row.implementation not in [seen.implementation for seen in implementations]]
        value = (lambda row: row.per_byte) if self.threads == 1 else (lambda row: row.gigabytes)
        series, ours = [], 0
        for first in implementations:
            points = [(row.bytes, value(row)) for group in groups for row in group.rows if row.implementation == first.implementation]
            if first.ours:
                ours += 1
                series.append(Series(f"ours, {first.implementation}", points, f"ours-{min(ours, 4)}", "circle"))
            else:
                peer = self.peers.index(first.implementation) % len(PEER_MARKS)
                series.append(Series(first.implementation, points, f"peer-{peer + 1}", PEER_MARKS[peer]))
        limits = [(group.bytes, group.limit / group.bytes) for group in groups if group.limit]
        if limits:
            series.append(Series("limit", limits, "limit", ""))
        return series

    def _operation(self, name, groups):
        unit = "cycles per byte" if self.threads == 1 else "GB/s"
        series = self._series(name, groups)
        rows = []
        for group in groups:
            for row in group.rows:
                rows.append([size_text(group.bytes), (escape(row.implementation) + ("†" if row.drifted else ""), "name"), self._cost(row),
                             f"{row.per_byte:.3f}" if row.per_byte is not None else "", f"{row.gigabytes:.3f}", f"{100 * row.spread:.1f} %",
                             f"{row.core_per_tick:.3f}" if row.core_per_tick else ""])
        return "\n".join([
            '<section class="operation">', f"<h3>{escape(name)}</h3>", line_chart(f"{name}: {unit} over message size", unit, series), legend(series),
            f'<p class="quiet note">The limit: {escape(self.limits.why(name))}.</p>' if self.limits.why(name) else "",
            "<details><summary>figures</summary>",
            _table(["size", "implementation", self.unit, "c/B", "GB/s", "spread", "core/tick"], rows), "</details></section>"])

    def html(self):
        with open(os.path.join(HERE, "style.css"), encoding="utf-8") as text:
            style = text.read()
        charts = [self._operation(name, groups) for name, groups in self.operations.items() if groups[0].bytes]
        return "\n".join([
            "<!DOCTYPE html>", '<html lang="en"><head><meta charset="utf-8"/>',
            '<meta name="viewport" content="width=device-width, initial-scale=1"/>', "<title>Ashlar: benchmarks</title>",
            f"<style>\n{style}</style></head>", "<body><main>", "<h1>Ashlar: benchmarks</h1>", self._summary(), self._machine(), self._ratios(),
            "<h2>Over message size</h2>" if charts else "", '<div class="operations">', *charts, "</div>", "</main></body></html>", ""])
