-- A membership stays with the user who agreed to it. Otherwise who may change a role could put a stranger in a colleague's place, and
-- read their name and address.
create or replace function private.enforce_same_user() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise check_violation using message = 'a membership stays with its user; invite the other user instead';
end
$$;

revoke execute on function private.enforce_same_user() from public;

create or replace trigger enforce_same_user
before update of user_id on public.organization_members
for each row
when (new.user_id is distinct from old.user_id)
execute function private.enforce_same_user();
