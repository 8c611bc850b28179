-- The tables whose rows belong to an organization, from the catalogue: those with an organization_id. `depth` is how many foreign keys lie
-- between a table and one that points at none of them, so that rows are written in this order and deleted in the opposite one.
create or replace function private.organization_tables()
returns table (schema_name text, table_name text, depth integer)
language plpgsql
stable
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    with recursive owned as (
        select c.oid, n.nspname, c.relname
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        join pg_attribute as a on a.attrelid = c.oid and a.attname = 'organization_id' and not a.attisdropped
        where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') and not c.relispartition
    ),

    reached as (
        select o.oid, 0 as depth from owned as o
        union
        select k.conrelid, r.depth + 1
        from reached as r
        join pg_constraint as k on k.confrelid = r.oid and k.contype = 'f' and k.conrelid <> k.confrelid
        -- A circle of keys ends here as well.
        where r.depth < 20
    )

    select o.nspname::text, o.relname::text, max(r.depth)
    from owned as o
    join reached as r on r.oid = o.oid
    group by o.nspname, o.relname
    order by max(r.depth), o.nspname, o.relname;
end
$$;

revoke execute on function private.organization_tables() from public;
