//! The list of organizations, their languages and assistants, and organizations that do not exist.

use serde_json::{Value, json};

use crate::support::{
    Operator, TestDatabase, database,
    operator::{NOBODY, complaint, frontdesk, object, printed},
};

#[tokio::test]
async fn hours_that_are_set_are_said_as_they_are_written() {
    let operator = Operator::new().await;
    assert_eq!(
        operator.hears("set-hours", &["sat=closed", "mon=8am-12pm,1pm-18:00"]),
        "The hours are now: monday 08:00-12:00, 13:00-18:00; saturday closed."
    );
}

#[tokio::test]
async fn every_organization_is_listed_with_what_is_in_use() {
    let database = TestDatabase::new().await;
    let list = |arguments: &[&str]| {
        let mut line = vec!["org", "list"];
        line.extend(arguments);
        frontdesk(&database.url(), &line)
    };
    assert_eq!(
        printed(&list(&[])),
        "There is no organization yet; make one with `frontdesk org create`.\n"
    );
    assert_eq!(printed(&list(&["--json"])), "[]\n");

    database
        .run(
            "insert into organizations (id, name, industry, timezone) values
                 ('00000000-0000-4000-8000-00000000000b', 'Zeta', 'hvac', 'Europe/Madrid'),
                 ('00000000-0000-4000-8000-00000000000a', 'acme', 'plumbing', null);
             insert into phone_number_assignments (organization_id, phone_number, phone_provider, is_active)
             select id, n.number, 'vapi', n.number = '+13035550100'
             from organizations, (values ('+13035550100'), ('+13035550101')) as n (number) where name = 'acme';
             insert into vapi_assistants (organization_id, vapi_assistant_id, name, industry, language, system_prompt, voice_config)
             select id, 'a-1', 'Ava', 'plumbing', 'en', '', '{}' from organizations where name = 'acme';
             insert into auth.users (email) values ('dana@example.com'), ('sam@example.com');
             insert into organization_members (organization_id, user_id, role)
             select o.id, u.id, 'owner' from organizations as o, auth.users as u where o.name = 'acme'",
        )
        .await;

    assert_eq!(
        printed(&list(&[])),
        "id                                    name  time zone         numbers  assistants  members\n\
         00000000-0000-4000-8000-00000000000a  acme  America/New_York  1        1           2\n\
         00000000-0000-4000-8000-00000000000b  Zeta  Europe/Madrid     0        0           0\n"
    );
    assert_eq!(
        object(&list(&["--json"]))[0],
        json!({
            "id": "00000000-0000-4000-8000-00000000000a",
            "name": "acme",
            "timezone": "America/New_York",
            "active_numbers": 1,
            "assistants": 1,
            "members": 2,
        })
    );
    assert_eq!(printed(&list(&["--json"])).lines().count(), 1);
}

#[tokio::test]
async fn an_organization_answers_in_the_languages_it_is_given() {
    let operator = Operator::new().await;

    assert_eq!(
        operator.hears("set", &["languages=es,en", "capacity=2"]),
        "Set languages=es,en, capacity=2."
    );
    assert_eq!(
        operator.reads("set", &["languages=es"])["settings"],
        json!({ "languages": ["es"], "capacity": 2 })
    );
    for value in ["", "fr", "en,fr", "en,en", "EN", "en;es"] {
        let setting = format!("languages={value}");
        operator.is_refused(
            "set",
            &["capacity=3", &setting],
            &[&format!("languages is {value}"), "en and es"],
        );
    }
    let settings: Value = operator
        .database
        .value("select settings from organizations")
        .await;
    assert_eq!(settings, json!({ "languages": ["es"], "capacity": 2 }));

    // A zone without a city is a zone too.
    operator.hears("set", &["timezone=Etc/GMT+5"]);
}

#[tokio::test]
async fn an_organization_dials_the_countries_it_is_given() {
    let operator = Operator::new().await;

    assert_eq!(
        operator.hears("set", &["dial_countries=US,CA,MX"]),
        "Set dial_countries=US,CA,MX."
    );
    for value in ["", "us", "ZZ", "US,US", "US;MX", "MEX"] {
        let setting = format!("dial_countries={value}");
        operator.is_refused(
            "set",
            &[&setting],
            &[&format!("dial_countries is {value}"), "as in US,CA,MX"],
        );
    }
    let settings: Value = operator
        .database
        .value("select settings from organizations")
        .await;
    assert_eq!(settings, json!({ "dial_countries": ["US", "CA", "MX"] }));
}

