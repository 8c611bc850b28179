-- Why an appointment cannot start at a time that was found not to be free. `is_slot` tells whether a slot starts then.
create or replace function private.refusal(
    org_id uuid,
    wanted_date date,
    wanted_time time,
    needs private.visit,
    is_slot boolean
)
returns text
language plpgsql
stable
set search_path = pg_catalog, pg_temp
set jit = off
as $$
declare
    rules record;
    wanted constant timestamp := wanted_date + wanted_time;
    instant timestamptz;
    fits boolean;
    is_long_enough boolean;
begin
    select k.zone, k.weekly, k.horizon_days, k.lead_time, k.lead_days
    into strict rules
    from private.calendars as k
    where k.organization_id = org_id;
    instant := private.first_instant(wanted, rules.zone);

    if wanted_date < (private.clock() at time zone rules.zone)::date then
        return 'past';
    elsif wanted_date > (private.clock() at time zone rules.zone)::date + rules.horizon_days then
        return 'too_far';
    elsif instant is null then
        return 'no_such_time';
    elsif
        instant < private.clock() + rules.lead_time
        or wanted_date < (private.clock() at time zone rules.zone)::date + rules.lead_days
    then
        return 'too_soon';
    end if;

    if is_slot then
        return 'taken';
    end if;
    select
        coalesce(
            bool_or(w.span @> private.busy_range(wanted, needs.minutes, rules.zone)), false
        ),
        coalesce(bool_or(upper(w.span) - lower(w.span) >= make_interval(mins => needs.minutes)), true)
    into fits, is_long_enough
    from unnest(private.windows_reaching(org_id, rules.weekly, wanted_date)) as w (span)
    where w.span && tsrange(wanted_date, wanted_date + 1);
    return case
        when fits then 'off_grid'
        when not is_long_enough then 'too_long'
        else 'closed'
    end;
end
$$;

revoke execute on function private.refusal(uuid, date, time, private.visit, boolean) from public;
grant execute on function private.refusal(uuid, date, time, private.visit, boolean) to frontdesk_app;
