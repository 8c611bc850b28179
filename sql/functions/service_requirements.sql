-- What an appointment for a service requires: it takes as long as the service does, or longer when that is asked for. Without a service
-- it takes the minutes that are asked for.
create or replace function private.service_requirements(
    org_id uuid,
    service uuid,
    minutes integer,
    address text,
    postal_code text
)
returns private.visit
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    needs private.visit;
begin
    needs.minutes := coalesce(service_requirements.minutes, 60);
    -- Where it is matters only to a way that takes time.
    if address is not null
        and exists (select from private.calendars as k where k.organization_id = org_id and k.travel_minutes > 0)
    then
        needs.address_key := private.address_parts(address)::text;
    end if;
    needs.postal_code := service_requirements.postal_code;
    if service is not null then
        select
            greatest(s.duration_minutes, service_requirements.minutes), s.buffer_before_minutes, s.buffer_after_minutes,
            s.required_skill
        into needs.minutes, needs.before_minutes, needs.after_minutes, needs.skill
        from public.services as s
        where s.organization_id = org_id and s.id = service;
        if not found then
            raise no_data_found using message = 'service not found';
        end if;
    end if;
    return needs;
end
$$;

revoke execute on function private.service_requirements(uuid, uuid, integer, text, text) from public;
grant execute on function private.service_requirements(uuid, uuid, integer, text, text) to frontdesk_app;
