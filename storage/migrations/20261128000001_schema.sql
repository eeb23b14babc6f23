-- migrate:up

-- Cohort

-- One class of the program; its settings are cohort.toml as JSON, validated.
create table cohort (
    id text primary key,
    settings jsonb not null,
    -- How the lists of another form are read: headings and words, people's names among them.
    mapping jsonb not null default '{}',
    stage text not null default 'importing',
    updated_at timestamptz not null,
    -- From then on no email leaves, and lists show the cohort only if asked.
    archived_at timestamptz
);

-- Who holds a role from when to when; several may hold one, and the newest answers for it.
create table role_holder (
    id bigint generated always as identity primary key,
    cohort_id text not null references cohort (id),
    role text not null,
    email text not null,
    access text not null check (access in ('chair', 'coordinator', 'reader')),
    starts_on date not null,
    ends_on date,
    check (ends_on is null or ends_on >= starts_on)
);
create index role_holder_by_cohort on role_holder (cohort_id, starts_on);
create index role_holder_by_address on role_holder (lower(email));

-- Links that sign a role holder in once; known by their SHA-256 only.
create table sign_in_link (
    token_hash bytea primary key,
    email text not null,
    made_at timestamptz not null,
    used_at timestamptz
);
create index sign_in_link_by_time on sign_in_link (made_at);

-- Who is signed in to the staff pages; the cookie is known by its SHA-256 only.
create table staff_session (
    token_hash bytea primary key,
    -- By which its owner ends it on another device.
    id bigint generated always as identity unique,
    email text not null,
    began_at timestamptz not null,
    seen_at timestamptz not null,
    ended_at timestamptz,
    -- When its owner last showed who they are: nothing where an account elsewhere does not say.
    authenticated_at timestamptz
);
create index staff_session_by_address on staff_session (lower(email), began_at);

-- Passkeys that role holders added. The private half never leaves their device.
create table passkey (
    id bigint generated always as identity primary key,
    email text not null,
    credential_id bytea not null unique,
    public_key bytea not null,
    -- The authenticator's own count of its signatures: one that falls back was copied.
    sign_count bigint not null,
    name text not null,
    added_at timestamptz not null,
    used_at timestamptz
);
create index passkey_by_address on passkey (lower(email));

-- Challenges that were answered, so that no answer counts twice. Those that are too old anyway are forgotten.
create table answered_challenge (
    challenge_hash bytea primary key,
    answered_at timestamptz not null
);
create index answered_challenge_by_time on answered_challenge (answered_at);

-- Steps that staff took on a page, each by a token of the page that asked for it: a form sent twice is taken once.
create table staff_step (
    token_hash bytea primary key,
    email text not null,
    begun_at timestamptz not null,
    outcome text
);
create index staff_step_by_time on staff_step (begun_at);

-- Files of applications that staff uploaded and have not imported yet: one for each side, until they are saved or given up.
create table staff_upload (
    cohort_id text not null references cohort (id),
    email text not null,
    side text not null check (side in ('mentor', 'mentee')),
    file_name text not null,
    content bytea not null,
    mapping jsonb not null,
    uploaded_at timestamptz not null,
    primary key (cohort_id, email, side)
);
create index staff_upload_by_time on staff_upload (uploaded_at);
-- What staff write to people of a class: a draft until it is sent. Each email of it reads its words here.
create table staff_message (
    id bigint generated always as identity primary key,
    cohort_id text not null references cohort (id),
    subject text not null,
    body text not null,
    -- Whom it goes to: a side, a status, where their mentorship stands.
    audience jsonb not null,
    written_by text not null,
    saved_at timestamptz not null,
    sent_at timestamptz
);
create index staff_message_by_cohort on staff_message (cohort_id, saved_at);

-- Versions of what a class says itself in a kind of email: a draft until it is used. The one used last counts.
create table email_wording (
    id bigint generated always as identity primary key,
    cohort_id text not null references cohort (id),
    kind text not null,
    -- Passages by name; without any it is the program's own wording.
    passages jsonb not null,
    written_by text not null,
    saved_at timestamptz not null,
    used_since timestamptz
);
create index email_wording_by_use on email_wording (cohort_id, kind, used_since);

