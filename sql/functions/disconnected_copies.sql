-- Remembers the events of ours that stay in the calendar of a link that ends, but for those of appointments that are over, and those that
-- were let go of to be removed.
create or replace function private.leave_copies(org_id uuid, link uuid) returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    delete from private.disconnected_copies as d
    where d.organization_id = org_id and (d.written ->> 'starts')::timestamp < private.clock() - interval '2 days';
    insert into private.disconnected_copies as d (organization_id, provider, calendar, original_id, resource, etag, written)
    select
        org_id, a.provider, i.calendar, c.original_id, c.resource, c.etag,
        coalesce(c.written, '{}')
        -- By which it is written, also by way of another link.
        || case when k.key is null then '{}' else jsonb_build_object('key', k.key) end
    from private.calendar_copies as c
    join private.calendar_links as l on l.id = c.link_id
    join private.calendar_accounts as a on a.id = l.account_id
    cross join lateral (select private.calendar_identity(a.provider, a.address, a.username, l.calendar) as calendar) as i
    cross join lateral (
        select coalesce(
            c.written ->> 'key',
            case a.provider
                when 'caldav' then private.resource_name(c.resource)
                when 'calendly' then substring(c.resource from '^attempt:([^/]+)/')
            end
        ) as key
    ) as k
    where
        c.organization_id = org_id
        and c.link_id = link
        and c.resource is not null
        and (c.is_wanted or c.due_at is not null)
        and i.calendar is not null
        and coalesce((c.written ->> 'starts')::timestamp >= private.clock() - interval '2 days', true)
    on conflict (organization_id, provider, calendar, original_id) do update
    set resource = excluded.resource, etag = excluded.etag, written = excluded.written;
$$;

revoke execute on function private.leave_copies(uuid, uuid) from public;

-- Makes the events of ours that stayed in a calendar when it was disconnected those of a link to it again. What is off by now is removed.
create or replace function private.adopt_disconnected_copies(org_id uuid, link uuid) returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    with known as (
        delete from private.disconnected_copies as d
        using private.calendar_links as l, private.calendar_accounts as a
        where
            d.organization_id = org_id
            and l.id = link
            and a.id = l.account_id
            and d.provider = a.provider
            and d.calendar = private.calendar_identity(a.provider, a.address, a.username, l.calendar)
        returning d.*
    )

    insert into private.calendar_copies as c (
        organization_id, link_id, appointment_id, original_id, is_wanted, resource, etag, written, written_at, due_at
    )
    select
        org_id, link, v.id, k.original_id, w.is_wanted, k.resource, k.etag, k.written, private.clock(),
        case when not w.is_wanted then private.clock() end
    from known as k
    left join public.appointments as v on v.organization_id = org_id and v.id = k.original_id
    cross join lateral (select coalesce(v.status <> 'cancelled', false) as is_wanted) as w
    on conflict (link_id, original_id) do nothing;
$$;

revoke execute on function private.adopt_disconnected_copies(uuid, uuid) from public;
