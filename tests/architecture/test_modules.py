"""Modules are small, say what they are, and know no clock and no vague names."""

import ast
from collections.abc import Iterator

import pytest

import repository

MOST_LINES = 400
VAGUE = {"utils", "helpers", "common", "base", "managers", "misc"}  # "services" is a word of the law here
CLOCKS = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
CLOCKS |= {("time", "time_ns"), ("time", "localtime"), ("time", "gmtime")}


def test_no_module_is_longer_than_four_hundred_lines() -> None:
    long = {
        repository.name(path): lines
        for path in repository.tracked()
        if path.suffix == ".py"
        and path.parent.name != "migrations"  # written by a tool
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }

    assert long == {}


def test_every_module_of_the_program_starts_with_a_sentence() -> None:
    silent = [
        repository.name(path) for path in repository.modules("src") if not ast.get_docstring(repository.parsed(path))
    ]

    assert silent == []


def test_no_module_has_a_vague_name() -> None:
    assert [repository.name(path) for path in repository.modules("src") if path.stem in VAGUE] == []


def clock_readings(tree: ast.Module) -> list[int]:
    """Return the lines on which the wall clock is read."""
    lines = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            last = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
            if (last, node.func.attr) in CLOCKS:
                lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("code", ["datetime.now(tz)", "datetime.datetime.utcnow()", "date.today()", "time.time()"])
def test_reading_the_clock_is_noticed(code: str) -> None:
    assert clock_readings(ast.parse(code)) == [1]


def test_the_clock_is_read_by_the_command_line_only() -> None:
    below = [path for path in repository.modules("src") if "cli" not in path.relative_to(repository.ROOT).parts]
    read = {repository.name(path): lines for path in below if (lines := clock_readings(repository.parsed(path)))}

    assert read == {}


def public_functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Go through the functions of the module and the methods of its public classes."""
    for node in tree.body:
        inner = node.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_") else [node]
        yield from (one for one in inner if isinstance(one, ast.FunctionDef) and not one.name.startswith("_"))


def test_nothing_public_takes_a_boolean_switch() -> None:
    wrong = [
        f"{repository.name(path)}:{function.lineno} {function.name}({argument.arg})"
        for path in repository.modules("src")
        if "cli" not in path.parts  # options of commands are switches by nature
        for function in public_functions(repository.parsed(path))
        for argument in [*function.args.args, *function.args.kwonlyargs]
        # a default is a value to give back, not a switch
        if isinstance(argument.annotation, ast.Name) and argument.annotation.id == "bool" and argument.arg != "default"
    ]

    assert wrong == []
