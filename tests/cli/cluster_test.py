"""Campaigns by GNU parallel, by Slurm's variables and on a Dask cluster whose workers are killed: the bytes of one run.

usage: cluster_test.py LEMMACHECK_BINARY SOURCE_DIR
Exit code 77 (skipped) where neither parallel nor Dask is installed.
"""

import importlib.util
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from program import PROGRAM, SOURCE, answer, expect, finish

ASKED = ("sim.lemma", "sim.sharp", "avg.gain_b", "total.bellman_unique", "--instances", "6000", "--seed", "7", "--block", "64")
ENVIRONMENT = {**os.environ, "PATH": f"{Path(PROGRAM).resolve().parent}:{os.environ['PATH']}", "PYTHONPATH": str(SOURCE)}
CLUSTERS = SOURCE / "examples" / "clusters"


def summary(store):
    return json.dumps(answer("campaign", "status", "--store", store)["summary"], sort_keys=True)


def started(*command, log):
    return subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=log)


def check_parallel(folder, truth):
    for _ in range(2):  # once more: every shard is done, and the stores are merged anew
        done = subprocess.run([CLUSTERS / "parallel.sh", "5", folder / "parallel", *ASKED], env=ENVIRONMENT, capture_output=True, text=True)
        expect(done.returncode == 0 and "24000 of 24000 instances" in done.stdout, f"parallel.sh: {done.stdout[-300:]} {done.stderr[-300:]}")
        expect(summary(folder / "parallel" / "whole.db") == truth, "GNU parallel: other bytes")


def check_slurm_script(folder, truth):
    """The array's script with the variables that Slurm sets, each task twice, as after a requeue."""
    stores = []
    for task in (3, 1, 2, 2):
        variables = {"SLURM_ARRAY_TASK_ID": str(task), "SLURM_ARRAY_TASK_COUNT": "3", "SLURM_CPUS_PER_TASK": "1"}
        done = subprocess.run([CLUSTERS / "slurm.sbatch", folder, *ASKED], env={**ENVIRONMENT, **variables}, capture_output=True, text=True)
        expect(done.returncode == 0, f"slurm.sbatch: {done.stderr}")
        stores.append(folder / f"part{task}.db")
    answer("campaign", "merge", "--store", folder / "slurm.db", *sorted(set(stores)))
    expect(summary(folder / "slurm.db") == truth, "Slurm's script: other bytes")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def check_dask(folder, truth):
    address, rng = f"tcp://127.0.0.1:{free_port()}", random.Random(3)
    with (folder / "dask.log").open("w") as log:
        scheduler = started("dask-scheduler", "--host", "127.0.0.1", "--port", address.rsplit(":", 1)[1], "--no-dashboard", log=log)

        def worker():
            return started("dask-worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard", "--death-timeout", "60", log=log)

        workers = [worker() for _ in range(3)]
        command = [sys.executable, "-m", "lemmacheck_cluster", "campaign", *ASKED, "--store", folder / "dask.db", "--scheduler", address, "--most", "4"]
        try:
            run = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            kills, until = 0, time.monotonic() + 300
            while run.poll() is None and time.monotonic() < until:
                time.sleep(rng.uniform(1, 2))
                if kills < 4 and run.poll() is None:
                    unlucky = rng.randrange(3)
                    workers[unlucky].kill()
                    workers[unlucky].wait()
                    workers[unlucky] = worker()
                    kills += 1
            out, err = run.communicate(timeout=60)
            expect(run.returncode == 0 and "24000 of 24000 instances" in out, f"Dask: {run.returncode} {out[-300:]} {err[-600:]}")
            expect(kills > 0, "no worker was killed in time")
            expect(summary(folder / "dask.db") == truth, f"Dask, {kills} workers killed: other bytes")
            again = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
            expect(again.returncode == 0 and summary(folder / "dask.db") == truth, "once more: nothing is missing")
            wrong = subprocess.run([*command[:-6], "--store", folder / "other.db", "--scheduler", address, "--program", "/none/lemmacheck"], env=ENVIRONMENT, capture_output=True, text=True)
            expect(wrong.returncode == 2 and "/none/lemmacheck" in wrong.stderr and "Traceback" not in wrong.stderr, f"no program: {wrong.stderr}")
        finally:
            for process in (*workers, scheduler):
                process.kill()
                process.wait()
    nobody = subprocess.run([*command[:-4], "--scheduler", f"tcp://127.0.0.1:{free_port()}"], env=ENVIRONMENT, capture_output=True, text=True)
    expect(nobody.returncode == 2 and "no scheduler answers" in nobody.stderr and "Traceback" not in nobody.stderr, f"no scheduler: {nobody.stderr[-500:]}")


def main():
    parallel, dask = shutil.which("parallel"), importlib.util.find_spec("distributed") and shutil.which("dask-scheduler")
    if not parallel and not dask:
        print("clusters: neither GNU parallel nor Dask is installed")
        sys.exit(77)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        answer("campaign", "run", "--store", folder / "one.db", *ASKED)
        truth = summary(folder / "one.db")
        check_slurm_script(folder, truth)
        if parallel:
            check_parallel(folder, truth)
        if dask:
            check_dask(folder, truth)
    finish("clusters")


if __name__ == "__main__":
    main()
