-- Has nothing written into the calendar of a link ($2) of an organization ($1) any more, and lets go of the events that stand there: that they
-- vanish is no decision about an appointment.
with closed as (
    update private.calendar_links as l
    set writes = false
    where l.organization_id = $1 and l.id = $2
)

update private.calendar_copies as c
set is_wanted = false, due_at = null
where c.organization_id = $1 and c.link_id = $2
