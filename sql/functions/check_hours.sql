-- Refuses hours of a day that cannot be meant, with a reason that names `label`: [{"open": "08:00", "close": "18:00"}, ...].
create or replace function private.check_hours(hours jsonb, label text, day date default '2000-01-03') returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    entry jsonb;
begin
    if jsonb_typeof(hours) <> 'array' then
        raise check_violation using message = format(
            '%s is %s; allowed is a list of windows such as [{"open": "08:00", "close": "18:00"}], or [] for closed',
            label, hours
        );
    end if;
    for entry in select w.value from jsonb_array_elements(hours) as w (value)
    loop
        if private.opening_windows(jsonb_build_array(entry), day) = '{}' then
            raise check_violation using message = format(
                '%s has the window %s; allowed is {"open": "08:00", "close": "18:00"}, from 00:00 to 24:00', label, entry
            );
        end if;
    end loop;
    if exists (
        select
        from unnest(private.opening_windows(hours, day)) with ordinality as a (span, nth)
        inner join unnest(private.opening_windows(hours, day)) with ordinality as b (span, nth) on a.nth < b.nth
        where a.span && b.span
    ) then
        raise check_violation using message = format('%s has windows that overlap: %s', label, hours);
    end if;
end
$$;

revoke execute on function private.check_hours(jsonb, text, date) from public;
