-- Records how the command for a transfer went: its status, its outcome, and why it was not carried out. Only one that was just recorded is
-- moved: what the provider reports later knows more. The answer of the tool call that asked for it is replaced by the one that turned out to
-- be true. Binds itself, as private.bind() does.
create or replace function private.record_command(
    org_id uuid,
    at text,
    transfer uuid,
    status text,
    outcome text,
    detail text,
    call_id text,
    tool_call text,
    succeeded boolean,
    answer jsonb
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
    bound constant uuid := private.bind(org_id, at);
begin
    update public.call_transfers as t
    set
        status = status,
        outcome = outcome,
        metadata = coalesce(t.metadata, '{}') || jsonb_strip_nulls(jsonb_build_object('detail', detail))
    where t.organization_id = org_id and t.id = transfer and t.status = 'initiated';
    update private.tool_calls as t
    set succeeded = succeeded, repeatable = succeeded, answer = answer
    where t.organization_id = org_id and t.vapi_call_id = call_id and t.tool_call_id = tool_call;
end
$$;

revoke execute on function private.record_command(uuid, text, uuid, text, text, text, text, text, boolean, jsonb) from public;
grant execute on function private.record_command(uuid, text, uuid, text, text, text, text, text, boolean, jsonb) to frontdesk_app;
