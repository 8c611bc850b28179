-- An organization that has an owner keeps one: the last cannot leave, be removed or be demoted, nor close the account they sign
-- in with, until another is owner or the organization is gone. The organization's row is written first, so that two owners who
-- leave at once do so one after the other, and the second sees that the first is gone (or fails, in a transaction that could
-- not see it).
create or replace function private.keep_owner() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.organizations as o set updated_at = now() where o.id = old.organization_id;
    if not found then
        return old;
    end if;
    if not exists (
        select
        from public.organization_members as m
        where m.organization_id = old.organization_id and m.role = 'owner' and m.id <> old.id
    ) then
        raise check_violation using message = 'an organization must keep an owner; make somebody else owner first';
    end if;
    return case when tg_op = 'DELETE' then old else new end;
end
$$;

revoke execute on function private.keep_owner() from public;

create or replace trigger keep_owner_on_delete
before delete on public.organization_members
for each row
when (old.role = 'owner')
execute function private.keep_owner();

create or replace trigger keep_owner_on_update
before update of role on public.organization_members
for each row
when (old.role = 'owner' and new.role <> 'owner')
execute function private.keep_owner();
