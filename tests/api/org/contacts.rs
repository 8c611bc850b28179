//! Who takes emergencies, and when.

use serde_json::{Value, json};

use crate::support::Operator;

/// Dana, entered with an address, every day from six in the evening.
fn dana(operator: &Operator) -> String {
    let made = operator.reads(
        "add-contact",
        &[
            "--name",
            "Dana Ruiz",
            "--phone",
            "303-555-0103",
            "--email",
            "dana@example.com",
            "--hours",
            "18:00-08:00",
        ],
    );
    made["id"].as_str().unwrap().to_owned()
}

async fn row(operator: &Operator) -> Value {
    operator
        .database
        .object("select * from emergency_contacts where name like 'Dana%'")
        .await
}

#[tokio::test]
async fn contacts_are_listed_in_the_order_in_which_they_are_asked() {
    let operator = Operator::new().await;
    assert_eq!(
        operator.hears("contacts", &[]),
        "There is no contact yet; add one with `frontdesk org add-contact`."
    );
    assert_eq!(operator.reads("contacts", &[]), json!([]));

    let second = operator.reads(
        "add-contact",
        &[
            "--name",
            "Sam Lee",
            "--phone",
            "+13035550104",
            "--priority",
            "2",
            "--days",
            "mon,tue",
            "--role",
            "Owner",
            "--primary",
            "--sms",
            "false",
            "--escalation-timeout",
            "120",
        ],
    );
    let first = dana(&operator);

    let contacts = operator.reads("contacts", &[]);
    assert_eq!(
        contacts,
        json!([
            {
                "id": first, "name": "Dana Ruiz", "phone": "+13035550103", "extension": null, "email": "dana@example.com", "role": null,
                "priority": 1, "days": null, "hours": "18:00-08:00", "primary": false, "active": true,
                // It is Monday, 08:00 in Denver: the end of a window is not in it.
                "on_call_now": false,
                "sms": true, "call": true, "email_enabled": true, "escalation_timeout": 30,
            },
            {
                "id": second["id"], "name": "Sam Lee", "phone": "+13035550104", "extension": null, "email": null, "role": "Owner",
                "priority": 2, "days": ["monday", "tuesday"], "hours": null, "primary": true, "active": true,
                "on_call_now": true,
                "sms": false, "call": true, "email_enabled": false, "escalation_timeout": 120,
            },
        ])
    );
    let table = operator.hears("contacts", &[]);
    let lines: Vec<&str> = table.lines().collect();
    assert!(
        lines[1].contains("Dana Ruiz") && lines[1].contains("sms,call,e-mail"),
        "{table}"
    );
    assert!(
        lines[2].contains("mon,tue    always") && lines[2].contains("120 s"),
        "{table}"
    );
}

#[tokio::test]
async fn only_what_is_given_changes() {
    let operator = Operator::new().await;
    let id = dana(&operator);
    let before = row(&operator).await;

    let said = operator.hears("set-contact", &[&id, "--priority", "3"]);
    assert!(said.starts_with("Changed Dana Ruiz.\n"), "{said}");
    let mut expected = before.clone();
    expected["priority"] = json!(3);
    let mut after = row(&operator).await;
    after["updated_at"] = before["updated_at"].clone();
    assert_eq!(after, expected);

    let changed = operator.reads(
        "set-contact",
        &[
            &id,
            "--name",
            "Dana R.",
            "--phone",
            "(303) 555-0105",
            "--email",
            "d@example.com",
            "--role",
            "On call",
            "--days",
            "sat,sunday",
            "--hours",
            "00:00-24:00",
            "--primary",
            "true",
            "--active",
            "false",
            "--sms",
            "false",
            "--call",
            "false",
            "--email-enabled",
            "true",
            "--escalation-timeout",
            "3600",
        ],
    );
    assert_eq!(
        changed,
        json!({
            "id": id, "name": "Dana R.", "phone": "+13035550105", "extension": null, "email": "d@example.com", "role": "On call",
            "priority": 3, "days": ["saturday", "sunday"], "hours": "00:00-00:00", "primary": true, "active": false,
            "on_call_now": false, "sms": false, "call": false, "email_enabled": true, "escalation_timeout": 3600,
        })
    );

    let reset = operator.reads(
        "set-contact",
        &[
            &id,
            "--days",
            "every",
            "--hours",
            "always",
            "--role",
            "none",
            "--email",
            "none",
            "--email-enabled",
            "false",
            "--call",
            "true",
            "--active",
            "true",
        ],
    );
    for field in ["days", "hours", "role", "email"] {
        assert_eq!(reset[field], Value::Null, "{field}");
    }
    assert_eq!(reset["on_call_now"], true);
    let stored = row(&operator).await;
    assert_eq!(stored["available_days"], Value::Null);
    assert_eq!(stored["available_hours_start"], Value::Null);
    assert_eq!(stored["available_hours_end"], Value::Null);
}

