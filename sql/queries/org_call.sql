-- One call by our id ($3) or Vapi's ($1), of one organization ($2) or any: who called, what each tool was asked and answered, and what the
-- call set off as it stands now. One whose tool calls are still in the log alone has no id. No row: there is no such call, or it is another
-- organization's.
select
    jsonb_build_object(
        'id', c.id,
        'organization_id', c.organization_id,
        'organization', o.name,
        'timezone', private.time_zone(o.timezone),
        'vapi_call_id', c.vapi_call_id,
        'began', private.call_began(c.metadata, w.used, c.created_at),
        'phone', c.customer_phone_number,
        'assistant', a.name,
        'seconds', c.call_duration,
        'status', c.call_status,
        'ended_reason', c.metadata ->> 'ended_reason',
        'language', c.language_detected,
        'is_emergency', coalesce(c.emergency_detected, false),
        'tool_calls', u.entries,
        'appointments', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'id', v.id,
                            'starts', v.scheduled_date + v.scheduled_time,
                            'minutes', v.duration_minutes,
                            'status', v.status,
                            'type', v.appointment_type,
                            'crew', v.crew
                        )
                        order by v.scheduled_date, v.scheduled_time, v.id
                    ),
                    '[]'
                )
            from public.appointments as v
            where
                v.organization_id = c.organization_id
                and (v.vapi_call_id = c.vapi_call_id or v.id::text = any(u.appointment_ids))
        ),
        'incidents', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'id', i.id,
                            'code', i.code,
                            'status', i.status,
                            'urgency', i.urgency,
                            'opened_at', i.opened_at,
                            'acknowledged_at', i.acknowledged_at,
                            'acknowledged_by', coalesce(i.acknowledged_name, i.acknowledged_phone)
                        )
                        order by i.opened_at, i.id
                    ),
                    '[]'
                )
            from public.emergency_incidents as i
            where
                i.organization_id = c.organization_id
                and (
                    i.vapi_call_id = c.vapi_call_id
                    or i.id in (
                        select k.incident_id from private.incident_calls as k
                        where k.organization_id = c.organization_id and k.vapi_call_id = c.vapi_call_id
                    )
                )
        ),
        'transfers', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'id', t.id,
                            'at', t.created_at,
                            'to', t.transfer_to,
                            'status', t.status,
                            'outcome', t.outcome,
                            'detail', t.metadata ->> 'detail'
                        )
                        order by t.created_at, t.id
                    ),
                    '[]'
                )
            from public.call_transfers as t
            where t.organization_id = c.organization_id and t.vapi_call_id = c.vapi_call_id
        ),
        'texts', (
            select
                coalesce(
                    jsonb_agg(
                        jsonb_build_object(
                            'id', e.id,
                            'about', coalesce(e.payload ->> 'template', s.message_type),
                            'appointment_id', e.appointment_id,
                            'queued_at', e.created_at,
                            'due_at', e.due_at,
                            'state', e.state,
                            'status', coalesce(s.status, e.provider_status),
                            'error', coalesce(s.error_code, e.error_code),
                            'sent_at', s.sent_at,
                            'delivered_at', s.delivered_at
                        )
                        order by e.created_at, e.id
                    ),
                    '[]'
                )
            from private.outbox as e
            left join public.sms_communications as s on s.id = e.sms_id
            where
                e.organization_id = c.organization_id
                and e.kind = 'sms'
                and e.appointment_id in (
                    select v.id from public.appointments as v
                    where
                        v.organization_id = c.organization_id
                        and (v.vapi_call_id = c.vapi_call_id or v.id::text = any(u.appointment_ids))
                )
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
            where k.organization_id = c.organization_id and k.vapi_call_id = c.vapi_call_id
        )
    )
from (
    select
        k.id,
        k.organization_id,
        k.vapi_call_id::text,
        k.vapi_assistant_id,
        k.customer_phone_number::text,
        k.call_duration,
        k.call_status::text,
        k.metadata,
        k.language_detected::text,
        k.emergency_detected,
        k.tools_used,
        k.created_at
    from public.call_logs as k
    where k.id = $3 or k.vapi_call_id = $1
    union all
    select
        null,
        t.organization_id,
        t.vapi_call_id,
        (
            select v.id from public.vapi_assistants as v
            where v.vapi_assistant_id = max(t.vapi_assistant_id) and v.organization_id = t.organization_id
        ),
        max(t.customer_phone_number),
        null,
        'in-progress',
        null,
        null,
        null,
        null,
        min(t.written_at)
    from private.tool_log as t
    where t.vapi_call_id = $1 and not exists (select from public.call_logs as k where k.vapi_call_id = t.vapi_call_id)
    group by t.organization_id, t.vapi_call_id
) as c
join public.organizations as o on o.id = c.organization_id
left join public.vapi_assistants as a on a.id = c.vapi_assistant_id
cross join lateral private.with_tool_log(c.organization_id, c.vapi_call_id, c.tools_used) as w (used)
cross join lateral (
    select
        coalesce(jsonb_agg(e.entry order by e.nth), '[]') as entries,
        array(
            select f.effect ->> 'id'
            from jsonb_array_elements(case when jsonb_typeof(w.used) = 'array' then w.used end) as t (entry)
            cross join lateral jsonb_array_elements(
                case when jsonb_typeof(t.entry -> 'effects') = 'array' then t.entry -> 'effects' end
            ) as f (effect)
            where f.effect ->> 'kind' = 'appointment'
        ) as appointment_ids
    from jsonb_array_elements(case when jsonb_typeof(w.used) = 'array' then w.used end)
        with ordinality as e (entry, nth)
) as u
where $2::uuid is null or c.organization_id = $2
