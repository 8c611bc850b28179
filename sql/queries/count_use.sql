-- Counts one more of what costs money, and tells whether it is within the organization's limit for today.
select private.count_use($1, $2)
