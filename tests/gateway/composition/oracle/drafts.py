"""Subgraphs in parts that can be left out one by one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from tests.gateway.composition.oracle.corpus import SubgraphSet, linked


@dataclass(frozen=True, slots=True)
class Draft:
    """A type: what stands before its braces, and each line within them."""

    head: str
    lines: tuple[str, ...]

    def __str__(self) -> str:
        if self.head.startswith("union"):
            return f"{self.head} = {' | '.join(self.lines)}"
        return f"{self.head} {{ {' '.join(self.lines)} }}" if self.lines else self.head


@dataclass(frozen=True, slots=True)
class DraftSet:
    """The types of each subgraph, in their order."""

    name: str
    subgraphs: Mapping[str, tuple[Draft, ...]]

    def written(self) -> SubgraphSet:
        """As documents."""
        texts = {name: "\n".join(map(str, drafts)) for name, drafts in self.subgraphs.items()}
        return SubgraphSet(self.name, {name: linked() + text for name, text in texts.items()})

    def smaller(self) -> Iterator["DraftSet"]:
        """The same without one subgraph, type, line or directive."""
        for name in self.subgraphs if len(self.subgraphs) > 1 else ():
            rest = {other: drafts for other, drafts in self.subgraphs.items() if other != name}
            yield replace(self, subgraphs=rest)
        for name, drafts in self.subgraphs.items():
            for index, draft in enumerate(drafts):
                for fewer in (None, *_smaller_drafts(draft)):
                    kept = () if fewer is None else (fewer,)
                    rest_of = (*drafts[:index], *kept, *drafts[index + 1 :])
                    yield replace(self, subgraphs={**self.subgraphs, name: rest_of})


def _smaller_drafts(draft: Draft) -> Iterator[Draft]:
    for index, line in enumerate(draft.lines):
        without = (*draft.lines[:index], *draft.lines[index + 1 :])
        if without:
            yield replace(draft, lines=without)
        for plainer in _plainer(line):
            lines = (*draft.lines[:index], plainer, *draft.lines[index + 1 :])
            yield replace(draft, lines=lines)


def _plainer(line: str) -> Iterator[str]:
    """Without its last directive."""
    head, separator, _ = line.rpartition(" @")
    if separator:
        yield head
