"""Other job queues, run by the scripts of the folder that PEERS names."""

import json
import os
import pathlib
import subprocess

NAMES = ("pgboss", "bullmq", "graphile", "sidekiq", "celery")
FIGURES = {"drain": "drain", "bulk enqueue": "bulk", "single enqueue x8": "single"}


class Peers:
    def __init__(self, folder, scratch):
        self.folder = pathlib.Path(folder) if folder else None
        self.scratch = scratch

    def here(self):
        return self.folder is not None and (self.folder / "run_job_peers.sh").exists()

    def install(self):
        with open(self.scratch / "peers-install.log", "w") as log:
            subprocess.run([self.folder / "install.sh"], check=True, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def run_round(self, jobs, results):
        out = self.scratch / "peers"
        out.mkdir(exist_ok=True)
        with open(self.scratch / "peers.log", "a") as log:
            subprocess.run(
                [self.folder / "run_job_peers.sh", "--rounds", "1", "--jobs", str(jobs), *NAMES],
                check=True, env={**os.environ, "PEERS_OUT": str(out)}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        for line in (out / "job_peers.jsonl").read_text().splitlines():
            row = json.loads(line)
            if row["what"] == "latency":
                results.add(row["peer"], "latency", p50=row["p50"], p99=row["p99"], busy=row["busy"])
            elif row["what"] in FIGURES:
                figure = FIGURES[row["what"]]
                results.add(row["peer"], figure, **{figure: row["per_s"]}, rss=row.get("rss"), busy=row["busy"])
