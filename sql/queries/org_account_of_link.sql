-- The account of a link ($2) of an organization ($1), with its sealed credential.
select
    a.id as account_id, a.provider, a.address, a.username, a.secret_name, s.secret, s.key_id
from private.calendar_links as l
join private.calendar_accounts as a on a.id = l.account_id
left join private.organization_secrets as s on s.organization_id = $1 and s.name = a.secret_name
where l.organization_id = $1 and l.id = $2
