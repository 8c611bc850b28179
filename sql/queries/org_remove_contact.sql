-- Removes a contact; what they were told of emergencies is kept. No row: the organization has no such contact.
delete from public.emergency_contacts as c
where c.organization_id = $1 and c.id = $2
returning c.name::text
