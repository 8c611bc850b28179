-- Takes no more calls from a number.
insert into public.blocked_numbers as b (organization_id, phone_number, reason)
values ($1, $2, $3)
on conflict (organization_id, phone_number) do update
set reason = coalesce($3, b.reason)
returning b.phone_number
