-- How many messages, pages or transfers an organization may use a day: `settings.limits.messages_per_day` and its kin.
create or replace function private.daily_limit(settings jsonb, what text) returns integer
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    return private.whole_number(
        settings #> array['limits', what || 's_per_day'], 0, 100000,
        case what when 'page' then 1000 when 'message' then 500 else 200 end
    );
end
$$;

revoke execute on function private.daily_limit(jsonb, text) from public;
grant execute on function private.daily_limit(jsonb, text) to frontdesk_app;
