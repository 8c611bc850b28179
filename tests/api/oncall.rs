//! `frontdesk oncall`: who is on call when, and what would leave an emergency without anybody.

use std::process::Output;

use serde_json::{Value, json};

use crate::support::{
    Operator,
    app::NOW,
    operator::{NOBODY, complaint, printed},
};

/// Enters a contact and gives the id.
fn contact(operator: &Operator, name: &str, arguments: &[&str]) -> String {
    let mut line = vec!["--name", name, "--phone", "+13035550103"];
    line.extend(arguments);
    operator.reads("add-contact", &line)["id"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// An organization that is covered at all hours by Dana and has a number of last resort.
async fn covered() -> (Operator, String) {
    let operator = Operator::new().await;
    let dana = contact(&operator, "Dana Ruiz", &[]);
    operator.hears("set", &["emergency_contact_phone=+13035550102"]);
    (operator, dana)
}

/// What `gaps` says of the operator's organization, and its exit code.
fn gaps(operator: &Operator) -> (String, Option<i32>) {
    let said = operator.at(
        NOW,
        &["oncall", "gaps", "--org", &operator.id, "--days", "2"],
    );
    let text = String::from_utf8(said.stdout.clone()).unwrap();
    assert!(said.stderr.is_empty(), "{}", complaint(&said));
    (text.trim_end().to_owned(), said.status.code())
}

/// The one line of `gaps`, which has nothing else to say.
fn only_gap(operator: &Operator) -> String {
    let (said, code) = gaps(operator);
    assert_eq!(code, Some(1), "{said}");
    let lines: Vec<&str> = said.lines().collect();
    assert_eq!(lines.len(), 2, "{said}");
    assert_eq!(lines[0], format!("Acme ({})", operator.id));
    // What differs from run to run.
    lines[1].trim_start().replace(&operator.id, "ID")
}

fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn who_is_on_call_is_shown_in_order_with_a_mark_for_now() {
    let operator = Operator::new().await;
    contact(&operator, "Dana Ruiz", &["--hours", "18:00-08:00"]);
    contact(&operator, "Sam Lee", &["--priority", "2", "--days", "mon"]);
    contact(
        &operator,
        "Kim Owner",
        &[
            "--priority",
            "3",
            "--days",
            "tue",
            "--hours",
            "06:00-07:00",
            "--primary",
        ],
    );

    let show = |org: &str| operator.at(NOW, &["oncall", "show", "--org", org, "--days", "2"]);
    assert_eq!(
        printed(&show("acme")),
        "\
Acme, America/Denver, 2 days

     from                  until                          first      then
     Mon 2026-11-23 00:00  Mon 2026-11-23 08:00           Dana Ruiz  Sam Lee
now  Mon 2026-11-23 08:00  Mon 2026-11-23 18:00           Sam Lee
     Mon 2026-11-23 18:00  Tue 2026-11-24 00:00           Dana Ruiz  Sam Lee
     Tue 2026-11-24 00:00  Tue 2026-11-24 06:00           Dana Ruiz
     Tue 2026-11-24 06:00  Tue 2026-11-24 07:00           Dana Ruiz  Kim Owner
     Tue 2026-11-24 07:00  Tue 2026-11-24 08:00           Dana Ruiz
     Tue 2026-11-24 08:00  Tue 2026-11-24 18:00           (nobody)   falls to Kim Owner, the primary contact
     Tue 2026-11-24 18:00  Wed 2026-11-25 00:00 or later  Dana Ruiz
"
    );
    assert_eq!(printed(&show(&operator.id)), printed(&show(" ACME ")));
    let object = json_of(&operator.at(
        NOW,
        &[
            "oncall",
            "show",
            "--org",
            &operator.id,
            "--days",
            "2",
            "--json",
        ],
    ));
    assert_eq!(object["days"], 2);
    let now = &object["stretches"][1];
    assert_eq!(now["from"], "2026-11-23T08:00:00-07:00");
    assert_eq!(now["until"], "2026-11-23T18:00:00-07:00");
    assert_eq!(now["now"], true);
    assert_eq!(now["source"], "on_call");
    assert_eq!(now["contacts"][0]["name"], "Sam Lee");
    let marked = object["stretches"].as_array().unwrap().iter();
    assert_eq!(marked.filter(|stretch| stretch["now"] == true).count(), 1);
}

#[tokio::test]
async fn the_offset_is_shown_where_the_clocks_change() {
    let operator = Operator::new().await;
    contact(&operator, "Night Shift", &["--hours", "22:00-06:00"]);
    contact(&operator, "Day Shift", &["--hours", "06:00-22:00"]);

    // Denver's clocks go back on Sunday, 1 November 2026, at 02:00.
    let shown = printed(&operator.at(
        "2026-10-30T18:00:00Z",
        &["oncall", "show", "--org", "Acme", "--days", "5"],
    ));

    let nights: Vec<&str> = shown
        .lines()
        .filter(|line| line.contains("Night") && line.contains("22:00"))
        .map(str::trim)
        .collect();
    assert_eq!(
        nights,
        [
            "Fri 2026-10-30 22:00 -06:00  Sat 2026-10-31 06:00 -06:00    Night Shift",
            "Sat 2026-10-31 22:00 -06:00  Sun 2026-11-01 06:00 -07:00    Night Shift",
            "Sun 2026-11-01 22:00 -07:00  Mon 2026-11-02 06:00 -07:00    Night Shift",
            "Mon 2026-11-02 22:00         Tue 2026-11-03 06:00           Night Shift",
            "Tue 2026-11-03 22:00         Wed 2026-11-04 00:00 or later  Night Shift",
        ],
        "{shown}"
    );
}

#[tokio::test]
async fn an_organization_without_a_gap_is_told_so_and_the_exit_code_is_zero() {
    let (operator, _) = covered().await;

    assert_eq!(
        gaps(&operator),
        ("No gap in 2 days, of 1 organization.".to_owned(), Some(0))
    );
    let object = operator.at(NOW, &["oncall", "gaps", "--json"]);
    assert_eq!(object.status.code(), Some(0));
    assert_eq!(
        json_of(&object),
        json!({ "days": 30, "organizations": [{ "id": operator.id, "name": "Acme", "warnings": [] }] })
    );
}

#[tokio::test]
async fn a_time_without_anybody_on_call_is_warned_of_with_whom_it_falls_to() {
    let (operator, dana) = covered().await;
    operator.hears("set-contact", &[&dana, "--hours", "18:00-17:30"]);

    let (said, code) = gaps(&operator);
    assert_eq!(code, Some(1));
    let lines: Vec<String> = said
        .lines()
        .map(|line| line.trim_start().replace(&operator.id, "ID"))
        .collect();
    assert_eq!(
        lines,
        [
            "Acme (ID)",
            "Nobody is on call from Mon 2026-11-23 17:30 until Mon 2026-11-23 18:00: an emergency falls to the emergency number; \
             `frontdesk org add-contact ID --name NAME --phone NUMBER --days mon --hours 17:30-18:00` fixes it.",
            "Nobody is on call from Tue 2026-11-24 17:30 until Tue 2026-11-24 18:00: an emergency falls to the emergency number; \
             `frontdesk org add-contact ID --name NAME --phone NUMBER --days tue --hours 17:30-18:00` fixes it.",
        ]
    );
    let object = json_of(&operator.at(NOW, &["oncall", "gaps", "--days", "1", "--json"]));
    let warning = &object["organizations"][0]["warnings"][0];
    assert_eq!(warning["kind"], "gap");
    assert_eq!(warning["from"], "2026-11-23T17:30:00-07:00");
    assert_eq!(warning["until"], "2026-11-23T18:00:00-07:00");

    // The command that is named mends it.
    for day in ["mon", "tue"] {
        contact(
            &operator,
            "Sam Lee",
            &["--days", day, "--hours", "17:30-18:00"],
        );
    }
    assert_eq!(gaps(&operator).1, Some(0));
}

#[tokio::test]
async fn a_primary_contact_catches_what_nobody_else_does_and_nobody_is_said_to() {
    let (operator, dana) = covered().await;
    operator.hears(
        "set-contact",
        &[&dana, "--primary", "true", "--days", "fri"],
    );
    assert_eq!(
        only_gap(&operator),
        "Nobody is on call from Mon 2026-11-23 08:00 on: an emergency falls to Dana Ruiz, the primary contact; \
         `frontdesk org add-contact ID --name NAME --phone NUMBER` fixes it."
    );

    operator.hears("set-contact", &[&dana, "--active", "false"]);
    operator
        .database
        .run("update organizations set emergency_contact_phone = null")
        .await;
    let (said, _) = gaps(&operator);
    assert!(said.contains("an emergency falls to nobody;"), "{said}");
    assert!(
        said.contains("There is no emergency number of last resort; `frontdesk org set"),
        "{said}"
    );
}

/// Each thing that stands in the way of telling a contact, the line that says so, and the command in it, which mends it.
#[tokio::test]
async fn what_stands_in_the_way_of_telling_a_contact_is_warned_of_and_mended_by_the_command_named()
{
    // A contact that was broken and is not in use stays for the cases that come after, and is never spoken of.
    let (operator, _) = covered().await;
    for (broken, line, mend) in [
        (
            "sms_enabled = false, call_enabled = false",
            "Sam Lee could not be paged: no channel is on that can be used; `frontdesk org set-contact ID SAM --sms true \
             --call true` fixes it.",
            &["--sms", "true", "--call", "true"] as &[&str],
        ),
        (
            "sms_enabled = false, call_enabled = false, email_enabled = true",
            "Sam Lee could not be paged: no channel is on that can be used; `frontdesk org set-contact ID SAM --sms true \
             --call true` fixes it.",
            &[
                "--sms",
                "true",
                "--call",
                "true",
                "--email",
                "sam@example.com",
            ],
        ),
        (
            "email_enabled = true",
            "E-mail is on for Sam Lee, who has no address; `frontdesk org set-contact ID SAM --email ADDRESS` fixes it.",
            &["--email", "sam@example.com"],
        ),
        (
            "phone = ' '",
            "Sam Lee has no telephone number, and is never asked; `frontdesk org set-contact ID SAM --phone NUMBER` fixes it.",
            &["--phone", "+13035550104"],
        ),
        (
            "phone = '12 34'",
            "Sam Lee can be neither called nor sent messages: the telephone number has too few digits; `frontdesk org set-contact ID SAM \
             --phone NUMBER` fixes it.",
            &["--phone", "+13035550104"],
        ),
        (
            "phone = '+19005550100'",
            "Sam Lee can be neither called nor sent messages: it is a premium number, which charges whoever calls; `frontdesk org \
             set-contact ID SAM --phone NUMBER` fixes it.",
            &["--phone", "+13035550104"],
        ),
        (
            "available_days = '{}'",
            "Sam Lee has no day on call, so that their hours are never used; `frontdesk org set-contact ID SAM --days every` fixes it.",
            &["--days", "every"],
        ),
    ] {
        let sam = contact(&operator, "Sam Lee", &["--priority", "2"]);
        operator
            .database
            .run(&format!(
                "update emergency_contacts set {broken} where id = '{sam}'"
            ))
            .await;

        assert_eq!(only_gap(&operator).replace(&sam, "SAM"), line);
        let warned = operator.reads("show", &[])["warnings"].to_string();
        let sentence = line.split(';').next().unwrap();
        assert!(
            warned.contains(sentence),
            "`org show` says it too: {warned}"
        );

        let mut arguments = vec![sam.as_str()];
        arguments.extend(mend);
        operator.hears("set-contact", &arguments);
        assert_eq!(gaps(&operator).1, Some(0), "{broken}");

        operator
            .database
            .run(&format!(
                "update emergency_contacts set {broken}, is_active = false, name = 'Gone' where id = '{sam}'"
            ))
            .await;
    }
    assert_eq!(gaps(&operator).1, Some(0), "the broken are not in use");
}

#[tokio::test]
async fn a_foreign_number_is_warned_of_until_its_country_is_allowed() {
    let (operator, dana) = covered().await;
    operator.hears("set-contact", &[&dana, "--phone", "+18765550100"]);

    assert_eq!(
        only_gap(&operator),
        "Dana Ruiz can be neither called nor sent messages: it is a number of JM, a country that is not allowed; \
         `frontdesk org set ID dial_countries=US,CA,JM` fixes it."
    );

    operator.hears("set", &["dial_countries=US,CA,JM"]);
    assert_eq!(gaps(&operator).1, Some(0));
    operator.hears("set", &["emergency_contact_phone=+525512345678"]);
    assert_eq!(
        only_gap(&operator),
        "The emergency number of last resort cannot be called: it is a number of MX, a country that is not allowed; \
         `frontdesk org set ID dial_countries=US,CA,JM,MX` fixes it."
    );
    operator.hears("set", &["emergency_contact_phone=+19005550100"]);
    assert!(
        only_gap(&operator)
            .ends_with("`frontdesk org set ID emergency_contact_phone=NUMBER` fixes it.")
    );
}

#[tokio::test]
async fn a_number_that_opted_out_is_warned_of_when_it_takes_no_calls() {
    let (operator, dana) = covered().await;
    let consent = async |status: &str, at: &str| {
        operator
            .database
            .run(&format!(
                "insert into sms_consents (organization_id, phone_number, status, source, created_at)
                 values ('{}', '+13035550103', '{status}', 'keyword', '{at}')",
                operator.id
            ))
            .await;
    };
    // As a dashboard may have written it.
    operator
        .database
        .run("update emergency_contacts set phone = '(303) 555-0103'")
        .await;
    consent("granted", "2026-11-01").await;
    consent("withdrawn", "2026-11-02").await;
    assert_eq!(gaps(&operator).1, Some(0), "a call tells them");

    operator.hears("set-contact", &[&dana, "--call", "false"]);
    let mut said = only_gap(&operator);
    said = said.replace(&dana, "DANA");
    assert_eq!(
        said,
        "Dana Ruiz wants no messages on that number any more, and takes no calls; `frontdesk org set-contact ID DANA --call true` \
         fixes it."
    );

    consent("granted", "2026-11-03").await;
    assert_eq!(gaps(&operator).1, Some(0), "the newest row counts");

    consent("withdrawn", "2026-11-04").await;
    operator
        .database
        .run(&format!(
            "insert into organizations (id, name, industry) values ('{NOBODY}', 'Other', 'hvac');
             alter table sms_consents disable trigger user;
             update sms_consents set organization_id = '{NOBODY}'"
        ))
        .await;
    assert_eq!(
        gaps(&operator).1,
        Some(0),
        "another firm's consent is not theirs"
    );
}

#[tokio::test]
async fn a_primary_contact_without_days_stands_in_reserve_and_is_no_mistake() {
    let (operator, _) = covered().await;
    let owner = contact(&operator, "Kim Owner", &["--primary", "--priority", "9"]);
    operator
        .database
        .run("update emergency_contacts set available_days = '{}' where name = 'Kim Owner'")
        .await;
    assert_eq!(gaps(&operator).1, Some(0));

    operator.hears("set-contact", &[&owner, "--hours", "18:00-08:00"]);
    assert!(only_gap(&operator).contains("Kim Owner has no day on call"));
}

#[tokio::test]
async fn without_an_organization_every_one_is_looked_at() {
    let (operator, _) = covered().await;
    operator
        .database
        .run("insert into organizations (name, industry, timezone) values ('Zeta', 'hvac', null), ('Beta', 'hvac', 'Europe/Madrid')")
        .await;

    let said = operator.at(NOW, &["oncall", "gaps"]);

    assert_eq!(said.status.code(), Some(1));
    let text = String::from_utf8(said.stdout).unwrap();
    let names: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with(' ') && !line.is_empty())
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert_eq!(names, ["Beta", "Zeta"], "{text}");
    assert!(
        text.contains("Nobody is on call from Mon 2026-11-23 16:00 on"),
        "{text}"
    );
}

#[tokio::test]
async fn an_organization_that_is_not_there_or_not_the_only_one_is_refused() {
    let (operator, _) = covered().await;
    operator
        .database
        .run("insert into organizations (name, industry) values ('acme', 'hvac')")
        .await;
    let none = format!("there is no organization {NOBODY}; `frontdesk org list` lists them");
    for command in ["show", "gaps"] {
        for (org, part) in [
            (NOBODY, none.as_str()),
            ("Nobody", "there is no organization Nobody"),
            (
                "ACME",
                "2 organizations are called ACME; name one by its id:",
            ),
        ] {
            let refused = operator.at(NOW, &["oncall", command, "--org", org]);
            assert!(!refused.status.success());
            assert!(refused.stdout.is_empty());
            assert!(
                complaint(&refused).contains(part),
                "{}",
                complaint(&refused)
            );
        }
        let refused = operator.at(NOW, &["oncall", command, "--org", "x", "--days", "0"]);
        assert_eq!(refused.status.code(), Some(2));
    }
}
