-- Whether rows are being read back from files: by a statement that the owner of the tables sent, in a transaction that says so. Triggers
-- then leave a row as it is (its time, its crew, the moments of its status, `updated_at`), and the audit log gets no entry. Others can
-- set the setting, and nothing comes of it.
--
-- Triggers look at the setting first: not everybody who writes may ask this function.
create or replace function private.is_importing() returns boolean
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(current_setting('frontdesk.importing', true), '') = 'on'
        and pg_has_role(
            private.caller()::name,
            (select c.relowner from pg_class as c where c.oid = 'public.organizations'::regclass),
            'member'
        );
end
$$;

revoke execute on function private.is_importing() from public;
