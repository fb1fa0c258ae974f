"""The installed package: find_package(lemmacheck), the example with claims of its own, and the installed program.

usage: install_test.py LEMMACHECK_BINARY SOURCE_DIR BUILD_DIR CMAKE
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def run(*command, code=0):
    """Run a command; stop the test with its output if the exit code is another one."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode != code:
        sys.exit(f"{command}: exit code {done.returncode}, expected {code}\n{done.stdout}{done.stderr}")
    return done.stdout


def main():
    _, source, build, cmake = sys.argv[1:5]
    with tempfile.TemporaryDirectory() as folder:
        prefix, example = Path(folder, "prefix"), Path(folder, "build")
        run(cmake, "--install", build, "--prefix", prefix)
        run(cmake, "-S", Path(source, "examples/own_claim"), "-B", example, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}",
            *([f"-DCMAKE_CXX_FLAGS={os.environ['CXXFLAGS']}"] if "CXXFLAGS" in os.environ else []))
        run(cmake, "--build", example)
        claims = json.loads(run(example / "own_claim", "check", "--json", "--instances", 2000))["claims"]
        verdicts = {claim["id"]: claim["verdict"] for claim in claims}
        assert verdicts == {"own.value_is_bounded": "holds", "own.model_is_optimistic": "violated"}, verdicts
        assert claims[0]["max_ratio"] == "1", claims[0]["max_ratio"]
        model = prefix / "share/lemmacheck/models/frozenlake4x4_slippery.json"
        value = json.loads(run(prefix / "bin/lemmacheck", "evaluate", "--json", "--model", model, "--horizon", 10))["value"]
        assert value == "815/19683", value
        assert (prefix / "share/lemmacheck/schemas/certificate.schema.json").exists()
        lemma = prefix / "share/lemmacheck/lemmas/field/pessimism.lemma"
        run(prefix / "bin/lemmacheck", "check", lemma, "--instances", 1000, "--out", Path(folder, "certificates"))
        certificates = sorted(Path(folder, "certificates").glob("*.json"))
        assert len(certificates) == 2, certificates
        run(sys.executable, prefix / "share/lemmacheck/verify_certificate.py", *certificates)
    print("install, find_package and own claims: fine")


if __name__ == "__main__":
    main()