#[tokio::test]
async fn a_contact_is_removed_and_what_they_were_told_is_kept() {
    let operator = Operator::new().await;
    let id = dana(&operator);
    operator
        .database
        .run(&format!(
            "insert into emergency_notifications (organization_id, emergency_contact_id, notification_type, urgency, message)
             values ('{}', '{id}', 'sms', 'emergency', 'Water')",
            operator.id
        ))
        .await;

    assert_eq!(
        operator.hears("remove-contact", &[&id]),
        "Dana Ruiz takes no emergencies any more."
    );
    let told: i64 = operator
        .database
        .value("select count(*) from emergency_notifications")
        .await;
    assert_eq!(told, 1);

    let id = dana(&operator);
    assert_eq!(
        operator.reads("remove-contact", &[&id]),
        json!({ "id": operator.id, "removed": id, "name": "Dana Ruiz" })
    );
    assert_eq!(operator.reads("contacts", &[]), json!([]));
}

#[tokio::test]
async fn a_contact_of_another_organization_is_out_of_reach() {
    let operator = Operator::new().await;
    operator
        .database
        .run(
            "with o as (insert into organizations (name, industry) values ('Other', 'hvac') returning id)
             insert into emergency_contacts (organization_id, name, phone) select id, 'Dana Other', '+13035550106' from o",
        )
        .await;
    let id: String = operator
        .database
        .value("select id::text from emergency_contacts")
        .await;

    for (command, arguments) in [
        ("set-contact", vec![id.as_str(), "--active", "false"]),
        ("remove-contact", vec![id.as_str()]),
    ] {
        let complaint = format!("organization {} has no contact {id}", operator.id);
        operator.is_refused(command, &arguments, &[&complaint, "frontdesk org contacts"]);
    }
    assert_eq!(row(&operator).await["is_active"], true);
}

#[tokio::test]
async fn a_contact_who_could_not_be_told_or_found_is_refused_and_nothing_is_written() {
    let operator = Operator::new().await;
    let id = dana(&operator);
    let before = row(&operator).await;

    for (change, parts) in [
        (
            vec!["--phone", "five"],
            vec!["five is not a telephone number", "+1303"],
        ),
        (
            vec!["--days", "mon,someday"],
            vec!["someday is not a weekday", "mon"],
        ),
        (vec!["--days", "m"], vec!["m is not a weekday"]),
        (
            vec!["--hours", "late"],
            vec!["--hours is late", "18:00-08:00"],
        ),
        (
            vec!["--hours", "08:00-25:00"],
            vec!["--hours is 08:00-25:00"],
        ),
        (
            vec!["--priority", "0"],
            vec!["--priority is 0", "first is 1"],
        ),
        (vec!["--name", " "], vec!["--name is empty"]),
        (vec!["--escalation-timeout", "9"], vec!["9", "10..=3600"]),
        (
            vec!["--escalation-timeout", "3601"],
            vec!["3601", "10..=3600"],
        ),
        (vec!["--sms", "perhaps"], vec!["perhaps", "true, false"]),
        (
            vec![
                "--sms",
                "false",
                "--call",
                "false",
                "--email-enabled",
                "false",
            ],
            vec!["could not be paged", "--sms, --call and --email-enabled"],
        ),
    ] {
        let mut set = vec![id.as_str()];
        set.extend(&change);
        operator.is_refused("set-contact", &set, &parts);
        let mut add = vec!["--name", "New", "--phone", "+13035550107"];
        add.retain(|part| {
            !(change[0] == "--phone" && (*part == "--phone" || part.starts_with('+')))
        });
        add.retain(|part| !(change[0] == "--name" && (*part == "--name" || *part == "New")));
        add.extend(&change);
        operator.is_refused("add-contact", &add, &parts);
    }
    operator.is_refused("set-contact", &[&id], &["nothing is given to change"]);
    operator.is_refused(
        "set-contact",
        &[&id, "--email", "none"],
        &["e-mail is on for Dana Ruiz, who has no address"],
    );
    operator.is_refused(
        "add-contact",
        &[
            "--name",
            "New",
            "--phone",
            "+13035550107",
            "--email-enabled",
            "true",
        ],
        &["e-mail is on for New, who has no address", "--email"],
    );

    assert_eq!(row(&operator).await, before);
    let contacts: i64 = operator
        .database
        .value("select count(*) from emergency_contacts")
        .await;
    assert_eq!(contacts, 1);
}
