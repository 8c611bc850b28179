//! The page of one organization, and its warnings.

use serde_json::{Value, json};

use crate::support::Operator;

/// An organization with one of everything.
async fn furnished() -> Operator {
    let operator = Operator::new().await;
    operator.signs_up("dana@example.com").await;
    for (command, arguments) in [
        (
            "add-assistant",
            &[
                "--vapi-assistant-id",
                "a-1",
                "--name",
                "Ava",
                "--language",
                "es",
            ] as &[&str],
        ),
        (
            "add-phone",
            &[
                "--number",
                "+13035550100",
                "--vapi-phone-number-id",
                "n-1",
                "--vapi-assistant-id",
                "a-1",
            ],
        ),
        (
            "add-member",
            &["--email", "dana@example.com", "--role", "owner"],
        ),
        (
            "add-contact",
            &[
                "--name",
                "Dana Ruiz",
                "--phone",
                "+13035550103",
                "--days",
                "mon",
                "--primary",
            ],
        ),
        (
            "set-hours",
            &[
                "mon=08:00-12:00,13:00-24:00",
                "tue=closed",
                "sat=20:00-03:00",
            ],
        ),
        (
            "set",
            &[
                "capacity=3",
                "buffer_after_minutes=15",
                "languages=es",
                "emergency.rounds=2",
                "messages.reminders=false",
                "messages.quiet_from=20:30",
                "transfer_phone_number=+13035550101",
            ],
        ),
        (
            "set",
            &[
                "emergency_contact_phone=+13035550102",
                "max_transfer_wait_time=45",
                "transfer_mode=blind",
            ],
        ),
        ("close", &["2026-12-25", "--reason", "Christmas"]),
        ("webhook-secret", &[]),
        ("webhook-secret", &[]),
        ("webhook-secret", &["--retire"]),
    ] {
        operator.hears(command, arguments);
    }
    operator
}

