-- Records an emergency that a call reports, in one statement: marks the call and every live appointment that was booked in it (the score, in
-- hundredths, only rises), and opens the emergency or adds to it (private.open_incident()). No row comes back when the call is recorded
-- under another organization. Of one that is new come its code and whom it is told, a row for each: what sql/queries/incident_steps.sql
-- says of them, and of the first in line which other emergencies their telephone was told of (sql/queries/other_incidents.sql).
create or replace function private.report_emergency(
    org_id uuid,
    call_id text,
    assistant text,
    recorded_number text,
    score smallint,
    caller text,
    callback text,
    address text,
    severity text,
    words text,
    spoken text,
    control_url text
)
returns table (
    incident_id uuid,
    is_new boolean,
    is_added boolean,
    code smallint,
    rounds smallint,
    organization_name text,
    timezone text,
    step smallint,
    name text,
    phone text,
    extension text,
    email text,
    by_sms boolean,
    by_voice boolean,
    by_email boolean,
    language_code text,
    timeout_seconds integer,
    is_last_resort boolean,
    is_opted_out boolean,
    is_own boolean,
    was_texted boolean,
    dial_countries jsonb,
    others smallint[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_column
begin
    if call_id is not null then
        insert into public.call_logs as c (
            organization_id,
            vapi_call_id,
            vapi_assistant_id,
            customer_phone_number,
            call_status,
            emergency_detected,
            urgency_score
        )
        select
            org_id,
            call_id,
            (
                select a.id from public.vapi_assistants as a
                where a.vapi_assistant_id = assistant and a.organization_id = org_id
            ),
            recorded_number,
            'in-progress',
            true,
            score / 100.0
        where not private.is_foreign_call(call_id)
        on conflict (vapi_call_id) do update
        set
            emergency_detected = true,
            urgency_score = greatest(c.urgency_score, excluded.urgency_score)
        where c.organization_id = excluded.organization_id;
        if not found then
            return;
        end if;
        -- Most calls booked nothing, and to look costs less than an update that finds nothing.
        if exists (
            select from public.appointments as a
            where a.organization_id = org_id and a.vapi_call_id = call_id
        ) then
            update public.appointments as a
            set
                emergency_detected = true,
                urgency_score = greatest(a.urgency_score, score / 100.0)
            where
                a.organization_id = org_id
                and a.vapi_call_id = call_id
                and a.status in ('pending', 'confirmed');
        end if;
    end if;
    select i.incident_id, i.is_new, i.is_added
    into incident_id, is_new, is_added
    from private.open_incident(
        org_id, call_id, caller, callback, address, null, severity, words, spoken, control_url
    ) as i;
    if not is_new then
        return next;
        return;
    end if;
    return query
    select
        i.id,
        true,
        false,
        i.code,
        i.rounds,
        o.name::text,
        private.time_zone(o.timezone),
        s.step,
        s.name,
        s.phone,
        s.extension,
        s.email,
        s.by_sms,
        s.by_voice,
        s.by_email,
        s.language_code,
        s.timeout_seconds,
        s.is_last_resort,
        coalesce(
            (
                select c.status = 'withdrawn'
                from public.sms_consents as c
                where c.organization_id = org_id and c.phone_number = s.phone
                order by c.created_at desc, c.id desc
                limit 1
            ),
            false
        ),
        -- A caller without a number equals nobody.
        coalesce(s.phone = i.caller_number, false)
        or coalesce(s.phone = i.callback_number, false)
        or exists (
            select
            from public.phone_number_assignments as p
            where p.organization_id = org_id and p.phone_number = s.phone and p.is_active
        ),
        false,
        o.settings -> 'dial_countries',
        case
            when s.step = 0 then array(
                select k.code
                from public.emergency_incidents as k
                where
                    k.organization_id = org_id
                    and k.id <> i.id
                    and k.status in ('open', 'exhausted')
                    and exists (
                        select
                        from public.emergency_notifications as n
                        where n.incident_id = k.id and n.phone_number = s.phone
                    )
                order by k.opened_at desc
                limit 10
            )
        end
    from public.emergency_incidents as i
    join public.organizations as o on o.id = i.organization_id
    left join private.incident_steps as s on s.incident_id = i.id
    where i.id = report_emergency.incident_id and i.organization_id = org_id
    order by s.step;
end
$$;

revoke execute on function private.report_emergency(
    uuid, text, text, text, smallint, text, text, text, text, text, text, text
) from public;
grant execute on function private.report_emergency(
    uuid, text, text, text, smallint, text, text, text, text, text, text, text
) to frontdesk_app;
