-- The spelling in which names are compared, and visits by it. The function is an index's, so it is frozen like the index.
-- Indexes are made while nobody writes: within this transaction, and within its time.
-- squawk-ignore-file require-concurrent-index-creation
set local lock_timeout = '5s';
set local statement_timeout = '60s';

-- Small letters without accents, words apart by one space.
create function private.name_key(name text) returns text
language sql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
    select btrim(
        regexp_replace(
            translate(lower(normalize(name, nfc)), 'áàâäãåéèêëíìîïóòôöõúùûüñç', 'aaaaaaeeeeiiiiooooouuuunc'),
            '[^[:alnum:]]+', ' ', 'g'
        )
    )
$$;

-- Whoever writes a visit runs the index's function.
revoke execute on function private.name_key(text) from public;
grant execute on function private.name_key(text) to authenticated, service_role, frontdesk_app;

create index appointments_name on public.appointments (organization_id, private.name_key(customer_name))
where status in ('pending', 'confirmed', 'cancelled');
create index appointments_number on public.appointments (organization_id, customer_phone);
