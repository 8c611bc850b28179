-- For how many days an organization keeps what: `settings.retention`, with the defaults for what is left out and for what cannot be
-- meant. 0: for ever. docs/data.md says why the defaults are what they are.
create or replace function private.retention_rules(settings jsonb)
returns table (
    transcripts_days integer,
    recordings_days integer,
    tool_log_days integer,
    texts_days integer,
    audit_days integer,
    outbox_days integer
)
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query select
        private.days_kept(settings #> '{retention,transcripts_days}', 1, 365),
        private.days_kept(settings #> '{retention,recordings_days}', 1, 365),
        private.days_kept(settings #> '{retention,tool_log_days}', 1, 90),
        private.days_kept(settings #> '{retention,texts_days}', 1, 365),
        private.days_kept(settings #> '{retention,audit_days}', 30, 730),
        private.days_kept(settings #> '{retention,outbox_days}', 7, 90);
end
$$;

revoke execute on function private.retention_rules(jsonb) from public;
grant execute on function private.retention_rules(jsonb) to frontdesk_app;

-- A number of days from the lowest to 3650, or 0 for ever; else the default.
create or replace function private.days_kept(value jsonb, lowest integer, fallback integer) returns integer
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    days constant integer := private.whole_number(value, 0, 3650, fallback);
begin
    return case when days between 1 and lowest - 1 then fallback else days end;
end
$$;

revoke execute on function private.days_kept(jsonb, integer, integer) from public;
grant execute on function private.days_kept(jsonb, integer, integer) to frontdesk_app;

-- Refuses what cannot be meant, for private.check_organization(). The bounds are those above.
create or replace function private.check_retention(settings jsonb) returns void
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
declare
    known constant text[] := array[
        'transcripts_days', 'recordings_days', 'tool_log_days', 'texts_days', 'audit_days', 'outbox_days'
    ];
    bound record;
    unknown text;
begin
    if not settings ? 'retention' then
        return;
    end if;
    if jsonb_typeof(settings -> 'retention') <> 'object' then
        raise check_violation using message = format(
            'settings.retention is %s; allowed is an object', settings -> 'retention'
        );
    end if;
    -- A misspelt key would leave the default in effect, and remove what was to be kept.
    unknown := (
        select k.key
        from jsonb_object_keys(settings -> 'retention') as k (key)
        where k.key <> all (known)
        order by k.key
        limit 1
    );
    if unknown is not null then
        raise check_violation using message = format(
            'settings.retention.%s is not known; allowed are %s', left(unknown, 64), array_to_string(known, ', ')
        );
    end if;
    for bound in
        select *
        from (
            values
            ('transcripts_days', 1),
            ('recordings_days', 1),
            ('tool_log_days', 1),
            ('texts_days', 1),
            ('audit_days', 30),
            ('outbox_days', 7)
        ) as b (key, lowest)
        where settings -> 'retention' ? b.key
    loop
        if private.days_kept(settings #> array['retention', bound.key], bound.lowest, -1) = -1 then
            raise check_violation using message = format(
                'settings.retention.%s is %s; allowed is a whole number from %s to 3650, or 0 to keep them for ever',
                bound.key, settings #> array['retention', bound.key], bound.lowest
            );
        end if;
    end loop;
end
$$;

revoke execute on function private.check_retention(jsonb) from public;
