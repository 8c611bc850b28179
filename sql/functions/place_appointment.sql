-- Gives each appointment its time on the clock (`busy`) and its crew, whoever writes it. A dashboard that knows nothing of crews
-- gets the lowest one that is free; when none is, the constraint refuses the row. A crew that is named must exist. The
-- moments of confirmation, cancellation and completion follow the status and cannot be written by hand: going back to an
-- earlier status clears those of the later ones. An appointment for a service keeps what the service needs when it is entered: only a
-- crew with the skill is sent to it. One at 24:00 begins with the next day. The parts of its address follow the address where ways take
-- time. A row that is read back from a file (private.is_importing) has all of it.
create or replace function private.place_appointment() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
set jit = off
set plan_cache_mode = force_generic_plan
as $$
declare
    rules private.calendars;
    is_new constant boolean := tg_op = 'INSERT';
    was_active boolean := false;
    is_active constant boolean := new.status in ('pending', 'confirmed');
    names_crew boolean;
    names_its_own boolean := false;
    own_crew integer;
    needs private.visit;
    span tsrange;
    locked text;
begin
    if new.scheduled_time = '24:00' then
        new.scheduled_date := new.scheduled_date + 1;
        new.scheduled_time := '00:00';
    end if;
    if is_new and coalesce(current_setting('frontdesk.importing', true), '') = 'on' and private.is_importing() then
        return new;
    end if;
    if new.scheduled_date not between date '0001-01-01' and date '9999-12-31' then
        -- Without an end its time on the clock would be empty, and overlap nothing; far enough away it cannot be worked out.
        raise check_violation using message = format(
            'scheduled_date is %s; allowed is a day of the years 1 to 9999', new.scheduled_date
        );
    end if;
    -- Where triggers were off when the organization was written, nothing is worked out of its settings yet; without it an appointment's time
    -- would be empty, and overlap nothing.
    select k.* into rules from private.calendars as k where k.organization_id = new.organization_id;
    if not found then
        perform private.write_calendars(array[new.organization_id]);
        select k.* into rules from private.calendars as k where k.organization_id = new.organization_id;
    end if;
    -- To read an address takes longer than to enter the row. Where ways take no time, it is read when somebody asks for it.
    if
        is_new
        or new.service_address is distinct from old.service_address
        or new.address_parts is distinct from old.address_parts
    then
        new.address_parts := case when rules.travel_minutes > 0 then private.address_parts(new.service_address) end;
    end if;
    if rules.zone is null or new.scheduled_date is null or new.scheduled_time is null or new.duration_minutes is null then
        -- The table's own constraints name what is missing; these two must not be named instead.
        new.busy := 'empty';
        new.crew := coalesce(new.crew, 1);
        return new;
    end if;
    if new.service_id is not null and (is_new or new.service_id is distinct from old.service_id) then
        select s.required_skill, s.buffer_before_minutes, s.buffer_after_minutes
        into new.required_skill, new.buffer_before_minutes, new.buffer_after_minutes
        from public.services as s
        where s.organization_id = new.organization_id and s.id = new.service_id;
    end if;
    if
        new.duration_minutes not between 1 and 480
        or new.buffer_before_minutes not between 0 and 240
        or new.buffer_after_minutes not between 0 and 240
    then
        -- The table's own checks refuse it by the column's name; no time can be worked out of it first.
        new.busy := 'empty';
        new.crew := coalesce(new.crew, 1);
        return new;
    end if;
    new.busy := private.busy_range(new.scheduled_date + new.scheduled_time, new.duration_minutes, rules.zone);

    if is_new then
        names_crew := new.crew is not null;
        new.confirmed_at := null;
        new.cancelled_at := null;
        new.completed_at := null;
    else
        was_active := old.status in ('pending', 'confirmed');
        names_crew := new.crew is distinct from old.crew and new.crew is not null;
        new.confirmed_at := old.confirmed_at;
        new.cancelled_at := old.cancelled_at;
        new.completed_at := old.completed_at;
    end if;
    if is_new or new.status is distinct from old.status then
        new.confirmed_at := case new.status
            when 'pending' then null
            when 'confirmed' then private.clock()
            else new.confirmed_at
        end;
        new.cancelled_at := case when new.status = 'cancelled' then private.clock() end;
        new.completed_at := case when new.status = 'completed' then private.clock() end;
    end if;

    -- A row that was read and is written back by an upsert comes as an insert, with a crew that it may have from before.
    if names_crew and is_new then
        names_its_own := exists (select from public.appointments as a where a.id = new.id and a.crew = new.crew);
    end if;
    if names_crew and not names_its_own and new.crew not between 1 and rules.capacity then
        raise check_violation using message = format(
            'crew is %s; this organization has crews 1 to %s', new.crew, rules.capacity
        );
    end if;
    if not is_active then
        new.crew := coalesce(new.crew, 1);
        return new;
    end if;
    if
        names_crew
        and not names_its_own
        and new.required_skill is not null
        and new.crew <> all(private.able_crews(new.organization_id, rules.capacity, new.required_skill))
    then
        raise check_violation using message = format(
            'crew is %s; this visit needs a crew with the skill %s', new.crew, new.required_skill
        );
    end if;
    if is_new or not was_active or new.crew is null or names_crew
        or new.busy <> old.busy or new.organization_id <> old.organization_id
        or new.required_skill is distinct from old.required_skill
    then
        locked := private.lock_organization(new.organization_id);
        -- The only crew that there is does whatever needs no skill; the table's constraint says when it cannot.
        if not names_crew and rules.capacity = 1 and new.required_skill is null then
            new.crew := 1;
        elsif not names_crew then
            if
                is_new
                and new.required_skill is null
                and rules.travel_minutes = 0
                and rules.held_until <= private.clock()
                and new.scheduled_date between rules.odd_since and rules.odd_until
                and new.scheduled_date <> all(rules.odd_days)
            then
                -- Whoever has nothing to do then is found without the appointments. It is whom private.free_crew() would name.
                span := tsrange(
                    lower(new.busy) - make_interval(mins => coalesce(new.buffer_before_minutes, rules.before_minutes)),
                    upper(new.busy) + make_interval(mins => coalesce(new.buffer_after_minutes, rules.after_minutes))
                );
                select c.crew
                into new.crew
                from generate_series(1, rules.capacity) as c (crew)
                left join public.crews as k on k.organization_id = new.organization_id and k.number = c.crew
                where not exists (
                    select from private.busy_days as b
                    where
                        b.organization_id = new.organization_id
                        and b.day between lower(span)::date and upper(span)::date
                        and b.crew = c.crew
                        and b.busy && span
                )
                order by coalesce(cardinality(k.skills), 0), c.crew
                limit 1;
                if found then
                    return new;
                end if;
            end if;
            -- A crew from before the capacity was lowered keeps what it has, but is given nothing more.
            own_crew := case when new.crew <= rules.capacity then new.crew end;
            needs.before_minutes := new.buffer_before_minutes;
            needs.after_minutes := new.buffer_after_minutes;
            needs.skill := new.required_skill;
            needs.address_key := new.address_parts::text;
            new.crew := private.free_crew(
                new.organization_id,
                new.busy,
                needs,
                own_crew,
                case when was_active then old.busy end,
                new.vapi_call_id
            );
            if new.crew is null and new.required_skill is not null then
                raise exclusion_violation using message = format(
                    'no crew with the skill %s is free then', new.required_skill
                );
            end if;
            new.crew := coalesce(new.crew, own_crew, 1);
        end if;
    end if;
    return new;
end
$$;

revoke execute on function private.place_appointment() from public;

create or replace trigger place_appointment_on_insert
before insert on public.appointments
for each row
execute function private.place_appointment();

create or replace trigger place_appointment_on_update
before update on public.appointments
for each row
when (
    (
        new.organization_id, new.scheduled_date, new.scheduled_time, new.duration_minutes, new.status, new.crew, new.busy,
        new.confirmed_at, new.cancelled_at, new.completed_at, new.service_id, new.required_skill, new.service_address,
        new.address_parts
    )
    is distinct from (
        old.organization_id, old.scheduled_date, old.scheduled_time, old.duration_minutes, old.status, old.crew, old.busy,
        old.confirmed_at, old.cancelled_at, old.completed_at, old.service_id, old.required_skill, old.service_address,
        old.address_parts
    )
)
execute function private.place_appointment();
