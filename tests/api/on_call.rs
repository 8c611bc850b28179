//! `get_on_call_contact`: who takes an emergency now, in the organization's zone.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::support::TestDatabase;

const ID: &str = "0f0f0f0f-0000-4000-8000-000000000001";

/// A contact: columns and values as SQL has them, beside the name.
async fn contact(database: &TestDatabase, name: &str, columns: &str, values: &str) {
    database
        .run(&format!(
            "insert into emergency_contacts (organization_id, name, phone, {columns})
             values ('{ID}', '{name}', '+13035550103', {values})"
        ))
        .await;
}

/// The name and the source of whoever is on call at an instant.
async fn on_call(database: &TestDatabase, now: &str) -> (Option<String>, Option<String>) {
    let row = database
        .rows(
            &format!(
                "select c.name::text, c.metadata ->> 'on_call_source'
                 from (select set_config('frontdesk.now', '{now}', false)) as clock,
                      lateral get_on_call_contact('{ID}', 'high') as c"
            ),
            &[],
        )
        .await;
    (row[0].get(0), row[0].get(1))
}

async fn name(database: &TestDatabase, now: &str) -> String {
    on_call(database, now).await.0.unwrap_or_default()
}

#[tokio::test]
async fn an_overnight_shift_belongs_to_the_day_it_starts_to_the_minute() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    contact(
        &database,
        "Night",
        "available_days, available_hours_start, available_hours_end",
        "'{friday}', '18:00', '08:00'",
    )
    .await;
    contact(
        &database,
        "Owner",
        "is_primary, available_days",
        "true, '{}'",
    )
    .await;

    // Denver is seven hours behind UTC in November; the 27th is a Friday.
    for (now, expected) in [
        ("2026-11-28T00:59:59Z", "Owner"), // Friday 17:59:59
        ("2026-11-28T01:00:00Z", "Night"), // Friday 18:00
        ("2026-11-28T06:59:00Z", "Night"), // Friday 23:59
        ("2026-11-28T07:00:00Z", "Night"), // Saturday 00:00
        ("2026-11-28T14:59:59Z", "Night"), // Saturday 07:59:59
        ("2026-11-28T15:00:00Z", "Owner"), // Saturday 08:00
        ("2026-11-27T12:00:00Z", "Owner"), // Friday 05:00, Thursday's night
        ("2026-11-29T01:00:00Z", "Owner"), // Saturday 18:00
    ] {
        assert_eq!(name(&database, now).await, expected, "{now}");
    }
}

#[tokio::test]
async fn month_and_year_ends_change_nothing() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    contact(
        &database,
        "Night",
        "available_days, available_hours_start, available_hours_end",
        "'{thursday}', '18:00', '08:00'",
    )
    .await;

    // Thursday, 31 December 2026 into Friday, 1 January 2027.
    for now in [
        "2027-01-01T06:59:00Z",
        "2027-01-01T07:00:00Z",
        "2027-01-01T14:59:00Z",
    ] {
        assert_eq!(name(&database, now).await, "Night", "{now}");
    }
    assert_eq!(name(&database, "2027-01-01T15:00:00Z").await, "");
}

#[tokio::test]
async fn the_nights_when_the_clocks_change_have_no_gap() {
    let database = TestDatabase::shared("America/New_York", "{}").await;
    contact(
        &database,
        "Night",
        "available_hours_start, available_hours_end",
        "'22:00', '06:00'",
    )
    .await;
    contact(
        &database,
        "Day",
        "available_hours_start, available_hours_end",
        "'06:00', '22:00'",
    )
    .await;

    for (from, hours) in [("2026-03-08T02:00:00Z", 10), ("2026-11-01T01:00:00Z", 12)] {
        let from: DateTime<Utc> = from.parse().unwrap();
        let mut names = BTreeSet::new();
        for tens in 0..=hours * 6 {
            let now = from + TimeDelta::minutes(tens * 10);
            names.insert(name(&database, &now.to_rfc3339()).await);
        }
        assert_eq!(
            names.into_iter().collect::<Vec<_>>(),
            ["Day", "Night"],
            "{from}"
        );
    }
}

