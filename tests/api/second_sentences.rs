//! What callers say once they have been offered something. Monday, 23 November 2026, 08:00 in Denver, where Tuesday has free times from
//! eight to five.

use serde_json::{Value, json};

use crate::support::{Caller, Spoken, TestApp};

async fn checks(caller: &Caller<'_>, date: &str, time: &str) -> Spoken {
    let arguments = json!({ "date": date, "time": time });
    caller.asks("check_availability", arguments).await
}

async fn books(caller: &Caller<'_>, date: &str, time: &str) -> Spoken {
    let arguments = json!({ "customer_name": "Maria Lopez", "date": date, "time": time });
    caller.asks("book_appointment", arguments).await
}

/// When the appointments are.
async fn appointments(app: &TestApp) -> Vec<String> {
    app.database
        .column(
            "select to_char(scheduled_date + scheduled_time, 'YYYY-MM-DD\"T\"HH24:MI')
             from appointments where status = 'confirmed' order by scheduled_date, scheduled_time",
        )
        .await
}

#[tokio::test]
async fn what_refers_to_an_offer_books_that_option_and_names_it() {
    let app = TestApp::shared().await;
    // Offered: eight, noon or five.
    for (date, time, booked, said) in [
        ("the first one", "", "08:00", "at eight"),
        ("", "the second one", "12:00", "at noon"),
        ("Tuesday", "either one", "08:00", "at eight"),
        ("the last one", "", "17:00", "at five"),
        ("the later one", "", "17:00", "at five"),
        ("the middle one", "", "12:00", "at noon"),
        ("the noon one", "", "12:00", "at noon"),
        ("la primera", "", "08:00", "at eight"),
        ("cualquiera", "", "08:00", "at eight"),
        ("la de las cinco", "", "17:00", "at five"),
        ("", "5 pm", "17:00", "at five"),
        ("the third option, please", "", "17:00", "at five"),
    ] {
        let caller = app.caller();
        let offered = checks(&caller, "Tuesday", "").await;
        assert_eq!(
            offered.tokens(),
            ["2026-11-24T08:00", "2026-11-24T12:00", "2026-11-24T17:00"]
        );

        let heard = books(&caller, date, time).await;

        assert!(
            heard.says("booked for tomorrow"),
            "{date} {time}: {}",
            heard.words
        );
        assert!(heard.says(said), "{date} {time}: {}", heard.words);
        assert_eq!(
            appointments(&app).await,
            [format!("2026-11-24T{booked}")],
            "{date} {time}"
        );
        app.dashboard("delete from appointments").await;
    }
}

#[tokio::test]
async fn what_may_refer_to_several_options_is_asked_about() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    for (date, time) in [
        ("that one", ""),
        ("the other one", ""),
        ("the later of the two", ""),
        ("both", ""),
        ("yes", ""),
        ("Tuesday", "the third of the two"),
    ] {
        checks(&caller, "Tuesday", "").await;
        let heard = books(&caller, date, time).await;
        assert!(!heard.is_error, "{date}");
        assert!(
            heard.says("Which one do you mean"),
            "{date} {time}: {}",
            heard.words
        );
        assert_eq!(heard.tokens().len(), 3, "{date} {time}: {}", heard.words);
    }
    assert!(appointments(&app).await.is_empty());
}

#[tokio::test]
async fn what_refers_to_an_offer_that_nobody_made_is_asked_about_with_two_options() {
    let app = TestApp::shared().await;
    for said in [
        "the first one",
        "either",
        "that one",
        "la primera",
        "the later of the two",
        "la última",
    ] {
        let heard = books(&app.caller(), said, "").await;
        assert!(!heard.is_error, "{said}");
        assert!(heard.says("not sure which time"), "{said}: {}", heard.words);
        assert_eq!(heard.tokens().len(), 2, "{said}");
    }
    assert!(appointments(&app).await.is_empty());
}

#[tokio::test]
async fn another_calls_offer_is_none() {
    let app = TestApp::shared().await;
    checks(&app.caller(), "Tuesday", "").await;

    let heard = books(&app.caller(), "the first one", "").await;

    assert!(heard.says("not sure which time"), "{}", heard.words);
    assert!(appointments(&app).await.is_empty());
}

