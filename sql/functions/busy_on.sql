-- When each crew is busy on a day, for a service that remembers the calendar (private.calendar_of()). `is_current` tells that it is still the
-- remembered one, that nobody holds a slot, and that what linked calendars said still counts; else the search must be asked
-- (private.available_times()). It brings the language of the caller along where it is not known yet, runs as its owner and binds itself, as
-- that does.
create or replace function private.busy_on(
    org_id uuid,
    at timestamptz,
    target_date date,
    known_version bigint,
    call_id text,
    number text,
    asks_language boolean,
    out is_current boolean,
    out busy tsmultirange[],
    out language text
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
    select
        k.version = known_version and k.held_until <= at and k.fresh_until > at,
        array(
            select b.busy from private.busy_days as b
            where b.organization_id = org_id and b.day = target_date and b.crew between 1 and k.capacity
        )
    into is_current, busy
    from private.calendars as k
    where k.organization_id = org_id;
    -- In a statement of its own: one that has it under a condition is planned anew at every call, which takes longer than both.
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
end
$$;

revoke execute on function private.busy_on(uuid, timestamptz, date, bigint, text, text, boolean) from public;
grant execute on function private.busy_on(uuid, timestamptz, date, bigint, text, text, boolean) to frontdesk_app;
