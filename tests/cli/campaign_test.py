"""lemmacheck campaign: killed, sharded, merged, on a cluster: the same bytes; stores that are no use; bad input.

usage: campaign_test.py LEMMACHECK_BINARY SOURCE_DIR
LEMMACHECK_KILLS=200 kills more often.
"""

import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from program import PROGRAM, SOURCE, answer, expect, finish, refused, run, written

CLAIMS = ("sim.lemma", "sim.sharp", "avg.gain_b", "total.bellman_unique")
ASKED = (*CLAIMS, "--instances", 6000, "--seed", 7, "--block", 256)
OWN = """lemma near.miss
  given   M = (S, A, r, T, H, rho), M' = (S, A, r, T', H, rho), r in [0, 1], pi : S -> A
  where   eps = max_{s,a} ||T(s,a) - T'(s,a)||_1
  claim   |J(pi,M) - J(pi,M')| <= H(H-1)/4 eps
  expect  holds tight
"""


def summary(store):
    return json.dumps(answer("campaign", "status", "--store", store)["summary"], sort_keys=True)


def check_threads_and_shards(folder):
    one = answer("campaign", "run", "--store", folder / "one.db", *ASKED, "--threads", 1)
    truth = summary(folder / "one.db")
    expect(json.dumps(one["summary"], sort_keys=True) == truth and one["summary"]["complete"], "run prints what status prints")
    verdicts = {claim["id"]: claim["finding"]["verdict"] for claim in one["summary"]["claims"]}
    expect(verdicts == dict(zip(CLAIMS, ("holds", "holds", "holds", "violated"))), f"verdicts: {verdicts}")
    expect(one["progress"]["done"] == one["progress"]["wanted"] == 24000 and len(one["progress"]["sessions"]) == 1, f"progress: {one['progress']}")
    answer("campaign", "run", "--store", folder / "two.db", *ASKED, "--threads", 2)
    expect(summary(folder / "two.db") == truth, "the bytes depend on the number of threads")
    parts = [folder / f"part{i}.db" for i in range(1, 8)]
    answer("campaign", "status", "--store", folder / "two.db", "--out", folder / "certificates")
    certificates = sorted((folder / "certificates").glob("*.json"))
    expect(len(certificates) == 4 and run("verify", *certificates)[0] == 0, f"certificates of a campaign: {certificates}")
    for i, part in enumerate(parts, 1):
        shard = answer("campaign", "run", "--store", part, *ASKED, "--shard", f"{i}/7")
        expect(not shard["summary"]["complete"] and shard["progress"]["done"] == shard["progress"]["wanted"] < 24000, f"shard {i}: {shard['progress']}")
    random.Random(3).shuffle(parts)
    answer("campaign", "merge", "--store", folder / "merged.db", *parts)
    expect(summary(folder / "merged.db") == truth, "shards merged in any order give other bytes")
    answer("campaign", "merge", "--store", folder / "merged.db", folder / "two.db", parts[0])
    expect(summary(folder / "merged.db") == truth, "blocks that several stores have are counted twice")
    some = answer("campaign", "merge", "--store", folder / "some.db", *parts[:3])
    expect(not some["summary"]["complete"], "three of seven parts are not all")
    answer("campaign", "resume", "--store", folder / "some.db")
    expect(summary(folder / "some.db") == truth, "a merge of some parts, resumed")
    return truth


