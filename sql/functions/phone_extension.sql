-- The extension that is written behind a telephone number: "+1 312 555 0199 x12", "ext. 12", "extensión 12", "#12", ";ext=12". Up to ten
-- digits; null where there is none. Most numbers are figures alone, for which the long expression is not tried. As private.clock() it is
-- planned as part of the statement that asks it.
create or replace function private.phone_extension(phone text) returns text
language sql
immutable
parallel safe
return case
    when phone ~ '[A-Za-z#]' then substring(
        lower(phone)
        from '^\D*(?:\d\D*?){7,15}?[\s,\x3b.(-]*(?:extensi[oó]n|extension|ext|x|#|anexo|anx|interno|int)\s*[.:=#]*\s*(?:no\.?\s*)?(\d{1,10})\D*$'
    )
end;

revoke execute on function private.phone_extension(text) from public;
grant execute on function private.phone_extension(text) to frontdesk_app;
