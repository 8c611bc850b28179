-- private.available_times() without `is_stale`, as the release before calls it.
create or replace function private.find_times(
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
    out language text
)
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    select a.reason, a.slot_date, a.starts, a.language
    from private.available_times(
        org_id, at, target_date, minutes, service, address, postal_code, call_id, number, asks_language
    ) as a;
$$;

revoke execute on function private.find_times(
    uuid, timestamptz, date, integer, uuid, text, text, text, text, boolean
) from public;
grant execute on function private.find_times(
    uuid, timestamptz, date, integer, uuid, text, text, text, text, boolean
) to frontdesk_app;
