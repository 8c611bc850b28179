//! How somebody who has not signed up becomes a member.

use serde_json::json;

use crate::support::{
    Operator,
    operator::{complaint, printed},
};

/// An operator whose organization has, from the longest-standing on, a member (ana), an admin (sam), and two owners (dana and olga).
async fn staffed() -> Operator {
    let operator = Operator::new().await;
    for (email, role) in [
        ("ana@example.com", "member"),
        ("sam@example.com", "admin"),
        ("dana@example.com", "owner"),
        ("olga@example.com", "owner"),
    ] {
        operator.signs_up(email).await;
        operator.hears("add-member", &["--email", email, "--role", role]);
    }
    operator
}

/// Signs up as this person and accepts an invitation with its token.
async fn accept(operator: &Operator, email: &str, token: &str) -> Result<(), String> {
    operator.signs_up(email).await;
    operator
        .database
        .try_run(&format!(
            "select set_config('request.jwt.claims', json_build_object('sub', u.id)::text, false)
             from auth.users as u where u.email = '{email}';
             set role authenticated;
             select public.accept_invitation('{token}')"
        ))
        .await
        .map_err(|refused| refused.message)
}

#[tokio::test]
async fn an_invitation_is_accepted_with_the_token_that_was_printed_once() {
    let operator = staffed().await;

    let output = operator.org("invite", &["--email", "new@example.com", "--role", "admin"]);
    let token = printed(&output).trim_end().to_owned();
    assert_eq!(token.len(), 43, "32 random bytes and nothing else: {token}");
    for part in [
        "shown once",
        "new@example.com",
        "invited by dana@example.com",
    ] {
        assert!(complaint(&output).contains(part), "{}", complaint(&output));
    }
    let stored: String = operator
        .database
        .value("select string_agg(to_jsonb(i)::text, '') from organization_invitations as i")
        .await;
    assert!(!stored.contains(&token), "{stored}");

    let listed = operator.hears("invitations", &[]);
    assert!(listed.contains("new@example.com  admin  "), "{listed}");
    let pending = operator.reads("invitations", &[]);
    let fields: Vec<_> = pending[0].as_object().unwrap().keys().collect();
    assert_eq!(fields, ["email", "expires_at", "role"], "and never a token");

    accept(&operator, "new@example.com", &token).await.unwrap();
    let role: String = operator
        .database
        .value(
            "select m.role::text from organization_members as m
             join auth.users as u on u.id = m.user_id where u.email = 'new@example.com'",
        )
        .await;
    assert_eq!(role, "admin");
    assert_eq!(
        operator.hears("invitations", &[]),
        "No invitation is pending."
    );
    assert_eq!(operator.reads("invitations", &[]), json!([]));
}

#[tokio::test]
async fn a_second_invitation_of_an_address_replaces_the_first() {
    let operator = staffed().await;
    let first = operator.reads("invite", &["--email", "new@example.com", "--role", "admin"]);
    operator.hears(
        "invite",
        &["--email", "other@example.com", "--role", "member"],
    );
    let second = operator.reads(
        "invite",
        &[
            "--email",
            "NEW@example.com",
            "--role",
            "member",
            "--by",
            "Sam@example.com",
        ],
    );

    assert_eq!(first["invited_by"], "dana@example.com");
    assert_eq!(first["replaced"], 0);
    assert_eq!(second["invited_by"], "sam@example.com");
    assert_eq!(second["replaced"], 1);
    assert!(second["expires_at"].is_string());
    assert_ne!(first["token"], second["token"]);
    let pending = operator.reads("invitations", &[]);
    assert_eq!(pending.as_array().unwrap().len(), 2, "{pending}");

    let refused = accept(
        &operator,
        "new@example.com",
        first["token"].as_str().unwrap(),
    )
    .await;
    assert_eq!(refused, Err("this invitation is not valid".to_owned()));
}

#[tokio::test]
async fn an_invitation_that_is_over_is_not_listed() {
    let operator = staffed().await;
    operator.hears("invite", &["--email", "new@example.com", "--role", "admin"]);
    operator
        .database
        .run("update organization_invitations set expires_at = now() - interval '1 second'")
        .await;

    assert_eq!(operator.reads("invitations", &[]), json!([]));
}

#[tokio::test]
async fn who_may_not_invite_or_be_invited_is_refused_and_nothing_is_written() {
    let operator = staffed().await;

    for (arguments, parts) in [
        (
            vec![
                "--email",
                "new@example.com",
                "--role",
                "owner",
                "--by",
                "sam@example.com",
            ],
            vec!["sam@example.com, an admin", "only an owner"],
        ),
        (
            vec![
                "--email",
                "new@example.com",
                "--role",
                "member",
                "--by",
                "ana@example.com",
            ],
            vec!["ana@example.com, a member", "owner or admin"],
        ),
        (
            vec![
                "--email",
                "new@example.com",
                "--role",
                "member",
                "--by",
                "eve@example.com",
            ],
            vec!["eve@example.com, who is not a member", "owner or admin"],
        ),
        (
            vec!["--email", "Sam@example.com", "--role", "member"],
            vec!["is a member already, as admin", "set-role"],
        ),
        (
            vec!["--email", "new.example.com", "--role", "member"],
            vec!["--email is new.example.com", "dana@example.com"],
        ),
        (
            vec!["--email", "a b@example.com", "--role", "member"],
            vec!["--email is a b@example.com"],
        ),
        (
            vec!["--email", "new@example.com", "--role", "guest"],
            vec!["guest", "owner, admin, member"],
        ),
    ] {
        operator.is_refused("invite", &arguments, &parts);
    }
    let written: i64 = operator
        .database
        .value("select count(*) from organization_invitations")
        .await;
    assert_eq!(written, 0);
}

#[tokio::test]
async fn without_an_owner_nobody_is_invited_in_their_name() {
    let operator = Operator::new().await;
    operator.is_refused(
        "invite",
        &["--email", "new@example.com", "--role", "owner"],
        &[
            "has no owner yet",
            "when they have signed up",
            "frontdesk org add-member",
            "--role owner",
        ],
    );

    operator.signs_up("sam@example.com").await;
    operator.hears(
        "add-member",
        &["--email", "sam@example.com", "--role", "admin"],
    );
    let invited = operator.reads(
        "invite",
        &[
            "--email",
            "new@example.com",
            "--role",
            "member",
            "--by",
            "sam@example.com",
        ],
    );
    assert_eq!(invited["invited_by"], "sam@example.com");
}
