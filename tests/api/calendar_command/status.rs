//! What is told of links that are there.

use serde_json::json;

use super::{Office, is_refused};
use crate::support::operator::{object, printed};

#[tokio::test]
async fn a_link_that_nobody_reads_says_so_here_and_on_the_page_of_its_organization() {
    let office = Office::new().await;
    is_refused(
        &office.calendar("resync", &[]),
        &["no calendar is linked", "frontdesk calendar connect"],
    );
    object(&office.connect(&["--json"]));
    let status = printed(&office.calendar("status", &[]));
    assert!(
        status.starts_with(
            "caldav, /office/work/ (organization)\n  read less than a minute ago\n  0 events, 0 appointments of ours, 0 conflicts\n  \
             read again in "
        ),
        "{status}"
    );
    let shown = || {
        let id = office.operator.id.as_str();
        let line = ["org", "show", id];
        let url = office.operator.database.url();
        let environment = [("DATABASE_URL", url.as_str())];
        let text = printed(&crate::support::operator::with_environment(
            &line,
            &environment,
        ));
        let json = object(&crate::support::operator::with_environment(
            &["org", "show", id, "--json"],
            &environment,
        ));
        (text, json)
    };
    let (text, page) = shown();
    assert!(
        text.contains("caldav    /office/work/  organization  live   less than a minute ago"),
        "{text}"
    );
    assert_eq!(page["calendars"][0]["is_stale"], false);
    assert!(!page["warnings"].to_string().contains("/office/work/"));

    let database = &office.operator.database;
    database
        .run(
            "update private.calendar_links
             set last_synced_at = now() - interval '3 hours', due_at = now() - interval '170 minutes'",
        )
        .await;
    let status = printed(&office.calendar("status", &[]));
    for words in [
        "read 3 hours ago",
        "was due 2 hours ago: does the service run?",
        "stale: appointments are booked as pending",
    ] {
        assert!(status.contains(words), "{words}: {status}");
    }
    let (text, page) = shown();
    assert!(
        text.contains("The calendar /office/work/ (caldav) was last read 3 hours ago"),
        "{text}"
    );
    assert_eq!(page["calendars"][0]["age_minutes"], json!(180));

    database
        .run("update private.calendar_accounts set state = 'revoked'")
        .await;
    let (text, _) = shown();
    assert!(
        text.contains("The calendar /office/work/ (caldav) is not connected any more"),
        "{text}"
    );
    office
        .operator
        .hears("set", &["calendar_sync_enabled=false"]);
    let status = printed(&office.calendar("status", &[]));
    assert!(
        status.contains("switched off") && !status.contains("stale"),
        "{status}"
    );
    is_refused(&office.calendar("resync", &[]), &["switched off"]);
    assert!(!shown().0.contains("is not connected any more"));
    // What is printed there switches it on.
    assert!(status.contains("calendar_sync_enabled=true"), "{status}");
    office
        .operator
        .hears("set", &["calendar_sync_enabled=true"]);
    assert!(shown().0.contains("is not connected any more"));
    office.operator.is_refused(
        "set",
        &["calendar_sync_enabled=off"],
        &["calendar_sync_enabled is off; it takes true or false"],
    );
}

#[tokio::test]
async fn a_failure_is_named_by_its_code_and_what_that_means() {
    let office = Office::new().await;
    object(&office.connect(&["--json"]));
    let database = &office.operator.database;
    for (code, words) in [
        ("unavailable", "cannot be reached"),
        ("limited", "asks to wait"),
        ("misconfigured", "FRONTDESK_SECRETS_KEY"),
        ("gone", "not there any more"),
        ("too_large", "more than is read"),
        ("refused", "refuses"),
        ("unreadable", "cannot be read"),
    ] {
        database
            .run(&format!(
                "update private.calendar_links set failures = 2, failure_code = '{code}', due_at = now() + interval '150 seconds'"
            ))
            .await;
        let status = printed(&office.calendar("status", &[]));
        let line = format!("failed 2 times: {code} (");
        assert!(
            status.contains(&line)
                && status.contains(words)
                && status.contains("again in 2 minutes"),
            "{status}"
        );
    }
    assert_eq!(
        printed(&office.calendar("conflicts", &[])),
        "No conflicts.\n"
    );
    let resynced = printed(&office.calendar("resync", &[]));
    assert!(
        resynced.contains("reads 1 calendar as a whole"),
        "{resynced}"
    );
}
