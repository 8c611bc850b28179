-- A list of tool calls with others behind it, each id once.
create or replace function private.with_tool_calls(known jsonb, others jsonb) returns jsonb
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
declare
    entry jsonb;
    list jsonb := coalesce(known, '[]');
begin
    for nth in 0 .. jsonb_array_length(others) - 1
    loop
        entry := others -> nth;
        if not (
            entry ? 'tool_call_id'
            and list @> jsonb_build_array(jsonb_build_object('tool_call_id', entry -> 'tool_call_id'))
        ) then
            list := list || entry;
        end if;
    end loop;
    return list;
end
$$;

revoke execute on function private.with_tool_calls(jsonb, jsonb) from public;
grant execute on function private.with_tool_calls(jsonb, jsonb) to frontdesk_app;
