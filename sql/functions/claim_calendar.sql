-- Claims a linked calendar that is due, for so many seconds, and says how it is read: what has changed since the cursor, or everything where
-- there is none or the window is too short, and once a night, when the window moves and what got lost is found. No row when somebody else has it, or it is not to be read.
create or replace function private.claim_calendar(org_id uuid, link uuid, lease_seconds integer)
returns table (
    provider text,
    account_id uuid,
    address text,
    username text,
    secret_name text,
    secret text,
    key_id text,
    calendar text,
    since text,
    zone text,
    first date,
    last date,
    claim timestamptz,
    failures integer,
    channel_id text,
    channel_resource text,
    channel_expires_at timestamptz
)
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    now constant timestamptz := private.clock();
    until constant timestamptz := now + make_interval(secs => lease_seconds);
    is_off boolean;
    is_plain boolean;
begin
    select
        a.state = 'revoked' or not o.calendar_sync_enabled,
        exists (
            select from private.organization_secrets as s
            where s.organization_id = org_id and s.name = a.secret_name and s.key_id is null
        )
    into is_off, is_plain
    from private.calendar_links as l
    join private.calendar_accounts as a on a.id = l.account_id
    join public.organizations as o on o.id = l.organization_id
    where l.organization_id = org_id and l.id = link
    for no key update of l skip locked;
    if not found then
        return;
    end if;
    if is_off then
        update private.calendar_links as l set due_at = null where l.id = link;
        return;
    elsif is_plain then
        -- Its credential was written just now; it is due again once that is sealed.
        update private.calendar_links as l set due_at = now + interval '15 seconds' where l.id = link;
        return;
    end if;
    return query
    with claimed as (
        update private.calendar_links as l
        set claimed_until = until, due_at = until, asked_at = now
        where l.id = link and l.due_at <= now and coalesce(l.claimed_until <= now, true)
        returning l.*
    )

    select
        a.provider,
        a.id,
        a.address,
        a.username,
        a.secret_name,
        s.secret,
        s.key_id,
        c.calendar,
        case
            when
                -- A horizon that was moved further away lies beyond what was listed.
                c.window_last >= (now at time zone k.zone)::date + k.horizon_days
                and c.last_full_at > now - interval '30 hours'
                and (
                    c.last_full_at > now - interval '20 hours'
                    or extract(hour from now at time zone k.zone) not between 2 and 4
                )
                then c.cursor
        end,
        k.zone,
        (now at time zone k.zone)::date - 1,
        (now at time zone k.zone)::date + k.horizon_days + 2,
        until,
        c.failures,
        c.channel_id,
        c.channel_resource,
        c.channel_expires_at
    from claimed as c
    join private.calendar_accounts as a on a.id = c.account_id
    join private.calendars as k on k.organization_id = org_id
    left join private.organization_secrets as s on s.organization_id = org_id and s.name = a.secret_name;
end
$$;

revoke execute on function private.claim_calendar(uuid, uuid, integer) from public;
grant execute on function private.claim_calendar(uuid, uuid, integer) to frontdesk_app;
