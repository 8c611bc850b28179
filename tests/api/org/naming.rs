//! Organizations that are named on the command line, and not given by their ids.

use crate::support::{
    Operator,
    app::NOW,
    operator::{complaint, frontdesk, object, printed, with_environment},
};

/// An operator of two organizations whose names begin alike, beside Acme.
async fn among_others() -> Operator {
    let operator = Operator::new().await;
    operator
        .database
        .run(
            "insert into organizations (id, name, industry) values
                 ('00000000-0000-4000-8000-00000000000a', 'Zeta Heating', 'hvac'),
                 ('00000000-0000-4000-8000-00000000000b', 'Zeta Plumbing', 'plumbing')",
        )
        .await;
    operator
}

#[tokio::test]
async fn every_command_takes_the_name_of_an_organization() {
    let operator = among_others().await;
    operator.signs_up("dana@example.com").await;
    operator.signs_up("robin@example.com").await;
    for (command, arguments) in [
        ("show", &[] as &[&str]),
        ("set", &["capacity=3"]),
        ("set-hours", &["mon=08:00-12:00"]),
        (
            "add-assistant",
            &["--vapi-assistant-id", "a-1", "--name", "Ava"],
        ),
        (
            "set-language",
            &["--vapi-assistant-id", "a-1", "--language", "es"],
        ),
        ("add-phone", &["--number", "+13035550100"]),
        (
            "add-contact",
            &["--name", "Dana Ruiz", "--phone", "+13035550103"],
        ),
        ("contacts", &[]),
        (
            "add-member",
            &["--email", "dana@example.com", "--role", "owner"],
        ),
        ("members", &[]),
        (
            "invite",
            &["--email", "lee@example.com", "--role", "member"],
        ),
        ("invitations", &[]),
        ("webhook-secret", &[]),
        ("close", &["2026-12-25"]),
        ("special-days", &[]),
        ("forget-day", &["2026-12-25"]),
        ("block", &["+13035550199"]),
        ("blocked", &[]),
        ("unblock", &["+13035550199"]),
        ("set-service", &["Drain cleaning"]),
        ("services", &[]),
        ("remove-service", &["Drain cleaning"]),
        ("set-crew", &["2", "--name", "Van 2"]),
        ("crews", &[]),
    ] {
        for name in ["Acme", "acme", " ACME"] {
            let mut line = vec!["org", command, name];
            line.extend(arguments);
            let output = operator.at(NOW, &line);
            // What was done by the first name may not be done again; it was found all the same.
            if name == "Acme" {
                printed(&output);
            } else {
                assert!(
                    !complaint(&output).contains("there is no organization"),
                    "{command}"
                );
            }
        }
    }
    for line in [
        &["oncall", "show", "--org", "acme"] as &[&str],
        &["outbox", "list", "--org", "acme"],
        &["messages", "preview", "acme"],
    ] {
        printed(&operator.at(NOW, line));
    }
    let written: i64 = operator
        .database
        .value(&format!(
            "select (select count(*) from vapi_assistants where organization_id = '{0}')
                  + (select count(*) from organization_members where organization_id = '{0}')",
            operator.id
        ))
        .await;
    assert_eq!(written, 2, "the organization that is meant has them");
}

#[tokio::test]
async fn a_name_that_several_have_is_refused_with_their_ids_and_one_that_none_has_with_the_nearest()
{
    let operator = among_others().await;
    let url = operator.database.url();

    for line in [
        &["org", "contacts", "zeta"] as &[&str],
        &["oncall", "gaps", "--org", "zeta"],
        &["outbox", "list", "--org", "Zeta"],
    ] {
        let refused = frontdesk(&url, line);
        assert!(!refused.status.success());
        let complaint = complaint(&refused);
        for part in [
            "2 organizations begin with",
            "00000000-0000-4000-8000-00000000000a  Zeta Heating",
            "00000000-0000-4000-8000-00000000000b  Zeta Plumbing",
        ] {
            assert!(complaint.contains(part), "{complaint}");
        }
    }

    let refused = complaint(&frontdesk(&url, &["org", "show", "Zeta Plunbing"]));
    assert!(
        refused.contains("did you mean Zeta Plumbing (00000000-"),
        "{refused}"
    );
    let capacities: i64 = operator
        .database
        .value("select count(*) from organizations where settings ? 'capacity'")
        .await;
    assert_eq!(capacities, 0);
}

