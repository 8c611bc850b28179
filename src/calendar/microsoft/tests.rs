use super::{event::Item, *};
use proptest::prelude::*;
use serde_json::{Value, json};

fn client(base: &str) -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::new(Http::new(), base.parse().unwrap(), "token".into())
}

fn window() -> Window {
    Window {
        first: chrono::NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
        last: chrono::NaiveDate::from_ymd_opt(2026, 12, 31).unwrap(),
        zone: chrono_tz::Asia::Tokyo,
    }
}

#[test]
fn the_next_page_lies_with_the_api_or_is_not_followed() {
    let client = client("https://graph.microsoft.com/v1.0");
    let next = "https://graph.microsoft.com/v1.0/me/calendars/1/calendarView?%24skip=10";
    assert_eq!(client.own(next).unwrap().as_str(), next);
    for other in [
        "http://graph.microsoft.com/v1.0/me",
        "https://graph.microsoft.com.example.test/v1.0/me",
        "https://graph.microsoft.com:8443/v1.0/me",
        "https://graph.microsoft.com@example.test/v1.0/me",
        "/v1.0/me",
        "",
    ] {
        assert!(client.own(other).is_err(), "{other}");
    }
}

#[test]
fn a_handshake_is_decoded_and_bounded() {
    let token = handshake("a=b&validationToken=Validation%3a+a%2Bb").unwrap();
    assert_eq!(token, "Validation: a+b");
    assert_eq!(handshake("a=b"), None);
    let long = format!("validationToken={}", "a".repeat(4_097));
    assert_eq!(handshake(&long), None);
}

/// Any JSON, with the names that Graph uses more often than others.
fn json() -> impl Strategy<Value = Value> {
    let name = prop_oneof![
        prop::sample::select(vec![
            "value",
            "id",
            "changeKey",
            "start",
            "end",
            "dateTime",
            "timeZone",
            "showAs",
            "isAllDay",
            "isCancelled",
            "responseStatus",
            "response",
            "@odata.nextLink",
            "error",
            "code",
            "subscriptionId",
            "clientState",
            "lifecycleEvent",
        ])
        .prop_map(str::to_owned),
        ".{0,4}",
    ];
    let text = prop_oneof![
        ".{0,40}",
        Just("UTC".to_owned()),
        "[-+]?[0-9]{4,6}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,9})?",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..8)
                .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    #[test]
    fn no_json_is_too_much(value in json(), status in 100_u16..600) {
        if let Ok(page) = serde_json::from_value::<Page<Item>>(value.clone()) {
            for item in page.value {
                drop(item.resource(Some(&window())));
            }
        }
        let body = value.to_string().into_bytes();
        for message in Notification::from_body(&body) {
            prop_assert!(!message.subscription_id.is_empty());
        }
        let answer = Answer {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: None,
            body: Ok(body),
        };
        prop_assert_eq!(problem::read(&answer).is_none(), (200..300).contains(&status));
    }

    #[test]
    fn every_time_is_read_or_refused(start in "[-+]?[0-9]{1,6}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:00:00", end in ".{0,30}", is_all_day in any::<bool>()) {
        let time = |text: &str| json!({ "dateTime": text, "timeZone": "UTC" });
        for (start, end) in [(&start, &end), (&start, &start)] {
            let item = json!({ "id": "1", "start": time(start), "end": time(end), "isAllDay": is_all_day });
            let item: Item = serde_json::from_value(item).unwrap();
            if let Ok(resource) = item.resource(Some(&window())) {
                prop_assert!(resource.events.len() <= 1);
            }
        }
    }
}
