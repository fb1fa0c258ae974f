"""What the program writes for LaTeX compiles with TeX Live: the report, and one counterexample as a figure.

usage: latex_test.py LEMMACHECK_BINARY SOURCE_DIR

Exit code 77 (skipped) without pdflatex.
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM, SOURCE = sys.argv[1], Path(sys.argv[2])
if not shutil.which("pdflatex"):
    print("skipped: pdflatex is not installed")
    sys.exit(77)


def lemmacheck(*arguments):
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def compiled(folder, name, text):
    """The pages of a document; fails on any error of TeX."""
    (folder / f"{name}.tex").write_text(text, encoding="utf-8")
    done = subprocess.run(["pdflatex", "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"], cwd=folder, capture_output=True, text=True, errors="replace", check=False)
    log = (folder / f"{name}.log").read_text(errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert "Missing character" not in log, [line for line in log.splitlines() if "Missing character" in line][:3]
    return int(re.search(r"Output written on .* \((\d+) page", log).group(1))


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        lemmacheck("report", "--out", folder / "ledger", "--instances", "100")
        text = (folder / "ledger" / "report.tex").read_text(encoding="utf-8")
        report = json.loads((folder / "ledger" / "report.json").read_text())
        for claim in report["claims"]:
            assert claim["statement"] in text, claim["id"]
        figures = [claim for claim in report["claims"] if claim["kind"] == "printed" and claim["verdict"] == "violated"]
        assert text.count("\\begin{figure}") == len(figures) > 0 and "\\begin{axis}" in text, len(figures)
        assert compiled(folder, "report", text) > 5
        # One counterexample alone, with the preamble that its comment names; and every one that the page can copy.
        shown = lemmacheck("replay", folder / "ledger" / figures[0]["certificate"], "--latex")
        lines = shown.splitlines()
        preamble = "\n".join(line[2:] for line in lines if line.startswith("% \\"))
        assert figures[0]["worked"]["latex"] == "\n".join(line for line in lines if not line.startswith("%")) + "\n"
        every = [claim["worked"]["latex"] for claim in report["claims"] if claim["worked"] and claim["worked"].get("latex")]
        assert len(every) == sum(claim["verdict"] == "violated" for claim in report["claims"]), len(every)
        pages = compiled(folder, "figures", "\\documentclass{article}\n\\usepackage[landscape, margin=5mm, paperheight=60cm, paperwidth=90cm]{geometry}\n" + preamble + "\n\\begin{document}\n" + "\\clearpage\n".join(every) + "\\end{document}\n")
        assert pages >= len(every), pages
    print("latex: fine")


if __name__ == "__main__":
    main()
