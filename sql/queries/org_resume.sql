-- Ends the suspension of an organization's calls. No row: they are not suspended.
delete from private.suspensions as s
where s.organization_id = $1
returning s.suspended_at