-- What staff draw everybody's attention to: openings in the association, and chances for mentees.
create table opportunity (
    id bigint generated always as identity primary key,
    cohort_id text not null references cohort (id),
    area text not null check (area in ('involvement', 'chance')),
    kind text not null default 'other',
    title text not null,
    url text,
    closes_on date not null,
    added_at timestamptz not null
);
create index opportunity_by_cohort on opportunity (cohort_id, closes_on);

-- Which kinds of opportunities somebody wants emails to list; whoever has no row has not chosen, and gets all.
create table opportunity_wish (
    cohort_id text not null references cohort (id),
    person_id text not null,
    kinds text[] not null,
    chosen_at timestamptz not null,
    primary key (cohort_id, person_id)
);

-- Links that staff recommend, by what a goal is about.
create table resource (
    id bigint generated always as identity primary key,
    cohort_id text not null references cohort (id),
    area text not null,
    title text not null,
    url text not null,
    about text not null,
    added_at timestamptz not null
);
create index resource_by_cohort on resource (cohort_id, area, title);

-- Who took up which opportunity; staff see how many did.
create table opportunity_taken (
    opportunity_id bigint not null references opportunity (id) on delete cascade,
    person_id text not null,
    taken_at timestamptz not null,
    primary key (opportunity_id, person_id)
);

-- Applications

-- What a participant applied with or staff imported; what was imported is accepted.
create table application (
    cohort_id text not null references cohort (id),
    person_id text not null,
    side text not null check (side in ('mentor', 'mentee')),
    email text not null,
    answers jsonb not null,
    status text not null default 'accepted' check (status in ('accepted', 'ineligible', 'waiting', 'withdrawn')),
    submitted_at timestamptz,
    -- Asked not to be invited to mentor again; holds for their address in every later class.
    uninvited_at timestamptz,
    -- How their partner best reaches them, in their own words; an import leaves it as it is.
    reach text not null default '',
    -- Where times are shown to them; empty where it is the class's own time zone.
    time_zone text not null default '',
    -- In which language they are written to; null where they chose none.
    language text,
    primary key (cohort_id, person_id)
);
create unique index application_once_per_address on application (cohort_id, lower(email));
-- Past mentors and mentees left without a match are found by address across all cohorts.
create index application_by_address on application (lower(email));

-- What somebody typed so far, by question name; submitted, it becomes an application. Closed when staff imported its
-- address under another id: its links lead nowhere, its id is never given again, and its address is free (it is set to
-- the id, which no address can be).
create table draft (
    cohort_id text not null references cohort (id),
    person_id text not null,
    side text not null check (side in ('mentor', 'mentee')),
    email text not null,
    answers jsonb not null default '{}',
    began_at timestamptz not null,
    saved_at timestamptz not null,
    submitted_at timestamptz,
    closed_at timestamptz,
    primary key (cohort_id, person_id)
);
create unique index draft_once_per_address on draft (cohort_id, lower(email));

-- One link per person and cohort, known by the hash of its token only; it shows whatever can be done at the time.
create table personal_link (
    token_hash bytea primary key,
    cohort_id text not null references cohort (id),
    person_id text not null,
    key_id text,
    revoked_at timestamptz
);
create index personal_link_by_person on personal_link (cohort_id, person_id);

-- What the public pages sent to addresses that people typed, for a day. Limits count it. Of a mailbox only the SHA-256,
-- and the cohort is empty for the page that belongs to none.
create table link_request (
    cohort_id text not null,
    mailbox_hash bytea not null,
    sent_at timestamptz not null
);
create index link_request_by_time on link_request (cohort_id, sent_at);

-- Mailboxes whose owners want nothing more from the public pages of a cohort, known by their SHA-256 only.
create table stopped_mailbox (
    cohort_id text not null references cohort (id),
    mailbox_hash bytea not null,
    stopped_at timestamptz not null,
    primary key (cohort_id, mailbox_hash)
);

-- Questions before applying, for the role's mailbox. Each has an email of its own, or a place in the digest with this
-- key in the outbox. "mailbox" is where emails to the address arrive, by which one person's questions are counted.
create table inquiry (
    id bigint generated always as identity primary key,
    cohort_id text not null references cohort (id),
    name text not null default '',
    email text not null,
    mailbox text not null,
    text text not null,
    received_at timestamptz not null,
    digest_key text
);
create index inquiry_by_cohort on inquiry (cohort_id);
create index inquiry_with_own_email on inquiry (cohort_id, received_at) where digest_key is null;
create index inquiry_by_digest on inquiry (digest_key, id) where digest_key is not null;

