-- Notes that the credential of an account ($2) is not taken any more, and tells staff and owners, once.
select private.revoke_calendar_account($1, $2)
