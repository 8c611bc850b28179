-- Whose credentials are still plain?
select u.id from private.unsealed_organizations() as u (id)