-- Matching

-- Every match run is kept, with the hash of its inputs, what staff asked of it (pairs fixed and ruled out, another
-- objective), its result and its proof.
create table match_run (
    cohort_id text not null references cohort (id),
    run integer not null,
    inputs_sha256 text not null,
    request jsonb not null default '{}',
    result jsonb not null,
    created_at timestamptz not null,
    published_at timestamptz,
    primary key (cohort_id, run),
    unique (cohort_id, inputs_sha256)
);

-- A published match as it was proposed to both sides, and what they answered.
create table proposal (
    cohort_id text not null references cohort (id),
    mentor_id text not null,
    mentee_id text not null,
    run integer not null,
    proposed_at timestamptz not null,
    mentor_answer text check (mentor_answer in ('committed', 'asked', 'declined')),
    mentor_answered_at timestamptz,
    mentor_reason text,
    mentor_question text not null default '',
    mentee_answer text check (mentee_answer in ('committed', 'asked', 'declined')),
    mentee_answered_at timestamptz,
    mentee_reason text,
    mentee_question text not null default '',
    confirmed_at timestamptz,
    withdrawn_at timestamptz,
    reported_at timestamptz,
    -- Real time: since when the cohort's workflow may not know of the last answer.
    unsignaled_since timestamptz,
    primary key (cohort_id, mentor_id, mentee_id),
    foreign key (cohort_id, mentor_id) references application (cohort_id, person_id),
    foreign key (cohort_id, mentee_id) references application (cohort_id, person_id)
);

create index proposal_not_signaled on proposal (unsignaled_since) where unsignaled_since is not null;

-- What staff answered to a question about a proposed match; the email with this key brings it.
create table question_reply (
    email_key text primary key,
    cohort_id text not null,
    mentor_id text not null,
    mentee_id text not null,
    side text not null check (side in ('mentor', 'mentee')),
    question text not null,
    text text not null,
    replied_at timestamptz not null,
    foreign key (cohort_id, mentor_id, mentee_id) references proposal
);
create index question_reply_by_proposal on question_reply (cohort_id, mentor_id, mentee_id, replied_at);

-- A proposal with the status of both applications and what became of it: the one place that says what makes a match
-- final. The applications are looked up one by one rather than joined: of a cohort that was just imported the planner
-- expects one row, and would compare each proposal with every application.
create view proposed_match as
select
    p.*,
    withdrawn_at is null and mentor_status = 'accepted' and mentee_status = 'accepted'
    and (confirmed_at is not null or coalesce(mentor_answer = 'committed' and mentee_answer = 'committed', false))
        as final,
    confirmed_at is null and coalesce('declined' in (mentor_answer, mentee_answer), false) as declined
from (
    select
        o.*,
        (select status from application where cohort_id = o.cohort_id and person_id = o.mentor_id) as mentor_status,
        (select status from application where cohort_id = o.cohort_id and person_id = o.mentee_id) as mentee_status
    from proposal o
) p;

-- The match run of each cohort that was published last: its pairs count.
create view published_run as
select distinct on (cohort_id) cohort_id, run, result, request from match_run
where published_at is not null
order by cohort_id, published_at desc, run desc;

-- Every match that is final: confirmed by both or by staff, or, in a cohort that asks nobody, published last with both
-- still accepted.
create view final_match as
select cohort_id, mentor_id, mentee_id from proposed_match where final
union all
select c.id, m.person_id, p.person_id
from cohort c
join published_run published on published.cohort_id = c.id
cross join lateral jsonb_array_elements(published.result -> 'pairs') pair
join application m on m.cohort_id = c.id and m.person_id = pair ->> 'mentor' and m.status = 'accepted'
join application p on p.cohort_id = c.id and p.person_id = pair ->> 'mentee' and p.status = 'accepted'
where c.settings ->> 'proposals' is null;

-- Kickoff

-- Whether somebody comes to the half-day session; needs are for those who cater for it.
create table rsvp (
    cohort_id text not null,
    person_id text not null,
    status text not null check (status in ('yes', 'no', 'unsure')),
    half_day text,
    meals text not null default '',
    access text not null default '',
    answered_at timestamptz not null,
    primary key (cohort_id, person_id),
    foreign key (cohort_id, person_id) references application (cohort_id, person_id)
);

