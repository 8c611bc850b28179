-- For which organization an owner was asked who comes back with a state ($1, its SHA-256), at a moment ($2).
select private.organization_of_consent($1, $2)
