//! Events that no calendar should have: what can be read of them counts, and the others count nevertheless.

use sha2::{Digest, Sha256};

use super::{free, hours};
use crate::support::{
    Linked, LinkedGoogle,
    google::{GoogleEvent, PRIMARY},
    linked::{event, timed},
};

const DAY: &str = "2026-12-01";

/// A long text that cannot be made shorter.
fn noise(length: usize) -> String {
    (0..)
        .flat_map(|number: u32| hex::encode(Sha256::digest(number.to_be_bytes())).into_bytes())
        .take(length)
        .map(char::from)
        .collect()
}

#[tokio::test]
async fn events_that_last_for_years_or_thousands_of_them_cost_no_more_than_the_days_around_the_window()
 {
    let linked = LinkedGoogle::start("{}").await;
    let app = &linked.app;
    let year = linked
        .google
        .add_event(PRIMARY, GoogleEvent::days("2026-12-03", "2027-12-03"));
    linked.reads().await;
    assert_eq!(free(app, "2026-12-02").await, hours(8, 18));
    for day in ["2026-12-03", "2027-01-20"] {
        assert!(free(app, day).await.is_empty());
    }
    let eternal = linked
        .google
        .add_event(PRIMARY, GoogleEvent::days("0001-01-01", "9999-12-31"));
    linked.google.add_event(
        PRIMARY,
        GoogleEvent::timed("0001-01-01T00:00:00Z", "2026-12-01T17:00:00Z"),
    );
    let endless = linked.google.add_event(
        PRIMARY,
        GoogleEvent::timed("2026-12-01T18:00:00Z", "9999-12-31T23:59:59Z"),
    );
    linked.reads().await;
    for day in [DAY, "2026-12-02", "2027-01-20"] {
        assert!(free(app, day).await.is_empty());
    }
    let days: i64 = app
        .database
        .value("select count(*) from private.busy_days")
        .await;
    assert!(days < 4_000, "{days} rows");
    for id in [year, eternal] {
        linked.google.delete_event(PRIMARY, &id);
    }
    linked.reads().await;
    assert_eq!(free(app, DAY).await, ["10:00"]);
    linked.google.delete_event(PRIMARY, &endless);
    linked.reads().await;
    assert_eq!(free(app, DAY).await, hours(10, 18));
}

#[tokio::test]
async fn ids_of_any_length_are_told_apart() {
    let linked = LinkedGoogle::start("{}").await;
    let app = &linked.app;
    let ids = [noise(8_192), format!("{}x", noise(8_191)), noise(1_024)];
    for (id, hour) in ids.iter().zip([9, 11, 13]) {
        let time = |hour: u32| format!("{DAY}T{hour:02}:00:00-07:00");
        linked.google.add_event(
            PRIMARY,
            GoogleEvent::timed(&time(hour), &time(hour + 1)).id(id),
        );
    }
    linked.reads().await;
    let mut expected = hours(8, 18);
    expected.retain(|time| !["09:00", "11:00", "13:00"].contains(&time.as_str()));
    assert_eq!(free(app, DAY).await, expected);
    linked.google.delete_event(PRIMARY, &ids[0]);
    linked.reads().await;
    expected.insert(1, "09:00".to_owned());
    assert_eq!(free(app, DAY).await, expected);
}

#[tokio::test]
async fn what_cannot_be_meant_is_in_nobodys_way_and_what_overlaps_is_busy_once() {
    let linked = Linked::start("{}").await;
    let app = &linked.app;
    let odd = [
        ("backwards", timed("20261201T1500", "20261201T1400")),
        ("nothing", timed("20261201T1600", "20261201T1600")),
        ("no-end", "DTSTART:20261201T230000Z".to_owned()),
        (
            "first",
            "DTSTART:00010101T000000Z\nDTEND:00010101T010000Z".to_owned(),
        ),
        (
            "last",
            "DTSTART:99991231T120000Z\nDTEND:99991231T130000Z".to_owned(),
        ),
        (
            "days",
            "DTSTART;VALUE=DATE:20261203\nDTEND;VALUE=DATE:20261202".to_owned(),
        ),
        (
            "forever",
            "DTSTART:00010101T170000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=4"
                .to_owned(),
        ),
        (
            "over",
            "DTSTART;VALUE=DATE:20261207\nDTEND;VALUE=DATE:20261208".to_owned(),
        ),
        ("under", timed("20261207T1000", "20261207T1100")),
    ];
    for (uid, lines) in &odd {
        let path = format!("{}{uid}.ics", linked.calendar);
        linked.radicale.put(&path, &event(uid, lines)).await;
    }
    // One with an id of 8 KB.
    let path = format!("{}long.ics", linked.calendar);
    let long = event(&noise(8_192), &timed("20261202T1200", "20261202T1300"));
    linked.radicale.put(&path, &long).await;
    linked.reads().await;

    assert_eq!(free(app, DAY).await, hours(8, 18));
    let mut expected = hours(8, 18);
    expected.retain(|time| time != "12:00");
    assert_eq!(free(app, "2026-12-02").await, expected);
    assert!(free(app, "2026-12-03").await.is_empty(), "it takes its day");
    expected = hours(8, 18);
    expected.retain(|time| time != "10:00");
    assert_eq!(free(app, "2026-12-04").await, expected);
    assert!(free(app, "2026-12-07").await.is_empty());

    // Under a day that is free again lies what was there.
    linked
        .radicale
        .delete(&format!("{}over.ics", linked.calendar))
        .await;
    linked.reads().await;
    assert_eq!(free(app, "2026-12-07").await, expected);
}