-- Who attended the last day; nobody is absent before staff say so.
create table attendance (
    cohort_id text not null,
    person_id text not null,
    attended boolean not null,
    recorded_at timestamptz not null,
    primary key (cohort_id, person_id),
    foreign key (cohort_id, person_id) references application (cohort_id, person_id)
);

-- Mentorships

-- One pair for 18 months; phase, concerns and outcome mirror the workflow, for lists and reports. A pair whose workflow
-- was not started yet has no started_at.
create table mentorship (
    id text primary key,
    cohort_id text not null references cohort (id),
    mentor_id text not null,
    mentee_id text not null,
    predecessor_id text unique references mentorship (id),
    score integer not null,
    starts_on date not null,
    ends_on date not null,
    phase text not null default 'preparing',
    concerns text[] not null default '{}',
    outcome text,
    started_at timestamptz,
    ended_at timestamptz,
    updated_at timestamptz not null,
    foreign key (cohort_id, mentor_id) references application (cohort_id, person_id),
    foreign key (cohort_id, mentee_id) references application (cohort_id, person_id),
    unique (cohort_id, mentor_id, mentee_id)
);
create index mentorship_by_mentee on mentorship (cohort_id, mentee_id);
create index mentorship_by_start on mentorship (starts_on);

-- From when to when there was a reason to look at a mentorship; a digest reports what was so at its moment.
create table concern (
    mentorship_id text not null references mentorship (id),
    reason text not null,
    raised_at timestamptz not null,
    resolved_at timestamptz,
    primary key (mentorship_id, reason, raised_at)
);

-- What a digest told staff of a concern, and how bad it was then. The next one tells it again only if it got worse.
create table told_concern (
    mentorship_id text not null references mentorship (id),
    reason text not null,
    raised_at timestamptz not null,
    level integer not null,
    told_at timestamptz not null,
    primary key (mentorship_id, reason, raised_at, told_at)
);

-- Until when staff put off what there was about a mentorship at a moment, with their note.
create table put_off (
    mentorship_id text not null references mentorship (id),
    put_off_at timestamptz not null,
    look_again_on date not null,
    note text not null,
    primary key (mentorship_id, put_off_at)
);

-- The current plan of a mentorship. A milestone closes at closes_at; its workflow records the close then, or with what it
-- does next. A page may stay open after its milestone was due; a milestone the plan no longer has is dropped, never
-- deleted, since responses and links refer to it.
create table milestone (
    mentorship_id text not null references mentorship (id),
    id text not null,
    kind text not null,
    number integer not null,
    asked text[] not null,
    opens_on date not null,
    closes_on date not null,
    opens_at timestamptz not null,
    closes_at timestamptz not null,
    open_until timestamptz,
    closed_at timestamptz,
    dropped_at timestamptz,
    silent text[],
    primary key (mentorship_id, id)
);

-- The topic that a pair chose for a meeting, for its emails; null for none. Without a row the topics take turns.
create table topic_choice (
    mentorship_id text not null,
    milestone_id text not null,
    topic text,
    chosen_at timestamptz not null,
    primary key (mentorship_id, milestone_id),
    foreign key (mentorship_id, milestone_id) references milestone (mentorship_id, id)
);

-- Whether each side wants to stay in touch after the end. The partner learns of a yes only if they say yes, too.
create table stay_in_touch (
    mentorship_id text not null references mentorship (id),
    side text not null check (side in ('mentor', 'mentee')),
    wanted boolean not null,
    said_at timestamptz not null,
    primary key (mentorship_id, side)
);

-- What each side checked of its list before it begins. Only they see it.
create table readiness (
    mentorship_id text not null references mentorship (id),
    side text not null check (side in ('mentor', 'mentee')),
    items text[] not null,
    changed_at timestamptz not null,
    primary key (mentorship_id, side)
);

