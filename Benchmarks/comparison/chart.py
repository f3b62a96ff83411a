"""One chart: seconds per image of each engine, as a Scalable Vector Graphics file without any library."""

from html import escape

WIDTH, BAR, GAP, LABEL = 760, 22, 8, 190
OURS, OTHER = "#d9480f", "#7a8794"


def svg(results):
    """Bars of wall time at the largest thread count, a group per network; readable on light and dark pages."""
    threads = max(comparison["threads"] for comparison in results["comparisons"])
    groups = [comparison for comparison in results["comparisons"]
              if comparison["threads"] == threads and not comparison.get("registers")]
    parts, y = [], 16
    for group in groups:
        rows = sorted(group["engines"], key=lambda row: row["wall_s"])
        slowest = max(row["wall_s"] for row in rows)
        parts.append(_text(0, y + 4, f"{group['network'].capitalize()} network, {group['width']}×{group['height']}, "
                           f"{threads} threads: seconds per image (less is better)", weight="bold"))
        y += 18
        for row in rows:
            length = max(2, (WIDTH - LABEL - 150) * row["wall_s"] / slowest)
            colour = OURS if row["name"].startswith("promptir") else OTHER
            parts.append(_text(LABEL - 10, y + 15, row["name"], anchor="end"))
            parts.append(f'<rect x="{LABEL}" y="{y}" width="{length:.1f}" height="{BAR}" rx="3" fill="{colour}"/>')
            parts.append(_text(LABEL + length + 8, y + 15,
                               f"{row['wall_s']:.2f} s  ({row['share_of_peak']:.0%} of float32's peak)"))
            y += BAR + GAP
        y += 20
    machine = results["machine"]
    parts.append(_text(0, y, f"{machine['processor']}, {machine['cores']} cores, {results['date']}; "
                       "all engines in one alternating run", size=11))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 10}" width="{WIDTH}" '
            f'role="img" font-family="system-ui, sans-serif">\n'
            "<style>text { fill: #1f2933 } @media (prefers-color-scheme: dark) { text { fill: #d5dbe1 } }</style>\n"
            + "\n".join(parts) + "\n</svg>\n")


def _text(x, y, content, anchor="start", size=13, weight="normal"):
    return (f'<text x="{x:.1f}" y="{y}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}">'
            f"{escape(content)}</text>")
