//! `frontdesk org export` and `import`: everything that an organization owns, without credentials, and the same again.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
};

use serde_json::{Value, json};

use super::story::{NAME, Story, manifest, runs_at};
use crate::support::{
    Folder, TestDatabase,
    app::{NOW, ORGANIZATION_ID, SECRETS_KEY},
    database, eventually,
    operator::{complaint, frontdesk, object, printed, with_input},
};

fn id() -> String {
    ORGANIZATION_ID.to_string()
}

fn exported(database: &TestDatabase) -> Folder {
    let folder = Folder::new();
    printed(&frontdesk(
        &database.url(),
        &["org", "export", &id(), "--to", &folder],
    ));
    folder
}

/// The sum of each table's JSON file, and how many rows it has.
fn sums(folder: &Folder) -> BTreeMap<String, (String, u64)> {
    manifest(folder)["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|table| {
            (
                table["table"].as_str().unwrap().to_owned(),
                (
                    table["json"]["sha256"].as_str().unwrap().to_owned(),
                    table["rows"].as_u64().unwrap(),
                ),
            )
        })
        .collect()
}

fn lines(folder: &Folder, table: &str) -> Vec<Value> {
    fs::read_to_string(folder.join(format!("{table}.jsonl")))
        .unwrap()
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// A member, an invitation, and whatever else nobody said on the telephone.
async fn furnish(story: &Story) {
    story
        .app
        .database
        .run(&format!(
            "insert into auth.users (id, email, email_confirmed_at, raw_user_meta_data)
             values ('aaaaaaaa-0000-4000-8000-000000000001', 'olivia@example.test', now(), '{{\"full_name\": \"Olivia\"}}');
             insert into organization_members (organization_id, user_id, role)
             values ('{ORGANIZATION_ID}', 'aaaaaaaa-0000-4000-8000-000000000001', 'owner');
             insert into organization_invitations (organization_id, invited_by_user_id, invited_email, role, token)
             values ('{ORGANIZATION_ID}', 'aaaaaaaa-0000-4000-8000-000000000001', 'max@example.test', 'member', 'an-invitation-token-that-is-long');
             insert into services (organization_id, name, keywords, duration_minutes)
             values ('{ORGANIZATION_ID}', 'Drain \"cleaning\"', array['sink, kitchen', 'line' || chr(10) || 'break'], 90);
             insert into crews (organization_id, number, name, skills) values ('{ORGANIZATION_ID}', 1, 'Ann', array['gas']);
             insert into special_days (organization_id, special_date, reason) values ('{ORGANIZATION_ID}', '2026-12-25', 'Noël');
             insert into billing_subscriptions (organization_id, stripe_subscription_id, stripe_customer_id, status, plan_name,
                 current_period_start, current_period_end)
             values ('{ORGANIZATION_ID}', 'sub_1', 'cus_1', 'active', 'pro', '2026-01-01', '2027-01-01');
             insert into billing_invoices (organization_id, stripe_invoice_id, amount_paid, status)
             values ('{ORGANIZATION_ID}', 'in_1', 4900, 'paid')"
        ))
        .await;
}

#[tokio::test]
async fn an_organization_that_is_exported_deleted_and_imported_is_the_same_again() {
    let story = Story::new().await;
    furnish(&story).await;
    story.is_told().await;
    let database = &story.app.database;
    database
        .run(&format!(
            "insert into private.suspensions (organization_id, reason) values ('{ORGANIZATION_ID}', 'not paid');
             insert into private.disconnected_copies (organization_id, provider, calendar, original_id, resource, written)
             select organization_id, 'outlook', 'CALENDAR', id, 'EVENT', '{{}}' from appointments limit 1"
        ))
        .await;
    // The provider's silence is asked after until then: what is imported is left alone.
    database
        .run("update private.outbox set due_at = null where state = 'accepted'")
        .await;
    let counters = "select jsonb_agg(to_jsonb(c) - 'id' order by c.id) from (select id, total_appointments, last_appointment_date from customers) as c";
    let counted: Value = database.value(counters).await;
    let calendars: Value = database
        .value("select jsonb_agg(to_jsonb(c) - 'version') from private.calendars as c")
        .await;
    let first = exported(database);
    let sent = story.twilio.counts();

    let receipt = object(&story.runs(&[
        "org",
        "delete",
        &id(),
        "--confirm",
        "Front Range Plumbing",
        "--json",
    ]));
    let read = object(&frontdesk(
        &database.url(),
        &["org", "import", &first, "--json"],
    ));
    story.app.settles().await;
    let second = exported(database);

    let (mut before, mut after) = (sums(&first), sums(&second));
    // The audit log has the deletion and the import besides.
    let audit = "public.audit_log";
    let (known, now) = (lines(&first, audit), lines(&second, audit));
    assert_eq!(now.len(), known.len() + 2);
    assert!(known.iter().all(|entry| now.contains(entry)));
    assert_eq!(now.last().unwrap()["new_row"]["imported"], true);
    before.remove(audit);
    after.remove(audit);
    assert_eq!(before, after);
    let empty: Vec<_> = before
        .iter()
        .filter(|(_, (_, rows))| *rows == 0)
        .map(|(table, _)| table.as_str())
        .collect();
    assert_eq!(
        empty,
        Vec::<&str>::new(),
        "every table has something that could get lost"
    );
    assert_eq!(
        receipt["rows"]["public.customers"],
        before["public.customers"].1
    );
    assert_eq!(read["members_without_account"], json!([]));

    // What is worked out is right again, and nobody was told anything.
    assert_eq!(database.value::<Value>(counters).await, counted);
    assert_eq!(
        database
            .value::<Value>("select jsonb_agg(to_jsonb(c) - 'version') from private.calendars as c")
            .await,
        calendars
    );
    assert_eq!(story.twilio.counts(), sent);
    // And the organization works, once it may.
    database.run("delete from private.suspensions").await;
    eventually("a caller is booked", async || {
        let heard = story
            .caller()
            .asks(
                "book_appointment",
                json!({ "customer_name": NAME, "date": "2027-01-05T09:00" }),
            )
            .await;
        heard.says("You're booked").then_some(())
    })
    .await;
}

#[tokio::test]
async fn no_credential_of_any_kind_is_in_the_files() {
    let story = Story::new().await;
    furnish(&story).await;
    story.is_told().await;
    let database = &story.app.database;
    let url = database.url();
    let environment = [
        ("DATABASE_URL", url.as_str()),
        ("FRONTDESK_SECRETS_KEY", SECRETS_KEY),
    ];
    printed(&with_input(
        &["org", "set-secret", &id(), "twilio-auth-token"],
        &environment,
        "the-twilio-token-of-theirs",
    ));
    let webhook = printed(&with_input(
        &["org", "webhook-secret", &id()],
        &environment,
        "",
    ));
    database
        .run(&format!(
            "insert into private.organization_secrets (organization_id, name, secret)
             values ('{ORGANIZATION_ID}', 'google_refresh_token', 'a-refresh-token'),
                    ('{ORGANIZATION_ID}', 'calendly_api_key', 'a-calendly-key')"
        ))
        .await;
    let stored: Vec<String> = database
        .column(
            "select s.secret from private.organization_secrets as s
             union all select w.secret from private.webhook_credentials as w
             union all select i.token from organization_invitations as i
             union all select c.control_url from private.incident_calls as c where c.control_url is not null
             union all select t.control_url from private.transfer_lines as t where t.control_url is not null
             union all select o.payload ->> 'control_url' from private.outbox as o where o.payload ? 'control_url'",
        )
        .await;
    let secrets: BTreeSet<String> = stored
        .into_iter()
        .chain([
            webhook.trim().to_owned(),
            "the-twilio-token-of-theirs".to_owned(),
            "an-invitation-token-that-is-long".to_owned(),
        ])
        .collect();
    assert!(secrets.len() >= 7, "{secrets:?}");

    let folder = exported(database);

    let mut read = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let entry = entry.unwrap();
        assert_eq!(
            entry.metadata().unwrap().permissions().mode() & 0o777,
            0o600
        );
        let text = fs::read_to_string(entry.path()).unwrap();
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{:?}", entry.file_name());
        }
        read += 1;
    }
    assert_eq!(read, 2 * sums(&folder).len() + 1);
    assert!(
        fs::read_to_string(folder.join("public.customers.csv"))
            .unwrap()
            .contains(NAME)
    );
}

