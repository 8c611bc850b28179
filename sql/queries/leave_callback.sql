-- Leaves the staff a caller to call back ($2, $3) who reached nobody by the transfer $5, unless they reached somebody after all, or that
-- has been left to do already.
insert into public.staff_tasks (organization_id, kind, summary, phone_number, vapi_call_id, metadata, created_at)
select $1, 'callback', $2, $3, $4, jsonb_build_object('transfer_id', $5::uuid), private.clock()
where
    not exists (
        select from public.staff_tasks as k
        where k.organization_id = $1 and k.vapi_call_id = $4 and k.kind = 'callback' and k.status = 'open'
    )
    and not exists (
        select from public.call_transfers as t
        where t.organization_id = $1 and t.vapi_call_id = $4 and t.status in ('connected', 'completed')
    )
