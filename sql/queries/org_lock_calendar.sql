-- Takes an organization's turn at its calendar, as a booking does, so that no appointment is placed between a closure and its count.
select private.lock_organization($1)
