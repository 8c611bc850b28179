-- Records who is told of an incident, in order: who is on call now (as private.on_call_contacts() has it), else the primary contact, and the
-- organization's emergency number last. Where there is no such number the primary contact is the last resort, unless they are on call anyway.
-- Asked again it adds those who are missing. A contact's language is `metadata.language`, else the organization's first, else the caller's.
create or replace function private.record_incident_steps(org_id uuid, incident uuid, language text) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    -- The emergency number is the step of no contact: null. A contact who was deleted since has a name.
    known constant uuid[] := array(
        select case when k.name is null then k.emergency_contact_id else coalesce(k.emergency_contact_id, incident) end
        from private.incident_steps as k
        where k.incident_id = incident
    );
    organization record;
    contact record;
    people uuid[] := '{}';
    is_anyone_on_call boolean := false;
    in_charge uuid;
    has_last_resort boolean;
begin
    select
        nullif(trim(o.emergency_contact_phone), '') as phone,
        coalesce(private.phone_extension(o.emergency_contact_phone), o.emergency_phone_extension) as extension,
        coalesce(o.settings #>> '{languages,0}', record_incident_steps.language) as language,
        private.clock() at time zone private.time_zone(o.timezone) as local
    into organization
    from public.organizations as o
    where o.id = org_id;
    -- A loop and a plain insert: one statement that orders, chooses and writes takes a quarter longer, most of it before it begins.
    for contact in
        select
            c.id,
            c.is_primary,
            private.is_on_call(c.available_days, c.available_hours_start, c.available_hours_end, organization.local) as is_on_call
        from public.emergency_contacts as c
        where c.organization_id = org_id and c.is_active and trim(c.phone) <> ''
        order by c.priority nulls last, c.is_primary desc nulls last, c.created_at, c.id
    loop
        if contact.is_on_call then
            is_anyone_on_call := true;
            if array_position(known, contact.id) is null then
                people := people || contact.id;
            end if;
        elsif contact.is_primary then
            in_charge := coalesce(in_charge, contact.id);
        end if;
    end loop;
    if in_charge = any (known) then
        in_charge := null;
    end if;
    if in_charge is not null and not is_anyone_on_call then
        people := array[in_charge];
    end if;
    has_last_resort := case
        when organization.phone is null then is_anyone_on_call and in_charge is not null
        else array_position(known, null) is null
    end;
    insert into private.incident_steps (
        incident_id, step, organization_id, emergency_contact_id, name, phone, email,
        by_sms, by_voice, by_email, language_code, timeout_seconds, is_last_resort, extension
    )
    select
        incident,
        cardinality(known) + p.place - 1,
        org_id,
        p.id,
        c.name,
        case when p.id is null then organization.phone else trim(c.phone) end,
        nullif(trim(c.email), ''),
        coalesce(c.sms_enabled, true),
        coalesce(c.call_enabled, true),
        coalesce(c.email_enabled, false),
        case when c.metadata ->> 'language' in ('en', 'es') then c.metadata ->> 'language' else organization.language end,
        case when p.id is null then 60 else greatest(coalesce(c.escalation_timeout, 30), 1) end,
        p.place > cardinality(people),
        case when p.id is null then organization.extension else coalesce(private.phone_extension(c.phone), c.phone_extension) end
    from unnest(
        case
            when has_last_resort then array_append(people, case when organization.phone is null then in_charge end)
            else people
        end
    ) with ordinality as p (id, place)
    left join public.emergency_contacts as c on c.id = p.id
    -- Whoever was deleted meanwhile is not the emergency number.
    where p.id is null or c.id is not null;
end
$$;

revoke execute on function private.record_incident_steps(uuid, uuid, text) from public;
grant execute on function private.record_incident_steps(uuid, uuid, text) to frontdesk_app;
