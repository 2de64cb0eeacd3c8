#!/usr/bin/env python3
"""Holds the cells that questions name beside what Cigogne and jawntmap find of them.

    pip install jawntmap==1.1.0
    go run ./cmd/train -links -sets SET.jsonl,... > links.jsonl
    python3 tools/links/links.py links.jsonl

What is to be found are the texts that the questions' own SQL compares columns with.
jawntmap gets a resolver for each column, asked for every span of one to three words
of the question; its three best candidates of a span are taken.
"""

import json
import re
import statistics
import sys
import time

import jawntmap

TOP, WORDS = 3, 3


def spans(question):
    words = re.findall(r"[\w'’.-]+", question)
    return [" ".join(words[i : i + n]) for n in range(1, WORDS + 1) for i in range(len(words) - n + 1)]


def main():
    resolvers, tally = {}, {}
    for line in open(sys.argv[1], encoding="utf-8"):
        row = json.loads(line)
        if "cells" in row:
            resolvers[row["table"]] = {c: jawntmap.EntityResolver(values) for c, values in row["cells"].items() if values}
            continue
        t = tally.setdefault(row["lang"], {"n": 0, "ours": 0, "theirs": 0, "us": [], "them": [], "offered": [], "cells": []})
        began = time.perf_counter()
        asked = spans(row["question"])
        pairs = {
            (column, c["name"])
            for column, resolver in resolvers[row["table"]].items()
            for found in resolver.resolve_many(asked, TOP)
            for c in found
        }
        t["them"].append(1e3 * (time.perf_counter() - began))
        t["us"].append(row["micros"] / 1e3)
        t["offered"].append(row["offered"])
        t["cells"].append(len(pairs))
        for want in row["literals"]:
            t["n"] += 1
            t["ours"] += want["found"]
            t["theirs"] += (want["column"], want["value"]) in pairs
    for lang, t in sorted(tally.items()):
        print(
            f"{lang}: {t['n']} literals; ours {t['ours'] / t['n']:.3f} in {statistics.median(t['us']):.2f} ms, {statistics.median(t['offered']):.0f} cells offered; "
            f"jawntmap {t['theirs'] / t['n']:.3f} in {statistics.median(t['them']):.2f} ms, {statistics.median(t['cells']):.0f} cells"
        )


main()
