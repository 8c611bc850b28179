//! Organizations that the operator suspends, and numbers and assistants that the operator takes from one.

use serde_json::{Value, json};

use crate::{
    support::{
        Operator, TestApp, Twilio,
        app::{ASSISTANT_ID, CALLED_NUMBER, ORGANIZATION_ID},
        eventually,
        operator::{complaint, frontdesk, object, printed, with_environment},
    },
    tool_log::log,
};

const DANA: &str = "+13035550103";

/// A service for an organization with somebody who takes emergencies.
async fn service(twilio: &Twilio) -> TestApp {
    let app = TestApp::builder().await.twilio(twilio).start().await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone, call_enabled, escalation_timeout)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103', false, 300)",
        )
        .await;
    app
}

fn org(app: &TestApp, line: &[&str]) -> String {
    let mut whole = vec!["org"];
    whole.extend(line);
    printed(&frontdesk(&app.database.url(), &whole))
}

/// Waits until the running service answers a question like this.
async fn answers(app: &TestApp, part: &'static str) {
    eventually("the service has heard of it", async || {
        let heard = app
            .caller()
            .asks("check_availability", json!({ "date": "2026-12-01" }))
            .await;
        heard.says(part).then_some(())
    })
    .await;
}

#[tokio::test]
async fn callers_of_a_suspended_organization_hear_so_and_their_emergencies_are_paged() {
    let twilio = Twilio::start().await;
    let app = service(&twilio).await;
    let name = "Front Range Plumbing";
    let caller = app.caller();
    let before = caller
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;
    assert!(!before.says("not taking bookings"), "{}", before.words);

    let said = org(&app, &["suspend", name, "--reason", "unpaid"]);
    assert!(
        said.contains("is suspended: its callers can report emergencies"),
        "{said}"
    );
    answers(&app, "not taking bookings").await;

    for (tool, arguments) in [
        (
            "book_appointment",
            json!({ "customer_name": "Ana", "customer_phone": "+13035550142", "date": "2026-12-01T09:00" }),
        ),
        ("take_message", json!({ "message": "Please call back" })),
        ("lookup_customer", json!({})),
    ] {
        let heard = caller.asks(tool, arguments).await;
        assert!(!heard.is_error, "{tool}: {}", heard.words);
        assert!(
            heard.says("not taking bookings or messages"),
            "{tool}: {}",
            heard.words
        );
        assert!(
            heard.says("If this is an emergency"),
            "{tool}: {}",
            heard.words
        );
        assert!(!heard.says("unpaid"), "callers are not told why");
    }
    let danger = caller
        .asks(
            "take_message",
            json!({ "message": "I smell gas in the basement" }),
        )
        .await;
    assert!(danger.says("911"), "{}", danger.words);
    let entries = log(&app, &caller, 5).await;
    for entry in &entries[1..] {
        assert_eq!(entry["outcome"], "suspended", "{entry}");
    }
    let written: i64 = app
        .database
        .value("select (select count(*) from appointments) + (select count(*) from staff_tasks)")
        .await;
    assert_eq!(written, 0);

    // In one message, in order: what waits and what does not.
    let reply = app
        .reply(&caller.tool_calls(&[
            ("t-1", "hold_slot", json!({ "date": "2026-12-01T09:00" })),
            (
                "t-2",
                "flag_emergency",
                json!({ "description": "A pipe burst" }),
            ),
        ]))
        .await;
    let results = reply["results"].as_array().unwrap();
    assert_eq!(results[0]["toolCallId"], "t-1");
    assert!(
        results[0]["result"]
            .as_str()
            .unwrap()
            .contains("not taking bookings")
    );
    assert_eq!(results[1]["toolCallId"], "t-2");
    assert!(
        !results[1]["result"]
            .as_str()
            .unwrap()
            .contains("not taking bookings")
    );
    twilio.contact(DANA).expects_sms("EMERGENCY").await;

    org(&app, &["resume", name]);
    eventually("it is answered for again", async || {
        let heard = app
            .caller()
            .asks("check_availability", json!({ "date": "2026-12-01" }))
            .await;
        (!heard.says("not taking bookings")).then_some(())
    })
    .await;
    let again = frontdesk(&app.database.url(), &["org", "resume", name]);
    assert!(
        complaint(&again).contains("is not suspended"),
        "{}",
        complaint(&again)
    );
    twilio.expects_anything();
}

