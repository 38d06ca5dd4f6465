#!/usr/bin/env python3
"""Plants mistakes in the engine, one at a time, and runs the simulation on each: plant.py BUILD_FOLDER

The folder has to hold a build of test_simulation and test_worker_simulation. A mistake is compiled from a copy of its source and linked
before the engine's library, so nothing of the build changes. Fails when the simulation does not find one, and
when a plant does not fit its source.
"""

import argparse
import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile
import time

import plants

ROOT = pathlib.Path(__file__).resolve().parents[3]
SOURCES = ROOT / "backend/src/engine"


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


def is_found(program, seeds):
    ran = subprocess.run([program], cwd=ROOT / "backend", capture_output=True, text=True,
                         env={**os.environ, "SIMULATION_SEEDS": str(seeds)}, timeout=600)
    return ran.returncode != 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("build", type=lambda name: pathlib.Path(name).resolve())
    parser.add_argument("--seeds", type=int, default=40)
    arguments = parser.parse_args()
    missed, count = [], 0
    for simulation, sentence, name, changes in plants.all_of_them():
        begun = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="afterresume-plant.") as place:
            folder = pathlib.Path(place)
            source = SOURCES / name
            text = planted(source.read_text(), changes)
            planted_object = compile_plant(arguments.build, source, text, folder)
            found = is_found(link(arguments.build, simulation, planted_object, folder), arguments.seeds)
        count += 1
        missed += [] if found else [sentence]
        print(f"{'found ' if found else 'MISSED'}  {time.monotonic() - begun:5.1f} s  {sentence}", flush=True)
    print(f"{count - len(missed)} of {count} planted mistakes found")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
