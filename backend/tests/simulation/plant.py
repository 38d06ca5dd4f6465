#!/usr/bin/env python3
"""Plants mistakes in the engine, each alone, and runs the simulation on it: plant.py BUILD_FOLDER

The folder has to hold a build of test_simulation and test_worker_simulation that compiles each source by itself; they first have to
pass as they are. A mistake is compiled from a copy of its source and linked before the engine's library, so nothing of the build
changes. It is found where a case fails and names the seed of the life that showed it: a program that dies, hangs or cannot begin
shows nothing. Prints a line a mistake, in the order in which they are through. Fails when the simulation does not find one, and
when a plant does not fit its source.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import time

import plants

ROOT = pathlib.Path(__file__).resolve().parents[3]
SOURCES = ROOT / "backend/src/engine"
SEED = re.compile(r"of the (?:history|life) with (seed \d+)")
# Of a program that nothing is planted in.
CONTROL_SEEDS = 2
LONGEST = 600


class Misfit(SystemExit):
    pass


def planted(text, changes):
    for old, new in changes:
        if text.count(old) != 1:
            raise Misfit(f"A plant does not fit its source: {text.count(old)} times “{old}”")
        text = text.replace(old, new)
    return text


def compile_command(build, source):
    for command in json.loads((build / "compile_commands.json").read_text()):
        if command["file"] == str(source):
            return command["directory"], shlex.split(command["command"])
    raise SystemExit(f"{build} does not build {source}")


def compile_plant(build, source, text, folder):
    changed = folder / source.name
    changed.write_text(text)
    directory, words = compile_command(build, source)
    words = [str(changed) if word == str(source) else word for word in words]
    words[words.index("-o") + 1] = str(folder / "planted.o")
    subprocess.run([*words, "-w", "-MF", folder / "planted.d"], cwd=directory, check=True)
    return folder / "planted.o"


def link(build, name, planted_object, folder):
    commands = subprocess.run(["ninja", "-C", build, "-t", "commands", name], check=True, capture_output=True, text=True).stdout
    line = next(line for line in reversed(commands.splitlines()) if f"-o backend/tests/{name} " in line)
    program = folder / name
    line = line.replace(f"-o backend/tests/{name} ", f"-o {program} {planted_object} ")
    subprocess.run(line, shell=True, cwd=build, check=True)
    return program


def run(program, seeds, folder):
    """How many cases ran, and a sentence of each that failed: with its seed where a life showed something."""
    report = folder / "report.json"
    environment = {**os.environ, "SIMULATION_SEEDS": str(seeds), "GTEST_OUTPUT": f"json:{report}"}
    try:
        ended = subprocess.run([program], cwd=ROOT / "backend", capture_output=True, env=environment, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return 0, [f"no end within {LONGEST} s"]
    if not report.exists():
        return 0, [f"no report, exit code {ended.returncode}"]
    cases = [(f"{part['name']}.{case['name']}", case.get("failures", []))
             for part in json.loads(report.read_text())["testsuites"] for case in part["testsuite"]]
    return len(cases), [sentence_of(name, failures) for name, failures in cases if failures]


def sentence_of(name, failures):
    seed = SEED.search("\n".join(failure["failure"] for failure in failures))
    return f"{name}, {seed.group(1) if seed else 'without a seed'}"


def check_unplanted(build, simulation):
    with tempfile.TemporaryDirectory(prefix="afterresume-plant.") as place:
        ran, failed = run(build / "backend/tests" / simulation, CONTROL_SEEDS, pathlib.Path(place))
    if failed or not ran:
        raise SystemExit(f"{simulation} does not pass as it is: {'; '.join(failed) or 'no case ran'}")
    print(f"passes  {simulation} with nothing planted", flush=True)


def try_plant(build, seeds, simulation, source, text):
    """(whether it is found, what showed it or what happened instead, seconds)"""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="afterresume-plant.") as place:
        folder = pathlib.Path(place)
        try:
            program = link(build, simulation, compile_plant(build, source, text, folder), folder)
        except subprocess.CalledProcessError:
            return False, "it cannot be built", time.monotonic() - begun
        _, failed = run(program, seeds, folder)
    shown = [sentence for sentence in failed if re.search(r"seed \d+$", sentence)]
    return bool(shown), (shown or failed or ["all cases passed"])[0], time.monotonic() - begun


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=lambda name: pathlib.Path(name).resolve())
    parser.add_argument("--seeds", type=int, default=40)
    parser.add_argument("--jobs", type=int, default=2, help="mistakes at once, of which one may compile while another runs")
    arguments = parser.parse_args()
    begun = time.monotonic()
    fitting = [(simulation, sentence, SOURCES / name, planted((SOURCES / name).read_text(), changes))
               for simulation, sentence, name, changes in plants.all_of_them()]
    for simulation in sorted({simulation for simulation, *_ in fitting}):
        check_unplanted(arguments.build, simulation)
    count = 0
    pool = concurrent.futures.ThreadPoolExecutor(arguments.jobs)
    try:
        tries = {pool.submit(try_plant, arguments.build, arguments.seeds, simulation, source, text): sentence
                 for simulation, sentence, source, text in fitting}
        for done in concurrent.futures.as_completed(tries):
            found, why, seconds = done.result()
            count += found
            print(f"{'found ' if found else 'MISSED'}  {seconds:5.1f} s  {tries[done]} ({why})", flush=True)
    finally:
        pool.shutdown(cancel_futures=True)
    print(f"{count} of {len(fitting)} planted mistakes found in {time.monotonic() - begun:.0f} s")
    return 0 if count == len(fitting) else 1


if __name__ == "__main__":
    sys.exit(main())