#[tokio::test]
async fn without_days_and_hours_a_contact_is_always_on_and_with_no_days_never() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    contact(&database, "Never", "available_days, priority", "'{}', 1").await;
    contact(&database, "Always", "priority", "2").await;

    for now in ["2026-11-28T03:00:00Z", "2026-12-01T18:00:00Z"] {
        assert_eq!(
            on_call(&database, now).await,
            (Some("Always".to_owned()), Some("on_call".to_owned()))
        );
    }
}

#[tokio::test]
async fn equal_hours_are_twenty_four_of_them_and_half_open_windows_meet() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    contact(
        &database,
        "Saturday",
        "available_days, available_hours_start, available_hours_end",
        "'{saturday}', '07:00', '07:00'",
    )
    .await;

    // Saturday the 28th, 07:00 in Denver is 14:00Z.
    assert_eq!(name(&database, "2026-11-28T13:59:59Z").await, "");
    assert_eq!(name(&database, "2026-11-28T14:00:00Z").await, "Saturday");
    assert_eq!(name(&database, "2026-11-29T13:59:59Z").await, "Saturday");
    assert_eq!(name(&database, "2026-11-29T14:00:00Z").await, "");
}

#[tokio::test]
async fn priority_comes_first_then_the_primary_contact_then_the_order_of_entry() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    contact(
        &database,
        "Third",
        "priority, created_at",
        "1, '2026-01-02'",
    )
    .await;
    contact(
        &database,
        "Second",
        "priority, created_at",
        "1, '2026-01-01'",
    )
    .await;
    contact(
        &database,
        "First",
        "priority, is_primary, created_at",
        "1, true, '2026-01-03'",
    )
    .await;
    contact(&database, "Last", "priority, is_primary", "2, true").await;

    let order: Vec<String> = database
        .column(&format!(
            "select name::text from private.on_call_contacts('{ID}')"
        ))
        .await;

    assert_eq!(order, ["First", "Second", "Third", "Last"]);
}

#[tokio::test]
async fn when_nobody_is_on_the_primary_contact_takes_it_and_then_the_organizations_number() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    let now = "2026-12-01T18:00:00Z";
    assert_eq!(on_call(&database, now).await, (None, None));

    database
        .run("update organizations set emergency_contact_phone = '+13035550102'")
        .await;
    assert_eq!(
        on_call(&database, now).await,
        (None, Some("organization_phone".to_owned()))
    );
    let phone: String = database
        .value(&format!(
            "select (get_on_call_contact('{ID}', 'high')).phone::text"
        ))
        .await;
    assert_eq!(phone, "+13035550102");

    contact(
        &database,
        "Owner",
        "is_primary, available_days",
        "true, '{}'",
    )
    .await;
    assert_eq!(
        on_call(&database, now).await,
        (Some("Owner".to_owned()), Some("primary_contact".to_owned()))
    );

    database
        .run("update emergency_contacts set is_active = false")
        .await;
    assert_eq!(
        on_call(&database, now).await.1,
        Some("organization_phone".to_owned())
    );
}

#[tokio::test]
async fn a_contact_without_a_number_is_passed_over() {
    let database = TestDatabase::shared("America/Denver", "{}").await;
    contact(&database, "Silent", "priority", "1").await;
    database
        .run("update emergency_contacts set phone = ' '")
        .await;
    contact(&database, "Reachable", "priority", "2").await;

    assert_eq!(name(&database, "2026-12-01T18:00:00Z").await, "Reachable");
}

#[tokio::test]
async fn a_transaction_bound_to_one_organization_learns_no_contact_of_another() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    contact(&database, "Dana", "priority", "1").await;

    let refused = database
        .try_run(&format!(
            "begin;
             select set_config('frontdesk.organization_id', '0f0f0f0f-0000-4000-8000-000000000002', true);
             select get_on_call_contact('{ID}', 'high');"
        ))
        .await
        .unwrap_err();

    assert_eq!(refused.code, "42501");
}
