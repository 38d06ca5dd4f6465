"""A section of docs/benchmarks.md: its tables, what they were measured on, and its place."""

import datetime
import os
import pathlib
import platform
import re
import subprocess


def number(value, form=",.0f"):
    return "–" if value is None else format(value, form)


def ratio(ours, theirs):
    return "–" if not ours or not theirs else f"{ours / theirs:.2f}" if ours < 10 * theirs else f"{ours / theirs:.0f}"


def table(heads, rows):
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def machine():
    model = re.search(r"model name\s*:\s*(.+)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release()["PRETTY_NAME"]
    return f"{os.cpu_count()} cores of {model.group(1) if model else platform.machine()}, {memory:.0f} GiB, {system}"


def said_by_git(*words):
    root = pathlib.Path(__file__).resolve().parent
    return subprocess.run(["git", *words], cwd=root, capture_output=True, text=True).stdout.strip()


def commit():
    """Dirty where more than documents has changed since."""
    changed = said_by_git("status", "--porcelain", "--untracked-files=no", "--", ":/", ":(top,exclude)docs")
    return (said_by_git("describe", "--always") or "unknown") + ("-dirty" if changed else "")


def head(command):
    """What every section begins with."""
    return f"{datetime.date.today()}, commit {commit()}, {machine()}; `{command}`."


def write(path, command, text):
    """Replaces the section of the command, between its marks, or adds it."""
    path.parent.mkdir(exist_ok=True)
    begin, end = f"<!-- {command} -->", f"<!-- end of {command} -->"
    marked = f"{begin}\n{text}{end}\n"
    old = path.read_text() if path.exists() else "# Benchmarks\n\nEach table is replaced by the command that it names.\n\n"
    if begin in old:
        before, rest = old.split(begin, 1)
        new = before + marked + rest.split(end + "\n", 1)[1]
    else:
        new = old.rstrip("\n") + "\n\n" + marked
    path.write_text(new)
