-- Leaves the staff a caller to call back who reached nobody by a transfer, unless they reached somebody after all, or that has been left to
-- do already.
create or replace function private.leave_callback(org_id uuid, words text, number text, call_id text, transfer uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    insert into public.staff_tasks (organization_id, kind, summary, phone_number, vapi_call_id, metadata, created_at)
    select org_id, 'callback', words, number, call_id, jsonb_build_object('transfer_id', transfer), private.clock()
    where
        not exists (
            select from public.staff_tasks as k
            where k.organization_id = org_id and k.vapi_call_id = call_id and k.kind = 'callback' and k.status = 'open'
        )
        and not exists (
            select from public.call_transfers as t
            where t.organization_id = org_id and t.vapi_call_id = call_id and t.status in ('connected', 'completed')
        );
end
$$;

revoke execute on function private.leave_callback(uuid, text, text, text, uuid) from public;
grant execute on function private.leave_callback(uuid, text, text, text, uuid) to frontdesk_app;
