-- Appends tool calls to what their calls used, of whatever organization each is; a call's row is made when no status update came
-- before it. A redelivered message repeats a tool call's id, which is appended once. Gives back the calls that are recorded under
-- another organization, and to which nothing was appended.
--
-- It runs as its owner, since one statement writes for all who were answered lately, and only adds to what is named. Rows are written in
-- one order, so that two writers never wait for each other in a circle.
create or replace function private.append_tool_calls(
    organization_ids uuid[],
    call_ids text[],
    assistant_ids text[],
    numbers text[],
    used jsonb[]
)
returns setof text
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
-- A call whose row somebody holds must not keep the others waiting.
set lock_timeout = '2s'
as $$
begin
    return query
    with said as (
        select
            u.organization_id,
            u.vapi_call_id,
            (array_agg(u.assistant_id order by u.nth))[1] as assistant_id,
            (array_agg(u.number order by u.nth))[1] as number,
            min(u.nth) as nth,
            -- What a tool call named last is the language of the call.
            (array_agg(u.used order by u.nth desc) filter (where u.used ? 'language'))[1] as named,
            -- Most calls used one tool since the last time.
            case
                when count(*) = 1 then jsonb_agg(u.used)
                else private.with_tool_calls('[]', jsonb_agg(u.used order by u.nth))
            end as used
        from unnest(organization_ids, call_ids, assistant_ids, numbers, append_tool_calls.used)
            with ordinality as u (organization_id, vapi_call_id, assistant_id, number, used, nth)
        group by u.vapi_call_id, u.organization_id
    ),

    one_a_call as (
        -- A call is of the organization that named it first, as it is when they come one after the other.
        select distinct on (s.vapi_call_id) s.* from said as s
        order by s.vapi_call_id, s.nth
    ),

    written as (
        insert into public.call_logs as c (
            organization_id, vapi_call_id, vapi_assistant_id, customer_phone_number, call_status, language_detected, tools_used
        )
        select
            s.organization_id,
            s.vapi_call_id,
            (
                select a.id from public.vapi_assistants as a
                where a.vapi_assistant_id = s.assistant_id and a.organization_id = s.organization_id
            ),
            s.number,
            'in-progress',
            s.named ->> 'language',
            s.used
        from one_a_call as s
        order by s.vapi_call_id
        on conflict (vapi_call_id) do update
        set
            -- Of a customer who is forgotten the words stay out.
            tools_used = private.with_tool_calls(
                c.tools_used,
                case
                    when c.customer_phone_number like 'forgotten-%' then private.without_words(excluded.tools_used)
                    else excluded.tools_used
                end
            ),
            language_detected = case
                -- The caller was heard to speak another one since.
                when c.metadata ->> 'language_heard_at' > (
                    select s.named ->> 'at' from one_a_call as s where s.vapi_call_id = excluded.vapi_call_id
                ) then c.language_detected
                else coalesce(excluded.language_detected, c.language_detected)
            end,
            customer_phone_number = case
                when c.customer_phone_number = 'unknown' then excluded.customer_phone_number
                else c.customer_phone_number
            end
        where c.organization_id = excluded.organization_id
        returning c.organization_id, c.vapi_call_id
    )

    select s.vapi_call_id
    from said as s
    left join written as w on w.vapi_call_id = s.vapi_call_id and w.organization_id = s.organization_id
    where w.vapi_call_id is null;
end
$$;

revoke execute on function private.append_tool_calls(uuid[], text[], text[], text[], jsonb[]) from public;
grant execute on function private.append_tool_calls(uuid[], text[], text[], text[], jsonb[]) to frontdesk_app;
