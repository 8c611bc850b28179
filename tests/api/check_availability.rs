//! `check_availability`: what a caller can be offered. Monday, 23 November 2026, 08:00 in Denver, unless a test says
//! otherwise.

use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn a_free_day_is_offered_with_its_weekday_and_three_exact_tokens() {
    let app = TestApp::shared().await;
    let caller = app.caller();

    let heard = caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;

    assert!(!heard.is_error);
    assert!(
        heard.says("On Tuesday, December first, I have eight, noon or five."),
        "{}",
        heard.words
    );
    assert_eq!(
        heard.tokens(),
        ["2026-12-01T08:00", "2026-12-01T12:00", "2026-12-01T17:00"]
    );
}

#[tokio::test]
async fn the_nearest_times_to_the_wanted_one_are_offered_in_order() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    app.database
        .run(&appointment("2026-12-01", "13:00", 60, "confirmed"))
        .await;

    let heard = caller
        .asks(
            "check_availability",
            json!({ "date": "2026-12-01", "time": "13:00" }),
        )
        .await;

    assert_eq!(
        heard.tokens(),
        ["2026-12-01T11:00", "2026-12-01T12:00", "2026-12-01T14:00"],
        "{}",
        heard.words
    );
}

#[tokio::test]
async fn a_wanted_time_that_is_free_is_said_to_be_free() {
    let app = TestApp::shared().await;

    let heard = app
        .caller()
        .asks(
            "check_availability",
            json!({ "date": "2026-12-01", "time": "14:00" }),
        )
        .await;

    assert!(
        heard.says("Yes, I have Tuesday, December first, at two."),
        "{}",
        heard.words
    );
    assert_eq!(heard.tokens(), ["2026-12-01T14:00"]);
}

#[tokio::test]
async fn a_part_of_the_day_is_offered_from_that_part() {
    let app = TestApp::shared().await;

    let heard = app
        .caller()
        .asks(
            "check_availability",
            json!({ "date": "2026-12-01", "part_of_day": "afternoon" }),
        )
        .await;

    assert_eq!(
        heard.tokens(),
        ["2026-12-01T12:00", "2026-12-01T13:00", "2026-12-01T14:00"]
    );
}

#[tokio::test]
async fn a_closed_day_says_so_and_offers_the_next_that_has_something() {
    let app = TestApp::shared().await;

    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "2026-11-28" }))
        .await;

    assert!(heard.says("closed"), "{}", heard.words);
    assert!(
        heard.says("Saturday, November twenty-eighth"),
        "{}",
        heard.words
    );
    assert!(heard.says("Monday, November thirtieth"), "{}", heard.words);
    assert_eq!(
        heard.tokens(),
        ["2026-11-30T08:00", "2026-11-30T12:00", "2026-11-30T17:00"]
    );
}

#[tokio::test]
async fn a_full_day_says_so_and_offers_the_next() {
    let app = TestApp::shared().await;
    app.database
        .run(&appointment("2026-12-01", "08:00", 480, "confirmed"))
        .await;
    app.database
        .run(&appointment("2026-12-01", "16:00", 120, "pending"))
        .await;

    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;

    assert!(heard.says("fully booked"), "{}", heard.words);
    assert_eq!(
        heard.tokens(),
        ["2026-12-02T08:00", "2026-12-02T12:00", "2026-12-02T17:00"]
    );
}

#[tokio::test]
async fn a_day_that_is_too_soon_is_not_called_full() {
    let app = TestApp::shared().await;
    app.rules(&json!({ "lead_minutes": 1440 })).await;

    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "today" }))
        .await;

    assert!(heard.says("too late"), "{}", heard.words);
    assert_eq!(
        heard.tokens(),
        ["2026-11-24T08:00", "2026-11-24T12:00", "2026-11-24T17:00"]
    );
}

#[tokio::test]
async fn a_day_beyond_the_horizon_offers_the_last_that_can_be_booked() {
    let app = TestApp::shared().await;
    app.rules(&json!({ "horizon_days": 7 })).await;

    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "2026-12-15" }))
        .await;

    assert!(heard.says("further ahead"), "{}", heard.words);
    assert_eq!(
        heard.tokens(),
        ["2026-11-30T08:00", "2026-11-30T12:00", "2026-11-30T17:00"]
    );
}