-- Every revision of every response; the last one before the window closed counts. signal_payload is what its workflow is
-- signaled: enumerations and dates, never words. received_at is by the clock of the pages, stored_at by PostgreSQL's own.
-- Until left_until its sender is at the next step of the page, whose answer is signaled together with this one.
create table response (
    id text not null,
    revision integer not null,
    mentorship_id text not null,
    milestone_id text not null,
    side text not null check (side in ('mentor', 'mentee')),
    form text not null,
    answers jsonb not null,
    signal_payload jsonb not null,
    received_at timestamptz not null,
    stored_at timestamptz not null default clock_timestamp(),
    left_until timestamptz,
    signaled_at timestamptz,
    primary key (id, revision),
    foreign key (mentorship_id, milestone_id) references milestone (mentorship_id, id)
);
-- What each side said last in each check-in window, as far as it came in time. A window that was dropped before it closed
-- is none.
create view check_in as
select s.mentorship_id, s.number, s.opens_on, s.closes_on, s.closes_at,
    coalesce(said.mentor, 'unanswered') as mentor_status, coalesce(said.mentee, 'unanswered') as mentee_status
from milestone s
cross join lateral (
    select
        max(last.status) filter (where last.side = 'mentor') as mentor,
        max(last.status) filter (where last.side = 'mentee') as mentee
    from (
        select distinct on (r.side) r.side, r.answers ->> 'status' as status from response r
        where r.mentorship_id = s.mentorship_id and r.milestone_id = s.id
            and r.received_at >= s.opens_at and r.received_at < s.closes_at
        order by r.side, r.revision desc
    ) last
) said
where s.kind = 'check_in' and coalesce(s.dropped_at >= s.closes_at, true);

create index response_not_signaled on response ((coalesce(left_until, stored_at))) where signaled_at is null;
create index response_by_mentorship on response (mentorship_id, milestone_id, side);

-- What somebody asks staff on their own page: to call them, or because the mentorship does not work. The words are for
-- staff alone. Like a response it is stored first, and then signaled to the workflow.
create table call_request (
    id text not null,
    revision integer not null,
    mentorship_id text not null references mentorship (id),
    side text not null check (side in ('mentor', 'mentee')),
    about text not null check (about in ('call', 'not_working', 'leaving')),
    words text not null,
    signal_payload jsonb not null,
    received_at timestamptz not null,
    stored_at timestamptz not null default clock_timestamp(),
    signaled_at timestamptz,
    primary key (id, revision)
);
create index call_request_not_signaled on call_request (stored_at) where signaled_at is null;
create index call_request_by_mentorship on call_request (mentorship_id, received_at);

-- A calendar that somebody lets the program read, by its address, which only a link key opens. "tried_at" is when it was
-- last asked for, and "problem" why that did not work.
create table calendar_subscription (
    cohort_id text not null,
    person_id text not null,
    sealed_address bytea not null,
    added_at timestamptz not null,
    tried_at timestamptz,
    read_at timestamptz,
    problem text,
    primary key (cohort_id, person_id),
    foreign key (cohort_id, person_id) references application (cohort_id, person_id) on delete cascade
);
create index calendar_subscription_by_trial on calendar_subscription (tried_at);

-- When that calendar says that they are busy. Nothing else of it is kept.
create table busy_time (
    cohort_id text not null,
    person_id text not null,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    primary key (cohort_id, person_id, starts_at),
    foreign key (cohort_id, person_id) references calendar_subscription (cohort_id, person_id) on delete cascade
);

-- Times that one side of a pair proposes for a meeting, with the place and the mentee's question in their own words. They
-- are open until the partner chose one, other times replaced them, or they were taken back. "moves" is the meeting whose
-- date would move, by its milestone.
create table meeting_proposal (
    mentorship_id text not null references mentorship (id),
    number integer not null,
    side text not null check (side in ('mentor', 'mentee')),
    times timestamptz[] not null check (cardinality(times) between 1 and 5),
    minutes integer not null check (minutes between 30 and 90),
    place text not null,
    question text not null,
    moves text,
    proposed_at timestamptz not null,
    reminded_at timestamptz,
    closed_at timestamptz,
    primary key (mentorship_id, number)
);
create unique index meeting_proposal_open on meeting_proposal (mentorship_id) where closed_at is null;

