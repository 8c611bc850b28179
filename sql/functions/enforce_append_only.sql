-- The audit log is append-only, for everybody. The one exception is redaction: a function that runs as the table's
-- owner may change and delete rows while `frontdesk.redacting` is on, which it switches on itself and off again. Whoever else sets it is
-- refused like everybody.
create or replace function private.enforce_append_only() returns trigger
language plpgsql
set search_path = pg_catalog, pg_temp
as $$
begin
    if
        tg_op in ('UPDATE', 'DELETE')
        and coalesce(current_setting('frontdesk.redacting', true), '') = 'on'
        and current_user = (select pg_get_userbyid(c.relowner) from pg_class as c where c.oid = tg_relid)
    then
        return null;
    end if;
    raise insufficient_privilege using message = 'the audit log cannot be changed';
end
$$;

revoke execute on function private.enforce_append_only() from public;

create or replace trigger enforce_append_only
before update or delete or truncate on public.audit_log
for each statement
execute function private.enforce_append_only();
