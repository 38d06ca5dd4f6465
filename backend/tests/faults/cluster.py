"""Two PostgreSQL servers on loopback, one of which leads: Patroni decides by an etcd of its own. All in one scratch folder."""

import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

PROGRAMS = "/usr/lib/postgresql/15/bin"
# Seconds after which a leader that tells nothing is replaced; the least that Patroni takes.
LEASE = 20
CONFIGURATION = """
scope: faults
name: {name}
restapi: {{listen: "127.0.0.1:{rest}", connect_address: "127.0.0.1:{rest}"}}
etcd3: {{hosts: "127.0.0.1:{etcd}"}}
bootstrap:
  dcs:
    ttl: {lease}
    loop_wait: 1
    retry_timeout: 3
    synchronous_mode: true
    postgresql: {{use_pg_rewind: true, parameters: {{max_connections: 100, wal_log_hints: "on"}}}}
  initdb: [{{encoding: UTF8}}, {{locale: C.UTF-8}}, {{auth: trust}}, no-sync]
  pg_hba: ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"]
postgresql:
  listen: "127.0.0.1:{port}"
  connect_address: "127.0.0.1:{port}"
  data_dir: {data}
  bin_dir: {programs}
  pgpass: {data}.pgpass
  parameters: {{unix_socket_directories: "{folder}", shared_buffers: 64MB}}
  authentication:
    superuser: {{username: postgres, password: postgres}}
    replication: {{username: replicator, password: replicator}}
"""


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Node:
    def __init__(self, cluster, name):
        self.cluster, self.name = cluster, name
        self.port, self.rest = free_ports(2)
        self.data = cluster.folder / name
        self.file = cluster.folder / f"{name}.yml"
        self.file.write_text(CONFIGURATION.format(name=name, rest=self.rest, etcd=cluster.etcd_port, lease=LEASE, port=self.port,
                                                  data=self.data, programs=PROGRAMS, folder=cluster.folder))
        self.process = None

    def start(self):
        self.process = self.cluster.spawn("patroni", str(self.file))

    def state(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.rest}/patroni", timeout=2) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as problem:
            return json.load(problem)
        except OSError:
            return {}

    def leads(self):
        state = self.state()
        return state.get("role") in ("master", "primary") and state.get("state") == "running"

    def kill(self):
        """The whole machine, as far as it is there: who decides, and every process of the server. None is asked."""
        self.process.kill()
        self.process.wait()
        postmaster = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        children = pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for process in (postmaster, *map(int, children)):
            os.kill(process, signal.SIGKILL)


class Cluster:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="afterresume-cluster-"))
        # PostgreSQL refuses to run as root.
        self.who = {}
        if os.getuid() == 0:
            user = pwd.getpwnam("postgres")
            self.who = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.log = open(self.folder / "cluster.log", "ab")
        self.etcd_port, peers = free_ports(2)
        self.etcd = self.spawn(
            "etcd", "--data-dir", self.folder / "etcd", "--unsafe-no-fsync", "--log-level", "error",
            "--listen-client-urls", f"http://127.0.0.1:{self.etcd_port}", "--advertise-client-urls",
            f"http://127.0.0.1:{self.etcd_port}", "--listen-peer-urls", f"http://127.0.0.1:{peers}",
            "--initial-advertise-peer-urls", f"http://127.0.0.1:{peers}", "--initial-cluster", f"default=http://127.0.0.1:{peers}")
        self.nodes = [Node(self, name) for name in ("one", "other")]
        self.nodes[0].start()
        self.wait_for(lambda: self.leader())
        self.nodes[1].start()
        self.wait_for(self.is_synchronous)
        hosts = ",".join("127.0.0.1" for _ in self.nodes)
        ports = ",".join(str(node.port) for node in self.nodes)
        self.url = f"postgres://postgres@/postgres?host={hosts}&port={ports}&target_session_attrs=read-write"

    def spawn(self, *command):
        # They end with this script, however it ends.
        return subprocess.Popen(["setpriv", "--pdeathsig", "KILL", *map(str, command)], stdin=subprocess.DEVNULL, stdout=self.log,
                                stderr=self.log, cwd=self.folder, start_new_session=True, **self.who)

    def wait_for(self, condition, seconds=60):
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                raise SystemExit(f"the cluster does not come to be what is wanted; see {self.folder}/cluster.log")
            time.sleep(0.1)

    def leader(self):
        return next((node for node in self.nodes if node.leads()), None)

    def is_synchronous(self):
        """Whether a commit waits for the other server, and that is known to those who would have it lead: Patroni tells its etcd
        after its server, and a leader that dies between the two is not replaced."""
        return any(node.state().get("sync_standby") for node in self.nodes)

    def close(self):
        for node in self.nodes:
            node.process.terminate()
        for node in self.nodes:
            node.process.wait(60)
        self.etcd.kill()
        self.etcd.wait()
        self.log.close()
        shutil.rmtree(self.folder)