#[tokio::test]
async fn a_call_to_a_suspended_organization_is_taken_and_begins_with_what_is_so() {
    let app = TestApp::start().await;
    org(&app, &["suspend", "Front Range Plumbing"]);
    answers(&app, "not taking bookings").await;

    let reply = app
        .reply(&json!({ "message": {
            "type": "assistant-request",
            "call": { "id": "a-call", "customer": { "number": "+13035550199" } },
            "phoneNumber": { "number": CALLED_NUMBER },
        }}))
        .await;

    assert_eq!(reply["assistantId"], ASSISTANT_ID);
    assert_eq!(
        reply["assistantOverrides"]["variableValues"]["greeting"],
        "Thank you for calling Front Range Plumbing. We are not taking bookings or messages on this line at the moment. If this is an \
         emergency, tell me now."
    );
    let warnings = warnings(&app, ORGANIZATION_ID);
    assert!(
        warnings
            .iter()
            .any(|line| line.starts_with("It is suspended since ")),
        "{warnings:?}"
    );
}

fn warnings(app: &TestApp, id: uuid::Uuid) -> Vec<String> {
    let shown = object(&frontdesk(
        &app.database.url(),
        &["org", "show", &id.to_string(), "--json"],
    ));
    serde_json::from_value(shown["warnings"].clone()).unwrap()
}

#[tokio::test]
async fn a_number_is_taken_from_one_organization_and_given_to_another() {
    let operator = Operator::new().await;
    operator
        .database
        .run("insert into organizations (id, name, industry) values ('00000000-0000-4000-8000-00000000000b', 'Zeta', 'hvac')")
        .await;
    operator.hears("add-phone", &["--number", "+13035550100"]);
    operator.hears("add-phone", &["--number", "+13035550101"]);
    let url = operator.database.url();
    let take = ["org", "add-phone", "zeta", "--number", "+13035550100"];
    let refused = frontdesk(&url, &take);
    assert!(complaint(&refused).contains(&format!("in use by Acme ({})", operator.id)));

    operator.is_refused(
        "remove-phone",
        &["+13035550109"],
        &["Acme has no number +13035550109", "org show"],
    );
    assert_eq!(
        operator.hears("remove-phone", &["(303) 555-0100"]),
        "Took +13035550100 from Acme. It keeps 1 active number."
    );
    printed(&frontdesk(&url, &take));
    let said = operator.hears("remove-phone", &["+13035550101"]);
    assert!(said.contains("It has no active number now"), "{said}");
    let owner: Vec<String> = operator
        .database
        .column("select o.name::text from phone_number_assignments as p join organizations as o on o.id = p.organization_id")
        .await;
    assert_eq!(owner, ["Zeta"]);
}

#[tokio::test]
async fn an_assistant_that_another_organization_has_entered_is_warned_of_and_taken_back() {
    let app = TestApp::start().await;
    // Somebody has entered the assistant that answers this organization's calls.
    app.database
        .run(&format!(
            "delete from vapi_assistants;
             insert into organizations (id, name, industry) values ('00000000-0000-4000-8000-00000000000b', 'Zeta', 'hvac');
             insert into vapi_assistants (organization_id, vapi_assistant_id, name, industry, language, system_prompt, voice_config)
             values ('00000000-0000-4000-8000-00000000000b', '{ASSISTANT_ID}', 'Zoe', 'hvac', 'en', '', '{{}}')"
        ))
        .await;
    assert!(
        !warnings(&app, ORGANIZATION_ID)
            .iter()
            .any(|line| line.contains("Zeta"))
    );
    app.caller()
        .asks("check_availability", json!({ "date": "2026-12-01" }))
        .await;

    let told = eventually("the dispute is noted", async || {
        warnings(&app, ORGANIZATION_ID)
            .into_iter()
            .find(|line| line.contains("Zeta"))
    })
    .await;
    let take = format!(
        "frontdesk org remove-assistant 00000000-0000-4000-8000-00000000000b {ASSISTANT_ID}"
    );
    assert!(told.contains(&take), "{told}");

    let said = org(&app, &["remove-assistant", "zeta", ASSISTANT_ID]);
    assert!(
        said.contains("from Zeta; any organization can enter it now."),
        "{said}"
    );
    org(
        &app,
        &[
            "add-assistant",
            &ORGANIZATION_ID.to_string(),
            "--vapi-assistant-id",
            ASSISTANT_ID,
            "--name",
            "Ava",
        ],
    );
    assert!(
        !warnings(&app, ORGANIZATION_ID)
            .iter()
            .any(|line| line.contains("Zeta"))
    );
    let refused = frontdesk(
        &app.database.url(),
        &["org", "remove-assistant", "zeta", ASSISTANT_ID],
    );
    assert!(
        complaint(&refused).contains("Zeta has no assistant"),
        "{}",
        complaint(&refused)
    );
}

