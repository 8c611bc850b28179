-- Moves the escalation of an incident on: its state, round, step and number of rounds, and when it moves next. With it go who could not be paged
-- at all (by round and step, and why), and the task that the staff finds when nobody took it: one for as long as it is open, brought up to date
-- when the emergency is reported again. `is_announced` says that those who were paged, and the caller, are told of who has taken it. Where
-- nobody took it the calls in which it was reported come back, as far as they take commands.
create or replace function private.move_incident(
    org_id uuid,
    incident uuid,
    this_status text,
    this_round smallint,
    this_step smallint,
    this_rounds smallint,
    due timestamptz,
    is_announced boolean,
    missed_rounds smallint[],
    missed_steps smallint[],
    missed_reasons text[],
    task text,
    callback text,
    metadata jsonb
)
returns table (vapi_call_id text, control_url text, language_code text)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    if cardinality(missed_rounds) > 0 then
        insert into public.emergency_notifications (
            organization_id,
            emergency_contact_id,
            vapi_call_id,
            notification_type,
            urgency,
            message,
            status,
            incident_id,
            step,
            round,
            error_code,
            created_at
        )
        select
            s.organization_id,
            s.emergency_contact_id,
            i.vapi_call_id,
            'none',
            i.urgency,
            i.message,
            'failed',
            i.id,
            s.step,
            missed_rounds[array_position(missed_steps, s.step)],
            missed_reasons[array_position(missed_steps, s.step)],
            private.clock()
        from private.incident_steps as s
        cross join public.emergency_incidents as i
        where s.organization_id = org_id and s.incident_id = incident and s.step = any (missed_steps) and i.id = incident
        on conflict (incident_id, round, step, notification_type) where incident_id is not null do nothing;
    end if;
    if task is not null then
        with earlier as (
            update public.staff_tasks as t
            set summary = task, phone_number = callback, metadata = move_incident.metadata
            where
                t.organization_id = org_id
                and t.status = 'open'
                and t.created_at >= (
                    select i.opened_at from public.emergency_incidents as i
                    where i.organization_id = org_id and i.id = incident
                )
                and t.kind = 'emergency'
                and t.metadata ->> 'incident_id' = incident::text
            returning t.id
        )

        insert into public.staff_tasks (organization_id, kind, summary, phone_number, metadata, created_at)
        select org_id, 'emergency', task, callback, move_incident.metadata, private.clock()
        where not exists (select from earlier);
    end if;
    update public.emergency_incidents as i
    set
        status = this_status,
        round = this_round,
        step = this_step,
        rounds = this_rounds,
        due_at = due,
        announced_at = case when is_announced then private.clock() else i.announced_at end
    where i.organization_id = org_id and i.id = incident;
    if this_status = 'exhausted' then
        return query
        select c.vapi_call_id, c.control_url, c.language_code
        from private.incident_calls as c
        where c.organization_id = org_id and c.incident_id = incident and c.control_url is not null;
    end if;
end
$$;

revoke execute on function private.move_incident(
    uuid, uuid, text, smallint, smallint, smallint, timestamptz, boolean, smallint[], smallint[], text[], text, text, jsonb
) from public;
grant execute on function private.move_incident(
    uuid, uuid, text, smallint, smallint, smallint, timestamptz, boolean, smallint[], smallint[], text[], text, text, jsonb
) to frontdesk_app;
