"""Results as text for the terminal and as Markdown for docs/PERFORMANCE.md."""

BEGIN, END = "<!-- begin: Benchmarks/run --publish -->", "<!-- end -->"
BEGIN_WITHOUT_BFLOAT16 = "<!-- begin: Benchmarks/run --publish, without AVX512_BF16 -->"
HEADINGS = ("engine", "wall s", "CPU-s", "CPU ÷ ours", "wall ÷ ours", "GFLOP/s", "of peak, wall", "of peak, CPU",
            "peak MB", "kB/pixel", "max diff")


def _rows(comparison):
    ours = next((row for row in comparison["engines"] if row["name"] == "promptir float32"), None)

    def ratio(row, field):
        return f"{row[field] / ours[field]:.2f}" if ours else "–"

    def optional(value, scale, form):
        return form.format(value * scale) if value is not None else "–"

    return [
        (f"{row['name']} {row['version']}".strip(), f"{row['wall_s']:.3f}", f"{row['cpu_s']:.3f}",
         ratio(row, "cpu_s"), ratio(row, "wall_s"), f"{row['gflops']:.1f}", f"{row['share_of_peak']:.0%}",
         f"{row['share_of_peak_by_cpu']:.0%}", optional(row["peak_bytes"], 1e-6, "{:.0f}"), optional(row.get("bytes_per_pixel"), 1e-3, "{:.2f}"),
         f"{row['difference']:.1e}")
        for row in comparison["engines"]
    ]


def _title(comparison):
    threads = comparison["threads"]
    return (f"{comparison['network']} network, {comparison['width']}×{comparison['height']}, "
            f"{threads} thread{'s' if threads > 1 else ''}{', 256-bit registers' if comparison.get('registers') else ''} "
            f"({comparison['gflop']:.1f} GFLOP; measured peak {comparison['peak_gflops']:.0f} GFLOP/s; "
            f"medians of {comparison['repetitions']})")


def _scaling(comparisons):
    """How much faster two threads are than one, per network and engine."""
    walls = {(c["network"], c["threads"], row["name"]): row["wall_s"]
             for c in comparisons if not c.get("registers") for row in c["engines"]}
    return [
        f"{network}, {name} {wall / walls[network, 2, name]:.2f}×"
        for (network, threads, name), wall in walls.items()
        if threads == 1 and (network, 2, name) in walls
    ]


def _first_passes(comparison):
    """What the first pass of a size takes, where an engine tells."""
    return [
        f"{row['name']}: a pass right after one of another size {row['first_wall_s'] / row['wall_s']:.2f} times as "
        f"long, the first of all {row['cold_wall_s'] / row['wall_s']:.2f} times"
        for row in comparison["engines"] if row.get("first_wall_s") and row.get("cold_wall_s")
    ]


def text(comparison):
    rows = [HEADINGS, *_rows(comparison)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows]
    return "\n".join(["", _title(comparison), *lines, *_first_passes(comparison)])


def markdown(results):
    machine = results["machine"]
    lines = [
        f"{results['date']}, {machine['processor']} (family/model {machine['family_model']}; "
        f"{', '.join(machine['vectors'])}), {machine['cores']} cores, "
        f"{machine['memory_bytes'] / 2**30:.0f} GiB; load average {machine['load_average']:.2f} before and "
        f"{machine['load_average_after']:.2f} after; {machine['swift']}; commit {machine['commit']}.",
    ]
    for comparison in results["comparisons"]:
        lines += ["", f"**{_title(comparison)}**", "", "| " + " | ".join(HEADINGS) + " |",
                  "|" + "---|" * len(HEADINGS)]
        lines += ["| " + " | ".join(row) + " |" for row in _rows(comparison)]
        for name, reason in comparison.get("left_out", {}).items():
            lines += ["", f"{name} is left out: it {reason}."]
        first = _first_passes(comparison)
        if first:
            lines += ["", "; ".join(first) + "."]
    scaling = _scaling(results["comparisons"])
    if scaling:
        lines += ["", "Two threads over one, by wall time: " + "; ".join(scaling) + "."]
    return "\n".join(lines)


def replace_in(path, markdown_text, begin_marker=BEGIN):
    """Puts the text between a marker and the next end marker of a document."""
    document = path.read_text()
    before, begin, rest = document.partition(begin_marker)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise RuntimeError(f"{path}: no place for the table between '{begin_marker}' and '{END}'")
    path.write_text(f"{before}{begin_marker}\n{markdown_text}\n{END}{after}")
