-- What check_availability is told: as private.check_availability() says it, in one row whose `starts` are the free slots of `slot_date`, in
-- order; whether what linked calendars said counts no longer (`is_stale`); and the language of the caller where it is not known yet. It runs as
-- its owner and binds itself to the organization: it is the only statement that is sent while the caller waits.
create or replace function private.available_times(
    org_id uuid,
    at timestamptz,
    target_date date,
    minutes integer,
    service uuid,
    address text,
    postal_code text,
    call_id text,
    number text,
    asks_language boolean,
    out reason text,
    out slot_date date,
    out starts time[],
    out language text,
    out is_stale boolean
)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
begin
    if current_setting('frontdesk.organization_id', true) not in ('', org_id::text) then
        raise insufficient_privilege using message = 'this transaction is bound to another organization';
    end if;
    if asks_language then
        language := coalesce(
            (
                select c.language_detected from public.call_logs as c
                where c.organization_id = org_id and c.vapi_call_id = call_id
            ),
            (
                select c.primary_language from public.customers as c
                where c.organization_id = org_id and c.phone_number = number
            )
        );
    end if;
    perform private.bind(org_id, at::text);
    select
        c.reason,
        c.slot_date,
        coalesce(array_agg(c.start_time) filter (where c.start_time is not null), '{}'),
        exists (select from private.calendars as k where k.organization_id = org_id and k.fresh_until <= at)
    into reason, slot_date, starts, is_stale
    from private.check_availability(
        org_id, target_date, private.service_requirements(org_id, service, minutes, address, postal_code), call_id, null
    ) as c
    group by c.reason, c.slot_date;
end
$$;

revoke execute on function private.available_times(
    uuid, timestamptz, date, integer, uuid, text, text, text, text, boolean
) from public;
grant execute on function private.available_times(
    uuid, timestamptz, date, integer, uuid, text, text, text, text, boolean
) to frontdesk_app;
