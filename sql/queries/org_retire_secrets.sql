-- Retires every live secret of an organization but the newest.
update private.webhook_credentials as c
set retired_at = now()
where
    c.organization_id = $1
    and c.retired_at is null
    and c.id <> (
        select n.id from private.webhook_credentials as n
        where n.organization_id = $1 and n.retired_at is null
        order by n.created_at desc, n.id desc
        limit 1
    )
returning c.id
