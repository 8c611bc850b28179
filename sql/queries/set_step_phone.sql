-- Writes the number of a step in the form in which providers give it back ($4).
update private.incident_steps as s
set phone = $4
where s.organization_id = $1 and s.incident_id = $2 and s.step = $3
