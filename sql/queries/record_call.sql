-- Merges what one message tells of a call into its row. Vapi sends status updates and the final report late, twice and
-- out of order: a null never replaces a value, a status never goes backwards, and only the final report ($10) replaces
-- what is already known; the language ($11) is the one heard last. Of a call whose customer is forgotten nothing comes back that was said
-- in it: only how long it was, how it ended and what it cost. No row comes back when the call is recorded under another
-- organization.
insert into public.call_logs as c (
    organization_id,
    vapi_call_id,
    vapi_assistant_id,
    customer_phone_number,
    call_duration,
    call_status,
    transcript,
    summary,
    metadata,
    language_detected
)
select
    $1::uuid,
    $2::text,
    (
        select a.id from public.vapi_assistants as a
        where a.vapi_assistant_id = $3 and a.organization_id = $1
    ),
    $4::text,
    $5::integer,
    left($6, 20),
    $7::text,
    $8::text,
    jsonb_strip_nulls($9),
    $11::text
where not private.is_foreign_call($2)
on conflict (vapi_call_id) do update
set
    vapi_assistant_id = coalesce(c.vapi_assistant_id, excluded.vapi_assistant_id),
    customer_phone_number = case
        when c.customer_phone_number = 'unknown' then excluded.customer_phone_number
        else c.customer_phone_number
    end,
    call_duration = case
        when $10 then coalesce(excluded.call_duration, c.call_duration)
        else coalesce(c.call_duration, excluded.call_duration)
    end,
    -- An unknown status has no rank and replaces nothing; as the first that is heard of a call it is kept as it came.
    call_status = case
        when coalesce(array_position(private.call_statuses(), excluded.call_status::text), 0)
            > coalesce(array_position(private.call_statuses(), c.call_status::text), 0)
            then excluded.call_status
        else c.call_status
    end,
    transcript = case
        when c.customer_phone_number like 'forgotten-%' then c.transcript
        when $10 then coalesce(excluded.transcript, c.transcript)
        else coalesce(c.transcript, excluded.transcript)
    end,
    summary = case
        when c.customer_phone_number like 'forgotten-%' then c.summary
        when $10 then coalesce(excluded.summary, c.summary)
        else coalesce(c.summary, excluded.summary)
    end,
    metadata = (case
        when c.customer_phone_number like 'forgotten-%' then coalesce(c.metadata, '{}') || coalesce(
            (
                select jsonb_object_agg(e.key, e.value)
                from jsonb_each(excluded.metadata) as e (key, value)
                where e.key in ('ended_reason', 'started_at', 'ended_at', 'cost')
            ),
            '{}'
        )
        when $10 then coalesce(c.metadata, '{}') || excluded.metadata
        else excluded.metadata || coalesce(c.metadata, '{}')
    end) || jsonb_strip_nulls(jsonb_build_object('language_heard_at', excluded.metadata -> 'language_heard_at')),
    language_detected = coalesce(excluded.language_detected, c.language_detected)
where c.organization_id = excluded.organization_id
returning c.id
