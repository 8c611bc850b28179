-- The tables of organizations in the order in which their rows are written, the organizations themselves first, with the columns that can be written
-- and those of the primary key.
select
    t.schema_name,
    t.table_name,
    array(
        select a.attname::text
        from pg_catalog.pg_attribute as a
        where
            a.attrelid = format('%I.%I', t.schema_name, t.table_name)::regclass
            and a.attnum > 0
            and not a.attisdropped
            and a.attgenerated = ''
        order by a.attnum
    ) as columns,
    array(
        select a.attname::text
        from pg_catalog.pg_index as i
        cross join lateral unnest(i.indkey::smallint[]) with ordinality as k (attnum, nth)
        join pg_catalog.pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
        where i.indrelid = format('%I.%I', t.schema_name, t.table_name)::regclass and i.indisprimary
        order by k.nth
    ) as key_columns
from (
    select 'public' as schema_name, 'organizations' as table_name, -1 as depth
    union all
    select 'public', 'user_profiles', -1
    union all
    select o.schema_name, o.table_name, o.depth from private.organization_tables() as o
) as t
order by t.depth, t.schema_name, t.table_name
