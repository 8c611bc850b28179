-- Removes what the organization that comes `after` the given one keeps no longer (private.retention_rules), at most so many rows of a
-- kind, and says of each kind how many there were: whoever asks goes from organization to organization, and comes back to one of which
-- a kind had as many as it may. No row comes back after the last one. An organization that somebody else prunes at this moment has one
-- row without a kind.
--
-- It runs as its owner, since one statement works for whoever comes next. What it removes is bounded by the organization's settings, by
-- 500 rows of a kind, and, for the audit log, by the server's own clock: a service that is told another time cannot empty it. Rows that
-- somebody holds are left for the next time, so that it waits for nobody.
create or replace function private.prune(after uuid, at timestamptz, most integer)
returns table (organization_id uuid, kind text, pruned integer)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    batch constant integer := least(greatest(most, 1), 500);
    organization record;
    kept record;
begin
    select o.id, r.*
    into organization
    from public.organizations as o
    cross join lateral private.retention_rules(o.settings) as r
    where o.id > after
    order by o.id
    limit 1;
    if not found then
        return;
    end if;
    if not pg_try_advisory_xact_lock(hashtextextended(format('prune %s', organization.id), 0)) then
        return query select organization.id, null::text, 0;
        return;
    end if;
    for kept in
        select k.kind, k.days
        from (
            values
            ('transcripts', organization.transcripts_days),
            ('recordings', organization.recordings_days),
            ('tool_log', organization.tool_log_days),
            ('texts', organization.texts_days),
            ('audit', organization.audit_days),
            ('outbox', organization.outbox_days)
        ) as k (kind, days)
    loop
        organization_id := organization.id;
        kind := kept.kind;
        pruned := case
            when kept.days = 0 then 0
            when kept.kind = 'transcripts'
                then private.prune_transcripts(organization.id, at - make_interval(days => kept.days), batch)
            when kept.kind = 'recordings'
                then private.prune_recordings(organization.id, at - make_interval(days => kept.days), batch)
            when kept.kind = 'tool_log'
                then private.prune_tool_log(organization.id, at - make_interval(days => kept.days), batch)
            when kept.kind = 'texts' then private.prune_texts(organization.id, at - make_interval(days => kept.days), batch)
            when kept.kind = 'audit'
                then private.prune_audit(organization.id, least(at, now()) - make_interval(days => kept.days), batch)
            else private.prune_outbox(organization.id, at, at - make_interval(days => kept.days), batch)
        end;
        return next;
    end loop;
end
$$;

revoke execute on function private.prune(uuid, timestamptz, integer) from public;
grant execute on function private.prune(uuid, timestamptz, integer) to frontdesk_app;

