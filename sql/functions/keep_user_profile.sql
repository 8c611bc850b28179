-- A profile for everybody who signs up, with the e-mail address they sign in with. A profile that cannot be written must
-- never stop a sign-up: it is left for later.
create or replace function private.keep_user_profile() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    begin
        insert into public.user_profiles as p (id, full_name, email)
        values (new.id, left(new.raw_user_meta_data ->> 'full_name', 255), left(new.email, 255))
        on conflict (id) do update
        set email = excluded.email
        where p.email is distinct from excluded.email;
    exception
        when others then
            raise warning 'the profile of a user could not be kept: %', sqlstate;
    end;
    return null;
end
$$;

revoke execute on function private.keep_user_profile() from public;

create or replace trigger frontdesk_keep_user_profile
after insert or update of email on auth.users
for each row
execute function private.keep_user_profile();
