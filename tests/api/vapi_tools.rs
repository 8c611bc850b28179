//! `frontdesk tools`: what a voice agent is told of the tools is what the code takes, in the form in which Vapi takes it.

use std::process::Output;

use serde_json::{Value, json};

use crate::support::{
    TestApp,
    operator::{complaint, printed, with_environment},
    vapi::{PRIVATE_KEY, Vapi},
};

const PUBLIC: (&str, &str) = ("FRONTDESK_PUBLIC_URL", "https://calls.example.com");

fn tools() -> Vec<Value> {
    serde_json::from_str(&printed(&with_environment(&["tools"], &[PUBLIC]))).unwrap()
}

fn push(vapi: &Vapi, arguments: &[&str]) -> Output {
    let arguments = [&["tools", "push"], arguments].concat();
    let url = vapi.url();
    with_environment(
        &arguments,
        &[
            PUBLIC,
            ("VAPI_API_URL", &url),
            ("VAPI_PRIVATE_KEY", PRIVATE_KEY),
        ],
    )
}

fn named<'a>(tools: &'a [Value], name: &str) -> &'a Value {
    let tool = tools.iter().find(|tool| tool["function"]["name"] == name);
    tool.unwrap_or_else(|| panic!("no {name}"))
}

#[test]
fn the_tools_are_printed_as_vapi_takes_them() {
    let arguments = ["tools", "--credential-id", "cred-1"];
    let tools: Vec<Value> =
        serde_json::from_str(&printed(&with_environment(&arguments, &[PUBLIC]))).unwrap();

    let check = named(&tools, "check_availability");
    assert_eq!(check["type"], "function");
    assert_eq!(check["async"], false);
    let server = &check["server"];
    assert_eq!(server["url"], "https://calls.example.com/vapi/webhook");
    assert_eq!(server["timeoutSeconds"], 20);
    assert_eq!(server["credentialId"], "cred-1");
    let excluded = server["backoffPlan"]["excludedStatusCodes"]
        .as_array()
        .unwrap();
    for status in [400, 401, 403, 404, 413, 422, 429] {
        assert!(excluded.contains(&json!(status)), "{status}");
    }
    assert!(
        excluded
            .iter()
            .all(|status| (400..500).contains(&status.as_i64().unwrap()))
    );
    assert_eq!(
        check["parameters"],
        json!([
            { "key": "caller_number", "value": "{{ customer.number }}" },
            { "key": "call_id", "value": "{{ call.id }}" },
        ])
    );
    assert_eq!(check["function"]["parameters"]["required"], json!(["date"]));
    let kinds: Vec<&str> = check["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| message["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "request-start",
            "request-response-delayed",
            "request-failed"
        ]
    );
    for message in check["messages"].as_array().unwrap() {
        let languages: Vec<&Value> = message["contents"]
            .as_array()
            .unwrap()
            .iter()
            .map(|content| &content["language"])
            .collect();
        assert_eq!(languages, ["en", "es"], "{message}");
    }
}

#[tokio::test]
async fn every_tool_that_is_printed_is_known_and_takes_what_it_is_said_to_take() {
    let app = TestApp::shared().await;

    for tool in tools() {
        let function = &tool["function"];
        let name = function["name"].as_str().unwrap();
        let arguments: serde_json::Map<String, Value> = function["parameters"]["properties"]
            .as_object()
            .unwrap()
            .iter()
            .filter(|(_, property)| property["enum"].is_null())
            .map(|(name, property)| {
                let value = match property["type"].as_str().unwrap() {
                    "integer" => json!(30),
                    _ => json!("tomorrow at nine"),
                };
                (name.clone(), value)
            })
            .collect();
        let heard = app.caller().asks(name, Value::Object(arguments)).await;
        assert!(
            !heard.says("I did not get the details right"),
            "{name}: {}",
            heard.words
        );
        assert!(!heard.says("I can't do that"), "{name}: {}", heard.words);
    }
}