#[tokio::test]
async fn a_command_that_changes_something_takes_a_whole_name_and_says_whose_it_was() {
    let operator = among_others().await;
    let url = operator.database.url();
    operator
        .database
        .run("delete from organizations where name = 'Zeta Plumbing'")
        .await;

    for line in [
        &["org", "set", "zeta", "capacity=3"] as &[&str],
        &["org", "suspend", "Zeta"],
        &["org", "delete", "Zeta", "--confirm", "Zeta"],
        &["org", "remove-phone", "Zeta", "+13035550100"],
        &[
            "archive",
            "--org",
            "Zeta",
            "--older-than",
            "2y",
            "--to",
            "/nonexistent/archive",
        ],
    ] {
        let refused = frontdesk(&url, line);
        assert!(!refused.status.success(), "{line:?}");
        let complaint = complaint(&refused);
        assert!(
            complaint.contains("whole name")
                && complaint.contains("00000000-0000-4000-8000-00000000000a  Zeta Heating"),
            "{complaint}"
        );
    }
    let untouched: bool = operator
        .database
        .value(
            "select not settings ? 'capacity' and not exists (select from private.suspensions) from organizations where name = 'Zeta Heating'",
        )
        .await;
    assert!(untouched);

    for line in [
        &["org", "set", "zeta heating", "capacity=3"] as &[&str],
        &["org", "close", "ZETA HEATING", "2026-12-25"],
    ] {
        let done = operator.at(NOW, line);
        printed(&done);
        assert_eq!(
            complaint(&done),
            "Organization: Zeta Heating (00000000-0000-4000-8000-00000000000a)\n"
        );
    }
}

#[tokio::test]
async fn the_tools_of_a_named_organization_have_its_webhook() {
    let operator = among_others().await;
    let url = operator.database.url();
    let tools = |organization: &str, environment: &[(&str, &str)]| {
        let mut all = vec![("FRONTDESK_PUBLIC_URL", "https://calls.example.com")];
        all.extend(environment);
        with_environment(&["tools", "--organization", organization], &all)
    };
    let wanted = format!("https://calls.example.com/vapi/webhook/{}", operator.id);

    for output in [
        tools("acme", &[("DATABASE_URL", &url)]),
        tools("Acme", &[("FRONTDESK_OWNER_URL", &url)]),
        tools(&operator.id, &[]),
    ] {
        assert_eq!(object(&output)[0]["server"]["url"], wanted);
    }
    let refused = complaint(&tools("acme", &[]));
    assert!(refused.contains("FRONTDESK_OWNER_URL"), "{refused}");
}

#[tokio::test]
async fn commands_of_the_owner_need_the_owners_connection_alone() {
    let operator = Operator::new().await;
    let url = operator.database.url();
    let owner = [("FRONTDESK_OWNER_URL", url.as_str())];
    for line in [
        &["migrate"] as &[&str],
        &["org", "list"],
        &["org", "show", "acme"],
        &["oncall", "show", "--org", "acme"],
        &["outbox", "list"],
        &["messages", "preview", "acme"],
    ] {
        printed(&with_environment(line, &owner));
        // Another setting, which the command does not use, is not in its way.
        let mut both = owner.to_vec();
        both.push(("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing"));
        printed(&with_environment(line, &both));
    }

    let refused = complaint(&with_environment(&["org", "list"], &[]));
    assert!(
        refused.contains("neither FRONTDESK_OWNER_URL nor DATABASE_URL is set"),
        "{refused}"
    );
    let refused = complaint(&with_environment(
        &["org", "list"],
        &[("FRONTDESK_OWNER_URL", "nonsense")],
    ));
    assert!(
        refused.contains("FRONTDESK_OWNER_URL (a secret"),
        "{refused}"
    );
}
