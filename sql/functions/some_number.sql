-- A number of an organization, with which the previous release warms up a new connection. It runs as its owner: the service that is bound
-- to no organization sees no row.
create or replace function private.some_number() returns text
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select p.phone_number
        from public.phone_number_assignments as p
        where p.is_active
        order by p.phone_number
        limit 1
    );
end
$$;

revoke execute on function private.some_number() from public;
grant execute on function private.some_number() to frontdesk_app;
