-- Pages the contact of a step over each of its channels, and moves the incident to that step (private.page_step()); false when there was
-- no page to send.
select private.page_step($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as is_paged
