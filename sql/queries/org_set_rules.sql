-- Sets the rules that are given; the others keep theirs, those of the same part too. The database says what is wrong with bad ones.
update public.organizations as o
set
    settings = coalesce(o.settings, '{}') || $2 || (
        select coalesce(jsonb_object_agg(p.key, coalesce(o.settings -> p.key, '{}') || p.value), '{}')
        from jsonb_each($2) as p
        where jsonb_typeof(p.value) = 'object'
    )
where o.id = $1
returning o.settings
