-- migrate:up

-- A letter that a page or staff asked for, and when; the emails of workflows have none. What a note is about, and until
-- when a letter rests whose mailbox took nothing.
alter table outbox add column asked_at timestamptz;
alter table outbox add column reason text;
alter table outbox add column about text check (about in ('mentor', 'mentee'));
alter table outbox add column rests_until timestamptz;
create index outbox_asked_for on outbox (cohort_id, asked_at)
where asked_at is not null and state in ('waiting', 'sending');

-- migrate:down
drop index outbox_asked_for;
alter table outbox drop column rests_until;
alter table outbox drop column about;
alter table outbox drop column reason;
alter table outbox drop column asked_at;
