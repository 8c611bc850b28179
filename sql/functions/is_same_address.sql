-- Whether two addresses, as private.address_parts() reads them, are the same: the number of the house and the name of the street are both
-- there and equal, and no other part differs. A part that one of them does not give decides nothing. Without a number and a street it is
-- all their words. Null is the same as nothing.
create or replace function private.is_same_place(one jsonb, other jsonb) returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return coalesce(
        one ? 'number' and other ? 'number'
        and one ->> 'number' = other ->> 'number'
        -- All that both give is equal: what the other gives changes nothing in the one.
        and (
            one || other @> one
            -- "12 Elm Denver" may be "12 Elm Street, Denver".
            or not one ? 'suffix' and not one ? 'city' and one ->> 'street' = (other ->> 'street') || (other ->> 'city')
            and one || (other - 'street' - 'city') @> one
            or not other ? 'suffix' and not other ? 'city' and other ->> 'street' = (one ->> 'street') || (one ->> 'city')
            and other || (one - 'street' - 'city') @> other
        )
        -- "20 N Main St" is "20 Main St N" and not "20 Main St S".
        and not (
            (one ? 'pre' and not one ? 'post' and other ? 'post' and not other ? 'pre' and one ->> 'pre' <> other ->> 'post')
            or (one ? 'post' and not one ? 'pre' and other ? 'pre' and not other ? 'post' and one ->> 'post' <> other ->> 'pre')
        )
        or one ->> 'text' = other ->> 'text',
        false
    );
end
$$;

revoke execute on function private.is_same_place(jsonb, jsonb) from public;
grant execute on function private.is_same_place(jsonb, jsonb) to frontdesk_app;

-- The same of two texts.
create or replace function private.is_same_address(one text, other text) returns boolean
language plpgsql
immutable
parallel safe
set search_path = pg_catalog, pg_temp
as $$
begin
    return private.is_same_place(private.address_parts(one), private.address_parts(other));
end
$$;

revoke execute on function private.is_same_address(text, text) from public;
grant execute on function private.is_same_address(text, text) to frontdesk_app;
