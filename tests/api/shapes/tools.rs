//! What a tool call does, in every shape.

use super::*;

#[tokio::test]
async fn a_question_is_answered_alike_in_every_shape() {
    let app = TestApp::shared().await;
    app.database.run(BUSY_MORNING).await;

    let mut words = BTreeMap::<String, Vec<&str>>::new();
    for shape in MORNINGS {
        let heard = heard_once(&app, &format!("{CHECK}/{shape}")).await;
        assert!(!heard.is_error, "{shape}: {}", heard.words);
        assert!(
            heard.says("Tuesday, December first"),
            "{shape}: {}",
            heard.words
        );
        assert_eq!(heard.tokens(), LEFT, "{shape}");
        words.entry(heard.words).or_default().push(shape);
    }

    assert_eq!(words.len(), 1, "{words:?}");
}

#[tokio::test]
async fn the_older_form_of_a_tool_call_is_answered_with_a_bare_result() {
    let app = TestApp::shared().await;
    app.database.run(BUSY_MORNING).await;

    let reply = replied(&app, LEGACY).await;

    assert_eq!(reply.as_object().unwrap().len(), 1, "{reply}");
    let heard = Spoken::of(&reply);
    assert!(heard.says("Tuesday, December first"), "{}", heard.words);
    assert_eq!(heard.tokens(), LEFT);
    let newer = heard_once(&app, "check_availability/object_arguments").await;
    assert_eq!(heard, newer);
}

#[tokio::test]
async fn a_number_among_the_arguments_counts_and_a_null_is_left_out() {
    let app = TestApp::shared().await;
    app.database.run(BUSY_MORNING).await;

    let heard = heard_once(&app, "check_availability/numbers_and_nulls_in_arguments").await;

    assert!(!heard.is_error, "{}", heard.words);
    assert!(heard.says("Tuesday, December first"), "{}", heard.words);
    assert_eq!(
        heard.tokens(),
        ["2026-12-01T13:00", "2026-12-01T14:00", "2026-12-01T16:00"],
        "ninety minutes do not fit in before one o'clock"
    );
}

#[tokio::test]
async fn a_question_without_arguments_is_asked_back_with_two_examples() {
    let app = TestApp::shared().await;

    for shape in SILENT {
        let heard = heard_once(&app, &format!("{CHECK}/{shape}")).await;
        assert!(!heard.is_error, "{shape}: {}", heard.words);
        assert!(
            heard.says(
                "For example, I have today at nine or tomorrow at eight. Which would you like?"
            ),
            "{shape}: {}",
            heard.words
        );
        assert_eq!(
            heard.tokens(),
            ["2026-11-23T09:00", "2026-11-24T08:00"],
            "{shape}"
        );
    }
}

#[tokio::test]
async fn a_call_that_stands_in_three_lists_is_answered_once() {
    let app = TestApp::shared().await;

    let long = heard_once(&app, "check_availability/long_call_in_three_lists").await;
    assert!(!long.is_error, "{}", long.words);
    assert!(long.says("Thursday, December third"), "{}", long.words);
    assert_eq!(
        long.tokens(),
        ["2026-12-03T12:00", "2026-12-03T13:00", "2026-12-03T14:00"]
    );

    let booked = heard_once(&app, "book_appointment/in_three_lists").await;
    assert!(booked.says("You're booked for"), "{}", booked.words);
    assert_eq!(appointments(&app).await, 1);

    let halved = heard_once(&app, "check_availability/arguments_lost_in_one_list").await;
    assert!(!halved.is_error, "{}", halved.words);
    assert!(halved.says("Tuesday, December first"), "{}", halved.words);
    assert_eq!(
        halved.tokens(),
        ["2026-12-01T08:00", "2026-12-01T10:00", "2026-12-01T11:00"],
        "the booking at nine is seen"
    );
}

#[tokio::test]
async fn a_booking_is_the_same_row_in_every_shape() {
    for shape in REPAIRS {
        let app = TestApp::shared().await;

        let heard = heard_once(&app, &format!("{BOOK}/{shape}")).await;

        assert!(!heard.is_error, "{shape}: {}", heard.words);
        assert!(
            heard.says(
                "You're booked for Tuesday, December first, at nine: repair at 1208 Larkspur Court, Aurora, \
                 under the name Rosa Delgado."
            ),
            "{shape}: {}",
            heard.words
        );
        let row = app
            .database
            .object(
                "select scheduled_date, scheduled_time, duration_minutes, appointment_type, service_address,
                        service_description, customer_name, customer_phone, status
                 from appointments",
            )
            .await;
        assert_eq!(
            row,
            json!({
                "scheduled_date": "2026-12-01",
                "scheduled_time": "09:00:00",
                "duration_minutes": 60,
                "appointment_type": "repair",
                "service_address": "1208 Larkspur Court, Aurora",
                "service_description": "The water heater leaks.",
                "customer_name": "Rosa Delgado",
                "customer_phone": "+13035550142",
                "status": "confirmed",
            }),
            "{shape}"
        );
    }
}