#[tokio::test]
async fn a_page_shows_everything_that_is_in_effect() {
    let operator = furnished().await;

    let shown = operator.reads("show", &[]);

    assert_eq!(shown["id"], json!(operator.id));
    assert_eq!(shown["name"], "Acme");
    assert_eq!(shown["industry"], "plumbing");
    assert_eq!(shown["timezone"], "America/Denver");
    assert_eq!(shown["local_time"], "2026-11-23T08:00:00");
    assert_eq!(
        shown["phone_numbers"],
        json!([{
            "number": "+13035550100", "active": true, "provider": "vapi", "capabilities": ["voice"],
            "vapi_phone_number_id": "n-1", "vapi_assistant_id": "a-1",
        }])
    );
    assert_eq!(
        shown["assistants"],
        json!([{ "vapi_assistant_id": "a-1", "name": "Ava", "language": "es", "active": true }])
    );
    let usual = json!({ "windows": [{ "open": "08:00", "close": "18:00" }], "default": true });
    assert_eq!(
        shown["hours"],
        json!({
            "monday": {
                "windows": [{ "open": "08:00", "close": "12:00" }, { "open": "13:00", "close": "24:00" }],
                "default": false,
            },
            "tuesday": { "windows": [], "default": false },
            "wednesday": usual,
            "thursday": usual,
            "friday": usual,
            "saturday": { "windows": [{ "open": "20:00", "close": "03:00" }], "default": false },
            "sunday": { "windows": [], "default": true },
        })
    );
    assert_eq!(
        shown["rules"],
        json!({
            "capacity": { "value": 3, "default": false },
            "lead_minutes": { "value": 60, "default": true },
            "horizon_days": { "value": 60, "default": true },
            "area.postal_codes": { "value": [], "default": true },
            "lead_days": { "value": 0, "default": true },
            "travel_minutes": { "value": 0, "default": true },
            "step_minutes": { "value": 60, "default": true },
            "buffer_before_minutes": { "value": 0, "default": true },
            "buffer_after_minutes": { "value": 15, "default": false },
            "emergency.rounds": { "value": 2, "default": false },
            "emergency.acknowledgement_timeout_minutes": { "value": 60, "default": true },
            "limits.messages_per_day": { "value": 500, "default": true },
            "limits.pages_per_day": { "value": 1000, "default": true },
            "limits.transfers_per_day": { "value": 200, "default": true },
            "messages.confirmations": { "value": true, "default": true },
            "messages.reminders": { "value": false, "default": false },
            "messages.reminder_time": { "value": "10:00", "default": true },
            "messages.quiet_from": { "value": "20:30", "default": false },
            "messages.quiet_until": { "value": "08:00", "default": true },
            "retention.transcripts_days": { "value": 365, "default": true },
            "retention.recordings_days": { "value": 365, "default": true },
            "retention.tool_log_days": { "value": 90, "default": true },
            "retention.texts_days": { "value": 365, "default": true },
            "retention.audit_days": { "value": 730, "default": true },
            "retention.outbox_days": { "value": 90, "default": true },
            "calendar.details": { "value": "none", "default": true },
            "calendar.deleted": { "value": "ask", "default": true },
            "calendar.stale_minutes": { "value": 60, "default": true },
            "languages": { "value": ["es"], "default": false },
            "dial_countries": { "value": ["US", "CA"], "default": true },
        })
    );
    assert_eq!(
        shown["special_days"],
        json!([{ "date": "2026-12-25", "hours": [], "reason": "Christmas" }])
    );
    assert_eq!(
        shown["transfer"],
        json!({ "phone_number": "+13035550101", "extension": null, "mode": "blind", "max_wait_seconds": 45 })
    );
    assert_eq!(shown["emergency_contact_phone"], "+13035550102");
    assert_eq!(shown["contacts"][0]["name"], "Dana Ruiz");
    assert_eq!(shown["contacts"][0]["on_call_now"], true);
    assert_eq!(shown["webhook_secrets"]["live"], 1);
    assert_eq!(
        shown["webhook_secrets"]["since"].as_array().unwrap().len(),
        1
    );
    assert_eq!(
        shown["members"],
        json!({ "owner": 1, "admin": 0, "member": 0 })
    );
    assert_eq!(shown["warnings"], json!([]));

    let page = operator.hears("show", &[]);
    for line in [
        "Acme",
        "  time zone         America/Denver, now Mon 2026-11-23 08:00",
        "  transfers         +13035550101, blind, within 45 s",
        "  members           1 owner, 0 admins, 0 members",
        "  monday     08:00-12:00, 13:00-24:00",
        "  tuesday    closed",
        "  wednesday  08:00-18:00               default",
        "  capacity                                   3",
        "  lead_minutes                               60     default",
        "  messages.quiet_from                        20:30",
        "  languages                                  es",
        "  2026-12-25 Fri  closed  Christmas",
    ] {
        assert!(page.lines().any(|shown| shown == line), "{line:?}\n{page}");
    }
    assert!(!page.contains("Warnings"), "{page}");
}

#[tokio::test]
async fn stored_rules_that_cannot_be_meant_are_shown_as_they_count() {
    let operator = Operator::new().await;
    // As they may have been written before they were checked.
    operator
        .database
        .run(
            r#"alter table organizations disable trigger user;
               update organizations set timezone = null, settings =
                   '{"capacity": "many", "lead_minutes": 60, "languages": ["fr"], "hours": {"monday": "late"},
                     "emergency": {"rounds": 99}, "limits": [], "messages": {"reminders": "no", "quiet_from": "late"}}'"#,
        )
        .await;

    let shown = operator.reads("show", &[]);

    assert_eq!(shown["timezone"], "America/New_York");
    let rules = &shown["rules"];
    assert_eq!(rules["capacity"], json!({ "value": 1, "default": true }));
    assert_eq!(
        rules["lead_minutes"],
        json!({ "value": 60, "default": false })
    );
    assert_eq!(
        rules["languages"],
        json!({ "value": ["en", "es"], "default": true })
    );
    assert_eq!(shown["hours"]["monday"]["default"], true);
    for (name, value) in [
        ("emergency.rounds", json!(3)),
        ("limits.pages_per_day", json!(1000)),
        ("messages.reminders", json!(true)),
        ("messages.quiet_from", json!("21:00")),
    ] {
        assert_eq!(rules[name], json!({ "value": value, "default": true }));
    }

    for settings in ["'[]'", "null", "'3'"] {
        operator
            .database
            .run(&format!("update organizations set settings = {settings}"))
            .await;
        assert_eq!(operator.reads("show", &[])["rules"]["capacity"]["value"], 1);
    }
}

