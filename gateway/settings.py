"""What the gateway is told from outside, read once from the environment (`GATEWAY_…`)."""

from enum import StrEnum
from pathlib import Path
from typing import Final

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from gateway.authorization.mode import Mode
from gateway.authorization.views import ViewSettings
from gateway.operation.budget import Budget
from gateway.operation.limits import Limits
from gateway.persisted.rights import Registrants
from kit.signing import Keyring

_OWN_SUPERGRAPH: Final = Path(__file__).with_name("supergraph.graphql")


class Profile(StrEnum):
    """How much the gateway shows of itself."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class EngineSettings(BaseSettings):
    """What any gateway is told, over whichever subgraphs. Immutable; secrets never print."""

    model_config = SettingsConfigDict(
        env_prefix="GATEWAY_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    #: A file, or an http(s) address, whose credentials and query are nobody's to read.
    supergraph: str | None = Field(default=None, repr=False)
    #: A file that names the subgraphs to compose, in place of a supergraph.
    subgraphs: Path | None = None
    #: Where the supergraph in use is kept, for a start when there is no other to be had.
    supergraph_cache: Path | None = None
    #: Seconds between looks for a changed supergraph; by default 1 at files, 10 over the network.
    poll: float | None = Field(default=None, gt=0)
    #: Seconds for one look over the network, and bytes of a supergraph or of one schema.
    source_timeout: float = Field(default=10.0, gt=0)
    max_supergraph: int = Field(default=32 * 1024 * 1024, ge=1024)
    #: Operations that are planned anew before a changed supergraph is used, and seconds for it.
    warm_plans: int = Field(default=100, ge=0)
    warm_seconds: float = Field(default=5.0, ge=0)

    #: Overrides the addresses that the supergraph names, by subgraph.
    subgraph_urls: dict[str, str] = Field(default_factory=dict)
    #: Labels of progressive @override that are active; percentages are drawn for each request.
    override_labels: frozenset[str] = frozenset()
    profile: Profile = Profile.PRODUCTION
    #: Whether a gateway that knows no callers serves a supergraph with rules, without what these
    #: protect.
    open_only: bool = False
    log_level: str = "INFO"

    #: Seconds for a whole request, and for one request to a subgraph.
    request_timeout: float = Field(default=30.0, gt=0)
    subgraph_timeout: float = Field(default=10.0, gt=0)

    #: Bytes of one request, before anything of it is parsed.
    max_body: int = Field(default=1024 * 1024, ge=1024)
    #: Bytes of one subgraph's answer.
    max_answer: int = Field(default=16 * 1024 * 1024, ge=1024)
    max_tokens: int = Field(default=10_000, ge=1)
    max_depth: int = Field(default=20, ge=1)
    max_aliases: int = Field(default=100, ge=0)
    max_root_fields: int = Field(default=50, ge=1)
    #: Fields after every fragment is spread.
    max_fields: int = Field(default=5_000, ge=1)
    max_batch: int = Field(default=10, ge=1)
    #: Seconds that a stream lasts at most, and between two signs of life while nothing happens.
    max_stream_seconds: float = Field(default=3600.0, gt=0)
    heartbeat: float = Field(default=10.0, gt=0)
    #: Seconds for a client to take what is sent to it, or to answer a ping.
    client_patience: float = Field(default=10.0, gt=0)
    #: Seconds without a sign of life after which a subgraph's stream counts as broken.
    subgraph_silence: float = Field(default=60.0, gt=0)
    #: Bytes of one event of a subgraph's stream, and events that may wait for a slow client.
    max_event: int = Field(default=1024 * 1024, ge=1024)
    max_waiting_events: int = Field(default=64, ge=1)
    #: Subscriptions that one caller may have open, over all of its connections.
    max_subscriptions: int = Field(default=200, ge=1)
    #: Seconds until a WebSocket's first message, operations that run on it at once, and messages
    #: that it may bring in a second.
    init_timeout: float = Field(default=10.0, gt=0)
    max_socket_operations: int = Field(default=100, ge=1)
    max_socket_messages: int = Field(default=500, ge=1)
    #: The origins whose pages may open WebSockets; by default the gateway's own.
    allowed_origins: frozenset[str] = frozenset()
    #: Proxies in front of the gateway, each of which appends to `X-Forwarded-For` the address that
    #: it was called from. With none, the header is the client's and says nothing.
    trusted_hops: int = Field(default=0, ge=0)
    #: The subgraphs that stream over WebSockets, and where; the others send events over HTTP.
    subgraph_websockets: dict[str, str] = Field(default_factory=dict)
    #: What planning one operation may take.
    plan_budget: Budget = Budget()
    #: Documents kept parsed and validated, and plans kept.
    document_cache: int = Field(default=1_000, ge=1)
    plan_cache: int = Field(default=2_000, ge=1)

    #: Manifests of trusted documents, and whether nothing else runs.
    trusted_documents: tuple[Path, ...] = ()
    trusted_only: bool = False
    #: Whose documents are kept by their hash; how many in memory, how long each may be, and the
    #: seconds for which one that nobody uses is kept in Redis.
    registrants: Registrants = Registrants.SIGNED_IN
    registered_documents: int = Field(default=1_000, ge=1)
    max_registered: int = Field(default=64 * 1024, ge=1)
    registered_lifetime: int = Field(default=24 * 60 * 60, ge=60)

    #: What happens to an operation that asks for anything that is denied.
    authorization: Mode = Mode.FILTER
    #: The module whose `policies` decide @policy, and seconds for one call of a policy.
    policies: str | None = None
    policy_timeout: float = Field(default=2.0, gt=0)
    #: What the schema is for whom, by the view's name; the first that is a caller's counts.
    views: dict[str, ViewSettings] = Field(default_factory=dict)

    @property
    def in_development(self) -> bool:
        """Whether the IDE, introspection and full error detail are on."""
        return self.profile is Profile.DEVELOPMENT

    @property
    def limits(self) -> Limits:
        """The most that one document may ask."""
        return Limits(
            tokens=self.max_tokens,
            depth=self.max_depth,
            aliases=self.max_aliases,
            root_fields=self.max_root_fields,
            fields=self.max_fields,
        )


class Settings(EngineSettings):
    """What the portal's gateway is told besides."""

    supergraph: str = Field(default=str(_OWN_SUPERGRAPH), repr=False)
    redis_url: str = Field(repr=False)
    #: `id:hexsecret,…`; the first signs.
    signing_keys: str = Field(repr=False)
    #: Where sign-in, key set and principals are.
    identity_url: str
    #: The services that have files, by the segment after `/files`, and where they are.
    file_origins: dict[str, str] = Field(default_factory=dict)
    #: Downloads and uploads at once, in all and of one caller, and seconds for which a client may
    #: take or send nothing of them.
    max_downloads: int = Field(default=200, ge=1)
    max_downloads_of_caller: int = Field(default=8, ge=1)
    max_uploads: int = Field(default=200, ge=1)
    max_uploads_of_caller: int = Field(default=16, ge=1)
    transfer_patience: float = Field(default=60.0, gt=0)
    #: The origin that clients use; the issuer of access tokens.
    public_url: str = "http://127.0.0.1:4000"

    @field_validator("signing_keys")
    @classmethod
    def _keyring_parses(cls, text: str) -> str:
        Keyring.parse(text)
        return text

    @property
    def keyring(self) -> Keyring:
        """The keys under which requests to the services are signed."""
        return Keyring.parse(self.signing_keys)
