# SPDX-License-Identifier: Apache-2.0
"""The results of a run: rows, groups of rows, and the comparison with the peers.

A run is kept as JSON:

    {"format": "ashlar-bench 1", "machine": {…}, "run": {…}, "rows": [{"operation": "sha-256", "bytes": 64,
     "implementation": "sha-ni", "ours": true, "cycles": 263.0, "per_second": 5.5e6, "spread": 0.01,
     "core_per_tick": 1.4, "drift": 0.001}, …]}

"bytes" is the size of a message, 0 if an operation has none; "messages" is present if an operation takes several. "cycles" are core cycles of one operation, absent from a run of several threads, which has
only "per_second": operations of all threads together.
"""
import json

FORMAT = "ashlar-bench 1"
MOST_DRIFT = 0.03      # a clock that moved more than this is not judged
AT_THE_LIMIT = 1.03    # a peer this near the limit leaves nothing to win
NEAR_ENOUGH = 0.99     # what counts as equal then


class Row:
    def __init__(self, fields):
        self.fields = fields
        self.operation, self.bytes = fields["operation"], fields["bytes"]
        self.total = self.bytes * fields.get("messages", 1)
        self.implementation, self.ours = fields["implementation"], fields["ours"]
        self.cycles, self.per_second = fields.get("cycles"), fields["per_second"]
        self.spread, self.drift = fields["spread"], fields.get("drift", 0)
        self.core_per_tick = fields.get("core_per_tick")

    @property
    def cost(self):
        """Core cycles of one operation, or seconds where cycles were not measured."""
        return self.cycles if self.cycles is not None else 1 / self.per_second

    @property
    def per_byte(self):
        """Cycles per byte where there are cycles and bytes."""
        return self.cycles / self.total if self.cycles is not None and self.total else None

    @property
    def gigabytes(self):
        return 1e-9 * self.total * self.per_second if self.total else None

    @property
    def drifted(self):
        return self.drift > MOST_DRIFT

    @property
    def key(self):
        return self.operation, self.bytes, self.implementation


class Group:
    """One operation at one size. A program gets the first of our rows on this CPU, and this one is judged."""

    def __init__(self, rows, limit=None):
        self.rows = rows
        self.operation, self.bytes = rows[0].operation, rows[0].bytes
        self.limit = limit  # in cycles, or None
        ours = [row for row in rows if row.ours]
        self.ours = ours[0] if ours else None
        self.fastest_ours = min(ours, key=lambda row: row.cost, default=None)
        judged = [row for row in rows if not row.ours and not row.drifted]
        self.best_peer = min(judged, key=lambda row: row.cost, default=None)
        self.unjudged = [row for row in rows if row.drifted]

    @property
    def ratio(self):
        """The best peer's cost as a multiple of ours: 1.00 and more is good. None if there is nothing to judge."""
        if self.ours is None or self.best_peer is None or self.ours.drifted:
            return None
        return self.best_peer.cost / self.ours.cost

    @property
    def verdict(self):
        """'ahead', 'even' (the peer is at the limit), 'close' or 'behind'; '' without a ratio."""
        ratio = self.ratio
        if ratio is None:
            return ""
        if ratio >= 1:
            return "ahead"
        at_limit = self.limit and self.best_peer.cycles is not None and self.best_peer.cycles <= AT_THE_LIMIT * self.limit
        if ratio >= NEAR_ENOUGH and at_limit:
            return "even"
        return "close" if ratio >= 0.97 else "behind"


class Run:
    def __init__(self, data):
        if data.get("format") != FORMAT:
            raise ValueError(f"not a benchmark run of this format ({FORMAT})")
        self.data, self.machine, self.run = data, data["machine"], data["run"]
        self.rows = [Row(fields) for fields in data["rows"]]

    @staticmethod
    def load(path):
        with open(path, encoding="utf-8") as text:
            return Run(json.load(text))

    def save(self, path):
        with open(path, "w", encoding="utf-8") as out:
            json.dump(self.data, out, indent=1)
            out.write("\n")

    def groups(self, limit_of=lambda operation, size: None):
        """The groups in the order of the run. limit_of: from an operation and a size to cycles, or None."""
        by_key = {}
        for row in self.rows:
            by_key.setdefault((row.operation, row.bytes), []).append(row)
        return [Group(rows, limit_of(*key)) for key, rows in by_key.items()]

    def by_operation(self, limit_of=lambda operation, size: None):
        operations = {}
        for group in self.groups(limit_of):
            operations.setdefault(group.operation, []).append(group)
        return operations


def from_google_benchmark(output, machine):
    """Makes a Run from the output of Google Benchmark. Failed rows have no figures and are left out."""
    context = output["context"]
    rows = []
    for entry in output["benchmarks"]:
        if entry.get("run_type") == "aggregate" or entry.get("error_occurred") or "per second" not in entry:
            continue
        name = entry["name"].split("/iterations:")[0]
        operation, implementation, *size = name.split("/")
        fields = {"operation": operation, "bytes": int(size[0]) if size else 0, "implementation": implementation,
                  "ours": entry["label"] == "ours", "per_second": entry["per second"], "spread": entry["spread"]}
        if fields["bytes"] and entry["size"] > fields["bytes"]:
            fields["messages"] = round(entry["size"] / fields["bytes"])
        if "cycles" in entry:
            fields.update(cycles=entry["cycles"], core_per_tick=entry["core/tick"], drift=entry["drift"])
        rows.append(fields)
    wanted = ("date", "compiler", "cpu_features", "core_cycles_per_tick", "peers", "threads", "rounds", "turn_ms", "core", "masked")
    run = {key: context[key] for key in wanted if key in context}
    return Run({"format": FORMAT, "machine": machine, "run": run, "rows": rows})
