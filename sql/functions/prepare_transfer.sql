-- Prepares a transfer, up to the choice of whom to ring, in one statement: lets the tools of the call work one after
-- another, gives up what has rung too long, looks for a saved answer (sql/queries/saved_answer.sql), and else brings the language of the
-- caller, where it is not told, and whom the caller can be handed to: one row at least. Each step sees what was committed before it began.
create or replace function private.prepare_transfer(
    org_id uuid,
    call_id text,
    tool_call text,
    tool text,
    digest bytea,
    number text,
    asks_language boolean
)
returns table (
    answer jsonb,
    language text,
    source text,
    name text,
    phone text,
    extension text,
    wait_seconds integer,
    dial_countries jsonb,
    tried text[]
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
#variable_conflict use_variable
declare
    -- As sql/queries/lock_call.sql; an expression, which costs less than a statement.
    locked constant text := pg_advisory_xact_lock(hashtextextended('call ' || org_id || ' ' || call_id, 0));
begin
    -- A caller who asks the agent for a person again is with the agent: what rang longer than callers are kept waiting was not answered,
    -- though nobody said so. The words that were said of it would promise a connection that nobody made.
    -- Most calls ring nobody yet, and to look costs less than an update that finds nothing.
    if exists (
        select from public.call_transfers as t
        where t.organization_id = org_id and t.vapi_call_id = call_id and t.status in ('initiated', 'connecting')
    ) then
        update public.call_transfers as t
        set
            status = 'no_answer',
            outcome = 'no_answer',
            metadata = coalesce(t.metadata, '{}') || '{"detail": "asked_again"}'
        from public.organizations as o
        where
            t.organization_id = org_id
            and t.vapi_call_id = call_id
            and t.status in ('initiated', 'connecting')
            and o.id = t.organization_id
            and t.created_at + make_interval(secs => coalesce(o.max_transfer_wait_time, 30)) < private.clock();
    end if;
    select t.answer
    into answer
    from private.tool_calls as t
    where
        t.organization_id = org_id
        and t.vapi_call_id = call_id
        and (t.tool_call_id = tool_call or (t.repeatable and t.tool = tool and t.arguments_digest = digest))
    order by (t.tool_call_id = tool_call) desc, t.created_at desc
    limit 1;
    if found then
        return next;
        return;
    end if;
    if asks_language then
        language := private.caller_language(org_id, call_id, number);
    end if;
    return query
    select answer, language, t.source, t.name, t.phone, t.extension, t.wait_seconds, t.dial_countries, t.tried
    from (values (1)) as o (nth)
    left join private.transfer_targets(org_id, call_id) as t on true;
end
$$;

revoke execute on function private.prepare_transfer(uuid, text, text, text, bytea, text, boolean) from public;
grant execute on function private.prepare_transfer(uuid, text, text, text, bytea, text, boolean) to frontdesk_app;
