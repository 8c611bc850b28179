-- Begins the transaction of a tool call that changes something: binds it as private.bind() does, lets the tools of a call work one after
-- another (as sql/queries/lock_call.sql), and looks for a saved answer: that of this tool call, or of the same question that was answered
-- successfully in the same call. It brings the language of the caller where that is not known yet. One row.
--
-- The look-up is a statement of its own, so that it sees what the holder of the lock committed meanwhile.
create or replace function private.begin_tool_call(
    org_id uuid,
    at text,
    call_id text,
    tool_call text,
    tool text,
    digest bytea,
    number text,
    asks_language boolean,
    out is_read_only boolean,
    out answer jsonb,
    out language text
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
    -- Expressions, which cost less than a statement.
    bound constant text := set_config('frontdesk.organization_id', org_id::text, true)
        || set_config('frontdesk.now', at, true);
    locked constant text := pg_advisory_xact_lock(hashtextextended('call ' || org_id || ' ' || call_id, 0));
begin
    is_read_only := current_setting('transaction_read_only');
    select
        (
            select t.answer
            from private.tool_calls as t
            where
                t.organization_id = org_id
                and t.vapi_call_id = call_id
                and (t.tool_call_id = tool_call or (t.repeatable and t.tool = tool and t.arguments_digest = digest))
            order by (t.tool_call_id = tool_call) desc, t.created_at desc
            limit 1
        ),
        -- As private.caller_language() has it.
        case
            when asks_language then coalesce(
                (
                    select l.language_detected from public.call_logs as l
                    where l.organization_id = org_id and l.vapi_call_id = call_id
                ),
                (
                    select c.primary_language from public.customers as c
                    where c.organization_id = org_id and c.phone_number = number
                )
            )
        end
    into answer, language;
end
$$;

revoke execute on function private.begin_tool_call(uuid, text, text, text, text, bytea, text, boolean) from public;
grant execute on function private.begin_tool_call(uuid, text, text, text, text, bytea, text, boolean) to frontdesk_app;
