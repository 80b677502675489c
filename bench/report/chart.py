# SPDX-License-Identifier: Apache-2.0
"""Lines over message size as an SVG picture: the sizes side by side, the values on a logarithmic axis, colours from the page's style
sheet."""
import math
from html import escape

WIDTH, HEIGHT = 560, 340
LEFT, RIGHT, TOP, BOTTOM = 56, 14, 12, 44


def size_text(size):
    for unit, name in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= unit and size % unit == 0:
            return f"{size // unit} {name}"
    return f"{size} B"


def number_text(value):
    """Three significant digits, without an exponent."""
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{min(digits, 4)}f}"


class Series:
    """points: [(size, value)], by size. style: a class of the style sheet. mark: 'circle', 'square', 'triangle', 'diamond' or ''."""

    def __init__(self, name, points, style, mark):
        self.name, self.points, self.style, self.mark = name, points, style, mark


class _Axes:
    def __init__(self, sizes, values):
        self.sizes = sorted(set(sizes))
        low, high = math.log10(min(values)), math.log10(max(values))
        margin = max(0.04 * (high - low), 0.05)
        self.low_y, self.high_y = low - margin, high + margin

    def x(self, size):
        part = (self.sizes.index(size) + 0.5) / len(self.sizes)
        return LEFT + part * (WIDTH - LEFT - RIGHT)

    def y(self, value):
        part = (math.log10(value) - self.low_y) / (self.high_y - self.low_y)
        return HEIGHT - BOTTOM - part * (HEIGHT - TOP - BOTTOM)

    def ticks(self):
        """1, 2 and 5 times powers of ten, or only powers of ten if there would be too many."""
        steps = (1, 2, 5) if self.high_y - self.low_y < 2.2 else (1, 3) if self.high_y - self.low_y < 3.2 else (1,)
        values = [step * 10.0 ** power for power in range(math.floor(self.low_y), math.ceil(self.high_y) + 1) for step in steps]
        return [value for value in values if self.low_y <= math.log10(value) <= self.high_y]


def mark(shape, x, y, style, title=""):
    inside = f"<title>{escape(title)}</title>" if title else ""
    if shape == "circle":
        return f'<circle class="{style}" cx="{x:.1f}" cy="{y:.1f}" r="3.6">{inside}</circle>'
    offsets = {"square": [(-3.3, -3.3), (3.3, -3.3), (3.3, 3.3), (-3.3, 3.3)],
               "triangle": [(0, -4.4), (4.2, 3.2), (-4.2, 3.2)],
               "diamond": [(0, -4.8), (4.4, 0), (0, 4.8), (-4.4, 0)]}[shape]
    corners = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in offsets)
    return f'<polygon class="{style}" points="{corners}">{inside}</polygon>'


def line_chart(title, unit, series):
    """The picture, or '' where no series has a point. unit: of the values, for the axis."""
    points = [point for one in series for point in one.points]
    if not points:
        return ""
    axes = _Axes([size for size, _ in points], [value for _, value in points])
    out = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">']
    for value in axes.ticks():
        y = axes.y(value)
        out.append(f'<line class="grid" x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}"/>')
        out.append(f'<text class="tick" x="{LEFT - 7}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>')
    for size in axes.sizes:
        x = axes.x(size)
        out.append(f'<line class="grid" x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}"/>')
        out.append(f'<text class="tick" x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{size_text(size)}</text>')
    out.append(f'<text class="axis" x="{(LEFT + WIDTH - RIGHT) / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">message size</text>')
    out.append(f'<text class="axis" transform="translate(13 {(TOP + HEIGHT - BOTTOM) / 2:.0f}) rotate(-90)" '
               f'text-anchor="middle">{escape(unit)}</text>')
    # The first series is ours and is drawn on top.
    for one in reversed(series):
        places = " ".join(f"{axes.x(size):.1f},{axes.y(value):.1f}" for size, value in one.points)
        out.append(f'<polyline class="line {one.style}" points="{places}"/>')
        if one.mark:
            for size, value in one.points:
                words = f"{one.name}, {size_text(size)}: {number_text(value)} {unit}"
                out.append(mark(one.mark, axes.x(size), axes.y(value), f"mark {one.style}", words))
    out.append("</svg>")
    return "\n".join(out)


def legend(series):
    """The names of the lines, each with a piece of its line."""
    items = []
    for one in series:
        sign = mark(one.mark, 15, 7, f"mark {one.style}") if one.mark else ""
        items.append(f'<li><svg class="sample" viewBox="0 0 30 14"><polyline class="line {one.style}" points="0,7 30,7"/>{sign}</svg>'
                     f"{escape(one.name)}</li>")
    return '<ul class="legend">' + "".join(items) + "</ul>"
