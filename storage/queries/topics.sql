-- name: chosen_topics
-- The topics that a pair chose for its meetings.
select milestone_id, topic from topic_choice where mentorship_id = :mentorship_id;

-- name: save_topic!
-- Keep the topic that a pair chose for a meeting; the last choice counts.
insert into topic_choice (mentorship_id, milestone_id, topic, chosen_at)
values (:mentorship_id, :milestone_id, :topic, :now)
on conflict (mentorship_id, milestone_id) do update set topic = excluded.topic, chosen_at = excluded.chosen_at;
