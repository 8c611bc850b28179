-- What a call that is over holds is free again.
select private.release_hold($1, $2)
