"""`python -m devtools.sizes`: report the lengths of modules, functions and template lines. It is not a check."""

import ast
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FUNCTION_LINES = 30
TEMPLATE_COLUMNS = 160


def quantiles(numbers: Iterable[int]) -> tuple[int, int, int]:
    """Return the median, the ninth decile and the maximum of some numbers."""
    ordered = sorted(numbers) or [0]
    return ordered[len(ordered) // 2], ordered[len(ordered) * 9 // 10], ordered[-1]


def functions(path: Path) -> list[tuple[str, int]]:
    """Return every function of a module with the number of its lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(node.name, (node.end_lineno or node.lineno) - node.lineno + 1) for node in found]


def report(folder: str) -> list[str]:
    """Return the lines about one folder."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in paths]
    sized = [(path, name, lines) for path in paths for name, lines in functions(path)]
    long = sorted((f for f in sized if f[2] > FUNCTION_LINES), key=lambda f: -f[2])
    module, function = quantiles(lengths), quantiles(lines for _path, _name, lines in sized)
    summary = f"{folder}: {sum(lengths)} lines, modules {len(paths)} of {module} lines, functions of {function} lines"
    return [
        f"{summary}; {len(long)} functions over {FUNCTION_LINES} lines",
        *(
            f"  {path.relative_to(ROOT)}: {name}, {lines} lines"
            for path, name, lines in long
            if folder != "tests"
        ),
    ]


def wide_lines() -> list[str]:
    """Return where lines of templates are too wide to read."""
    return [
        f"  {path.relative_to(ROOT)}:{number}: {len(line)} characters"
        for path in sorted((ROOT / "templates").rglob("*.html"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if len(line) > TEMPLATE_COLUMNS
    ]


def main() -> None:
    """Print the report; three numbers are median, ninth decile and maximum."""
    for folder in ("wss", "tests", "devtools", "bench", "attack"):
        print("\n".join(report(folder)))
    wide = wide_lines()
    print(f"templates: {len(wide)} lines over {TEMPLATE_COLUMNS} characters", *wide[:10], sep="\n")


if __name__ == "__main__":
    main()
