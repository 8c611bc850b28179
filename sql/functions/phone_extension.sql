-- The extension that is written behind a telephone number: "+1 312 555 0199 x12", "ext. 12", "extensión 12", "#12", ";ext=12". Up to ten
-- digits; null where there is none.
create or replace function private.phone_extension(phone text) returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return substring(
        lower(phone)
        from '^\D*(?:\d\D*?){7,15}?[\s,;.(-]*(?:extensi[oó]n|extension|ext|x|#|anexo|anx|interno|int)\s*[.:=#]*\s*(?:no\.?\s*)?(\d{1,10})\D*$'
    );
end
$$;

revoke execute on function private.phone_extension(text) from public;
grant execute on function private.phone_extension(text) to frontdesk_app;
