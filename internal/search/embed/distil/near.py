#!/usr/bin/env python3
"""Write ../near.bin: for each stem of ../table.bin the stems nearest to it in meaning.

    python3 near.py            (numpy; some seconds)

What it writes depends on the table alone: a magic line with the table's SHA-256, for each stem where its
list ends (little-endian uint32, in entries), then the entries, nearest first: the number of a stem
(uint16) and 255 times the cosine (a byte). ../near.go reads it; a test holds the two together.
"""
import hashlib, pathlib, struct
import numpy as np

MANY, FLOOR, BLOCK = 12, 0.5, 1024  # nearest stems kept of each, least cosine of those, rows at a time

here = pathlib.Path(__file__).resolve().parent
table = (here.parent / "table.bin").read_bytes()
head = b"cigogne static 1\n"
assert table.startswith(head)
n, dims, text = struct.unpack_from("<3I", table, len(head))
at = len(head) + 12 + 4 * n + text + 4 * n
rows = np.frombuffer(table, np.int8, n * dims, at).reshape(n, dims).astype(np.float32)
rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
assert n < 1 << 16

ends, entries = [], []
for start in range(0, n, BLOCK):
    cosines = rows[start:start + BLOCK] @ rows.T
    for i, line in enumerate(cosines, start):
        line[i] = 0
        near = np.flatnonzero(line >= FLOOR)
        scale = np.minimum(255, np.rint(line[near] * 255)).astype(int)
        order = np.lexsort((near, -scale))[:MANY]
        entries += [struct.pack("<HB", near[j], scale[j]) for j in order]
        ends.append(len(entries))
out = b"cigogne near 1 " + hashlib.sha256(table).hexdigest().encode() + b"\n" + struct.pack(f"<{n}I", *ends) + b"".join(entries)
(here.parent / "near.bin").write_bytes(out)
print(f"{n} stems, {len(entries)} neighbours, {len(out)} bytes")
