-- Gives each event of a calendar that is anybody's a crew: the lowest that has nothing else then, or else the lowest that has no other such
-- event. Where there are more events than crews, the whole organization is busy.
create or replace function private.lay_on_crews(org_id uuid, link uuid) returns void
language plpgsql
volatile
set search_path = pg_catalog, pg_temp
as $$
declare
    crews integer;
    hull tsrange;
    -- Of each crew: what of this calendar it has already, until when it has what it is given here, and what else it has.
    laid tsmultirange[];
    ends timestamp[];
    others tsmultirange[];
    event record;
    best integer;
    resources text[] := '{}';
    instances text[] := '{}';
    chosen integer[] := '{}';
begin
    select k.capacity, tsrange(min(lower(e.span)), max(upper(e.span)))
    into crews, hull
    from private.external_events as e
    join private.calendars as k on k.organization_id = org_id
    where e.link_id = link and e.crew = 0
    group by k.capacity;
    if not found then
        return;
    end if;
    laid := array(
        select coalesce(range_agg(e.span), '{}')
        from generate_series(1, crews) as c (crew)
        left join private.external_events as e on e.link_id = link and e.crew = c.crew and e.span && hull
        group by c.crew
        order by c.crew
    );
    others := array(
        select coalesce(range_agg(o.span), '{}')
        from generate_series(1, crews) as c (crew)
        left join (
            select a.crew, a.busy as span
            from public.appointments as a
            where
                a.organization_id = org_id
                and a.status in ('pending', 'confirmed')
                and a.scheduled_date between lower(hull)::date - 1 and upper(hull)::date
            union all
            select e.crew, e.span
            from private.external_events as e
            where e.organization_id = org_id and e.link_id <> link and e.span && hull
        ) as o on o.crew = c.crew
        group by c.crew
        order by c.crew
    );
    ends := array_fill('-infinity'::timestamp, array[crews]);
    for event in
        select e.resource, e.instance, e.span
        from private.external_events as e
        where e.link_id = link and e.crew = 0
        order by lower(e.span), e.resource, e.instance
    loop
        best := null;
        for crew in 1 .. crews
        loop
            continue when lower(event.span) < ends[crew] or event.span && laid[crew];
            best := coalesce(best, crew);
            if not event.span && others[crew] then
                best := crew;
                exit;
            end if;
        end loop;
        if best is not null then
            ends[best] := upper(event.span);
            resources := resources || event.resource;
            instances := instances || event.instance;
            chosen := chosen || best;
        end if;
    end loop;
    update private.external_events as e
    set crew = n.crew
    from unnest(resources, instances, chosen) as n (resource, instance, crew)
    where e.link_id = link and e.resource = n.resource and e.instance = n.instance;
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
