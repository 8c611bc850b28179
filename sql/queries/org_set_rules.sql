-- Sets the rules that are given; the others keep theirs. The database says what is wrong with bad ones.
update public.organizations as o
set settings = coalesce(o.settings, '{}') || $2
where o.id = $1
returning o.settings
