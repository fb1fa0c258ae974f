"""The command line: plan, scatter, commit as results arrive, conclude."""

import argparse
import json
import subprocess
import sys

from .cluster import Failed, run_on_cluster


def program_json(program, *arguments, document=None):
    """What a command of the program prints; its message and exit code are ours where it refuses."""
    try:
        done = subprocess.run([program, *map(str, arguments), "--json"], input=None if document is None else json.dumps(document), capture_output=True, text=True)
    except OSError as fault:
        fail(f"{program}: {fault.strerror}; install lemmacheck, or give --program")
    if not done.stdout or done.returncode == 2:
        sys.stderr.write(done.stderr)
        sys.exit(done.returncode or 2)
    return json.loads(done.stdout)


def fail(message):
    sys.stderr.write(f"lemmacheck_cluster: {message}\n")
    sys.exit(2)


def parsed(arguments):
    parser = argparse.ArgumentParser(prog="python3 -m lemmacheck_cluster", description="Campaigns of lemmacheck on a Dask cluster.")
    commands = parser.add_subparsers(dest="command", required=True)
    campaign = commands.add_parser("campaign", help="run a campaign, or go on with the one in the store")
    campaign.add_argument("names", nargs="*", metavar="FILE or ID", help="lemma files and ids; the whole ledger if left out")
    campaign.add_argument("--store", required=True, help="the store, an SQLite file on this machine")
    campaign.add_argument("--scheduler", required=True, help="address of a Dask scheduler, such as tcp://10.0.0.1:8786")
    campaign.add_argument("--program", default="lemmacheck", help="the program, here and on the workers")
    campaign.add_argument("--with", dest="folders", nargs="*", default=[], help="folders of lemmas that others may be like")
    campaign.add_argument("--instances", type=int, default=1_000_000, help="instances of each claim")
    campaign.add_argument("--seed", type=int, default=1)
    campaign.add_argument("--block", type=int, default=4096, help="instances of a block")
    campaign.add_argument("--most", type=int, default=16, help="blocks of a task, a power of two")
    return parser.parse_args(arguments)


def planned(options):
    """The key of the campaign, and segments that are missing. A store that has this campaign goes on with it."""
    asked = [*options.names, "--instances", options.instances, "--seed", options.seed, "--block", options.block]
    for folder in options.folders:
        asked += ["--with", folder]
    return program_json(options.program, "campaign", "plan", "--store", options.store, "--most", options.most, *asked)


def main(arguments=None):
    options = parsed(arguments)

    def commit(results):
        return program_json(options.program, "campaign", "commit", "--store", options.store, document=results)

    while True:  # a plan lists so many segments at most
        plan = planned(options)
        if not plan["segments"]:
            break

        def tell(done, wanted=len(plan["segments"])):
            sys.stderr.write(f"\r{done} of {wanted} segments" if sys.stderr.isatty() else "")

        try:
            run_on_cluster(options.scheduler, options.program, plan, commit, tell)
        except Failed as fault:
            fail(f"{fault}; what was committed is kept: run the same command again")
    # Nothing is missing any more: this concludes, and shows what was found.
    sys.exit(subprocess.run([options.program, "campaign", "resume", "--store", options.store]).returncode)
