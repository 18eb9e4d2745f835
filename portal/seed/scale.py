"""How much demonstration data there is."""

from dataclasses import dataclass

_KEYS_PER_ACCOUNT = 84
_CASES_PER_ACCOUNT = 167
_INVOICES_PER_ACCOUNT = 100


@dataclass(frozen=True, slots=True)
class Scale:
    """Totals over all accounts; each account gets its share by size."""

    accounts: int = 12
    keys: int = 1_000
    cases: int = 2_000
    invoices: int = 1_200

    @classmethod
    def of(
        cls,
        accounts: int,
        keys: int | None = None,
        cases: int | None = None,
        invoices: int | None = None,
    ) -> "Scale":
        """The usual proportions where no number is given."""
        return cls(
            accounts=accounts,
            keys=keys if keys is not None else accounts * _KEYS_PER_ACCOUNT,
            cases=cases if cases is not None else accounts * _CASES_PER_ACCOUNT,
            invoices=invoices if invoices is not None else accounts * _INVOICES_PER_ACCOUNT,
        )
