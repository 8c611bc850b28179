-- Gives each event of a calendar that is anybody's a crew: the lowest that has nothing else then, or else the lowest that has no other such
-- event. Where there are more events than crews, the whole organization is busy.
create or replace function private.lay_on_crews(org_id uuid, link uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    event record;
    found_crew integer;
begin
    for event in
        select e.resource, e.instance, e.span, k.capacity
        from private.external_events as e
        join private.calendars as k on k.organization_id = org_id
        where e.link_id = link and e.crew = 0
        order by lower(e.span), e.resource, e.instance
    loop
        select c.crew
        into found_crew
        from generate_series(1, event.capacity) as c (crew)
        where
            not exists (
                select from private.external_events as e
                where e.organization_id = org_id and e.link_id = link and e.crew = c.crew and e.span && event.span
            )
        order by
            exists (
                select from public.appointments as a
                where
                    a.organization_id = org_id
                    and a.status in ('pending', 'confirmed')
                    and a.scheduled_date between lower(event.span)::date - 1 and upper(event.span)::date
                    and a.crew = c.crew
                    and a.busy && event.span
            )
            or exists (
                select from private.external_events as e
                where e.organization_id = org_id and e.crew = c.crew and e.span && event.span
            ),
            c.crew
        limit 1;
        if found then
            update private.external_events as e
            set crew = found_crew
            where e.link_id = link and e.resource = event.resource and e.instance = event.instance;
        end if;
    end loop;
end
$$;

revoke execute on function private.lay_on_crews(uuid, uuid) from public;

-- The same of all such calendars of an organization, when the number of its crews changes.
create or replace function private.lay_on_crews(org_id uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
begin
    perform private.lock_organization(org_id);
    update private.external_events as e
    set crew = 0
    from private.calendar_links as l, private.calendars as k
    where
        l.organization_id = org_id
        and l.scope = 'any'
        and k.organization_id = org_id
        and e.link_id = l.id
        and e.crew > k.capacity;
    perform private.lay_on_crews(org_id, l.id)
    from private.calendar_links as l
    where l.organization_id = org_id and l.scope = 'any';
end
$$;

revoke execute on function private.lay_on_crews(uuid) from public;