#[tokio::test]
async fn the_rules_of_a_part_are_set_one_at_a_time() {
    let operator = Operator::new().await;

    operator.hears(
        "set",
        &[
            "emergency.rounds=2",
            "messages.quiet_from=20:00",
            "messages.reminders=false",
        ],
    );
    assert_eq!(
        operator.reads(
            "set",
            &["messages.quiet_until=09:30", "limits.pages_per_day=50"]
        )["settings"],
        json!({
            "emergency": { "rounds": 2 },
            "limits": { "pages_per_day": 50 },
            "messages": { "quiet_from": "20:00", "quiet_until": "09:30", "reminders": false },
        })
    );
    for (setting, complaint) in [
        (
            "emergency.rounds=often",
            "settings.emergency.rounds is \"often\"; allowed is a whole number from 1 to 10",
        ),
        (
            "emergency.rounds=11",
            "settings.emergency.rounds is 11; allowed is a whole number from 1 to 10",
        ),
        (
            "messages.reminders=no",
            "messages.reminders is no; it takes true or false",
        ),
        (
            "messages.quiet_from=9pm",
            "allowed is a time from 00:00 to 23:59",
        ),
        (
            "twilio_account_sid=SK1",
            "twilio_account_sid is SK1; it takes AC and 32 hexadecimal digits, or nothing",
        ),
        (
            "messages.colour=red",
            "messages.colour is not a setting; the settings are area.postal_codes, ",
        ),
    ] {
        operator.is_refused("set", &["capacity=2", setting], &[complaint]);
    }
    let settings: Value = operator
        .database
        .value("select coalesce(settings -> 'capacity', 'null') from organizations")
        .await;
    assert_eq!(
        settings,
        Value::Null,
        "nothing of a refused command is kept"
    );
}

#[tokio::test]
async fn a_number_of_the_organizations_own_texts_when_it_is_said_to() {
    let operator = Operator::new().await;
    let capabilities = async || -> Value {
        operator
            .database
            .value("select to_jsonb(capabilities) from phone_number_assignments")
            .await
    };

    let number = ["--number", "+13035550100", "--provider", "twilio"];
    operator.hears("add-phone", &number);
    assert_eq!(capabilities().await, json!(["voice"]));
    operator.hears(
        "add-phone",
        &[number.as_slice(), &["--capabilities", "voice,sms"]].concat(),
    );
    assert_eq!(capabilities().await, json!(["voice", "sms"]));
    operator.hears("add-phone", &number);
    assert_eq!(
        capabilities().await,
        json!(["voice", "sms"]),
        "what is not said stays"
    );
    operator.is_refused(
        "add-phone",
        &[number.as_slice(), &["--capabilities", "fax"]].concat(),
        &["--capabilities has fax; allowed are voice and sms"],
    );
}

#[tokio::test]
async fn an_assistant_speaks_another_language() {
    let operator = Operator::new().await;
    operator.hears(
        "add-assistant",
        &["--vapi-assistant-id", "a-1", "--name", "Ava"],
    );

    assert_eq!(
        operator.hears(
            "set-language",
            &["--vapi-assistant-id", "a-1", "--language", "es"]
        ),
        "Ava now speaks es."
    );
    let language = async || {
        operator
            .database
            .value::<String>("select language::text from vapi_assistants")
            .await
    };
    assert_eq!(language().await, "es");
    assert_eq!(
        operator.reads(
            "set-language",
            &["--vapi-assistant-id", "a-1", "--language", "en"]
        ),
        json!({ "id": operator.id, "vapi_assistant_id": "a-1", "name": "Ava", "language": "en" })
    );

    operator.is_refused(
        "set-language",
        &["--vapi-assistant-id", "a-1", "--language", "fr"],
        &["--language is fr", "en and es"],
    );
    operator.is_refused(
        "set-language",
        &["--vapi-assistant-id", "a-2", "--language", "es"],
        &["has no assistant a-2", "add-assistant"],
    );
    assert_eq!(language().await, "en");
}

#[tokio::test]
async fn an_assistant_of_another_organization_stays_there() {
    let operator = Operator::new().await;
    operator.hears(
        "add-assistant",
        &["--vapi-assistant-id", "a-1", "--name", "Ava"],
    );
    let other = object(&frontdesk(
        &operator.database.url(),
        &[
            "org",
            "create",
            "--name",
            "Other",
            "--industry",
            "hvac",
            "--json",
        ],
    ));

    let output = operator.org_at(
        "2026-11-23T15:00:00Z",
        "add-assistant",
        &[
            other["id"].as_str().unwrap(),
            "--vapi-assistant-id",
            "a-1",
            "--name",
            "Eva",
        ],
    );
    assert!(!output.status.success());
    assert!(
        complaint(&output).contains("assistant a-1 is another organization's"),
        "{}",
        complaint(&output)
    );
    let name: String = operator
        .database
        .value("select name::text from vapi_assistants")
        .await;
    assert_eq!(name, "Ava");
}

