"""Global ids."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.ids import from_global, new_id, prefix_of, to_global


@given(st.uuids())
def test_an_id_survives_the_way_out_and_back(id: UUID) -> None:
    assert from_global("case", to_global("case", id)) == id


@given(st.uuids(), st.uuids())
def test_global_ids_sort_as_their_uuids_do(one: UUID, other: UUID) -> None:
    assert (to_global("case", one) < to_global("case", other)) == (one < other)


def test_ids_made_later_are_greater() -> None:
    ids = [new_id() for _ in range(100)]

    assert ids == sorted(ids)
    assert {id.version for id in ids} == {7}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "case",
        "case_",
        "case_01J",
        "user_00000000000000000000000000",
        "case_0000000000000000000000000U",
        "case_0000000000000000000000000o",
        "case_Z0000000000000000000000000",
        "case_00000000000000000000000000 ",
    ],
)
def test_what_no_case_can_be_called_has_no_uuid(text: str) -> None:
    assert from_global("case", text) is None


def test_the_prefix_names_the_type() -> None:
    assert prefix_of(to_global("key", new_id())) == "key"
    assert prefix_of("nonsense") == ""
