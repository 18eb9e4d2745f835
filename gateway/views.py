"""Views of one supergraph, each with its own schema and its own documents."""

from collections.abc import Sequence
from typing import Final

from gateway.authentication.principals import Caller
from gateway.authorization.views import ViewSettings
from gateway.documents import Documents
from gateway.settings import EngineSettings
from gateway.supergraph.model import Supergraph
from gateway.supergraph.visibility import visible

#: The view of everybody for whom there is no other.
EXTERNAL: Final = "external"


class Views:
    """The documents of every view; of `others`, the first that is a caller's counts."""

    def __init__(
        self, external: Documents, others: Sequence[tuple[ViewSettings, Documents]] = ()
    ) -> None:
        self._external = external
        self._others = others
        self._by_name = {documents.view: documents for _, documents in others}

    def of(self, caller: Caller | None) -> Documents:
        """What documents mean for the caller."""
        if caller is not None:
            for view, documents in self._others:
                if view.is_of(caller):
                    return documents
        return self._external

    def named(self, name: str) -> Documents:
        """The view's; the external one's where there is none of the name."""
        return self._by_name.get(name, self._external)


def open_views(supergraph: Supergraph, settings: EngineSettings) -> Views:
    """The views that the settings name. Raises `InvalidSupergraph` for one without a query."""
    told = dict(settings.views)
    external = told.pop(EXTERNAL, ViewSettings())
    return Views(
        _documents(EXTERNAL, external, supergraph, settings),
        [(view, _documents(name, view, supergraph, settings)) for name, view in told.items()],
    )


def _documents(
    name: str, view: ViewSettings, supergraph: Supergraph, settings: EngineSettings
) -> Documents:
    hidden = [at for at, tags in supergraph.tags.items() if tags & view.hides]
    asked = view.introspection
    return Documents(
        visible(supergraph.api_schema, hidden) if hidden else supergraph.api_schema,
        settings.limits,
        introspection=settings.in_development if asked is None else asked,
        size=settings.document_cache,
        suggestions=settings.in_development and not view.hides,
        telling=view.denials,
        view=name,
    )
