-- What a call used, with what is not added to its row yet.
create or replace function private.with_tool_log(org_id uuid, call_id text, tools_used jsonb) returns jsonb
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    entries constant jsonb := (
        select jsonb_agg(t.entry::jsonb order by t.nth)
        from private.tool_log as t
        where t.organization_id = org_id and t.vapi_call_id = call_id
    );
begin
    if entries is null then
        return tools_used;
    end if;
    return private.with_tool_calls(
        case when jsonb_typeof(tools_used) = 'array' then tools_used else '[]' end, entries
    );
end
$$;

revoke execute on function private.with_tool_log(uuid, text, jsonb) from public;
