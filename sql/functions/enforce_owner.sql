-- An organization that has an owner keeps one, unless that owner means to leave: the last one cannot be removed or demoted by a
-- plain statement, but may call public.leave_organization(), and may close the account that they sign in with. The organization
-- then has no owner, its staff are told, and an operator gives it one. The organization's row is written first, so that two owners
-- who leave at once do so one after the other, and the second sees that the first is gone (or fails, in a transaction that could
-- not see it).
create or replace function private.enforce_owner() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update public.organizations as o set updated_at = now() where o.id = old.organization_id;
    if not found then
        return old;
    end if;
    if exists (
        select
        from public.organization_members as m
        where m.organization_id = old.organization_id and m.role = 'owner' and m.id <> old.id
    ) then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    -- A membership is deleted after the account that it goes with.
    if tg_op = 'DELETE' and (
        current_setting('frontdesk.leaving', true) = old.id::text
        or not exists (select from auth.users as u where u.id = old.user_id)
    ) then
        insert into public.staff_tasks (organization_id, kind, summary)
        values (
            old.organization_id,
            'owner',
            'The last owner has left. Ask the operator of this service to make one of you the owner.'
        );
        return old;
    end if;
    raise check_violation using message = 'an organization must keep an owner; make somebody else owner first';
end
$$;

revoke execute on function private.enforce_owner() from public;

create or replace trigger enforce_owner_on_delete
before delete on public.organization_members
for each row
when (old.role = 'owner')
execute function private.enforce_owner();

create or replace trigger enforce_owner_on_update
before update of role on public.organization_members
for each row
when (old.role = 'owner' and new.role <> 'owner')
execute function private.enforce_owner();
