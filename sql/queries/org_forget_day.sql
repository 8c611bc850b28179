-- Gives a day the hours of its weekday again.
delete from public.special_days as s
where s.organization_id = $1 and s.special_date = $2
returning s.special_date
