"""The characters of product keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.licensing.key_codes import PREFIXES, completed, new_code, read_code, written
from services.licensing.models import KeyProduct

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODES = st.text(ALPHABET, min_size=19, max_size=19).map(completed)


@pytest.mark.parametrize("product", KeyProduct)
def test_a_new_key_says_what_it_opens(product: KeyProduct) -> None:
    code = new_code(product)

    assert code.startswith(PREFIXES[product])
    assert read_code(code) == code


def test_no_two_keys_are_the_same() -> None:
    assert len({new_code(KeyProduct.SERVER) for _ in range(1_000)}) == 1_000


def test_prefixes_tell_products_apart() -> None:
    assert set(PREFIXES) == set(KeyProduct)
    assert len(set(PREFIXES.values())) == len(KeyProduct)


@given(CODES)
def test_a_key_is_read_as_it_was_written(code: str) -> None:
    assert read_code(written(code)) == code
    assert read_code(f"\t{written(code).lower().replace('-', ' – ')} ") == code


@given(CODES, st.integers(0, 19), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(code: str, place: int, character: str) -> None:
    typed = code[:place] + character + code[place + 1 :]

    assert (read_code(typed) is None) == (typed != code)


@pytest.mark.parametrize(
    "text", ["", "TC", "TCAB-CDEF", "U" * 20, "TCAB-CDEF-GHJK-MNPQ-RSTV-W", "é" * 20, "%" * 20]
)
def test_what_cannot_be_a_key_is_none(text: str) -> None:
    assert read_code(text) is None


def test_a_key_is_printed_in_five_groups_of_four() -> None:
    assert [len(group) for group in written(new_code(KeyProduct.CREATOR)).split("-")] == [4] * 5
