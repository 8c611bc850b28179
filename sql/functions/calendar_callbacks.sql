-- What providers of calendars send, before it is known for whom: these run as their owner, and give away no more than that there is
-- something, and a sealed key.

-- For which organization an owner was asked who comes back with a state, if they are still waited for.
create or replace function private.organization_of_consent(state bytea, at timestamptz) returns uuid
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return (
        select c.organization_id from private.calendar_consents as c
        where c.state_hash = state and c.expires_at > at and c.code is null and c.refusal is null
    );
end
$$;

revoke execute on function private.organization_of_consent(bytea, timestamptz) from public;
grant execute on function private.organization_of_consent(bytea, timestamptz) to frontdesk_app;

-- Has a calendar read because its channel says that something changed in it, soon: more of the same follows. One that
-- `ends` is renewed, or opened anew, then. False for a channel that is
-- not ours, or a secret that is not its own.
create or replace function private.announce_calendar_change(channel text, secret bytea, at timestamptz, ends boolean) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    update private.calendar_links as l
    set
        due_at = least(l.due_at, at + interval '2 seconds'),
        channel_expires_at = case when ends then at else l.channel_expires_at end
    where l.channel_id = channel and l.channel_secret = secret;
    return found;
end
$$;

revoke execute on function private.announce_calendar_change(text, bytea, timestamptz, boolean) from public;
grant execute on function private.announce_calendar_change(text, bytea, timestamptz, boolean) to frontdesk_app;

-- What the messages of a channel are signed with, sealed, and for which organization under which name; no row for a channel that is not ours.
create or replace function private.calendar_channel_key(channel text)
returns table (organization_id uuid, name text, secret text, key_id text)
language plpgsql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    return query
    select s.organization_id, s.name::text, s.secret::text, s.key_id::text
    from private.calendar_links as l
    join private.organization_secrets as s on s.organization_id = l.organization_id and s.name = 'calendar/' || l.id
    where l.channel_id = channel;
end
$$;

revoke execute on function private.calendar_channel_key(text) from public;
grant execute on function private.calendar_channel_key(text) to frontdesk_app;
