-- Adds a report to an emergency that is under way, the likeliest of `candidates` whose address does not speak against it
-- (private.is_same_place()); null where each does. The urgency only rises. `is_added` tells that something new was said.
create or replace function private.add_to_incident(
    org_id uuid,
    candidates uuid[],
    callback text,
    address text,
    severity text,
    words text,
    language text,
    out incident uuid,
    out is_added boolean
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    severities constant text[] := array['low', 'normal', 'high', 'critical'];
    place constant jsonb := private.address_parts(address);
    said text;
    known_place jsonb;
begin
    select i.id, i.message, p.parts
    into incident, said, known_place
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
    order by private.is_same_place(p.parts, place) desc, p.parts is null and place is null desc, i.opened_at desc
    limit 1
    for no key update of i;
    if not found then
        return;
    end if;
    is_added := position(words in said) = 0;
    update public.emergency_incidents as i
    set
        message = case when is_added then i.message || ' | ' || words else i.message end,
        urgency = severities[greatest(array_position(severities, i.urgency::text), array_position(severities, severity))],
        -- What is said more exactly now counts: the next address is compared with it.
        service_address = case
            when known_place is null or place @> known_place then coalesce(address, i.service_address)
            when place ? 'unit' and not known_place ? 'unit' then i.service_address || ', #' || (place ->> 'unit')
            else i.service_address
        end,
        callback_number = coalesce(callback, i.callback_number)
    where i.id = incident;
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
    where i.id = incident and i.status = 'exhausted' and o.id = org_id;
    if found then
        perform private.record_incident_steps(org_id, incident, language);
    end if;
end
$$;

revoke execute on function private.add_to_incident(uuid, uuid[], text, text, text, text, text) from public;
grant execute on function private.add_to_incident(uuid, uuid[], text, text, text, text, text) to frontdesk_app;
