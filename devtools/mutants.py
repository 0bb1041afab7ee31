"""`python -m devtools.mutants`: mutate a sample of the rules and report the mutants that no test detects.

Cosmic Ray makes the mutants. Each is written into a copy of the project, where the tests that import the mutated
module run on SQLite until the first failure. The same seed draws the same sample.
"""

import argparse
import ast
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

from cosmic_ray.ast import ast_nodes, get_ast_from_path
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parent.parent
TARGETS = (
    "wss/domain/**/*.py",
    "wss/web/access.py",
    "wss/web/access_table.py",
    "wss/services/shared/rate_limits.py",
    "wss/services/shared/links.py",
    "wss/queries/limits.py",
    "wss/queries/codes.py",
    "wss/vault.py",
)
# Operators that change a rule. Others make code that cannot run or that is equivalent (annotations, decorators).
OPERATORS = (
    *(
        f"core/ReplaceComparisonOperator_{change}"
        for change in ("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is")
    ),
    *(f"core/ReplaceComparisonOperator_{change}" for change in ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt")),
    *(
        f"core/ReplaceBinaryOperator_{change}"
        for change in ("Add_Sub", "Sub_Add", "Mul_FloorDiv", "FloorDiv_Mul")
    ),
    *(
        f"core/{name}"
        for name in ("AddNot", "ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceUnaryOperator_Delete_Not")
    ),
    *(f"core/{name}" for name in ("ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "NumberReplacer")),
    *(
        f"core/{name}"
        for name in ("ZeroIterationForLoop", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak")
    ),
)
# Fast folders first: most mutants are detected before the slow ones run.
TEST_FOLDERS = ("domain", "queries", "gateways", "services", "web", "project")
MOST_FILES = 8
PATIENCE_S = 90
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "instance", ".attack", ".hypothesis", ".*_cache", "*.db")


@dataclass(frozen=True, order=True)
class Mutant:
    """One change of one file: the operator, and the index among the positions it can change."""

    path: str
    operator: str
    occurrence: int
    line: int


def mutants() -> list[Mutant]:
    """Return every mutant of the targets."""
    paths = sorted({path for target in TARGETS for path in ROOT.glob(target)})
    return [mutant for path in paths for mutant in _mutants_of(path)]


def _mutants_of(path: Path) -> Iterator[Mutant]:
    nodes = list(ast_nodes(get_ast_from_path(path)))
    source = path.read_text(encoding="utf-8").splitlines()
    for name in OPERATORS:
        operator = get_operator(name)()
        lines = [start[0] for node in nodes for start, _end in operator.mutation_positions(node)]
        for occurrence, line in enumerate(lines):
            # A decorator's argument (frozen, slots) changes no rule.
            if source[line - 1].lstrip().startswith("@"):
                continue
            yield Mutant(str(path.relative_to(ROOT)), name, occurrence, line)


def imports_of(path: Path) -> set[str]:
    """Return the names of the modules that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def module_of(path: str) -> str:
    """Return the dotted name of a file."""
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class NearestTests:
    """Test files by what they import, directly or through other modules."""

    def __init__(self) -> None:
        self._tests = _importers(
            [path for name in TEST_FOLDERS for path in (ROOT / "tests" / name).rglob("test_*.py")]
        )
        self._modules = _importers(list((ROOT / "wss").rglob("*.py")))

    def of(self, module: str) -> list[str]:
        """Return the test files that import a module; when they are few, also those of the modules that import it."""
        found: list[str] = []
        seen, waiting = {module}, [module]
        while waiting and len(found) < MOST_FILES:
            near = {path for name in waiting for path in self._tests.get(name, [])} - set(found)
            found += sorted(near, key=lambda path: _distance(path, module))
            importing = {module_of(path) for name in waiting for path in self._modules.get(name, [])}
            waiting = sorted(importing - seen)
            seen |= importing
        return found[:MOST_FILES]


def _importers(paths: list[Path]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for path in paths:
        for module in imports_of(path):
            found.setdefault(module, []).append(str(path.relative_to(ROOT)))
    return found


def _distance(path: str, module: str) -> tuple[bool, int, str]:
    """Order test files: the one with the module's own name, then by folder."""
    return (
        not path.endswith(f"/test_{module.rpartition('.')[2]}.py"),
        TEST_FOLDERS.index(path.split("/")[1]),
        path,
    )


def run_tests(folder: Path, paths: list[str]) -> str:
    """Run test files in a copy until the first failure; return the result of the mutant."""
    command = [
        sys.executable,
        "-B",
        "-m",
        "pytest",
        "-xq",
        "--fast",
        "--no-header",
        "-p",
        "no:cacheprovider",
        *paths,
    ]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    try:
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=PATIENCE_S)
    except subprocess.TimeoutExpired:
        return "timeout"
    return {0: "survived", 5: "no test"}.get(done.returncode, "killed")


def try_mutant(folder: Path, mutant: Mutant, paths: list[str]) -> str:
    """Run the tests of a mutant in a copy of the project, then restore the module."""
    place = folder / mutant.path
    original, times = place.read_text(encoding="utf-8"), place.stat()
    place.write_text(
        mutate_code(original, get_operator(mutant.operator)(), mutant.occurrence), encoding="utf-8"
    )
    # Python recognizes compiled files by the time and size of their source: each mutant needs its own modification
    # time.
    os.utime(place, (times.st_atime, times.st_mtime + 1 + mutant.occurrence))
    try:
        return run_tests(folder, paths) if paths else "no test"
    finally:
        place.write_text(original, encoding="utf-8")
        os.utime(place, (times.st_atime, times.st_mtime))


def try_all(sample: list[Mutant], minutes: float, workers: int) -> dict[Mutant, str]:
    """Test mutants in several copies at once until the time is used up."""
    tests, results = NearestTests(), dict[Mutant, str]()
    ends_at = time.monotonic() + 60 * minutes
    with tempfile.TemporaryDirectory(prefix="wss-mutants-") as parent:
        copies: Queue[Path] = Queue()
        for number in range(workers):
            copies.put(Path(shutil.copytree(ROOT, Path(parent) / str(number), ignore=NOT_COPIED)))

        def attempt(mutant: Mutant) -> None:
            if time.monotonic() < ends_at:
                folder = copies.get()
                results[mutant] = try_mutant(folder, mutant, tests.of(module_of(mutant.path)))
                copies.put(folder)

        with ThreadPoolExecutor(workers) as pool:
            list(pool.map(attempt, sample))
    return results


def main() -> int:
    """Draw a sample, test it and report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=int(os.environ.get("WSS_SEED", "1")))
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    every = mutants()
    drawn = random.Random(options.seed)  # noqa: S311  a sample, not a secret
    sample = drawn.sample(every, min(options.count, len(every)))
    results = try_all(sample, options.minutes, options.workers)
    counts = Counter(results.values())
    print(
        f"mutants, seed {options.seed}: {len(results)} of {len(every)} tried,"
        + "".join(f" {counts[name]} {name}," for name in ("killed", "timeout", "survived", "no test")).rstrip(
            ","
        )
    )
    for mutant, result in sorted(results.items()):
        if result in ("survived", "no test"):
            print(
                f"  {result}: {mutant.path}:{mutant.line} {mutant.operator.removeprefix('core/')} {mutant.occurrence}"
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
