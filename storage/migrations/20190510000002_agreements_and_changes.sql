-- migrate:up

-- Every version of a pair's agreement; it stands once both sides confirmed the same one.
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

-- What staff draw everybody's attention to: openings in the association, and chances for mentees.
create table opportunity (
    id bigint generated always as identity primary key,
    cohort_id text not null references cohort (id),
    area text not null check (area in ('involvement', 'chance')),
    title text not null,
    url text,
    until_on date not null,
    added_at timestamptz not null
);

-- Why staff should look at a mentorship, as its workflow sees it; and the mentorship it took over from. In which quarter
-- it is can be counted from its milestones.
alter table mentorship drop column needs_attention;
alter table mentorship drop column quarter;
alter table mentorship add column concerns text[] not null default '{}';
alter table mentorship add column predecessor text unique references mentorship (id);

-- A page may stay open after its milestone was due; a milestone the plan no longer has is dropped, never deleted.
alter table milestone add column open_until timestamptz;
alter table milestone add column dropped_at timestamptz;

-- migrate:down
alter table milestone drop column dropped_at;
alter table milestone drop column open_until;
alter table mentorship drop column predecessor;
alter table mentorship drop column concerns;
alter table mentorship add column quarter integer not null default 1;
alter table mentorship add column needs_attention boolean not null default false;
drop table opportunity, agreement;
