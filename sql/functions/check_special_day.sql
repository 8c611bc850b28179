-- Refuses a special day, and hours of one, that cannot be meant. It runs as its owner, because a dashboard that writes special days
-- may not use schema private.
create or replace function private.check_special_day() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if new.special_date not between date '0001-01-01' and date '9999-12-31' then
        raise check_violation using message = format(
            'special_date is %s; allowed is a day of the years 1 to 9999', new.special_date
        );
    end if;
    perform private.check_hours(new.hours, format('hours of %s', new.special_date));
    return new;
end
$$;

revoke execute on function private.check_special_day() from public;

create or replace trigger check_special_day
before insert or update of special_date, hours on public.special_days
for each row
execute function private.check_special_day();