def check_kills(folder, truth):
    """Killed again and again at random moments, then resumed."""
    store, rng = folder / "killed.db", random.Random(1)
    wanted = int(os.environ.get("LEMMACHECK_KILLS", "15"))
    kills, first = 0, [PROGRAM, "campaign", "run", "--store", str(store), *map(str, ASKED)]
    again = [PROGRAM, "campaign", "resume", "--store", str(store)]
    while True:
        begun = store.exists() and run("campaign", "status", "--store", store)[0] != 2
        process = subprocess.Popen(again if begun else first, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if kills < wanted:
            time.sleep(rng.uniform(0.01, 0.6) * min(1, 40 / wanted))
            if process.poll() is None:
                process.kill()
                kills += 1
            elif process.returncode == 0:
                kills += 1  # it was finished already: begin anew
                expect(summary(store) == truth, "killed and resumed: other bytes")
                store.unlink()
            process.communicate()
            continue
        _, err = process.communicate()
        expect(process.returncode == 0, f"resume after {kills} kills: {err}")
        break
    expect(summary(store) == truth, f"after {kills} kills the bytes differ")
    expect(edited(store, "PRAGMA integrity_check") == [("ok",)], "the database is whole")


def check_corpus(folder):
    """What a campaign found is tried first by the next check; a text that changed is another one in the history."""
    lemma, store = written(folder, "own.lemma", OWN), folder / "own.db"
    answer("campaign", "run", lemma, "--store", store, "--instances", 5000)
    alone = answer("check", lemma, "--instances", 1, code=1)["claims"][0]
    helped = answer("check", lemma, "--instances", 1, "--store", store)["claims"][0]
    expect(not alone["as_expected"] and helped["as_expected"] and helped["from_earlier"], f"check --store: {helped}")
    written(folder, "own.lemma", OWN.replace("/4 eps", "/5 eps").replace("holds tight", "false"))
    changed = answer("check", lemma, "--instances", 1, "--store", store)["claims"][0]
    expect(changed["verdict"] == "violated" and changed["from_earlier"], f"check --store of a changed text: {changed}")
    answer("campaign", "run", lemma, "--store", store, "--instances", 500)
    history = answer("campaign", "history", "--store", store)
    runs = history["claims"]["near.miss"]
    expect([(each["verdict"], each["text_changed"]) for each in runs] == [("holds", False), ("violated", True)], f"history: {runs}")
    expect(len(history["campaigns"]) == 2, "history: campaigns")
    page = folder / "page"
    answer("report", "--lemmas", lemma, "--instances", 1, "--store", store, "--out", page)
    shown = json.loads((page / "report.json").read_text())["claims"][0]
    expect(shown["verdict"] == "violated" and shown["from_earlier"], f"report --store: {shown['verdict']}")
    lemma.unlink()
    expect(answer("campaign", "status", "--store", store)["summary"]["complete"], "the store needs no file")
    refused("check", "--store", folder / "none.db", words="no such store")
    refused("check", "sim.lemma", "--strength", "--store", store, words="--store")


def edited(store, sql, *values):
    """Somebody's hand in a store; what a query says."""
    database = sqlite3.connect(store)
    rows = database.execute(sql, values).fetchall()
    database.commit()
    database.close()
    return rows


def copied(whole, store):
    for beside in ("", "-wal", "-shm"):
        Path(f"{store}{beside}").unlink(missing_ok=True)
    shutil.copy(whole, store)


def check_faults(folder, truth):
    whole = folder / "one.db"
    store = folder / "fault.db"
    refused("campaign", "run", "--store", folder / "new.db", "no.such", words="no claim")
    expect(not (folder / "new.db").exists(), "a refused campaign makes no store")
    for shard in ("0/3", "4/3", "1", "1/0", "a/b", "1/2/3", "-1/2"):
        refused("campaign", "run", "--store", folder / "new.db", "sim.lemma", f"--shard={shard}", words=["--shard", "3/7"])
    refused("campaign", "run", "--store", folder / "new.db", "sim.lemma", "sim.lemma", words="twice")
    refused("campaign", "run", "--store", folder, "sim.lemma", words=str(folder))
    refused("campaign", "run", "--store", folder / "none" / "new.db", "sim.lemma", words="cannot be opened")
    refused("campaign", "resume", "--store", folder / "none.db", words="no such store")
    refused("campaign", "merge", "--store", store, folder / "none.db", words="no such store")
    refused("campaign", "merge", "--store", whole, whole, words="once")
    refused("campaign", "merge", "--store", store, whole, folder / "own.db", words="another one")
    expect(not store.exists(), "a refused merge makes no store")
    written(folder, "fault.db", "no database at all, but a text of some length")
    for command in ("status", "resume", "history"):
        refused("campaign", command, "--store", store, words="no store of lemmacheck")
    store.unlink()
    edited(store, "CREATE TABLE somebody_elses (x)")
    before = store.read_bytes()
    for command in (("resume",), ("status",), ("run", "sim.lemma"), ("merge", whole)):
        refused("campaign", command[0], "--store", store, *command[1:], words="no store of lemmacheck")
    expect(store.read_bytes() == before, "somebody else's database is left alone")
    copied(whole, store)
    edited(store, "PRAGMA user_version = 9")
    refused("campaign", "status", "--store", store, words=["layout 9", "layout 1"])
    copied(whole, store)
    key = json.loads(edited(store, "SELECT key FROM campaigns")[0][0])
    for change, words in (({"version": "0.0.9"}, "begun by lemmacheck 0.0.9"), ({"claims": [{**key["claims"][0], "draws": "0" * 16}]}, "draws other instances"),
                          ({"claims": [{**key["claims"][0], "text": "lemma other"}]}, "says something else")):
        edited(store, "UPDATE campaigns SET key = ?", json.dumps({**key, **change}))
        refused("campaign", "resume", "--store", store, words=["cannot be resumed", words])
    copied(whole, store)
    damaged = bytearray(store.read_bytes())
    damaged[5000:9000] = os.urandom(4000)
    store.write_bytes(damaged)
    status, out, err = run("campaign", "status", "--store", store)
    expect(status == 2 and out == "" and "fault.db" in err and err.count("lemmacheck:") == 1, f"a damaged store: {status} {err}")
    copied(whole, store)
    edited(store, "UPDATE segments SET summary = replace(summary, '\"violated\":0', '\"violated\":1')")
    refused("campaign", "status", "--store", store, words=["fault.db", "a summary is damaged", "if and only if"])
    for name in (":memory:", "file:x.db", "file:x.db?mode=memory"):
        process = subprocess.run([Path(PROGRAM).resolve(), "campaign", "run", "sim.lemma", "--instances", "10", "--store", name], capture_output=True, text=True, cwd=folder)
        expect(process.returncode == 0 and (folder / name).stat().st_size > 4096 and not (folder / "x.db").exists(), f"a store called {name}: {process.stderr}")
    refused("campaign", "status", "--store", "", words="--store")
    refused("campaign", "run", "--store", folder / "new.db", "sim.lemma", "--shard", "", words="--shard")
    check_stopping_claim(folder)
    check_gone(folder)
    check_two_writers(folder)
    check_full_disk(folder)
    expect(summary(whole) == truth, "the store itself is as it was")


STOPS = """lemma stops
  given   M = (S, A, r, T, H, rho), r in [0, 1], pi : S -> A
  where   c = max_{s,a} r(s,a)
  where   T''(s'|s,a) = T(s'|s,a) (1 - max(0, c - 99/100))
  where   M'' = (S, A, r, T'', H, rho)
  claim   J(pi,M'') <= H
  expect  holds
"""


def check_stopping_claim(folder):
    """A claim that cannot go on leaves the others alone."""
    lemma, store = written(folder, "stops.lemma", STOPS), folder / "stops.db"
    refused("campaign", "run", lemma, "sim.lemma", "--store", store, "--instances", 2000, "--block", 500, words=["stops", "others' blocks are finished"])
    claims = answer("campaign", "status", "--store", store)["summary"]["claims"]
    expect(claims[1]["summary"]["instances"] == 2000 > claims[0]["summary"]["instances"], f"the others go on: {claims}")


def check_gone(folder):
    """A store that is removed while it is written to."""
    store = folder / "gone.db"
    process = subprocess.Popen([PROGRAM, "campaign", "run", "--store", str(store), "sim.lemma", "--instances", "100000000"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not store.exists() or run("campaign", "status", "--store", store)[0] == 2:
        time.sleep(0.05)
    for beside in ("", "-wal", "-shm"):
        Path(f"{store}{beside}").unlink(missing_ok=True)
    out, err = process.communicate(timeout=60)
    expect(process.returncode == 2 and "moved or removed" in err and out == "", f"a store that is gone: {process.returncode} {err}")


def check_two_writers(folder):
    long = subprocess.Popen([PROGRAM, "campaign", "run", "--store", str(folder / "long.db"), "sim.lemma", "--instances", "1000000000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (folder / "long.db").exists() or run("campaign", "status", "--store", folder / "long.db")[0] == 2:
        time.sleep(0.05)
    refused("campaign", "resume", "--store", folder / "long.db", words="another process writes")
    refused("campaign", "run", "--store", folder / "long.db", "sim.lemma", words="another process writes")
    time.sleep(1.5)
    seen = answer("campaign", "status", "--store", folder / "long.db")
    expect(seen["progress"]["done"] > 0 and seen["progress"]["seconds_left"] > 0, f"status beside a run: {seen['progress']}")
    long.kill()
    long.wait()
    refused("campaign", "run", "--store", folder / "long.db", "sim.lemma", words=["not finished", "resume"])


def check_full_disk(folder):
    """On a small file system of its own, where the machine lets us have one."""
    script = f"""mount -t tmpfs -o size=256k tmpfs {folder}/small && {PROGRAM} campaign run --store {folder}/small/full.db --instances 2000000 --block 16
        echo "exit $?" >&2; cp {folder}/small/full.db* {folder}"""
    (folder / "small").mkdir()
    done = subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, text=True, timeout=600)
    if "exit" not in done.stderr or "mount" in done.stderr:
        print("campaign: no small file system here; a full disk is not tried")
        return
    expect("full" in done.stderr and "exit 2" in done.stderr, f"a full disk: {done.stderr}")
    kept = answer("campaign", "status", "--store", folder / "full.db")
    expect(kept["progress"]["done"] > 0, "what was committed before the disk was full is kept")


def check_scheduler_commands(folder, truth):
    """plan, block and commit: what a cluster is made of."""
    store = folder / "planned.db"
    plan = answer("campaign", "plan", "--store", store, *ASKED, "--most", 8)
    expect(sum(segment["count"] for segment in plan["segments"]) == 4 * 24, "plan lists all blocks")
    results = []
    for segment in plan["segments"][::-1]:
        done = subprocess.run([PROGRAM, "campaign", "block", "--json"], input=json.dumps({"key": plan["key"], **segment}), capture_output=True, text=True)
        results.append(json.loads(done.stdout))
    commit = lambda document: subprocess.run([PROGRAM, "campaign", "commit", "--store", store, "--json"], input=json.dumps(document), capture_output=True, text=True)  # noqa: E731
    wrong = json.loads(json.dumps(results[0]))
    wrong["summary"]["instances"] += 1

    def changed(**members):
        return {**results[0], **members}

    def summarised(**members):
        return changed(summary={**results[0]["summary"], **members})

    others = {"instance": 1 << 60, "tightness": "1"}
    for result, words in ((wrong, "not of"), (changed(claim=99), "claim"), (changed(claim=-1), "/0/claim"), (changed(claim=1e30), "/0/claim"), (changed(first=1 << 40), "blocks"), (changed(first=1 << 62), "/0/first"),
                          (changed(first=-1), "/0/first"), (changed(first=1.5), "/0/first"), (changed(count=3), "power of two"), (changed(count=0), "/0/count"), (changed(more=1), "more"), ({}, "/0"),
                          (summarised(undefined=1 << 62), "more than its instances"), (summarised(tightest=others), "none of its own"), (summarised(by_stratum=[]), "histograms"),
                          (summarised(violated=0), "if and only if"), (summarised(classes={"x": 1 << 62}), "more than"), (summarised(tightest_of=[others, None, None]), "none of its own")):
        done = commit([result])
        expect(done.returncode == 2 and words in done.stderr and done.stderr.count("\n") <= 1 and done.stdout == "", f"commit, {words}: {done.stderr}")
    expect(commit({"a": 1}).returncode == 2, "commit of no list")
    expect(json.loads(commit([results[0]]).stdout)["added"] == 1, "what was refused has left nothing")
    expect(json.loads(commit(results + results[:3]).stdout) == {"added": len(results) - 1, "complete": True}, "commit")
    answer("campaign", "resume", "--store", store)
    expect(summary(store) == truth, "planned, run elsewhere and committed: other bytes")
    again = answer("campaign", "plan", "--store", store, *ASKED)
    expect(again["segments"] == [] and again["key"] == plan["key"], "plan once more: nothing is missing")
    many = answer("campaign", "plan", "--store", folder / "many.db", "sim.lemma", "--instances", 10**15, "--block", 1)
    expect(many["more"] and len(many["segments"]) == 100000, "plan of very many")
    refused("campaign", "plan", "--store", folder / "many.db", *ASKED, words="not finished")
    refused("campaign", "plan", "--store", folder / "many.db", "nothere.lemma", words="neither such a file")
    done = subprocess.run([PROGRAM, "campaign", "block"], input="{", capture_output=True, text=True)
    expect(done.returncode == 2 and "no JSON" in done.stderr, f"block: {done.stderr}")
    text = plan["key"]["claims"][0]["text"]
    for change, words in (({"draws": "0" * 16}, "another program"), ({"id": "sim.other"}, "no claim"), ({"of_ledger": False, "text": text.replace("sim.lemma", "other")}, "not that lemma"),
                          ({"of_ledger": False, "text": "lemma sim.lemma\n given x in [0, 1]"}, "claims nothing")):
        other = json.loads(json.dumps(plan["key"]))
        other["claims"][0].update(change)
        done = subprocess.run([PROGRAM, "campaign", "block"], input=json.dumps({"key": other, **plan["segments"][0]}), capture_output=True, text=True)
        expect(done.returncode == 2 and words in done.stderr, f"block, {words}: {done.stderr}")
    done = subprocess.run([PROGRAM, "campaign", "block"], input=json.dumps({"key": {**plan["key"], "seed": 8}, **plan["segments"][0]}), capture_output=True, text=True)
    expect(done.returncode == 2 and "another seed" in done.stderr, f"block of another seed: {done.stderr}")
    check_false_records(folder, plan, results)


def check_false_records(folder, plan, results):
    """What decides a verdict is computed again when the campaign is concluded."""
    store = folder / "false.db"
    for name, value in (("tightest", {"instance": 3, "tightness": "1"}), ("counterexample", {"instance": 3, "witness": True, "size": [1, 1, 1, 1, 1]})):
        answer("campaign", "plan", "--store", store, *ASKED, "--most", 8)
        made_up = json.loads(json.dumps(results))
        first = next(result for result in made_up if result["claim"] == 0 and result["first"] == 0)
        first["summary"][name] = value
        first["summary"]["violated"] = int(name == "counterexample")
        done = subprocess.run([PROGRAM, "campaign", "commit", "--store", store], input=json.dumps(made_up), capture_output=True, text=True)
        expect(done.returncode == 0, f"commit of made-up {name}: {done.stderr}")
        refused("campaign", "resume", "--store", store, words=["sim.lemma", "instance 3", "is not so"])
        store.unlink()


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        truth = check_threads_and_shards(folder)
        check_kills(folder, truth)
        check_corpus(folder)
        check_scheduler_commands(folder, truth)
        check_faults(folder, truth)
    finish("campaigns")


if __name__ == "__main__":
    main()
