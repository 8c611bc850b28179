-- What triggers work out of the settings of an organization, for the organizations that lack it: those from before there was such a
-- trigger, and those whose rows were restored without triggers. It runs at the end of each migration and may run at any time.
--
-- Before 0.2.0 calendars were worked out again whenever the rules changed, and a database may have missed that. A release that
-- changes what a trigger works out adds a condition of its own here: that the release is not recorded yet.
select private.write_calendars(array(
    select o.id from public.organizations as o
    where
        not exists (select from private.calendars as c where c.organization_id = o.id)
        or not exists (select from private.schema_releases)
    order by o.id
));

insert into private.reminder_schedule (organization_id, next_at)
select o.id, private.next_reminder(coalesce(o.timezone, 'America/New_York'), r.reminder_time)
from public.organizations as o
cross join lateral private.message_rules(o.settings) as r
where not exists (select from private.reminder_schedule as s where s.organization_id = o.id)
on conflict do nothing;
