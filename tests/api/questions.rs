//! What a booking lacks is asked for by name or answered with what is free, and an argument that cannot be used stops
//! nothing while the booking can do without it. Monday, 23 November 2026, 08:00 in Denver.

use serde_json::json;

use crate::support::{
    TestApp,
    appointments::{appointments, at, booked},
};

#[tokio::test]
async fn a_number_that_is_none_does_not_stop_a_booking_while_the_callers_own_is_known() {
    let app = TestApp::shared().await;

    for (hour, wrong) in [("09:00", "555 01"), ("10:00", "+1303")] {
        let caller = app.caller();
        let mut arguments = at(&format!("2026-12-01T{hour}"));
        arguments["customer_phone"] = json!(wrong);

        let heard = caller.asks("book_appointment", arguments).await;

        assert!(booked(&heard), "{wrong}: {}", heard.words);
        assert!(
            heard
                .words
                .ends_with("; not understood, ask for it: customer_phone]"),
            "{wrong}: {}",
            heard.words
        );
        let stored: String = app
            .database
            .value("select customer_phone::text from appointments order by scheduled_time desc limit 1")
            .await;
        assert_eq!(Some(stored), caller.number, "{wrong}");
    }

    // A whole number is the one to call, and nothing is asked for.
    let mut arguments = at("2026-12-01T11:00");
    arguments["customer_phone"] = json!("(303) 555-0123");
    let heard = app.caller().asks("book_appointment", arguments).await;
    assert!(booked(&heard), "{}", heard.words);
    assert!(!heard.says("not understood"), "{}", heard.words);
    let stored: String = app
        .database
        .value("select customer_phone::text from appointments order by scheduled_time desc limit 1")
        .await;
    assert_eq!(stored, "+13035550123");
}

#[tokio::test]
async fn a_number_that_is_none_is_asked_for_again_where_the_callers_own_is_withheld() {
    let app = TestApp::shared().await;
    let caller = app.caller().withheld();
    let mut arguments = at("2026-12-01T09:00");

    let heard = caller.asks("book_appointment", arguments.clone()).await;
    assert!(!heard.is_error, "{}", heard.words);
    assert!(
        heard.says("What is the best number to reach you"),
        "{}",
        heard.words
    );

    for wrong in ["555 01", "five", "+1303"] {
        arguments["customer_phone"] = json!(wrong);
        let heard = caller.asks("book_appointment", arguments.clone()).await;
        assert!(!heard.is_error, "{wrong}: {}", heard.words);
        assert!(heard.says("phone number"), "{wrong}: {}", heard.words);
    }
    assert_eq!(appointments(&app).await, 0);

    arguments["customer_phone"] = json!("(303) 555-0123");
    assert!(booked(&caller.asks("book_appointment", arguments).await));
    let stored: String = app
        .database
        .value("select phone_number::text from customers")
        .await;
    assert_eq!(stored, "+13035550123");
}

#[tokio::test]
async fn what_is_missing_is_asked_for_by_name() {
    let app = TestApp::shared().await;
    let caller = app.caller();

    for (arguments, question, options) in [
        (
            json!({ "date": "2026-12-01T09:00" }),
            "I still need a name. Who is the visit for?",
            &[][..],
        ),
        (
            json!({ "customer_name": "Maria" }),
            "For example, I have today at nine or tomorrow at eight. Which would you like?",
            &["2026-11-23T09:00", "2026-11-24T08:00"],
        ),
        (
            json!({ "customer_name": "Maria", "time": "14:00" }),
            "I have the time, at two, but not the day. For example, I have today at two or tomorrow at two.",
            &["2026-11-23T14:00", "2026-11-24T14:00"],
        ),
        (
            json!({ "customer_name": "Maria", "date": "2026-12-01", "time": "purple" }),
            "I have the day, Tuesday, December first, but not the time.",
            &["2026-12-01T08:00", "2026-12-01T17:00"],
        ),
    ] {
        let heard = caller.asks("book_appointment", arguments).await;
        assert!(!heard.is_error, "{}", heard.words);
        assert!(heard.says(question), "{}", heard.words);
        assert_eq!(heard.tokens(), options, "{}", heard.words);
    }
    assert_eq!(appointments(&app).await, 0);
}

#[tokio::test]
async fn a_day_without_an_exact_hour_is_answered_with_what_is_free_on_it() {
    let app = TestApp::shared().await;

    for (arguments, words, options) in [
        (
            json!({ "customer_name": "Maria", "date": "2026-12-01" }),
            "On Tuesday, December first, I have eight, noon or five.",
            ["2026-12-01T08:00", "2026-12-01T12:00", "2026-12-01T17:00"],
        ),
        (
            json!({ "customer_name": "Maria", "date": "2026-12-01", "time": "morning" }),
            "On Tuesday, December first, I have eight, nine or ten.",
            ["2026-12-01T08:00", "2026-12-01T09:00", "2026-12-01T10:00"],
        ),
    ] {
        for tool in ["book_appointment", "hold_slot"] {
            let heard = app.caller().asks(tool, arguments.clone()).await;
            assert!(!heard.is_error, "{tool}: {}", heard.words);
            assert!(heard.says(words), "{tool}: {}", heard.words);
            assert_eq!(heard.tokens(), options, "{tool}: {}", heard.words);
        }
    }
    assert_eq!(appointments(&app).await, 0);
    let holds: i64 = app
        .database
        .value("select count(*) from private.slot_holds")
        .await;
    assert_eq!(holds, 0);
}