#[tokio::test]
async fn the_last_offer_counts_also_one_that_came_with_a_refusal() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    checks(&caller, "Tuesday", "").await;
    books(&app.caller(), "2026-11-24T08:00", "").await;
    let refused = books(&caller, "the first one", "").await;
    assert!(refused.says("already taken"), "{}", refused.words);
    let instead = refused.tokens()[1].to_owned();

    let heard = books(&caller, "the second one", "").await;

    assert!(heard.says("You're booked"), "{}", heard.words);
    assert!(appointments(&app).await.contains(&instead), "{instead}");
}

#[tokio::test]
async fn vague_words_are_answered_with_what_is_free_and_book_nothing() {
    let app = TestApp::shared().await;
    for tool in ["book_appointment", "hold_slot"] {
        for (date, time) in [
            ("Tuesday", "morning"),
            ("Tuesday", "after three"),
            ("tomorrow", ""),
            ("ASAP", ""),
            ("as soon as possible", ""),
            ("next week", "afternoon"),
            ("mañana", "por la tarde"),
        ] {
            let arguments = json!({ "customer_name": "Maria Lopez", "date": date, "time": time });
            let heard = app.caller().asks(tool, arguments).await;
            assert!(!heard.is_error, "{tool} {date} {time}: {}", heard.words);
            assert!(
                !heard.tokens().is_empty(),
                "{tool} {date} {time}: {}",
                heard.words
            );
        }
    }
    assert!(appointments(&app).await.is_empty());
}

#[tokio::test]
async fn what_is_said_later_is_added_to_the_appointment() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    books(&caller, "Tuesday", "9 am").await;
    let again = async |more: Value| {
        let mut arguments =
            json!({ "customer_name": "Maria Lopez", "date": "Tuesday", "time": "9 am" });
        arguments
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        caller.asks("book_appointment", arguments).await
    };

    for (more, said) in [
        (
            json!({ "service_address": "12 Elm Street, Denver" }),
            "the address 12 Elm Street",
        ),
        (
            json!({ "customer_email": "maria@example.com" }),
            "the email",
        ),
        (
            json!({ "service_description": "The tap drips" }),
            "what is to be done",
        ),
        (
            json!({ "customer_phone": "303 555 0177" }),
            "the phone number",
        ),
    ] {
        let heard = again(more.clone()).await;
        assert!(
            heard.says("already booked for tomorrow"),
            "{more}: {}",
            heard.words
        );
        assert!(heard.says(said), "{more}: {}", heard.words);
    }

    let row = app.database.object("select * from appointments").await;
    assert_eq!(row["service_address"], "12 Elm Street, Denver");
    assert_eq!(row["customer_email"], "maria@example.com");
    assert_eq!(row["service_description"], "The tap drips");
    assert_eq!(row["customer_phone"], "+13035550177");
    assert_eq!(appointments(&app).await, ["2026-11-24T09:00"]);
}

#[tokio::test]
async fn appointments_are_named_by_reference() {
    let app = TestApp::shared().await;
    for (named, left) in [
        ("the first one", vec!["2026-11-25T10:00"]),
        ("the second one", vec!["2026-11-24T09:00"]),
        ("the last one", vec!["2026-11-24T09:00"]),
        ("the earlier one", vec!["2026-11-25T10:00"]),
        ("both", vec![]),
        ("all of them", vec![]),
        ("las dos", vec![]),
        ("la primera", vec!["2026-11-25T10:00"]),
        ("mi próxima cita", vec!["2026-11-25T10:00"]),
        (
            "my appointment",
            vec!["2026-11-24T09:00", "2026-11-25T10:00"],
        ),
        ("the plumber", vec!["2026-11-24T09:00", "2026-11-25T10:00"]),
    ] {
        let caller = app.caller();
        books(&caller, "Tuesday", "9 am").await;
        books(&caller, "Wednesday", "10 am").await;

        let heard = caller
            .asks("cancel_appointment", json!({ "appointment": named }))
            .await;

        assert!(!heard.is_error, "{named}: {}", heard.words);
        assert_eq!(appointments(&app).await, left, "{named}: {}", heard.words);
        app.dashboard("delete from appointments").await;
    }
}

