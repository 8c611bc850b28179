-- Where a person is found in an organization: by the numbers, e-mail addresses and customers that are named, and by the numbers and
-- addresses of those customers. `pattern` is a regular expression that finds them in any text; `calls` are those in which they, or what was done for them,
-- came up.
create or replace function private.customer_traces(
    org_id uuid,
    phones text[],
    emails text[],
    customer_ids uuid[],
    out people uuid[],
    out visits uuid[],
    out incidents uuid[],
    out calls text[],
    out pattern text
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    known constant text := private.person_pattern(phones, emails);
begin
    people := array(
        select c.id from public.customers as c
        where
            c.organization_id = org_id
            and (c.id = any(customer_ids) or concat_ws(' ', c.phone_number, c.email) ~* known)
        order by c.created_at, c.id
    );
    select private.person_pattern(
        coalesce(phones, '{}') || array_agg(c.phone_number::text),
        coalesce(emails, '{}') || array_agg(c.email::text)
    )
    into pattern
    from public.customers as c
    where c.id = any(people);
    pattern := coalesce(pattern, known);
    visits := array(
        select a.id from public.appointments as a
        where
            a.organization_id = org_id
            and (a.customer_id = any(people) or concat_ws(' ', a.customer_phone, a.customer_email) ~* pattern)
    );
    calls := array(
        select c.vapi_call_id from public.call_logs as c
        where
            c.organization_id = org_id
            and concat_ws(' ', c.customer_phone_number, c.transcript, c.summary, c.tools_used, c.metadata) ~* pattern
        union
        select a.vapi_call_id from public.appointments as a where a.id = any(visits)
        union
        select t.vapi_call_id from public.call_transfers as t
        where t.organization_id = org_id and concat_ws(' ', t.reason, t.summary, t.customer_name, t.metadata) ~* pattern
        union
        select t.vapi_call_id from public.staff_tasks as t
        where t.organization_id = org_id and concat_ws(' ', t.phone_number, t.summary, t.metadata) ~* pattern
        union
        select t.vapi_call_id from private.tool_calls as t
        where t.organization_id = org_id and (t.effect_id = any(visits) or t.answer::text ~* pattern)
    );
    -- Calls of which nothing is known share this id.
    calls := array_remove(array_remove(calls, null), 'unknown');
    incidents := array(
        select i.id from public.emergency_incidents as i
        where
            i.organization_id = org_id
            and (
                i.vapi_call_id = any(calls)
                or concat_ws(' ', i.caller_number, i.callback_number, i.service_address, i.message) ~* pattern
                or exists (
                    select from private.incident_calls as c where c.incident_id = i.id and c.vapi_call_id = any(calls)
                )
            )
    );
    calls := array(
        select u.id from unnest(calls) as u (id)
        union
        select c.vapi_call_id from private.incident_calls as c where c.incident_id = any(incidents) and c.vapi_call_id <> 'unknown'
        union
        select i.vapi_call_id from public.emergency_incidents as i
        where i.id = any(incidents) and i.vapi_call_id <> 'unknown'
    );
end
$$;

revoke execute on function private.customer_traces(uuid, text[], text[], uuid[]) from public;

-- A regular expression that finds any of these numbers and e-mail addresses in a text; one that finds nothing when there is none.
create or replace function private.person_pattern(phones text[], emails text[]) returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        (
            select string_agg(distinct p.pattern, '|')
            from (
                select private.phone_pattern(u.phone) as pattern from unnest(phones) as u (phone)
                union all
                select format(
                    '(?:^|[^[:alnum:]._%%+-])%s(?![[:alnum:]-]|\.[[:alnum:]])',
                    regexp_replace(btrim(u.email), '([^[:alnum:]@_])', '\\\1', 'g')
                )
                from unnest(emails) as u (email)
                where u.email like '%_@_%'
            ) as p
        ),
        '(?!)'
    );
end
$$;

revoke execute on function private.person_pattern(text[], text[]) from public;
