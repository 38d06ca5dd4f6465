"""A database server that is stopped and started again under processes that work by it."""

import contextlib
import importlib.machinery
import importlib.util
import pathlib
import signal
import time

from cutting import CALLS, enqueue, is_back
from engine import UNDISTURBED

TOOL = pathlib.Path(__file__).resolve().parents[3] / "tools/with-postgres"
# As pg_ctl stops it: "fast" ends every session in order, "immediate" ends them at once and has the log read again.
WAYS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


@contextlib.contextmanager
def own_server():
    """One that nobody else uses."""
    loader = importlib.machinery.SourceFileLoader("with_postgres", str(TOOL))
    tool = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(tool)
    server = tool.Server({**tool.COMMON, **tool.SCRATCH})
    try:
        server.create()
        server.start()
        yield server
    finally:
        server.remove()


def restart(make_engine, rounds, chance):
    """I1, I3, I4, I7: the server is restarted under load; the processes are never, and go on by themselves."""
    with own_server() as server:
        engine = make_engine(server.url())
        lives = [engine.start(*CALLS, "--lease-ms", UNDISTURBED) for _ in range(2)]
        found, longest = [], 0.0
        for name in chance.sample(list(WAYS) * rounds, rounds * len(WAYS)):
            enqueue(engine)
            before = {life: len(life.calls()) for life in lives}
            engine.wait_for(lambda: all(len(life.calls()) > before[life] + life.concurrency for life in lives))
            for life in lives:
                life.disturbances += 1
            server.stop(WAYS[name])
            server.start()
            started = time.time()
            if not all(is_back(engine, life, started) for life in lives):
                found.append(f"{name}: a process did not come back")
            longest = max(longest, time.time() - started)
        found += engine.settle() + engine.faults() + engine.calls_of_kept_steps()
        again = sum(engine.called_again().values())
        engine.close(keep=bool(found))
    return found, f"{rounds * len(WAYS)} restarts, back within {longest:.1f} s, {again} calls repeated"
