-- Forgets a person within an organization: what named them, their numbers, addresses and words goes, wherever it is. The person is whoever
-- has these numbers, e-mail addresses or customers (private.customer_traces). What the books need stays under a pseudonym: the
-- customer's row and their appointments with date, service and state, that there was a call, a text, an incident. Gives back a receipt: the
-- rows changed in each table, what is kept, and the providers' ids of what they still have. The receipt without those ids is an entry of
-- the audit log.
--
-- It refuses while somebody may need what it would remove: a call in progress, an incident that is open or was taken within a day, and a
-- appointment to come, unless that is to be cancelled (`also_upcoming`), which nobody is told of.
create or replace function private.forget_customer(
    org_id uuid,
    phones text[],
    emails text[],
    customer_ids uuid[],
    also_upcoming boolean
)
returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    refusals constant text[] := private.forget_refusals(org_id, phones, emails, customer_ids, also_upcoming);
begin
    if cardinality(refusals) > 0 then
        raise object_not_in_prerequisite_state using message = refusals[1];
    end if;
    return private.forget_traces(org_id, phones, emails, customer_ids);
end
$$;

-- For the owner of the tables alone, as everything below.
revoke execute on function private.forget_customer(uuid, text[], text[], uuid[], boolean) from public;

-- Forgets a person whom nothing protects from it, or so that it is seen what that would change: private.forget_customer without its
-- refusals.
create or replace function private.forget_traces(
    org_id uuid,
    phones text[],
    emails text[],
    customer_ids uuid[]
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    traces record;
    reached record;
    pseudonym text;
    counts jsonb;
    receipt jsonb;
begin
    perform from public.organizations as o where o.id = org_id for key share;
    if not found then
        raise no_data_found using message = format('there is no organization %s', org_id);
    end if;
    -- What is still in the tool log was said too.
    perform private.fold_tool_log(org_id, null, interval '0', 2147483647);
    select t.* into traces from private.customer_traces(org_id, phones, emails, customer_ids) as t;
    select r.* into reached from private.reach_customer(org_id, phones, emails, customer_ids) as r;
    pseudonym := private.pseudonym_of(
        coalesce(
            traces.people[1]::text,
            (select min(u.id::text) from unnest(traces.visits) as u (id)),
            (select min(u.id) from unnest(traces.calls) as u (id)),
            (
                select min(s.id::text) from public.sms_communications as s
                where s.organization_id = org_id and s.phone_number ~* traces.pattern
            ),
            org_id::text
        )
    );

    perform set_config('frontdesk.redacting', 'on', true);
    perform set_config('frontdesk.quiet', 'on', true);
    update public.appointments as a
    set status = 'cancelled'
    from unnest(private.upcoming_visits(org_id, traces.visits)) as u (id)
    where a.id = u.id;
    -- What the providers have is found by these, before the rows lose what they are found by.
    receipt := jsonb_build_object(
        'vapi_call_ids', to_jsonb(array(
            select c.vapi_call_id from public.call_logs as c
            where c.organization_id = org_id and c.vapi_call_id = any(traces.calls)
            order by c.vapi_call_id
        )),
        'twilio_message_sids', to_jsonb(array(
            select s.twilio_message_sid from public.sms_communications as s
            where
                s.organization_id = org_id
                and s.twilio_message_sid is not null
                and (s.customer_id = any(traces.people) or s.phone_number ~* traces.pattern)
            order by s.twilio_message_sid
        ))
    );
    counts := private.forget_visits(org_id, traces.people, traces.visits, traces.pattern, pseudonym)
        || private.forget_calls(org_id, traces.calls, traces.visits, traces.pattern, pseudonym)
        || private.forget_incidents(org_id, traces.calls, traces.incidents, traces.pattern)
        || private.forget_messages(org_id, traces.people, traces.visits, traces.calls, traces.incidents, traces.pattern, pseudonym)
        || private.forget_audit_entries(org_id, traces.people, traces.visits, traces.pattern);
    receipt := receipt || jsonb_build_object(
        'rows', counts,
        'reached', jsonb_build_object('numbers', cardinality(reached.numbers), 'customers', cardinality(traces.people)),
        'reached_numbers', to_jsonb(array(
            select '...' || right(regexp_replace(u.phone, '[^0-9]', '', 'g'), 2) from unnest(reached.numbers) as u (phone)
        )),
        'stop_entries_kept', (
            select count(*) from public.sms_consents as c where c.organization_id = org_id and c.phone_number ~* traces.pattern
        ),
        'still_found', private.rows_with(org_id, traces.pattern)
    );
    if exists (select from jsonb_each_text(counts) as c where c.value <> '0') then
        insert into public.audit_log (organization_id, table_name, row_id, action, actor_role, new_row)
        values (
            org_id,
            'customers',
            coalesce(traces.people[1], org_id),
            'update',
            private.caller(),
            jsonb_build_object('forgotten', true, 'pseudonym', pseudonym)
            || (receipt - '{vapi_call_ids,twilio_message_sids,reached_numbers}'::text[])
        );
    end if;
    perform set_config('frontdesk.redacting', '', true);
    perform set_config('frontdesk.quiet', '', true);
    return receipt || jsonb_build_object('pseudonym', pseudonym);
end
$$;

revoke execute on function private.forget_traces(uuid, text[], text[], uuid[]) from public;

-- What stands in place of a number. Letters only, so that it is never read as one; of a row's id, so that it is the same each time.
create or replace function private.pseudonym_of(id text) returns text
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return 'forgotten-' || translate(left(md5(id), 10), '0123456789', 'ghijklmnop');
end
$$;

revoke execute on function private.pseudonym_of(text) from public;

-- Those of some appointments that are still to come.
create or replace function private.upcoming_visits(org_id uuid, visits uuid[]) returns uuid[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return array(
        select a.id
        from public.appointments as a
        join public.organizations as o on o.id = a.organization_id
        where
            a.organization_id = org_id
            and a.id = any(visits)
            and a.status in ('pending', 'confirmed')
            and a.scheduled_date + a.scheduled_time >= private.clock() at time zone private.time_zone(o.timezone)
    );
end
$$;

revoke execute on function private.upcoming_visits(uuid, uuid[]) from public;

-- Why a person cannot be forgotten now: a number that is the organization's own, or that they are being helped, or will be. Empty when
-- nothing is in the way.
create or replace function private.forget_refusals(
    org_id uuid,
    phones text[],
    emails text[],
    customer_ids uuid[],
    also_upcoming boolean
)
returns text[]
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    traces record;
    upcoming bigint;
    refusals text[] := array(
        select format('%s is %s and stands in what others have there; name a number of the customer''s own', u.phone, u.whose)
        from (select p.phone, private.own_number(org_id, p.phone) as whose from unnest(phones) as p (phone)) as u
        where u.whose is not null
    );
begin
    select t.* into traces from private.customer_traces(org_id, phones, emails, customer_ids) as t;
    if exists (
        select from public.call_logs as c
        where
            c.organization_id = org_id
            and c.customer_phone_number ~* traces.pattern
            and (
                private.is_in_progress(c.call_status, c.updated_at)
                -- Its report would bring back what was said.
                or (c.transcript is null and c.call_duration is null and c.updated_at > now() - interval '5 minutes')
            )
    )
    then
        refusals := refusals || 'a call of this customer is in progress, or its report is still to come; try again in some minutes'::text;
    end if;
    if exists (
        select from public.emergency_incidents as i
        where
            i.id = any(traces.incidents)
            and (
                i.status in ('open', 'exhausted')
                or (i.status = 'acknowledged' and i.acknowledged_at > private.clock() - interval '1 day')
            )
    )
    then
        refusals := refusals || 'an incident of this customer is open, and whoever goes there needs the address; `frontdesk incident close` it first'::text;
    end if;
    upcoming := cardinality(private.upcoming_visits(org_id, traces.visits));
    if upcoming > 0 and also_upcoming is not true then
        refusals := refusals || format(
            'appointments of this customer that are still to come: %s; cancel them with the customer first, or add --also-upcoming, which cancels them without a text',
            upcoming
        );
    end if;
    return refusals;
end
$$;

revoke execute on function private.forget_refusals(uuid, text[], text[], uuid[], boolean) from public;

-- The customer and their appointments; what other appointments say of them.
create or replace function private.forget_visits(
    org_id uuid,
    people uuid[],
    visits uuid[],
    pattern text,
    pseudonym text
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    customers bigint;
    appointments bigint;
    mentions bigint;
    blocked bigint;
    consents bigint;
begin
    update public.customers as c
    set
        name = 'Forgotten customer',
        -- Each its own: the number is unique.
        phone_number = private.pseudonym_of(c.id::text),
        email = null,
        address = null,
        sms_enabled = false,
        notes = null,
        metadata = '{}'
    where c.organization_id = org_id and c.id = any(people);
    get diagnostics customers = row_count;
    update public.appointments as a
    set
        customer_name = 'Forgotten customer',
        customer_phone = pseudonym,
        customer_email = null,
        service_address = null,
        postal_code = null,
        service_description = null,
        notes = null,
        metadata = '{}'
    where a.organization_id = org_id and a.id = any(visits);
    get diagnostics appointments = row_count;
    update public.appointments as a
    set
        service_description = case when a.service_description !~* pattern then a.service_description end,
        notes = case when a.notes !~* pattern then a.notes end,
        metadata = case when a.metadata::text !~* pattern then a.metadata else '{}' end
    where
        a.organization_id = org_id
        and a.id <> all(visits)
        and concat_ws(' ', a.service_description, a.notes, a.metadata) ~* pattern;
    get diagnostics mentions = row_count;
    delete from public.blocked_numbers as b
    where b.organization_id = org_id and concat_ws(' ', b.phone_number, b.reason) ~* pattern;
    get diagnostics blocked = row_count;
    -- A number that must not be texted is known by its newest entry; one that may be texted needs none.
    with newest as (
        select distinct on (c.phone_number) c.id, c.status
        from public.sms_consents as c
        where c.organization_id = org_id and c.phone_number ~* pattern
        order by c.phone_number, c.created_at desc, c.id desc
    ),

    kept as (
        update public.sms_consents as c
        set keyword = null
        from newest as n
        where c.id = n.id and n.status = 'withdrawn' and c.keyword is not null
    )

    delete from public.sms_consents as c
    where
        c.organization_id = org_id
        and c.phone_number ~* pattern
        and not exists (select from newest as n where n.id = c.id and n.status = 'withdrawn');
    get diagnostics consents = row_count;
    return jsonb_build_object(
        'public.customers', customers,
        'public.appointments', appointments + mentions,
        'public.blocked_numbers', blocked,
        'public.sms_consents', consents
    );
end
$$;

revoke execute on function private.forget_visits(uuid, uuid[], uuid[], text, text) from public;

-- What was said in calls, what they were answered, and where they were connected. That there was a call stays.
create or replace function private.forget_calls(
    org_id uuid,
    calls text[],
    visits uuid[],
    pattern text,
    pseudonym text
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    logs bigint;
    transfers bigint;
    lines bigint;
    answers bigint;
    holds bigint;
begin
    update public.call_logs as c
    set
        customer_phone_number = case
            when c.customer_phone_number ~* pattern then pseudonym
            -- Whoever booked for them, with whatever number: what a late report says of it is of them.
            when c.vapi_call_id in (select a.vapi_call_id from public.appointments as a where a.id = any(visits)) then pseudonym
            else c.customer_phone_number
        end,
        transcript = null,
        summary = null,
        tools_used = case when jsonb_typeof(c.tools_used) = 'array' then private.without_words(c.tools_used) else '[]' end,
        metadata = private.only_keys(c.metadata, '{ended_reason,started_at,ended_at,cost}')
    where c.organization_id = org_id and c.vapi_call_id = any(calls);
    get diagnostics logs = row_count;
    update private.transfer_lines as l
    set control_url = null
    from public.call_transfers as t
    where
        t.id = l.transfer_id and t.organization_id = org_id and t.vapi_call_id = any(calls) and l.control_url is not null;
    get diagnostics lines = row_count;
    update public.call_transfers as t
    set
        reason = null,
        summary = null,
        customer_name = null,
        metadata = private.only_keys(t.metadata, '{source,detail,extension,reported,unknown}')
    where
        t.organization_id = org_id
        and (
            t.vapi_call_id = any(calls)
            or concat_ws(' ', t.reason, t.summary, t.customer_name, t.metadata) ~* pattern
        );
    get diagnostics transfers = row_count;
    delete from private.tool_calls as t
    where
        t.organization_id = org_id
        and (t.vapi_call_id = any(calls) or t.effect_id = any(visits) or t.answer::text ~* pattern);
    get diagnostics answers = row_count;
    delete from private.slot_holds as h where h.organization_id = org_id and h.vapi_call_id = any(calls);
    get diagnostics holds = row_count;
    return jsonb_build_object(
        'public.call_logs', logs,
        'public.call_transfers', transfers,
        'private.transfer_lines', lines,
        'private.tool_calls', answers,
        'private.slot_holds', holds
    );
end
$$;

revoke execute on function private.forget_calls(uuid, text[], uuid[], text, text) from public;

-- Those keys of an object that name nobody.
create or replace function private.only_keys(object jsonb, keys text[]) returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(object) is distinct from 'object' then
        return '{}';
    end if;
    return (
        select coalesce(jsonb_object_agg(e.key, e.value), '{}') from jsonb_each(object) as e where e.key = any(keys)
    );
end
$$;

revoke execute on function private.only_keys(jsonb, text[]) from public;

-- What was reported as an emergency, and what contacts were told of it. Who took it, and when, stays.
create or replace function private.forget_incidents(
    org_id uuid,
    calls text[],
    incidents uuid[],
    pattern text
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    reports bigint;
    pages bigint;
    lines bigint;
begin
    update public.emergency_incidents as i
    set
        caller_number = null,
        callback_number = null,
        service_address = null,
        address_key = null,
        message = '[forgotten]'
    where i.organization_id = org_id and i.id = any(incidents);
    get diagnostics reports = row_count;
    update public.emergency_notifications as n
    set message = '[forgotten]', metadata = private.only_keys(n.metadata, '{our_number,bundled_with}')
    where
        n.organization_id = org_id
        and (n.incident_id = any(incidents) or n.vapi_call_id = any(calls) or n.message ~* pattern);
    get diagnostics pages = row_count;
    update private.incident_calls as c
    set control_url = null
    where c.organization_id = org_id and c.incident_id = any(incidents) and c.control_url is not null;
    get diagnostics lines = row_count;
    return jsonb_build_object(
        'public.emergency_incidents', reports,
        'public.emergency_notifications', pages,
        'private.incident_calls', lines
    );
end
$$;

revoke execute on function private.forget_incidents(uuid, text[], uuid[], text) from public;

-- Texts in both directions, what the staff were to do about this person, and jobs that are still to be done.
create or replace function private.forget_messages(
    org_id uuid,
    people uuid[],
    visits uuid[],
    calls text[],
    incidents uuid[],
    pattern text,
    pseudonym text
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    forgotten uuid[];
    texts bigint;
    tasks bigint;
    jobs bigint;
begin
    with blanked as (
        update public.sms_communications as s
        set
            phone_number = case
                when s.phone_number ~* pattern or s.customer_id = any(people) or s.appointment_id = any(visits) then pseudonym
                else s.phone_number
            end,
            message_content = '[forgotten]',
            variables = private.only_keys(s.variables, '{answer}')
        where
            s.organization_id = org_id
            and (
                s.customer_id = any(people)
                or s.appointment_id = any(visits)
                or concat_ws(' ', s.phone_number, s.message_content, s.variables) ~* pattern
            )
        returning s.id
    )

    select coalesce(array_agg(b.id), '{}') into forgotten from blanked as b;
    texts := cardinality(forgotten);
    update public.staff_tasks as t
    set
        summary = '[forgotten]',
        phone_number = null,
        metadata = private.only_keys(t.metadata, '{incident_id,code,transfer_id}'),
        status = 'done',
        done_at = coalesce(t.done_at, private.clock())
    where
        t.organization_id = org_id
        and (
            t.vapi_call_id = any(calls)
            or t.metadata ->> 'incident_id' = any(incidents::text[])
            or concat_ws(' ', t.phone_number, t.summary, t.metadata) ~* pattern
        );
    get diagnostics tasks = row_count;
    update private.outbox as o
    set
        payload = private.only_keys(o.payload, '{template,date,time,incident_id,effect_id}'),
        state = case when o.state in ('pending', 'unknown') then 'cancelled' else o.state end,
        settled_at = case when o.state in ('pending', 'unknown') then private.clock() else o.settled_at end,
        error_code = case when o.state in ('pending', 'unknown') then 'forgotten' else o.error_code end,
        due_at = case when o.state not in ('pending', 'unknown') then o.due_at end
    where
        o.organization_id = org_id
        and (
            o.sms_id = any(forgotten)
            or o.appointment_id = any(visits)
            or o.payload ->> 'incident_id' = any(incidents::text[])
            or o.payload::text ~* pattern
            or exists (
                select from public.emergency_notifications as n
                where n.id = o.notification_id and (n.incident_id = any(incidents) or n.vapi_call_id = any(calls))
            )
            -- A word to a call, or of its transfer, has its id at the end of its key.
            or substring(o.dedupe_key from '[^:]*$') = any(calls)
            or o.dedupe_key like any(
                select format('transfer:%s:%%', t.id) from public.call_transfers as t
                where t.organization_id = org_id and t.vapi_call_id = any(calls)
            )
        );
    get diagnostics jobs = row_count;
    return jsonb_build_object(
        'public.sms_communications', texts,
        'public.staff_tasks', tasks,
        'private.outbox', jobs
    );
end
$$;

revoke execute on function private.forget_messages(uuid, uuid[], uuid[], text[], uuid[], text, text) from public;

-- What the audit log kept of this person: who changed which appointment, when and from which state to which stays.
create or replace function private.forget_audit_entries(
    org_id uuid,
    people uuid[],
    visits uuid[],
    pattern text
)
returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    personal constant text[] := array[
        'customer_name', 'customer_phone', 'customer_email', 'service_address', 'address_parts', 'postal_code',
        'service_description', 'notes', 'metadata', 'name', 'phone_number', 'email', 'address'
    ];
    entries bigint;
begin
    update public.audit_log as l
    set old_row = l.old_row - personal, new_row = l.new_row - personal
    where
        l.organization_id = org_id
        and l.table_name in ('appointments', 'customers')
        and (
            l.row_id = any(visits)
            or l.row_id = any(people)
            or (
                concat_ws(' ', l.old_row, l.new_row) ~* private.rough_pattern(pattern)
                and concat_ws(' ', private.without_times(l.old_row), private.without_times(l.new_row)) ~* pattern
            )
        )
        and (l.old_row ?| personal or l.new_row ?| personal);
    get diagnostics entries = row_count;
    return jsonb_build_object('public.audit_log', entries);
end
$$;

revoke execute on function private.forget_audit_entries(uuid, uuid[], uuid[], text) from public;

-- A row without its dates and times, whose digits are no telephone number.
create or replace function private.without_times(whole jsonb) returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select jsonb_object_agg(e.key, e.value)
        from jsonb_each(case when jsonb_typeof(whole) = 'object' then whole else '{}' end) as e
        where e.key !~ '^(busy|.*_at|scheduled_.*)$'
    );
end
$$;

revoke execute on function private.without_times(jsonb) from public;

-- How many rows of each table of an organization say what a pattern finds; entries that stop texts to a number are left out.
create or replace function private.rows_with(org_id uuid, pattern text) returns jsonb
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    owned record;
    counted bigint;
    found_rows jsonb := '{}';
begin
    for owned in
        select t.schema_name, t.table_name, 'organization_id' as key_column from private.organization_tables() as t
        union all
        select 'public', 'organizations', 'id'
    loop
        continue when owned.table_name = 'sms_consents';
        execute format(
            'select count(*) from %I.%I as t where t.%I = $1 and to_jsonb(t)::text ~* $3
                and private.without_times(to_jsonb(t))::text ~* $2',
            owned.schema_name, owned.table_name, owned.key_column
        )
        into counted
        using org_id, pattern, private.rough_pattern(pattern);
        if counted > 0 then
            found_rows := found_rows || jsonb_build_object(owned.schema_name || '.' || owned.table_name, counted);
        end if;
    end loop;
    return found_rows;
end
$$;

revoke execute on function private.rows_with(uuid, text) from public;
