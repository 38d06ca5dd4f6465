"""Other programs with the same three endpoints, run by the scripts of the folder that PEERS names."""

import json
import os
import pathlib
import subprocess

NAMES = ("fastify", "fastapi", "django")
WHAT = {"healthz": "healthz", "list": "list", "post": "create"}


class Peers:
    def __init__(self, folder, scratch):
        self.folder = pathlib.Path(folder) if folder else None
        self.scratch = scratch

    def here(self):
        return self.folder is not None and (self.folder / "run_http_peers.sh").exists()

    def install(self):
        with open(self.scratch / "peers-install.log", "w") as log:
            subprocess.run([self.folder / "install.sh"], check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def run_round(self, seconds, results):
        out = self.scratch / "peers"
        out.mkdir(exist_ok=True)
        with open(self.scratch / "peers.log", "a") as log:
            subprocess.run(
                [self.folder / "run_http_peers.sh", "--rounds", "1", "--secs", str(seconds), *NAMES],
                check=True, env={**os.environ, "PEERS_OUT": str(out)}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for line in (out / "http_peers.jsonl").read_text().splitlines():
            row = json.loads(line)
            if row["peer"] not in NAMES:
                continue
            if row["what"] == "start":
                results.add(row["peer"], "start", cold_ms=row["cold_ms"], idle=row["rss"], busy=row["busy"])
            elif row["what"] in WHAT and row["conns"] == 64:
                results.add(row["peer"], WHAT[row["what"]], rps=row["rps"], p50=row["p50"], p99=row["p99"],
                            rss=row["rss"], bad=row["bad"], busy=row["busy"])
