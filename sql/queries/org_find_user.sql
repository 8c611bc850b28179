-- Who signs in with this address.
select
    u.id,
    u.email::text,
    u.email_confirmed_at is not null as is_confirmed
from auth.users as u
where lower(u.email) = lower($1)
