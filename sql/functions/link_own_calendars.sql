-- The columns of an organization are a way in as well: a dashboard that writes a credential there (private.hide_secrets() moves it where no
-- client can read it) connects that account, and the calendar that the organization names is linked to the whole of it. Google's may be left
-- out: it is the account's own one then. Nothing is read or written before `calendar_sync_enabled` is set.
create or replace function private.link_own_calendars(org_id uuid, written text) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    own record;
    account uuid;
    link uuid;
begin
    for own in
        select s.name, v.provider, v.calendar
        from public.organizations as o
        cross join lateral (
            values
            ('google_refresh_token', 'google', coalesce(nullif(trim(o.google_calendar_id), ''), 'primary')),
            ('outlook_refresh_token', 'outlook', nullif(trim(o.outlook_calendar_id), '')),
            ('calendly_api_key', 'calendly', nullif(trim(o.calendly_user_uri), ''))
        ) as v (name, provider, calendar)
        join private.organization_secrets as s on s.organization_id = org_id and s.name = v.name
        where o.id = org_id and v.calendar is not null and v.name = coalesce(written, v.name)
    loop
        insert into private.calendar_accounts as a (organization_id, provider, secret_name)
        values (org_id, own.provider, own.name)
        on conflict (organization_id, secret_name) do update
        set state = case when written is null then a.state else 'live' end
        returning a.id into account;
        update public.staff_tasks as t
        set status = 'done', done_at = private.clock()
        where
            t.organization_id = org_id
            and t.kind = 'calendar'
            and t.status = 'open'
            and t.metadata ->> 'account_id' = account::text
            and written is not null;
        insert into private.calendar_links as l (organization_id, account_id, calendar, due_at)
        values (org_id, account, own.calendar, private.clock())
        on conflict (account_id, calendar) do update
        set due_at = excluded.due_at, failures = 0, failure_code = null
        where written is not null
        returning l.id into link;
        if found then
            perform private.refresh_calendars(org_id);
            perform private.adopt_disconnected_copies(org_id, link);
            perform private.queue_calendar_copies_of(org_id);
        end if;
    end loop;
end
$$;

revoke execute on function private.link_own_calendars(uuid, text) from public;

create or replace function private.after_organization_secrets_write() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if tg_op = 'UPDATE' and new.set_at is not distinct from old.set_at then
        -- It was sealed just now, which those waited for who need it.
        update private.calendar_links as l
        set due_at = private.clock()
        from private.calendar_accounts as a
        where a.organization_id = new.organization_id and a.secret_name = new.name and l.account_id = a.id and l.due_at is not null;
        return null;
    end if;
    perform private.link_own_calendars(new.organization_id, new.name);
    return null;
end
$$;

revoke execute on function private.after_organization_secrets_write() from public;

-- What is written by way of the organization's own row is followed once that is there, below.
create or replace trigger after_organization_secrets_insert
after insert on private.organization_secrets
for each row
when (new.name in ('google_refresh_token', 'outlook_refresh_token', 'calendly_api_key') and pg_trigger_depth() = 0)
execute function private.after_organization_secrets_write();

create or replace trigger after_organization_secrets_update
after update on private.organization_secrets
for each row
when (
    new.name in ('google_refresh_token', 'outlook_refresh_token', 'calendly_api_key')
    and (new.set_at is distinct from old.set_at or new.key_id is not null and old.key_id is null)
    and pg_trigger_depth() = 0
)
execute function private.after_organization_secrets_write();

create or replace function private.after_organizations_own_calendar() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    written text;
begin
    for written in
        select s.name
        from private.organization_secrets as s
        where
            s.organization_id = new.id
            and s.name in ('google_refresh_token', 'outlook_refresh_token', 'calendly_api_key')
            -- In this transaction.
            and s.set_at = now()
    loop
        perform private.link_own_calendars(new.id, written);
    end loop;
    perform private.link_own_calendars(new.id, null);
    return null;
end
$$;

revoke execute on function private.after_organizations_own_calendar() from public;

create or replace trigger after_organizations_own_calendar
after insert or update on public.organizations
for each row
execute function private.after_organizations_own_calendar();
