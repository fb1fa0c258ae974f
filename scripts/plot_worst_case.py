#!/usr/bin/env python3
"""Plots bound, sharp bound and exact worst case of a model against eps and against H, as one SVG.

usage: plot_worst_case.py LEMMACHECK MODEL.json OUT.svg [--horizon H] [--eps E] [--policy P]

The left panel varies eps at the horizon H, the right one H at the distance E. Every point is one run of
`lemmacheck worst-case --json`; both axes of values are logarithmic. Standard library only.
"""

import argparse
import json
import math
import subprocess
import sys
from pathlib import Path

CURVES = (("bound", "bound H(H-1)/2 eps span", "#9aa0a6"), ("sharp_bound", "sharp bound B(eps/2, H) span", "#e8590c"),
          ("worst_gap", "exact worst case", "#1864ab"))
DISTANCES = ("1/100", "1/50", "1/20", "1/10", "1/5", "1/2", "1")
WIDTH, HEIGHT, PANEL, LEFT, TOP, BOTTOM = 960, 380, 380, 70, 50, 50


def answers(program, model, policy, points):
    """[(x, answer)] of worst-case runs; points are (x, eps, horizon)."""
    found = []
    for x, eps, horizon in points:
        command = [program, "worst-case", "--model", model, "--eps", eps, "--horizon", str(horizon),
                   "--policy", policy, "--json"]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
        if run.returncode != 0:
            sys.exit(f"plot_worst_case.py: {run.stderr.strip() or 'lemmacheck failed'}")
        found.append((x, json.loads(run.stdout)))
    return found


def ticks(low, high):
    """The powers of ten around a range."""
    return [10.0 ** k for k in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def panel(data, offset, x_label, x_ticks, x_log):
    """One panel as SVG elements."""
    values = [answer[f"{key}_approx"] for _, answer in data for key, _, _ in CURVES]
    marks = ticks(min(v for v in values if v > 0), max(values))
    scale = math.log10 if x_log else float
    x_low, x_high = scale(data[0][0]), scale(data[-1][0])
    y_low, y_high = math.log10(marks[0]), math.log10(marks[-1])

    def at_x(x):
        return offset + LEFT + (scale(x) - x_low) / (x_high - x_low) * (PANEL - 20)

    def at_y(y):
        return HEIGHT - BOTTOM - (math.log10(y) - y_low) / (y_high - y_low) * (HEIGHT - TOP - BOTTOM)
    out = []
    for mark in marks:
        out.append(f'<line x1="{at_x(data[0][0]):.1f}" x2="{at_x(data[-1][0]):.1f}" y1="{at_y(mark):.1f}" '
                   f'y2="{at_y(mark):.1f}" stroke="#e6e6e6"/>')
        out.append(f'<text x="{offset + LEFT - 8}" y="{at_y(mark) + 4:.1f}" text-anchor="end">{mark:g}</text>')
    for x, label in x_ticks:
        out.append(f'<text x="{at_x(x):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{label}</text>')
    middle = (at_x(data[0][0]) + at_x(data[-1][0])) / 2
    out.append(f'<text x="{middle:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{x_label}</text>')
    for key, _, colour in CURVES:
        points = [(at_x(x), at_y(answer[f"{key}_approx"])) for x, answer in data if answer[f"{key}_approx"] > 0]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
    return out


def drawing(name, by_distance, by_horizon, horizon, eps):
    """The SVG document."""
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
           'font-family="sans-serif" font-size="12" fill="#333">',
           f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
           f'<text x="{LEFT}" y="20" font-size="14" font-weight="bold">{name}</text>']
    x = LEFT
    for _, label, colour in CURVES:
        out.append(f'<rect x="{x}" y="31" width="14" height="4" fill="{colour}"/>'
                   f'<text x="{x + 20}" y="37">{label}</text>')
        x += 40 + 7 * len(label)
    out += panel(by_distance, 0, f"eps, at H = {horizon}", [(x, d) for (x, _), d in zip(by_distance, DISTANCES)],
                 True)
    shown = [x for x, _ in by_horizon]
    out += panel(by_horizon, WIDTH // 2, f"H, at eps = {eps}", [(x, str(x)) for x in shown], True)
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    """The exit status."""
    parser = argparse.ArgumentParser(description="Plot bound, sharp bound and exact worst case of a model.")
    parser.add_argument("program", metavar="LEMMACHECK")
    parser.add_argument("model", metavar="MODEL.json")
    parser.add_argument("out", metavar="OUT.svg")
    parser.add_argument("--horizon", type=int, default=10)
    parser.add_argument("--eps", default="1/10")
    parser.add_argument("--policy", default="optimal")
    options = parser.parse_args()
    horizons = sorted({2, 3, 5, 8, 12, 20, 35, 60, 100} | {options.horizon})

    def number(text):
        top, _, bottom = text.partition("/")
        return int(top) / int(bottom or 1)
    by_distance = answers(options.program, options.model, options.policy,
                          [(number(d), d, options.horizon) for d in DISTANCES])
    by_horizon = answers(options.program, options.model, options.policy,
                         [(h, options.eps, h) for h in horizons])
    text = drawing(f"{Path(options.model).stem}, policy: {options.policy}", by_distance, by_horizon,
                   options.horizon, options.eps)
    Path(options.out).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