-- Every revision of the date of a meeting; the last one counts. Its milestone may come only with the next plan. Like a
-- response it is stored first, and then signaled to the workflow: days, never words. "event" is the revision that began it.
create table meeting_date (
    id text not null,
    revision integer not null,
    mentorship_id text not null references mentorship (id),
    milestone_id text not null,
    side text not null check (side in ('mentor', 'mentee')),
    starts_at timestamptz not null,
    minutes integer not null check (minutes between 30 and 90),
    place text not null,
    question text not null,
    cancelled boolean not null,
    event integer not null,
    signal_payload jsonb not null,
    received_at timestamptz not null,
    stored_at timestamptz not null default clock_timestamp(),
    signaled_at timestamptz,
    primary key (id, revision)
);
create index meeting_date_not_signaled on meeting_date (stored_at) where signaled_at is null;
create index meeting_date_by_mentorship on meeting_date (mentorship_id, milestone_id, revision);

-- Somebody's private calendar address, known by its token's hash. Who makes a new one revokes the one before.
create table calendar_feed (
    token_hash bytea primary key,
    cohort_id text not null references cohort (id),
    person_id text not null,
    made_at timestamptz not null,
    revoked_at timestamptz
);
create unique index calendar_feed_in_use on calendar_feed (cohort_id, person_id) where revoked_at is null;

-- That somebody wants to leave: their mentorship ends at the moment given, unless they take it back before.
create table leaving (
    mentorship_id text not null references mentorship (id),
    side text not null check (side in ('mentor', 'mentee')),
    asked_at timestamptz not null,
    reason text not null,
    ends_at timestamptz not null,
    undone_at timestamptz,
    -- The mentorship was ended, by this or otherwise.
    done_at timestamptz,
    primary key (mentorship_id, side, asked_at)
);
create unique index leaving_open on leaving (mentorship_id, side) where undone_at is null and done_at is null;

-- That somebody's address changes: asked for on their own page, and then confirmed at the new mailbox, or changed by
-- staff. Their old mailbox is told, and takes a change back that was asked for on the page. Deleted after a month.
create table address_change (
    id bigint generated always as identity primary key,
    mentorship_id text not null references mentorship (id),
    side text not null check (side in ('mentor', 'mentee')),
    cohort_id text not null,
    person_id text not null,
    old_email text not null,
    new_email text not null,
    by_staff boolean not null,
    asked_at timestamptz not null,
    confirmed_at timestamptz,
    kept_at timestamptz,
    -- Another change came after it, so that none of its links does anything any more.
    closed_at timestamptz,
    saved_at timestamptz not null default clock_timestamp(),
    foreign key (cohort_id, person_id) references application (cohort_id, person_id)
);
create index address_change_by_person on address_change (cohort_id, person_id, asked_at);
create index address_change_by_time on address_change (saved_at);

-- The links of the emails about it: the one to the new mailbox confirms, the one to the old takes it back.
create table address_link (
    token_hash bytea primary key,
    change_id bigint not null references address_change (id) on delete cascade,
    confirms boolean not null,
    key_id text not null
);
create index address_link_by_change on address_link (change_id);

-- Every version of a pair's agreement; it is in force once both sides confirmed the same one.
create table agreement (
    mentorship_id text not null references mentorship (id),
    version integer not null check (version > 0),
    contents jsonb not null,
    written_by text check (written_by in ('mentor', 'mentee')),
    written_at timestamptz not null,
    mentor_confirmed_at timestamptz,
    mentee_confirmed_at timestamptz,
    primary key (mentorship_id, version)
);

-- Each mentorship with its cohort's settings, both participants as they applied, and what was last agreed to by them, or
-- else by the pair it took over from, and so on back.
create view mentorship_pair as
select m.id, m.cohort_id, m.starts_on, m.ends_on, m.outcome, c.settings,
    mentor.answers || jsonb_build_object(
        'reach', mentor.reach, 'time_zone', mentor.time_zone, 'language', mentor.language
    ) as mentor,
    mentee.answers || jsonb_build_object(
        'reach', mentee.reach, 'time_zone', mentee.time_zone, 'language', mentee.language
    ) as mentee, (
        with recursive line as (
            select m.id, m.predecessor_id, 0 as steps
            union all
            select before.id, before.predecessor_id, line.steps + 1
            from mentorship before join line on before.id = line.predecessor_id
        )
        select a.contents from line join agreement a on a.mentorship_id = line.id
        where a.mentor_confirmed_at is not null and a.mentee_confirmed_at is not null
        order by line.steps, a.version desc limit 1
    ) as agreed
from mentorship m
join cohort c on c.id = m.cohort_id
join application mentor on mentor.cohort_id = m.cohort_id and mentor.person_id = m.mentor_id
join application mentee on mentee.cohort_id = m.cohort_id and mentee.person_id = m.mentee_id;

