-- Holds a transaction to the organization that it is bound to: a function that is asked for another one's data refuses.
create or replace function private.require_organization(org_id uuid) returns void
language plpgsql
stable
set search_path = ''
as $$
declare
    bound constant text := nullif(current_setting('frontdesk.organization_id', true), '');
begin
    if bound is not null and org_id is distinct from bound::uuid then
        raise insufficient_privilege using message = 'this transaction is bound to another organization';
    end if;
end
$$;

revoke execute on function private.require_organization(uuid) from public;
