-- Begins the transaction of a transfer, up to the choice of whom to ring: as private.begin_tool_call(), but gives up first what has rung too
-- long, and says whom the caller can be handed to: one row at least.
create or replace function private.begin_transfer(
    org_id uuid,
    at text,
    call_id text,
    tool_call text,
    tool text,
    digest bytea,
    number text,
    asks_language boolean
)
returns table (
    is_read_only boolean,
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
    -- Expressions, which cost less than a statement.
    bound constant text := set_config('frontdesk.organization_id', org_id::text, true)
        || set_config('frontdesk.now', at, true);
    locked constant text := pg_advisory_xact_lock(hashtextextended('call ' || org_id || ' ' || call_id, 0));
    is_ringing boolean;
begin
    is_read_only := current_setting('transaction_read_only');
    for attempt in 1 .. 2 loop
        select
            exists (
                select from public.call_transfers as t
                where t.organization_id = org_id and t.vapi_call_id = call_id and t.status in ('initiated', 'connecting')
            ),
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
        into is_ringing, answer, language;
        exit when not is_ringing or attempt = 2;
        -- A caller who asks the agent for a person again is with the agent: what rang longer than callers are kept waiting was not answered,
        -- though nobody said so. The words that were said of it would promise a connection that nobody made, and go with it.
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
    end loop;
    if answer is not null then
        return next;
        return;
    end if;
    return query
    select is_read_only, answer, language, t.source, t.name, t.phone, t.extension, t.wait_seconds, t.dial_countries, t.tried
    from (values (1)) as o (nth)
    left join private.transfer_targets(org_id, call_id) as t on true;
end
$$;

revoke execute on function private.begin_transfer(uuid, text, text, text, text, bytea, text, boolean) from public;
grant execute on function private.begin_transfer(uuid, text, text, text, text, bytea, text, boolean) to frontdesk_app;
