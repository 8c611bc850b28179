//! The same address, said in different words: for whoever proves that an appointment is theirs, for a second emergency, and for the way between
//! two appointments. Monday, 23 November 2026, 08:00 in Denver.

use serde_json::{Value, json};

use crate::support::{Caller, Spoken, TestApp, appointments::live, database::TestDatabase};

const PAIRS: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/fixtures/addresses/pairs.txt"
));

const DANA: &str = "+13035550103";

const ON_CALL: &str = "insert into emergency_contacts (organization_id, name, phone, call_enabled)
    values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', false)";

/// Every pair of the table: whether it is the same address, and the two.
fn pairs() -> Vec<(bool, String, String)> {
    PAIRS
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (sign, rest) = line.split_at(1);
            let (one, other) = rest.split_once('|').unwrap();
            let is_same = match sign {
                "=" => true,
                "!" => false,
                _ => panic!("{line}"),
            };
            (is_same, one.trim().to_owned(), other.trim().to_owned())
        })
        .collect()
}

#[tokio::test]
async fn two_addresses_are_the_same_or_not_whichever_comes_first() {
    let database = TestDatabase::new().await;
    let client = database.connect().await;
    let pairs = pairs();
    assert!(pairs.len() > 150, "{}", pairs.len());
    for (is_same, one, other) in pairs {
        for (one, other) in [(&one, &other), (&other, &one)] {
            let row = client
                .query_one(
                    "select private.is_same_address($1, $2), private.address_parts($1)::text, private.address_parts($2)::text",
                    &[one, other],
                )
                .await
                .unwrap();
            let read: [Option<String>; 2] = [row.get(1), row.get(2)];
            assert_eq!(row.get::<_, bool>(0), is_same, "{one} | {other}: {read:?}");
        }
    }
}

#[tokio::test]
async fn whatever_a_caller_says_for_an_address_is_read() {
    let database = TestDatabase::new().await;
    let words = [
        "20",
        "Main",
        "St",
        "#",
        "unit",
        "4",
        "b",
        "N",
        "calle",
        "de",
        "mayo",
        "no",
        "80202",
        "-",
        "½",
        "hundred",
        "one",
        "mil",
        "Col.",
        ",",
        "(",
        "highway",
        "floor",
        "2nd",
        "CO",
        "\n",
        "cp",
        "K1A",
        "0B1",
        "999999999999",
        "casa",
        "near",
        "'",
        "\u{301}",
        "李",
    ];
    // Every three of them, and much of one.
    let mut said: Vec<String> = Vec::new();
    for one in words {
        said.push(format!("{one} ").repeat(400));
        for other in words {
            said.push(format!("{one} {other} {one}"));
            said.push(format!("{other}{one} {other}, 20 Main St"));
        }
    }
    let row = database
        .rows(
            "select count(private.is_same_address(s, s)), count(*) from unnest($1::text[]) as s",
            &[&said],
        )
        .await;
    assert_eq!(row[0].get::<_, i64>(0), row[0].get::<_, i64>(1));
}

async fn books(caller: &Caller<'_>, date: &str, address: &str) {
    let heard = caller
        .asks(
            "book_appointment",
            json!({ "customer_name": "Maria Lopez", "service_address": address, "date": date }),
        )
        .await;
    assert!(heard.says("You're booked"), "{}", heard.words);
}

async fn cancels(app: &TestApp, name: &str, address: &str) -> Spoken {
    app.caller()
        .asks(
            "cancel_appointment",
            json!({ "customer_name": name, "service_address": address }),
        )
        .await
}

#[tokio::test]
async fn a_stranger_with_the_name_and_another_address_cancels_nothing() {
    let app = TestApp::shared().await;
    books(&app.caller(), "2026-12-01T09:00", "Apt 1, 20 Main St").await;

    for address in [
        "Apt 1, 77 Lake St",
        "20 Maple St",
        "Apt 2, 20 Main St",
        "20 Main Ave, Apt 1",
        "22 Main St",
        "Apt 1",
        "Main St",
        "20",
    ] {
        let heard = cancels(&app, "Maria Lopez", address).await;
        assert!(!heard.says("is cancelled"), "{address}: {}", heard.words);
        assert!(!heard.says("December"), "{address}: {}", heard.words);
    }
    let heard = cancels(&app, "Ana Lopez", "Apt 1, 20 Main St").await;
    assert!(!heard.says("is cancelled"), "{}", heard.words);
    assert_eq!(live(&app).await.len(), 1);
}

