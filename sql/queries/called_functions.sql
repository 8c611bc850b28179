-- The functions of these names that this role may call, as one text: when it changes, a statement may have lost the function that it calls.
select coalesce(string_agg(p.oid::regprocedure::text, ' ' order by p.oid), '') as functions
from unnest($1::text[]) as w (name)
join pg_catalog.pg_proc as p
    on
        p.proname = split_part(w.name, '.', 2)
        and p.pronamespace = to_regnamespace(split_part(w.name, '.', 1))::oid
where has_function_privilege(p.oid, 'execute')
