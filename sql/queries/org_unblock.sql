-- Takes calls from a number again.
delete from public.blocked_numbers as b
where b.organization_id = $1 and b.phone_number = $2
returning b.phone_number
