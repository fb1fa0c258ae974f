"""Segments out, summaries in. Dask schedules, retries what lost workers had, and shows it all on its dashboard."""

import itertools
import time

import cloudpickle
from distributed import Client, as_completed

from . import work

cloudpickle.register_pickle_by_value(work)

MOST_ATTEMPTS = 20  # of one segment; a worker that is killed takes its segments with it
SECONDS_TO_COMMIT = 1.0


class Failed(Exception):
    """The cluster cannot go on."""


def connected(address):
    try:
        return Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError) as fault:
        raise Failed(f"no scheduler answers at {address} ({fault})") from fault


def run_on_cluster(address, program, plan, commit, tell):
    """Runs every segment of the plan; `commit` gets lists of summaries, `tell` how many segments are done."""
    with connected(address) as client:
        segments = ({"key": plan["key"], **segment} for segment in plan["segments"])
        # Few enough at once that memory does not grow with the campaign.
        window = max(16, 4 * sum(client.nthreads().values()))
        attempts, tasks = {}, {}
        running = as_completed([], with_results=False)

        def submit(task, attempt=1):
            name = f"claim{task['claim']}-block{task['first']}-{task['count']}-try{attempt}"
            future = client.submit(work.run_segment, program, task, key=name, pure=False)
            tasks[future.key], attempts[future.key] = task, attempt
            running.add(future)

        for task in itertools.islice(segments, window):
            submit(task)
        results, done, last = [], 0, time.monotonic()
        for future in running:
            task, attempt = tasks.pop(future.key), attempts.pop(future.key)
            fault = future.exception()
            if isinstance(fault, work.WrongProgram):
                raise Failed(str(fault))
            if fault is not None:
                if attempt >= MOST_ATTEMPTS:
                    raise Failed(f"a segment failed {attempt} times: {fault}")
                submit(task, attempt + 1)
                continue
            results.append(future.result())
            done += 1
            for following in itertools.islice(segments, 1):
                submit(following)
            if time.monotonic() - last >= SECONDS_TO_COMMIT:
                commit(results)
                results, last = [], time.monotonic()
                tell(done)
        if results:
            commit(results)
        tell(done)
