#!/usr/bin/env python3
"""Reads every #include line of the backend and fails on one that points the wrong way: check.py ROOT

Also fails on marks of unfinished work and on what belongs to one machine; prints, without failing, what
has outgrown its size. The rules are in rules.py.
"""

import os
import pathlib
import re
import sys

import rules

INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]')
SOURCES = {".h", ".cpp"}
WORDS_IN = SOURCES | {".py", ".sh", ".cmake", ".sql", ".yaml", ".yml", ".md", ".txt", ".json", ".lua", ""}
NOT_OURS = {".git", "build", "data", "node_modules", ".cache"}


def included(source, text, src):
    """(line number, path below src/) of each include of our own code."""
    for number, line in enumerate(text.splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        target = found.group(1)
        beside = pathlib.Path(os.path.normpath(source.parent / target))
        if target.split("/")[0] in rules.ROOMS:
            yield number, os.path.normpath(target)
        elif beside.is_relative_to(src) and beside.exists():
            yield number, str(beside.relative_to(src))


def direction(who, what):
    """Why `who` may not include `what`, or None."""
    is_test = bool(rules.TEST_FILE.fullmatch(who))
    if is_test and what.endswith("testing.h"):
        return None
    if not is_test:
        for target, alone, reason in rules.RESERVED:
            if re.fullmatch(target, what) and not re.fullmatch(alone, who):
                return reason
    if any(re.fullmatch(a, who) and re.fullmatch(b, what) for a, b in rules.ALLOWED):
        return None
    here, there = who.split("/")[0], what.split("/")[0]
    if here == there == "features":
        return between_features(who, what, is_test)
    if here == there or here == "main.cpp":
        return None
    if there not in rules.ROOMS.get(here, []):
        return f"{here}/ does not stand on {there}/"
    if not is_test and here == "workflows" and there == "features" and what.split("/")[-1] not in rules.SEEN_BY_WORKFLOWS:
        return "workflows see a feature through " + ", ".join(sorted(rules.SEEN_BY_WORKFLOWS))
    return None


def between_features(who, what, is_test):
    ours, theirs = who.split("/")[1], what.split("/")[1]
    if ours == theirs:
        return None
    for name in (ours, theirs):
        if name not in rules.FEATURES:
            return f"{name} has no place in the list of features"
    if theirs in rules.SEEN_BY_NO_FEATURE:
        return f"no feature knows of {theirs}"
    if rules.FEATURES.index(theirs) > rules.FEATURES.index(ours):
        return f"{theirs} stands above {ours} in the list of features"
    if not is_test and what.split("/", 2)[2] not in rules.SEEN_BY_FEATURES:
        return "features see each other through " + ", ".join(sorted(rules.SEEN_BY_FEATURES))
    return None


def wrong_includes(backend):
    src = backend / "src"
    for source in sorted(path for path in src.rglob("*") if path.suffix in SOURCES):
        who = str(source.relative_to(src))
        for number, what in included(source, source.read_text(errors="replace"), src):
            reason = direction(who, what)
            if reason:
                yield f"backend/src/{who}:{number}: includes {what}: {reason}"


def own_files(root):
    for folder, folders, names in os.walk(root):
        if pathlib.Path(folder) == root:
            folders[:], names = set(folders) - NOT_OURS, set(names) - NOT_OURS
        folders[:] = sorted(name for name in folders if name not in {"node_modules", "__pycache__"})
        yield from (pathlib.Path(folder) / name for name in sorted(names))


def forbidden_words(root):
    rules_of_this = root / "backend/tests/architecture"
    for path in own_files(root):
        if path.suffix not in WORDS_IN or rules_of_this in path.parents or path.name == "package-lock.json":
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            place = f"{path.relative_to(root)}:{number}"
            if path.suffix != ".md" and rules.UNFINISHED.search(line):
                yield f"{place}: a mark of unfinished work"
            for pattern, meaning in rules.FORBIDDEN:
                if pattern.search(line):
                    yield f"{place}: {meaning}"


def budget_of(path):
    if path.name.endswith("_test.cpp"):
        return "test"
    if path.match("app/compos*.cpp"):
        return "composition root"
    return "header" if path.suffix == ".h" else "source"


def functions(text):
    """(first line, name, lines) of each function whose braces close at the left margin."""
    begun = None
    for number, line in enumerate(text.splitlines(), 1):
        if re.match(r"[\w:~<].*\)[^;]*\{$|\) ?(const|noexcept|->).*\{$|\) \{$", line):
            begun = number, re.split(r"[({]", line)[0].split()[-1] if line[0] != ")" else "(function)"
        elif line.startswith("}") and begun:
            yield *begun, number - begun[0] + 1
            begun = None


def outgrown(backend):
    for path in sorted(path for path in (backend / "src").rglob("*") if path.suffix in SOURCES):
        if str(path.relative_to(backend / "src")) in rules.TABLES:
            continue
        text = path.read_text(errors="replace")
        kind, lines = budget_of(path), text.count("\n")
        place = path.relative_to(backend.parent)
        if lines > rules.BUDGETS[kind]:
            yield f"{place}: {lines} lines, a {kind} has {rules.BUDGETS[kind]}"
        for number, name, length in functions(text):
            if length > rules.BUDGETS["function"] and kind != "test":
                yield f"{place}:{number}: {name} has {length} lines, a function has {rules.BUDGETS['function']}"


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
    backend = root / "backend"
    if not any((backend / "src").rglob("*.cpp")):
        sys.exit(f"There are no sources below {backend / 'src'}.")
    for line in outgrown(backend):
        print(f"over budget: {line}")
    wrong = [*wrong_includes(backend), *forbidden_words(root)]
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(wrong)} lines against the rules")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
