//! What callers say, and models make of it, from the words to the row. Monday, 23 November 2026, 08:00 in Denver, unless a test
//! says otherwise.

use serde_json::{Value, json};

use crate::support::{Spoken, TestApp, operator::with_environment};

async fn checks(app: &TestApp, date: &str, time: Option<&str>) -> Spoken {
    let arguments = json!({ "date": date, "time": time });
    app.caller().asks("check_availability", arguments).await
}

/// Each row: the day and the time as they are said, and what is heard of them.
async fn hears(app: &TestApp, table: &[(&str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (date, time, expected) in table {
        let heard = checks(app, date, (!time.is_empty()).then_some(time)).await;
        if !heard.says(expected) {
            wrong.push(format!("{date} {time}: {}", heard.words));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

async fn books(app: &TestApp, arguments: Value) -> Spoken {
    app.caller().asks("book_appointment", arguments).await
}

#[tokio::test]
async fn one_days_notice_is_a_day_of_the_calendar_or_twenty_four_hours() {
    let app = TestApp::start().await;
    let asks = async |token: &str| {
        books(
            &app,
            json!({ "customer_name": "Maria Lopez", "date": token }),
        )
        .await
    };

    // Monday at eight: by the calendar, all of tomorrow; by the clock, from tomorrow at eight.
    app.rules(&json!({ "lead_minutes": 0, "lead_days": 1 }))
        .await;
    app.at("2026-11-23T16:30:00Z");
    assert!(asks("2026-11-23T17:00").await.says("too late"));
    assert!(asks("2026-11-24T08:00").await.says("You're booked"));
    let today = checks(&app, "today", None).await;
    assert!(
        today.says("It is too late to book that for today. The next openings are tomorrow at nine, one or five."),
        "{}",
        today.words
    );

    app.rules(&json!({ "lead_minutes": 1440, "lead_days": 0 }))
        .await;
    assert!(asks("2026-11-24T09:00").await.says("too late"));
    assert!(asks("2026-11-24T10:00").await.says("You're booked"));
}

#[tokio::test]
async fn a_horizon_that_ends_before_the_notice_is_refused_with_its_reason() {
    let app = TestApp::shared().await;

    for settings in [
        json!({ "horizon_days": 2, "lead_minutes": 7200 }),
        json!({ "horizon_days": 2, "lead_days": 5 }),
    ] {
        let refused = app
            .database
            .try_run(&format!("update organizations set settings = '{settings}'"))
            .await
            .unwrap_err();
        assert!(
            refused.message.contains("horizon_days of 2"),
            "{}",
            refused.message
        );
        assert!(
            refused.message.contains("nothing could ever be booked"),
            "{}",
            refused.message
        );
    }
}

#[tokio::test]
async fn a_pending_appointment_holds_its_time_so_that_two_are_never_confirmed() {
    let app = TestApp::shared().await;
    let pending = |name: &str| {
        format!(
            "insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date,
                 scheduled_time, status)
             values ('0f0f0f0f-0000-4000-8000-000000000001', '{name}', '+13035550199', 'repair', '2026-12-01', '09:00',
                 'pending')"
        )
    };
    app.database.run(&pending("Ruth")).await;

    let refused = app.database.try_run(&pending("Luis")).await.unwrap_err();
    assert_eq!(refused.code, "23P01");
    let heard = books(
        &app,
        json!({ "customer_name": "Maria", "date": "2026-12-01T09:00" }),
    )
    .await;
    assert!(heard.says("already taken"), "{}", heard.words);
    app.database
        .run("update appointments set status = 'confirmed'")
        .await;
    let confirmed: i64 = app
        .database
        .value("select count(*) from appointments where status = 'confirmed'")
        .await;
    assert_eq!(confirmed, 1);
}

#[tokio::test]
async fn every_answer_with_a_date_carries_todays_for_the_model() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    let appointment = json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" });

    for (tool, arguments) in [
        ("check_availability", json!({ "date": "tomorrow" })),
        ("check_availability", json!({ "date": "2019-12-01" })),
        ("hold_slot", appointment.clone()),
        ("book_appointment", appointment.clone()),
        (
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T03:17" }),
        ),
        ("find_appointments", json!({})),
        (
            "reschedule_appointment",
            json!({ "date": "2026-12-01T10:00" }),
        ),
        ("cancel_appointment", json!({})),
    ] {
        let heard = caller.asks(tool, arguments).await;
        assert!(
            heard
                .words
                .ends_with("today: Monday 2026-11-23, America/Denver]"),
            "{tool}: {}",
            heard.words
        );
    }
}

#[tokio::test]
async fn tomorrow_said_after_midnight_is_asked_about_with_both_days() {
    let app = TestApp::start().await;
    app.at("2026-11-24T07:30:00Z");

    let heard = checks(&app, "tomorrow", None).await;

    assert!(
        heard.says("Did you mean today, or tomorrow?"),
        "{}",
        heard.words
    );
    assert_eq!(heard.tokens(), ["2026-11-24", "2026-11-25"]);
}

#[tokio::test]
async fn hours_as_callers_say_them_are_understood_or_asked_about() {
    let app = TestApp::shared().await;
    let open = "Yes, I have Tuesday, December first, at two.";
    hears(
        &app,
        &[
            ("December 1st", "2", open),
            ("December 1st", "2pm", open),
            ("December 1st", "two", open),
            ("December 1st", "14:00", open),
            ("December 1st", "1400", open),
            (
                "December 1st",
                "noon",
                "Yes, I have Tuesday, December first, at noon.",
            ),
            ("December 1st", "two thirty", "two thirty"),
            ("December 1st", "half past two", "two thirty"),
            ("December 1st", "between 2 and 4", "I have two or three."),
            ("December 1st", "after 3", "three"),
            ("December 1st", "first thing", "eight"),
            ("December 1st", "any time", "eight"),
            ("December 1st", "12am", "midnight"),
            (
                "December 1st",
                "purple",
                "I have the day, Tuesday, December first, but not the time. \
                 For example, I have Tuesday, December first, at eight or five.",
            ),
            ("December 1st", "25:00", "There is no such time of day."),
        ],
    )
    .await;
}

#[tokio::test]
async fn afternoon_is_not_noon_and_one_that_is_over_is_not_this_one() {
    let app = TestApp::start().await;
    let heard = checks(&app, "December 1st", Some("in the afternoon")).await;
    assert_eq!(
        heard.tokens(),
        ["2026-12-01T12:00", "2026-12-01T13:00", "2026-12-01T14:00"]
    );

    // Six in the evening.
    app.at("2026-11-24T01:00:00Z");
    let heard = checks(&app, "this afternoon", None).await;
    assert!(
        heard.says("The next openings are tomorrow at noon, one or two."),
        "{}",
        heard.words
    );
    assert_eq!(
        heard.tokens(),
        ["2026-11-24T12:00", "2026-11-24T13:00", "2026-11-24T14:00"]
    );
}

#[tokio::test]
async fn weekdays_and_dates_are_found_or_asked_about() {
    let app = TestApp::shared().await;
    hears(
        &app,
        &[
            (
                "Tuesday",
                "",
                "Tomorrow I have eight, noon or five. [options: 2026-11-24T08:00",
            ),
            (
                "next Tuesday",
                "",
                "Tomorrow I have eight, noon or five. [options: 2026-11-24T08:00",
            ),
            ("this Friday", "", "Friday, November twenty-seventh"),
            ("in two weeks", "", "Monday, December seventh"),
            ("Friday the 14th", "", "Did you mean"),
            ("November 31st", "", "November has only thirty days."),
            ("February 29", "", "February has only twenty-eight days."),
            ("the end of the month", "", "[options: 2026-11-"),
            (
                "some day",
                "",
                "I did not catch the day. For example, I have today at nine or tomorrow at eight.",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn a_day_that_does_not_exist_offers_none_that_cannot_be_booked() {
    let app = TestApp::shared().await;
    let asks = async |days: u32, cases: &[(&str, &str, &str)]| {
        app.rules(&json!({ "horizon_days": days })).await;
        for (language, date, words) in cases {
            let args = json!({ "date": date, "language": language });
            let heard = app.caller().asks("check_availability", args).await;
            let spoken = heard.words.split(" [").next();
            assert_eq!(spoken, Some(*words), "{date}: {}", heard.words);
        }
    };
    let no_february = "February has only twenty-eight days. Which day would you like?";
    asks(
        60,
        &[
            ("en", "February 30th", no_february),
            ("en", "2027-02-30", no_february),
            ("en", "2026-02-30", no_february),
            (
                "es",
                "el 31 de abril",
                "Abril solo tiene treinta días. ¿Qué día le conviene?",
            ),
            (
                "en",
                "August 16, 2024",
                "Friday, August sixteenth, twenty twenty-four is in the past. Which day would you like?",
            ),
        ],
    )
    .await;
    asks(
        14,
        &[
            (
                "en",
                "November 31st",
                "November has only thirty days. Did you mean Monday, November thirtieth?",
            ),
            (
                "es",
                "el 31 de noviembre",
                "Noviembre solo tiene treinta días. ¿Quiso decir el lunes treinta de noviembre?",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn numbers_are_month_and_day_in_both_languages_and_spoken_back_in_words() {
    let app = TestApp::shared().await;
    app.rules(&json!({ "horizon_days": 365 })).await;
    for (language, date, words) in [
        ("en", "3/4", "Thursday, March fourth"),
        ("es", "3/4", "jueves cuatro de marzo"),
        ("en", "03-04-2027", "Thursday, March fourth"),
        ("es", "03-04-2027", "jueves cuatro de marzo"),
    ] {
        let heard = app
            .caller()
            .asks(
                "check_availability",
                json!({ "date": date, "language": language }),
            )
            .await;
        assert!(heard.says(words), "{language} {date}: {}", heard.words);
    }
}

#[tokio::test]
async fn spanish_is_understood_with_and_without_accents() {
    let app = TestApp::shared().await;
    hears(
        &app,
        &[
            ("mañana", "", "Tomorrow I have eight, noon or five."),
            ("manana", "", "Tomorrow I have eight, noon or five."),
            (
                "mañana por la mañana",
                "",
                "Tomorrow I have eight, nine or ten.",
            ),
            (
                "pasado mañana a mediodía",
                "",
                "Yes, I have Wednesday, November twenty-fifth, at noon.",
            ),
            (
                "el martes que viene a las tres menos cuarto",
                "",
                "two forty-five",
            ),
            (
                "el miercoles a las 2 de la tarde",
                "",
                "Yes, I have Wednesday, November twenty-fifth, at two.",
            ),
            ("de hoy en ocho", "", "Monday, November thirtieth"),
            ("dentro de tres días", "", "Thursday, November twenty-sixth"),
            (
                "el primero de diciembre a las dos y media",
                "",
                "two thirty",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn both_languages_in_one_sentence_are_understood() {
    let app = TestApp::shared().await;
    hears(
        &app,
        &[
            ("martes a las 2pm", "", "Yes, I have tomorrow at two."),
            (
                "tomorrow por la tarde",
                "",
                "Tomorrow I have noon, one or two.",
            ),
            (
                "el Friday",
                "at nine",
                "Yes, I have Friday, November twenty-seventh, at nine.",
            ),
        ],
    )
    .await;
}

#[tokio::test]
async fn whoever_calls_from_elsewhere_hears_whose_clock_it_is() {
    let app = TestApp::shared().await;
    let appointment = json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" });
    let mut caller = app.caller();
    caller.number = Some("+12125550142".to_owned());

    let heard = caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert!(heard.says("That is Mountain time."), "{}", heard.words);
    let heard = caller.asks("book_appointment", appointment.clone()).await;
    assert!(
        heard.says("at nine, under the name Maria Lopez. That is Mountain time."),
        "{}",
        heard.words
    );
    // The zone of the organization decides, not that of the telephone.
    let start: String = app
        .database
        .value("select scheduled_time::text from appointments")
        .await;
    assert_eq!(start, "09:00:00");
    let mut spanish = appointment;
    spanish["language"] = json!("es");
    spanish["date"] = json!("2026-12-01T10:00");
    let heard = caller.asks("book_appointment", spanish).await;
    assert!(heard.says("Es la hora de la montaña."), "{}", heard.words);

    let heard = checks(&app, "2026-12-01", None).await;
    assert!(!heard.says("Mountain"), "{}", heard.words);
}

#[tokio::test]
async fn a_time_that_was_offered_long_ago_is_looked_at_again() {
    let app = TestApp::start().await;
    let slow = app.caller();
    let heard = slow
        .asks("check_availability", json!({ "date": "2026-12-01T09:00" }))
        .await;
    assert!(
        heard.says("Yes, I have Tuesday, December first, at nine."),
        "{}",
        heard.words
    );

    app.at("2026-11-23T15:05:00Z");
    let quick = books(
        &app,
        json!({ "customer_name": "Ruth", "date": "2026-12-01T09:00" }),
    )
    .await;
    assert!(quick.says("You're booked"), "{}", quick.words);

    let heard = slow
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria", "date": "2026-12-01T09:00" }),
        )
        .await;
    assert!(heard.says("already taken"), "{}", heard.words);
    assert_eq!(heard.tokens().len(), 3, "{}", heard.words);
}

#[tokio::test]
async fn the_version_of_the_time_zones_is_shown_and_a_promised_hour_outlives_a_new_rule() {
    let version = with_environment(&["--version"], &[]);
    let version = String::from_utf8(version.stdout).unwrap();
    assert!(
        version.contains(&format!("(time zones {})", chrono_tz::IANA_TZDB_VERSION)),
        "{version}"
    );

    // An appointment is kept as what the clock on the wall will say: under another rule it is the same hour.
    let app = TestApp::shared().await;
    let caller = app.caller();
    caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "date": "2026-12-01T09:00" }),
        )
        .await;
    app.database
        .run("update organizations set timezone = 'America/Phoenix'")
        .await;
    let kept = app
        .database
        .object(
            "select scheduled_date, scheduled_time, lower(busy) as from_clock from appointments",
        )
        .await;
    assert_eq!(
        kept,
        json!({ "scheduled_date": "2026-12-01", "scheduled_time": "09:00:00", "from_clock": "2026-12-01T09:00:00" })
    );
}
