"""Making the files, in the service's own process."""

from kit.columns import utc_now
from kit.database import Database
from kit.exports.job import ExportJob
from kit.exports.queue import Queue
from kit.exports.runner import ExportRunner
from kit.messages import Catalogues
from kit.objects import Objects
from kit.principal import Principal
from services.identity.exports.audit_log import AUDIT_LOG
from services.identity.exports.members import MEMBERS
from services.identity.models import AuditExport, UserExport
from services.identity.principals import principal_again


def user_exports(
    database: Database, objects: Objects, catalogues: Catalogues
) -> ExportRunner[UserExport]:
    """Makes lists of members."""
    queue = Queue(database, UserExport)
    return ExportRunner(queue, MEMBERS, objects, catalogues, _Requesters(database))


def audit_exports(
    database: Database, objects: Objects, catalogues: Catalogues
) -> ExportRunner[AuditExport]:
    """Makes lists of what was done."""
    queue = Queue(database, AuditExport)
    return ExportRunner(queue, AUDIT_LOG, objects, catalogues, _Requesters(database))


class _Requesters:
    """Whoever asked, with the rights that are left."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, job: ExportJob) -> Principal | None:
        asked = Principal.decode(job.principal or "")
        async with self._database.system() as session:
            return await principal_again(session, asked, utc_now())