-- What one side saved step by step on the way to its next version, and the version it started from. Only they see it.
create table agreement_draft (
    mentorship_id text not null references mentorship (id),
    side text not null check (side in ('mentor', 'mentee')),
    version integer not null,
    answers jsonb not null,
    saved_at timestamptz not null,
    primary key (mentorship_id, side)
);

-- Emails

-- One row per email, enqueued in the transaction that brings it about; the sender renders and delivers it. Its subject is
-- empty until then. "about" is the side a note to staff is about.
create table outbox (
    key text primary key,
    scope_id text not null,
    cohort_id text not null references cohort (id),
    kind text not null,
    recipient text not null check (recipient in ('mentor', 'mentee', 'staff')),
    subject text not null default '',
    asks jsonb not null,
    reason text,
    about text check (about in ('mentor', 'mentee')),
    change text,
    pause_from_on date,
    pause_until_on date,
    automatic boolean not null,
    -- An email of priority 0 leaves before those of priority 1.
    priority smallint not null,
    -- The program's time, which a rehearsal moves: when the email was due, when it was enqueued, when it left.
    due_at timestamptz not null,
    requested_at timestamptz not null,
    first_attempt_at timestamptz,
    sent_at timestamptz,
    state text not null default 'queued'
    check (state in ('queued', 'sending', 'sent', 'undeliverable', 'held', 'dead', 'dropped')),
    attempts integer not null default 0,
    -- Real time. A row that is being sent has its next attempt when its sender must have died.
    enqueued_at timestamptz not null default now(),
    next_attempt_at timestamptz not null default now(),
    failing_since timestamptz,
    -- A code of the relay or the name of an error, never anybody's words.
    failure text,
    signaled_at timestamptz,
    -- The key that its links and its bounce token were derived with, so that a repetition has the same bytes.
    link_key_id text,
    -- The version of the class's own words that its first attempt took, or 0, so that a repetition has the same bytes.
    wording bigint,
    -- Of the token in the envelope sender: whatever comes back to that address is about this email.
    bounce_hash bytea,
    -- By which a reply says what it answers.
    message_id text
);
create index outbox_by_scope on outbox (scope_id, due_at);
create unique index outbox_by_bounce on outbox (bounce_hash);
create index outbox_by_message_id on outbox (message_id);
create index outbox_by_cohort on outbox (cohort_id, due_at);
create index outbox_to_send on outbox (priority, next_attempt_at) where state in ('queued', 'sending');
create index outbox_unsent on outbox (enqueued_at) where state in ('queued', 'sending', 'dead', 'undeliverable');
create index outbox_not_signaled on outbox (key) where state = 'undeliverable' and signaled_at is null;

-- Emails that had nothing to say any more when their turn came, by their keys: an audit must not take them for lost.
create table discarded_email (
    key text primary key,
    scope_id text not null,
    cohort_id text not null references cohort (id)
);
create index discarded_email_by_scope on discarded_email (scope_id);
create index discarded_email_by_cohort on discarded_email (cohort_id);

-- Each time an address did not take an email: the relay's answer to an attempt, or a report that came back later.
create table bounce (
    email_key text not null references outbox (key) on delete cascade,
    -- "attempt 2", or the SHA-256 of the report, so that none is counted twice.
    source text not null,
    code text not null,
    -- What it says in plain words, where it is no report that names the address: alone it makes no address undeliverable.
    plain_kind text,
    bounced_at timestamptz not null default clock_timestamp(),
    primary key (email_key, source)
);
create index bounce_by_time on bounce (bounced_at);

-- That somebody replied to an email. Their words are in the email alone.
create table reply (
    -- The SHA-256 of the message, so that none is noted twice.
    fingerprint text primary key,
    email_key text not null references outbox (key) on delete cascade,
    cohort_id text not null,
    scope_id text not null,
    side text check (side in ('mentor', 'mentee')),
    kind text not null,
    received_at timestamptz not null,
    -- Whether it was passed on to the role, or else the digest that tells of it; neither where the role had it already.
    passed_on boolean not null,
    digest_key text
);
create index reply_by_scope on reply (scope_id, received_at);
create index reply_passed_on on reply (cohort_id, received_at) where passed_on;
create index reply_by_digest on reply (digest_key) where digest_key is not null;
create index reply_by_email on reply (email_key);

