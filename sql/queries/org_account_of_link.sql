-- The account of a link ($2) of an organization ($1), with its sealed credential, the channel of the link, and whether the account goes with the
-- link: nothing else is linked of it. Shared is one that another organization has connected too: a provider that is given one token of it back
-- takes back all.
select
    a.id as account_id, a.provider, a.address, a.username, a.secret_name, s.secret, s.key_id,
    l.channel_id, l.channel_resource, l.channel_expires_at,
    not exists (select from private.calendar_links as m where m.account_id = a.id and m.id <> l.id) as is_last,
    exists (
        select from private.calendar_accounts as b
        where b.id <> a.id and b.provider = a.provider and b.username is not distinct from a.username
    ) as is_shared
from private.calendar_links as l
join private.calendar_accounts as a on a.id = l.account_id
left join private.organization_secrets as s on s.organization_id = $1 and s.name = a.secret_name
where l.organization_id = $1 and l.id = $2
