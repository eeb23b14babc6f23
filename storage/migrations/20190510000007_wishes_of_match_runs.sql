-- migrate:up

-- What staff asked of a match run, as they asked it: pairs fixed and ruled out, another objective. What is drawn up after
-- a decline keeps what was asked of the published run.
alter table match_run add column wishes jsonb not null default '{}';

-- migrate:down
alter table match_run drop column wishes;