#[test]
fn what_would_change_is_shown_first_and_changed_when_that_is_asked() {
    let vapi = Vapi::with(vec![json!({ "id": "other", "type": "endCall" })]);

    let shown = printed(&push(&vapi, &[]));
    assert!(shown.contains("book_appointment: new\n"), "{shown}");
    assert!(shown.lines().count() < 20, "{shown}");
    assert!(
        shown.contains("12 to change; nothing was changed."),
        "{shown}"
    );
    assert_eq!(vapi.requests(), ["GET"]);
    let whole = printed(&push(&vapi, &["--verbose"]));
    assert!(whole.contains("book_appointment (new):\n"), "{whole}");
    assert!(whole.contains("+  \"type\": \"function\""), "{whole}");

    let shown = printed(&push(&vapi, &["--yes"]));
    assert!(
        shown.contains("The tools are as they should be."),
        "{shown}"
    );
    assert_eq!(vapi.tools().len(), 13);
    for tool in tools() {
        let kept = named(
            &vapi.tools()[1..],
            tool["function"]["name"].as_str().unwrap(),
        )
        .clone();
        assert_eq!(kept["function"], tool["function"]);
        assert_eq!(kept["messages"], tool["messages"]);
    }

    // A second time there is nothing to do.
    let before = vapi.requests().len();
    let shown = printed(&push(&vapi, &["--yes"]));
    assert!(
        shown.contains("book_appointment: as it should be\n"),
        "{shown}"
    );
    assert_eq!(vapi.requests()[before..], ["GET"]);
}

#[test]
fn a_tool_that_differs_is_changed_and_the_difference_is_shown() {
    let mut there = tools();
    for (nth, tool) in there.iter_mut().enumerate() {
        tool["id"] = json!(format!("tool-{nth}"));
        // Vapi gives back what it was given with more around it.
        tool["createdAt"] = json!("2026-11-23T15:00:00.000Z");
        tool["server"]["timeoutSeconds"] = json!(20.0);
        tool["server"]["staticIpAddressesEnabled"] = json!(false);
    }
    let book = there
        .iter_mut()
        .find(|tool| tool["function"]["name"] == "book_appointment")
        .unwrap();
    let id = book["id"].as_str().unwrap().to_owned();
    book["function"]["description"] = json!("Books anything at all.");
    book["server"]["url"] = json!("https://old.example.com/vapi/webhook");
    let vapi = Vapi::with(there);

    let shown = printed(&push(&vapi, &[]));
    for line in [
        "  function.description: \"Books anything at all.\" -> \"Books",
        "  server.url: \"https://old.example.com/vapi/webhook\" -> \"https://calls.example.com/vapi/webhook\"",
    ] {
        assert!(shown.contains(line), "{shown}");
    }
    let shown = printed(&push(&vapi, &["--verbose"]));
    assert!(
        shown.contains("-    \"description\": \"Books anything at all.\""),
        "{shown}"
    );
    assert!(
        shown.contains("-    \"url\": \"https://old.example.com/vapi/webhook\""),
        "{shown}"
    );
    assert!(
        shown.contains("1 to change; nothing was changed."),
        "{shown}"
    );
    assert!(shown.contains("hold_slot: as it should be\n"), "{shown}");

    printed(&push(&vapi, &["--yes"]));
    assert_eq!(
        vapi.requests(),
        ["GET", "GET", "GET", &format!("PATCH {id}"), "GET"]
    );
    assert_eq!(
        named(&vapi.tools(), "book_appointment")["server"]["url"],
        "https://calls.example.com/vapi/webhook"
    );
}

/// An account whose tools serve an organization, with a credential.
fn serving(organization: &str) -> Vapi {
    let vapi = Vapi::with(Vec::new());
    printed(&push(
        &vapi,
        &[
            "--yes",
            "--organization",
            organization,
            "--credential-id",
            "cred-a",
        ],
    ));
    vapi
}

