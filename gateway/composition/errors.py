"""Why subgraphs do not compose, and what is odd though they do."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Self


class Code(StrEnum):
    """What is wrong, in the vocabulary of Apollo's reference; a code is public API."""

    @staticmethod
    def _generate_next_value_(name: str, *_: object) -> str:
        return name

    AUTH_REQUIREMENTS_APPLIED_ON_INTERFACE = auto()
    CONTEXTUAL_ARGUMENT_NOT_CONTEXTUAL_IN_ALL_SUBGRAPHS = auto()
    CONTEXT_INVALID_SELECTION = auto()
    CONTEXT_NAME_INVALID = auto()
    CONTEXT_NOT_SET = auto()
    CONTEXT_NO_RESOLVABLE_KEY = auto()
    COST_APPLIED_TO_INTERFACE_FIELD = auto()
    DEFAULT_VALUE_USES_INACCESSIBLE = auto()
    DIRECTIVE_COMPOSITION_ERROR = auto()
    DIRECTIVE_DEFINITION_INVALID = auto()
    DISALLOWED_INACCESSIBLE = auto()
    EMPTY_MERGED_ENUM_TYPE = auto()
    EMPTY_MERGED_INPUT_TYPE = auto()
    ENUM_VALUE_MISMATCH = auto()
    EXTENSION_WITH_NO_BASE = auto()
    EXTERNAL_ARGUMENT_DEFAULT_MISMATCH = auto()
    EXTERNAL_ARGUMENT_MISSING = auto()
    EXTERNAL_ARGUMENT_TYPE_MISMATCH = auto()
    EXTERNAL_COLLISION_WITH_ANOTHER_DIRECTIVE = auto()
    EXTERNAL_MISSING_ON_BASE = auto()
    EXTERNAL_ON_INTERFACE = auto()
    EXTERNAL_TYPE_MISMATCH = auto()
    EXTERNAL_UNUSED = auto()
    FIELD_ARGUMENT_DEFAULT_MISMATCH = auto()
    FIELD_ARGUMENT_TYPE_MISMATCH = auto()
    FIELD_TYPE_MISMATCH = auto()
    IMPLEMENTED_BY_INACCESSIBLE = auto()
    INPUT_FIELD_DEFAULT_MISMATCH = auto()
    INTERFACE_FIELD_NO_IMPLEM = auto()
    INTERFACE_KEY_MISSING_IMPLEMENTATION_TYPE = auto()
    INTERFACE_KEY_NOT_ON_IMPLEMENTATION = auto()
    INTERFACE_OBJECT_USAGE_ERROR = auto()
    INVALID_FIELD_SHARING = auto()
    INVALID_GRAPHQL = auto()
    INVALID_LINK_DIRECTIVE_USAGE = auto()
    INVALID_LINK_IDENTIFIER = auto()
    INVALID_SHAREABLE_USAGE = auto()
    INVALID_SUBGRAPH_NAME = auto()
    KEY_DIRECTIVE_IN_FIELDS_ARG = auto()
    KEY_FIELDS_HAS_ARGS = auto()
    KEY_FIELDS_SELECT_INVALID_TYPE = auto()
    KEY_INVALID_FIELDS = auto()
    KEY_INVALID_FIELDS_TYPE = auto()
    KEY_UNSUPPORTED_ON_INTERFACE = auto()
    LINK_IMPORT_NAME_MISMATCH = auto()
    LIST_SIZE_APPLIED_TO_NON_LIST = auto()
    LIST_SIZE_INVALID_ASSUMED_SIZE = auto()
    LIST_SIZE_INVALID_SIZED_FIELD = auto()
    LIST_SIZE_INVALID_SLICING_ARGUMENT = auto()
    MERGED_DIRECTIVE_APPLICATION_ON_EXTERNAL = auto()
    MISSING_TRANSITIVE_AUTH_REQUIREMENTS = auto()
    NO_CONTEXT_IN_SELECTION = auto()
    NO_QUERIES = auto()
    ONLY_INACCESSIBLE_CHILDREN = auto()
    OVERRIDE_COLLISION_WITH_ANOTHER_DIRECTIVE = auto()
    OVERRIDE_FROM_SELF_ERROR = auto()
    OVERRIDE_LABEL_INVALID = auto()
    OVERRIDE_ON_INTERFACE = auto()
    OVERRIDE_SOURCE_HAS_OVERRIDE = auto()
    PROVIDES_DIRECTIVE_IN_FIELDS_ARG = auto()
    PROVIDES_FIELDS_HAS_ARGS = auto()
    PROVIDES_FIELDS_MISSING_EXTERNAL = auto()
    PROVIDES_INVALID_FIELDS = auto()
    PROVIDES_INVALID_FIELDS_TYPE = auto()
    PROVIDES_ON_NON_OBJECT_FIELD = auto()
    PROVIDES_UNSUPPORTED_ON_INTERFACE = auto()
    QUERY_ROOT_TYPE_INACCESSIBLE = auto()
    REFERENCED_INACCESSIBLE = auto()
    REQUIRED_ARGUMENT_MISSING_IN_SOME_SUBGRAPH = auto()
    REQUIRED_INACCESSIBLE = auto()
    REQUIRED_INPUT_FIELD_MISSING_IN_SOME_SUBGRAPH = auto()
    REQUIRES_DIRECTIVE_IN_FIELDS_ARG = auto()
    REQUIRES_FIELDS_MISSING_EXTERNAL = auto()
    REQUIRES_INVALID_FIELDS = auto()
    REQUIRES_INVALID_FIELDS_TYPE = auto()
    REQUIRES_UNSUPPORTED_ON_INTERFACE = auto()
    ROOT_FIELD_WITHOUT_RULE = auto()
    ROOT_MUTATION_USED = auto()
    ROOT_QUERY_USED = auto()
    ROOT_SUBSCRIPTION_USED = auto()
    SATISFIABILITY_ERROR = auto()
    SHAREABLE_HAS_MISMATCHED_RUNTIME_TYPES = auto()
    TYPE_DEFINITION_INVALID = auto()
    TYPE_KIND_MISMATCH = auto()
    TYPE_WITH_ONLY_UNUSED_EXTERNAL = auto()
    UNKNOWN_FEDERATION_LINK_VERSION = auto()
    UNKNOWN_LINK_VERSION = auto()
    UNSUPPORTED_LINKED_FEATURE = auto()


@dataclass(frozen=True, slots=True)
class CompositionError:
    """One reason. `coordinate` is a schema coordinate; `line` counts from 1 in the subgraph."""

    code: Code
    message: str
    subgraph: str | None = None
    coordinate: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = [part for part in (self.subgraph, self.coordinate) if part is not None]
        if self.line is not None:
            place.append(f"line {self.line}")
        return (
            f"{self.code} ({', '.join(place)}): {self.message}"
            if place
            else (f"{self.code}: {self.message}")
        )


@dataclass(frozen=True, slots=True)
class Hint:
    """What composes, but perhaps not as its authors meant it."""

    code: str
    message: str
    coordinate: str

    def __str__(self) -> str:
        return f"{self.code} ({self.coordinate}): {self.message}"


class CompositionRefused(Exception):
    """Composition goes no further, for these reasons."""

    def __init__(self, errors: Iterable[CompositionError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(map(str, self.errors)))

    @classmethod
    def because(cls, code: Code, message: str, subgraph: str, line: int | None = None) -> Self:
        """For one reason."""
        return cls([CompositionError(code, message, subgraph, line=line)])
