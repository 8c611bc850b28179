-- Waits for an owner who is asked with a state ($1, its SHA-256) for an organization ($2), ten minutes long. Those who were waited for too long
-- are not any more.
with expired as (
    delete from private.calendar_consents as c where c.expires_at < private.clock()
)

insert into private.calendar_consents (state_hash, organization_id, expires_at)
values ($1, $2, private.clock() + interval '10 minutes')
