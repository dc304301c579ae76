"""No hidden count can be had from what is shown, whatever the figures are."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.publication import suppression
from motcua.publication.suppression import Tree

BELOW = 5
OWN = "own "
"""The part of a sum that is no unit: never shown, never known."""


@st.composite
def provinces(draw: st.DrawFn) -> tuple[Tree, dict[str, int]]:
    """Draw a tree of three levels with what each unit handles itself, and return the sums."""
    parents: dict[str, str | None] = {"P": None}
    for n in range(draw(st.integers(0, 5))):
        parents[f"P.{n}"] = "P"
        for m in range(draw(st.integers(0, 3))):
            parents[f"P.{n}.{m}"] = f"P.{n}"
    sizes = st.one_of(st.integers(0, 8), st.integers(0, 300))
    own = {code: draw(sizes) for code in parents}
    return Tree(parents), {code: sum(own[one] for one in own if is_below(one, code)) for code in parents}


def is_below(code: str, top: str) -> bool:
    return code == top or code.startswith(f"{top}.")


def equations(tree: Tree, shown: Sequence[str]) -> tuple[list[str], np.ndarray]:
    """Return the unknown counts, and what a reader knows of them: each sum, with what is shown moved aside."""
    codes = list(tree.parents)
    unknown = [code for code in codes if code not in shown] + [OWN + code for code in codes]
    place = {code: n for n, code in enumerate(unknown)}
    rows = []
    for top in codes:
        row = np.zeros(len(unknown))
        for code, sign in [(top, 1), (OWN + top, -1), *((child, -1) for child in tree.children(top))]:
            if code in place:
                row[place[code]] += sign
        rows.append(row)
    return unknown, np.array(rows)


def is_determined(unknown: Sequence[str], rows: np.ndarray, code: str) -> bool:
    """Tell whether the known sums leave one value only for the count."""
    one = np.zeros(len(unknown))
    one[list(unknown).index(code)] = 1
    return bool(np.linalg.matrix_rank(np.vstack([rows, one])) == np.linalg.matrix_rank(rows))


@given(provinces())
def test_no_hidden_count_follows_from_the_sums_that_are_shown(made: tuple[Tree, dict[str, int]]) -> None:
    tree, counts = made
    hidden = suppression.hidden([counts], tree=tree, below=BELOW)

    shown = [code for code in tree.parents if code not in hidden]
    unknown, rows = equations(tree, shown)
    # A reader may also guess that leaves handle everything: a unit's own part is nothing where it is nothing.
    zero = [unknown.index(OWN + top) for top in tree.parents if own_part(tree, counts, top) == 0 and tree.children(top)]
    known_zero = np.eye(len(unknown))[zero] if zero else np.empty((0, len(unknown)))
    rows = np.vstack([rows, known_zero])
    # What a leaf handles itself is its own count: one unknown, not two.
    leaves = [code for code in tree.parents if not tree.children(code)]
    keep = [n for n, code in enumerate(unknown) if code.removeprefix(OWN) not in leaves or not code.startswith(OWN)]
    leaf_rows = [list(tree.parents).index(code) for code in leaves]
    rows = np.delete(rows, leaf_rows, axis=0)[:, keep]
    unknown = [unknown[n] for n in keep]

    assert [code for code in hidden if counts[code] and is_determined(unknown, rows, code)] == []


@given(provinces())
def test_what_is_hidden_together_counts_no_fewer_than_the_threshold(made: tuple[Tree, dict[str, int]]) -> None:
    tree, counts = made
    hidden = suppression.hidden([counts], tree=tree, below=BELOW)

    for top in tree.parents:
        children = tree.children(top)
        if top not in hidden and any(child in hidden for child in children):
            left = counts[top] - sum(counts[child] for child in children if child not in hidden)
            assert left >= BELOW


@given(provinces())
def test_every_small_count_is_hidden_and_nothing_is_hidden_where_none_is_small(
    made: tuple[Tree, dict[str, int]],
) -> None:
    tree, counts = made
    hidden = suppression.hidden([counts], tree=tree, below=BELOW)

    assert {code for code in counts if 0 < counts[code] < BELOW} <= hidden
    own = {top: own_part(tree, counts, top) for top in counts}
    if not any(0 < one < BELOW for one in (*counts.values(), *own.values())):
        assert hidden == frozenset()


def own_part(tree: Tree, counts: Mapping[str, int], top: str) -> int:
    return counts[top] - sum(counts[child] for child in tree.children(top))


@given(provinces(), provinces())
def test_what_is_small_in_one_indicator_is_hidden_in_the_whole_family(
    made: tuple[Tree, dict[str, int]], other: tuple[Tree, dict[str, int]]
) -> None:
    tree, counts = made
    second = {code: other[1].get(code, 0) for code in tree.parents}

    together = suppression.hidden([counts, second], tree=tree, below=BELOW)

    assert {code for one in (counts, second) for code in one if 0 < one[code] < BELOW} <= together


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ({"P": 300, "P.1": 100, "P.2": 197, "P.3": 3}, {"P.3", "P.1"}),
        ({"P": 300, "P.1": 100, "P.2": 100, "P.3": 100}, set()),
        ({"P": 7, "P.1": 3, "P.2": 2, "P.3": 2}, {"P.1", "P.2", "P.3"}),
        ({"P": 3, "P.1": 3, "P.2": 0, "P.3": 0}, {"P", "P.1"}),
        ({"P": 103, "P.1": 50, "P.2": 50, "P.3": 0}, {"P.1"}),
        ({"P": 0, "P.1": 0, "P.2": 0, "P.3": 0}, set()),
    ],
    ids=[
        "covered by the next",
        "nothing small",
        "all small",
        "only one unit",
        "small rest of the sum",
        "nothing at all",
    ],
)
def test_examples(counts: dict[str, int], hidden: set[str]) -> None:
    tree = Tree({"P": None, "P.1": "P", "P.2": "P", "P.3": "P"})

    assert suppression.hidden([counts], tree=tree, below=BELOW) == hidden


def test_indicators_that_share_a_measure_are_one_family() -> None:
    found = suppression.families([["a", "b"], ["c", "d"], ["e", "b"], ["d", "f"], ["g"]])

    assert found == [frozenset({0, 2}), frozenset({1, 3}), frozenset({4})]
