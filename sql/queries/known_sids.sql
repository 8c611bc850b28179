-- Which of these ids of the provider's ($1) are recorded for other jobs than $2: what is found at the provider and is none of
-- them was sent by the attempt that had no answer.
select k.sid
from private.known_sids($1, $2) as k (sid)
