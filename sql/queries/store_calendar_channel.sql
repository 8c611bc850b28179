-- Stores the channel ($3) that announces changes of a linked calendar ($2), its secret ($4, its SHA-256; null: the same), what it watches ($5), when it closes
-- ($6), and the secret sealed ($7, with $8) where it signs with it.
select private.store_calendar_channel($1, $2, $3, $4, $5, $6, $7, $8)
