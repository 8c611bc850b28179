-- Deletes an organization with every row that belongs to it, in whatever table, and tells how many there were. What remains is one entry
-- of the audit log: when, as which role, and the counts. It refuses while a call is in progress or an incident is open, unless it is
-- forced. A call of which nothing was heard for an hour counts as over.
--
-- The organization's row is locked first: whoever writes for it waits, and is refused once it is gone.
create or replace function private.delete_organization(org_id uuid, is_forced boolean) returns jsonb
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    owned record;
    counted bigint;
    counts jsonb := '{}';
    calls bigint;
    incidents bigint;
begin
    perform from public.organizations as o where o.id = org_id for update;
    if not found then
        raise no_data_found using message = format('there is no organization %s', org_id);
    end if;
    select count(*) into calls
    from public.call_logs as c
    where c.organization_id = org_id and private.is_in_progress(c.call_status, c.updated_at);
    select count(*) into incidents
    from public.emergency_incidents as i
    where i.organization_id = org_id and i.status in ('open', 'exhausted');
    if (calls > 0 or incidents > 0) and is_forced is not true then
        raise object_not_in_prerequisite_state using message = format(
            'calls in progress: %s, open incidents: %s; wait until the calls are over and close the incidents with `frontdesk incident close`, or use --force', calls, incidents
        );
    end if;

    perform set_config('frontdesk.redacting', 'on', true);
    perform set_config('frontdesk.quiet', 'on', true);
    for owned in
        select t.schema_name, t.table_name from private.organization_tables() as t order by t.depth desc, t.table_name
    loop
        -- An organization keeps an owner as long as it is there: its members go with it.
        if owned.schema_name = 'public' and owned.table_name = 'organization_members' then
            select count(*) into counted from public.organization_members as m where m.organization_id = org_id;
        else
            execute format('delete from %I.%I as t where t.organization_id = $1', owned.schema_name, owned.table_name)
            using org_id;
            get diagnostics counted = row_count;
        end if;
        counts := counts || jsonb_build_object(owned.schema_name || '.' || owned.table_name, counted);
    end loop;
    delete from public.organizations as o where o.id = org_id;
    counts := counts || jsonb_build_object('public.organizations', 1);

    for owned in select t.schema_name, t.table_name from private.organization_tables() as t
    loop
        execute format('select count(*) from %I.%I as t where t.organization_id = $1', owned.schema_name, owned.table_name)
        into counted
        using org_id;
        if counted > 0 then
            raise exception using message = format(
                '%s rows are left in %s.%s; nothing was deleted', counted, owned.schema_name, owned.table_name
            );
        end if;
    end loop;
    insert into public.audit_log (organization_id, table_name, row_id, action, actor_role, new_row)
    values (
        org_id, 'organizations', org_id, 'delete', private.caller(),
        jsonb_build_object('deleted', true, 'forced', is_forced is true, 'rows', counts)
    );
    perform set_config('frontdesk.redacting', '', true);
    perform set_config('frontdesk.quiet', '', true);
    return jsonb_build_object('rows', counts);
end
$$;

-- For the owner of the tables alone.
revoke execute on function private.delete_organization(uuid, boolean) from public;
