-- Links a calendar ($3) of an account ($2) to an organization ($1), a crew ($5) or any crew ($4); it is read ($6) and written ($7).
select private.link_calendar($1, $2, $3, $4, $5, $6, $7)
