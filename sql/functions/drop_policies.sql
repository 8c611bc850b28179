-- Clears a table of its policies, so that a file of sql/policies/ makes all that there are. One that was added by hand would
-- widen what these allow.
create or replace function private.drop_policies(from_table regclass) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    policy text;
begin
    for policy in select p.polname from pg_catalog.pg_policy as p where p.polrelid = from_table
    loop
        execute format('drop policy %I on %s', policy, from_table);
    end loop;
end
$$;

revoke execute on function private.drop_policies(regclass) from public;