/// Whoever adds a table decides whether it is exported: `src/commands/org/tables.rs`.
#[tokio::test]
async fn every_table_is_exported_or_left_out_with_a_reason() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let tables: BTreeSet<String> = database
        .column(
            "select format('%s.%s', n.nspname, c.relname) from pg_class as c
             join pg_namespace as n on n.oid = c.relnamespace
             where n.nspname in ('public', 'private') and c.relkind in ('r', 'p') and c.relname not in ('schema_files', 'schema_history', 'schema_releases')",
        )
        .await
        .into_iter()
        .collect();

    let manifest = manifest(&exported(&database));

    let named = |list: &str, key: &str| -> Vec<String> {
        manifest[list]
            .as_array()
            .unwrap()
            .iter()
            .map(|entry| entry[key].as_str().unwrap().to_owned())
            .collect()
    };
    let known: BTreeSet<String> = named("tables", "table")
        .into_iter()
        .chain(named("left_out", "name"))
        .filter(|name| name.split('.').count() == 2)
        .collect();
    assert_eq!(known, tables);

    database
        .run("create table private.later (id integer primary key, organization_id uuid)")
        .await;
    let refused = frontdesk(
        &database.url(),
        &["org", "export", &id(), "--to", &Folder::new()],
    );
    assert!(
        complaint(&refused).contains("private.later"),
        "{}",
        complaint(&refused)
    );
}

