//! What is busy in a linked calendar is busy for callers.

use serde_json::json;

use crate::support::{Linked, appointments::books, linked::timed, operator::object};

const DAY: &str = "2026-12-01";

#[tokio::test]
async fn a_busy_hour_is_neither_offered_nor_booked_nor_held_and_is_free_again_when_it_is_gone() {
    let linked = Linked::start("{}").await;
    let (app, caller) = (&linked.app, linked.app.caller());
    linked
        .enters("dentist", &timed("20261201T1000", "20261201T1100"))
        .await;
    linked.reads().await;

    let free = linked.free(DAY).await;
    assert!(
        !free.contains(&"10:00".to_owned()) && free.len() == 9,
        "{free:?}"
    );
    let ten = "2026-12-01T10:00";
    assert!(!linked.offers(&caller, DAY).await.contains(&ten.to_owned()));
    let refused = books(&caller, ten).await;
    assert!(refused.says("already taken"), "{}", refused.words);
    let refused = caller.asks("hold_slot", json!({ "date": ten })).await;
    assert!(refused.says("already taken"), "{}", refused.words);
    let booked = books(&caller, "2026-12-01T13:00").await;
    assert!(booked.says("You're booked"), "{}", booked.words);
    app.settles().await;
    app.database
        .wrong_busy_days()
        .await
        .is_empty()
        .then_some(())
        .unwrap();

    linked
        .radicale
        .delete(&format!("{}dentist.ics", linked.calendar))
        .await;
    linked.reads().await;
    assert!(linked.free(DAY).await.contains(&"10:00".to_owned()));
}

#[tokio::test]
async fn connecting_says_what_was_found() {
    let linked = Linked::start("{}").await;
    linked
        .enters("one", &timed("20261201T1000", "20261201T1100"))
        .await;
    linked
        .enters("two", &timed("20261201T1030", "20261201T1200"))
        .await;
    linked
        .enters("three", &timed("20261203T1000", "20261203T1100"))
        .await;
    let again = object(&linked.connect(&linked.calendar, &[]));
    assert_eq!(again["events"], json!(3), "{again}");
    assert_eq!(again["blocks"], json!(2), "{again}");
}
