-- Leaves something for the staff of an organization to do.
insert into public.staff_tasks (organization_id, kind, summary, phone_number, vapi_call_id, metadata, created_at)
values ($1, $2, $3, $4, $5, $6, private.clock())
returning id
