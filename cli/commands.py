"""Every ``mile`` command: its name, its module, and what it does."""

from cli.cohort.commands import COHORT
from cli.common.command_table import Command, Group

_MENTORSHIP = {
    "show": Command("cli.mentorship.show:show_command", "Show a mentorship's status and what it waits for."),
    "timeline": Command(
        "cli.mentorship.show:timeline_command", "List the emails that will still be sent if nobody replies, and why."
    ),
    "pause": Command(
        "cli.mentorship.changes:pause_command", "Pause a mentorship. Everything after the pause moves by its length."
    ),
    "resume": Command("cli.mentorship.changes:resume_command", "Resume a paused mentorship tomorrow."),
    "extend": Command(
        "cli.mentorship.changes:extend_command", "Extend a mentorship. The new quarters have check-ins too."
    ),
    "cadence": Command("cli.mentorship.changes:cadence_command", "Change how often a pair meets or reports on goals."),
    "end": Command("cli.mentorship.changes:end_command", "End a mentorship today. This can't be undone."),
    "replace": Command(
        "cli.mentorship.care:replace_command",
        "Give a mentee a new mentor for the time left, or list the mentors who could take over.",
    ),
    "resend": Command(
        "cli.mentorship.care:resend_command",
        "Email one side again: what they have not answered, or else the last email.",
    ),
    "contact": Command(
        "cli.mentorship.care:contact_command",
        "Change a participant's address or name. Old links stop working, and new ones are sent.",
    ),
    "reminders": Command(
        "cli.mentorship.care:reminders_command",
        "Pause one side's reminders for them, or send them again. First emails about each step still come.",
    ),
    "resolve": Command(
        "cli.mentorship.care:resolve_command",
        "Resolve concerns that staff dealt with: a request for a call, a refusing address, a strange message.",
    ),
    "attend": Command(
        "cli.mentorship.care:attend_command",
        "Note that staff attend to a mentorship's concerns, and on which day the weekly digest tells them again.",
    ),
    "upgrade": Command(
        "cli.mentorship.show:upgrade_command",
        "Continue a mentorship in a new workflow run, so that it uses the newest version of the service.",
    ),
    "cost": Command(
        "cli.mentorship.show:cost_command", "Count a mentorship's runs, events and billed actions in Temporal."
    ),
}

_EMAILS = {
    "preview": Command(
        "cli.emails.preview:preview_command",
        "Write every email as .txt, .html and .eml, with an index.html to look through them.",
    ),
    "test": Command(
        "cli.emails.trial:trial_command",
        "Send one plain test email, and say what the mail relay answered. Exits with 1 if it was not accepted.",
    ),
    "stuck": Command(
        "cli.emails.outbox:stuck_command",
        "List the emails that failed for an hour, waited for a day, were given up, or are held.",
    ),
    "next": Command(
        "cli.emails.calendar:next_command", "List the emails of a cohort that leave in the next days if nobody replies."
    ),
    "sent": Command(
        "cli.emails.calendar:sent_command",
        "List the emails that a mentorship was sent, and those that wait, the newest first.",
    ),
    "show": Command("cli.emails.outbox:show_command", "Show an email's state, and why it was not sent."),
    "bounces": Command(
        "cli.emails.outbox:bounces_command",
        "List the people whose address failed within a week, and may fail for good.",
    ),
    "retry": Command("cli.emails.outbox:retry_command", "Try to send an email again now."),
    "drop": Command("cli.emails.outbox:drop_command", "Never send an email."),
    "hold": Command("cli.emails.outbox:hold_command", "Keep an email back until it is released."),
    "release": Command("cli.emails.outbox:release_command", "Send an email that was held."),
}

_STAFF = {
    "invite": Command(
        "cli.staff.invite:invite_command",
        "Make someone the chair of a cohort today, and email them a checklist and a link to sign in.",
    ),
}

_LINKS = {
    "keys": Command(
        "cli.links.keys:keys_command", "List the keys of links by their ids, and how many links each still opens."
    ),
    "revoke": Command("cli.links.keys:revoke_command", "Make links in emails that were sent stop working."),
}

_RELEASE = {
    "check": Command(
        "cli.server.release:check_command",
        "Say which emails this installation would change, and which workflows would hang on it.",
    ),
    "start": Command("cli.server.release:start_command", "Wait for the worker of a new build."),
    "ramp": Command("cli.server.release:ramp_command", "Let a share of what begins go to a build."),
    "promote": Command(
        "cli.server.release:promote_command", "Make a build current, and move every mentorship and cohort to it."
    ),
    "status": Command(
        "cli.server.release:status_command", "Show each build, what runs on it, and whether its worker may be stopped."
    ),
    "rollback": Command(
        "cli.server.release:rollback_command", "Make the build before current again, and move everything back to it."
    ),
    "retire": Command("cli.server.release:retire_command", "Say whether the worker of a build may be stopped."),
}

COMMANDS: dict[str, Command | Group] = {
    "up": Command("cli.server.stack:up_command", "Run the whole service on this machine until Ctrl-C."),
    "demo": Command("cli.rehearsal.commands:demo_command", "Play the example cohort and keep it open to look at."),
    "rehearse": Command("cli.rehearsal.commands:rehearse_command", "Play 18 months of a cohort in about a minute."),
    "match": Command("cli.matching.match:match_command", "Match mentors and participants; needs no server."),
    "cohort": Group("Run a cohort, from its settings to its report.", COHORT),
    "mentorship": Group("Show, pause, change or end one mentorship.", _MENTORSHIP),
    "staff": Group("Let someone sign in to the staff pages.", _STAFF),
    "emails": Group("Preview emails, and handle those that were not sent.", _EMAILS),
    "links": Group("Revoke links in emails that were sent.", _LINKS),
    "worker": Command("cli.server.service:worker_command", "Run a worker against the servers of the environment."),
    "web": Command("cli.server.web:web_command", "Serve the pages against the servers of the environment."),
    "migrate": Command("cli.server.service:migrate_command", "Bring the database's tables up to date."),
    "status": Command("cli.server.status:status_command", "Show what waits, what fails and who is at work."),
    "release": Group("Bring a new build of the worker into service, or take it back.", _RELEASE),
    "backup": Command("cli.server.backup:backup_command", "Copy both databases of the stack on this machine."),
    "restore": Command("cli.server.backup:restore_command", "Restore a backup into a new folder, or try to."),
    "doctor": Command("cli.server.doctor:doctor_command", "Check that everything is in place, and say what to do."),
}
