-- Notes that a linked calendar could not be read, and when it is tried again. Of what does not pass by itself the staff are told at the third time,
-- once until it has been read.
create or replace function private.fail_calendar(org_id uuid, link uuid, claim timestamptz, code text, again_at timestamptz) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    update private.calendar_links as l
    set
        failures = l.failures + 1,
        failure_code = code,
        claimed_until = null,
        due_at = again_at,
        cursor = case when code = 'cursor_expired' then null else l.cursor end
    where l.organization_id = org_id and l.id = link and l.claimed_until = claim;
    if code not in ('gone', 'refused', 'too_large', 'unreadable') then
        return;
    end if;
    insert into public.staff_tasks (organization_id, kind, summary, metadata, created_at)
    select
        org_id,
        'calendar',
        format(
            'The linked calendar %s cannot be read any more: %s. If it stays so, appointments are booked as pending. Link another one, or have '
            || 'it mended.',
            left(l.calendar, 200),
            case code
                when 'gone' then 'it is not there'
                when 'refused' then 'the provider refuses'
                when 'too_large' then 'it has too many events'
                else 'what the provider sends is not understood'
            end
        ),
        jsonb_build_object('link_id', link, 'failure', code),
        private.clock()
    from private.calendar_links as l
    where
        l.organization_id = org_id
        and l.id = link
        and l.failures >= 3
        and not exists (
            select from public.staff_tasks as t
            where
                t.organization_id = org_id
                and t.kind = 'calendar'
                and t.status = 'open'
                and t.metadata ? 'failure'
                and t.metadata ->> 'link_id' = link::text
        );
end
$$;

revoke execute on function private.fail_calendar(uuid, uuid, timestamptz, text, timestamptz) from public;
grant execute on function private.fail_calendar(uuid, uuid, timestamptz, text, timestamptz) to frontdesk_app;

-- Notes that a provider takes the credential of an account no more, and tells the staff and the owners, once: only they can connect it
-- again. What its calendars said last stays; nothing is read or written until then.
create or replace function private.revoke_calendar_account(org_id uuid, account uuid) returns boolean
language plpgsql
volatile
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    now constant timestamptz := private.clock();
    its_provider text;
begin
    perform private.require_organization(org_id);
    update private.calendar_accounts as a
    set state = 'revoked'
    where a.organization_id = org_id and a.id = account and a.state = 'live'
    returning a.provider into its_provider;
    if not found then
        return false;
    end if;
    update private.calendar_links as l
    set claimed_until = null, due_at = null, failure_code = 'revoked', failures = l.failures + 1
    where l.organization_id = org_id and l.account_id = account;
    update private.calendar_copies as c
    set claimed_until = null, due_at = null
    from private.calendar_links as l
    where
        c.link_id = l.id
        and l.organization_id = org_id
        and l.account_id = account
        and (c.due_at is not null or c.claimed_until is not null);
    insert into public.staff_tasks (organization_id, kind, summary, metadata, created_at)
    values (
        org_id,
        'calendar',
        format(
            'The calendar account (%s) is no longer connected: the provider refuses its credential. Connect it again; until then '
            || 'appointments are booked as pending.',
            its_provider
        ),
        jsonb_build_object('account_id', account, 'provider', its_provider),
        now
    );
    insert into private.outbox (organization_id, kind, priority, dedupe_key, payload, due_at, expires_at)
    select
        org_id,
        'email',
        6,
        format('calendar:%s:revoked:%s:%s', account, pg_current_xact_id(), p.id),
        jsonb_build_object(
            'to', p.email,
            'subject', format('%s: the calendar is no longer connected', o.name),
            'text', format(
                'The provider (%s) refuses the credential of the calendar that is linked to %s. Callers are told that the office will '
                || 'confirm their appointments, until it is connected again.',
                its_provider,
                o.name
            )
        ),
        now,
        now + interval '1 day'
    from public.organizations as o
    join public.organization_members as m on m.organization_id = o.id and m.role = 'owner'
    join public.user_profiles as p on p.id = m.user_id
    where o.id = org_id and p.email like '%_@_%';
    perform private.refresh_calendars(org_id);
    return true;
end
$$;

revoke execute on function private.revoke_calendar_account(uuid, uuid) from public;
grant execute on function private.revoke_calendar_account(uuid, uuid) to frontdesk_app;

-- Closes the task that says that a linked calendar cannot be read.
create or replace function private.close_calendar_failure(org_id uuid, link uuid) returns void
language sql
volatile
set search_path = pg_catalog, pg_temp
as $$
    update public.staff_tasks as t
    set status = 'done', done_at = private.clock()
    where
        t.organization_id = org_id
        and t.kind = 'calendar'
        and t.status = 'open'
        and t.metadata ? 'failure'
        and t.metadata ->> 'link_id' = link::text;
$$;

revoke execute on function private.close_calendar_failure(uuid, uuid) from public;
