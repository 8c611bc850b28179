-- Adds tool calls from the log to call_logs.tools_used: all tool calls of a call once the first was made `quiet` ago, of one organization and
-- call or of any (null), and of `most` calls at most. One row for each call; `problem` tells why its tool calls were dropped instead.
--
-- One at a time does so. Asked about any organization, it waits neither for another that does so nor for a call whose row somebody holds.
create or replace function private.fold_tool_log(org_id uuid, call_id text, quiet interval, most integer)
returns table (vapi_call_id text, problem text)
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
-- The log is empty when the plan is made, and long when it is used.
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
    key constant bigint := hashtextextended('tool log', 0);
    until constant timestamptz := clock_timestamp() - quiet;
    calls record;
    held text[];
    log record;
begin
    if org_id is not null then
        perform pg_advisory_xact_lock(key);
    elsif not pg_try_advisory_xact_lock(key) then
        return;
    end if;
    select
        coalesce(array_agg(c.organization_id), '{}') as organizations,
        coalesce(array_agg(c.vapi_call_id), '{}') as ids
    into calls
    from (
        select distinct o.organization_id, o.vapi_call_id
        from (
            select t.organization_id, t.vapi_call_id
            from private.tool_log as t
            where
                (org_id is null or t.organization_id = org_id)
                and (call_id is null or t.vapi_call_id = call_id)
                and t.written_at <= until
            order by t.written_at
            limit most
        ) as o
    ) as c;
    if calls.ids = '{}' then
        return;
    end if;
    if org_id is null then
        held := array(
            select c.vapi_call_id::text from public.call_logs as c where c.vapi_call_id = any(calls.ids)
            except
            select l.vapi_call_id::text
            from (
                select c.vapi_call_id from public.call_logs as c
                where c.vapi_call_id = any(calls.ids)
                for no key update skip locked
            ) as l
        );
    end if;
    with taken as (
        delete from private.tool_log as t
        using unnest(calls.organizations, calls.ids) as c (organization_id, vapi_call_id)
        where
            t.organization_id = c.organization_id
            and t.vapi_call_id = c.vapi_call_id
            and t.vapi_call_id <> all(coalesce(held, '{}'))
        returning t.*
    )

    select
        array_agg(t.organization_id order by t.nth) as organizations,
        array_agg(t.vapi_call_id order by t.nth) as ids,
        array_agg(t.vapi_assistant_id order by t.nth) as assistants,
        array_agg(t.customer_phone_number order by t.nth) as numbers,
        array_agg(t.entry order by t.nth) as entries
    into log
    from taken as t
    -- An organization that was deleted meanwhile gets nothing back.
    where exists (select from public.organizations as o where o.id = t.organization_id);
    if log.ids is null then
        return;
    end if;
    begin
        return query
        select c.id, case when f.id is not null then 'foreign' end
        from (select distinct u.id from unnest(log.ids) as u (id)) as c
        left join private.append_tool_calls(log.organizations, log.ids, log.assistants, log.numbers, log.entries::jsonb[]) as f (id)
            on f.id = c.id;
    exception
        -- One that the table refuses keeps no other out.
        when integrity_constraint_violation or data_exception or program_limit_exceeded then
            for place in 1 .. cardinality(log.ids)
            loop
                begin
                    return query
                    select f.id, 'foreign'::text
                    from private.append_tool_calls(
                        log.organizations[place:place], log.ids[place:place], log.assistants[place:place],
                        log.numbers[place:place], log.entries[place:place]::jsonb[]
                    ) as f (id);
                exception
                    when integrity_constraint_violation or data_exception or program_limit_exceeded then
                        return query select log.ids[place], sqlstate;
                end;
            end loop;
            return query select distinct u.id, null::text from unnest(log.ids) as u (id);
    end;
end
$$;

revoke execute on function private.fold_tool_log(uuid, text, interval, integer) from public;
grant execute on function private.fold_tool_log(uuid, text, interval, integer) to frontdesk_app;
