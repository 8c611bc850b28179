-- The language in which a caller is answered, by the call ($2) and their number ($3). Binds itself to the organization ($1, $4).
select private.caller_language(b.organization_id, $2, $3) as language
from private.bind($1, $4) as b (organization_id)
