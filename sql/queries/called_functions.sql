-- What statements depend on, as one text: when it changes, a statement may have lost what it needs. The functions of these names with who
-- may execute them, the tables with who may use them, and the releases. Beside it a function of these names that does not exist.
select
    concat_ws(
        ' ',
        (
            select md5(string_agg(concat_ws(' ', p.oid, p.proacl), ',' order by p.oid))
            from unnest($1::text[]) as w (name)
            join pg_catalog.pg_proc as p
                on
                    p.proname = split_part(w.name, '.', 2)
                    and p.pronamespace = to_regnamespace(split_part(w.name, '.', 1))::oid
        ),
        (
            select md5(string_agg(concat_ws(' ', c.oid, c.relname, c.relacl), ',' order by c.oid))
            from pg_catalog.pg_class as c
            where
                c.relnamespace in (to_regnamespace('public')::oid, to_regnamespace('private')::oid)
                and c.relkind in ('r', 'p')
        ),
        (select md5(string_agg(concat_ws(' ', r.release, r.oldest_program), ',' order by r.release)) from private.schema_releases as r)
    ) as fingerprint,
    (
        select w.name
        from unnest($1::text[]) as w (name)
        where
            not exists (
                select from pg_catalog.pg_proc as p
                where
                    p.proname = split_part(w.name, '.', 2)
                    and p.pronamespace = to_regnamespace(split_part(w.name, '.', 1))::oid
            )
        limit 1
    ) as missing
