-- Stores the channel ($3) that announces changes of a linked calendar ($2), its secret ($4, its SHA-256; null: the same), what it watches ($5) and when it closes
-- ($6).
update private.calendar_links as l
set channel_id = $3, channel_secret = coalesce($4, l.channel_secret), channel_resource = $5, channel_expires_at = $6
where l.organization_id = $1 and l.id = $2
