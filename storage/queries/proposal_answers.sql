-- name: proposal_for_update^
-- One proposal, which nobody else can answer until the transaction is over.
select o.*, m.status as mentor_status, p.status as mentee_status
from proposal o
join application m on m.cohort_id = o.cohort_id and m.person_id = o.mentor_id
join application p on p.cohort_id = o.cohort_id and p.person_id = o.mentee_id
where o.cohort_id = :cohort_id and o.mentor_id = :mentor_id and o.mentee_id = :mentee_id
for update of o;

-- name: answer_proposal!
-- What one side says; staff are told anew where it needs them, and a decline ends what staff had confirmed.
update proposal set
    mentor_answer = case when :side = 'mentor' then :commitment else mentor_answer end,
    mentor_answered_at = case when :side = 'mentor' then :now else mentor_answered_at end,
    mentor_reason = case when :side = 'mentor' then :reason else mentor_reason end,
    mentor_question = case when :side = 'mentor' then :question else mentor_question end,
    mentee_answer = case when :side = 'mentee' then :commitment else mentee_answer end,
    mentee_answered_at = case when :side = 'mentee' then :now else mentee_answered_at end,
    mentee_reason = case when :side = 'mentee' then :reason else mentee_reason end,
    mentee_question = case when :side = 'mentee' then :question else mentee_question end,
    confirmed_at = case when :commitment = 'declined' then null else confirmed_at end,
    reported_at = case when :commitment in ('asked', 'declined') then null else reported_at end
where cohort_id = :cohort_id and mentor_id = :mentor_id and mentee_id = :mentee_id;

-- name: confirm_proposal!
-- Staff make a match final, whatever was said or not said to it; the first time counts.
update proposal set confirmed_at = coalesce(confirmed_at, :now)
where cohort_id = :cohort_id and mentor_id = :mentor_id and mentee_id = :mentee_id;

-- name: mentorship_exists$
-- Whether the mentorship of a pair is kept already.
select exists (
    select from mentorship where cohort_id = :cohort_id and mentor_id = :mentor_id and mentee_id = :mentee_id
);
