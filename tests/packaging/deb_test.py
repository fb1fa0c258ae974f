"""The Debian package: made by CPack, unpacked into an empty root, and used there.

usage: deb_test.py LEMMACHECK_BINARY SOURCE_DIR BUILD_DIR

Exit code 77 (skipped) where dpkg's tools are missing. What it depends on is what the machine has; installing is left to dpkg.
"""

import gzip
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BUILD = Path(sys.argv[3])
if not all(map(shutil.which, ("cpack", "dpkg-deb", "dpkg-shlibdeps"))):
    print("skipped: cpack, dpkg-deb or dpkg-shlibdeps is missing")
    sys.exit(77)


def run(*command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    assert done.returncode in (0, 1), (command, done.stdout, done.stderr)
    return done.stdout


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder, root = Path(temporary), Path(temporary, "root")
        run("cpack", "--config", BUILD / "CPackConfig.cmake", "-B", folder / "packed")
        package, = (folder / "packed").glob("lemmacheck_*.deb")
        depends = run("dpkg-deb", "--field", package, "Depends", "Recommends")
        assert "libc6" in depends and "libmpfi" in depends and "graphviz" in depends, depends
        run("dpkg-deb", "--extract", package, root)
        program = root / "usr" / "bin" / "lemmacheck"
        # Its own data, found beside it; nothing of the source tree is looked at.
        lake = json.loads(run(program, "evaluate", "--json", "--model", root / "usr/share/lemmacheck/models/frozenlake4x4_slippery.json", "--horizon", 10))
        assert lake["value"] == "815/19683", lake
        lemmas = root / "usr/share/lemmacheck/lemmas/section_15_1.lemma"
        run(program, "report", "--lemmas", lemmas, "--instances", 200, "--out", folder / "report", cwd=folder)
        page = (folder / "report" / "index.html").read_text(encoding="utf-8")
        assert "vegaModule" in page and "katex" in page, "the page's libraries travel with the program"
        manual = root / "usr/share/man/man1/lemmacheck.1"
        text = manual.read_text() if manual.exists() else gzip.open(f"{manual}.gz", "rt").read()
        for command in ("check", "report", "worst\\-case"):
            assert f".SS {command}\n" in text, command
        assert ".B \\-\\-compare TEXT" in text, "the manual names the options"
        completions = root / "usr/share/bash-completion/completions/lemmacheck"
        asked = f"source {completions}; COMP_WORDS=(lemmacheck report --comp); COMP_CWORD=2; _lemmacheck; echo ${{COMPREPLY[@]}}"
        assert run("bash", "-c", asked).split() == ["--compare"], run("bash", "-c", asked)
        asked = f"source {completions}; COMP_WORDS=(lemmacheck wor); COMP_CWORD=1; _lemmacheck; echo ${{COMPREPLY[@]}}"
        assert run("bash", "-c", asked).split() == ["worst-case"]
        assert "__fish_seen_subcommand_from check" in (root / "usr/share/fish/vendor_completions.d/lemmacheck.fish").read_text()
    print("package: fine")


if __name__ == "__main__":
    main()
