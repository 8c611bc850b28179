-- One incident ($1): whom it was told, when and by which channel, what came of each page, and who else was told.
select
    jsonb_build_object(
        'id', i.id,
        'code', i.code,
        'organization_id', i.organization_id,
        'organization', o.name,
        'timezone', private.time_zone(o.timezone),
        'status', i.status,
        'urgency', i.urgency,
        'message', i.message,
        'callback_number', i.callback_number,
        'service_address', i.service_address,
        'opened_at', i.opened_at,
        'round', i.round,
        'rounds', i.rounds,
        'rounds_at_a_time', r.rounds,
        'next_at', i.due_at,
        'acknowledged_at', i.acknowledged_at,
        'acknowledged_by', coalesce(i.acknowledged_name, i.acknowledged_phone),
        'acknowledged_via', i.acknowledged_via,
        'announced_at', i.announced_at,
        'closed_at', i.closed_at,
        'calls', (
            select coalesce(jsonb_agg(distinct k.vapi_call_id), '[]')
            from private.incident_calls as k
            where k.incident_id = i.id
        ),
        'steps', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'step', s.step,
                            'name', s.name,
                            'phone', s.phone,
                            'extension', s.extension,
                            'email', s.email,
                            'channels', to_jsonb(
                                array_remove(
                                    array[
                                        case when s.by_sms then 'sms' end,
                                        case when s.by_voice then 'voice' end,
                                        case when s.by_email then 'email' end
                                    ],
                                    null
                                )
                            ),
                            'timeout_seconds', s.timeout_seconds,
                            'is_last_resort', s.is_last_resort
                        )
                        order by s.step
                    ),
                    '[]'
                )
            from private.incident_steps as s
            where s.incident_id = i.id
        ),
        'pages', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'id', n.id,
                            'round', n.round,
                            'step', n.step,
                            'channel', n.notification_type,
                            'phone', n.phone_number,
                            'status', n.status,
                            'error', coalesce(n.error_code, e.error_code),
                            'queued_at', n.created_at,
                            'sent_at', n.sent_at,
                            'delivered_at', n.delivered_at,
                            'acknowledged_at', n.acknowledged_at,
                            'declined_at', n.declined_at,
                            'declined_via', n.declined_via,
                            'updated_at', n.updated_at,
                            'bundled', n.metadata ? 'bundled_with',
                            'state', e.state,
                            'attempts', e.attempts,
                            'settled_at', e.settled_at,
                            'due_at', e.due_at,
                            'expires_at', e.expires_at,
                            'tries', (
                                select
                                    coalesce(
                                        jsonb_agg(
                                            jsonb_build_object(
                                                'at', t.started_at, 'outcome', t.outcome, 'error', t.error_code
                                            )
                                            order by t.started_at, t.id
                                        ),
                                        '[]'
                                    )
                                from private.outbox_attempts as t
                                where t.effect_id = e.id
                            )
                        )
                        order by n.created_at, n.round, n.step, n.notification_type
                    ),
                    '[]'
                )
            from public.emergency_notifications as n
            left join private.outbox as e on e.notification_id = n.id and e.kind = n.notification_type
            where n.incident_id = i.id
        ),
        'jobs', (
            -- What is done beside the pages has the incident in its key.
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'kind', e.kind,
                            'about', coalesce(s.message_type, split_part(e.dedupe_key, ':', case e.kind when 'say' then 2 else 1 end)),
                            'phone', s.phone_number,
                            'state', e.state,
                            'status', s.status,
                            'error', coalesce(s.error_code, e.error_code),
                            'attempts', e.attempts,
                            'queued_at', e.created_at,
                            'settled_at', e.settled_at
                        )
                        order by e.created_at, e.id
                    ),
                    '[]'
                )
            from private.outbox as e
            left join public.sms_communications as s on s.id = e.sms_id
            where
                e.organization_id = i.organization_id
                and e.notification_id is null
                and e.kind in ('sms', 'say', 'fallback')
                and strpos(e.dedupe_key, i.id::text) > 0
        ),
        'tasks', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'id', k.id, 'kind', k.kind, 'status', k.status, 'at', k.created_at, 'done_at', k.done_at
                        )
                        order by k.created_at, k.id
                    ),
                    '[]'
                )
            from public.staff_tasks as k
            where k.organization_id = i.organization_id and k.metadata ->> 'incident_id' = i.id::text
        )
    )
from public.emergency_incidents as i
join public.organizations as o on o.id = i.organization_id
cross join lateral private.emergency_rules(o.settings) as r
where i.id = $1
