//! Settings that the database refuses.

use super::*;

#[tokio::test]
async fn settings_that_cannot_be_meant_are_refused_with_a_reason() {
    let database = TestDatabase::shared("America/Denver", "{}").await;

    for (settings, reason) in [
        (
            r#"{"capacity": 0}"#,
            "settings.capacity is 0; allowed is a whole number from 1 to 100",
        ),
        (r#"{"capacity": 2.5}"#, "settings.capacity is 2.5"),
        (
            r#"{"lead_minutes": "60"}"#,
            "settings.lead_minutes is \"60\"",
        ),
        (r#"{"step_minutes": 1}"#, "from 5 to 480"),
        (
            r#"{"horizon_days": 2, "lead_minutes": 7200}"#,
            "nothing could ever be booked",
        ),
        (r#"{"hours": []}"#, "settings.hours is []"),
        (r#"{"hours": {"montag": []}}"#, "montag"),
        (
            r#"{"hours": {"monday": "08:00-18:00"}}"#,
            "settings.hours.monday",
        ),
        (
            r#"{"hours": {"monday": [{"open": "08:00"}]}}"#,
            "settings.hours.monday has the window",
        ),
        (
            r#"{"hours": {"monday": [{"open": "24:00", "close": "03:00"}]}}"#,
            "from 00:00 to 24:00",
        ),
        (
            r#"{"hours": {"monday": [{"open": "08:00", "close": "12:00"}, {"open": "11:00", "close": "13:00"}]}}"#,
            "overlap",
        ),
        (r#"{"languages": []}"#, "settings.languages is []"),
        (r#"{"languages": "es"}"#, "settings.languages is \"es\""),
        (
            r#"{"languages": ["en", "fr"]}"#,
            "allowed is a list of en and es",
        ),
        (r#"{"languages": ["en", "en"]}"#, "settings.languages"),
        (r#"{"dial_countries": []}"#, "settings.dial_countries is []"),
        (
            r#"{"dial_countries": null}"#,
            "settings.dial_countries is null",
        ),
        (
            r#"{"dial_countries": "MX"}"#,
            "settings.dial_countries is \"MX\"",
        ),
        (
            r#"{"dial_countries": ["US", "mx"]}"#,
            "allowed is a list of countries",
        ),
        (
            r#"{"dial_countries": ["MEX"]}"#,
            "by their two capital letters",
        ),
        (
            r#"{"dial_countries": ["US", 1]}"#,
            "settings.dial_countries",
        ),
        (
            r#"{"dial_countries": ["US", "US"]}"#,
            "settings.dial_countries",
        ),
        (r#"{"emergency": []}"#, "settings.emergency is []"),
        (
            r#"{"emergency": {"rounds": 0}}"#,
            "settings.emergency.rounds is 0; allowed is a whole number from 1 to 10",
        ),
        (
            r#"{"emergency": {"acknowledgement_timeout_minutes": 1441}}"#,
            "from 0 to 1440",
        ),
        (
            r#"{"limits": 5}"#,
            "settings.limits is 5; allowed is an object",
        ),
        (
            r#"{"limits": {"messages_per_day": -1}}"#,
            "settings.limits.messages_per_day is -1",
        ),
        (
            r#"{"limits": {"pages_per_day": "9"}}"#,
            "settings.limits.pages_per_day",
        ),
        (
            r#"{"limits": {"transfers_per_day": 1.5}}"#,
            "settings.limits.transfers_per_day",
        ),
        (
            r#"{"messages": true}"#,
            "settings.messages is true; allowed is an object",
        ),
        (
            r#"{"messages": {"confirmations": "yes"}}"#,
            "settings.messages.confirmations is \"yes\"; allowed is true or false",
        ),
        (
            r#"{"messages": {"reminders": null}}"#,
            "settings.messages.reminders",
        ),
        (
            r#"{"messages": {"reminder_time": "24:00"}}"#,
            "allowed is a time from 00:00 to 23:59",
        ),
        (
            r#"{"messages": {"quiet_from": 21}}"#,
            "settings.messages.quiet_from is 21",
        ),
        (
            r#"{"messages": {"quiet_until": "8:00"}}"#,
            "settings.messages.quiet_until",
        ),
        (r#"{"calendar": "none"}"#, "settings.calendar is \"none\""),
        (
            r#"{"calendar": {"details": "all"}}"#,
            "settings.calendar.details is \"all\"; allowed is none, name or full",
        ),
        (
            r#"{"calendar": {"deleted": "keep"}}"#,
            "settings.calendar.deleted is \"keep\"; allowed is ask, cancel or restore",
        ),
        (
            r#"{"calendar": {"stale_minutes": 1}}"#,
            "settings.calendar.stale_minutes is 1; allowed is 5 to 1440",
        ),
        (
            r#"{"calendar": {"details": null}}"#,
            "settings.calendar.details is null",
        ),
        (r#"{"retention": 30}"#, "settings.retention is 30"),
        (
            r#"{"retention": {"transcripts_days": null}}"#,
            "settings.retention.transcripts_days is null",
        ),
        (
            r#"{"retention": {"audit_days": 29}}"#,
            "settings.retention.audit_days is 29; allowed is a whole number from 30 to 3650, or 0 to keep them for ever",
        ),
        (
            r#"{"retention": {"outbox_days": 3651}}"#,
            "settings.retention.outbox_days is 3651",
        ),
        ("[]", "settings is []"),
    ] {
        // What no JSON schema can say: that windows do not overlap, and how two rules go together.
        let is_beyond_a_schema = reason == "overlap" || reason == "nothing could ever be booked";
        assert_eq!(
            settings_schema().is_valid(&serde_json::from_str(settings).unwrap()),
            is_beyond_a_schema,
            "sql/settings.schema.json says the same of {settings}"
        );
        let (code, message) = refused(
            &database,
            &format!("update organizations set settings = '{settings}'"),
        )
        .await;
        assert_eq!(code, "23514", "{settings}");
        assert!(message.contains(reason), "{settings}: {message}");
    }
    for (column, value) in [("timezone", "Mars/Base"), ("transfer_mode", "hot")] {
        let (_, message) = refused(
            &database,
            &format!("update organizations set {column} = '{value}'"),
        )
        .await;
        assert!(
            message.contains(column) && message.contains(value),
            "{message}"
        );
    }
    let (_, message) = refused(
        &database,
        &format!("insert into special_days (organization_id, special_date, hours) values ('{ID}', '2026-12-24', '{{}}')"),
    )
    .await;
    assert!(message.contains("2026-12-24"), "{message}");
    for settings in [
        r#"{"somebody_elses": {"key": 1}}"#,
        r#"{"capacity": 100, "lead_minutes": 0, "horizon_days": 730, "step_minutes": 5, "buffer_after_minutes": 240}"#,
        r#"{"languages": ["es"], "dial_countries": ["US", "CA", "MX"]}"#,
        r#"{"emergency": {"rounds": 1, "acknowledgement_timeout_minutes": 0}, "limits": {"messages_per_day": 0}}"#,
        r#"{"messages": {"confirmations": false, "reminder_time": "23:59", "quiet_from": "00:00", "somebody_elses": 1}}"#,
        r#"{"calendar": {"details": "full", "somebody_elses": 1}}"#,
        r#"{"retention": {"transcripts_days": 0, "texts_days": 1, "audit_days": 30, "outbox_days": 7, "tool_log_days": 3650}}"#,
        r#"{"languages": ["es", "en"], "hours": {"sunday": [], "friday": [{"open": "20:00", "close": "03:00"}]}}"#,
    ] {
        assert!(
            settings_schema().is_valid(&serde_json::from_str(settings).unwrap()),
            "{settings}"
        );
        database
            .run(&format!(
                "update organizations set settings = '{settings}', timezone = 'Etc/GMT+5'"
            ))
            .await;
    }
}

/// The documented schema of `organizations.settings`.
fn settings_schema() -> jsonschema::Validator {
    let schema = include_str!("../../../sql/settings.schema.json");
    jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap()
}
