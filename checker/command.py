"""The command line of the second checker."""

import argparse
import json
import sys

from . import certificate, hand_written
from .basics import Rejected, Unreadable, parse_json, read_text


def verify(text):
    """What the certificate in the text shows, such as "sim.lemma: 1/2 <= 1"; or Rejected."""
    document = parse_json(text)
    if isinstance(document, dict) and "lemma" in document:
        return certificate.verify(document)
    return hand_written.verify(document)


def judge(file):
    """{"file", "accepted", "reason"} for one file."""
    try:
        return {"file": file, "accepted": True, "reason": verify(read_text(file))}
    except Rejected as fault:
        return {"file": file, "accepted": False, "reason": str(fault)}
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError) as fault:  # of this file alone
        return {"file": file, "accepted": False, "reason": f"this checker fails on it: {type(fault).__name__}: {fault}"}


def parse_arguments(arguments):
    """The command line."""
    parser = argparse.ArgumentParser(
        description="Check lemmacheck certificates independently, in exact fractions.",
        epilog="Exit status: 0 all accepted, 1 a certificate is rejected, "
               "2 bad usage or unreadable input.")
    parser.add_argument("files", nargs="*", metavar="CERT.json")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--quiet", action="store_true", help="print rejected certificates only")
    parser.add_argument("--list", action="store_true", help="print the ids of the claims written by hand; a lemma that is a text needs none")
    options = parser.parse_args(arguments)
    if not options.files and not options.list:
        parser.error("a certificate is expected")
    return options


def main(arguments=None):
    """The exit status."""
    options = parse_arguments(arguments)
    if hasattr(sys, "set_int_max_str_digits"):
        sys.set_int_max_str_digits(0)  # LONGEST_NUMBER is the limit here
    sys.stdout.reconfigure(errors="backslashreplace")  # a file name may be anything
    if options.list:
        print("\n".join(hand_written.CLAIMS))
        return 0
    results = []
    for file in options.files:
        try:
            result = judge(file)
        except Unreadable as fault:
            print(f"verify_certificate.py: {file}: {fault}", file=sys.stderr)
            return 2
        results.append(result)
        if not options.json and not (options.quiet and result["accepted"]):
            verdict = "accepted" if result["accepted"] else "rejected"
            print(f"{verdict}: {file}: {result['reason']}")
    if options.json:
        print(json.dumps({"certificates": results}, indent=1))
    return 0 if all(result["accepted"] for result in results) else 1
