-- Where a person is found in an organization: by the numbers, e-mail addresses and customers that are named, and by all to which these
-- lead (private.reach_customer). `pattern` is a regular expression that finds them in any text; `calls` are those in which they, or what was
-- done for them, came up.
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
    reached record;
begin
    select r.* into reached from private.reach_customer(org_id, phones, emails, customer_ids) as r;
    people := array(
        select c.id from public.customers as c
        where c.organization_id = org_id and c.id = any(reached.people)
        order by c.created_at, c.id
    );
    pattern := private.person_pattern(reached.numbers, reached.addresses);
    calls := private.calls_from(org_id, pattern);
    visits := array(
        select a.id from public.appointments as a
        where
            a.organization_id = org_id
            and (
                a.customer_id = any(people)
                or a.vapi_call_id = any(calls)
                or concat_ws(' ', a.customer_phone, a.customer_email) ~* pattern
            )
    );
    calls := array(
        select c.vapi_call_id from public.call_logs as c
        where
            c.organization_id = org_id
            and concat_ws(' ', c.customer_phone_number, c.transcript, c.summary, c.tools_used, c.metadata) ~* private.rough_pattern(pattern)
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

-- Whose a number is when it is the organization's own and no customer's; null for any other. Such a number stands in everybody's calls and
-- texts, and leads to no person.
create or replace function private.own_number(org_id uuid, phone text) returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    known constant text := private.phone_pattern(phone);
begin
    return (
        select n.whose
        from (
            select 'a number of the organization''s' as whose, p.phone_number::text as phone, 1 as rank
            from public.phone_number_assignments as p
            where p.organization_id = org_id
            union all
            select 'the number to which the organization''s calls are transferred', o.transfer_phone_number::text, 2
            from public.organizations as o
            where o.id = org_id
            union all
            select 'the organization''s number for emergencies', o.emergency_contact_phone::text, 3
            from public.organizations as o
            where o.id = org_id
            union all
            select 'the number of an emergency contact of the organization''s', c.phone::text, 4
            from public.emergency_contacts as c
            where c.organization_id = org_id
        ) as n
        where n.phone ~ known
        order by n.rank
        limit 1
    );
end
$$;

revoke execute on function private.own_number(uuid, text) from public;

-- Those of some numbers that are a customer's: each once, none of the organization's own, and none that is no number.
create or replace function private.personal_numbers(org_id uuid, phones text[]) returns text[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select min(u.phone)
        from unnest(phones) as u (phone)
        where private.phone_pattern(u.phone) is not null
        group by private.phone_pattern(u.phone)
        having private.own_number(org_id, min(u.phone)) is null
        order by 1
    );
end
$$;

revoke execute on function private.personal_numbers(uuid, text[]) from public;

-- All numbers, e-mail addresses and customers of a person, from some of them. A customer has a number and an address; an appointment has a
-- customer, a number and an address; a call has the number that it came from and the appointments that were booked in it. Followed for at most
-- five rounds, and only over what is the person's own: never over a word in a text or a number of the organization's own. From
-- an appointment it goes to the number of its call, but not from there to that call's other appointments unless the number is the person's.
create or replace function private.reach_customer(
    org_id uuid,
    phones text[],
    emails text[],
    customer_ids uuid[],
    out numbers text[],
    out addresses text[],
    out people uuid[]
)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    pattern text;
    calls text[];
    known bigint := -1;
begin
    numbers := private.personal_numbers(org_id, phones);
    addresses := coalesce(emails, '{}');
    people := coalesce(customer_ids, '{}');
    for round in 1 .. 5
    loop
        pattern := private.person_pattern(numbers, addresses);
        calls := private.calls_from(org_id, pattern);
        with visits as (
            select a.customer_id, a.customer_phone, a.customer_email, a.vapi_call_id
            from public.appointments as a
            where
                a.organization_id = org_id
                and (
                    a.customer_id = any(people)
                    or a.vapi_call_id = any(calls)
                    or concat_ws(' ', a.customer_phone, a.customer_email) ~* pattern
                )
        ),

        owned as (
            select c.id, c.phone_number, c.email from public.customers as c
            where
                c.organization_id = org_id
                and (
                    c.id = any(people)
                    or c.id in (select v.customer_id from visits as v)
                    or concat_ws(' ', c.phone_number, c.email) ~* pattern
                )
        ),

        reached as (
            select o.id, o.phone_number::text as phone, o.email::text as email from owned as o
            union all
            select null, v.customer_phone::text, v.customer_email::text from visits as v
            union all
            select null, c.customer_phone_number::text, null
            from public.call_logs as c
            where
                c.organization_id = org_id
                and c.vapi_call_id in (select v.vapi_call_id from visits as v where v.vapi_call_id <> 'unknown')
        )

        select
            private.personal_numbers(org_id, numbers || array_agg(distinct r.phone)),
            array(
                select lower(u.email) from unnest(addresses || array_agg(distinct r.email)) as u (email)
                where u.email like '%_@_%'
                group by 1
                order by 1
            ),
            array(select distinct u.id from unnest(people || array_agg(r.id)) as u (id) where u.id is not null order by 1)
        into numbers, addresses, people
        from reached as r;
        exit when known = cardinality(numbers) + cardinality(addresses) + cardinality(people);
        known := cardinality(numbers) + cardinality(addresses) + cardinality(people);
    end loop;
end
$$;

revoke execute on function private.reach_customer(uuid, text[], text[], uuid[]) from public;

-- The calls that came from a person's own number.
create or replace function private.calls_from(org_id uuid, pattern text) returns text[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select c.vapi_call_id from public.call_logs as c
        where c.organization_id = org_id and c.customer_phone_number ~* pattern and c.vapi_call_id <> 'unknown'
    );
end
$$;

revoke execute on function private.calls_from(uuid, text) from public;
