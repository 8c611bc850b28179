-- What triggers work out of the settings of an organization, for the organizations that lack it: those from before there was such a
-- trigger, and those whose rows were restored without triggers. It runs at the end of each migration and may run at any time.
-- Calendars are filled in afterwards, a few at a time (private.fill_calendars()).
insert into private.reminder_schedule (organization_id, next_at)
select o.id, private.next_reminder(private.time_zone(o.timezone), r.reminder_time)
from public.organizations as o
cross join lateral private.message_rules(o.settings) as r
where not exists (select from private.reminder_schedule as s where s.organization_id = o.id)
on conflict do nothing;
