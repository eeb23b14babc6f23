-- name: lock_proposal!
-- Let whoever answers the same proposal wait for the other, until the transaction is over.
select 1 from proposal where cohort_id = :cohort_id and mentor_id = :mentor_id and mentee_id = :mentee_id for update;

-- name: proposal^
-- One proposal.
select * from proposed_match where cohort_id = :cohort_id and mentor_id = :mentor_id and mentee_id = :mentee_id;

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
    reported_at = case when :commitment in ('asked', 'declined') then null else reported_at end,
    unsignaled_since = clock_timestamp()
where cohort_id = :cohort_id and mentor_id = :mentor_id and mentee_id = :mentee_id;

-- name: confirm_proposal!
-- Staff make a match final, whatever was said or not said to it; the first time counts.
update proposal set confirmed_at = coalesce(confirmed_at, :now),
    unsignaled_since = case when confirmed_at is null then clock_timestamp() else unsignaled_since end
where cohort_id = :cohort_id and mentor_id = :mentor_id and mentee_id = :mentee_id;

-- name: unsignaled_proposal_answers
-- The cohorts whose workflows may not know that a proposal was answered some time ago. Once the mentorships have started
-- nothing follows from it.
select distinct cohort_id from proposal p
where unsignaled_since <= clock_timestamp() - cast(:stored_for as interval)
    and (select archived_at is null and stage <> all(:started::text[]) from cohort where id = p.cohort_id)
order by cohort_id;

-- name: last_unsignaled_answer$
-- When the last answer to a proposal of a cohort was stored that its workflow may not know of, or nothing.
select max(unsignaled_since) from proposal where cohort_id = :cohort_id and unsignaled_since is not null;

-- name: set_proposal_answers_signaled!
-- The workflow of a cohort was told of its answers up to this one.
update proposal set unsignaled_since = null where cohort_id = :cohort_id and unsignaled_since <= :last;

-- name: mentorship_exists$
-- Whether the mentorship of a pair is kept already.
select exists (
    select from mentorship where cohort_id = :cohort_id and mentor_id = :mentor_id and mentee_id = :mentee_id
);

-- name: save_question_reply!
-- What staff answer to a question about a proposal, and the key of the email that brings it.
insert into question_reply (email_key, cohort_id, mentor_id, mentee_id, side, question, text, replied_at)
values (:email_key, :cohort_id, :mentor_id, :mentee_id, :side, :question, :text, :now);

-- name: count_question_replies$
-- How many questions about a proposal staff have answered.
select count(*) from question_reply
where cohort_id = :cohort_id and mentor_id = :mentor_id and mentee_id = :mentee_id;

-- name: question_reply^
-- The answer that an email brings.
select mentor_id, mentee_id, side, question, text, replied_at from question_reply where email_key = :email_key;

-- name: question_replies
-- All answers of staff to questions about the proposals of a cohort, the oldest first.
select mentor_id, mentee_id, side, question, text, replied_at from question_reply
where cohort_id = :cohort_id order by replied_at, email_key;
