-- Leaves a question ($2) of somebody's ($3) for the staff.
insert into public.staff_tasks (organization_id, kind, summary, phone_number, created_at)
values ($1, 'question', $2, $3, private.clock())
