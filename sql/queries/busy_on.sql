-- When each crew is busy on a day ($3), if the calendar is still the remembered one ($4). The statement binds itself to the organization ($1)
-- and the time ($2), and brings the language of the caller ($6) in the call ($5) along where it is not known yet ($7). One record: is_current,
-- busy, language.
select private.busy_on($1, $2, $3, $4, $5, $6, $7)