#[tokio::test]
async fn why_nothing_can_be_texted_is_said() {
    let operator = Operator::new().await;
    let url = operator.database.url();
    let texts = |environment: &[(&str, &str)]| -> Vec<String> {
        let mut all = vec![("DATABASE_URL", url.as_str())];
        all.extend(environment);
        let shown: Value = object(&with_environment(&["org", "show", "acme", "--json"], &all));
        let warnings: Vec<String> = serde_json::from_value(shown["warnings"].clone()).unwrap();
        warnings
            .into_iter()
            .filter(|line| line.starts_with("Nothing "))
            .collect()
    };
    let account = ("TWILIO_ACCOUNT_SID", "ACtests00000000000000000000000000");
    let only = |lines: Vec<String>, part: &str| {
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].contains(part), "{lines:?}");
    };

    only(
        texts(&[]),
        "no Twilio account, and TWILIO_ACCOUNT_SID is not set here",
    );
    only(
        texts(&[account]),
        "neither TWILIO_FROM nor TWILIO_MESSAGING_SERVICE_SID",
    );
    assert!(texts(&[account, ("TWILIO_FROM", "+13035550190")]).is_empty());
    assert!(texts(&[account, ("TWILIO_MESSAGING_SERVICE_SID", "MG1")]).is_empty());
    operator.hears(
        "add-phone",
        &["--number", "+13035550100", "--provider", "twilio"],
    );
    only(texts(&[account]), "no active number at Twilio with sms");
    operator.hears(
        "add-phone",
        &[
            "--number",
            "+13035550100",
            "--provider",
            "twilio",
            "--capabilities",
            "voice,sms",
        ],
    );
    assert!(texts(&[account]).is_empty());

    operator
        .database
        .run("update organizations set twilio_account_sid = ' '")
        .await;
    assert!(texts(&[account]).is_empty(), "a blank account is none");
    operator.hears("set", &["twilio_account_sid=ACown"]);
    only(texts(&[account]), "an account SID and no auth token");
    operator
        .database
        .run("update organizations set twilio_auth_token = 'a-token'")
        .await;
    only(texts(&[]), "FRONTDESK_PUBLIC_URL is not set here");
    assert!(texts(&[("FRONTDESK_PUBLIC_URL", "https://calls.example.com")]).is_empty());
    operator.hears("remove-phone", &["+13035550100"]);
    only(
        texts(&[account]),
        "a Twilio account of its own and no active number of it with sms",
    );
}

