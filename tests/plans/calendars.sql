-- Every organization but the fifth has two linked calendars, into which its coming appointments are written, and which are busy an hour of each
-- of the next days; of the sixth on 500 days. One of them is due, and one is claimed until 2100. Of their copies one is due, one claimed, one was
-- moved and one deleted there. Nothing of it meets an appointment.
do $$
declare
    linked uuid;
begin
    update public.organizations set calendar_sync_enabled = true where id <> md5('organization 5')::uuid;
    insert into private.calendar_accounts (id, organization_id, provider, username, secret_name)
    select
        md5('account ' || n.nth)::uuid, md5('organization ' || n.nth)::uuid, 'google', 'owner@example.com',
        'calendar/' || md5('account ' || n.nth)::uuid
    from generate_series(1, current_setting('big.organizations')::integer) as n (nth)
    where n.nth <> 5;
    insert into private.organization_secrets (organization_id, name, secret, key_id)
    select a.organization_id, a.secret_name, 'sealed', 'key' from private.calendar_accounts as a;
    insert into private.calendar_links (
        id, organization_id, account_id, calendar, cursor, window_first, window_last, last_synced_at, last_full_at, due_at, asked_at,
        claimed_until, channel_id, channel_secret, channel_expires_at
    )
    select
        md5(k.kind || ' ' || n.nth)::uuid, md5('organization ' || n.nth)::uuid, md5('account ' || n.nth)::uuid, k.kind, 'a cursor',
        current_date - 1, current_date + 62, now(), now(), k.due_at, now(), k.claimed_until,
        format('%s channel %s', k.kind, n.nth), sha256('secret'), now() + interval '7 days'
    from generate_series(1, current_setting('big.organizations')::integer) as n (nth)
    cross join (
        values ('link', now(), null), ('claimed link', '2100-01-01'::timestamptz, '2100-01-01'::timestamptz)
    ) as k (kind, due_at, claimed_until)
    where n.nth <> 5;

    insert into private.external_events (link_id, resource, instance, organization_id, crew, starts_at, ends_at, span)
    select
        l.id, 'event-' || d.nth, '', l.organization_id, 0,
        (current_date + d.nth + time '06:00') at time zone k.zone,
        (current_date + d.nth + time '07:00') at time zone k.zone,
        tsrange(current_date + d.nth + time '06:00', current_date + d.nth + time '07:00')
    from private.calendar_links as l
    join private.calendars as k on k.organization_id = l.organization_id
    cross join lateral generate_series(
        1, case when l.organization_id = md5('organization 6')::uuid then 500 else 60 end
    ) as d (nth);
    for linked in select distinct l.organization_id from private.calendar_links as l
    loop
        perform private.write_external_days(linked);
    end loop;

    insert into private.calendar_copies (
        id, organization_id, link_id, appointment_id, original_id, resource, etag, written, written_at, seen, seen_at, due_at, claimed_until
    )
    select
        case
            when c.kind is not null and l.calendar = 'claimed link' then md5(format('%s %s', c.kind, v.nth))::uuid
            else gen_random_uuid()
        end,
        v.organization_id, l.id, v.id, v.id, 'copy-' || v.id, '1',
        jsonb_build_object(
            'starts', to_char(v.scheduled_date + v.scheduled_time, 'YYYY-MM-DD"T"HH24:MI:SS'),
            'minutes', v.duration_minutes, 'is_tentative', v.status = 'pending', 'text', 'a hash'
        ),
        now() - interval '1 day',
        case when c.kind = 'moved copy' then jsonb_build_object('starts', v.scheduled_date + time '17:00', 'minutes', 60) end,
        case when c.kind in ('moved copy', 'deleted copy') then now() - interval '3 minutes' end,
        case c.kind when 'copy' then now() when 'claimed copy' then '2100-01-01'::timestamptz end,
        case c.kind when 'claimed copy' then '2100-01-01'::timestamptz end
    from (
        select a.*, o.nth, row_number() over (partition by a.organization_id order by a.scheduled_date, a.scheduled_time) as place
        from generate_series(1, current_setting('big.organizations')::integer) as o (nth)
        join public.appointments as a on a.organization_id = md5('organization ' || o.nth)::uuid
        where a.status in ('pending', 'confirmed') and a.scheduled_date > current_date + 1
    ) as v
    left join (
        values (1, 'copy'), (2, 'claimed copy'), (3, 'moved copy'), (4, 'deleted copy')
    ) as c (place, kind) on c.place = v.place
    join private.calendar_links as l on l.organization_id = v.organization_id;

    insert into private.calendar_conflicts (organization_id, appointment_id, link_id, kind, opened_at, closed_at)
    select c.organization_id, c.appointment_id, c.link_id, 'overlap', now(), case when c.place > 2 then now() end
    from (
        select k.*, row_number() over (partition by k.link_id order by k.original_id) as place from private.calendar_copies as k
    ) as c
    where c.place <= 20;

    insert into private.calendar_consents (state_hash, organization_id, expires_at)
    select sha256(convert_to('state ' || n.nth, 'UTF8')), md5('organization ' || n.nth)::uuid, now() + interval '10 minutes'
    from generate_series(1, current_setting('big.organizations')::integer) as n (nth);
end
$$;
