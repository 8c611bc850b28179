-- Enters that a number ($2) wants text messages or none ($3), how that is known ($4), and the word that said so ($5). What is known already
-- is not entered again.
insert into public.sms_consents (organization_id, phone_number, status, source, keyword, created_at)
select $1::uuid, $2::text, $3::text, $4::text, left($5, 20), private.clock()
where $3 is distinct from (
    select c.status::text
    from public.sms_consents as c
    where c.organization_id = $1 and c.phone_number = $2
    order by c.created_at desc, c.id desc
    limit 1
)
