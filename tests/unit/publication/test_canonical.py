"""The same document is the same bytes, however it was put together."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motcua.kernel.errors import UserError
from motcua.publication import canonical
from motcua.publication.store import Store

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
documents = st.dictionaries(
    st.text(max_size=5),
    st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner)),
)


@given(documents, st.randoms(use_true_random=False))
def test_the_order_of_keys_changes_nothing(document: dict[str, Any], chance: Any) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            keys = list(value)
            chance.shuffle(keys)
            return {key: shuffled(value[key]) for key in keys}
        return [shuffled(one) for one in value] if isinstance(value, list) else value

    try:
        expected = canonical.encoded(document)
    except UnicodeEncodeError:
        return
    assert canonical.encoded(shuffled(document)) == expected


def test_composed_and_decomposed_letters_are_the_same_bytes() -> None:
    assert canonical.encoded({"a": "Xa\u0303"}) == canonical.encoded({"a": "X\u00e3"}) == '{"a":"X\u00e3"}\n'.encode()


@pytest.mark.parametrize("value", [0.1, [1, {"a": 2.0}], Fraction(1, 3)])
def test_what_has_no_one_way_to_be_written_is_refused(value: object) -> None:
    with pytest.raises(TypeError):
        canonical.encoded({"a": value})


@pytest.mark.parametrize(
    ("value", "written"),
    [(Fraction(1, 3), "0.3333"), (Fraction(2, 3), "0.6667"), (Fraction(1, 20000), "0.0001"), (None, None)],
)
def test_numbers_have_so_many_decimals_halves_upwards(value: Fraction | None, written: str | None) -> None:
    assert canonical.decimal(value, decimals=4) == written


def test_the_store_keeps_a_file_once_and_notices_a_change(tmp_path: Any) -> None:
    store = Store(tmp_path)
    digest = store.put(b"abc")

    assert store.put(b"abc") == digest
    assert store.get(digest) == b"abc"
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [digest]
    (tmp_path / digest[:2] / digest).write_bytes(b"abd")
    with pytest.raises(UserError, match="bị thay đổi"):
        store.get(digest)
    assert store.put(b"abc") == digest
    assert store.get(digest) == b"abc"
