//! Subscriptions: made with a handshake, told, renewed, ended.

use std::{future::ready, sync::mpsc};

use frontdesk::{
    calendar::microsoft::{Lifecycle, Notification, handshake},
    domain::external_calendar::CalendarError,
};
use secrecy::{ExposeSecret, SecretString};

use super::{at, client};
use crate::support::{
    Microsoft,
    http::{self, Reply, Request},
    microsoft::DEFAULT,
};

const ADDRESSES: (&str, &str) = (
    "https://desk.example.test/calendar/microsoft",
    "https://desk.example.test/calendar/microsoft/lifecycle",
);

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
    let client = client(&microsoft);
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
        let told = Notification::from_body(&request.body).remove(0);
        assert_eq!(told.subscription_id, made.id);
        assert_eq!(told.client_state.expose_secret(), "only-we-know");
        assert_eq!(told.lifecycle, event.map(|(_, lifecycle)| lifecycle));
        assert!(!format!("{told:?}").contains("only-we-know"));
    }

    assert_eq!(microsoft.subscriptions().len(), 1);
    for _ in 0..2 {
        assert_eq!(client.unsubscribe(&made.id).await, Ok(()));
    }
    assert_eq!(microsoft.subscriptions().len(), 0);
    assert_eq!(
        client.renew(&made.id, until).await,
        Err(CalendarError::Gone)
    );
}

#[tokio::test]
async fn without_a_handshake_there_is_no_subscription() {
    let microsoft = Microsoft::start().await;
    let client = client(&microsoft);
    microsoft.reaches(http::serve(|_| ready(Reply::empty(202))).await);
    let until = at("2099-12-02T00:00:00Z");
    let refused = client
        .subscribe(DEFAULT, &"secret".into(), ADDRESSES, until)
        .await;
    let code = "ValidationError".to_owned();
    assert_eq!(refused, Err(CalendarError::Refused { status: 400, code }));
}