/// A column whose name says that it may hold a credential is left out, or is known to hold none.
#[tokio::test]
async fn a_column_that_may_hold_a_credential_is_left_out() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;

    let folder = exported(&database);

    let suspicious: Vec<String> = manifest(&folder)["tables"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|table| {
            let name = table["table"].as_str().unwrap();
            table["columns"]
                .as_array()
                .unwrap()
                .iter()
                .map(move |column| format!("{name}.{}", column.as_str().unwrap()))
        })
        .filter(|column| {
            [
                "token",
                "secret",
                "password",
                "credential",
                "api_key",
                "_url",
                "seal",
            ]
            .iter()
            .any(|part| column.contains(part))
        })
        .collect();
    assert_eq!(suspicious, Vec::<String>::new());
}

#[tokio::test]
async fn an_export_overwrites_nothing_and_an_unfinished_one_is_not_read() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let folder = exported(&database);
    let path = &folder;
    let url = database.url();

    let again = frontdesk(&url, &["org", "export", &id(), "--to", path]);
    assert!(
        complaint(&again).contains("is not empty"),
        "{}",
        complaint(&again)
    );

    let other = database::empty().await;
    printed(&frontdesk(&other.url(), &["migrate"]));
    let import = |part: &str| {
        let output = frontdesk(&other.url(), &["org", "import", path]);
        assert!(!output.status.success());
        assert!(complaint(&output).contains(part), "{}", complaint(&output));
    };
    let text = fs::read(folder.join("manifest.json")).unwrap();
    fs::remove_file(folder.join("manifest.json")).unwrap();
    import("was not finished");
    fs::write(folder.join("manifest.json"), &text).unwrap();
    let file = folder.join("public.organizations.jsonl");
    let rows = fs::read_to_string(&file).unwrap();
    fs::write(&file, rows.replace("Front Range", "Front Renge")).unwrap();
    import("public.organizations.jsonl is not what the manifest says");
    let organizations: i64 = other.value("select count(*) from organizations").await;
    assert_eq!(organizations, 0);
}

#[tokio::test]
async fn csv_alone_is_written_and_not_imported() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let folder = Folder::new();
    let path = &folder;
    let url = database.url();

    printed(&frontdesk(
        &url,
        &["org", "export", &id(), "--to", path, "--format", "csv"],
    ));

    let organizations = fs::read_to_string(folder.join("public.organizations.csv")).unwrap();
    assert!(
        organizations.starts_with("id,name,industry,timezone"),
        "{organizations}"
    );
    assert!(!folder.join("public.organizations.jsonl").exists());
    let refused = frontdesk(&url, &["org", "import", path]);
    assert!(
        complaint(&refused).contains("CSV only"),
        "{}",
        complaint(&refused)
    );
}

