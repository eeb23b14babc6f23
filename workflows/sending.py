"""Sending beside everything else: a mailbox that takes nothing now holds up neither the partner nor staff."""

import asyncio

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from domain.mentorship import progression
    from domain.mentorship.response_effects import record_undeliverable
    from schemas.emails.messages import GIVE_UP_AFTER, RETRY_EVERY
    from schemas.enums import Recipient, Side
    from schemas.mentorship.state import EmailRequest, MentorshipState, PlannedEmail
    from workflows.post import Post
    from workflows.standing import Standing


class Sending(Standing):
    """Sends what is to be sent, in the order in which it came up; what cannot be sent now is tried again later."""

    def __init__(self, state: MentorshipState) -> None:
        super().__init__(state)
        self.post = Post(state.terms.mentorship_id, self.clock)
        self.sender: asyncio.Task[None] | None = None

    def begin_to_send(self) -> None:
        """Send beside everything else from now on."""
        self.sender = asyncio.create_task(self.keep_sending())

    def sender_failed(self) -> bool:
        """Tell whether nobody sends any more; nothing would ever show it otherwise."""
        return self.sender is not None and self.sender.done()

    async def require_sender(self) -> None:
        """Fail with whatever ended the sending, if anything did."""
        if self.sender is not None and self.sender.done():
            await self.sender

    async def keep_sending(self) -> None:
        """Send whatever is to be sent, once plan and lists are up to date, for some emails tell of them."""
        while True:
            await workflow.wait_condition(lambda: bool(self.to_send()) and not self.must_catch_up())
            await self.send(self.to_send())

    async def send(self, errands: tuple[EmailRequest, ...]) -> None:
        """Send emails; those that were sent, or never can be, are done with."""
        became = await self.post.send(errands)
        put_off = [errand for errand in errands if became[errand.key] == "put_off" and not self.is_given_up(errand)]
        resting = {errand.key for errand in put_off}
        self.remember(
            pending_emails=tuple(e for e in self.state.pending_emails if e.key not in became or e.key in resting)
        )
        for errand in errands:
            if became[errand.key] in ("undeliverable", "put_off") and errand.key not in resting:
                self.take_refusal(errand)
        for errand in put_off:
            self.resting.add(errand.key)
            asyncio.create_task(self.try_again_later(errand))  # noqa: RUF006 - the workflow's loop keeps it

    def is_given_up(self, errand: EmailRequest) -> bool:
        """Tell whether a mailbox has put off an email for so long that it will not take it."""
        return self.clock.now() - errand.at > GIVE_UP_AFTER

    async def try_again_later(self, errand: EmailRequest) -> None:
        """Let an email rest that its mailbox does not take now."""
        await workflow.sleep(RETRY_EVERY, summary=f"the {errand.to}'s mailbox takes nothing now")
        self.resting.discard(errand.key)

    def take_refusal(self, errand: EmailRequest) -> None:
        """Remember whose address refuses what is sent to it; where it is staff's own, operators see it."""
        if errand.to is Recipient.STAFF:
            self.remember(unrecognized_messages=self.state.unrecognized_messages + 1)
        else:
            self.state = record_undeliverable(self.state, Side(errand.to), self.clock.now())

    def hand_in(self, emails: tuple[PlannedEmail, ...]) -> None:
        """Put the emails the plan foresaw for a moment among those to be sent."""
        planned = tuple(
            EmailRequest(
                key=progression.planned_email_key(self.state, email),
                kind=progression.email_kind(self.state, email),
                to=email.to,
                at=email.at,
                asks=email.asks,
                automatic=True,
            )
            for email in emails
        )
        self.remember(pending_emails=(*self.state.pending_emails, *planned))
