-- Holds a time for a call for so many minutes, in place of what it held before, or says why not. One row `held` with the
-- moment at which the hold ends; a refusal comes as the slots that are free instead, as private.book_appointment() gives them, and
-- leaves what was held before.
--
-- It runs as its owner: nobody else may write, or delete, a hold.
create or replace function private.hold_slot(
    org_id uuid,
    call_id text,
    wanted_date date,
    wanted_time time,
    minutes integer,
    hold_minutes integer,
    service uuid
)
returns table (outcome text, expires_at timestamptz, slot_date date, start_time time, end_time time)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    organization record;
    needs constant private.visit := private.service_requirements(org_id, service, minutes, null, null);
    is_free boolean;
    why text;
    span tsrange;
    own_crew integer;
    until constant timestamptz := private.clock() + make_interval(mins => hold_minutes);
begin
    perform private.require_organization(org_id);
    if call_id is null then
        raise null_value_not_allowed using message = 'call_id must be given';
    end if;
    perform private.lock_organization(org_id);
    is_free := private.is_free(org_id, wanted_date, wanted_time, needs, call_id, null);
    if is_free then
        select private.time_zone(o.timezone) as zone, o.settings
        into organization
        from public.organizations as o
        where o.id = org_id;
        span := private.busy_range(wanted_date + wanted_time, needs.minutes, organization.zone);
        delete from private.slot_holds as h
        where h.organization_id = org_id and (h.vapi_call_id = call_id or h.expires_at <= private.clock());
        own_crew := private.free_crew(org_id, span, needs, null, null, call_id);
        insert into private.slot_holds (
            organization_id, vapi_call_id, crew, scheduled_date, busy, buffer_before_minutes, buffer_after_minutes, expires_at
        )
        values (
            org_id, call_id, own_crew, wanted_date, span, needs.before_minutes, needs.after_minutes, until
        );
        update private.calendars as k set held_until = greatest(k.held_until, until) where k.organization_id = org_id;
        return query
        select 'held', until, wanted_date, wanted_time, wanted_time + make_interval(mins => needs.minutes);
        return;
    end if;
    why := private.refusal(org_id, wanted_date, wanted_time, needs, is_free is not null);
    return query
    select
        case when c.reason = 'no_crew' then c.reason else why end,
        null::timestamptz, c.slot_date, c.start_time, c.end_time
    from private.check_availability(org_id, wanted_date, needs, call_id, null) as c;
end
$$;

revoke execute on function private.hold_slot(uuid, text, date, time, integer, integer, uuid) from public;
grant execute on function private.hold_slot(uuid, text, date, time, integer, integer, uuid) to frontdesk_app;