const ONE: &str = "0f0f0f0f-0000-4000-8000-000000000001";
const OTHER: &str = "0f0f0f0f-0000-4000-8000-000000000002";

#[test]
fn the_tools_of_another_organization_are_taken_from_it_only_when_that_is_asked_for() {
    let vapi = serving(ONE);
    let before = vapi.tools();

    for arguments in [
        &["--yes", "--organization", OTHER] as &[&str],
        &["--organization", OTHER],
        &["--yes"],
    ] {
        let refused = push(&vapi, arguments);
        assert!(!refused.status.success(), "{arguments:?}");
        let complaint = complaint(&refused);
        for part in [
            "12 tools of the account serve",
            ONE,
            "book_appointment",
            "--beside",
            "--retarget",
        ] {
            assert!(complaint.contains(part), "{complaint}");
        }
    }
    assert_eq!(vapi.tools(), before);

    let shown = printed(&push(
        &vapi,
        &["--yes", "--organization", OTHER, "--retarget"],
    ));
    assert!(shown.contains(&format!("/{ONE}\" -> \"")), "{shown}");
    assert!(shown.contains("keeps the credential cred-a, which was made for the other address"));
    for tool in vapi.tools() {
        let url = tool["server"]["url"].as_str().unwrap();
        assert!(url.ends_with(OTHER), "{url}");
    }
}

#[test]
fn another_organization_has_tools_of_its_own_beside_them() {
    let vapi = serving(ONE);
    let arguments = ["--yes", "--organization", OTHER, "--beside"];

    printed(&push(&vapi, &arguments));

    assert_eq!(vapi.tools().len(), 24);
    for (nth, tool) in vapi.tools().iter().enumerate() {
        let organization = if nth < 12 { ONE } else { OTHER };
        let url = tool["server"]["url"].as_str().unwrap();
        assert!(url.ends_with(organization), "{nth} {url}");
    }
    // Both sets are found again, each by its webhook.
    for organization in [ONE, OTHER] {
        let arguments = ["--yes", "--beside", "--organization", organization];
        let shown = printed(&push(&vapi, &arguments));
        assert!(!shown.contains("new"), "{shown}");
    }
    assert_eq!(vapi.tools().len(), 24);
}

#[test]
fn a_credential_is_kept_unless_another_is_given_or_it_is_to_be_dropped() {
    let vapi = serving(ONE);
    let credentials = |vapi: &Vapi| -> Vec<Value> {
        let tools = vapi.tools();
        tools
            .iter()
            .map(|tool| tool["server"]["credentialId"].clone())
            .collect()
    };

    let shown = printed(&push(&vapi, &["--yes", "--organization", ONE]));
    assert!(shown.contains("hold_slot: as it should be\n"), "{shown}");
    assert_eq!(credentials(&vapi), vec![json!("cred-a"); 12]);

    let arguments = ["--yes", "--organization", ONE, "--credential-id", "cred-b"];
    let shown = printed(&push(&vapi, &arguments));
    assert!(
        shown.contains("  server.credentialId: \"cred-a\" -> \"cred-b\"\n"),
        "{shown}"
    );
    assert_eq!(credentials(&vapi), vec![json!("cred-b"); 12]);

    let refused = push(
        &vapi,
        &[
            "--organization",
            ONE,
            "--credential-id",
            "c",
            "--drop-credential",
        ],
    );
    assert!(complaint(&refused).contains("give one of them"));

    let shown = printed(&push(
        &vapi,
        &["--yes", "--organization", ONE, "--drop-credential"],
    ));
    assert!(
        shown.contains("  server.credentialId: \"cred-b\" is removed\n"),
        "{shown}"
    );
    assert_eq!(credentials(&vapi), vec![Value::Null; 12]);
}

