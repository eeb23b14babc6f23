-- migrate:up

-- Where an application stands; what was imported is accepted.
alter table application add column standing text not null default 'accepted'
    check (standing in ('accepted', 'ineligible', 'waiting', 'withdrawn'));
alter table application add column submitted_at timestamptz;

-- What somebody typed so far, by question name; handed in, it becomes an application.
create table draft (
    cohort_id text not null references cohort (id),
    person_id text not null,
    side text not null check (side in ('mentor', 'mentee')),
    email text not null,
    answers jsonb not null default '{}',
    began_at timestamptz not null,
    saved_at timestamptz not null,
    submitted_at timestamptz,
    primary key (cohort_id, person_id)
);
create unique index draft_once_per_address on draft (cohort_id, lower(email));

-- One link per person and cohort, known by the hash of its token; it shows whatever can be done at the time.
create table personal_link (
    token_hash bytea primary key,
    cohort_id text not null references cohort (id),
    person_id text not null,
    revoked_at timestamptz
);

-- A published match as it was proposed to both sides, and what they said.
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
    settled_at timestamptz,
    primary key (cohort_id, mentor_id, mentee_id),
    foreign key (cohort_id, mentor_id) references application (cohort_id, person_id),
    foreign key (cohort_id, mentee_id) references application (cohort_id, person_id)
);

-- Who comes to the half-day session; needs are for those who lay the table.
create table rsvp (
    cohort_id text not null,
    person_id text not null,
    coming text not null check (coming in ('yes', 'no', 'unsure')),
    half_day text,
    meals text not null default '',
    access text not null default '',
    answered_at timestamptz not null,
    primary key (cohort_id, person_id),
    foreign key (cohort_id, person_id) references application (cohort_id, person_id)
);

-- Who was there on the last day; nobody is missing before staff say so.
create table attendance (
    cohort_id text not null,
    person_id text not null,
    attended boolean not null,
    noted_at timestamptz not null,
    primary key (cohort_id, person_id),
    foreign key (cohort_id, person_id) references application (cohort_id, person_id)
);

-- Questions before applying, for the role's mailbox.
create table inquiry (
    id bigint generated always as identity primary key,
    cohort_id text not null references cohort (id),
    name text not null default '',
    email text not null,
    words text not null,
    received_at timestamptz not null
);

-- Who holds a role from when to when; several may hold one, and the newest answers for it.
create table role_holder (
    id bigint generated always as identity primary key,
    cohort_id text not null references cohort (id),
    role text not null,
    email text not null,
    from_on date not null,
    to_on date,
    check (to_on is null or to_on >= from_on)
);

-- A letter may be asked for in the transaction that brings it about, before it is written; then it has no subject yet.
create index outbox_waiting on outbox (due_at) where state = 'waiting';

-- migrate:down
drop index outbox_waiting;
drop table role_holder, inquiry, attendance, rsvp, proposal, personal_link, draft;
alter table application drop column submitted_at;
alter table application drop column standing;
