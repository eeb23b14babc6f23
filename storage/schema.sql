-- What the migrations make, as pg_dump writes it. Renew it with: make schema

CREATE TABLE public.address_change (
    id bigint NOT NULL,
    mentorship_id text NOT NULL,
    side text NOT NULL,
    cohort_id text NOT NULL,
    person_id text NOT NULL,
    old_email text NOT NULL,
    new_email text NOT NULL,
    by_staff boolean NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    confirmed_at timestamp with time zone,
    kept_at timestamp with time zone,
    closed_at timestamp with time zone,
    saved_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT address_change_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

ALTER TABLE public.address_change ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.address_change_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.address_link (
    token_hash bytea NOT NULL,
    change_id bigint NOT NULL,
    confirms boolean NOT NULL,
    key_id text NOT NULL
);

CREATE TABLE public.agreement (
    mentorship_id text NOT NULL,
    version integer NOT NULL,
    contents jsonb NOT NULL,
    written_by text,
    written_at timestamp with time zone NOT NULL,
    mentor_confirmed_at timestamp with time zone,
    mentee_confirmed_at timestamp with time zone,
    CONSTRAINT agreement_version_check CHECK ((version > 0)),
    CONSTRAINT agreement_written_by_check CHECK ((written_by = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.agreement_draft (
    mentorship_id text NOT NULL,
    side text NOT NULL,
    version integer NOT NULL,
    answers jsonb NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    CONSTRAINT agreement_draft_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.answered_challenge (
    challenge_hash bytea NOT NULL,
    answered_at timestamp with time zone NOT NULL
);

CREATE TABLE public.application (
    cohort_id text NOT NULL,
    person_id text NOT NULL,
    side text NOT NULL,
    email text NOT NULL,
    answers jsonb NOT NULL,
    status text DEFAULT 'accepted'::text NOT NULL,
    submitted_at timestamp with time zone,
    uninvited_at timestamp with time zone,
    reach text DEFAULT ''::text NOT NULL,
    time_zone text DEFAULT ''::text NOT NULL,
    language text,
    CONSTRAINT application_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text]))),
    CONSTRAINT application_status_check CHECK ((status = ANY (ARRAY['accepted'::text, 'ineligible'::text, 'waiting'::text, 'withdrawn'::text])))
);

CREATE TABLE public.attendance (
    cohort_id text NOT NULL,
    person_id text NOT NULL,
    attended boolean NOT NULL,
    recorded_at timestamp with time zone NOT NULL
);

CREATE TABLE public.audit_event (
    id bigint NOT NULL,
    happened_at timestamp with time zone NOT NULL,
    actor text NOT NULL,
    action text NOT NULL,
    cohort_id text NOT NULL,
    mentorship_id text,
    person_id text,
    details jsonb DEFAULT '{}'::jsonb NOT NULL,
    decision jsonb,
    completed boolean DEFAULT true NOT NULL,
    lost_at timestamp with time zone,
    CONSTRAINT audit_event_actor_check CHECK ((actor ~ '^(staff|participant|service):.'::text))
);

ALTER TABLE public.audit_event ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.backup_status (
    only_row boolean DEFAULT true NOT NULL,
    began_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT backup_status_only_row_check CHECK (only_row)
);

CREATE TABLE public.bounce (
    email_key text NOT NULL,
    source text NOT NULL,
    code text NOT NULL,
    plain_kind text,
    bounced_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);

CREATE TABLE public.busy_time (
    cohort_id text NOT NULL,
    person_id text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    ends_at timestamp with time zone NOT NULL
);

CREATE TABLE public.calendar_feed (
    token_hash bytea NOT NULL,
    cohort_id text NOT NULL,
    person_id text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    revoked_at timestamp with time zone
);

CREATE TABLE public.calendar_subscription (
    cohort_id text NOT NULL,
    person_id text NOT NULL,
    sealed_address bytea NOT NULL,
    added_at timestamp with time zone NOT NULL,
    tried_at timestamp with time zone,
    read_at timestamp with time zone,
    problem text
);

CREATE TABLE public.call_request (
    id text NOT NULL,
    revision integer NOT NULL,
    mentorship_id text NOT NULL,
    side text NOT NULL,
    about text NOT NULL,
    words text NOT NULL,
    signal_payload jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    signaled_at timestamp with time zone,
    CONSTRAINT call_request_about_check CHECK ((about = ANY (ARRAY['call'::text, 'not_working'::text, 'leaving'::text]))),
    CONSTRAINT call_request_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.milestone (
    mentorship_id text NOT NULL,
    id text NOT NULL,
    kind text NOT NULL,
    number integer NOT NULL,
    asked text[] NOT NULL,
    opens_on date NOT NULL,
    closes_on date NOT NULL,
    opens_at timestamp with time zone NOT NULL,
    closes_at timestamp with time zone NOT NULL,
    open_until timestamp with time zone,
    closed_at timestamp with time zone,
    dropped_at timestamp with time zone,
    silent text[]
);

CREATE TABLE public.response (
    id text NOT NULL,
    revision integer NOT NULL,
    mentorship_id text NOT NULL,
    milestone_id text NOT NULL,
    side text NOT NULL,
    form text NOT NULL,
    answers jsonb NOT NULL,
    signal_payload jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    left_until timestamp with time zone,
    signaled_at timestamp with time zone,
    CONSTRAINT response_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE VIEW public.check_in AS
 SELECT s.mentorship_id,
    s.number,
    s.opens_on,
    s.closes_on,
    s.closes_at,
    COALESCE(said.mentor, 'unanswered'::text) AS mentor_status,
    COALESCE(said.mentee, 'unanswered'::text) AS mentee_status
   FROM (public.milestone s
     CROSS JOIN LATERAL ( SELECT max(last.status) FILTER (WHERE (last.side = 'mentor'::text)) AS mentor,
            max(last.status) FILTER (WHERE (last.side = 'mentee'::text)) AS mentee
           FROM ( SELECT DISTINCT ON (r.side) r.side,
                    (r.answers ->> 'status'::text) AS status
                   FROM public.response r
                  WHERE ((r.mentorship_id = s.mentorship_id) AND (r.milestone_id = s.id) AND (r.received_at >= s.opens_at) AND (r.received_at < s.closes_at))
                  ORDER BY r.side, r.revision DESC) last) said)
  WHERE ((s.kind = 'check_in'::text) AND COALESCE((s.dropped_at >= s.closes_at), true));

CREATE TABLE public.cohort (
    id text NOT NULL,
    settings jsonb NOT NULL,
    mapping jsonb DEFAULT '{}'::jsonb NOT NULL,
    stage text DEFAULT 'importing'::text NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    archived_at timestamp with time zone
);

CREATE TABLE public.concern (
    mentorship_id text NOT NULL,
    reason text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone
);

CREATE TABLE public.discarded_email (
    key text NOT NULL,
    scope_id text NOT NULL,
    cohort_id text NOT NULL
);

CREATE TABLE public.draft (
    cohort_id text NOT NULL,
    person_id text NOT NULL,
    side text NOT NULL,
    email text NOT NULL,
    answers jsonb DEFAULT '{}'::jsonb NOT NULL,
    began_at timestamp with time zone NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    submitted_at timestamp with time zone,
    closed_at timestamp with time zone,
    CONSTRAINT draft_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.email_wording (
    id bigint NOT NULL,
    cohort_id text NOT NULL,
    kind text NOT NULL,
    passages jsonb NOT NULL,
    written_by text NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    used_since timestamp with time zone
);

ALTER TABLE public.email_wording ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.email_wording_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.match_run (
    cohort_id text NOT NULL,
    run integer NOT NULL,
    inputs_sha256 text NOT NULL,
    request jsonb DEFAULT '{}'::jsonb NOT NULL,
    result jsonb NOT NULL,
    created_at timestamp with time zone NOT NULL,
    published_at timestamp with time zone
);

CREATE TABLE public.proposal (
    cohort_id text NOT NULL,
    mentor_id text NOT NULL,
    mentee_id text NOT NULL,
    run integer NOT NULL,
    proposed_at timestamp with time zone NOT NULL,
    mentor_answer text,
    mentor_answered_at timestamp with time zone,
    mentor_reason text,
    mentor_question text DEFAULT ''::text NOT NULL,
    mentee_answer text,
    mentee_answered_at timestamp with time zone,
    mentee_reason text,
    mentee_question text DEFAULT ''::text NOT NULL,
    confirmed_at timestamp with time zone,
    withdrawn_at timestamp with time zone,
    reported_at timestamp with time zone,
    unsignaled_since timestamp with time zone,
    CONSTRAINT proposal_mentee_answer_check CHECK ((mentee_answer = ANY (ARRAY['committed'::text, 'asked'::text, 'declined'::text]))),
    CONSTRAINT proposal_mentor_answer_check CHECK ((mentor_answer = ANY (ARRAY['committed'::text, 'asked'::text, 'declined'::text])))
);

CREATE VIEW public.proposed_match AS
 SELECT cohort_id,
    mentor_id,
    mentee_id,
    run,
    proposed_at,
    mentor_answer,
    mentor_answered_at,
    mentor_reason,
    mentor_question,
    mentee_answer,
    mentee_answered_at,
    mentee_reason,
    mentee_question,
    confirmed_at,
    withdrawn_at,
    reported_at,
    unsignaled_since,
    mentor_status,
    mentee_status,
    ((withdrawn_at IS NULL) AND (mentor_status = 'accepted'::text) AND (mentee_status = 'accepted'::text) AND ((confirmed_at IS NOT NULL) OR COALESCE(((mentor_answer = 'committed'::text) AND (mentee_answer = 'committed'::text)), false))) AS final,
    ((confirmed_at IS NULL) AND COALESCE((('declined'::text = mentor_answer) OR ('declined'::text = mentee_answer)), false)) AS declined
   FROM ( SELECT o.cohort_id,
            o.mentor_id,
            o.mentee_id,
            o.run,
            o.proposed_at,
            o.mentor_answer,
            o.mentor_answered_at,
            o.mentor_reason,
            o.mentor_question,
            o.mentee_answer,
            o.mentee_answered_at,
            o.mentee_reason,
            o.mentee_question,
            o.confirmed_at,
            o.withdrawn_at,
            o.reported_at,
            o.unsignaled_since,
            ( SELECT application.status
                   FROM public.application
                  WHERE ((application.cohort_id = o.cohort_id) AND (application.person_id = o.mentor_id))) AS mentor_status,
            ( SELECT application.status
                   FROM public.application
                  WHERE ((application.cohort_id = o.cohort_id) AND (application.person_id = o.mentee_id))) AS mentee_status
           FROM public.proposal o) p;

CREATE VIEW public.published_run AS
 SELECT DISTINCT ON (cohort_id) cohort_id,
    run,
    result,
    request
   FROM public.match_run
  WHERE (published_at IS NOT NULL)
  ORDER BY cohort_id, published_at DESC, run DESC;

CREATE VIEW public.final_match AS
 SELECT proposed_match.cohort_id,
    proposed_match.mentor_id,
    proposed_match.mentee_id
   FROM public.proposed_match
  WHERE proposed_match.final
UNION ALL
 SELECT c.id AS cohort_id,
    m.person_id AS mentor_id,
    p.person_id AS mentee_id
   FROM ((((public.cohort c
     JOIN public.published_run published ON ((published.cohort_id = c.id)))
     CROSS JOIN LATERAL jsonb_array_elements((published.result -> 'pairs'::text)) pair(value))
     JOIN public.application m ON (((m.cohort_id = c.id) AND (m.person_id = (pair.value ->> 'mentor'::text)) AND (m.status = 'accepted'::text))))
     JOIN public.application p ON (((p.cohort_id = c.id) AND (p.person_id = (pair.value ->> 'mentee'::text)) AND (p.status = 'accepted'::text))))
  WHERE ((c.settings ->> 'proposals'::text) IS NULL);

CREATE TABLE public.inquiry (
    id bigint NOT NULL,
    cohort_id text NOT NULL,
    name text DEFAULT ''::text NOT NULL,
    email text NOT NULL,
    mailbox text NOT NULL,
    text text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    digest_key text
);

ALTER TABLE public.inquiry ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.inquiry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.leaving (
    mentorship_id text NOT NULL,
    side text NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    reason text NOT NULL,
    ends_at timestamp with time zone NOT NULL,
    undone_at timestamp with time zone,
    done_at timestamp with time zone,
    CONSTRAINT leaving_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.link (
    token_hash bytea NOT NULL,
    email_key text NOT NULL,
    mentorship_id text NOT NULL,
    milestone text NOT NULL,
    side text NOT NULL,
    key_id text,
    revoked_at timestamp with time zone,
    CONSTRAINT link_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.link_request (
    cohort_id text NOT NULL,
    mailbox_hash bytea NOT NULL,
    sent_at timestamp with time zone NOT NULL
);

CREATE TABLE public.meeting_date (
    id text NOT NULL,
    revision integer NOT NULL,
    mentorship_id text NOT NULL,
    milestone_id text NOT NULL,
    side text NOT NULL,
    starts_at timestamp with time zone NOT NULL,
    minutes integer NOT NULL,
    place text NOT NULL,
    question text NOT NULL,
    cancelled boolean NOT NULL,
    event integer NOT NULL,
    signal_payload jsonb NOT NULL,
    received_at timestamp with time zone NOT NULL,
    stored_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    signaled_at timestamp with time zone,
    CONSTRAINT meeting_date_minutes_check CHECK (((minutes >= 30) AND (minutes <= 90))),
    CONSTRAINT meeting_date_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.meeting_proposal (
    mentorship_id text NOT NULL,
    number integer NOT NULL,
    side text NOT NULL,
    times timestamp with time zone[] NOT NULL,
    minutes integer NOT NULL,
    place text NOT NULL,
    question text NOT NULL,
    moves text,
    proposed_at timestamp with time zone NOT NULL,
    reminded_at timestamp with time zone,
    closed_at timestamp with time zone,
    CONSTRAINT meeting_proposal_minutes_check CHECK (((minutes >= 30) AND (minutes <= 90))),
    CONSTRAINT meeting_proposal_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text]))),
    CONSTRAINT meeting_proposal_times_check CHECK (((cardinality(times) >= 1) AND (cardinality(times) <= 5)))
);

CREATE TABLE public.mentorship (
    id text NOT NULL,
    cohort_id text NOT NULL,
    mentor_id text NOT NULL,
    mentee_id text NOT NULL,
    predecessor_id text,
    score integer NOT NULL,
    starts_on date NOT NULL,
    ends_on date NOT NULL,
    phase text DEFAULT 'preparing'::text NOT NULL,
    concerns text[] DEFAULT '{}'::text[] NOT NULL,
    outcome text,
    started_at timestamp with time zone,
    ended_at timestamp with time zone,
    updated_at timestamp with time zone NOT NULL
);

CREATE VIEW public.mentorship_pair AS
 SELECT m.id,
    m.cohort_id,
    m.starts_on,
    m.ends_on,
    m.outcome,
    c.settings,
    (mentor.answers || jsonb_build_object('reach', mentor.reach, 'time_zone', mentor.time_zone, 'language', mentor.language)) AS mentor,
    (mentee.answers || jsonb_build_object('reach', mentee.reach, 'time_zone', mentee.time_zone, 'language', mentee.language)) AS mentee,
    ( WITH RECURSIVE line AS (
                 SELECT m.id,
                    m.predecessor_id,
                    0 AS steps
                UNION ALL
                 SELECT before.id,
                    before.predecessor_id,
                    (line_1.steps + 1)
                   FROM (public.mentorship before
                     JOIN line line_1 ON ((before.id = line_1.predecessor_id)))
                )
         SELECT a.contents
           FROM (line
             JOIN public.agreement a ON ((a.mentorship_id = line.id)))
          WHERE ((a.mentor_confirmed_at IS NOT NULL) AND (a.mentee_confirmed_at IS NOT NULL))
          ORDER BY line.steps, a.version DESC
         LIMIT 1) AS agreed
   FROM (((public.mentorship m
     JOIN public.cohort c ON ((c.id = m.cohort_id)))
     JOIN public.application mentor ON (((mentor.cohort_id = m.cohort_id) AND (mentor.person_id = m.mentor_id))))
     JOIN public.application mentee ON (((mentee.cohort_id = m.cohort_id) AND (mentee.person_id = m.mentee_id))));

CREATE TABLE public.opportunity (
    id bigint NOT NULL,
    cohort_id text NOT NULL,
    area text NOT NULL,
    kind text DEFAULT 'other'::text NOT NULL,
    title text NOT NULL,
    url text,
    closes_on date NOT NULL,
    added_at timestamp with time zone NOT NULL,
    CONSTRAINT opportunity_area_check CHECK ((area = ANY (ARRAY['involvement'::text, 'chance'::text])))
);

ALTER TABLE public.opportunity ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.opportunity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.opportunity_taken (
    opportunity_id bigint NOT NULL,
    person_id text NOT NULL,
    taken_at timestamp with time zone NOT NULL
);

CREATE TABLE public.opportunity_wish (
    cohort_id text NOT NULL,
    person_id text NOT NULL,
    kinds text[] NOT NULL,
    chosen_at timestamp with time zone NOT NULL
);

CREATE TABLE public.outbox (
    key text NOT NULL,
    scope_id text NOT NULL,
    cohort_id text NOT NULL,
    kind text NOT NULL,
    recipient text NOT NULL,
    subject text DEFAULT ''::text NOT NULL,
    asks jsonb NOT NULL,
    reason text,
    about text,
    change text,
    pause_from_on date,
    pause_until_on date,
    automatic boolean NOT NULL,
    priority smallint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    requested_at timestamp with time zone NOT NULL,
    first_attempt_at timestamp with time zone,
    sent_at timestamp with time zone,
    state text DEFAULT 'queued'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    enqueued_at timestamp with time zone DEFAULT now() NOT NULL,
    next_attempt_at timestamp with time zone DEFAULT now() NOT NULL,
    failing_since timestamp with time zone,
    failure text,
    signaled_at timestamp with time zone,
    link_key_id text,
    wording bigint,
    bounce_hash bytea,
    message_id text,
    CONSTRAINT outbox_about_check CHECK ((about = ANY (ARRAY['mentor'::text, 'mentee'::text]))),
    CONSTRAINT outbox_recipient_check CHECK ((recipient = ANY (ARRAY['mentor'::text, 'mentee'::text, 'staff'::text]))),
    CONSTRAINT outbox_state_check CHECK ((state = ANY (ARRAY['queued'::text, 'sending'::text, 'sent'::text, 'undeliverable'::text, 'held'::text, 'dead'::text, 'dropped'::text])))
);

CREATE TABLE public.passkey (
    id bigint NOT NULL,
    email text NOT NULL,
    credential_id bytea NOT NULL,
    public_key bytea NOT NULL,
    sign_count bigint NOT NULL,
    name text NOT NULL,
    added_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

ALTER TABLE public.passkey ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.passkey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.personal_link (
    token_hash bytea NOT NULL,
    cohort_id text NOT NULL,
    person_id text NOT NULL,
    key_id text,
    revoked_at timestamp with time zone
);

CREATE TABLE public.put_off (
    mentorship_id text NOT NULL,
    put_off_at timestamp with time zone NOT NULL,
    look_again_on date NOT NULL,
    note text NOT NULL
);

CREATE TABLE public.question_reply (
    email_key text NOT NULL,
    cohort_id text NOT NULL,
    mentor_id text NOT NULL,
    mentee_id text NOT NULL,
    side text NOT NULL,
    question text NOT NULL,
    text text NOT NULL,
    replied_at timestamp with time zone NOT NULL,
    CONSTRAINT question_reply_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.readiness (
    mentorship_id text NOT NULL,
    side text NOT NULL,
    items text[] NOT NULL,
    changed_at timestamp with time zone NOT NULL,
    CONSTRAINT readiness_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.reminder_link (
    cohort_id text NOT NULL,
    person_id text NOT NULL,
    token_hash bytea NOT NULL,
    key_id text,
    revocations integer DEFAULT 0 NOT NULL,
    mentorship_id text NOT NULL,
    side text NOT NULL,
    paused_at timestamp with time zone,
    resumed_at timestamp with time zone,
    CONSTRAINT reminder_link_check CHECK ((resumed_at >= paused_at)),
    CONSTRAINT reminder_link_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.reply (
    fingerprint text NOT NULL,
    email_key text NOT NULL,
    cohort_id text NOT NULL,
    scope_id text NOT NULL,
    side text,
    kind text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    passed_on boolean NOT NULL,
    digest_key text,
    CONSTRAINT reply_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.report (
    cohort_id text NOT NULL,
    figures jsonb NOT NULL,
    written_at timestamp with time zone NOT NULL
);

CREATE TABLE public.resource (
    id bigint NOT NULL,
    cohort_id text NOT NULL,
    area text NOT NULL,
    title text NOT NULL,
    url text NOT NULL,
    about text NOT NULL,
    added_at timestamp with time zone NOT NULL
);

ALTER TABLE public.resource ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.resource_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.role_holder (
    id bigint NOT NULL,
    cohort_id text NOT NULL,
    role text NOT NULL,
    email text NOT NULL,
    access text NOT NULL,
    starts_on date NOT NULL,
    ends_on date,
    CONSTRAINT role_holder_access_check CHECK ((access = ANY (ARRAY['chair'::text, 'coordinator'::text, 'reader'::text]))),
    CONSTRAINT role_holder_check CHECK (((ends_on IS NULL) OR (ends_on >= starts_on)))
);

ALTER TABLE public.role_holder ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.role_holder_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.rsvp (
    cohort_id text NOT NULL,
    person_id text NOT NULL,
    status text NOT NULL,
    half_day text,
    meals text DEFAULT ''::text NOT NULL,
    access text DEFAULT ''::text NOT NULL,
    answered_at timestamp with time zone NOT NULL,
    CONSTRAINT rsvp_status_check CHECK ((status = ANY (ARRAY['yes'::text, 'no'::text, 'unsure'::text])))
);

CREATE TABLE public.sender_status (
    only_row boolean DEFAULT true NOT NULL,
    next_turn_at timestamp with time zone DEFAULT now() NOT NULL,
    seen_at timestamp with time zone DEFAULT now() NOT NULL,
    paused_since timestamp with time zone,
    pause_cause text,
    CONSTRAINT sender_status_only_row_check CHECK (only_row)
);

CREATE TABLE public.sign_in_link (
    token_hash bytea NOT NULL,
    email text NOT NULL,
    made_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone
);

CREATE TABLE public.staff_message (
    id bigint NOT NULL,
    cohort_id text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    audience jsonb NOT NULL,
    written_by text NOT NULL,
    saved_at timestamp with time zone NOT NULL,
    sent_at timestamp with time zone
);

ALTER TABLE public.staff_message ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.staff_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.staff_session (
    token_hash bytea NOT NULL,
    id bigint NOT NULL,
    email text NOT NULL,
    began_at timestamp with time zone NOT NULL,
    seen_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    authenticated_at timestamp with time zone
);

ALTER TABLE public.staff_session ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.staff_session_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE public.staff_step (
    token_hash bytea NOT NULL,
    email text NOT NULL,
    begun_at timestamp with time zone NOT NULL,
    outcome text
);

CREATE TABLE public.staff_upload (
    cohort_id text NOT NULL,
    email text NOT NULL,
    side text NOT NULL,
    file_name text NOT NULL,
    content bytea NOT NULL,
    mapping jsonb NOT NULL,
    uploaded_at timestamp with time zone NOT NULL,
    CONSTRAINT staff_upload_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.stay_in_touch (
    mentorship_id text NOT NULL,
    side text NOT NULL,
    wanted boolean NOT NULL,
    said_at timestamp with time zone NOT NULL,
    CONSTRAINT stay_in_touch_side_check CHECK ((side = ANY (ARRAY['mentor'::text, 'mentee'::text])))
);

CREATE TABLE public.stopped_mailbox (
    cohort_id text NOT NULL,
    mailbox_hash bytea NOT NULL,
    stopped_at timestamp with time zone NOT NULL
);

CREATE TABLE public.told_concern (
    mentorship_id text NOT NULL,
    reason text NOT NULL,
    raised_at timestamp with time zone NOT NULL,
    level integer NOT NULL,
    told_at timestamp with time zone NOT NULL
);

CREATE TABLE public.topic_choice (
    mentorship_id text NOT NULL,
    milestone_id text NOT NULL,
    topic text,
    chosen_at timestamp with time zone NOT NULL
);

ALTER TABLE ONLY public.address_change
    ADD CONSTRAINT address_change_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.address_link
    ADD CONSTRAINT address_link_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.agreement_draft
    ADD CONSTRAINT agreement_draft_pkey PRIMARY KEY (mentorship_id, side);

ALTER TABLE ONLY public.agreement
    ADD CONSTRAINT agreement_pkey PRIMARY KEY (mentorship_id, version);

ALTER TABLE ONLY public.answered_challenge
    ADD CONSTRAINT answered_challenge_pkey PRIMARY KEY (challenge_hash);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_pkey PRIMARY KEY (cohort_id, person_id);

ALTER TABLE ONLY public.attendance
    ADD CONSTRAINT attendance_pkey PRIMARY KEY (cohort_id, person_id);

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.backup_status
    ADD CONSTRAINT backup_status_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.bounce
    ADD CONSTRAINT bounce_pkey PRIMARY KEY (email_key, source);

ALTER TABLE ONLY public.busy_time
    ADD CONSTRAINT busy_time_pkey PRIMARY KEY (cohort_id, person_id, starts_at);

ALTER TABLE ONLY public.calendar_feed
    ADD CONSTRAINT calendar_feed_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.calendar_subscription
    ADD CONSTRAINT calendar_subscription_pkey PRIMARY KEY (cohort_id, person_id);

ALTER TABLE ONLY public.call_request
    ADD CONSTRAINT call_request_pkey PRIMARY KEY (id, revision);

ALTER TABLE ONLY public.cohort
    ADD CONSTRAINT cohort_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.concern
    ADD CONSTRAINT concern_pkey PRIMARY KEY (mentorship_id, reason, raised_at);

ALTER TABLE ONLY public.discarded_email
    ADD CONSTRAINT discarded_email_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_pkey PRIMARY KEY (cohort_id, person_id);

ALTER TABLE ONLY public.email_wording
    ADD CONSTRAINT email_wording_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.inquiry
    ADD CONSTRAINT inquiry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.leaving
    ADD CONSTRAINT leaving_pkey PRIMARY KEY (mentorship_id, side, asked_at);

ALTER TABLE ONLY public.link
    ADD CONSTRAINT link_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.match_run
    ADD CONSTRAINT match_run_cohort_id_inputs_sha256_key UNIQUE (cohort_id, inputs_sha256);

ALTER TABLE ONLY public.match_run
    ADD CONSTRAINT match_run_pkey PRIMARY KEY (cohort_id, run);

ALTER TABLE ONLY public.meeting_date
    ADD CONSTRAINT meeting_date_pkey PRIMARY KEY (id, revision);

ALTER TABLE ONLY public.meeting_proposal
    ADD CONSTRAINT meeting_proposal_pkey PRIMARY KEY (mentorship_id, number);

ALTER TABLE ONLY public.mentorship
    ADD CONSTRAINT mentorship_cohort_id_mentor_id_mentee_id_key UNIQUE (cohort_id, mentor_id, mentee_id);

ALTER TABLE ONLY public.mentorship
    ADD CONSTRAINT mentorship_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.mentorship
    ADD CONSTRAINT mentorship_predecessor_id_key UNIQUE (predecessor_id);

ALTER TABLE ONLY public.milestone
    ADD CONSTRAINT milestone_pkey PRIMARY KEY (mentorship_id, id);

ALTER TABLE ONLY public.opportunity
    ADD CONSTRAINT opportunity_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.opportunity_taken
    ADD CONSTRAINT opportunity_taken_pkey PRIMARY KEY (opportunity_id, person_id);

ALTER TABLE ONLY public.opportunity_wish
    ADD CONSTRAINT opportunity_wish_pkey PRIMARY KEY (cohort_id, person_id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (key);

ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_credential_id_key UNIQUE (credential_id);

ALTER TABLE ONLY public.passkey
    ADD CONSTRAINT passkey_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.personal_link
    ADD CONSTRAINT personal_link_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_pkey PRIMARY KEY (cohort_id, mentor_id, mentee_id);

ALTER TABLE ONLY public.put_off
    ADD CONSTRAINT put_off_pkey PRIMARY KEY (mentorship_id, put_off_at);

ALTER TABLE ONLY public.question_reply
    ADD CONSTRAINT question_reply_pkey PRIMARY KEY (email_key);

ALTER TABLE ONLY public.readiness
    ADD CONSTRAINT readiness_pkey PRIMARY KEY (mentorship_id, side);

ALTER TABLE ONLY public.reminder_link
    ADD CONSTRAINT reminder_link_pkey PRIMARY KEY (cohort_id, person_id);

ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_pkey PRIMARY KEY (fingerprint);

ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_pkey PRIMARY KEY (cohort_id);

ALTER TABLE ONLY public.resource
    ADD CONSTRAINT resource_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.response
    ADD CONSTRAINT response_pkey PRIMARY KEY (id, revision);

ALTER TABLE ONLY public.role_holder
    ADD CONSTRAINT role_holder_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.rsvp
    ADD CONSTRAINT rsvp_pkey PRIMARY KEY (cohort_id, person_id);

ALTER TABLE ONLY public.sender_status
    ADD CONSTRAINT sender_status_pkey PRIMARY KEY (only_row);

ALTER TABLE ONLY public.sign_in_link
    ADD CONSTRAINT sign_in_link_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.staff_message
    ADD CONSTRAINT staff_message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_id_key UNIQUE (id);

ALTER TABLE ONLY public.staff_session
    ADD CONSTRAINT staff_session_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.staff_step
    ADD CONSTRAINT staff_step_pkey PRIMARY KEY (token_hash);

ALTER TABLE ONLY public.staff_upload
    ADD CONSTRAINT staff_upload_pkey PRIMARY KEY (cohort_id, email, side);

ALTER TABLE ONLY public.stay_in_touch
    ADD CONSTRAINT stay_in_touch_pkey PRIMARY KEY (mentorship_id, side);

ALTER TABLE ONLY public.stopped_mailbox
    ADD CONSTRAINT stopped_mailbox_pkey PRIMARY KEY (cohort_id, mailbox_hash);

ALTER TABLE ONLY public.told_concern
    ADD CONSTRAINT told_concern_pkey PRIMARY KEY (mentorship_id, reason, raised_at, told_at);

ALTER TABLE ONLY public.topic_choice
    ADD CONSTRAINT topic_choice_pkey PRIMARY KEY (mentorship_id, milestone_id);

CREATE INDEX address_change_by_person ON public.address_change USING btree (cohort_id, person_id, asked_at);

CREATE INDEX address_change_by_time ON public.address_change USING btree (saved_at);

CREATE INDEX address_link_by_change ON public.address_link USING btree (change_id);

CREATE INDEX answered_challenge_by_time ON public.answered_challenge USING btree (answered_at);

CREATE INDEX application_by_address ON public.application USING btree (lower(email));

CREATE UNIQUE INDEX application_once_per_address ON public.application USING btree (cohort_id, lower(email));

CREATE INDEX audit_event_by_cohort ON public.audit_event USING btree (cohort_id, happened_at);

CREATE INDEX audit_event_by_mentorship ON public.audit_event USING btree (mentorship_id, happened_at) WHERE (mentorship_id IS NOT NULL);

CREATE INDEX audit_event_by_person ON public.audit_event USING btree (cohort_id, person_id, happened_at) WHERE (person_id IS NOT NULL);

CREATE INDEX audit_event_by_time ON public.audit_event USING btree (happened_at);

CREATE INDEX audit_event_lost ON public.audit_event USING btree (mentorship_id) WHERE (lost_at IS NOT NULL);

CREATE UNIQUE INDEX audit_event_of_decision ON public.audit_event USING btree (mentorship_id, (((decision -> 'change'::text) ->> 'decision'::text))) WHERE (decision IS NOT NULL);

CREATE INDEX bounce_by_time ON public.bounce USING btree (bounced_at);

CREATE UNIQUE INDEX calendar_feed_in_use ON public.calendar_feed USING btree (cohort_id, person_id) WHERE (revoked_at IS NULL);

CREATE INDEX calendar_subscription_by_trial ON public.calendar_subscription USING btree (tried_at);

CREATE INDEX call_request_by_mentorship ON public.call_request USING btree (mentorship_id, received_at);

CREATE INDEX call_request_not_signaled ON public.call_request USING btree (stored_at) WHERE (signaled_at IS NULL);

CREATE INDEX discarded_email_by_cohort ON public.discarded_email USING btree (cohort_id);

CREATE INDEX discarded_email_by_scope ON public.discarded_email USING btree (scope_id);

CREATE UNIQUE INDEX draft_once_per_address ON public.draft USING btree (cohort_id, lower(email));

CREATE INDEX email_wording_by_use ON public.email_wording USING btree (cohort_id, kind, used_since);

CREATE INDEX inquiry_by_cohort ON public.inquiry USING btree (cohort_id);

CREATE INDEX inquiry_by_digest ON public.inquiry USING btree (digest_key, id) WHERE (digest_key IS NOT NULL);

CREATE INDEX inquiry_with_own_email ON public.inquiry USING btree (cohort_id, received_at) WHERE (digest_key IS NULL);

CREATE UNIQUE INDEX leaving_open ON public.leaving USING btree (mentorship_id, side) WHERE ((undone_at IS NULL) AND (done_at IS NULL));

CREATE INDEX link_by_email ON public.link USING btree (email_key);

CREATE INDEX link_by_mentorship ON public.link USING btree (mentorship_id);

CREATE INDEX link_request_by_time ON public.link_request USING btree (cohort_id, sent_at);

CREATE INDEX meeting_date_by_mentorship ON public.meeting_date USING btree (mentorship_id, milestone_id, revision);

CREATE INDEX meeting_date_not_signaled ON public.meeting_date USING btree (stored_at) WHERE (signaled_at IS NULL);

CREATE UNIQUE INDEX meeting_proposal_open ON public.meeting_proposal USING btree (mentorship_id) WHERE (closed_at IS NULL);

CREATE INDEX mentorship_by_mentee ON public.mentorship USING btree (cohort_id, mentee_id);

CREATE INDEX mentorship_by_start ON public.mentorship USING btree (starts_on);

CREATE INDEX opportunity_by_cohort ON public.opportunity USING btree (cohort_id, closes_on);

CREATE UNIQUE INDEX outbox_by_bounce ON public.outbox USING btree (bounce_hash);

CREATE INDEX outbox_by_cohort ON public.outbox USING btree (cohort_id, due_at);

CREATE INDEX outbox_by_message_id ON public.outbox USING btree (message_id);

CREATE INDEX outbox_by_scope ON public.outbox USING btree (scope_id, due_at);

CREATE INDEX outbox_not_signaled ON public.outbox USING btree (key) WHERE ((state = 'undeliverable'::text) AND (signaled_at IS NULL));

CREATE INDEX outbox_to_send ON public.outbox USING btree (priority, next_attempt_at) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text]));

CREATE INDEX outbox_unsent ON public.outbox USING btree (enqueued_at) WHERE (state = ANY (ARRAY['queued'::text, 'sending'::text, 'dead'::text, 'undeliverable'::text]));

CREATE INDEX passkey_by_address ON public.passkey USING btree (lower(email));

CREATE INDEX personal_link_by_person ON public.personal_link USING btree (cohort_id, person_id);

CREATE INDEX proposal_not_signaled ON public.proposal USING btree (unsignaled_since) WHERE (unsignaled_since IS NOT NULL);

CREATE INDEX question_reply_by_proposal ON public.question_reply USING btree (cohort_id, mentor_id, mentee_id, replied_at);

CREATE INDEX reminder_link_by_token ON public.reminder_link USING btree (token_hash);

CREATE INDEX reply_by_digest ON public.reply USING btree (digest_key) WHERE (digest_key IS NOT NULL);

CREATE INDEX reply_by_email ON public.reply USING btree (email_key);

CREATE INDEX reply_by_scope ON public.reply USING btree (scope_id, received_at);

CREATE INDEX reply_passed_on ON public.reply USING btree (cohort_id, received_at) WHERE passed_on;

CREATE INDEX resource_by_cohort ON public.resource USING btree (cohort_id, area, title);

CREATE INDEX response_by_mentorship ON public.response USING btree (mentorship_id, milestone_id, side);

CREATE INDEX response_not_signaled ON public.response USING btree (COALESCE(left_until, stored_at)) WHERE (signaled_at IS NULL);

CREATE INDEX role_holder_by_address ON public.role_holder USING btree (lower(email));

CREATE INDEX role_holder_by_cohort ON public.role_holder USING btree (cohort_id, starts_on);

CREATE INDEX sign_in_link_by_time ON public.sign_in_link USING btree (made_at);

CREATE INDEX staff_message_by_cohort ON public.staff_message USING btree (cohort_id, saved_at);

CREATE INDEX staff_session_by_address ON public.staff_session USING btree (lower(email), began_at);

CREATE INDEX staff_step_by_time ON public.staff_step USING btree (begun_at);

CREATE INDEX staff_upload_by_time ON public.staff_upload USING btree (uploaded_at);

ALTER TABLE ONLY public.address_change
    ADD CONSTRAINT address_change_cohort_id_person_id_fkey FOREIGN KEY (cohort_id, person_id) REFERENCES public.application(cohort_id, person_id);

ALTER TABLE ONLY public.address_change
    ADD CONSTRAINT address_change_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.address_link
    ADD CONSTRAINT address_link_change_id_fkey FOREIGN KEY (change_id) REFERENCES public.address_change(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.agreement_draft
    ADD CONSTRAINT agreement_draft_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.agreement
    ADD CONSTRAINT agreement_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.attendance
    ADD CONSTRAINT attendance_cohort_id_person_id_fkey FOREIGN KEY (cohort_id, person_id) REFERENCES public.application(cohort_id, person_id);

ALTER TABLE ONLY public.bounce
    ADD CONSTRAINT bounce_email_key_fkey FOREIGN KEY (email_key) REFERENCES public.outbox(key) ON DELETE CASCADE;

ALTER TABLE ONLY public.busy_time
    ADD CONSTRAINT busy_time_cohort_id_person_id_fkey FOREIGN KEY (cohort_id, person_id) REFERENCES public.calendar_subscription(cohort_id, person_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.calendar_feed
    ADD CONSTRAINT calendar_feed_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.calendar_subscription
    ADD CONSTRAINT calendar_subscription_cohort_id_person_id_fkey FOREIGN KEY (cohort_id, person_id) REFERENCES public.application(cohort_id, person_id) ON DELETE CASCADE;

ALTER TABLE ONLY public.call_request
    ADD CONSTRAINT call_request_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.concern
    ADD CONSTRAINT concern_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.discarded_email
    ADD CONSTRAINT discarded_email_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.draft
    ADD CONSTRAINT draft_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.email_wording
    ADD CONSTRAINT email_wording_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.inquiry
    ADD CONSTRAINT inquiry_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.leaving
    ADD CONSTRAINT leaving_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.link
    ADD CONSTRAINT link_email_key_fkey FOREIGN KEY (email_key) REFERENCES public.outbox(key);

ALTER TABLE ONLY public.link
    ADD CONSTRAINT link_mentorship_id_milestone_fkey FOREIGN KEY (mentorship_id, milestone) REFERENCES public.milestone(mentorship_id, id);

ALTER TABLE ONLY public.match_run
    ADD CONSTRAINT match_run_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.meeting_date
    ADD CONSTRAINT meeting_date_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.meeting_proposal
    ADD CONSTRAINT meeting_proposal_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.mentorship
    ADD CONSTRAINT mentorship_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.mentorship
    ADD CONSTRAINT mentorship_cohort_id_mentee_id_fkey FOREIGN KEY (cohort_id, mentee_id) REFERENCES public.application(cohort_id, person_id);

ALTER TABLE ONLY public.mentorship
    ADD CONSTRAINT mentorship_cohort_id_mentor_id_fkey FOREIGN KEY (cohort_id, mentor_id) REFERENCES public.application(cohort_id, person_id);

ALTER TABLE ONLY public.mentorship
    ADD CONSTRAINT mentorship_predecessor_id_fkey FOREIGN KEY (predecessor_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.milestone
    ADD CONSTRAINT milestone_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.opportunity
    ADD CONSTRAINT opportunity_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.opportunity_taken
    ADD CONSTRAINT opportunity_taken_opportunity_id_fkey FOREIGN KEY (opportunity_id) REFERENCES public.opportunity(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.opportunity_wish
    ADD CONSTRAINT opportunity_wish_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.personal_link
    ADD CONSTRAINT personal_link_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_cohort_id_mentee_id_fkey FOREIGN KEY (cohort_id, mentee_id) REFERENCES public.application(cohort_id, person_id);

ALTER TABLE ONLY public.proposal
    ADD CONSTRAINT proposal_cohort_id_mentor_id_fkey FOREIGN KEY (cohort_id, mentor_id) REFERENCES public.application(cohort_id, person_id);

ALTER TABLE ONLY public.put_off
    ADD CONSTRAINT put_off_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.question_reply
    ADD CONSTRAINT question_reply_cohort_id_mentor_id_mentee_id_fkey FOREIGN KEY (cohort_id, mentor_id, mentee_id) REFERENCES public.proposal(cohort_id, mentor_id, mentee_id);

ALTER TABLE ONLY public.readiness
    ADD CONSTRAINT readiness_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.reminder_link
    ADD CONSTRAINT reminder_link_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.reminder_link
    ADD CONSTRAINT reminder_link_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.reply
    ADD CONSTRAINT reply_email_key_fkey FOREIGN KEY (email_key) REFERENCES public.outbox(key) ON DELETE CASCADE;

ALTER TABLE ONLY public.report
    ADD CONSTRAINT report_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.resource
    ADD CONSTRAINT resource_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.response
    ADD CONSTRAINT response_mentorship_id_milestone_id_fkey FOREIGN KEY (mentorship_id, milestone_id) REFERENCES public.milestone(mentorship_id, id);

ALTER TABLE ONLY public.role_holder
    ADD CONSTRAINT role_holder_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.rsvp
    ADD CONSTRAINT rsvp_cohort_id_person_id_fkey FOREIGN KEY (cohort_id, person_id) REFERENCES public.application(cohort_id, person_id);

ALTER TABLE ONLY public.staff_message
    ADD CONSTRAINT staff_message_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.staff_upload
    ADD CONSTRAINT staff_upload_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.stay_in_touch
    ADD CONSTRAINT stay_in_touch_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.stopped_mailbox
    ADD CONSTRAINT stopped_mailbox_cohort_id_fkey FOREIGN KEY (cohort_id) REFERENCES public.cohort(id);

ALTER TABLE ONLY public.told_concern
    ADD CONSTRAINT told_concern_mentorship_id_fkey FOREIGN KEY (mentorship_id) REFERENCES public.mentorship(id);

ALTER TABLE ONLY public.topic_choice
    ADD CONSTRAINT topic_choice_mentorship_id_milestone_id_fkey FOREIGN KEY (mentorship_id, milestone_id) REFERENCES public.milestone(mentorship_id, id);
