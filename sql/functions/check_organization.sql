-- Refuses settings, a time zone or a transfer mode that cannot be meant, with a reason that names the key, its value and
-- what is allowed. Only what changes is checked, so that a row from before this rule stays writable; keys that are not
-- known here belong to others and are left alone. sql/settings.schema.json describes the same rules. It runs as its owner,
-- because a dashboard that writes settings may not use schema private.
create or replace function private.check_organization() returns trigger
language plpgsql
security definer
set search_path = pg_catalog, pg_temp
as $$
declare
    bound record;
    day text;
    rules record;
    are_codes boolean;
    is_known boolean;
begin
    if new.timezone is not null and (tg_op = 'INSERT' or new.timezone is distinct from old.timezone) then
        -- The program must be able to read it, and so must this server, whose data may be older.
        begin
            is_known := new.timezone = any (private.known_time_zones());
            perform now() at time zone new.timezone where is_known;
        exception
            when invalid_parameter_value then
                is_known := false;
        end;
        if not is_known then
            raise check_violation using message = format(
                'timezone is %s; allowed is a name such as America/Denver', new.timezone
            );
        end if;
    end if;
    if tg_op = 'INSERT' or new.transfer_mode is distinct from old.transfer_mode then
        if new.transfer_mode not in ('warm', 'blind') then
            raise check_violation using message = format(
                'transfer_mode is %s; allowed is warm or blind', new.transfer_mode
            );
        end if;
    end if;
    if new.settings is null or (tg_op = 'UPDATE' and new.settings is not distinct from old.settings) then
        return new;
    end if;
    if jsonb_typeof(new.settings) <> 'object' then
        raise check_violation using message = format('settings is %s; allowed is an object', new.settings);
    end if;
    for bound in
        select *
        from (
            values
            ('capacity', 1, 100),
            ('lead_minutes', 0, 43200),
            ('lead_days', 0, 30),
            ('horizon_days', 1, 730),
            ('step_minutes', 5, 480),
            ('buffer_before_minutes', 0, 240),
            ('buffer_after_minutes', 0, 240),
            ('travel_minutes', 0, 240),
            ('webhook_body_bytes', 65536, 8388608)
        ) as b (key, lowest, highest)
        where new.settings ? b.key
    loop
        if private.whole_number(new.settings -> bound.key, bound.lowest, bound.highest, -1) = -1 then
            raise check_violation using message = format(
                'settings.%s is %s; allowed is a whole number from %s to %s',
                bound.key, new.settings -> bound.key, bound.lowest, bound.highest
            );
        end if;
    end loop;
    rules := private.booking_rules(new.settings);
    if make_interval(days => rules.horizon_days) <= rules.lead_time then
        raise check_violation using message = format(
            'settings.horizon_days of %s does not reach beyond settings.lead_minutes of %s: nothing could ever be booked',
            rules.horizon_days, extract(epoch from rules.lead_time)::integer / 60
        );
    end if;
    if rules.horizon_days < rules.lead_days then
        raise check_violation using message = format(
            'settings.horizon_days of %s does not reach settings.lead_days of %s: nothing could ever be booked',
            rules.horizon_days, rules.lead_days
        );
    end if;
    if
        new.settings ? 'languages'
        and new.settings -> 'languages' not in ('["en"]', '["es"]', '["en", "es"]', '["es", "en"]')
    then
        raise check_violation using message = format(
            'settings.languages is %s; allowed is a list of en and es, the one for everybody else first',
            new.settings -> 'languages'
        );
    end if;
    if new.settings ? 'dial_countries' then
        if jsonb_typeof(new.settings -> 'dial_countries') = 'array' then
            select
                coalesce(bool_and(jsonb_typeof(c.code) = 'string' and c.code #>> '{}' ~ '^[A-Z]{2}$'), false)
                and count(*) = count(distinct c.code)
            into are_codes
            from jsonb_array_elements(new.settings -> 'dial_countries') as c (code);
        end if;
        if are_codes is not true then
            raise check_violation using message = format(
                'settings.dial_countries is %s; allowed is a list of countries by their two capital letters, such as ["US", "CA"]',
                new.settings -> 'dial_countries'
            );
        end if;
    end if;
    if new.settings ? 'area' then
        if jsonb_typeof(new.settings -> 'area') <> 'object' then
            raise check_violation using message = format(
                'settings.area is %s; allowed is an object', new.settings -> 'area'
            );
        end if;
        if new.settings -> 'area' ? 'postal_codes' then
            are_codes := false;
            if jsonb_typeof(new.settings #> '{area,postal_codes}') = 'array' then
                select
                    coalesce(bool_and(jsonb_typeof(c.code) = 'string' and c.code #>> '{}' ~ '^[0-9A-Z]{2,10}\*?$'), false)
                    and count(*) = count(distinct c.code) and count(*) <= 2000
                into are_codes
                from jsonb_array_elements(new.settings #> '{area,postal_codes}') as c (code);
            end if;
            if are_codes is not true then
                raise check_violation using message = format(
                    'settings.area.postal_codes is %s; allowed is a list of up to 2000 codes, or their beginnings with a star, such as ["80202", "803*"]',
                    left((new.settings #> '{area,postal_codes}')::text, 200)
                );
            end if;
        end if;
    end if;
    for bound in
        select *
        from (
            values
            ('emergency', 'rounds', 1, 10),
            ('emergency', 'acknowledgement_timeout_minutes', 0, 1440),
            ('limits', 'messages_per_day', 0, 100000),
            ('limits', 'pages_per_day', 0, 100000),
            ('limits', 'transfers_per_day', 0, 100000)
        ) as b (part, key, lowest, highest)
        where new.settings ? b.part
    loop
        if jsonb_typeof(new.settings -> bound.part) <> 'object' then
            raise check_violation using message = format(
                'settings.%s is %s; allowed is an object', bound.part, new.settings -> bound.part
            );
        end if;
        if
            new.settings -> bound.part ? bound.key
            and private.whole_number(new.settings #> array[bound.part, bound.key], bound.lowest, bound.highest, -1) = -1
        then
            raise check_violation using message = format(
                'settings.%s.%s is %s; allowed is a whole number from %s to %s',
                bound.part, bound.key, new.settings #> array[bound.part, bound.key], bound.lowest, bound.highest
            );
        end if;
    end loop;
    perform private.check_retention(new.settings);
    perform private.check_calendar_rules(new.settings);
    if new.settings ? 'messages' then
        if jsonb_typeof(new.settings -> 'messages') <> 'object' then
            raise check_violation using message = format(
                'settings.messages is %s; allowed is an object', new.settings -> 'messages'
            );
        end if;
        for day in select k.key from jsonb_object_keys(new.settings -> 'messages') as k (key)
        loop
            if
                day in ('confirmations', 'reminders')
                and jsonb_typeof(new.settings #> array['messages', day]) <> 'boolean'
            then
                raise check_violation using message = format(
                    'settings.messages.%s is %s; allowed is true or false', day, new.settings #> array['messages', day]
                );
            end if;
            if
                day in ('reminder_time', 'quiet_from', 'quiet_until')
                and coalesce(new.settings #>> array['messages', day], '') !~ '^([01][0-9]|2[0-3]):[0-5][0-9]$'
            then
                raise check_violation using message = format(
                    'settings.messages.%s is %s; allowed is a time from 00:00 to 23:59',
                    day, new.settings #> array['messages', day]
                );
            end if;
        end loop;
    end if;
    if new.settings ? 'hours' then
        if jsonb_typeof(new.settings -> 'hours') <> 'object' then
            raise check_violation using message = format(
                'settings.hours is %s; allowed is an object with a list of windows for each weekday',
                new.settings -> 'hours'
            );
        end if;
        for day in select k.key from jsonb_object_keys(new.settings -> 'hours') as k (key)
        loop
            if day not in ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday') then
                raise check_violation using message = format(
                    'settings.hours has the day %s; allowed are monday to sunday', day
                );
            end if;
            perform private.check_hours(new.settings #> array['hours', day], 'settings.hours.' || day);
        end loop;
    end if;
    return new;
end
$$;

revoke execute on function private.check_organization() from public;

create or replace trigger check_organization
before insert or update of settings, timezone, transfer_mode on public.organizations
for each row
execute function private.check_organization();
