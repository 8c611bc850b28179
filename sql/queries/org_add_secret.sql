-- A new live secret, sealed ($2) with the key $3; services learn of it by the announcement that the table's trigger makes.
insert into private.webhook_credentials (organization_id, secret, key_id)
values ($1, $2, $3)
returning id
