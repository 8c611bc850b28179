-- Adds a report to an emergency that is under way, the likeliest of `candidates` whose address does not speak against it
-- (private.is_same_place()); null where each does. The urgency only rises. `is_added` tells that something new was said.
--
-- An address comes in pieces too: "12 Elm Street", then "apartment 4" (private.is_part_of_address()), or "Elm Street", then the same with its
-- number. A piece speaks against no address, and is added to it (private.merged_address()).
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
    is_part constant boolean := private.is_part_of_address(address);
    said text;
    known_place jsonb;
    before text;
    is_piece boolean;
    is_new boolean;
begin
    select i.id, i.message, i.service_address, p.parts, not private.is_same_place(p.parts, place) and p.is_piece
    into incident, said, before, known_place, is_piece
    from public.emergency_incidents as i
    cross join lateral (
        select
            private.address_parts(i.service_address) as parts,
            is_part
            or private.is_part_of_address(i.service_address)
            or not place ? 'number' and private.address_tokens(address) <@ private.address_tokens(i.service_address)
            or place ? 'number' and private.address_parts(i.service_address) ? 'text'
            and private.address_tokens(i.service_address) <@ private.address_tokens(address) as is_piece
        offset 0
    ) as p
    where
        i.id = any (candidates)
        and i.organization_id = org_id
        and i.status <> 'closed'
        and (
            p.parts is null
            or place is null
            or private.is_same_place(p.parts, place)
            or p.is_piece
        )
    order by private.is_same_place(p.parts, place) desc, p.parts is null and place is null desc, i.opened_at desc
    limit 1
    for no key update of i;
    if not found then
        return;
    end if;
    is_new := position(words in said) = 0;
    is_added := is_new or coalesce(is_piece, false) and private.merged_address(before, address) <> before;
    update public.emergency_incidents as i
    set
        message = case when is_new then i.message || ' | ' || words else i.message end,
        urgency = severities[greatest(array_position(severities, i.urgency::text), array_position(severities, severity))],
        -- What is said more exactly now counts: the next address is compared with it.
        service_address = case
            when is_piece then private.merged_address(i.service_address, address)
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
