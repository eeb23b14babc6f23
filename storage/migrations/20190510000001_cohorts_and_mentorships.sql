-- migrate:up

-- Settings as staff wrote them in cohort.toml, validated.
create table cohort (
    id text primary key,
    settings jsonb not null,
    stage text not null default 'importing',
    updated_at timestamptz not null
);

-- What a mentor applied with, or a participant told at intake.
create table application (
    cohort_id text not null references cohort (id),
    side text not null check (side in ('mentor', 'mentee')),
    person_id text not null,
    email text not null,
    answers jsonb not null,
    primary key (cohort_id, person_id)
);
create unique index application_once_per_address on application (cohort_id, lower(email));

-- Every match run is kept, with the hash of what it saw, its settings, its result and its proof.
create table match_run (
    cohort_id text not null references cohort (id),
    run integer not null,
    inputs_sha256 text not null,
    result jsonb not null,
    made_at timestamptz not null,
    published_at timestamptz,
    primary key (cohort_id, run),
    unique (cohort_id, inputs_sha256)
);

-- One pair for 18 months; the columns after ends_on mirror the workflow, for lists and reports.
create table mentorship (
    id text primary key,
    cohort_id text not null references cohort (id),
    mentor_id text not null,
    mentee_id text not null,
    score integer not null,
    starts_on date not null,
    ends_on date not null,
    phase text not null default 'preparing',
    quarter integer not null default 1,
    needs_attention boolean not null default false,
    outcome text,
    updated_at timestamptz not null,
    foreign key (cohort_id, mentor_id) references application (cohort_id, person_id),
    foreign key (cohort_id, mentee_id) references application (cohort_id, person_id),
    unique (cohort_id, mentor_id, mentee_id)
);

-- The plan of a mentorship as it stands, and how each milestone closed.
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
    closed_at timestamptz,
    silent text[],
    mentor_status text,
    mentee_status text,
    primary key (mentorship_id, id)
);

-- Every revision of every response; the last one before the window closed counts.
create table response (
    id text not null,
    revision integer not null,
    mentorship_id text not null,
    milestone text not null,
    side text not null check (side in ('mentor', 'mentee')),
    form text not null,
    answers jsonb not null,
    envelope jsonb not null,
    received_at timestamptz not null,
    signalled_at timestamptz,
    primary key (id, revision),
    foreign key (mentorship_id, milestone) references milestone (mentorship_id, id)
);
create index response_not_signalled on response (received_at) where signalled_at is null;

-- One row per email, before the first byte leaves: waiting, sending, sent, or undeliverable.
create table outbox (
    key text primary key,
    scope_id text not null,
    cohort_id text not null references cohort (id),
    kind text not null,
    recipient text not null check (recipient in ('mentor', 'mentee', 'staff')),
    subject text not null,
    asks jsonb not null,
    automatic boolean not null,
    due_at timestamptz not null,
    state text not null check (state in ('waiting', 'sending', 'sent', 'undeliverable')),
    attempts integer not null default 0,
    sent_at timestamptz
);
create index outbox_by_scope on outbox (scope_id, due_at);

-- A link is known by the hash of its token only.
create table link (
    token_hash bytea primary key,
    email_key text not null references outbox (key),
    mentorship_id text not null,
    milestone text not null,
    side text not null check (side in ('mentor', 'mentee')),
    revoked_at timestamptz,
    foreign key (mentorship_id, milestone) references milestone (mentorship_id, id)
);

-- What the association gained; written once at the end, readable for ever.
create table report (
    cohort_id text primary key references cohort (id),
    figures jsonb not null,
    written_at timestamptz not null
);

-- Who did what, when and why.
create table audit_event (
    id bigint generated always as identity primary key,
    happened_at timestamptz not null,
    cohort_id text not null,
    mentorship_id text,
    actor text not null,
    action text not null,
    details jsonb not null default '{}'
);

-- migrate:down
drop table audit_event, report, link, outbox, response, milestone, mentorship, match_run, application, cohort;
