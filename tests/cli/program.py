"""What the tests of the command line share: running the program and noting failures."""

import json
import subprocess
import sys
from pathlib import Path

PROGRAM, SOURCE = sys.argv[1], Path(sys.argv[2])
MODELS = SOURCE / "examples" / "models"
LAKE = MODELS / "frozenlake4x4_slippery.json"
FAILURES = []


def run(*arguments):
    """Exit code, standard output, standard error."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


def expect(condition, what):
    """Note a failure and go on, so that one run shows them all."""
    if not condition:
        FAILURES.append(what)


def answer(*arguments, code=0):
    """The JSON document that a command prints."""
    status, out, err = run(*arguments, "--json")
    expect(status == code, f"{arguments}: exit {status}, expected {code}: {err}")
    expect(err == "", f"{arguments}: printed on standard error: {err}")
    return json.loads(out) if out else {}


def refused(*arguments, words):
    """Bad input: exit code 2, nothing on standard output, and one message which has the words."""
    status, out, err = run(*arguments)
    expect(status == 2, f"{arguments}: exit {status}, expected 2")
    expect(out == "", f"{arguments}: printed on standard output")
    for word in [words] if isinstance(words, str) else words:
        expect(word in err, f"{arguments}: the message lacks {word!r}: {err}")


def written(folder, name, content):
    """A file in the folder, of JSON or of text."""
    file = Path(folder, name)
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def finish(name):
    """Print the failures and exit; 0 if there are none."""
    for failure in FAILURES:
        print("FAILED", failure)
    if not FAILURES:
        print(f"{name}: fine")
    sys.exit(1 if FAILURES else 0)
