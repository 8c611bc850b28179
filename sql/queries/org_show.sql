-- What an operator asks for of one organization, with the rules as booking counts them: hours, lead time and the like are those
-- that the same functions give to a caller. Credentials are named, never read. No row: there is no such organization.
select
    jsonb_build_object(
        'id', o.id,
        'name', o.name,
        'industry', o.industry,
        'timezone', z.zone,
        'local_time', to_char(private.clock() at time zone z.zone, 'YYYY-MM-DD"T"HH24:MI:SS'),
        'transfer', jsonb_build_object(
            'phone_number', o.transfer_phone_number,
            'extension', coalesce(private.phone_extension(o.transfer_phone_number), o.transfer_phone_extension),
            'mode', coalesce(o.transfer_mode, 'warm'),
            'max_wait_seconds', coalesce(o.max_transfer_wait_time, 30)
        ),
        'emergency_contact_phone', o.emergency_contact_phone,
        'emergency_contact_extension', coalesce(private.phone_extension(o.emergency_contact_phone), o.emergency_phone_extension),
        'suspended_at', (select s.suspended_at from private.suspensions as s where s.organization_id = o.id),
        'suspension_reason', (select s.reason from private.suspensions as s where s.organization_id = o.id),
        'twilio_account_sid', nullif(trim(o.twilio_account_sid), ''),
        -- Another organization has entered the assistant that answers here.
        'disputes', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'assistant_id', d.vapi_assistant_id, 'owner_id', a.organization_id, 'owner', w.name, 'seen_at', d.seen_at
                        )
                        order by d.vapi_assistant_id
                    ),
                    '[]'
                )
            from private.assistant_disputes as d
            join public.vapi_assistants as a on a.vapi_assistant_id = d.vapi_assistant_id
            join public.organizations as w on w.id = a.organization_id
            where d.organization_id = o.id and a.organization_id <> o.id
        ),
        'languages', z.settings -> 'languages',
        'phone_numbers', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'number', p.phone_number,
                            'active', coalesce(p.is_active, false),
                            'provider', p.phone_provider,
                            'capabilities', to_jsonb(coalesce(p.capabilities, '{}')),
                            'vapi_phone_number_id', p.vapi_phone_number_id,
                            'vapi_assistant_id', a.vapi_assistant_id
                        )
                        order by p.created_at, p.id
                    ),
                    '[]'
                )
            from public.phone_number_assignments as p
            left join public.vapi_assistants as a on a.id = p.vapi_assistant_id
            where p.organization_id = o.id
        ),
        'assistants', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'vapi_assistant_id', a.vapi_assistant_id,
                            'name', a.name,
                            'language', a.language,
                            'active', coalesce(a.is_active, false)
                        )
                        order by a.created_at, a.id
                    ),
                    '[]'
                )
            from public.vapi_assistants as a
            where a.organization_id = o.id
        ),
        'hours', (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'day', private.weekday(d.day),
                        'windows', coalesce(h.windows, '[]'),
                        'default', jsonb_typeof(z.settings -> 'hours' -> private.weekday(d.day)) is distinct from 'array'
                    )
                    order by d.day
                )
            from (
                -- A week that begins on a Monday.
                select date '2000-01-03' + n.nth as day
                from generate_series(0, 6) as n (nth)
            ) as d
            cross join lateral (
                select
                    jsonb_agg(
                        jsonb_build_object(
                            'open', to_char(lower(w.span), 'HH24:MI'),
                            'close', coalesce(nullif(to_char(upper(w.span), 'HH24:MI'), '00:00'), '24:00')
                        )
                        order by w.span
                    ) as windows
                from unnest(private.opening_windows(private.hours_of(z.settings, d.day, null), d.day)) as w (span)
            ) as h
        ),
        'rules', (
            select
                jsonb_agg(
                    jsonb_build_object(
                        'name', k.name,
                        'value', k.value,
                        -- What is stored and does not count, because it cannot be meant, has given way to the default too.
                        'default', z.settings #> string_to_array(k.name, '.') is distinct from k.value
                    )
                    order by k.nth
                )
            from (
                values
                (1, 'capacity', to_jsonb(r.capacity)),
                (2, 'lead_minutes', to_jsonb(extract(epoch from r.lead_time)::integer / 60)),
                (3, 'lead_days', to_jsonb(r.lead_days)),
                (4, 'horizon_days', to_jsonb(r.horizon_days)),
                (5, 'step_minutes', to_jsonb(extract(epoch from r.step)::integer / 60)),
                (6, 'buffer_before_minutes', to_jsonb(r.before_minutes)),
                (7, 'buffer_after_minutes', to_jsonb(r.after_minutes)),
                (8, 'travel_minutes', to_jsonb(r.travel_minutes)),
                (9, 'emergency.rounds', to_jsonb(e.rounds)),
                (10, 'emergency.acknowledgement_timeout_minutes', to_jsonb(e.acknowledgement_timeout_minutes)),
                (11, 'limits.messages_per_day', to_jsonb(private.daily_limit(z.settings, 'message'))),
                (12, 'limits.pages_per_day', to_jsonb(private.daily_limit(z.settings, 'page'))),
                (13, 'limits.transfers_per_day', to_jsonb(private.daily_limit(z.settings, 'transfer'))),
                (14, 'messages.confirmations', to_jsonb(m.confirmations)),
                (15, 'messages.reminders', to_jsonb(m.reminders)),
                (16, 'messages.reminder_time', to_jsonb(to_char(m.reminder_time, 'HH24:MI'))),
                (17, 'messages.quiet_from', to_jsonb(to_char(m.quiet_from, 'HH24:MI'))),
                (18, 'messages.quiet_until', to_jsonb(to_char(m.quiet_until, 'HH24:MI'))),
                (
                    19,
                    'area.postal_codes',
                    case
                        when jsonb_typeof(z.settings #> '{area,postal_codes}') = 'array'
                            then z.settings #> '{area,postal_codes}'
                        else '[]'
                    end
                ),
                (20, 'retention.transcripts_days', to_jsonb(t.transcripts_days)),
                (21, 'retention.recordings_days', to_jsonb(t.recordings_days)),
                (22, 'retention.tool_log_days', to_jsonb(t.tool_log_days)),
                (23, 'retention.texts_days', to_jsonb(t.texts_days)),
                (24, 'retention.audit_days', to_jsonb(t.audit_days)),
                (25, 'retention.outbox_days', to_jsonb(t.outbox_days)),
                (26, 'calendar.details', to_jsonb(c.details)),
                (27, 'calendar.deleted', to_jsonb(c.deleted)),
                (28, 'calendar.stale_minutes', to_jsonb(c.stale_minutes))
            ) as k (nth, name, value)
        ),
        'members', (
            select
                jsonb_build_object(
                    'owner', count(*) filter (where m.role = 'owner'),
                    'admin', count(*) filter (where m.role = 'admin'),
                    'member', count(*) filter (where m.role = 'member')
                )
            from public.organization_members as m
            where m.organization_id = o.id
        ),
        'webhook_secrets', (
            select
                jsonb_build_object(
                    'live', count(*), 'since', coalesce(jsonb_agg(c.created_at order by c.created_at, c.id), '[]')
                )
            from private.webhook_credentials as c
            where c.organization_id = o.id and c.retired_at is null
        ),
        'calendars', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'link', l.id,
                            'provider', a.provider,
                            'calendar', l.calendar,
                            'scope', l.scope,
                            'crew', l.crew,
                            'state', a.state,
                            'failure', l.failure_code,
                            'synced_at', l.last_synced_at,
                            'age_minutes', floor(extract(epoch from private.clock() - l.last_synced_at) / 60)::integer,
                            'is_stale', o.calendar_sync_enabled and l.reads and (
                                a.state = 'revoked'
                                or coalesce(l.last_synced_at + make_interval(mins => c.stale_minutes) <= private.clock(), true)
                            )
                        )
                        order by a.provider, l.calendar, l.id
                    ),
                    '[]'
                )
            from private.calendar_links as l
            join private.calendar_accounts as a on a.id = l.account_id
            where l.organization_id = o.id
        ),
        'credentials', (
            select coalesce(jsonb_agg(s.name order by s.name), '[]')
            from private.organization_secrets as s
            where s.organization_id = o.id
        )
    )
from public.organizations as o
cross join lateral (
    select
        private.time_zone(o.timezone) as zone,
        case when jsonb_typeof(o.settings) = 'object' then o.settings else '{}' end as settings
) as z
cross join lateral private.booking_rules(z.settings) as r
cross join lateral private.emergency_rules(z.settings) as e
cross join lateral private.message_rules(z.settings) as m
cross join lateral private.retention_rules(z.settings) as t
cross join lateral private.calendar_rules(z.settings) as c
where o.id = $1
