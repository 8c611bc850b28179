//! Channels of Google and subscriptions of Graph: opened, told, renewed, closed.

use std::{future::ready, sync::mpsc, time::Duration};

use frontdesk::{
    calendar::{
        google,
        microsoft::{self, Lifecycle, handshake},
    },
    domain::external_calendar::CalendarError,
};
use secrecy::{ExposeSecret, SecretString};

use super::{at, google_client, outlook_client, refused};
use crate::support::{
    Google, Microsoft,
    google::PRIMARY,
    http::{self, Reply, Request},
    microsoft::DEFAULT,
};

const ADDRESS: &str = "https://calls.example.test/calendar/google";
const ADDRESSES: (&str, &str) = (
    "https://calls.example.test/calendar/microsoft",
    "https://calls.example.test/calendar/microsoft/lifecycle",
);

#[tokio::test]
async fn a_channel_is_opened_tells_of_changes_and_is_closed() {
    let google = Google::start().await;
    google.set_now(at("2026-12-01T00:00:00Z"));
    let client = google_client(&google);
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
        let told = google::Notification::from_headers(|name| request.header(name)).unwrap();
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
    let client = google_client(&google);
    let token: SecretString = "only-we-know".into();
    let year = Duration::from_hours(24 * 365);
    let channel = client
        .watch(PRIMARY, "1", &token, ADDRESS, year)
        .await
        .unwrap();
    assert_eq!(channel.expires_at, Some(at("2026-12-08T00:00:00Z")));
    let plain = client
        .watch(PRIMARY, "2", &token, "http://calls.example.test", year)
        .await;
    let code = "push.webhookUrlNotHttps";
    assert_eq!(plain.unwrap_err(), refused(400, code));
    google.set_now(at("2026-12-08T00:00:01Z"));
    assert_eq!(google.notify(PRIMARY).await, [0_u16; 0]);
}

/// A service that answers handshakes, and passes other requests on.
async fn service(sender: mpsc::Sender<Request>) -> u16 {
    http::serve(move |request| {
        let query = request.query.iter();
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(query)
            .finish();
        let answer = handshake(&query).map_or_else(
            || Reply::empty(202),
            |token| Reply::Answer(200, Vec::new(), token).with("Content-Type", "text/plain"),
        );
        if answer.status() == 202 {
            sender.send(request).unwrap();
        }
        ready(answer)
    })
    .await
}

#[tokio::test]
async fn a_subscription_is_made_tells_of_changes_is_renewed_and_ends() {
    let microsoft = Microsoft::start().await;
    microsoft.set_now(at("2026-12-01T00:00:00Z"));
    let client = outlook_client(&microsoft);
    let (sender, received) = mpsc::channel();
    microsoft.reaches(service(sender).await);
    let secret: SecretString = "only-we-know".into();

    let until = at("2026-12-02T00:00:00Z");
    let made = client
        .subscribe(DEFAULT, &secret, ADDRESSES, until)
        .await
        .unwrap();
    assert_eq!(made.expires_at, until);
    // Believed is the answer: it is 4,230 minutes at most.
    let renewed = client
        .renew(&made.id, at("2026-12-31T00:00:00Z"))
        .await
        .unwrap();
    assert_eq!(renewed.expires_at, at("2026-12-03T22:30:00Z"));

    assert_eq!(microsoft.notify(DEFAULT).await, [202]);
    let events = [
        (None, "/calendar/microsoft"),
        (
            Some(("reauthorizationRequired", Lifecycle::Renew)),
            "/calendar/microsoft/lifecycle",
        ),
        (
            Some(("subscriptionRemoved", Lifecycle::Removed)),
            "/calendar/microsoft/lifecycle",
        ),
        (
            Some(("missed", Lifecycle::Missed)),
            "/calendar/microsoft/lifecycle",
        ),
    ];
    for (event, path) in events {
        if let Some((event, _)) = event {
            assert_eq!(microsoft.notify_lifecycle(DEFAULT, event).await, [202]);
        }
        let request = received.recv().unwrap();
        assert_eq!(request.path, path);
        let told = microsoft::Notification::from_body(&request.body).remove(0);
        assert_eq!(told.subscription_id, made.id);
        assert_eq!(told.client_state.expose_secret(), "only-we-know");
        assert_eq!(told.lifecycle, event.map(|(_, lifecycle)| lifecycle));
        assert!(!format!("{told:?}").contains("only-we-know"));
    }

    assert_eq!(microsoft.channels().len(), 1);
    for _ in 0..2 {
        assert_eq!(client.unsubscribe(&made.id).await, Ok(()));
    }
    assert_eq!(microsoft.channels().len(), 0);
    assert_eq!(
        client.renew(&made.id, until).await,
        Err(CalendarError::Gone)
    );
}

#[tokio::test]
async fn without_a_handshake_there_is_no_subscription() {
    let microsoft = Microsoft::start().await;
    let client = outlook_client(&microsoft);
    microsoft.reaches(http::serve(|_| ready(Reply::empty(202))).await);
    let until = at("2099-12-02T00:00:00Z");
    let answer = client
        .subscribe(DEFAULT, &"secret".into(), ADDRESSES, until)
        .await;
    assert_eq!(answer, Err(refused(400, "ValidationError")));
}
