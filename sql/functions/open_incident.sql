-- Opens an emergency, or adds to one that is under way: that of the same call, or of the same caller within half an hour, unless the
-- addresses differ (private.is_same_place()). `address_key` is what earlier programs gave to compare them by, and is left out of account.
-- The urgency only rises. Whom it is told is recorded when it is opened: who is on call now in their order, else the
-- primary contact; the number of last resort comes at the end. `is_added` tells that an earlier one was told something new.
create or replace function private.open_incident(
    org_id uuid,
    call_id text,
    caller text,
    callback text,
    address text,
    address_key text,
    severity text,
    words text,
    language text,
    control_url text
)
returns table (incident_id uuid, is_new boolean, is_added boolean)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    severities constant text[] := array['low', 'normal', 'high', 'critical'];
    candidates uuid[];
    found_id uuid;
    opened boolean := false;
    said text;
    place jsonb;
    known_place jsonb;
    -- Expressions, which cost less than a statement. Two calls of one household may come at once.
    checked constant text := private.require_organization(org_id);
    locked constant text := pg_advisory_xact_lock(hashtextextended('incident ' || org_id, 0));
begin
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
        place := private.address_parts(address);
        select i.id, i.message, p.parts into found_id, said, known_place
        from public.emergency_incidents as i
        cross join lateral (select private.address_parts(i.service_address) as parts offset 0) as p
        where
            i.id = any (candidates)
            and i.organization_id = org_id
            and i.status <> 'closed'
            and (
                p.parts is null
                or place is null
                or private.is_same_place(p.parts, place)
            )
        order by
            private.is_same_place(p.parts, place) desc, p.parts is null and place is null desc, i.opened_at desc
        limit 1
        for no key update of i;
    end if;
    if found_id is not null then
        update public.emergency_incidents as i
        set
            message = case when position(words in i.message) > 0 then i.message else i.message || ' | ' || words end,
            urgency = severities[greatest(array_position(severities, i.urgency::text), array_position(severities, severity))],
            -- What is said more exactly now counts: the next address is compared with it.
            service_address = case
                when known_place is null or place @> known_place then coalesce(address, i.service_address)
                when place ? 'unit' and not known_place ? 'unit' then i.service_address || ', #' || (place ->> 'unit')
                else i.service_address
            end,
            callback_number = coalesce(callback, i.callback_number)
        where i.id = found_id;
        -- One that nobody took goes round once more, also to those who have come on call since.
        update public.emergency_incidents as i
        set
            status = 'open',
            due_at = private.clock(),
            round = i.round + 1,
            step = null,
            rounds = i.round + r.rounds
        from public.organizations as o
        cross join lateral private.emergency_rules(o.settings) as r
        where i.id = found_id and i.status = 'exhausted' and o.id = org_id;
        if found then
            perform private.record_incident_steps(org_id, found_id, language);
        end if;
    else
        opened := true;
        insert into public.emergency_incidents (
            organization_id, vapi_call_id, caller_number, callback_number, service_address, address_key, urgency, message,
            language_code, due_at, opened_at, rounds
        )
        select
            org_id, call_id, caller, callback, address, open_incident.address_key, severity, words,
            language, private.clock(), private.clock(),
            r.rounds
        from public.organizations as o
        cross join lateral private.emergency_rules(o.settings) as r
        where o.id = org_id
        returning id into found_id;
        perform private.record_incident_steps(org_id, found_id, language);
    end if;
    if call_id is not null then
        insert into private.incident_calls as c (incident_id, vapi_call_id, organization_id, control_url, language_code)
        values (found_id, call_id, org_id, open_incident.control_url, language)
        on conflict on constraint incident_calls_pkey do update
        set control_url = coalesce(excluded.control_url, c.control_url);
    end if;
    incident_id := found_id;
    is_new := opened;
    is_added := not opened and position(words in said) = 0;
    return next;
end
$$;

revoke execute on function private.open_incident(
    uuid, text, text, text, text, text, text, text, text, text
) from public;
grant execute on function private.open_incident(
    uuid, text, text, text, text, text, text, text, text, text
) to frontdesk_app;
