-- Makes the feed of an organization, or of one of its crews ($2), or gives it another token ($3, hashed): the one before is not valid any more.
insert into private.calendar_feeds (organization_id, crew, token_hash, created_at)
values ($1, $2, $3, private.clock())
on conflict (organization_id, crew) do update
set token_hash = excluded.token_hash, created_at = excluded.created_at
returning created_at