#[test]
fn assistants_that_keep_an_older_version_of_a_tool_are_warned_of() {
    let vapi = Vapi::with(Vec::new());
    printed(&push(&vapi, &["--yes"]));
    let id = named(&vapi.tools(), "hold_slot")["id"].clone();
    let pinned = |version: &str| json!({ "toolRefs": [{ "toolId": id, "version": version }] });
    vapi.has_assistants(vec![
        json!({ "id": "a-1", "name": "Ava", "model": pinned("v1") }),
        json!({ "id": "a-2", "name": "Eva", "model": { "toolIds": [id] } }),
        json!({ "id": "a-3", "name": "Uma", "model": pinned("v2") }),
        json!({ "id": "a-4", "model": { "toolRefs": [{ "toolId": "another", "version": "v1" }] } }),
    ]);

    let current = push(&vapi, &["--yes"]);
    let warnings = complaint(&current);
    assert!(current.status.success());
    assert!(
        !warnings.contains("Ava"),
        "it has the current one: {warnings}"
    );

    // Before the change, whoever is pinned is warned of; after it, whoever has an older version.
    let arguments = ["--credential-id", "cred-b"];
    let warnings = complaint(&push(&vapi, &arguments));
    assert!(warnings.contains("the assistant Ava (a-1) is pinned to version v1 of hold_slot"));
    let warnings = complaint(&push(&vapi, &["--yes", "--credential-id", "cred-b"]));
    assert!(
        warnings
            .contains("the assistant Ava (a-1) is pinned to version v1 of hold_slot (now at v2)"),
        "{warnings}"
    );
    for name in ["Eva", "Uma", "a-4"] {
        assert!(!warnings.contains(name), "{warnings}");
    }
}

#[test]
fn two_tools_of_one_name_are_left_for_a_person_to_sort_out() {
    let twice =
        |id: &str| json!({ "id": id, "type": "function", "function": { "name": "hold_slot" } });
    let vapi = Vapi::with(vec![twice("a"), twice("b")]);

    let refused = push(&vapi, &["--yes"]);

    assert!(!refused.status.success());
    let complaint = complaint(&refused);
    assert!(
        complaint.contains("2 tools of the account are called hold_slot; delete all but one"),
        "{complaint}"
    );
    assert_eq!(vapi.requests(), ["GET"]);
}

#[test]
fn what_is_missing_or_refused_is_said_and_the_key_is_not() {
    let vapi = Vapi::with(Vec::new());
    let url = vapi.url();
    for (environment, expected) in [
        (vec![PUBLIC], "VAPI_PRIVATE_KEY is not set"),
        (
            vec![("VAPI_PRIVATE_KEY", "not-the-key-at-all")],
            "FRONTDESK_PUBLIC_URL is not set",
        ),
        (
            vec![
                PUBLIC,
                ("VAPI_PRIVATE_KEY", "not-the-key-at-all"),
                ("VAPI_API_URL", &url),
            ],
            "Vapi refused with status 401: Invalid Key",
        ),
        (
            vec![
                PUBLIC,
                ("VAPI_PRIVATE_KEY", "not-the-key-at-all"),
                ("VAPI_API_URL", "http://127.0.0.1:1"),
            ],
            "Vapi gave no answer",
        ),
    ] {
        let refused = with_environment(&["tools", "push"], &environment);
        let complaint = complaint(&refused);
        assert!(!refused.status.success(), "{complaint}");
        assert!(complaint.contains(expected), "{complaint}");
        assert!(!complaint.contains("not-the-key"), "{complaint}");
    }
}

#[test]
fn the_prompt_names_tools_and_variables_that_there_are() {
    let prompt = printed(&with_environment(&["tools", "prompt"], &[]));

    let tools = tools();
    for word in prompt.split(|letter: char| !(letter.is_ascii_lowercase() || letter == '_')) {
        if word.contains('_')
            && !["business_name", "local_date", "local_time", "time_zone"].contains(&word)
        {
            named(&tools, word);
        }
    }
    assert!(prompt.contains("{{business_name}}"), "{prompt}");
}
