//! Calendars that are kept elsewhere: what is busy there is not offered, and appointments appear, move and vanish there. The provider is a real
//! CalDAV server, or the Google of the tests.

mod away;
mod calendly;
mod calendly_booking;
mod calendly_moves;
mod crews;
mod follows;
mod google;
mod hostile;
mod kinds;
mod lost;
mod moves;
mod outlook;
mod outward;
mod privacy;
mod reads;
mod secrets;
mod sync;
mod tenants;
mod words;
mod writes;
mod zones;

use serde_json::json;

use crate::support::TestApp;

/// The times that are free on a day. Whoever asks is told the same: a dashboard, the search that looks at every appointment, and a caller.
async fn free(app: &TestApp, day: &str) -> Vec<String> {
    let (now, organization) = (app.clock.now().to_rfc3339(), app.organization_id);
    let clock = format!("(select set_config('frontdesk.now', '{now}', false)) as clock");
    let free: Vec<String> = app
        .database
        .column(&format!(
            "select to_char(s.start_time, 'HH24:MI')
             from {clock}, lateral get_available_time_slots('{organization}', '{day}', 60) as s
             where s.is_available"
        ))
        .await;
    let searched: Vec<String> = app
        .database
        .column(&format!(
            "select to_char(u.starts_at, 'HH24:MI')
             from {clock},
                 lateral private.search_day(
                     '{organization}', '{day}', jsonb_populate_record(null::private.visit, '{{\"minutes\": 60}}'), null, null
                 ) as d,
                 lateral unnest(d.starts_at, d.is_free) as u (starts_at, is_free)
             where u.is_free"
        ))
        .await;
    assert_eq!(free, searched, "the two ways of {day}");
    // An operator is told what is in the way of each crew.
    let explained = app
        .database
        .rows(
            &format!(
                "select to_char(e.starts_at, 'HH24:MI'), e.offered, e.reason = 'taken',
                     (select bool_and(jsonb_array_length(c -> 'busy_with') > 0) from jsonb_array_elements(e.crews) as c)
                 from {clock},
                     lateral private.explain_day(
                         '{organization}', '{day}', jsonb_populate_record(null::private.visit, '{{\"minutes\": 60}}'), null
                     ) as e
                 where e.is_slot"
            ),
            &[],
        )
        .await;
    let mut is_offered = Vec::new();
    for row in &explained {
        let (at, offered, is_taken): (String, bool, bool) = (row.get(0), row.get(1), row.get(2));
        let are_busy: Option<bool> = row.get(3);
        assert!(
            !is_taken || are_busy == Some(true),
            "{day} {at}: a crew has nothing to do"
        );
        if offered {
            is_offered.push(at);
        }
    }
    assert_eq!(free, is_offered, "what is explained of {day}");
    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": day }))
        .await;
    let offered: Vec<&str> = heard
        .tokens()
        .into_iter()
        .filter_map(|token| token.strip_prefix(day)?.strip_prefix('T'))
        .collect();
    assert!(
        offered.iter().all(|time| free.iter().any(|is| is == time)),
        "{day}: {} but free are {free:?}",
        heard.words
    );
    assert_eq!(
        offered.is_empty(),
        free.is_empty(),
        "{day}: {}",
        heard.words
    );
    let wrong = app.database.wrong_busy_days().await;
    assert!(wrong.is_empty(), "{wrong:#?}");
    free
}

/// The hours from one to another, each as it starts.
fn hours(from: u32, to: u32) -> Vec<String> {
    (from..to).map(|hour| format!("{hour:02}:00")).collect()
}

/// The hours of a day but one.
fn without(hour: u32) -> Vec<String> {
    let mut all = hours(8, 18);
    all.retain(|time| *time != format!("{hour:02}:00"));
    all
}
