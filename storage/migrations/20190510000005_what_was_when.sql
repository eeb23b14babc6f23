-- migrate:up

-- Since when, and until when, there was a reason to look at a mentorship; a digest tells what was so at its moment.
create table concern (
    mentorship_id text not null references mentorship (id),
    reason text not null,
    raised_at timestamptz not null,
    lowered_at timestamptz,
    primary key (mentorship_id, reason, raised_at)
);
insert into concern (mentorship_id, reason, raised_at)
select m.id, c.reason, m.updated_at from mentorship m cross join unnest(m.concerns) as c (reason);

alter table mentorship add column ended_at timestamptz;
update mentorship set ended_at = updated_at where outcome is not null;

-- migrate:down
alter table mentorship drop column ended_at;
drop table concern;
