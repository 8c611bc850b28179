-- The time that an event of a linked calendar takes on an organization's clock: all that the clock shows while it lasts. When the clocks go
-- back meanwhile, that is more than from its start to its end; when they go forward, the hour that is skipped is part of it.
create or replace function private.external_span(starts_at timestamptz, ends_at timestamptz, zone text) returns tsrange
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    first constant timestamp := starts_at at time zone zone;
    last constant timestamp := ends_at at time zone zone;
    before timestamptz := starts_at;
    after timestamptz := ends_at;
    middle timestamptz;
begin
    -- Of what lasts longer, only a change of the clocks near its start or its end reaches beyond them.
    if ends_at - starts_at > interval '2 days' then
        return tsrange(
            lower(private.external_span(starts_at, starts_at + interval '1 day', zone)),
            upper(private.external_span(ends_at - interval '1 day', ends_at, zone))
        );
    end if;
    if last - first >= ends_at - starts_at then
        return tsrange(first, last);
    end if;
    -- The moment at which the clocks go back, to the second.
    while after - before > interval '1 second' loop
        middle := date_trunc('second', before + (after - before) / 2);
        exit when middle <= before;
        if (middle at time zone zone) - first >= middle - starts_at then
            before := middle;
        else
            after := middle;
        end if;
    end loop;
    return tsrange(least(first, after at time zone zone), greatest(last, (before at time zone zone) + (after - before)));
end
$$;

revoke execute on function private.external_span(timestamptz, timestamptz, text) from public;
