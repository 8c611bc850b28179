-- The organizations in which the signed-in user has one of these roles. Policies ask it in a sub-select, once a statement. It
-- runs as its owner: a policy of organization_members that read organization_members would ask itself without end. Clients
-- may run it only through a policy, since they may not use schema private.
create or replace function private.organization_ids(roles text[]) returns setof uuid
language plpgsql
stable
security definer
rows 2
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select m.organization_id
    from public.organization_members as m
    where m.user_id = (select auth.uid()) and m.role = any (roles);
end
$$;

revoke execute on function private.organization_ids(text[]) from public;
grant execute on function private.organization_ids(text[]) to authenticated;
