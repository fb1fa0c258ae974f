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


SLURM = """ClusterName=one
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={one}
SlurmdPort={two}
SlurmUser=root
AuthType=auth/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
MailProg=/bin/true
NodeName={host} NodeAddr=127.0.0.1 CPUs={cpus} State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def check_slurm(folder, truth):
    """The same script by a Slurm of one node, for as long as the test takes."""
    for name in ("state", "spool", "out"):
        (folder / name).mkdir()
    host = subprocess.run(["hostname", "-s"], capture_output=True, text=True).stdout.strip()
    (folder / "slurm.conf").write_text(SLURM.format(folder=folder, host=host, one=free_port(), two=free_port(), cpus=os.cpu_count()))
    environment = {**ENVIRONMENT, "SLURM_CONF": str(folder / "slurm.conf")}
    quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    daemons = []
    if not Path("/run/munge/munge.socket.2").exists():
        daemons.append(subprocess.Popen(["sh", "-c", "mkdir -p /run/munge && chown munge /run/munge && exec su munge -s /bin/sh -c 'exec munged -F'"], **quiet))
        time.sleep(1)
    daemons += [subprocess.Popen([name, "-D", "-L", folder / f"{name}.log"], **quiet) for name in ("slurmctld", "slurmd")]
    try:
        until = time.monotonic() + 20
        while "idle" not in subprocess.run(["sinfo", "-h", "-o", "%T"], env=environment, capture_output=True, text=True).stdout:
            time.sleep(0.5)
            if time.monotonic() > until:
                print("clusters: Slurm does not come up on this machine; its script runs with Slurm's variables alone")
                return
        array = subprocess.run(["timeout", "120", "sbatch", "--wait", "--array=1-4", f"--output={folder}/log%a", CLUSTERS / "slurm.sbatch", folder / "out", *ASKED], env=environment, capture_output=True, text=True)
        logs = "".join((folder / f"{name}.log").read_text()[-500:] for name in ("slurmctld", "slurmd"))
        expect(array.returncode == 0, f"sbatch: {array.returncode} {array.stderr} {logs}")
        answer("campaign", "merge", "--store", folder / "whole.db", *sorted((folder / "out").glob("*.db")))
        expect(summary(folder / "whole.db") == truth, "a Slurm array: other bytes")
    finally:
        for daemon in reversed(daemons):
            daemon.terminate()
            daemon.wait()


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
    nobody = subprocess.run([*command[:-6], "--store", folder / "nobody.db", "--scheduler", f"tcp://127.0.0.1:{free_port()}"], env=ENVIRONMENT, capture_output=True, text=True)
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
        if os.geteuid() == 0 and all(map(shutil.which, ("slurmctld", "slurmd", "sbatch", "munged"))) and Path("/etc/munge/munge.key").exists():
            (folder / "slurm").mkdir()
            check_slurm(folder / "slurm", truth)
        else:
            print("clusters: no Slurm here, or not root; its script runs with Slurm's variables alone")
        if dask:
            check_dask(folder, truth)
    finish("clusters")


if __name__ == "__main__":
    main()
