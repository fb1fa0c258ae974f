"""The Debian package in a fresh Debian: installed by apt with what it depends on, and used there.

usage: fresh_root_test.py LEMMACHECK_BINARY SOURCE_DIR BUILD_DIR

Exit code 77 (skipped), with the reason, where no such root can be made: no root rights, no debootstrap, no archive in reach.
Nothing of the machine's is mounted in the root: it can be deleted without fear.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

BUILD = Path(sys.argv[3])


def skip(reason):
    print(f"skipped: {reason}")
    sys.exit(77)


def output(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


def archive():
    """The archive and the suite that this machine's own packages come from."""
    for line in output("apt-get", "indextargets", "--format", "$(REPO_URI) $(CODENAME) $(COMPONENT)").splitlines():
        uri, suite, component = line.split()
        if component == "main" and "-" not in suite:
            return uri, suite
    return skip("apt names no archive of its own")


def fresh(root):
    if os.geteuid() != 0:
        skip("only root can make a root")
    if not all(map(shutil.which, ("debootstrap", "chroot", "cpack", "dpkg-shlibdeps"))):
        skip("debootstrap, cpack or dpkg-shlibdeps is missing")
    uri, suite = archive()
    made = subprocess.run(["debootstrap", "--variant=minbase", suite, root, uri], capture_output=True, text=True, check=False)
    if made.returncode != 0:
        skip("debootstrap: " + (made.stdout + made.stderr).strip().splitlines()[-1])
    for settings in ("apt.conf.d", "auth.conf.d"):
        if Path("/etc/apt", settings).is_dir():
            shutil.copytree(Path("/etc/apt", settings), root / "etc/apt" / settings, dirs_exist_ok=True)


def inside(root, *command):
    done = subprocess.run(["chroot", root, "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive", *command],
                          capture_output=True, text=True, check=False)
    return done


def main():
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary, "root")
        fresh(root)
        packed = subprocess.run(["cpack", "--config", BUILD / "CPackConfig.cmake", "-B", Path(temporary, "packed")], capture_output=True, text=True, check=False)
        assert packed.returncode == 0, packed.stdout + packed.stderr
        package, = Path(temporary, "packed").glob("lemmacheck_*.deb")
        shutil.copy(package, root / "tmp" / "lemmacheck.deb")
        installed = inside(root, "apt-get", "install", "-y", "--no-install-recommends", "/tmp/lemmacheck.deb")
        if any(words in installed.stderr for words in ("Could not resolve", "Failed to fetch", "Unable to fetch", "Temporary failure")):
            skip("the archive is out of reach from the fresh root")
        assert installed.returncode == 0, installed.stdout + installed.stderr
        lake = inside(root, "lemmacheck", "evaluate", "--json", "--model", "/usr/share/lemmacheck/models/frozenlake4x4_slippery.json", "--horizon", "10")
        assert lake.returncode == 0 and json.loads(lake.stdout)["value"] == "815/19683", lake.stdout + lake.stderr
        tried = inside(root, "lemmacheck", "try", "|J(pi,M) - J(pi,M')| <= H(H-1)/8 eps", "--json")
        assert tried.returncode == 1 and json.loads(tried.stdout)["verdict"] == "violated", tried.stdout + tried.stderr
        # Without Graphviz, which is recommended and not installed here.
        wrote = inside(root, "lemmacheck", "report", "--lemmas", "/usr/share/lemmacheck/lemmas/section_15_1.lemma", "--instances", "200", "--out", "/tmp/report")
        assert wrote.returncode in (0, 1), wrote.stdout + wrote.stderr
        page = (root / "tmp/report/index.html").read_text(encoding="utf-8")
        assert "vegaModule" in page and "katex" in page, "the page's libraries travel with the package"
        removed = inside(root, "dpkg", "--remove", "lemmacheck")
        assert removed.returncode == 0 and not (root / "usr/bin/lemmacheck").exists(), removed.stderr
    print("package in a fresh Debian: fine")


if __name__ == "__main__":
    main()