-- What was said in calls that began before an instant, and what they were about. The calls stay. How many had any.
create or replace function private.prune_transcripts(org_id uuid, before timestamptz, most integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    calls integer;
    transfers integer;
begin
    with expired as (
        select c.id
        from public.call_logs as c
        where
            c.organization_id = org_id
            and c.created_at < before
            and (
                c.transcript is not null
                or c.summary is not null
                or c.metadata ?| '{structured_data,success_evaluation}'
            )
        order by c.created_at
        limit most
        for update skip locked
    )

    update public.call_logs as c
    set
        transcript = null,
        summary = null,
        metadata = c.metadata - '{structured_data,success_evaluation}'::text[]
    from expired as e
    where c.id = e.id;
    get diagnostics calls = row_count;
    with expired as (
        select t.id
        from public.call_transfers as t
        where t.organization_id = org_id and t.created_at < before and t.summary is not null
        order by t.created_at
        limit most
        for update skip locked
    )

    update public.call_transfers as t
    set summary = null
    from expired as e
    where t.id = e.id;
    get diagnostics transfers = row_count;
    return greatest(calls, transfers);
end
$$;

revoke execute on function private.prune_transcripts(uuid, timestamptz, integer) from public;

-- Where the recordings of calls are kept that began before an instant.
create or replace function private.prune_recordings(org_id uuid, before timestamptz, most integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    calls integer;
begin
    with expired as (
        select c.id
        from public.call_logs as c
        where c.organization_id = org_id and c.created_at < before and c.metadata ? 'recording_url'
        order by c.created_at
        limit most
        for update skip locked
    )

    update public.call_logs as c
    set metadata = c.metadata - 'recording_url'
    from expired as e
    where c.id = e.id;
    get diagnostics calls = row_count;
    return calls;
end
$$;

revoke execute on function private.prune_recordings(uuid, timestamptz, integer) from public;

-- What the tool calls of calls that began before an instant were asked and answered. Which tools were used, when, and with what outcome
-- stays; the answers that a repeated tool call would get go, since no call lasts for days.
create or replace function private.prune_tool_log(org_id uuid, before timestamptz, most integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    calls text[];
begin
    with expired as (
        select c.id
        from public.call_logs as c
        where c.organization_id = org_id and c.created_at < before and c.tool_log_pruned_at is null
        order by c.created_at
        limit most
        for update skip locked
    ),

    stripped as (
        update public.call_logs as c
        set tools_used = private.without_words(c.tools_used), tool_log_pruned_at = now()
        from expired as e
        where c.id = e.id
        returning c.vapi_call_id
    )

    select coalesce(array_agg(s.vapi_call_id::text), '{}') into calls from stripped as s;
    delete from private.tool_calls as t where t.organization_id = org_id and t.vapi_call_id = any(calls);
    return cardinality(calls);
end
$$;

revoke execute on function private.prune_tool_log(uuid, timestamptz, integer) from public;

-- A tool log without what was said, offered and answered.
create or replace function private.without_words(tools_used jsonb) returns jsonb
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    if jsonb_typeof(tools_used) is distinct from 'array' then
        return tools_used;
    end if;
    return (
        select
            coalesce(
                jsonb_agg(
                    case
                        when jsonb_typeof(u.entry) = 'object'
                            then u.entry - '{arguments,answer,reason,offered}'::text[]
                        else u.entry
                    end
                    order by u.nth
                ),
                '[]'
            )
        from jsonb_array_elements(tools_used) with ordinality as u (entry, nth)
    );
end
$$;

revoke execute on function private.without_words(jsonb) from public;

-- The words of text messages from before an instant. To whom one went, when and with what success stays, and so does every STOP. A text
-- that is still to be sent keeps its words.
create or replace function private.prune_texts(org_id uuid, before timestamptz, most integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    texts integer;
begin
    with expired as (
        select s.id
        from public.sms_communications as s
        where
            s.organization_id = org_id
            and s.created_at < before
            and s.message_content <> ''
            and not exists (select from private.outbox as o where o.sms_id = s.id and o.due_at is not null)
        order by s.created_at
        limit most
        for update skip locked
    )

    update public.sms_communications as s
    set
        message_content = '',
        -- How a message was understood is a word of ours.
        variables = jsonb_strip_nulls(jsonb_build_object('answer', s.variables -> 'answer'))
    from expired as e
    where s.id = e.id;
    get diagnostics texts = row_count;
    return texts;
end
$$;

revoke execute on function private.prune_texts(uuid, timestamptz, integer) from public;

-- Entries of the audit log from before an instant. They are written in the order of their ids, so that the first one tells whether there
-- are any: an index by time would cost every write of an appointment more than this saves.
create or replace function private.prune_audit(org_id uuid, before timestamptz, most integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    entries integer;
    first_at timestamptz;
begin
    select a.changed_at into first_at
    from public.audit_log as a
    where a.organization_id = org_id
    order by a.id
    limit 1;
    if first_at is null or first_at >= before then
        return 0;
    end if;
    perform set_config('frontdesk.redacting', 'on', true);
    with oldest as (
        select a.id, a.changed_at
        from public.audit_log as a
        where a.organization_id = org_id
        order by a.id
        limit most
    )

    delete from public.audit_log as a
    using oldest as o
    where a.id = o.id and o.changed_at < before;
    get diagnostics entries = row_count;
    perform set_config('frontdesk.redacting', '', true);
    return entries;
end
$$;

revoke execute on function private.prune_audit(uuid, timestamptz, integer) from public;

-- Jobs from before an instant with which nothing more is to be done, and their attempts. A job stays while somebody may ask what became
-- of it: of an incident that is not closed, and of an appointment that is still to come, whose customer is told of a cancellation only if
-- they were told of the appointment.
create or replace function private.prune_outbox(org_id uuid, at timestamptz, before timestamptz, most integer) returns integer
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
    jobs integer;
begin
    with expired as (
        select o.id
        from private.outbox as o
        where
            o.organization_id = org_id
            and o.due_at is null
            and o.created_at < before
            and not exists (
                select from public.emergency_notifications as n
                join public.emergency_incidents as i on i.id = n.incident_id
                where n.id = o.notification_id and i.status <> 'closed'
            )
            and not exists (
                select from public.emergency_incidents as i
                where
                    i.organization_id = org_id
                    and i.status <> 'closed'
                    and o.payload ? 'incident_id'
                    and i.id::text = o.payload ->> 'incident_id'
            )
            and not exists (
                select from public.appointments as a
                where
                    a.id = o.appointment_id
                    and a.status in ('pending', 'confirmed')
                    -- Yesterday in every zone.
                    and a.scheduled_date >= (at at time zone 'UTC')::date - 1
            )
        order by o.created_at
        limit most
        for update of o skip locked
    )

    delete from private.outbox as o
    using expired as e
    where o.id = e.id;
    get diagnostics jobs = row_count;
    return jobs;
end
$$;

revoke execute on function private.prune_outbox(uuid, timestamptz, timestamptz, integer) from public;
