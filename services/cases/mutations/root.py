"""The mutations of cases, gathered."""

import strawberry

from services.cases.mutations.conversation import ConversationMutations
from services.cases.mutations.editing import EditingMutations
from services.cases.mutations.feedback import FeedbackMutations
from services.cases.mutations.sharing import SharingMutations
from services.cases.mutations.triage import TriageMutations
from services.cases.mutations.uploads import UploadMutations


@strawberry.type
class Mutation(
    ConversationMutations,
    EditingMutations,
    FeedbackMutations,
    SharingMutations,
    TriageMutations,
    UploadMutations,
):
    """Refusals are data: `errors` says why nothing was done."""
