# SPDX-License-Identifier: Apache-2.0
"""Two runs side by side: which rows changed by more than noise."""
import math

THRESHOLD = 0.03


class Change:
    """A row in both runs. noise: a change must exceed it to count. It is the threshold, or both runs' spread if that is larger."""

    def __init__(self, before, after, threshold):
        self.before, self.after = before, after
        self.change = after.cost / before.cost - 1
        self.noise = max(threshold, math.hypot(before.spread, after.spread))

    @property
    def verdict(self):
        if self.before.drifted or self.after.drifted:
            return "not judged"
        if abs(self.change) <= self.noise:
            return "same"
        return "slower" if self.change > 0 else "faster"


def compare(before, after, threshold=THRESHOLD):
    """The rows of both runs as changes, in the order of the later run. Raises ValueError if costs have no common unit."""
    old = {row.key: row for row in before.rows}
    changes = []
    for row in after.rows:
        was = old.get(row.key)
        if was is None:
            continue
        if (was.cycles is None) != (row.cycles is None) or before.run.get("threads") != after.run.get("threads"):
            raise ValueError("one run counted cycles or threads that the other did not")
        changes.append(Change(was, row, threshold))
    return changes


def text(before, after, threshold=THRESHOLD):
    """The comparison as lines, and whether one of our rows became slower."""
    changes = compare(before, after, threshold)
    lines = [f"{what}: {before_is} then, {after_is} now"
             for what, before_is, after_is in [
                 ("CPU", before.machine["cpu"], after.machine["cpu"]),
                 ("compiler", before.run.get("compiler"), after.run.get("compiler")),
                 ("peers", before.run.get("peers"), after.run.get("peers"))] if before_is != after_is]
    shown = [change for change in changes if change.verdict in ("slower", "faster")]
    for change in shown:
        row = change.after
        unit = "cycles" if row.cycles is not None else "ns"
        scale = 1 if row.cycles is not None else 1e9
        name = f"{row.operation}/{row.implementation}" + (f"/{row.bytes}" if row.bytes else "")
        lines.append(f"{change.verdict}  {100 * change.change:+6.1f} %  {name}: {scale * change.before.cost:.6g} -> "
                     f"{scale * row.cost:.6g} {unit} (noise {100 * change.noise:.1f} %)")
    count = lambda verdict: sum(change.verdict == verdict for change in changes)
    only = lambda one, other: len({row.key for row in one.rows} - {row.key for row in other.rows})
    lines.append(f"{len(changes)} rows in both: {count('faster')} faster, {count('slower')} slower, {count('same')} the same within "
                 f"noise, {count('not judged')} not judged (a clock drifted); {only(before, after)} only before, "
                 f"{only(after, before)} only after")
    return "\n".join(lines), any(change.verdict == "slower" and change.after.ours for change in changes)
