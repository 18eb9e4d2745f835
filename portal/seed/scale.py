"""How much demonstration data there is."""

from dataclasses import dataclass

_KEYS_PER_ACCOUNT = 84
_CASES_PER_ACCOUNT = 167
_INVOICES_PER_ACCOUNT = 100
_KEYS_PER_DEPLOYMENT = 50

#: The contracts of every account, one after the other.
CONTRACTS_PER_ACCOUNT = 2


@dataclass(frozen=True, slots=True)
class Scale:
    """Totals over all accounts; each account gets its share by size."""

    accounts: int = 12
    keys: int = 1_000
    cases: int = 2_000
    invoices: int = 1_200

    def keys_of(self, share: float) -> int:
        """How many product keys an account with this share of all has."""
        return _part(self.keys, share)

    def deployments_of(self, share: float) -> int:
        """How many deployments it has."""
        return max(1, self.keys_of(share) // _KEYS_PER_DEPLOYMENT)

    def cases_of(self, share: float) -> int:
        """How many cases it has."""
        return _part(self.cases, share)

    def invoices_of(self, share: float) -> int:
        """How many invoices it has."""
        return _part(self.invoices, share)

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


def _part(total: int, share: float) -> int:
    return max(1, round(total * share))
