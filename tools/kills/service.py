#!/usr/bin/env python3
"""Kills a service at random moments while it answers and posts the month's report, and
beside it what harvests, indexes with an embeddings server, and fetches. What was
acknowledged must be there after each kill:

    python3 tools/kills/service.py PROGRAM [KILLS] [SEED]

An answer is acknowledged by its ID, an index by a run that ended well, a report by
its note in the ledger, which may only be there once the report was posted.
"""
import contextlib, hashlib, http.client, http.server, json, os, random, shutil, signal, sqlite3, subprocess, sys, tempfile, threading, time, urllib.error, urllib.request

program, kills, seed = os.path.abspath(sys.argv[1]), int((sys.argv + ["", "50"])[2] or 50), int((sys.argv[3:] or ["7"])[0])
rand = random.Random(seed)
tmp = tempfile.mkdtemp()
data, records = tmp + "/data", 2000
portal = {"edition": 0, "posts": 0}


class Neighbour(http.server.BaseHTTPRequestHandler):
    """A portal whose records change at each harvest, an embeddings server, a webhook."""

    def log_message(self, *_):
        pass

    def reply(self, kind, body):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):  # who asked was killed
            self.wfile.write(body)

    def do_GET(self):
        base = "http://" + self.headers["Host"]
        if self.path == "/bornes.csv":
            return self.reply("text/csv", b"commune,bornes\nBitche,4\nForbach,19\nSaverne,12\n")
        portal["edition"] += 1
        files = lambda i: [{"@id": f"{base}/{i}/csv", "@type": "dcat:Distribution", "dct:format": "CSV", "dcat:downloadURL": {"@id": base + "/bornes.csv"}}] if i < 20 else []
        self.reply("application/ld+json", {
            "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"}, "@id": base, "@type": "dcat:Catalog",
            "dcat:dataset": [{"@id": f"{base}/{i}", "@type": "dcat:Dataset", "dct:identifier": str(i), "dct:title": f"Relevé {i}, édition {portal['edition']}",
                              "dcat:distribution": files(i)} for i in range(records)]})

    def do_POST(self):
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        time.sleep(rand.uniform(0, 0.1))
        if self.path == "/hook":
            portal["posts"] += 1
            return self.reply("text/plain", b"ok")
        texts = sent["input"] if isinstance(sent["input"], list) else [sent["input"]]
        vector = lambda t: [b / 255 - 0.5 for b in hashlib.sha512(t.encode()).digest()]
        self.reply("application/json", {"data": [{"index": i, "embedding": vector(t)} for i, t in enumerate(texts)]})


neighbour = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Neighbour)
threading.Thread(target=neighbour.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{neighbour.server_address[1]}"
env = dict(os.environ, CIGOGNE_DATA=data, LANG="en_GB.UTF-8", CIGOGNE_EMBEDDINGS_URL=base + "/v1", CIGOGNE_EMBEDDINGS_NAME="hash",
           CIGOGNE_REPORT_WEBHOOK=base + "/hook", CIGOGNE_DISCORD_TOKEN="")
site = "http://127.0.0.1:18477"
ids, faults = {}, []


def start(*args):
    return subprocess.Popen([program, *args], env=env, stdout=subprocess.DEVNULL, stderr=open(tmp + "/err", "w"))


def done(*args):
    return subprocess.run([program, *args], env=env, capture_output=True, text=True)


def ask(stop):
    n = 0
    while not stop.is_set():
        n += 1
        question = f"How many inhabitants in {rand.choice(['Metz', 'Nancy', 'Reims', 'Colmar', 'Toul', 'Sedan', 'Épinal'])} in {rand.randint(2021, 2026)}?"
        request = urllib.request.Request(site + "/api/v1/ask", json.dumps({"question": question}).encode(), {"Content-Type": "application/json"})
        try:
            answer = json.load(urllib.request.urlopen(request, timeout=60))
            if answer.get("answer_id"):
                ids[answer["answer_id"]] = answer["text"]
        except (OSError, ValueError, http.client.HTTPException):
            time.sleep(0.1)


def ready(process):
    for _ in range(600):
        try:
            return urllib.request.urlopen(site + "/readyz", timeout=5).status == 200
        except (OSError, urllib.error.URLError):
            time.sleep(0.1)
        if process.poll() is not None:
            return False


def marked(sql):
    with sqlite3.connect(data + "/ledger.db", timeout=30) as db:
        return db.execute(sql).fetchall()


assert done("harvest", base + "/catalog.jsonld", "--allow-private").returncode == 0
assert done("fetch", "--allow-private").returncode == 0
assert done("ask", "How many inhabitants in Metz?").returncode == 0
month = time.mktime(time.localtime()[:2] + (1, 0, 0, 0, 0, 0, -1))
marked(f"UPDATE answer SET at = {int((month - 10 * 86400) * 1000)}")  # something was asked last month
reports = refreshed = 0
began = {"serve": 0, "refresh": 0}
for i in range(kills):
    marked("DELETE FROM done")
    before = portal["posts"]
    service, stop = start("serve", "--addr", "127.0.0.1:18477", "--rate", "0", "--allow-private"), threading.Event()
    askers = [threading.Thread(target=ask, args=(stop,)) for _ in range(3)]
    [a.start() for a in askers]
    if i % 5:  # else while it starts
        ready(service)
    harvest = start(*rand.choice([("harvest", base + "/catalog.jsonld"), ("fetch",)]), "--allow-private")
    time.sleep(rand.uniform(0.2, 6))
    if harvest.poll() is None:
        began["refresh"] += 1
    refreshed += harvest.poll() == 0
    harvest.kill()
    harvest.wait()
    began["serve"] += service.poll() is None
    service.kill()
    service.wait()
    stop.set()
    [a.join() for a in askers]
    if marked("SELECT count(*) FROM done")[0][0]:
        reports += 1
        if portal["posts"] == before:
            faults.append(f"{i}: a report noted as posted was not")
    held = json.loads(done("status", "--json").stdout or "{}")
    if held.get("datasets") != records or not held.get("tables"):
        faults.append(f"{i}: {held.get('datasets')} datasets, {held.get('tables')} tables")
    kept = {row[0] for row in marked("SELECT id FROM answer")}
    lost = set(ids) - kept
    if lost:
        faults.append(f"{i}: {len(lost)} answers lost, one is {min(lost)}")
        for id in lost:
            del ids[id]
for id in rand.sample(sorted(ids), min(20, len(ids))):
    if done("answer", id).returncode:
        faults.append("not shown: " + id)
doctor = json.loads(done("doctor", "--offline", "--json").stdout)
faults += [f"doctor: {s}" for s in doctor if s["state"] == "fault"]
again = done("harvest", base + "/catalog.jsonld", "--allow-private")
faults += [] if again.returncode == 0 else ["no harvest afterwards: " + again.stderr]
print(f"{began['serve']} services and {began['refresh']} harvests and fetches killed; acknowledged: {len(ids)} answers, {refreshed} refreshes, {reports} reports ({portal['posts']} posts); lost: {len(faults)}")
print("\n".join(faults))
shutil.rmtree(tmp)
sys.exit(bool(faults))