#[tokio::test]
async fn what_is_another_organizations_is_named_and_nothing_is_written() {
    let story = Story::new().await;
    let folder = exported(&story.app.database);
    let path = &folder;
    let there = frontdesk(&story.app.database.url(), &["org", "import", path]);
    assert!(
        complaint(&there).contains("is in this database already"),
        "{}",
        complaint(&there)
    );

    let other = TestDatabase::new().await;
    other
        .run(
            "insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-000000000002', 'Other', 'hvac');
             insert into vapi_assistants (organization_id, vapi_assistant_id, name, industry, language, system_prompt, voice_config)
             values ('0f0f0f0f-0000-4000-8000-000000000002', '22222222-bbbb-4000-8000-000000000001', 'Eve', 'hvac', 'en', '', '{}');
             insert into phone_number_assignments (organization_id, phone_number, phone_provider)
             values ('0f0f0f0f-0000-4000-8000-000000000002', '+13035550100', 'vapi')",
        )
        .await;
    let refused = complaint(&frontdesk(&other.url(), &["org", "import", path]));
    for part in [
        "assistant 22222222-bbbb-4000-8000-000000000001",
        "number +13035550100",
        "0f0f0f0f-0000-4000-8000-000000000002",
        "Nothing was written",
    ] {
        assert!(refused.contains(part), "{refused}");
    }
    let organizations: i64 = other.value("select count(*) from organizations").await;
    assert_eq!(organizations, 1);
}

#[tokio::test]
async fn members_who_have_not_signed_up_are_named_and_work_that_was_not_done_is_not_done_here() {
    let story = Story::new().await;
    furnish(&story).await;
    let caller = story.caller();
    caller
        .asks(
            "flag_emergency",
            json!({ "description": "A pipe burst", "urgency": "high" }),
        )
        .await;
    story.ends(&caller).await;
    story.app.settles().await;
    let folder = exported(&story.app.database);
    let other = TestDatabase::new().await;

    let told = printed(&runs_at(&other, NOW, &["org", "import", &folder]));

    assert!(told.contains("olivia@example.test"), "{told}");
    assert!(told.contains("org add-member"), "{told}");
    let there = other
        .object(
            "select (select count(*) from organization_members) as members,
                 (select count(*) from organization_invitations) as invitations,
                 (select count(*) from private.outbox where due_at is not null) as due,
                 (select count(*) from emergency_incidents where due_at is not null) as paging,
                 (select count(*) from emergency_incidents) as incidents",
        )
        .await;
    assert_eq!(
        there,
        json!({ "members": 0, "invitations": 0, "due": 0, "paging": 0, "incidents": 1 })
    );
}

#[tokio::test]
async fn files_without_the_organization_itself_are_refused() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let folder = exported(&database);
    let path = &folder;
    let other = TestDatabase::new().await;
    let mut manifest = manifest(&folder);
    for tables in [
        json!([]),
        manifest["tables"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|table| table["table"] != "public.organizations")
            .cloned()
            .collect(),
    ] {
        manifest["tables"] = tables;
        fs::write(folder.join("manifest.json"), manifest.to_string()).unwrap();

        let refused = frontdesk(&other.url(), &["org", "import", path]);

        assert!(!refused.status.success());
        assert!(
            complaint(&refused).contains("public.organizations with exactly one row"),
            "{}",
            complaint(&refused)
        );
    }
}

#[tokio::test]
async fn a_folder_that_others_could_read_is_closed_to_them() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    let folder = Folder::new();
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();

    printed(&frontdesk(
        &database.url(),
        &["org", "export", &id(), "--to", &folder],
    ));

    let mode = fs::metadata(&folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn what_the_database_refuses_of_the_files_is_said_in_words() {
    let database = TestDatabase::with_organization("America/Denver", "{}").await;
    database
        .run("alter table crews drop constraint crews_number_check")
        .await;
    database
        .run(&format!(
            "insert into crews (organization_id, number, name) values ('{}', 4711, 'Van')",
            id()
        ))
        .await;
    let folder = exported(&database);
    let other = TestDatabase::new().await;

    let refused = complaint(&frontdesk(&other.url(), &["org", "import", &folder]));

    assert!(
        refused.contains("public.crews: a crew has a number from 1 to 100. Nothing was written."),
        "{refused}"
    );
}
