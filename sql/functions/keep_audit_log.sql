-- What is written in the audit log stays as it is, for everybody.
create or replace function private.keep_audit_log() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    raise insufficient_privilege using message = 'the audit log cannot be changed';
end
$$;

revoke execute on function private.keep_audit_log() from public;

create or replace trigger keep_audit_log
before update or delete or truncate on public.audit_log
for each statement
execute function private.keep_audit_log();
