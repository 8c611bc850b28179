-- Writes a page and the effect that carries it; null when there is none to send.
select private.page_contact($1, $2, $3, $4, $5, $6, $7, $8, $9) as notification_id
