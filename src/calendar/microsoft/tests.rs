use super::{event::Item, *};
use crate::calendar::any::{december, json};
use proptest::prelude::*;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

fn client(base: &str) -> Client {
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::new(Http::new(), base.parse().unwrap(), "token".into())
}

#[test]
fn the_next_page_lies_with_the_api_or_is_not_followed() {
    let client = client("https://graph.microsoft.com/v1.0");
    let next = "https://graph.microsoft.com/v1.0/me/calendars/1/calendarView?%24skip=10";
    let request = client.api.follow(next).unwrap().build().unwrap();
    assert_eq!(request.url().as_str(), next);
    for other in [
        "http://graph.microsoft.com/v1.0/me",
        "https://graph.microsoft.com.example.test/v1.0/me",
        "https://graph.microsoft.com:8443/v1.0/me",
        "https://graph.microsoft.com@example.test/v1.0/me",
        "/v1.0/me",
        "",
    ] {
        assert!(client.api.follow(other).is_err(), "{other}");
    }
}

/// A client of a server that answers so, however often it is asked; `BASE` is its own address.
async fn answered(body: &str) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let body = body.replace("BASE", &base);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4_096]).await.unwrap();
            let length = body.len();
            let head =
                format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
            drop(stream.write_all((head + &body).as_bytes()).await);
        }
    });
    client(&base)
}

#[tokio::test]
async fn a_page_that_leads_to_itself_is_the_last_one_only_if_it_is_empty() {
    let window = december(chrono_tz::America::Denver);
    let empty = answered(r#"{"value": [], "@odata.nextLink": "BASE/next"}"#).await;
    assert_eq!(empty.list("1", &window, None).await.unwrap().resources, []);
    let event = r#"{"id": "1", "start": {"dateTime": "2026-12-01T10:00:00", "timeZone": "UTC"},
        "end": {"dateTime": "2026-12-01T11:00:00", "timeZone": "UTC"}}"#;
    let body = format!(r#"{{"value": [{event}], "@odata.nextLink": "BASE/next"}}"#);
    assert_eq!(
        answered(&body).await.list("1", &window, None).await,
        Err(CalendarError::Unreadable("its pages go round"))
    );
}

#[test]
fn a_handshake_is_decoded_and_bounded() {
    let token = handshake("a=b&validationToken=Validation%3a+a%2Bb").unwrap();
    assert_eq!(token, "Validation: a+b");
    assert_eq!(handshake("a=b"), None);
    let long = format!("validationToken={}", "a".repeat(4_097));
    assert_eq!(handshake(&long), None);
}

const NAMES: &[&str] = &[
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
];
const VALUES: &str =
    "UTC|[-+]?[0-9]{4,6}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{0,9})?";

proptest! {
    #[test]
    fn no_json_is_too_much(value in json(NAMES, VALUES), status in 100_u16..600) {
        if let Ok(page) = serde_json::from_value::<Page<Item>>(value.clone()) {
            for item in page.value {
                drop(item.resource(&december(chrono_tz::Asia::Tokyo)));
            }
        }
        let body = value.to_string().into_bytes();
        for message in Notification::from_body(&body) {
            prop_assert!(!message.subscription_id.is_empty());
        }
        drop(refusal(&Answer::of(status, body)));
    }

    #[test]
    fn every_time_is_read_or_refused(start in "[-+]?[0-9]{1,6}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:00:00", end in ".{0,30}", is_all_day in any::<bool>()) {
        let time = |text: &str| json!({ "dateTime": text, "timeZone": "UTC" });
        for (start, end) in [(&start, &end), (&start, &start)] {
            let item = json!({ "id": "1", "start": time(start), "end": time(end), "isAllDay": is_all_day });
            let item: Item = serde_json::from_value(item).unwrap();
            if let Ok(resource) = item.resource(&december(chrono_tz::Asia::Tokyo)) {
                prop_assert!(resource.events.len() <= 1);
            }
        }
    }
}
