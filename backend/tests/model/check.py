#!/usr/bin/env python3
"""Checks the program's protocols with Spin: check.py [--traces FOLDER] [MODEL…]

Every model has to hold over its whole state space, under each assumption that is listed for it, and every
variant that leaves out a precaution (a BROKEN_… switch that the model names) has to be found out. Needs spin
and clang-19. Prints one line a run. With --traces only the recorded histories in FOLDER are held against
lease.pml: each has to be one that the model allows.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

FOLDER = pathlib.Path(__file__).resolve().parent
# What a model is checked under, besides nothing; the last for a variant, below.
CRASHES = ["MOST_CRASHES=1", "MOST_SNOOZES=0", "MOST_REDRIVES=0"]
REDRIVES = ["BOUNDED_CLOCKS", "MOST_SNOOZES=0", "BROKEN_FENCE_WITHOUT_WORKER"]
ASSUMPTIONS = {"lease": [["BOUNDED_CLOCKS"], ["MOST_RESCUES=0"], CRASHES, ["BOUNDED_CLOCKS", *CRASHES], REDRIVES]}
# Variants that do harm only under an assumption: two workers can lose a job twice, no more; and the worker in the
# fence hides a number that comes again, but for two attempts of one worker, which the model does not have. Where that
# takes another variant, it holds alone, so that it is this one which is found out.
VARIANT_UNDER = {"BROKEN_TRUST_UNCHECKED": ["BOUNDED_CLOCKS"], "BROKEN_RESCUE_UNCOUNTED": ["MOST_RESCUES=0"],
                 "BROKEN_FENCE_WITHOUT_WORKER": CRASHES, "BROKEN_REDRIVE_RESETS": REDRIVES}
DEEPEST, MEGABYTES = 1_000_000, 8_000


def explore(model, switches, folder, trace=None):
    """(errors, states, seconds) of the whole state space, or up to the first error."""
    shutil.copy(FOLDER / f"{model}.pml", folder)
    if trace:
        shutil.copy(trace, folder / "recorded.trace")
    flags = [f"-D{switch}" for switch in switches]
    subprocess.run(["spin", *flags, "-a", f"{model}.pml"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    # A trace is one long function that runs once: optimising it takes minutes.
    level = "-O0" if trace else "-O2"
    subprocess.run(["clang-19", level, "-w", "-DSAFETY", "-DCOLLAPSE", f"-DMEMLIM={MEGABYTES}", "-o", "pan", "pan.c"],
                   cwd=folder, check=True)
    begun = time.monotonic()
    said = subprocess.run(["./pan", f"-m{DEEPEST}"], cwd=folder, capture_output=True, text=True).stdout
    found = re.search(r"errors: (\d+)\s+([\d.e+]+) states, stored", said)
    if not found or "max search depth too small" in said or "reached -DMEMLIM" in said:
        raise RuntimeError(f"{model} {' '.join(switches)} could not be searched to its end:\n{said[-2000:]}")
    return int(found.group(1)), int(float(found.group(2))), time.monotonic() - begun


def variants(model):
    text = (FOLDER / f"{model}.pml").read_text()
    return sorted(set(re.findall(r"^#(?:ifn?def|if defined\(|elif defined\()\s*(BROKEN_\w+)", text, re.MULTILINE)))


def runs(model):
    """(switches, whether it has to hold) of everything to be tried of a model."""
    yield [], True
    for assumption in ASSUMPTIONS.get(model, []):
        yield assumption, True
    for variant in variants(model):
        yield [*VARIANT_UNDER.get(variant, []), variant], False


def searches(arguments, models):
    """(model, switches, trace, whether it has to hold) of all that is asked for."""
    if arguments.traces:
        for trace in sorted(arguments.traces.glob("*.trace")):
            yield "lease", ["TRACE", "MOST_RESCUES=2", "MOST_ATTEMPTS=3"], trace, True
        return
    for model in arguments.model or models:
        for switches, has_to_hold in runs(model):
            yield model, switches, None, has_to_hold


def main():
    models = sorted(path.stem for path in FOLDER.glob("*.pml"))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", nargs="*", choices=[[], *models], help="all when none is named")
    parser.add_argument("--traces", type=pathlib.Path)
    wrong, tried = 0, 0
    for model, switches, trace, has_to_hold in searches(parser.parse_args(), models):
        with tempfile.TemporaryDirectory(prefix="afterresume-model.") as place:
            errors, states, seconds = explore(model, switches, pathlib.Path(place), trace)
        right = (errors == 0) == has_to_hold
        tried, wrong = tried + 1, wrong + (not right)
        under = trace.name if trace else " ".join(switches) or "–"
        print(f"{model:<10} {under:<42} {states:>12,} states {seconds:>7.1f} s  "
              f"{'holds' if errors == 0 else 'found out'}{'' if right else '   WRONG'}", flush=True)
    print(f"{tried} searches, {wrong} with another end than expected")
    return 1 if wrong or not tried else 0


if __name__ == "__main__":
    sys.exit(main())
