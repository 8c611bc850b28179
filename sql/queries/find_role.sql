-- What the role that the service works as may do beyond its grants.
select
    r.rolsuper or r.rolbypassrls as is_exempt,
    exists (
        select
        from pg_catalog.pg_class as c
        where c.relowner = r.oid and c.relnamespace in ('public'::regnamespace, 'private'::regnamespace)
    ) as owns_tables
from pg_catalog.pg_roles as r
where r.rolname = 'frontdesk_app'
