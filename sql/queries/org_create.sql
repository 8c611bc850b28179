-- Makes an organization; everything else about it has a default.
insert into public.organizations (name, industry, timezone)
values ($1, $2, $3)
returning id
