-- Counts a transfer against the organization's limit for today; false when there may be no more.
select private.count_use($1, 'transfer') as is_within
