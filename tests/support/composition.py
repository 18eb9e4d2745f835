"""Small subgraphs composed, and what to look at in the result."""

from gateway.composition import Composition, Subgraph, compose

#: The first line of a subgraph that imports all of federation 2.
FEDERATION = (
    'extend schema @link(url: "https://specs.apollo.dev/federation/v2.12", import: ["@key",'
    ' "@shareable", "@external", "@requires", "@provides", "@override", "@tag", "@inaccessible",'
    ' "@authenticated", "@requiresScopes", "@policy", "@interfaceObject", "@extends", "@cost",'
    ' "@listSize", "@context", "@fromContext", "@cacheTag"])'
)


def composition_of(*sdls: str) -> Composition:
    """The composition of subgraphs a, b, c… of federation 2."""
    return composition_as_is(*(f"{FEDERATION}\n{sdl}" for sdl in sdls))


def composition_as_is(*sdls: str) -> Composition:
    """The composition of subgraphs a, b, c… that say themselves what they link."""
    return compose(
        [Subgraph(name, f"http://{name}", sdl) for name, sdl in zip("abcde", sdls, strict=False)]
    )


def supergraph_of(*sdls: str) -> str:
    """The supergraph of subgraphs a, b, c… of federation 2 that compose."""
    return sdl_of(composition_of(*sdls))


def sdl_of(composition: Composition) -> str:
    """The supergraph of what composes."""
    assert composition.errors == ()
    assert composition.supergraph_sdl is not None
    return composition.supergraph_sdl


def definition(supergraph: str, head: str) -> str:
    """The definition that starts so, like "type Product"."""
    [found] = [text for text in supergraph.split("\n\n") if f"\n{text}".find(f"\n{head}") >= 0]
    return found.strip()


def codes(composition: Composition) -> list[str]:
    """The codes of the errors, each once, in their order."""
    return list(dict.fromkeys(error.code.value for error in composition.errors))
