//! Who works for an organization, and as what.

use serde_json::json;

use crate::support::Operator;

async fn roles(operator: &Operator) -> Vec<String> {
    operator
        .database
        .column(
            "select format('%s %s', u.email, m.role)
             from organization_members as m join auth.users as u on u.id = m.user_id
             order by u.email",
        )
        .await
}

#[tokio::test]
async fn who_has_signed_up_is_made_a_member_given_a_role_and_removed() {
    let operator = Operator::new().await;
    assert_eq!(
        operator.hears("members", &[]),
        "It has no member yet; add one with `frontdesk org add-member`."
    );
    assert_eq!(operator.reads("members", &[]), json!([]));
    for email in ["dana@example.com", "sam@example.com", "ana@example.com"] {
        operator.signs_up(email).await;
    }

    assert_eq!(
        operator.hears(
            "add-member",
            &["--email", "DANA@example.com", "--role", "owner"]
        ),
        "dana@example.com is now a member, as owner."
    );
    assert_eq!(
        operator.reads(
            "add-member",
            &["--email", "sam@example.com", "--role", "admin"]
        ),
        json!({ "id": operator.id, "email": "sam@example.com", "role": "admin" })
    );
    operator.hears(
        "add-member",
        &["--email", "ana@example.com", "--role", "member"],
    );

    let table = operator.hears("members", &[]);
    let order: Vec<&str> = table
        .lines()
        .map(|line| line.split_whitespace().next().unwrap())
        .collect();
    assert_eq!(
        order,
        [
            "e-mail",
            "dana@example.com",
            "sam@example.com",
            "ana@example.com"
        ],
        "owners first\n{table}"
    );
    let members = operator.reads("members", &[]);
    assert_eq!(members[0]["email"], "dana@example.com");
    assert_eq!(members[0]["role"], "owner");
    assert_eq!(members[0]["name"], "Somebody");
    assert!(members[0]["since"].is_string());

    assert_eq!(
        operator.hears(
            "set-role",
            &["--email", "Sam@Example.com", "--role", "owner"]
        ),
        "sam@example.com is now owner; was admin."
    );
    assert_eq!(
        operator.reads(
            "set-role",
            &["--email", "dana@example.com", "--role", "member"]
        )["was"],
        "owner"
    );
    assert_eq!(
        operator.hears("remove-member", &["--email", "dana@example.com"]),
        "dana@example.com is no longer a member; was member."
    );
    assert_eq!(
        operator.reads("remove-member", &["--email", "ana@example.com"]),
        json!({ "id": operator.id, "removed": "ana@example.com", "was": "member" })
    );
    assert_eq!(roles(&operator).await, ["sam@example.com owner"]);
}

#[tokio::test]
async fn the_last_owner_is_neither_removed_nor_demoted() {
    let operator = Operator::new().await;
    operator.signs_up("dana@example.com").await;
    operator.hears(
        "add-member",
        &["--email", "dana@example.com", "--role", "owner"],
    );

    for role in ["admin", "member"] {
        operator.is_refused(
            "set-role",
            &["--email", "dana@example.com", "--role", role],
            &[
                "dana@example.com is the only owner",
                "somebody else owner first",
            ],
        );
    }
    operator.is_refused(
        "remove-member",
        &["--email", "dana@example.com"],
        &["dana@example.com is the only owner", "set-role"],
    );
    assert_eq!(roles(&operator).await, ["dana@example.com owner"]);

    // Owner again is no demotion.
    operator.hears(
        "set-role",
        &["--email", "dana@example.com", "--role", "owner"],
    );
}

#[tokio::test]
async fn who_cannot_be_a_member_is_refused_with_what_to_do() {
    let operator = Operator::new().await;
    operator.signs_up("dana@example.com").await;
    operator.hears(
        "add-member",
        &["--email", "dana@example.com", "--role", "owner"],
    );
    operator
        .database
        .run("insert into auth.users (email) values ('eve@example.com')")
        .await;
    operator.signs_up("two@example.com").await;
    operator.signs_up("Two@example.com").await;

    for (command, arguments, parts) in [
        (
            "add-member",
            vec!["--email", "new@example.com", "--role", "admin"],
            vec![
                "nobody has signed up as new@example.com",
                "frontdesk org invite",
            ],
        ),
        (
            "add-member",
            vec!["--email", "dana@example.com", "--role", "admin"],
            vec!["dana@example.com is a member already, as owner", "set-role"],
        ),
        (
            "add-member",
            vec!["--email", "eve@example.com", "--role", "owner"],
            vec!["eve@example.com", "not confirmed"],
        ),
        (
            "add-member",
            vec!["--email", "two@example.com", "--role", "member"],
            vec!["2 accounts", "two@example.com"],
        ),
        (
            "add-member",
            vec!["--email", "two@example.com", "--role", "boss"],
            vec!["boss", "owner, admin, member"],
        ),
        (
            "set-role",
            vec!["--email", "eve@example.com", "--role", "admin"],
            vec!["has no member eve@example.com"],
        ),
        (
            "remove-member",
            vec!["--email", "eve@example.com"],
            vec!["has no member eve@example.com"],
        ),
    ] {
        operator.is_refused(command, &arguments, &parts);
    }
    assert_eq!(roles(&operator).await, ["dana@example.com owner"]);
}