#[tokio::test]
async fn a_booking_asked_again_under_a_new_id_is_one_appointment() {
    let app = TestApp::shared().await;

    let first = heard_once(&app, "book_appointment/object_arguments").await;
    let again = heard_once(&app, "book_appointment/asked_again_under_a_new_id").await;

    assert!(first.says("You're booked for"), "{}", first.words);
    assert_eq!(first, again);
    assert_eq!(appointments(&app).await, 1);
}

#[tokio::test]
async fn spanish_words_with_accents_arrive_whole() {
    let app = TestApp::shared().await;

    let heard = heard_once(&app, "book_appointment/spanish_arguments").await;

    assert!(!heard.is_error, "{}", heard.words);
    for part in [
        "martes veinticuatro de noviembre",
        "a las nueve,",
        "Begoña Núñez",
    ] {
        assert!(heard.says(part), "{}", heard.words);
    }
    let row = app
        .database
        .object("select scheduled_date, scheduled_time, customer_name, service_description from appointments")
        .await;
    assert_eq!(
        row,
        json!({
            "scheduled_date": "2026-11-24",
            "scheduled_time": "09:00:00",
            "customer_name": "Begoña Núñez",
            "service_description": "El calentador gotea 😟",
        })
    );
}

#[tokio::test]
async fn arguments_that_cannot_be_read_book_nothing_and_are_asked_for_again() {
    let app = TestApp::shared().await;

    for shape in [
        "malformed_arguments",
        "arguments_in_words",
        "arguments_as_a_list",
    ] {
        let heard = heard_once(&app, &format!("{BOOK}/{shape}")).await;
        assert!(heard.is_error, "{shape}: {}", heard.words);
        assert!(heard.says("say that again"), "{shape}: {}", heard.words);
    }

    assert_eq!(appointments(&app).await, 0);
}

#[tokio::test]
async fn a_call_that_cannot_be_read_takes_none_of_its_neighbours_down() {
    let app = TestApp::shared().await;

    let heard = heard(&app, "messages/several_tool_calls").await;

    let [offered, booked, invented, unreadable] = heard.as_slice() else {
        panic!("four results are expected: {heard:?}");
    };
    assert!(
        !offered.is_error && offered.says("Tuesday, December first"),
        "{}",
        offered.words
    );
    assert!(
        !booked.is_error && booked.says("You're booked for Tuesday, December first"),
        "{}",
        booked.words
    );
    assert!(
        invented.is_error && invented.says("can't do that"),
        "{}",
        invented.words
    );
    assert!(
        unreadable.is_error && unreadable.says("say that again"),
        "{}",
        unreadable.words
    );
    assert_eq!(appointments(&app).await, 1);
    let transfers: i64 = app
        .database
        .value("select count(*) from call_transfers")
        .await;
    assert_eq!(transfers, 0);
}

#[tokio::test]
async fn a_transfer_is_written_down_with_its_reason_in_every_shape() {
    for (shape, reason) in [
        ("object_arguments", true),
        ("flat_name_and_parameters", true),
        ("without_a_control_url", true),
        ("foreign_control_url", true),
        ("without_arguments", false),
    ] {
        let app = TestApp::shared().await;
        app.database.run(OFFICE).await;

        let heard = heard_once(&app, &format!("{TRANSFER}/{shape}")).await;

        assert!(!heard.is_error, "{shape}: {}", heard.words);
        assert!(
            heard.says("cannot put this call through"),
            "{shape}: {}",
            heard.words
        );
        let row = app.database.object("select * from call_transfers").await;
        assert_eq!(row["status"], "failed", "{shape}");
        assert_eq!(row["transfer_to"], "+13035550101", "{shape}");
        if reason {
            assert_eq!(
                row["reason"], "The caller wants to speak with a person about an invoice.",
                "{shape}"
            );
            assert_eq!(
                row["summary"], "Rosa Delgado asks about the invoice of last week.",
                "{shape}"
            );
        }
    }
}

#[tokio::test]
async fn an_emergency_reaches_the_contact_with_its_description_in_every_shape() {
    for (shape, description, urgency) in [
        (
            "object_arguments",
            "There is a strong smell of gas in the basement.",
            "critical",
        ),
        (
            "string_arguments",
            "There is a strong smell of gas in the basement.",
            "critical",
        ),
        (
            "declared_with_function_parameters",
            "There is a strong smell of gas in the basement.",
            "critical",
        ),
        (
            "spanish_string_arguments",
            "Se reventó una tubería y el agua está entrando a la casa.",
            "high",
        ),
    ] {
        let app = TestApp::paging(&[DANA]).await;
        app.database.run(ON_CALL).await;

        let heard = heard_once(&app, &format!("{EMERGENCY}/{shape}")).await;

        assert!(!heard.is_error, "{shape}: {}", heard.words);
        assert!(heard.says("Dana Ruiz"), "{shape}: {}", heard.words);
        assert_eq!(
            heard.words.starts_with("Leave the building now"),
            urgency == "critical",
            "{shape}: {}",
            heard.words
        );
        let row = app
            .database
            .object("select urgency, message from emergency_incidents")
            .await;
        assert_eq!(row["urgency"], urgency, "{shape}");
        let message = row["message"].as_str().unwrap();
        assert!(message.contains(description), "{shape}: {message}");
    }
}