#[tokio::test]
async fn every_command_says_that_there_is_no_such_organization() {
    let operator = Operator::new().await;
    operator.signs_up("dana@example.com").await;
    let dana = ["--email", "dana@example.com"];
    let owner = ["--email", "dana@example.com", "--role", "owner"];

    for (command, arguments) in [
        ("show", &[] as &[&str]),
        ("members", &[]),
        ("add-member", &owner),
        ("set-role", &owner),
        ("remove-member", &dana),
        ("invite", &owner),
        ("invitations", &[]),
        ("close", &["2026-12-25"]),
        ("open", &["2026-12-24", "08:00-12:00"]),
        ("forget-day", &["2026-12-24"]),
        ("special-days", &[]),
        ("contacts", &[]),
        ("add-contact", &["--name", "D", "--phone", "+13035550103"]),
        ("set-contact", &[NOBODY, "--active", "false"]),
        ("remove-contact", &[NOBODY]),
        ("set", &["capacity=3"]),
        ("set-hours", &["mon=closed"]),
        (
            "set-language",
            &["--vapi-assistant-id", "a", "--language", "es"],
        ),
        (
            "add-assistant",
            &["--vapi-assistant-id", "a", "--name", "Ava"],
        ),
        ("add-phone", &["--number", "+13035550100"]),
        (
            "add-phone",
            &["--number", "+13035550100", "--vapi-assistant-id", "a"],
        ),
        ("webhook-secret", &[]),
        ("webhook-secret", &["--retire"]),
        ("remove-secret", &["calendly-api-key"]),
    ] {
        let mut line = vec![NOBODY];
        line.extend(arguments);
        let output = operator.org_at("2026-11-23T15:00:00Z", command, &line);
        assert!(!output.status.success(), "{command}");
        assert!(
            complaint(&output).contains(&format!("there is no organization {NOBODY}")),
            "{command}: {}",
            complaint(&output)
        );
    }
    let written: i64 = operator
        .database
        .value(
            "select (select count(*) from organization_members) + (select count(*) from organization_invitations)
                  + (select count(*) from special_days) + (select count(*) from emergency_contacts)",
        )
        .await;
    assert_eq!(written, 0);
}

#[tokio::test]
async fn a_database_that_is_not_migrated_is_said_to_be_so() {
    let database = database::empty().await;

    for command in [["org", "list"], ["secrets", "rotate"]] {
        let output = frontdesk(&database.url(), &command);
        assert!(!output.status.success());
        assert!(
            complaint(&output).contains("run `frontdesk migrate`"),
            "{}",
            complaint(&output)
        );
    }
}

#[tokio::test]
async fn what_is_no_number_is_refused_with_the_bounds() {
    let operator = Operator::new().await;
    let url = operator.database.url();
    for (entry, bounds) in [
        ("capacity=soon", "from 1 to 100"),
        ("lead_minutes=1.5", "from 0 to 43200"),
        ("lead_days=", "from 0 to 30"),
        ("horizon_days=99999999999999999999", "from 1 to 730"),
        ("step_minutes=x", "from 5 to 480"),
        ("buffer_before_minutes=x", "from 0 to 240"),
        ("buffer_after_minutes=x", "from 0 to 240"),
        ("travel_minutes=x", "from 0 to 240"),
        ("emergency.rounds=x", "from 1 to 10"),
        (
            "emergency.acknowledgement_timeout_minutes=x",
            "from 0 to 1440",
        ),
        ("limits.messages_per_day=x", "from 0 to 100000"),
        ("limits.pages_per_day=x", "from 0 to 100000"),
        ("limits.transfers_per_day=x", "from 0 to 100000"),
        ("retention.transcripts_days=x", "from 1 to 3650"),
        ("retention.audit_days=x", "from 30 to 3650"),
        ("retention.outbox_days=x", "from 7 to 3650"),
    ] {
        let refused = frontdesk(&url, &["org", "set", &operator.id, entry]);
        assert!(!refused.status.success(), "{entry}");
        let complaint = complaint(&refused);
        assert!(
            complaint.contains(bounds) && !complaint.contains("invalid digit"),
            "{entry}: {complaint}"
        );
    }
}

#[tokio::test]
async fn a_kind_of_retention_that_there_is_not_is_refused_with_those_that_there_are() {
    let operator = Operator::new().await;

    let refused = operator
        .database
        .try_run(r#"update organizations set settings = '{"retention": {"transcript_days": 0}}'"#)
        .await
        .unwrap_err();

    assert_eq!(
        refused.message,
        "settings.retention.transcript_days is not known; allowed are transcripts_days, recordings_days, tool_log_days, texts_days, \
         audit_days, outbox_days"
    );
    operator
        .database
        .run(r#"update organizations set settings = '{"retention": {"texts_days": 0, "audit_days": 60}}'"#)
        .await;
}

#[tokio::test]
async fn a_login_without_rights_is_told_which_setting_names_the_owner() {
    let operator = Operator::new().await;
    let login = format!("stranger_{}", uuid::Uuid::new_v4().simple());
    operator
        .database
        .run(&format!("create role {login} login"))
        .await;

    let refused = complaint(&frontdesk(
        &operator.database.url_of(&login),
        &["org", "list"],
    ));

    operator.database.run(&format!("drop role {login}")).await;
    assert!(
        refused.contains("may not do this") && refused.contains("FRONTDESK_OWNER_URL"),
        "{refused}"
    );
}
