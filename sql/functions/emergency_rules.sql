-- What an organization's settings say of emergencies, with the defaults for what they leave out and for what cannot be meant.
create or replace function private.emergency_rules(settings jsonb)
returns table (rounds integer, acknowledgement_timeout_minutes integer)
language plpgsql
immutable
set search_path = pg_catalog, pg_temp
as $$
begin
    -- Expressions, which cost less than a statement.
    rounds := private.whole_number(settings #> '{emergency,rounds}', 1, 10, 3);
    acknowledgement_timeout_minutes := private.whole_number(settings #> '{emergency,acknowledgement_timeout_minutes}', 0, 1440, 60);
    return next;
end
$$;

revoke execute on function private.emergency_rules(jsonb) from public;
grant execute on function private.emergency_rules(jsonb) to frontdesk_app;
