#!/usr/bin/env python3
"""Prints, for each column of each file of a folder, what Cigogne and data.gouv.fr's
csv-detective say it is, side by side with some of its cells, to be judged by eye.

    pip install csv-detective==0.13.0
    python3 tools/roles/roles.py ./dist/cigogne FOLDER > roles.tsv

A line a column: file, column, ours (kind, or role and type), theirs (format, or type),
cells. A file that one of them refuses has its reason as the only line.
"""

import json
import pathlib
import subprocess
import sys


def ours(program, path):
    """Columns by name as `inspect --json` has them, of each table of the file."""
    done = subprocess.run([program, "inspect", str(path), "--json"], capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError((done.stderr or done.stdout).strip())
    read = json.loads(done.stdout)
    columns = {}
    for table in read.get("tables") or [read]:
        for c in table["columns"]:
            columns.setdefault(c["name"], c)
    return columns


def theirs(path):
    """Formats by column as csv-detective has them."""
    from csv_detective import routine

    done = routine(str(path), num_rows=-1, output_profile=True, save_results=False)
    return done["columns"], done.get("profile", {})


def told(c):
    """What is said of a column of ours, shortest first."""
    said = c.get("kind") or c["role"]
    more = [c["type"], c["role"], c.get("unit", ""), c.get("additivity", "")]
    return said + " (" + ", ".join(m for m in more if m) + ")"


def cells(c, profile):
    """Some cells, to judge by."""
    seen = [c.get(k) for k in ("first", "min", "max")] if c else []
    seen += [str(t["value"]) for t in profile.get("tops", [])[:4]]
    return " | ".join(dict.fromkeys(s[:40] for s in seen if s))


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    for path in sorted(folder.iterdir()):
        if not path.is_file():
            continue
        try:
            mine = ours(program, path)
        except ValueError as refused:
            print(path.name, "-", "refused: " + str(refused)[:120], "", "", sep="\t")
            continue
        try:
            other, profile = theirs(path)
        except Exception as refused:  # it raises whatever it meets
            other, profile = {}, {}
            print(path.name, "-", "", f"refused: {refused}"[:120], "", sep="\t")
        for name, c in mine.items():
            t = other.get(name)
            said = f"{t['format']} ({t['python_type']})" if t else "-"
            print(path.name, name.replace("\n", " "), told(c), said, cells(c, profile.get(name, {})).replace("\n", " "), sep="\t")
        for name in other.keys() - mine.keys():
            print(path.name, name.replace("\n", " "), "-", f"{other[name]['format']} ({other[name]['python_type']})", "", sep="\t")


main()
