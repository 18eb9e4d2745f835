"""Identity's mutations, gathered."""

import strawberry

from services.identity.mutations.accounts import AccountMutations
from services.identity.mutations.clients import ClientMutations
from services.identity.mutations.exports import ExportMutations
from services.identity.mutations.invitations import InvitationMutations
from services.identity.mutations.members import MemberMutations
from services.identity.mutations.partners import PartnerMutations
from services.identity.mutations.passwords import PasswordMutations
from services.identity.mutations.profile import ProfileMutations
from services.identity.mutations.providers import ProviderMutations
from services.identity.mutations.second_factors import SecondFactorMutations
from services.identity.mutations.sessions import SessionMutations


@strawberry.type
class Mutation(
    AccountMutations,
    ClientMutations,
    ExportMutations,
    InvitationMutations,
    MemberMutations,
    PartnerMutations,
    PasswordMutations,
    ProfileMutations,
    ProviderMutations,
    SecondFactorMutations,
    SessionMutations,
):
    """Refusals are data: `errors` says why nothing was done."""
