-- Records an emergency that a call reports, in one statement: marks the call and every live appointment that was booked in it (the score, in
-- hundredths, only rises), and opens the emergency, or adds to one that is under way (private.add_to_incident()): that of the same call, or of
-- the same caller within half an hour. Whom it is told is recorded when it is opened. No row comes back when the call is recorded
-- under another organization. Of one that is new come its code and whom it is told, a row for each: what sql/queries/incident_steps.sql
-- says of them, and of the first in line which other emergencies their telephone was told of (sql/queries/other_incidents.sql). It is moved on
-- in the same transaction (private.page_step(), private.move_incident()).
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
declare
    candidates uuid[];
    organization record;
    -- Expressions, which cost less than a statement. Two calls of one household may come at once.
    checked constant text := private.require_organization(org_id);
    locked constant text := pg_advisory_xact_lock(hashtextextended('incident ' || org_id, 0));
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
    -- Each way to an emergency has an index, and most calls find none: what is there is read, and compared, only where there is one.
    candidates := array(
        select s.id from public.emergency_incidents as s
        where s.organization_id = org_id and s.vapi_call_id = call_id
        union all
        select c.incident_id from private.incident_calls as c
        where c.organization_id = org_id and c.vapi_call_id = call_id
        union all
        select s.id from public.emergency_incidents as s
        where
            s.organization_id = org_id
            and s.caller_number = caller
            and s.opened_at > private.clock() - interval '30 minutes'
    );
    if cardinality(candidates) > 0 then
        select a.incident, a.is_added
        into incident_id, is_added
        from private.add_to_incident(org_id, candidates, callback, address, severity, words, spoken) as a;
    end if;
    is_new := incident_id is null;
    if is_new then
        select
            o.name::text as name,
            private.time_zone(o.timezone) as timezone,
            o.settings -> 'dial_countries' as dial_countries,
            r.rounds
        into organization
        from public.organizations as o
        cross join lateral private.emergency_rules(o.settings) as r
        where o.id = org_id;
        insert into public.emergency_incidents as i (
            organization_id, vapi_call_id, caller_number, callback_number, service_address, urgency, message,
            language_code, opened_at, rounds
        )
        values (
            org_id, call_id, caller, callback, address, severity, words,
            spoken, private.clock(), organization.rounds
        )
        returning i.id, i.code into incident_id, code;
        perform private.record_incident_steps(org_id, report_emergency.incident_id, spoken);
    end if;
    if call_id is not null then
        insert into private.incident_calls as c (incident_id, vapi_call_id, organization_id, control_url, language_code)
        values (report_emergency.incident_id, call_id, org_id, report_emergency.control_url, spoken)
        on conflict on constraint incident_calls_pkey do update
        set control_url = coalesce(excluded.control_url, c.control_url);
    end if;
    if not is_new then
        return next;
        return;
    end if;
    return query
    select
        report_emergency.incident_id,
        true,
        false,
        report_emergency.code,
        organization.rounds::smallint,
        organization.name,
        organization.timezone,
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
        coalesce(s.phone = caller, false)
        or coalesce(s.phone = callback, false)
        or exists (
            select
            from public.phone_number_assignments as p
            where p.organization_id = org_id and p.phone_number = s.phone and p.is_active
        ),
        false,
        organization.dial_countries,
        case
            when s.step = 0 then array(
                select k.code
                from public.emergency_incidents as k
                where
                    k.organization_id = org_id
                    and k.status in ('open', 'exhausted')
                    and k.id in (
                        select n.incident_id from public.emergency_notifications as n
                        where
                            n.organization_id = org_id
                            and n.phone_number = s.phone
                            and n.created_at > private.clock() - interval '24 hours'
                    )
                order by k.opened_at desc
                limit 10
            )
        end
    from (values (1)) as o (nth)
    left join private.incident_steps as s on s.incident_id = report_emergency.incident_id
    order by s.step;
end
$$;

revoke execute on function private.report_emergency(
    uuid, text, text, text, smallint, text, text, text, text, text, text, text
) from public;
grant execute on function private.report_emergency(
    uuid, text, text, text, smallint, text, text, text, text, text, text, text
) to frontdesk_app;
