-- Moves a transfer on by a report: status ($3), outcome ($4), the provider's id of the call to the target ($5), and what the report said
-- ($6) and where ($7). No row comes back when it comes late, twice or after the end; else what is to be done about it needs to know.
-- One statement, so that of two reports at once the second sees what the first has done.
with moved as (
    update public.call_transfers as t
    set
        status = $3,
        outcome = coalesce($4, t.outcome),
        provider_call_sid = coalesce($5, t.provider_call_sid),
        metadata = coalesce(t.metadata, '{}') || jsonb_build_object(
            'reported', coalesce(t.metadata -> 'reported', '{}') || jsonb_build_object($7::text, $6::text)
        )
    where t.organization_id = $1 and t.id = $2 and private.transfer_moves(t.status, $3, $4)
    returning t.id, t.organization_id, t.vapi_call_id, t.reason
)

select
    m.vapi_call_id::text,
    m.reason::text,
    l.control_url,
    l.language_code,
    exists (
        select from public.call_logs as c
        where c.vapi_call_id = m.vapi_call_id and c.organization_id = m.organization_id and c.call_status = 'ended'
    ) as is_over
from moved as m
left join private.transfer_lines as l on l.transfer_id = m.id
