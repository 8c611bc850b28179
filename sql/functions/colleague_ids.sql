-- The users of the organizations that the signed-in user owns or administers.
create or replace function private.colleague_ids() returns setof uuid
language plpgsql
stable
security definer
rows 10
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select m.user_id
    from public.organization_members as m
    where m.organization_id in (select private.organization_ids('{owner,admin}'));
end
$$;

revoke execute on function private.colleague_ids() from public;
grant execute on function private.colleague_ids() to authenticated;
