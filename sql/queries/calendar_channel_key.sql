-- What the messages of a channel ($1) are signed with, sealed.
select k.organization_id, k.name, k.secret, k.key_id
from private.calendar_channel_key($1) as k