#[tokio::test]
async fn the_only_appointment_is_named_and_called_off_however_it_is_called() {
    let app = TestApp::shared().await;
    for named in [
        "my appointment",
        "the appointment",
        "mi cita",
        "it",
        "the first one",
        "the next one",
    ] {
        let caller = app.caller();
        books(&caller, "Tuesday", "9 am").await;

        let heard = caller
            .asks("cancel_appointment", json!({ "appointment": named }))
            .await;

        assert!(heard.says("tomorrow at nine"), "{named}: {}", heard.words);
        assert!(appointments(&app).await.is_empty(), "{named}");
    }
}

#[tokio::test]
async fn what_cannot_be_used_is_left_out_and_asked_for_later() {
    let app = TestApp::shared().await;
    let arguments = json!({
        "customer_name": "Maria Lopez",
        "name": "Maria Lopez",
        "date": ["Tuesday"],
        "time": { "hour": "9 am" },
        "service_address": { "line": "12 Elm Street", "city": "Denver" },
        "customer_phone": "call me",
        "duration_minutes": "a while",
        "service_description": true,
        "postal_code": {},
        "notes": [[], {}],
    });

    let heard = app.caller().asks("book_appointment", arguments).await;

    assert!(heard.says("You're booked for tomorrow"), "{}", heard.words);
    for name in ["customer_phone", "duration_minutes", "service_description"] {
        assert!(heard.says(name), "{name}: {}", heard.words);
    }
    let row = app.database.object("select * from appointments").await;
    assert!(
        row["service_address"]
            .as_str()
            .unwrap()
            .contains("12 Elm Street")
    );
    assert!(
        row["customer_phone"]
            .as_str()
            .unwrap()
            .starts_with("+1303555")
    );
    assert_eq!(row["duration_minutes"], 60);
}

#[tokio::test]
async fn an_hour_by_itself_is_of_the_day_that_was_offered_and_a_vague_one_is_offered_there() {
    let app = TestApp::shared().await;
    let caller = app.caller();
    // Eight, noon or five.
    checks(&caller, "Tuesday", "").await;
    for vague in ["after three", "between four and six", "in the morning"] {
        let heard = books(&caller, "", vague).await;
        assert!(heard.says("Tomorrow I have"), "{vague}: {}", heard.words);
        assert!(
            heard.words.contains("Which would you like?"),
            "{vague}: {}",
            heard.words
        );
    }
    assert!(appointments(&app).await.is_empty());

    let heard = books(&caller, "", "at three").await;

    assert!(heard.says("booked for tomorrow"), "{}", heard.words);
    assert_eq!(appointments(&app).await, ["2026-11-24T15:00"]);
}

#[tokio::test]
async fn a_number_in_a_list_or_an_object_is_no_hour_and_no_day() {
    let app = TestApp::shared().await;
    for odd in [
        json!({ "a": 1 }),
        json!([1]),
        json!({ "hour": { "from": 9, "to": 10 } }),
        json!([[2], null]),
    ] {
        for tool in ["check_availability", "hold_slot"] {
            let arguments = json!({ "date": "Tuesday", "time": odd });
            let heard = app.caller().asks(tool, arguments).await;
            assert!(
                heard.says("I have eight, noon or five") || heard.says("Which would you like?"),
                "{tool} {odd}: {}",
                heard.words
            );
            assert!(
                heard.says("not understood, ask for it: time"),
                "{tool} {odd}: {}",
                heard.words
            );
        }
        let heard = app
            .caller()
            .asks("check_availability", json!({ "date": odd }))
            .await;
        assert!(
            heard.says("not understood, ask for it: date"),
            "{odd}: {}",
            heard.words
        );
    }
    // Words in them are understood, and what is blank is left out.
    for (time, said) in [
        (json!(["9 am"]), "Yes, I have tomorrow at nine."),
        (
            json!({ "hour": "9 am", "minutes": 60 }),
            "Yes, I have tomorrow at nine.",
        ),
        (json!({}), "Tomorrow I have eight, noon or five."),
        (json!([null]), "Tomorrow I have eight, noon or five."),
    ] {
        let arguments = json!({ "date": "Tuesday", "time": time });
        let heard = app.caller().asks("check_availability", arguments).await;
        assert!(heard.says(said), "{time}: {}", heard.words);
        assert!(!heard.says("not understood"), "{time}: {}", heard.words);
    }
}
