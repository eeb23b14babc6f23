-- name: save_inquiry$
-- Keep a question that was asked before applying.
insert into inquiry (cohort_id, name, email, text, received_at)
values (:cohort_id, :name, :email, :text, :now)
returning id;

-- name: inquiry^
-- One question that was asked before applying.
select id, cohort_id, name, email, text from inquiry where id = :id;
