select book_visit($1::text, $2::text, $3::text, $4::text, $5::text::date, $6::text::time, $7::text, 60) as outcome
