-- Tells the staff, once a day, that the limit of text messages is reached.
insert into public.staff_tasks (organization_id, kind, summary, created_at)
select $1, 'delivery', $2, private.clock()
where not exists (
    select
    from public.staff_tasks as t
    where
        t.organization_id = $1
        and t.kind = 'delivery'
        and t.summary = $2
        and t.created_at > private.clock() - interval '1 day'
)
