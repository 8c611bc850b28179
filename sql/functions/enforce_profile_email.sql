-- The address in a profile is the one that its user signs in with, whatever is written.
create or replace function private.enforce_profile_email() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    new.email := (select left(u.email, 255) from auth.users as u where u.id = new.id);
    return new;
end
$$;

revoke execute on function private.enforce_profile_email() from public;

create or replace trigger enforce_profile_email
before insert or update of id, email on public.user_profiles
for each row
execute function private.enforce_profile_email();