#[tokio::test]
async fn nothing_before_now_and_the_lead_time_is_offered_today() {
    let app = TestApp::start().await;
    app.at("2026-11-23T20:10:00Z"); // 13:10 in Denver, one hour of lead time

    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "today" }))
        .await;

    assert_eq!(
        heard.tokens(),
        ["2026-11-23T15:00", "2026-11-23T16:00", "2026-11-23T17:00"]
    );
}

#[tokio::test]
async fn tomorrow_is_that_of_the_organization_and_not_of_utc() {
    let app = TestApp::start().await;
    app.at("2026-11-24T04:30:00Z"); // Monday, 21:30 in Denver; Tuesday in UTC

    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "tomorrow" }))
        .await;

    assert!(
        heard.says("Tomorrow I have eight, noon or five."),
        "{}",
        heard.words
    );
    assert_eq!(
        heard.tokens(),
        ["2026-11-24T08:00", "2026-11-24T12:00", "2026-11-24T17:00"]
    );
}

#[tokio::test]
async fn weekdays_are_understood_in_english_and_in_spanish() {
    let app = TestApp::shared().await;
    let caller = app.caller();

    for (date, token) in [
        ("Thursday", "2026-11-26T08:00"),
        ("jueves", "2026-11-26T08:00"),
        ("el próximo miércoles", "2026-11-25T08:00"),
        ("mañana", "2026-11-24T08:00"),
    ] {
        let heard = caller
            .asks("check_availability", json!({ "date": date }))
            .await;
        assert_eq!(
            heard.tokens().first(),
            Some(&token),
            "{date}: {}",
            heard.words
        );
    }
}

#[tokio::test]
async fn dates_are_understood_with_seconds_offset_or_z() {
    let app = TestApp::shared().await;
    let caller = app.caller();

    for date in [
        "2026-12-01T14:00",
        "2026-12-01T14:00:00",
        "2026-12-01T14:00:00-07:00",
        "2026-12-01T14:00:00Z",
        "2026-12-01T14:00:00.000Z",
    ] {
        let heard = caller
            .asks("check_availability", json!({ "date": date }))
            .await;
        assert_eq!(
            heard.tokens().first(),
            Some(&"2026-12-01T14:00"),
            "{date}: {}",
            heard.words
        );
    }
}

#[tokio::test]
async fn a_past_year_is_asked_about_and_never_answered_with_nothing_free() {
    let app = TestApp::shared().await;

    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "2024-12-01" }))
        .await;

    assert!(heard.says("Did you mean"), "{}", heard.words);
    assert!(heard.says("twenty twenty-six"), "{}", heard.words);
    assert_eq!(heard.tokens(), ["2026-12-01"]);
}

#[tokio::test]
async fn a_longer_appointment_is_offered_only_where_it_fits() {
    let app = TestApp::shared().await;
    app.database
        .run(&appointment("2026-12-01", "10:00", 60, "confirmed"))
        .await;

    let heard = app
        .caller()
        .asks(
            "check_availability",
            json!({ "date": "2026-12-01", "duration_minutes": "180" }),
        )
        .await;

    assert_eq!(
        heard.tokens(),
        ["2026-12-01T11:00", "2026-12-01T13:00", "2026-12-01T15:00"]
    );
}

#[tokio::test]
async fn an_appointment_that_is_too_long_is_asked_about() {
    let app = TestApp::shared().await;

    let heard = app
        .caller()
        .asks(
            "check_availability",
            json!({ "date": "2026-12-01", "duration_minutes": 481 }),
        )
        .await;

    assert!(!heard.is_error, "{}", heard.words);
    assert!(
        heard.says("A visit can last from one minute to eight hours. How long should it be?"),
        "{}",
        heard.words
    );
    assert!(heard.tokens().is_empty(), "{}", heard.words);
}

#[tokio::test]
async fn a_length_that_is_none_is_left_out_and_the_model_is_told() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let usual = caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    let (usual, _) = usual.words.split_once("; today:").unwrap();

    for (duration, is_told) in [(json!(0), false), (json!(-30), true), (json!("ages"), true)] {
        let heard = caller
            .asks(
                "check_availability",
                json!({ "date": "2026-12-01", "duration_minutes": duration }),
            )
            .await;
        assert!(!heard.is_error, "{duration}: {}", heard.words);
        assert!(
            heard.words.starts_with(usual),
            "{duration}: {}",
            heard.words
        );
        assert!(
            !is_told
                || heard
                    .words
                    .ends_with("; not understood, ask for it: duration_minutes]"),
            "{duration}: {}",
            heard.words
        );
    }
}

