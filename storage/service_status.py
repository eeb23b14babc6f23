"""What PostgreSQL says of how the service stands: counts over all cohorts."""

from schemas.emails.messages import SenderStatus
from schemas.enums import EmailState
from schemas.service_status import BackupStatus, EmailsInState, StoredStatus
from storage import outbox
from storage.database import Db, queries


async def stored_status(db: Db) -> StoredStatus:
    """Return the counts of this moment; every state of an email is among them, also with none."""
    found = {row["state"]: row async for row in queries.emails_by_state(db)}
    counts = await queries.service_counts(db)
    sender: SenderStatus | None = await outbox.sender_status(db)
    return StoredStatus(
        emails=tuple(
            EmailsInState(state=state, emails=found[state]["emails"], since=found[state]["since"])
            if state in found
            else EmailsInState(state=state, emails=0)
            for state in EmailState
        ),
        stuck_emails=len(await outbox.stuck_emails(db)),
        sender=sender,
        responses=counts["responses"],
        unsignaled_responses=counts["unsignaled"],
        unsignaled_since=counts["unsignaled_since"],
        mentorships=counts["mentorships"],
        silent_mentorships=counts["silent"],
        mentorships_with_concerns=counts["concerned"],
        backup=await backup_status(db),
    )


async def backup_status(db: Db) -> BackupStatus | None:
    """Return when backups were made, or None where none was ever begun."""
    row = await queries.backup_status(db)
    return None if row is None else BackupStatus(**row)
