use serde_json::{Value, json};
use uuid::Uuid;

use super::{MAX_BYTES, arguments, unreadable};
use crate::domain::catalogue::Service;

fn masked(given: &Value) -> Value {
    let services = [Service {
        id: Uuid::nil(),
        name: "Drain cleaning".to_owned(),
        name_es: Some("Limpieza de drenaje".to_owned()),
        keywords: vec!["clogged".to_owned()],
        ..Service::default()
    }];
    arguments(given.as_object().unwrap(), &services)
}

proptest::proptest! {
    #[test]
    fn a_day_alone_is_shown_as_it_is_beside_others(day in "20[0-9]{2}-[01][0-9]-[0-3][0-9]") {
        let alone = masked(&json!({ "date": day }));
        let within_brackets = masked(&json!({ "date": format!("({day})") }));
        proptest::prop_assert_eq!(&alone, &within_brackets);
        let is_day = day.parse::<chrono::NaiveDate>().is_ok();
        proptest::prop_assert_eq!(alone["date"] == day, is_day);
    }
}

#[test]
fn of_numbers_names_and_addresses_only_the_ends_are_left() {
    assert_eq!(
        masked(&json!({
            "customer_phone": "(303) 555-0103", "callback_number": 13_035_550_104_u64, "phone": "555",
            "customer_name": "Rosa María Márquez", "name": "李 雷",
            "service_address": "12 Elm Street, Denver", "customer_email": "rosa@example.com",
            "postal_code": "80202-1234", "zip": 80202,
        })),
        json!({
            "customer_phone": "...03", "callback_number": "...04", "phone": "(3 digits)",
            "customer_name": "R. M. M.", "name": "李. 雷.",
            "service_address": "(4 words)", "customer_email": "(1 word)",
            "postal_code": "802...", "zip": "802...",
        })
    );
}

#[test]
fn days_hours_lengths_and_choices_stay_readable_in_both_languages() {
    for plain in [
        "2026-12-01T14:00",
        "2026-12-01T14:00:00-07:00",
        "2026-12-01T21:00:00.000Z",
        "2026-12-01",
        "tomorrow at half past two",
        "next tuesday between 9:00-11:30 or 2-4pm",
        "the 14th of december 2026 at 2:30 p.m",
        "12/1/2026",
        "the second one",
        "mañana por la tarde a las dos y media",
        "el martes 14 de diciembre",
        "twenty-two",
        "3rd",
    ] {
        let expected = json!({ "date": plain });
        assert_eq!(masked(&json!({ "date": plain })), expected, "{plain}");
    }
    assert_eq!(
        masked(
            &json!({ "duration_minutes": 90, "duration": "two hours", "urgency": "HIGH", "language": "es" })
        ),
        json!({ "duration_minutes": "90", "duration": "two hours", "urgency": "high", "language": "es" })
    );
}

#[test]
fn of_a_service_only_words_of_the_catalogue_are_left() {
    assert_eq!(
        masked(
            &json!({ "service": "my drain is clogged, says Rosa", "service_type": "Limpieza de drenaje",
                "appointment_type": "a leak at Rosa's" })
        ),
        json!({ "service": "... drain ... clogged ...", "service_type": "limpieza de drenaje",
            "appointment_type": "(4 words)" })
    );
}

#[test]
fn nothing_personal_gets_through_an_argument_that_is_about_something_else() {
    let cases = [
        json!({ "description": "call Rosa on 303 555 0103" }),
        json!({ "notes": "Rosa Marquez, 12 Elm Street" }),
        json!({ "date": "Rosa said tomorrow, 3035550103" }),
        json!({ "time": "two, call 303 555 0103" }),
        json!({ "time": "303-555-0103" }),
        json!({ "time": "three zero three five five five zero one zero three" }),
        json!({ "time": "uno tres cero tres cinco cinco cinco cero uno cero tres" }),
        json!({ "which": "the one for Rosa at 12 Elm Street" }),
        json!({ "urgency": "high for Rosa Marquez" }),
        json!({ "language": "Rosa" }),
        json!({ "duration_minutes": 3_035_550_103_u64 }),
        json!({ "date": 3_035_550_103_u64 }),
        json!({ "service": "Rosa, rosa@example.com" }),
        json!({ "postal_code": "12 Elm Street" }),
        json!({ "customer": { "name": "Rosa Marquez", "phone": 3_035_550_103_u64, "details": ["Elm", { "x": "Rosa" }] } }),
        json!({ "contacts": [{ "Rosa Marquez": "3035550103" }] }),
        json!({ "Rosa Marquez": true }),
        json!({ "customer_name": { "first": "Rosa", "last": "Marquez" } }),
        json!({ "service_address": { "street": "Elm", "number": "12", "city": "Rosa" } }),
        json!([[[[["Rosa"]]]]]),
    ];
    for case in cases {
        let case = if case.is_object() {
            case
        } else {
            json!({ "message": case })
        };
        let shown = masked(&case).to_string().to_lowercase();
        for secret in [
            "rosa", "marquez", "elm", "555", "0103", "example", "five", "cinco", "(303",
        ] {
            assert!(!shown.contains(secret), "{secret} of {case}: {shown}");
        }
    }
}

#[test]
fn the_result_is_bounded_and_says_how_many_arguments_it_leaves_out() {
    let many: serde_json::Map<String, Value> = ["date", "time", "new_date", "new_time", "day"]
        .into_iter()
        .chain([
            "which",
            "appointment",
            "part_of_day",
            "time_of_day",
            "service",
        ])
        .map(|name| {
            (
                name.to_owned(),
                json!(vec!["tomorrow at two ".repeat(500); 30]),
            )
        })
        .collect();

    let masked = masked(&Value::Object(many));

    assert!(masked.to_string().len() <= MAX_BYTES);
    assert_eq!(masked["left_out"], 9);
    assert!(masked["service"].is_array());
    let deep = (0..100).fold(json!("Rosa"), |inner, _| json!({ "message": inner }));
    assert!(arguments(deep.as_object().unwrap(), &[]).to_string().len() < 100);
    assert_eq!(
        unreadable("{\"customer_name\": \"Rosa Mar"),
        "unreadable (3 words)"
    );
}
