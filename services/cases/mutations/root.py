"""The mutations of cases, gathered."""

import strawberry

from services.cases.mutations.conversation import ConversationMutations
from services.cases.mutations.uploads import UploadMutations


@strawberry.type
class Mutation(ConversationMutations, UploadMutations):
    """Refusals are data: `errors` says why nothing was done."""
