-- A new live secret; services learn of it by the announcement that the table's trigger makes.
insert into private.webhook_credentials (organization_id, secret)
values ($1, $2)
returning id
