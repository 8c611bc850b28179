-- Sets the hours of the days that are given; the others keep theirs. The database says what is wrong with bad ones.
update public.organizations as o
set
    settings = jsonb_set(
        coalesce(o.settings, '{}'),
        '{hours}',
        coalesce(o.settings -> 'hours', '{}') || $2
    )
where o.id = $1
returning o.settings -> 'hours'
