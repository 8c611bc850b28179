-- What was said before and what is said now, each once.
create or replace function private.added_words(known text, said text) returns text
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    if known is null or said is null then
        return coalesce(known, said);
    elsif strpos(lower(known), lower(said)) > 0 then
        return known;
    elsif strpos(lower(said), lower(known)) > 0 then
        return said;
    end if;
    return left(rtrim(known, '. ') || '. ' || said, 5000);
end
$$;

revoke execute on function private.added_words(text, text) from public;
grant execute on function private.added_words(text, text) to frontdesk_app;
