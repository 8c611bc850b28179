-- Holds a function that is asked for an organization to whom asks: the service to the one that its transaction is bound to, a
-- signed-in user to those that they are a member of, and everybody else to a binding if there is one.
create or replace function private.require_organization(org_id uuid) returns void
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
declare
    bound constant text := nullif(current_setting('frontdesk.organization_id', true), '');
    caller constant text := coalesce(nullif(current_setting('role', true), 'none'), session_user);
begin
    if caller in ('authenticated', 'anon') then
        if not exists (
            select
            from private.organization_ids('{owner,admin,member}') as o (id)
            where o.id = org_id
        ) then
            raise insufficient_privilege using message = 'this organization is not one of yours';
        end if;
    elsif bound is null then
        if caller = 'frontdesk_app' then
            raise insufficient_privilege using message = 'this transaction is bound to no organization';
        end if;
    elsif org_id is distinct from bound::uuid then
        raise insufficient_privilege using message = 'this transaction is bound to another organization';
    end if;
end
$$;

revoke execute on function private.require_organization(uuid) from public;
grant execute on function private.require_organization(uuid) to frontdesk_app;
