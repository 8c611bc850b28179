-- Maintains private.busy_days, whoever writes the appointments. An appointment that is added is added to its days
-- (private.enter_appointment()); where one ends, is moved or cancelled, its days are worked out anew from the appointments that remain. The rows
-- of the days are locked before the appointments are read, so that what others commit meanwhile is seen by one of the two.

-- The busy time of each crew on the days from `first` to `last`, as the appointments and linked calendars have it.
create or replace function private.busy_time(org_id uuid, first date, last date)
returns table (day date, crew integer, busy tsmultirange)
language sql
stable
begin atomic
    select d.day::date, t.crew, range_agg(t.span * tsrange(d.day, d.day + interval '1 day'))
    from (
        select
            a.crew,
            tsrange(
                lower(a.busy) - make_interval(mins => coalesce(a.buffer_before_minutes, k.before_minutes)),
                upper(a.busy) + make_interval(mins => coalesce(a.buffer_after_minutes, k.after_minutes))
            ) as span
        from public.appointments as a
        join private.calendars as k on k.organization_id = org_id
        where
            a.organization_id = org_id
            -- As text, so that a dump writes the function down as it is.
            and a.status::text in ('pending', 'confirmed')
            and not isempty(a.busy)
            -- An appointment lasts at most 8 hours, and needs at most 4 before it and after it.
            and a.scheduled_date between first - 1 and last + 1
        union all
        -- What linked calendars say: of the crew itself, and of the whole organization.
        select c.crew, u.span
        from private.busy_days as b
        join private.calendars as k on k.organization_id = org_id
        cross join lateral generate_series(
            greatest(b.crew, 1), case when b.crew = 0 then k.capacity else b.crew end
        ) as c (crew)
        cross join unnest(b.timed + b.whole) as u (span)
        where b.organization_id = org_id and b.day between first and last
    ) as t
    cross join lateral generate_series(
        greatest(date_trunc('day', lower(t.span)), first),
        least(date_trunc('day', upper(t.span) - interval '1 microsecond'), last),
        interval '1 day'
    ) as d (day)
    group by d.day, t.crew;
end;

revoke execute on function private.busy_time(uuid, date, date) from public;

-- Works the days from `first` to `last` out anew.
create or replace function private.write_busy_days(org_id uuid, first date, last date) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform
    from private.busy_days as b
    where b.organization_id = org_id and b.day between first and last and b.crew > 0
    order by b.day, b.crew
    for update;
    insert into private.busy_days as b (organization_id, day, crew, busy)
    select org_id, coalesce(n.day, o.day), coalesce(n.crew, o.crew), coalesce(n.busy, '{}')
    from private.busy_time(org_id, first, last) as n
    full join (
        select k.day, k.crew from private.busy_days as k
        where k.organization_id = org_id and k.day between first and last and k.crew > 0
    ) as o on o.day = n.day and o.crew = n.crew
    order by 2, 3
    on conflict (organization_id, day, crew) do update
    set busy = excluded.busy
    where b.busy <> excluded.busy;
    delete from private.busy_days as b
    where b.organization_id = org_id and b.day between first and last and b.crew > 0 and isempty(b.busy);
end
$$;

revoke execute on function private.write_busy_days(uuid, date, date) from public;

-- Works out all that anybody looks at: when what appointments need around them changed, or the number of crews.
create or replace function private.write_busy_days(org_id uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.lock_organization(org_id);
    perform private.write_busy_days(
        org_id,
        (private.clock() at time zone 'UTC')::date - 401,
        greatest(
            (
                select max(a.scheduled_date) + 1 from public.appointments as a
                where a.organization_id = org_id and a.status in ('pending', 'confirmed')
            ),
            (
                select max(b.day) from private.busy_days as b
                where b.organization_id = org_id and (b.timed <> '{}' or b.whole <> '{}')
            ),
            'epoch'
        )
    );
end
$$;

revoke execute on function private.write_busy_days(uuid) from public;

create or replace function private.maintain_busy_days() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
-- To compile a query (`jit`) takes a hundred times as long as these do.
set jit = off
as $$
declare
    looked_at constant timestamp := private.clock() at time zone 'UTC' - interval '400 days';
    first date;
    last date;
begin
    -- Nobody looks at what is long past, and an organization that is being deleted has no days any more.
    if old.status in ('pending', 'confirmed') and upper(old.busy) > looked_at then
        if not exists (select from public.organizations as o where o.id = old.organization_id) then
            return null;
        end if;
        first := (lower(old.busy) - interval '4 hours')::date;
        last := (upper(old.busy) + interval '4 hours')::date;
        perform private.write_busy_days(old.organization_id, first, last);
    end if;
    if tg_op = 'UPDATE' and new.status in ('pending', 'confirmed') and upper(new.busy) > looked_at then
        -- Moved within its days it is among the appointments that remain.
        if ((lower(new.busy) - interval '4 hours')::date >= first and (upper(new.busy) + interval '4 hours')::date <= last) is not true then
            perform private.write_busy_days(
                new.organization_id, (lower(new.busy) - interval '4 hours')::date, (upper(new.busy) + interval '4 hours')::date
            );
        end if;
    end if;
    return null;
end
$$;

revoke execute on function private.maintain_busy_days() from public;

create or replace trigger maintain_busy_days_on_update
after update on public.appointments
for each row
when (
    (new.status in ('pending', 'confirmed'), new.crew, new.busy, new.buffer_before_minutes, new.buffer_after_minutes)
    is distinct from (
        old.status in ('pending', 'confirmed'), old.crew, old.busy, old.buffer_before_minutes, old.buffer_after_minutes
    )
)
execute function private.maintain_busy_days();

create or replace trigger maintain_busy_days_on_delete
after delete on public.appointments
for each row
when (old.status in ('pending', 'confirmed'))
execute function private.maintain_busy_days();
