-- Records who is told of a new incident, in order: who is on call now, else the primary contact as public.get_on_call_contact() has
-- it, and the organization's emergency number last. Where there is no such number the primary contact is the last resort, unless
-- they are on call anyway. Asked again it adds those who are missing. A contact's language is `metadata.language`, else the organization's first, else the caller's.
create or replace function private.record_incident_steps(org_id uuid, incident uuid, language text) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    organization record;
begin
    -- Read once, and not for each contact.
    select
        nullif(trim(o.emergency_contact_phone), '') as phone,
        coalesce(private.phone_extension(o.emergency_contact_phone), o.emergency_phone_extension) as extension,
        o.settings #>> '{languages,0}' as language
    into organization
    from public.organizations as o
    where o.id = org_id;
    insert into private.incident_steps (
        incident_id, step, organization_id, emergency_contact_id, name, phone, email,
        by_sms, by_voice, by_email, language_code, timeout_seconds, is_last_resort, extension
    )
    -- A contact is read once: a join back to the table would read the contacts of everybody.
    with on_call as (
        select
            c.id, c.name, c.phone, c.email, c.sms_enabled, c.call_enabled, c.email_enabled, c.metadata, c.escalation_timeout,
            c.phone_extension, row_number() over () as place
        from private.on_call_contacts(org_id) as c
    ),

    in_charge as (
        select
            c.id, c.name, c.phone, c.email, c.sms_enabled, c.call_enabled, c.email_enabled, c.metadata, c.escalation_timeout,
            c.phone_extension, 1000::bigint as place
        from public.emergency_contacts as c
        where
            c.organization_id = org_id and c.is_primary and c.is_active and trim(c.phone) <> ''
            and not exists (select from on_call as o where o.id = c.id)
        order by c.priority nulls last, c.created_at, c.id
        limit 1
    ),

    people as (
        select o.*, false as is_last_resort from on_call as o
        union all
        select p.*, exists (select from on_call) as is_last_resort
        from in_charge as p
        where
            not exists (select from on_call)
            or organization.phone is null
    ),

    steps as (
        select
            p.id, p.name::text, trim(p.phone) as phone, nullif(trim(p.email), '') as email,
            coalesce(p.sms_enabled, true) as by_sms,
            coalesce(p.call_enabled, true) as by_voice,
            coalesce(p.email_enabled, false) as by_email,
            p.metadata ->> 'language' as own_language,
            greatest(coalesce(p.escalation_timeout, 30), 1) as timeout_seconds,
            p.is_last_resort,
            p.place,
            coalesce(private.phone_extension(p.phone), p.phone_extension) as extension
        from people as p
        union all
        select null, null, organization.phone, null, true, true, false, null, 60, true, 2000, organization.extension
        where organization.phone is not null
    )

    select
        incident,
        row_number() over (order by s.is_last_resort, s.place) - 1
        + coalesce((select max(k.step) + 1 from private.incident_steps as k where k.incident_id = incident), 0),
        org_id, s.id, s.name, s.phone, s.email, s.by_sms, s.by_voice, s.by_email,
        case
            when s.own_language in ('en', 'es') then s.own_language
            else coalesce(organization.language, record_incident_steps.language)
        end,
        s.timeout_seconds,
        s.is_last_resort,
        s.extension
    from steps as s
    where not exists (
        select
        from private.incident_steps as k
        where k.incident_id = incident and (k.emergency_contact_id = s.id or (s.id is null and k.emergency_contact_id is null))
    );
end
$$;

revoke execute on function private.record_incident_steps(uuid, uuid, text) from public;
grant execute on function private.record_incident_steps(uuid, uuid, text) to frontdesk_app;
