//! Channels: opened, told, closed.

use std::{future::ready, sync::mpsc, time::Duration};

use frontdesk::{calendar::google::Notification, domain::external_calendar::CalendarError};
use secrecy::{ExposeSecret, SecretString};

use super::{at, client};
use crate::support::{
    Google,
    google::PRIMARY,
    http::{self, Reply},
};

const ADDRESS: &str = "https://desk.example.test/calendar/google";

#[tokio::test]
async fn a_channel_is_opened_tells_of_changes_and_is_closed() {
    let google = Google::start().await;
    google.set_now(at("2026-12-01T00:00:00Z"));
    let client = client(&google);
    let token: SecretString = "only-we-know".into();
    let lifetime = Duration::from_hours(24);
    let channel = client
        .watch(PRIMARY, "channel-1", &token, ADDRESS, lifetime)
        .await
        .unwrap();
    assert_eq!(channel.expires_at, Some(at("2026-12-02T00:00:00Z")));
    let (sender, received) = mpsc::channel();
    let port = http::serve(move |request| {
        sender.send(request).unwrap();
        ready(Reply::empty(202))
    });
    google.reaches(port.await);

    assert_eq!(google.notify_of(PRIMARY, "sync").await, [202]);
    assert_eq!(google.notify(PRIMARY).await, [202]);

    let mut numbers = Vec::new();
    for is_first in [true, false] {
        let request = received.recv().unwrap();
        assert_eq!(request.path, "/calendar/google");
        let told = Notification::from_headers(|name| request.header(name)).unwrap();
        assert_eq!(told.channel_id, "channel-1");
        assert_eq!(told.token.expose_secret(), token.expose_secret());
        assert_eq!(told.resource_id, channel.resource_id);
        assert_eq!(told.is_first, is_first);
        assert!(!format!("{told:?}").contains("only-we-know"));
        numbers.push(told.number.unwrap());
    }
    assert!(numbers.is_sorted());

    assert_eq!(google.channels().len(), 1);
    for _ in 0..2 {
        assert_eq!(client.stop("channel-1", &channel.resource_id).await, Ok(()));
    }
    assert_eq!(google.channels().len(), 0);
    assert_eq!(google.notify(PRIMARY).await, [0_u16; 0]);
}

#[tokio::test]
async fn google_says_how_long_a_channel_lives_and_where_it_may_lead() {
    let google = Google::start().await;
    google.set_now(at("2026-12-01T00:00:00Z"));
    let client = client(&google);
    let token: SecretString = "only-we-know".into();
    let year = Duration::from_hours(24 * 365);
    let channel = client
        .watch(PRIMARY, "1", &token, ADDRESS, year)
        .await
        .unwrap();
    assert_eq!(channel.expires_at, Some(at("2026-12-08T00:00:00Z")));
    let plain = client
        .watch(PRIMARY, "2", &token, "http://desk.example.test", year)
        .await;
    let code = "push.webhookUrlNotHttps".to_owned();
    assert_eq!(
        plain.unwrap_err(),
        CalendarError::Refused { status: 400, code }
    );
    google.set_now(at("2026-12-08T00:00:01Z"));
    assert_eq!(google.notify(PRIMARY).await, [0_u16; 0]);
}