#[tokio::test]
async fn what_would_hurt_is_warned_of() {
    let operator = Operator::new().await;
    operator.hears(
        "set-hours",
        &[
            "mon=closed",
            "tue=closed",
            "wed=closed",
            "thu=closed",
            "fri=closed",
        ],
    );
    let warnings = |operator: &Operator| -> Vec<String> {
        let list = operator.reads("show", &[])["warnings"].clone();
        serde_json::from_value(list).unwrap()
    };
    let bare = warnings(&operator);
    assert_eq!(bare.len(), 5, "{bare:#?}");
    for (warning, part) in bare.iter().zip([
        "No number is active",
        "No assistant is active",
        "closed all week",
        "no owner",
        "Nobody takes emergencies",
    ]) {
        assert!(warning.contains(part), "{warning}");
    }
    let page = operator.hears("show", &[]);
    assert!(
        page.contains("\n\nWarnings\n  No number is active"),
        "{page}"
    );

    let operator = furnished().await;
    let all_is_well = warnings(&operator);
    assert!(all_is_well.is_empty(), "{all_is_well:?}");
    operator
        .database
        .run("update phone_number_assignments set is_active = false; update vapi_assistants set is_active = false")
        .await;
    let resting = warnings(&operator);
    assert_eq!(resting.len(), 2, "{resting:?}");
}

#[tokio::test]
async fn an_hour_at_which_an_emergency_finds_nobody_is_named() {
    let operator = furnished().await;
    let contact = operator.reads("contacts", &[])[0]["id"].clone();
    let contact = contact.as_str().unwrap();
    let warnings = || operator.reads("show", &[])["warnings"].clone();
    operator
        .database
        .run("update organizations set emergency_contact_phone = ' '")
        .await;
    assert_eq!(warnings(), json!([]), "the primary contact takes them");

    operator.hears("set-contact", &[contact, "--primary", "false"]);
    let named = |at: &str| {
        let list = warnings();
        assert_eq!(list.as_array().unwrap().len(), 1, "{list}");
        let text = list[0].as_str().unwrap().to_owned();
        assert!(text.contains(at), "{text}");
    };
    named("such as tuesday at 00:00");

    // A window over midnight belongs to the day on which it starts, so Sunday's reaches into Monday.
    operator.hears(
        "set-contact",
        &[contact, "--days", "every", "--hours", "18:00-17:30"],
    );
    named("such as monday at 17:30");
    operator.hears(
        "set-contact",
        &[
            contact,
            "--days",
            "tue,wed,thu,fri,sat,sun",
            "--hours",
            "07:00-07:00",
        ],
    );
    named("such as monday at 07:00");
    operator.hears("set-contact", &[contact, "--days", "every"]);
    assert_eq!(warnings(), json!([]));
    operator.hears("set-contact", &[contact, "--active", "false"]);
    named("Nobody takes emergencies");

    operator.hears(
        "set-contact",
        &[contact, "--active", "true", "--hours", "always"],
    );
    operator
        .database
        .run("update emergency_contacts set sms_enabled = false, call_enabled = false, email_enabled = true")
        .await;
    named("Dana Ruiz could not be paged");
}

#[tokio::test]
async fn no_secret_is_shown() {
    let operator = furnished().await;
    operator
        .database
        .run(
            r#"update organizations set
                   twilio_auth_token = 'S3CRET-twilio', byo_sip_credentials = '{"password": "S3CRET-sip"}',
                   google_refresh_token = 'S3CRET-google', outlook_refresh_token = 'S3CRET-outlook',
                   calendly_api_key = 'S3CRET-calendly';
               update private.webhook_credentials set secret = 'S3CRET-webhook'"#,
        )
        .await;

    let shown = operator.reads("show", &[]);
    let page = operator.hears("show", &[]);

    assert!(!shown.to_string().contains("S3CRET"), "{shown}");
    assert!(!page.contains("S3CRET"), "{page}");
    let names: Vec<Value> = shown["credentials"].as_array().unwrap().clone();
    assert_eq!(names.len(), 5, "named, not read");
    assert!(page.contains("twilio_auth_token"), "{page}");
}
