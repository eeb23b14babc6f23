-- migrate:up

-- When a mentorship's workflow was started; a pair that is kept and not started yet has no such moment. What has a plan
-- has been started.
alter table mentorship add column started_at timestamptz;
update mentorship m set started_at = m.updated_at where exists (select from milestone s where s.mentorship_id = m.id);

-- migrate:down
alter table mentorship drop column started_at;
