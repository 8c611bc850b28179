//! The statements about linked calendars, and those that others are about where calendars are linked.

use crate::statements::{BOOKING, Case, bound, check, unbound};

/// A case that may read so many pages.
const fn up_to(
    statement: &'static str,
    about: &'static str,
    arguments: &'static str,
    pages: i64,
) -> Case {
    Case {
        most_pages: Some(pages),
        ..bound(statement, about, arguments)
    }
}

/// All cases. `LINKED` stands for the sixth organization, and `ACCOUNT`, `LINK`, `CLAIMED_LINK`, `COPY`, `CLAIMED_COPY`, `MOVED_COPY` and
/// `DELETED_COPY` for what `calendars.sql` made of it.
pub const CASES: &[Case] = &[
    // What waits in all organizations, at most so much.
    Case {
        most_pages: Some(120),
        is_of_all: true,
        ..unbound("agenda", "", "now(), 32")
    },
    // Every few seconds and by no call: all links and their accounts.
    Case {
        most_pages: Some(200),
        is_of_all: true,
        ..unbound("calendar_figures", "", "now()")
    },
    bound("claim_calendar", "", "LINKED, LINK, 300"),
    bound(
        "claim_calendar",
        "another has it",
        "LINKED, CLAIMED_LINK, 300",
    ),
    up_to(
        "apply_calendar_listing",
        "nothing new",
        "LINKED, CLAIMED_LINK, '2100-01-01', false, '[]', 'next', current_date - 1, current_date + 62",
        220,
    ),
    up_to(
        "apply_calendar_listing",
        "one moved, one deleted",
        "LINKED, CLAIMED_LINK, '2100-01-01', false, ('[{\"id\": \"event-3\", \"etag\": null, \"is_deleted\": true, \"events\": []}, \
         {\"id\": \"event-4\", \"etag\": null, \"is_deleted\": false, \"events\": [{\"instance\": \"\", \"is_busy\": true, \
         \"starts\": \"' || DAY || 'T04:00:00Z\", \"ends\": \"' || DAY || 'T05:00:00Z\"}]}]')::jsonb, 'next', current_date - 1, current_date + 62",
        700,
    ),
    bound(
        "fail_calendar",
        "",
        "LINKED, CLAIMED_LINK, '2100-01-01', 'unavailable', now()",
    ),
    up_to("revoke_calendar_account", "", "LINKED, ACCOUNT", 320),
    bound("claim_calendar_account", "", "LINKED, ACCOUNT, 30"),
    bound(
        "release_calendar_account",
        "",
        "LINKED, ACCOUNT, 'calendar/', 'sealed', 'key', 'earlier'",
    ),
    up_to("claim_calendar_copy", "", "LINKED, COPY, 61", 70),
    bound(
        "claim_calendar_copy",
        "another has it",
        "LINKED, CLAIMED_COPY, 61",
    ),
    bound("expect_calendar_copy", "", "LINKED, COPY, 'an-id'"),
    up_to(
        "complete_calendar_copy",
        "",
        "LINKED, CLAIMED_COPY, '2100-01-01', 'an-id', '2', '{\"starts\": \"2026-12-01T10:00:00\", \"minutes\": 60}'",
        BOOKING,
    ),
    bound(
        "remove_calendar_copy",
        "",
        "LINKED, CLAIMED_COPY, '2100-01-01'",
    ),
    bound(
        "release_calendar_copy",
        "",
        "LINKED, CLAIMED_COPY, '2100-01-01'",
    ),
    bound(
        "reword_calendar_copy",
        "",
        "LINKED, CLAIMED_COPY, '2100-01-01', '2', '{\"starts\": \"2026-12-01T10:00:00\", \"minutes\": 60}'",
    ),
    bound(
        "retry_calendar_copy",
        "",
        "LINKED, CLAIMED_COPY, '2100-01-01', 'gone', now(), true",
    ),
    bound("calendly_invitee", "", "LINKED, COPY"),
    up_to(
        "refuse_calendar_copy",
        "",
        "LINKED, CLAIMED_COPY, '2100-01-01', 403",
        BOOKING,
    ),
    up_to("follow_calendar_event", "moved", "LINKED, MOVED_COPY", 530),
    up_to(
        "follow_calendar_event",
        "deleted",
        "LINKED, DELETED_COPY",
        155,
    ),
    bound("follow_calendar_event", "nothing to follow", "LINKED, COPY"),
    bound(
        "store_calendar_channel",
        "",
        "LINKED, LINK, 'a channel', sha256('secret'), 'a resource', now(), 'sealed', 'key'",
    ),
    unbound(
        "announce_calendar_change",
        "",
        "'link channel 6', sha256('secret'), now(), false",
    ),
    unbound("calendar_channel_key", "", "'link channel 6'"),
    unbound("organization_of_consent", "", "sha256('state 6'), now()"),
    bound(
        "store_consent",
        "",
        "LINKED, sha256('state 6'), 'sealed', 'key', null",
    ),
    // What callers wait for is one statement still, and reads hardly more.
    bound(
        "busy_on",
        "500 busy days of linked calendars",
        "LINKED, now(), DAY, 1, 'call-new', '+13030000005', true",
    ),
    check(
        "500 busy days of linked calendars",
        "LINKED, now(), DAY, 60, null, null, null, 'call-new', '+13030000005', true",
    ),
    check(
        "the same for what needs a search",
        "LINKED, now(), DAY, 60, null, '12 Elm Street', null, 'call-new', '+13030000005', true",
    ),
    // Two days are searched, and on each the calendars' are an index entry and a row more.
    up_to(
        "check_availability",
        "the same on a closed day",
        "LINKED, now(), current_date + 23, 60, null, null, null, 'call-new', null, true",
        65,
    ),
    bound(
        "is_free",
        "the same",
        "LINKED, DAY, '17:00', 60, null, null, null, 'call-new'",
    ),
    up_to(
        "hold_slot",
        "the same",
        "LINKED, 'call-new', DAY, '17:00', 60, 5, null",
        BOOKING,
    ),
    // Beside the appointment, its copy in each of two calendars.
    up_to(
        "book_appointment",
        "with linked calendars",
        "LINKED, 'call-new', 'Ruth', '+13039999999', DAY, '17:00', 60, 'repair', null, null, 'en', null, null",
        BOOKING + 40,
    ),
];
