-- name: links_by_key
-- How many links that were sent each key still opens; the key's id is empty for links of before there were ids.
select key_id, count(*) as links from (
    select key_id from link where revoked_at is null
    union all
    select key_id from personal_link where revoked_at is null
    union all
    select key_id from reminder_link where key_id is not null
    union all
    select key_id from address_link
) opening
group by key_id order by key_id;

-- name: lock_personal_links!
-- Wait for whoever makes a calendar behind one of these links, so that revoking finds it.
select from personal_link
where revoked_at is null
and (cast(:cohort_id as text) is null or cohort_id = :cohort_id)
and (cast(:person_id as text) is null or person_id = :person_id)
for update;

-- name: revoke_links_of
-- Revoke the links of a cohort, a person, a key, or all where none is named; one row for each kind of link and cohort.
-- Links of an email that has not left stay, because nobody has them; but those of a revoked key are made anew.
-- Those about a changed address end with their key only: whoever has somebody's page must not end them.
with milestone_link as (
    update link l set revoked_at = clock_timestamp()
    from mentorship m, outbox o
    where m.id = l.mentorship_id and o.key = l.email_key and l.revoked_at is null
    and (cast(:cohort_id as text) is null or m.cohort_id = :cohort_id)
    and (
        cast(:person_id as text) is null
        or :person_id = case when l.side = 'mentor' then m.mentor_id else m.mentee_id end
    )
    and (cast(:key_id as text) is null or l.key_id = :key_id)
    and (:key_id is not null or o.sent_at is not null)
    returning m.cohort_id, case when l.side = 'mentor' then m.mentor_id else m.mentee_id end as person_id
), unsent as (
    update outbox set link_key_id = null
    where link_key_id = :key_id and state in ('queued', 'held')
), personal as (
    update personal_link set revoked_at = clock_timestamp()
    where revoked_at is null
    and (cast(:cohort_id as text) is null or cohort_id = :cohort_id)
    and (cast(:person_id as text) is null or person_id = :person_id)
    and (cast(:key_id as text) is null or key_id = :key_id)
    returning cohort_id, person_id
), reminder as (
    -- Whether reminders are paused stays. No token has this hash.
    update reminder_link
    set token_hash = sha256(convert_to(gen_random_uuid()::text, 'UTF8')), key_id = null, revocations = revocations + 1
    where key_id is not null
    and (cast(:cohort_id as text) is null or cohort_id = :cohort_id)
    and (cast(:person_id as text) is null or person_id = :person_id)
    and (cast(:key_id as text) is null or key_id = :key_id)
    returning cohort_id, person_id
), address as (
    delete from address_link l using address_change c
    where c.id = l.change_id and l.key_id = :key_id
    and (cast(:cohort_id as text) is null or c.cohort_id = :cohort_id)
    and (cast(:person_id as text) is null or c.person_id = :person_id)
    returning c.cohort_id, c.person_id
), feed as (
    -- It was made on a page, by no key.
    update calendar_feed set revoked_at = clock_timestamp()
    where revoked_at is null and cast(:key_id as text) is null
    and (cast(:cohort_id as text) is null or cohort_id = :cohort_id)
    and (cast(:person_id as text) is null or person_id = :person_id)
    returning cohort_id, person_id
)
select kind, cohort_id, count(*) as links, array_agg(distinct person_id order by person_id) as people from (
    select 'milestone' as kind, cohort_id, person_id from milestone_link
    union all
    select 'personal', cohort_id, person_id from personal
    union all
    select 'reminders', cohort_id, person_id from reminder
    union all
    select 'address', cohort_id, person_id from address
    union all
    select 'calendar', cohort_id, person_id from feed
) revoked
group by kind, cohort_id order by cohort_id, kind;