-- What all senders share: whose turn it is, whether the relay accepts email, and when a sender was last at work.
create table sender_status (
    only_row boolean primary key default true check (only_row),
    next_turn_at timestamptz not null default now(),
    seen_at timestamptz not null default now(),
    paused_since timestamptz,
    pause_cause text
);

-- Whether backups are made: when the first one began, and when the newest was finished. Real time. Whatever makes them
-- writes it: deploy/backup.sh, mile backup.
create table backup_status (
    only_row boolean primary key default true check (only_row),
    began_at timestamptz not null,
    finished_at timestamptz
);

-- A link in an email, known by the hash of its token only: a copy of the database opens no page.
create table link (
    token_hash bytea primary key,
    email_key text not null references outbox (key),
    mentorship_id text not null,
    milestone text not null,
    side text not null check (side in ('mentor', 'mentee')),
    key_id text,
    revoked_at timestamptz,
    foreign key (mentorship_id, milestone) references milestone (mentorship_id, id)
);
create index link_by_mentorship on link (mentorship_id);
create index link_by_email on link (email_key);

-- One link per participant and cohort, in the headers of their periodic emails, known by the hash of its token only.
-- Reminders are paused from paused_at on, until resumed_at where there is one; the mentorship is the one of the newest email.
create table reminder_link (
    cohort_id text not null references cohort (id),
    person_id text not null,
    token_hash bytea not null,
    -- Empty once the link was revoked; each revoked one has a successor.
    key_id text,
    revocations integer not null default 0,
    mentorship_id text not null references mentorship (id),
    side text not null check (side in ('mentor', 'mentee')),
    paused_at timestamptz,
    resumed_at timestamptz check (resumed_at >= paused_at),
    primary key (cohort_id, person_id)
);
-- Not unique: two emails that are written at the same moment store the same link, and "on conflict" watches one key only.
create index reminder_link_by_token on reminder_link (token_hash);

-- Report

-- A cohort's closing report; written once at its end and readable for ever.
create table report (
    cohort_id text primary key references cohort (id),
    figures jsonb not null,
    written_at timestamptz not null
);

-- Audit

-- Who did what, when and why. No foreign keys: an event outlives what it is about, and a refused step has nothing. The
-- event of a step that a workflow carries out is there before the step, and completed after it.
create table audit_event (
    id bigint generated always as identity primary key,
    happened_at timestamptz not null,
    actor text not null check (actor ~ '^(staff|participant|service):.'),
    action text not null,
    cohort_id text not null,
    mentorship_id text,
    person_id text,
    details jsonb not null default '{}',
    -- What its workflow was told to decide, with its id: enumerations and dates, never words.
    decision jsonb,
    completed boolean not null default true,
    -- Real time: when the audit found that its workflow has not heard of the decision and can no longer make it.
    lost_at timestamptz
);
create index audit_event_by_time on audit_event (happened_at);
create index audit_event_by_cohort on audit_event (cohort_id, happened_at);
create unique index audit_event_of_decision on audit_event (mentorship_id, (decision -> 'change' ->> 'decision'))
    where decision is not null;
create index audit_event_lost on audit_event (mentorship_id) where lost_at is not null;
create index audit_event_by_mentorship on audit_event (mentorship_id, happened_at) where mentorship_id is not null;
create index audit_event_by_person on audit_event (cohort_id, person_id, happened_at) where person_id is not null;

-- migrate:down
drop view check_in, mentorship_pair, final_match, published_run, proposed_match;
drop table readiness;
drop table stay_in_touch;
drop table resource;
drop table agreement_draft;
drop table audit_event, report, reminder_link, link, backup_status, sender_status, reply, bounce, discarded_email, outbox, agreement, calendar_feed, meeting_date, meeting_proposal, busy_time, calendar_subscription, address_link, address_change, leaving, call_request, response, topic_choice, milestone, put_off, told_concern, concern, mentorship,
    attendance, rsvp, question_reply, proposal, match_run, inquiry, stopped_mailbox, link_request, personal_link, draft, application, opportunity_taken, opportunity_wish, opportunity,
    email_wording, staff_message, staff_upload, staff_step, answered_challenge, passkey, staff_session, sign_in_link, role_holder, cohort;