#[tokio::test]
async fn a_caller_from_another_telephone_proves_an_appointment_by_the_address_in_other_words() {
    for (booked, said) in [
        ("Unit 170, 640 Dewdney Road", "640 Dewdney Road, unit 170"),
        ("Apt 1, 20 Main St", "twenty Main Street number 1, Denver"),
        ("Calle Olmo 12, interior 3", "calle Olmo doce, depto. 3"),
        ("350 5th Ave", "350 Fifth Avenue"),
        ("20 N Main St, Denver", "20 North Main"),
        ("Avenida 5 de Mayo 20", "Av. Cinco de Mayo veinte"),
    ] {
        let app = TestApp::shared().await;
        books(&app.caller(), "2026-12-01T09:00", booked).await;
        let heard = cancels(&app, "maría lópez", said).await;
        assert!(heard.says("is cancelled"), "{said}: {}", heard.words);
        assert!(live(&app).await.is_empty());
    }
}

#[tokio::test]
async fn an_appointment_without_a_number_in_its_address_x() {
    let app = TestApp::shared().await;
    books(&app.caller(), "2026-12-01T09:00", "the old mill").await;
    let heard = cancels(&app, "Maria Lopez", "the old mill").await;
    assert!(!heard.says("is cancelled"), "{}", heard.words);
}

#[tokio::test]
async fn the_parts_of_a_appointments_address_follow_whatever_is_written() {
    let app = TestApp::start().await;
    books(&app.caller(), "2026-12-01T09:00", "20 Main St").await;
    let parts = async || -> Value {
        app.database
            .value("select coalesce(address_parts, 'null') from appointments")
            .await
    };
    assert_eq!(parts().await, Value::Null, "ways take no time here");
    app.database
        .run("update organizations set settings = settings || '{\"travel_minutes\": 15}'")
        .await;
    app.database
        .run("update appointments set service_address = '20 Main Street'")
        .await;
    assert_eq!(
        parts().await,
        json!({ "number": "20", "street": "main", "suffix": "street" })
    );
    app.database
        .run("update appointments set service_address = '22 Elm Ave'")
        .await;
    assert_eq!(parts().await["number"], "22");
    app.database
        .run("update appointments set address_parts = '{\"number\": 7}'")
        .await;
    assert_eq!(parts().await["street"], "elm");

    // A row from before the parts were kept is read when it is asked for.
    app.database
        .run("set session_replication_role = replica; update appointments set address_parts = null")
        .await;
    let heard = cancels(&app, "Maria Lopez", "22 Elm Avenue, Denver").await;
    assert!(heard.says("is cancelled"), "{}", heard.words);
}

async fn paging() -> TestApp {
    let app = TestApp::paging(&[DANA]).await;
    app.database.run(ON_CALL).await;
    app
}

async fn reports(caller: &Caller<'_>, description: &str, address: &str) {
    let heard = caller
        .asks(
            "flag_emergency",
            json!({ "description": description, "urgency": "high", "service_address": address }),
        )
        .await;
    assert!(!heard.is_error, "{}", heard.words);
}

/// The addresses of all emergencies, in the order in which they were opened.
async fn incidents(app: &TestApp) -> Vec<String> {
    app.database
        .column("select coalesce(service_address, '') from emergency_incidents order by opened_at, code")
        .await
}

#[tokio::test]
async fn a_second_emergency_at_another_address_is_one_of_its_own_and_pages_again() {
    for (first, second) in [
        ("Apt 1, 20 Main St", "Apt 1, 77 Lake St"),
        ("20 Main St", "20 Maple St"),
        ("20 Main St Apt 1", "20 Main St Apt 2"),
        ("20 N Main St", "20 S Main St"),
        ("Calle Olmo 12", "Calle Roble 12"),
    ] {
        let app = paging().await;
        let caller = app.caller();
        reports(&caller, "Water through the ceiling", first).await;
        reports(&caller, "Smoke in the hall", second).await;
        assert_eq!(incidents(&app).await, [first, second]);
        let paged: i64 = app
            .database
            .value("select count(distinct incident_id) from emergency_notifications")
            .await;
        assert_eq!(paged, 2, "{first} and {second}");
    }
}

