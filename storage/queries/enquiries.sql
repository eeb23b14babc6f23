-- name: save_enquiry$
-- Keep a question that was asked before applying.
insert into enquiry (cohort_id, name, email, words, received_at)
values (:cohort_id, :name, :email, :words, :now)
returning id;

-- name: enquiry^
-- One question that was asked before applying.
select id, cohort_id, name, email, words from enquiry where id = :id;
