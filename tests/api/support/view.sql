-- What the queries of one organization see of a database that it shares with others, so that a test may count the rows of a table
-- wherever it runs: row level security applies to their role, which may do everything to what belongs to the organization.
grant usage on schema public, private, auth to frontdesk_tests;
grant all on all tables in schema public, private, auth to frontdesk_tests;
grant all on all sequences in schema public, private, auth to frontdesk_tests;
grant execute on all functions in schema public, private, auth to frontdesk_tests;

do $$
declare
    found record;
begin
    for found in
        select
            c.oid::regclass as name,
            case
                when c.oid = 'public.organizations'::regclass then 'id = current_setting(''tests.organization_id'')::uuid'
                when exists (
                    select
                    from pg_attribute as a
                    where a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
                ) then 'organization_id = current_setting(''tests.organization_id'')::uuid'
                else 'true'
            end as rule
        from pg_class as c
        where c.relkind in ('r', 'p') and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
    loop
        execute format('create policy frontdesk_tests on %s to frontdesk_tests using (%s)', found.name, found.rule);
        -- A running service reads several of them in one statement: whoever holds two of these locks may wait for it in a circle.
        commit;
    end loop;
end $$;