#[tokio::test]
async fn without_a_day_the_caller_is_asked_for_it_with_two_examples() {
    let app = TestApp::shared().await;

    let heard = app.caller().asks("check_availability", json!({})).await;

    assert!(!heard.is_error);
    assert!(
        heard.says("For example, I have today at nine or tomorrow at eight. Which would you like?"),
        "{}",
        heard.words
    );
    assert_eq!(heard.tokens(), ["2026-11-23T09:00", "2026-11-24T08:00"]);
}

#[tokio::test]
async fn a_caller_who_speaks_spanish_is_answered_in_spanish() {
    let app = TestApp::shared().await;

    let heard = app
        .caller()
        .asks(
            "check_availability",
            json!({ "date": "martes", "language": "es" }),
        )
        .await;

    assert!(
        heard.says("Mañana tengo a las ocho, a las doce del mediodía o a las cinco."),
        "{}",
        heard.words
    );
    assert_eq!(
        heard.tokens(),
        ["2026-11-24T08:00", "2026-11-24T12:00", "2026-11-24T17:00"]
    );
}

#[tokio::test]
async fn an_assistant_that_speaks_spanish_answers_in_spanish() {
    let app = TestApp::shared().await;
    app.database
        .run("update vapi_assistants set language = 'es'")
        .await;

    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;

    assert!(
        heard.says("El martes primero de diciembre tengo a las ocho, a las doce del mediodía o a las cinco."),
        "{}",
        heard.words
    );
}

#[tokio::test]
async fn a_organization_that_speaks_one_language_answers_in_it() {
    let app = TestApp::shared().await;
    app.rules(&json!({ "languages": ["es"] })).await;

    // Whatever the assistant's language is, and whatever the model asks for.
    for language in ["en", "es"] {
        let heard = app
            .caller()
            .asks(
                "check_availability",
                json!({ "date": "2026-11-24", "language": language }),
            )
            .await;
        assert!(heard.says("Mañana tengo a las ocho"), "{}", heard.words);
    }
}

#[tokio::test]
async fn nothing_within_the_horizon_is_said_with_another_way_to_be_helped() {
    let app = TestApp::shared().await;
    app.rules(&json!({ "hours": {
        "monday": [], "tuesday": [], "wednesday": [], "thursday": [], "friday": []
    }}))
    .await;

    let heard = app
        .caller()
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;

    assert!(heard.says("someone call you"), "{}", heard.words);
    assert!(heard.tokens().is_empty());
}

/// An appointment of the test organization, written by hand.
fn appointment(date: &str, time: &str, minutes: i32, status: &str) -> String {
    format!(
        "insert into appointments (organization_id, customer_name, customer_phone, appointment_type,
             scheduled_date, scheduled_time, duration_minutes, status)
         values ('0f0f0f0f-0000-4000-8000-000000000001', 'Someone', '+13035550199', 'repair',
             '{date}', '{time}', {minutes}, '{status}')"
    )
}

/// Monday, 23 November 2026: the next first of December is that of this year, the next fifth of January that of the next.
#[tokio::test]
async fn a_day_is_said_with_its_year_where_another_would_be_assumed() {
    let app = TestApp::shared().await;
    for (date, language, said) in [
        (
            "December 1st 2027",
            "en",
            "Wednesday, December first, twenty twenty-seven is further ahead than I can book",
        ),
        (
            "January 5th 2028",
            "en",
            "Wednesday, January fifth, twenty twenty-eight is further ahead",
        ),
        (
            "1 de diciembre de 2027",
            "es",
            "Todavía no puedo agendar para el miércoles primero de diciembre de dos mil veintisiete.",
        ),
        (
            "November 17th 2025",
            "en",
            "November seventeenth, twenty twenty-five",
        ),
    ] {
        let arguments = json!({ "date": date, "language": language });
        let heard = app.caller().asks("check_availability", arguments).await;
        assert!(heard.says(said), "{date}: {}", heard.words);
    }
    for date in ["December 1st", "January 5th 2027", "2027-11-22"] {
        let heard = app
            .caller()
            .asks("check_availability", json!({ "date": date }))
            .await;
        assert!(!heard.says("twenty twenty"), "{date}: {}", heard.words);
    }
}
