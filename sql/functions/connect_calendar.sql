-- Connects an account with a provider of calendars, or connects it anew, with its sealed credential. What was left undone while it was revoked
-- is due then, and the tasks that asked for it are done.
create or replace function private.connect_calendar_account(
    org_id uuid, account uuid, its_provider text, its_address text, its_username text, sealed text, sealed_with text, granted text[]
)
returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    its_secret constant text := 'calendar/' || account;
begin
    insert into private.calendar_accounts as a (id, organization_id, provider, address, username, secret_name, scopes)
    values (account, org_id, its_provider, its_address, its_username, its_secret, coalesce(granted, '{}'))
    on conflict (id) do update
    set state = 'live', scopes = excluded.scopes, secret_name = excluded.secret_name
    where a.organization_id = org_id;
    insert into private.organization_secrets as s (organization_id, name, secret, key_id)
    values (org_id, its_secret, sealed, sealed_with)
    on conflict (organization_id, name) do update
    set secret = excluded.secret, key_id = excluded.key_id, set_at = now();
    update public.staff_tasks as t
    set status = 'done', done_at = private.clock()
    where
        t.organization_id = org_id
        and t.kind = 'calendar'
        and t.status = 'open'
        and t.metadata ->> 'account_id' = account::text;
    update private.calendar_links as l
    set due_at = private.clock(), failures = 0, failure_code = null
    where l.organization_id = org_id and l.account_id = account and (l.reads or l.writes);
    update public.organizations as o
    set
        calendar_sync_enabled = true,
        calendar_provider = coalesce(o.calendar_provider, its_provider)
    where o.id = org_id;
end
$$;

revoke execute on function private.connect_calendar_account(uuid, uuid, text, text, text, text, text, text[]) from public;

-- Links a calendar of an account, or changes whose time it is, and has all coming appointments written into it.
create or replace function private.link_calendar(
    org_id uuid, account uuid, its_calendar text, its_scope text, its_crew integer, is_read boolean, is_written boolean
)
returns uuid
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    link uuid;
begin
    insert into private.calendar_links as l (organization_id, account_id, calendar, scope, crew, reads, writes, due_at)
    values (org_id, account, its_calendar, its_scope, its_crew, is_read, is_written, private.clock())
    on conflict (account_id, calendar) do update
    set
        scope = excluded.scope, crew = excluded.crew, reads = excluded.reads, writes = excluded.writes, cursor = null,
        last_full_at = null, shrunk_at = null, claimed_until = null, failures = 0, failure_code = null, due_at = excluded.due_at
    returning l.id into link;
    -- Whose time its events take may be another's now.
    delete from private.external_events as e where e.link_id = link;
    perform private.write_external_days(org_id);
    perform private.refresh_calendars(org_id);
    perform private.adopt_disconnected_copies(org_id, link);
    perform private.queue_calendar_copies_of(org_id);
    return link;
end
$$;

revoke execute on function private.link_calendar(uuid, uuid, text, text, integer, boolean, boolean) from public;

-- Ends a link: what its calendar said blocks nothing any more, and nothing is written there. Events of ours that stay there are known again when
-- it is linked again. An account whose last link it was goes with it,
-- and its credential.
create or replace function private.unlink_calendar(org_id uuid, link uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    account uuid;
begin
    update public.staff_tasks as t
    set status = 'done', done_at = private.clock()
    from private.calendar_conflicts as c
    where c.organization_id = org_id and c.link_id = link and t.id = c.task_id and t.status = 'open';
    perform private.close_calendar_failure(org_id, link);
    perform private.leave_copies(org_id, link);
    delete from private.calendar_links as l
    where l.organization_id = org_id and l.id = link
    returning l.account_id into account;
    delete from private.organization_secrets as s
    using private.calendar_accounts as a
    where
        a.id = account
        and not exists (select from private.calendar_links as l where l.account_id = account)
        and s.organization_id = org_id
        and s.name = a.secret_name;
    delete from private.organization_secrets as s where s.organization_id = org_id and s.name = 'calendar/' || link;
    -- The tasks that asked for it to be connected again ask for nothing any more.
    update public.staff_tasks as t
    set status = 'done', done_at = private.clock()
    where
        t.organization_id = org_id
        and t.kind = 'calendar'
        and t.status = 'open'
        and t.metadata ->> 'account_id' = account::text
        and not exists (select from private.calendar_links as l where l.account_id = account);
    delete from private.calendar_accounts as a
    where a.id = account and not exists (select from private.calendar_links as l where l.account_id = account);
    perform private.write_external_days(org_id);
    perform private.refresh_calendars(org_id);
end
$$;

revoke execute on function private.unlink_calendar(uuid, uuid) from public;

-- Follows the switch for all linked calendars of an organization.
create or replace function private.after_organizations_update() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
begin
    if exists (select from private.calendar_links as l where l.organization_id = new.id) then
        -- First, as whoever applies a listing does.
        perform private.lock_organization(new.id);
        update private.calendar_links as l
        set due_at = case when new.calendar_sync_enabled then private.clock() end
        where l.organization_id = new.id;
        perform private.write_external_days(new.id);
        perform private.refresh_calendars(new.id);
        if new.calendar_sync_enabled then
            perform private.queue_calendar_copies_of(new.id);
        end if;
    end if;
    return null;
end
$$;

revoke execute on function private.after_organizations_update() from public;

create or replace trigger after_organizations_update
after update of calendar_sync_enabled on public.organizations
for each row
when (new.calendar_sync_enabled is distinct from old.calendar_sync_enabled)
execute function private.after_organizations_update();
