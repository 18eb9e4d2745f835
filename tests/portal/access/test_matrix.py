"""The committed matrix against the table of roles and capabilities that the product promises."""

from typing import Final

import pytest
from graphql import GraphQLObjectType

from gateway.supergraph.reader import read_supergraph
from portal.access.columns import columns
from portal.commands.access import MATRIX, current_matrix
from portal.subgraphs import SUPERGRAPH
from tests.support.access_matrix import Answer, committed_cells

COLUMNS: Final = tuple(column.code for column in columns())

#: Who may do what; `–` is nobody's, `~` what a rule on the field cannot tell from its neighbours,
#: because one capability serves several of these rows: there the rules of the rows decide alone.
#: The Case Administrator is shown with the least role, support only.
PROMISED: Final = """
see account, addresses            | A A – – – – A – P P * * * * S – –
edit shipping/billing             | A – – – – – A – – – – * – * – – –
list members                      | A A – – – – – – P – * * * – S – –
invite/edit/remove members        | A – – – – – – – P – – – – – – – –
restore a lost administrator      | – – – – – – – – – – – * – – – – –
audit log                         | A – – – – – – – – – – * – – S – –
API clients                       | A – – – – – – – A – – – – – – – –
list keys                         | A A G O O – – – P P * * * – S – –
reference data                    | A A G O – – – – – – – – * – S – –
assign                            | A A G – – – – – – – – – * – S – –
registrations, activations        | A A G O O – – – P – * – * – S – –
key groups                        | A A G – – – – – P P * * * – S – –
deployments                       | A A G – – – – – P P * – * – S – –
downloads                         | A A A A A – – – P P * – * – S – –
create case                       | A A A A A A A A P P * * * – S – –
read cases                        | A O O O O O O A P O Q Q Q – S – –
comment                           | A O O O O O O A P O Q Q Q – S – –
severity                          | – – – – – – – – – – Q Q Q – – – –
invoices                          | A – – – – – A – P – – * – * S – –
pay                               | A – – – – – A – P – – – – – – – –
export keys                       | A A G – – – – – P – ~ ~ * – S – –
export users                      | A ~ – – – – – – P – * * ~ – S – –
export cases                      | A – – – – – – A P – Q * ~ – S – –
export invoices                   | A – – – – – A – P – – * – * S – –
aggregates                        | A A G – – – A – P – Q * * * S * –
"""

#: Where each of them shows. A type alone stands for all of its fields.
FIELDS: Final = {
    "see account, addresses": "Account.billingAddress Account.shippingAddress Account.partners"
    " Account.billingContact Address PartnerRelation",
    "edit shipping/billing": "Mutation.updateAccount",
    "list members": "Account.members Account.invitations Invitation",
    "invite/edit/remove members": "Mutation.inviteUser Mutation.updateMembership"
    " Mutation.removeMembers Mutation.resendInvitation Mutation.revokeInvitation",
    "restore a lost administrator": "Mutation.requestAdministratorRestoration"
    " Mutation.approveAdministratorRestoration",
    "audit log": "Account.auditLog AuditEvent",
    "API clients": "ApiClient Query.apiClient Mutation.createApiClient Mutation.revokeApiClient",
    "list keys": "ProductKey.maskedKey ProductKey.product ProductKey.expiresOn Query.productKey"
    " Query.productKeys Account.productKeys Viewer.productKeys",
    "reference data": "KeyReference.label KeyReference.costCentre KeyReference.note",
    "assign": "Mutation.assignKey",
    "registrations, activations": "Account.activations ProductKey.registrations Activation"
    " ProductKey.lastRegistration ProductKey.activations Registration ProductKey.activationsUsed",
    "key groups": "Account.keyGroups KeyGroup Membership.keyGroups",
    "deployments": "Account.deployments Query.deployment Deployment.name Deployment.seats",
    "downloads": "Query.downloads Download",
    "create case": "Mutation.createCase",
    "read cases": "Query.case Query.cases Account.cases Viewer.cases Case.subject Case.comments"
    " Case.history CaseComment CaseEvent CaseFile User.openCaseCount Viewer.unreadCaseCount",
    "comment": "Mutation.addCaseComment",
    "severity": "Case.severity",
    "invoices": "Query.invoice Query.invoices Account.invoices Account.balances Account.statement"
    " Invoice InvoiceLine.amount CreditNote Payment Statement TaxLine",
    "pay": "Mutation.payInvoices Account.paymentMethods PaymentMethod",
    "export keys": "Query.keyExport KeyExport",
    "export users": "Query.userExport UserExport",
    "export cases": "Query.caseExport CaseExport",
    "export invoices": "Query.invoiceExport InvoiceExport",
    "aggregates": "Query.licenseUtilisation LicenseStat Query.caseStats CaseStat Account.caseStats",
}


def promised() -> dict[str, dict[str, str]]:
    """By capability and column."""
    lines = [line.partition("|") for line in PROMISED.strip().splitlines()]
    return {
        name.strip(): dict(zip(COLUMNS, cells.split(), strict=True)) for name, _, cells in lines
    }


def coordinates(name: str) -> list[tuple[str, str]]:
    """The fields in which a capability shows."""
    found = []
    for wanted in FIELDS[name].split():
        type, _, field = wanted.partition(".")
        fields = [each for each in committed_cells() if each[0] == type and field in ("", each[1])]
        assert fields, wanted
        found += fields
    return found


def test_the_committed_matrix_is_that_of_the_rules() -> None:
    assert MATRIX.read_text() == current_matrix()


def test_every_field_that_clients_know_has_a_cell_for_everybody() -> None:
    schema = read_supergraph(SUPERGRAPH.read_text()).api_schema
    cells = committed_cells()

    known = {
        (type.name, field)
        for type in schema.type_map.values()
        if isinstance(type, GraphQLObjectType) and not type.name.startswith("__")
        for field in type.fields
    }

    assert set(cells) == known
    assert all(tuple(row) == COLUMNS for row in cells.values())


@pytest.mark.parametrize("name", promised())
def test_the_fields_of_a_capability_are_for_those_who_have_it(name: str) -> None:
    cells = committed_cells()
    row = {column: cell for column, cell in promised()[name].items() if cell != "~"}

    wrong = [
        (f"{type}.{field}", column, str(cells[type, field][column]), cell)
        for type, field in coordinates(name)
        for column, cell in row.items()
        if (cells[type, field][column] is Answer.ALLOWED) is (cell == "–")
    ]

    assert wrong == []
