-- Zones that the server read and the program could not: posix/America/Denver is America/Denver, and right/America/Denver differs from
-- it by leap seconds. A row whose zone names no place, such as localtime, stays as it is, until somebody knows where it is.
set local lock_timeout = '5s';
set local statement_timeout = '60s';

update public.organizations as o
set timezone = regexp_replace(o.timezone, '^(posix|right)/', '')
where o.timezone ~ '^(posix|right)/[A-Z]' and o.timezone !~ '/(Factory|localtime|posixrules)$';
