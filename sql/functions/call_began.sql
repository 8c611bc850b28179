-- When a call began: when its report says so, else with its first tool call, else when it was first heard of. What cannot be read as an
-- instant says nothing.
create or replace function private.call_began(metadata jsonb, tools_used jsonb, heard_at timestamptz)
returns timestamptz
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    instant constant text := '^\d{4}-(0[1-9]|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?Z$';
begin
    return case
        when metadata ->> 'started_at' ~ instant then (metadata ->> 'started_at')::timestamptz
        when tools_used #>> '{0,at}' ~ instant then (tools_used #>> '{0,at}')::timestamptz
        else heard_at
    end;
exception
    when datetime_field_overflow then
        return heard_at;
end
$$;

revoke execute on function private.call_began(jsonb, jsonb, timestamptz) from public;
