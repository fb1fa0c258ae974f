"""Every command that the README and the documents show, with what they say it prints.

usage: docs_test.py LEMMACHECK_BINARY SOURCE_DIR

A block shows `$ command` and lines of its output, `...` for any lines; `$ cat FILE` and the lines after it are a file that is written.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM, SOURCE = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
DOCUMENTS = ["README.md", *(f"docs/{name}.md" for name in ("tutorial", "howto"))]


def blocks(text):
    """The lines of each block between fences that names no language."""
    inside, lines = None, []
    for line in text.splitlines():
        if line.startswith("```"):
            if inside == "":
                yield lines
            inside, lines = (line[3:] if inside is None else None), []
        elif inside is not None:
            lines.append(line)


def shown(text):
    """Each command with the lines that follow it."""
    for block in blocks(text):
        command, lines = None, []
        for line in block:
            if line.startswith("$ "):
                if command:
                    yield command, lines
                command, lines = line[2:], []
            else:
                lines.append(line)
        if command:
            yield command, lines


def missing(expected, printed):
    """The first expected line that is not where it should be; nothing if all are."""
    at, anywhere = 0, False
    for line in expected:
        if line == "...":
            anywhere = True
            continue
        found = next((i for i in range(at, len(printed)) if printed[i].rstrip() == line.rstrip() and (anywhere or i == at)), None)
        if found is None:
            return line
        at, anywhere = found + 1, False
    return None if anywhere or at == len(printed) else f"(the end) {printed[at]}"


def check(document, folder):
    os.symlink(SOURCE / "examples", folder / "examples")
    count = 0
    for command, lines in shown((SOURCE / document).read_text(encoding="utf-8")):
        words = shlex.split(command)
        if words[0] == "cat":
            (folder / words[1]).write_text("\n".join(lines) + "\n", encoding="utf-8")
            continue
        assert words[0] == "lemmacheck", (document, command)
        done = subprocess.run([PROGRAM, *words[1:]], cwd=folder, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1) and not done.stderr, (document, command, done.stderr)
        wrong = missing(lines, done.stdout.splitlines())
        assert wrong is None, f"{document}: {command}: not printed as shown: {wrong}\n{done.stdout}"
        count += 1
    assert count > 0, document


def main():
    lines = (SOURCE / "README.md").read_text(encoding="utf-8").count("\n")
    assert lines < 100, f"README.md has {lines} lines"
    for document in DOCUMENTS:
        with tempfile.TemporaryDirectory() as folder:
            check(document, Path(folder))
    for document in SOURCE.glob("docs/*.md"):
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), (document, target)
    for target in re.findall(r"\]\(([^)#:]+)\)", (SOURCE / "README.md").read_text(encoding="utf-8")):
        assert (SOURCE / target).exists(), target
    print("documents: fine")


if __name__ == "__main__":
    main()
