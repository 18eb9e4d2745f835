"""How much planning one operation may take."""

from dataclasses import dataclass

from gateway.operation.normalise import MOST_FIELDS


@dataclass(frozen=True, slots=True)
class Budget:
    """Past any of these an operation is refused, or the best plan so far is taken.

    `fields` are those of the operation once fragments are unfolded for every type they can meet;
    `steps` are the search's, of which a large page takes two hundred; so many `plans` are
    compared; `milliseconds` of the processor's time end what a slow one would draw out.
    """

    fields: int = MOST_FIELDS
    steps: int = 2_500
    plans: int = 8
    milliseconds: int = 1_000
