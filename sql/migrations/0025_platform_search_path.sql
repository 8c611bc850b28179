-- The stand-ins for Supabase's auth functions pinned an empty search path, with which PostgreSQL looks types up among temporary ones
-- first: whoever may make a temporary type could have run code of their own within a function that runs as its owner. Those of
-- Supabase are its own and pin nothing, so that they take over the path of the function that asks them.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

do $$
declare
    stand_in record;
begin
    for stand_in in
        select p.oid::regprocedure as signature
        from pg_catalog.pg_proc as p
        where
            p.pronamespace = 'auth'::regnamespace
            and p.proname in ('jwt', 'uid', 'role')
            and p.proconfig @> array['search_path=""']
            and pg_has_role(current_user, p.proowner, 'member')
    loop
        execute format('alter function %s set search_path = pg_catalog, pg_temp', stand_in.signature);
    end loop;
end
$$;