#[tokio::test]
async fn what_reached_nobody_is_listed_with_what_to_do() {
    // Without Twilio and mail, as the service is first started.
    let app = TestApp::start().await;
    app.database
        .run(
            "insert into emergency_contacts (organization_id, name, phone)
             values ('0f0f0f0f-0000-4000-8000-000000000001', 'Dana Ruiz', '+13035550103')",
        )
        .await;
    let url = app.database.url();
    let without_twilio = |line: &[&str]| with_environment(line, &[("DATABASE_URL", url.as_str())]);
    assert_eq!(
        printed(&frontdesk(&url, &["outbox", "list"])),
        "Nothing was given up.\n"
    );

    app.caller()
        .asks("flag_emergency", json!({ "description": "A pipe burst" }))
        .await;
    let booked = app
        .caller()
        .asks(
            "book_appointment",
            json!({ "customer_name": "Ana", "customer_phone": "+13035550142", "date": "2026-12-01T09:00" }),
        )
        .await;
    assert!(booked.says("booked"), "{}", booked.words);

    let list = eventually("both are listed", async || {
        let list = object(&without_twilio(&["outbox", "list", "--json"]));
        let kinds: Vec<&str> = list
            .as_array()?
            .iter()
            .filter_map(|one| one["kind"].as_str())
            .collect();
        (kinds == ["emergency_unreached", "texts_unsent"]).then_some(list.clone())
    })
    .await;
    assert_eq!(list[0]["reasons"], json!(["no_channel"]));
    assert_eq!(list[1]["texts"], 1);
    for one in list.as_array().unwrap() {
        let remedy = one["remedy"].as_str().unwrap();
        for part in [
            "give the service an account with TWILIO_ACCOUNT_SID, ",
            "`frontdesk org set ID twilio_account_sid=SID`",
            "`frontdesk org set-secret ID twilio-auth-token`",
            "`frontdesk org add-phone ID --number NUMBER --provider twilio --capabilities voice,sms`",
        ] {
            let part = part.replace(" ID ", &format!(" {ORGANIZATION_ID} "));
            assert!(remedy.contains(&part), "{part}: {remedy}");
        }
    }
    let table = printed(&without_twilio(&["outbox", "list"]));
    for part in [
        "Emergencies that reached nobody:",
        "Texts that had no number to be sent from:",
        "no_channel",
    ] {
        assert!(table.contains(part), "{table}");
    }
    for private in ["555", "pipe", "Ana", "Dana"] {
        assert!(!table.contains(private), "{table}");
    }

    // With an account, as the helper has it, the organization lacks nothing.
    let list_now = object(&frontdesk(&url, &["outbox", "list", "--json"]));
    let remedies = list_now.as_array().unwrap().iter();
    let remedies: Vec<&str> = remedies.filter_map(|one| one["remedy"].as_str()).collect();
    assert!(
        remedies[0].starts_with(&format!("`frontdesk oncall gaps --org {ORGANIZATION_ID}`")),
        "{remedies:?}"
    );
    assert!(remedies[1].starts_with("there is one now"), "{remedies:?}");

    let gaps = frontdesk(&url, &["oncall", "gaps", "--json"]);
    assert_eq!(gaps.status.code(), Some(1));
    let gaps: Value = serde_json::from_slice(&gaps.stdout).unwrap();
    let kinds: Vec<&str> = gaps["organizations"][0]["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|warning| warning["kind"].as_str())
        .collect();
    for kind in ["emergency_unreached", "texts_unsent"] {
        assert!(kinds.contains(&kind), "{kinds:?}");
    }
    // Once somebody has it, it is no news any more.
    app.database
        .run("update emergency_incidents set status = 'closed', due_at = null")
        .await;
    let list = object(&frontdesk(&url, &["outbox", "list", "--json"]));
    assert_eq!(list.as_array().unwrap().len(), 1, "{list}");
}

#[tokio::test]
async fn why_an_organization_is_suspended_is_bounded_and_shown_with_the_time_where_it_is() {
    let operator = Operator::new().await;
    let url = operator.database.url();
    let suspend =
        |reason: &str| frontdesk(&url, &["org", "suspend", &operator.id, "--reason", reason]);
    for reason in ["", "  ", &"x".repeat(501)] {
        let refused = suspend(reason);
        assert!(!refused.status.success(), "{reason}");
        assert!(
            complaint(&refused).contains("1 to 500 characters"),
            "{}",
            complaint(&refused)
        );
    }
    let kept: i64 = operator
        .database
        .value("select count(*) from private.suspensions")
        .await;
    assert_eq!(kept, 0);

    printed(&suspend("unpaid since May"));
    operator
        .database
        .run("update private.suspensions set suspended_at = '2026-11-23 02:30Z'")
        .await;

    let shown = printed(&frontdesk(&url, &["org", "show", &operator.id]));
    assert!(
        shown.contains("suspended since Sun 2026-11-22 19:30 (unpaid since May)"),
        "{shown}"
    );
    let shown = object(&frontdesk(&url, &["org", "show", &operator.id, "--json"]));
    assert_eq!(shown["suspension_reason"], "unpaid since May");
}
