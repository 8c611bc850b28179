-- Claims an account ($2) for so many seconds ($3), to refresh its credential, which another instance may have replaced. No row when somebody
-- else does that now.
with claimed as (
    update private.calendar_accounts as a
    set claimed_until = private.clock() + make_interval(secs => $3)
    where a.organization_id = $1 and a.id = $2 and coalesce(a.claimed_until <= private.clock(), true)
    returning a.*
)

select
    c.id as account_id, c.provider, c.address, c.username, c.secret_name, s.secret, s.key_id
from claimed as c
left join private.organization_secrets as s on s.organization_id = $1 and s.name = c.secret_name
