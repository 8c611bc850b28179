-- Appends tool calls to the tool log, of whatever organization each is. It runs as its owner, since one statement writes for all who were
-- answered lately, and reads nothing.
create or replace function private.write_tool_log(
    organization_ids uuid[],
    call_ids text[],
    assistant_ids text[],
    numbers text[],
    entries text[]
)
returns void
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into private.tool_log (organization_id, vapi_call_id, vapi_assistant_id, customer_phone_number, entry)
    select u.organization_id, u.vapi_call_id, u.assistant_id, u.number, u.entry
    from unnest(organization_ids, call_ids, assistant_ids, numbers, entries) as u (organization_id, vapi_call_id, assistant_id, number, entry);
end
$$;

revoke execute on function private.write_tool_log(uuid[], text[], text[], text[], text[]) from public;
grant execute on function private.write_tool_log(uuid[], text[], text[], text[], text[]) to frontdesk_app;
