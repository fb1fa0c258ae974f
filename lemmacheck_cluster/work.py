"""What a worker does; sent to it by value, so that workers need Python and the program alone."""

import json
import subprocess


class WrongProgram(Exception):
    """The program is missing on a worker, or refuses the task; doing it again would not help."""


def run_segment(program, task):
    """The summary of one segment, as the program prints it. A function of the task alone."""
    try:
        done = subprocess.run([program, "campaign", "block", "--threads", "1", "--json"], input=json.dumps(task), capture_output=True, text=True)
    except OSError as fault:
        raise WrongProgram(f"{program}: {fault.strerror} on a worker; install lemmacheck there, or give --program") from fault
    if done.returncode == 2:
        raise WrongProgram(done.stderr.strip())
    if done.returncode != 0:
        raise RuntimeError(f"{program} ended with {done.returncode}: {done.stderr.strip()[-500:]}")
    return json.loads(done.stdout)
