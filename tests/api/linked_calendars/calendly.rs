//! Calendly: what is booked there, what the calendars say that are connected to it, and what it announces.

use chrono::TimeDelta;

use crate::support::{
    LinkedCalendly, TestApp, calendly::Calendly, eventually, http::Failure, operator::object,
};

#[tokio::test]
async fn what_calendly_announces_is_a_block_within_five_seconds() {
    let linked = LinkedCalendly::start().await;
    linked.subscribes().await;
    assert!(linked.is_free("10:00").await);
    linked
        .calendly
        .add_event("2026-12-01T17:00:00Z", "2026-12-01T18:00:00Z");
    assert_eq!(linked.announces().await, [202]);
    linked.app.passes_until("2026-11-23T15:00:05Z").await;
    assert!(!linked.is_free("10:00").await);
}

#[tokio::test]
async fn what_is_busy_in_a_calendar_connected_to_calendly_is_busy_here() {
    let linked = LinkedCalendly::start().await;
    linked
        .calendly
        .add_busy("2026-12-01T17:00:00Z", "2026-12-01T18:00:00Z");
    linked.reads().await;
    assert!(!linked.is_free("10:00").await && linked.is_free("11:00").await);
}

#[tokio::test]
async fn a_message_that_is_not_signed_for_us_now_is_refused_and_makes_nothing_due() {
    let linked = LinkedCalendly::start().await;
    linked.subscribes().await;
    let webhook = linked.calendly.webhooks().remove(0);
    let key = webhook["signing_key"].as_str().unwrap();
    let stored: String = linked
        .app
        .database
        .value("select string_agg(s::text || l::text, '') from private.organization_secrets as s, private.calendar_links as l")
        .await;
    assert!(!stored.contains(key), "the key is stored sealed");
    let url = webhook["url"].as_str().unwrap();
    let now = linked.app.clock.now();
    let (body, signature) = Calendly::message(&webhook, "invitee.created", now);
    let due = "select min(due_at)::text from private.calendar_links";
    let before: String = linked.app.database.value(due).await;
    let (_, old) = Calendly::message(&webhook, "invitee.created", now - TimeDelta::minutes(4));
    let mut stranger = webhook.clone();
    stranger["signing_key"] = "a guess".into();
    let (_, guessed) = Calendly::message(&stranger, "invitee.created", now);
    for forged in ["", &old, &guessed] {
        assert_eq!(linked.hears(url, body.clone(), forged).await, 401);
    }
    assert_eq!(linked.hears(url, "{}".to_owned(), &signature).await, 401);
    // Of a subscription that nobody here knows Calendly is told to end it.
    let unknown = "https://calls.example.test/calendar/calendly/nobody";
    assert_eq!(linked.hears(unknown, body.clone(), &signature).await, 410);
    assert_eq!(linked.app.database.value::<String>(due).await, before);
    assert_eq!(linked.hears(url, body, &signature).await, 202);
}

#[tokio::test]
async fn a_subscription_is_checked_once_a_day_made_anew_once_disabled_and_ends_with_the_link() {
    let linked = LinkedCalendly::start().await;
    linked.subscribes().await;
    linked.reads().await;
    let first = linked.calendly.webhooks();
    let checks = || {
        linked
            .calendly
            .requests_of("GET /webhook_subscriptions")
            .len()
    };
    assert_eq!((first.len(), checks()), (1, 0));

    for (day, checked) in [("2026-11-24T16:00:00Z", 1), ("2026-11-25T16:30:00Z", 2)] {
        linked.app.at(day);
        linked.calendly.set_now(linked.app.clock.now());
        if checked == 2 {
            linked.calendly.disable_webhooks();
        }
        linked.reads().await;
        let is_checked = async || (checks() == checked).then_some(());
        eventually("it is checked", is_checked).await;
    }
    let is_renewed = async || {
        let now = linked.calendly.webhooks();
        (now.len() == 1 && now[0]["state"] == "active" && now[0]["url"] != first[0]["url"])
            .then_some(())
    };
    eventually("another one is made and the earlier one ended", is_renewed).await;
    assert_eq!(linked.announces().await, [202]);

    linked.app.settles().await;
    object(&linked.command(&["disconnect"], ""));
    assert!(linked.calendly.webhooks().is_empty());
    let secrets: i64 = linked
        .app
        .database
        .value("select count(*) from private.organization_secrets where name like 'calendar/%'")
        .await;
    assert_eq!(secrets, 0);
}

#[tokio::test]
async fn a_free_plan_has_no_webhooks_is_read_as_often_as_ever_and_is_asked_again_in_a_day() {
    let calendly = Calendly::start().await;
    calendly.is_free(true);
    let linked = LinkedCalendly::with(calendly, TestApp::builder().await).await;
    linked.subscribes().await;
    linked.reads().await;
    let status = object(&linked.command(&["status"], ""));
    let link = &status["calendars"][0];
    assert_eq!(link["failures"], 0, "{link}");
    assert_eq!(link["has_channel"], false, "{link}");
    let asked = linked.calendly.requests_of("POST /webhook_subscriptions");
    assert_eq!(asked.len(), 1);

    linked.calendly.is_free(false);
    linked.app.at("2026-11-24T16:00:00Z");
    linked.calendly.set_now(linked.app.clock.now());
    linked.reads().await;
    let is_made = async || (linked.calendly.webhooks().len() == 1).then_some(());
    eventually("there is one", is_made).await;
}

#[tokio::test]
async fn a_limit_of_calendly_is_waited_out() {
    let linked = LinkedCalendly::start().await;
    linked.calendly.limit_next(1_800);
    linked.reads().await;
    let pause: i64 = linked
        .app
        .database
        .value(
            "select extract(epoch from due_at - '2026-11-23T15:00:00Z')::bigint
             from private.calendar_links where failure_code = 'limited'",
        )
        .await;
    assert!((1_800..=3_600).contains(&pause), "{pause}");
    linked
        .calendly
        .fail_next(&[Failure::new(403, "Permission Denied")]);
    linked.reads().await;
    let status = object(&linked.command(&["status"], ""));
    assert_eq!(status["calendars"][0]["failure"], "refused");
}

#[tokio::test]
async fn a_token_that_is_refused_once_or_twice_stays_connected() {
    let linked = LinkedCalendly::start().await;
    let refused = || Failure::new(401, "Unauthenticated");
    let state = async || {
        let sql = "select state from private.calendar_accounts";
        linked.app.database.value::<String>(sql).await
    };
    for round in 1..=2 {
        for _ in 0..2 {
            linked.calendly.fail_next(&[refused()]);
            linked.reads().await;
            assert_eq!(state().await, "live", "{round}");
        }
        linked.reads().await;
        assert!(linked.is_free("10:00").await);
    }

    linked.calendly.fail_next(&[refused()]);
    linked.reads().await;
    linked.calendly.fail_next(&[refused()]);
    linked.reads().await;
    linked.calendly.fail_next(&[refused()]);
    linked.reads().await;
    assert_eq!(state().await, "revoked");
}