#[tokio::test]
async fn the_same_address_in_other_words_adds_to_the_first() {
    for (first, second, kept) in [
        (
            "640 Dewdney Road, unit 170",
            "Unit 170, 640 Dewdney Rd.",
            "Unit 170, 640 Dewdney Rd.",
        ),
        (
            "20 Main St",
            "twenty Main Street, Denver",
            "twenty Main Street, Denver",
        ),
        // What is said more exactly counts, and nothing that was said is lost.
        ("20 Main St", "20 Main St Apt 2", "20 Main St Apt 2"),
        (
            "20 Main St, Denver",
            "20 Main St Apt 2",
            "20 Main St, Denver, #2",
        ),
        (
            "20 Main St Apt 2, Denver",
            "20 Main St",
            "20 Main St Apt 2, Denver",
        ),
        (
            "Calle Olmo 12",
            "calle Olmo doce, Col. Centro",
            "calle Olmo doce, Col. Centro",
        ),
    ] {
        let app = paging().await;
        let caller = app.caller();
        reports(&caller, "Water through the ceiling", first).await;
        reports(&caller, "It is getting worse", second).await;
        assert_eq!(incidents(&app).await, [kept], "{first} and {second}");
    }
}

#[tokio::test]
async fn a_third_apartment_is_not_hidden_behind_an_address_without_one() {
    let app = paging().await;
    let caller = app.caller();
    reports(&caller, "Water through the ceiling", "20 Main St").await;
    reports(&caller, "It comes from here", "20 Main St Apt 1").await;
    reports(&caller, "And smoke", "20 Main St Apt 2").await;
    assert_eq!(
        incidents(&app).await,
        ["20 Main St Apt 1", "20 Main St Apt 2"]
    );
}

#[tokio::test]
async fn an_incident_of_the_program_before_is_compared_by_its_words() {
    let app = paging().await;
    let caller = app.caller();
    reports(&caller, "Water through the ceiling", "Apt 1, 20 Main St").await;
    // What the program before wrote to compare addresses by: a number and one word.
    app.database
        .run("update emergency_incidents set address_key = '1 apt'")
        .await;
    reports(&caller, "Smoke in the hall", "Apt 1, 77 Lake St").await;
    reports(&caller, "Getting worse", "20 Main Street, apartment 1").await;
    assert_eq!(incidents(&app).await.len(), 2);
}

#[tokio::test]
async fn there_is_no_way_between_two_appointments_at_the_same_address_in_other_words() {
    let app = TestApp::shared().await;
    app.database
        .run(
            "update organizations set settings = '{\"travel_minutes\": 60, \"step_minutes\": 60, \"capacity\": 1}'",
        )
        .await;
    books(
        &app.caller(),
        "2026-12-01T09:00",
        "Unit 170, 640 Dewdney Road",
    )
    .await;
    let at_ten = async |address: &str| {
        let heard = app
            .caller()
            .asks(
                "check_availability",
                json!({ "date": "2026-12-01", "time": "10:00", "service_address": address }),
            )
            .await;
        heard.tokens().contains(&"2026-12-01T10:00")
    };
    assert!(at_ten("640 Dewdney Rd, unit 170").await);
    assert!(at_ten("640 Dewdney Road").await);
    assert!(!at_ten("640 Dewdney Road, unit 171").await);
    assert!(!at_ten("12 Elm Street").await);
    books(
        &app.caller(),
        "2026-12-01T10:00",
        "640 Dewdney Rd, unit 170",
    )
    .await;
}

#[tokio::test]
async fn an_appointment_from_before_ways_took_time_is_read_when_they_do() {
    let app = TestApp::shared().await;
    app.database
        .run("update organizations set settings = '{\"step_minutes\": 60, \"capacity\": 1}'")
        .await;
    for (token, address) in [
        ("2026-12-01T09:00", "12 Elm Street"),
        ("2026-12-02T09:00", "twelve Elm St."),
    ] {
        books(&app.caller(), token, address).await;
    }
    app.database
        .run("update organizations set settings = settings || '{\"travel_minutes\": 60}'")
        .await;
    for day in ["2026-12-01", "2026-12-02"] {
        for (address, fits) in [("14 Elm Street", false), ("12 Elm Street", true)] {
            let heard = app
                .caller()
                .asks(
                    "check_availability",
                    json!({ "date": day, "time": "10:00", "service_address": address }),
                )
                .await;
            let token = format!("{day}T10:00");
            assert_eq!(
                heard.tokens().contains(&token.as_str()),
                fits,
                "{day} {address}"
            );
        }
    }
}
