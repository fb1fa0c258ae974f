"""Every command that the README and the documents show, with what they say it prints.

usage: docs_test.py LEMMACHECK_BINARY SOURCE_DIR

A block shows `$ command` and lines of its output, `...` for any lines; `$ cat FILE` and the lines after it are a file that is
written, and so is a block whose fence names a file after its language. Commands run in a shell, one document after another in a
folder of its own that has the project's `examples`, `properties` and `scripts`.
"""

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PROGRAM, SOURCE = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
DOCUMENTS = ["README.md", *(f"docs/{name}.md" for name in ("tutorial", "howto", "language", "formats", "latent", "worst_case", "questions", "scale"))]


def blocks(text):
    """Each block between fences: what stands after the fence, and the lines."""
    inside, lines = None, []
    for line in text.splitlines():
        if line.startswith("```"):
            if inside is not None:
                yield inside, lines
            inside, lines = (line[3:] if inside is None else None), []
        elif inside is not None:
            lines.append(line)


def shown(text):
    """Each command with the lines that follow it; a file that is written as `cat FILE`."""
    for fence, block in blocks(text):
        if len(fence.split()) == 2:
            yield "cat " + fence.split()[1], block
        command, lines = None, []
        for line in block if fence == "" else []:
            if line.startswith("$ "):
                if command:
                    yield command, lines
                command, lines = line[2:], []
            else:
                lines.append(line)
        if command:
            yield command, lines


def fits(printed, line):
    """A line that ends with `...` shows how the printed one begins."""
    line = line.rstrip()
    return printed.startswith(line[:-3]) if line.endswith(" ...") else printed.rstrip() == line


def missing(expected, printed):
    """The first expected line that is not where it should be; nothing if all are."""
    at, anywhere = 0, False
    for line in expected:
        if line == "...":
            anywhere = True
            continue
        found = next((i for i in range(at, len(printed)) if fits(printed[i], line) and (anywhere or i == at)), None)
        if found is None:
            return line
        at, anywhere = found + 1, False
    return None if anywhere or at == len(printed) else f"(the end) {printed[at]}"


def python_with_packages():
    """What runs the examples that need NumPy or jsonschema; nothing where they are not installed."""
    for program in (sys.executable, "/usr/bin/python3"):
        if subprocess.run([program, "-c", "import numpy, jsonschema"], capture_output=True, check=False).returncode == 0:
            return program
    return None


PYTHON = python_with_packages()


def check(document, folder):
    for name in ("examples", "properties", "scripts", "checker", "docs"):
        os.symlink(SOURCE / name, folder / name)
    programs = folder / ".programs"
    programs.mkdir()
    os.symlink(PROGRAM, programs / "lemmacheck")
    os.symlink(PYTHON or sys.executable, programs / "python3")
    environment = {**os.environ, "PATH": f"{programs}:{os.environ['PATH']}"}
    count = 0
    for command, lines in shown((SOURCE / document).read_text(encoding="utf-8")):
        if command.startswith("cat "):
            own = folder / command.split()[1]
            # The folders that lead to the project's own files are links.
            assert own.parent == folder and not own.exists(), (document, command, "would overwrite a file of the project")
            own.write_text("\n".join(lines) + "\n", encoding="utf-8")
            continue
        if PYTHON is None and ("log_run.py" in command or "jsonschema" in command):
            print(f"left out, NumPy or jsonschema is missing: {command}")
            continue
        done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode in (0, 1) and not done.stderr, (document, command, done.stderr)
        wrong = missing(lines, done.stdout.splitlines())
        assert wrong is None, f"{document}: {command}: not printed as shown: {wrong}\n{done.stdout}"
        count += 1
    assert count > 0, document
    assert not re.search(r"^lemmacheck ", "\n".join("\n".join(block) for fence, block in blocks((SOURCE / document).read_text(encoding="utf-8")) if fence == ""), re.M), (
        f"{document} shows a command without $, which no test runs")


def main():
    lines = (SOURCE / "README.md").read_text(encoding="utf-8").count("\n")
    assert lines < 100, f"README.md has {lines} lines"
    for script in ("report.sh", "test.sh"):
        said = subprocess.run([SOURCE / "scripts" / script, "--help"], capture_output=True, text=True, check=True).stdout
        assert f"usage: scripts/{script}" in said, said
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
