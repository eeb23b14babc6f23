"""The ``mile cohort`` commands, in the order of a cohort's life."""

from cli.common.command_table import Command

COHORT = {
    "create": Command(
        "cli.cohort.create:create_command", "Save a cohort's settings and applications, and start its workflow."
    ),
    "update": Command(
        "cli.cohort.update:update_command",
        "Update a cohort's settings from its cohort.toml. Later emails use the new ones.",
    ),
    "show": Command("cli.cohort.show:show_command", "Show a cohort's status: its dates, pairs and mentorships."),
    "map": Command(
        "cli.applications.mapping:map_command",
        "Propose how to read the files of another form, and write it to DIR/mapping.toml to look over.",
    ),
    "import": Command(
        "cli.applications.imports:import_command",
        "Import applications from CSV files or workbooks. This adds and changes people. It removes no one.",
    ),
    "export": Command(
        "cli.applications.exports:export_command",
        "Write applications to CSV files that mile cohort import can read. Only you can read the files.",
    ),
    "next": Command(
        "cli.applications.exports:next_command", "Move people without a pair to the next class, where they go first."
    ),
    "open": Command("cli.applications.window:open_command", "Open the application window today, before its day."),
    "extend": Command(
        "cli.applications.window:extend_command", "Take applications until a later day. A closed window opens again."
    ),
    "close": Command(
        "cli.applications.window:close_command",
        "Close the application window now. Later applications go on the waiting list, if there is one.",
    ),
    "applications": Command(
        "cli.applications.list:applications_command",
        "List applications: their status, what is missing, when they were submitted, and the places still needed.",
    ),
    "prospects": Command(
        "cli.applications.prospects:prospects_command",
        "List who is asked to be a mentor: past mentors, and former mentees who said they would one day.",
    ),
    "waive": Command(
        "cli.applications.review:waive_command",
        "Make an exception: accept a mentor who does not meet a requirement. They get an email.",
    ),
    "accept": Command(
        "cli.applications.review:accept_command",
        "Accept an application from the waiting list, or one withdrawn by mistake. They get an email.",
    ),
    "wait": Command(
        "cli.applications.review:wait_command",
        "Put an application on the waiting list. They get an email and are not matched unless accepted later.",
    ),
    "withdraw": Command(
        "cli.applications.review:withdraw_command",
        "Withdraw an application for someone. They get an email and are not matched.",
    ),
    "uninvite": Command(
        "cli.applications.review:uninvite_command",
        "Invite someone of an earlier class no more to be a mentor, because they asked for that.",
    ),
    "allow": Command(
        "cli.applications.review:allow_command",
        "Email an address again when it is typed on the public pages, though its owner had stopped that.",
    ),
    "match": Command(
        "cli.matching.runs:match_command",
        "Match the applications as they are now; the result is a draft until it is published.",
    ),
    "compare": Command(
        "cli.matching.runs:compare_command", "Show who has another mentor in one match run than in another."
    ),
    "publish": Command(
        "cli.matching.runs:publish_command",
        "Publish a match run: both sides are asked first if cohort.toml has proposals; otherwise the pairs are final.",
    ),
    "proposals": Command(
        "cli.matching.proposals:proposals_command",
        "List the proposed matches with people's answers and their questions to you.",
    ),
    "confirm": Command(
        "cli.matching.proposals:confirm_command", "Make a match final for two people who told you that they commit."
    ),
    "decline": Command(
        "cli.matching.proposals:decline_command",
        "Decline a match for someone who told you so, until the mentorships start. It may be final.",
    ),
    "rsvp": Command(
        "cli.kickoff.rsvp:rsvp_command",
        "Show who is coming to the half-day session, with meals and needs for each half day.",
    ),
    "cards": Command(
        "cli.kickoff.cards:cards_command",
        "Write a card for each pair with a final match: who they are, what they share, and the first steps.",
    ),
    "nametags": Command(
        "cli.kickoff.cards:nametags_command",
        "Write name tags, twelve on a page, for mentees and for mentors with a pair who have not said no.",
    ),
    "attendance": Command(
        "cli.kickoff.attendance:attendance_command",
        "Record who came on the last day, also later. The mentorship of an absent mentee does not start.",
    ),
    "start": Command(
        "cli.kickoff.start:start_command",
        "Start mentorships that could not start at the kickoff, such as after a late commitment.",
    ),
    "opportunity": Command(
        "cli.cohort.opportunities:opportunity_app", "Add, list and remove the opportunities that emails mention."
    ),
    "resource": Command(
        "cli.cohort.resources:resource_app", "Add, list and remove the links that people find on their own page."
    ),
    "role": Command("cli.cohort.roles:role_app", "Set, list and end who answers for a cohort."),
    "report": Command(
        "cli.report.report:report_command",
        "Print a cohort's closing report or an interim report, or write it to a file.",
    ),
    "log": Command("cli.cohort.log:log_command", "List the audit log of a cohort: who did what, when and why."),
    "audit": Command(
        "cli.cohort.audit:audit_command",
        "Compare a cohort's rows with its workflows. Changes nothing without --repair.",
    ),
    "archive": Command(
        "cli.cohort.endings:archive_command",
        "Archive a cohort: no more emails, no place in lists. Meals and needs are deleted. This can't be undone.",
    ),
    "delete": Command(
        "cli.cohort.endings:delete_command",
        "Delete a cohort that nobody was emailed about, with all that is stored of it. This can't be undone.",
    ),
}
