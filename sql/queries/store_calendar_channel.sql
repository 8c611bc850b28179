-- Stores the channel ($3) that announces changes of a linked calendar ($2), its secret ($4, its SHA-256), what it watches ($5) and when it closes
-- ($6).
update private.calendar_links as l
set channel_id = $3, channel_secret = $4, channel_resource = $5, channel_expires_at = $6
where l.organization_id = $1 and l.id = $2
