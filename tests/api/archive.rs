//! Old rows go to files and come back from them as they were.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{
    TestApp, TestDatabase, Twilio,
    operator::{complaint, frontdesk, object, printed},
};

const MARIA: &str = "+13035551700";
const SIBLING: &str = "0f0f0f0f-0000-4000-8000-0000000000ee";

/// A folder of a test's own.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("archive-{}", Uuid::new_v4())))
    }

    fn text(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn manifest(&self) -> Value {
        serde_json::from_slice(&fs::read(self.0.join("manifest.json")).unwrap()).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A checksum and a count of every table but the audit log.
async fn checksums(database: &TestDatabase) -> BTreeMap<String, String> {
    let tables: Vec<String> = database
        .column(
            "select c.oid::regclass::text from pg_class as c
             where c.relnamespace::regnamespace::text in ('public', 'private') and c.relkind = 'r'
                 and c.relname not in ('audit_log', 'schema_files', 'schema_history', 'schema_releases')",
        )
        .await;
    let mut sums = BTreeMap::new();
    for table in tables {
        let sum: String = database
            .value(&format!(
                "select count(*) || ' ' || coalesce(md5(string_agg(to_jsonb(t)::text, e'\\n' order by to_jsonb(t)::text)), '')
                 from {table} as t"
            ))
            .await;
        sums.insert(table, sum);
    }
    sums
}

async fn count(database: &TestDatabase, table: &str) -> i64 {
    database
        .value(&format!("select count(*) from {table}"))
        .await
}

/// Runs a command and gives the rows that it moved, by table; those of which there are none are left out.
fn moved(output: &std::process::Output, what: &str) -> BTreeMap<String, i64> {
    object(output)["tables"]
        .as_array()
        .unwrap()
        .iter()
        .map(|table| {
            let name = table["table"].as_str().unwrap().to_owned();
            (name, table[what].as_i64().unwrap())
        })
        .filter(|(_, rows)| *rows > 0)
        .collect()
}

/// A database with an organization whose calls, texts, incident, transfer, tasks and jobs are five hundred days old, an appointment and a text
/// of today, and a sibling with an old call.
async fn furnished() -> TestDatabase {
    let twilio = Twilio::start().await;
    let mut app = TestApp::builder().await.twilio(&twilio).start().await;
    app.database
        .run(&format!(
            "insert into emergency_contacts (organization_id, name, phone, priority)
             values ('{}', 'Dana', '+13035550111', 1)",
            app.organization_id
        ))
        .await;
    let caller = app.caller();
    for when in ["2026-12-01T09:00", "2026-12-02T09:00"] {
        caller
            .asks(
                "book_appointment",
                json!({
                    "customer_name": "Maria Lopez", "customer_phone": MARIA, "date": when,
                    "service_address": "12 Elm Street",
                }),
            )
            .await;
        twilio.contact(MARIA).expects_sms("booked").await;
    }
    app.dashboard("update appointments set status = 'completed', notes = e'a \"quoted\"\\n\\\\ line, ñ' where scheduled_date = '2026-12-01'")
        .await;
    caller
        .asks(
            "flag_emergency",
            json!({ "description": "Water is coming through the ceiling", "callback_number": MARIA, "service_address": "12 Elm Street" }),
        )
        .await;
    twilio.expects_anything();
    twilio
        .contact("+13035550111")
        .expects_sms("ceiling")
        .await
        .replies("done")
        .await;
    app.reply(&caller.message(json!({
        "type": "end-of-call-report", "endedReason": "customer-ended-call",
        "artifact": { "transcript": "Hello.\nMy address is 12 Elm Street." }, "analysis": { "summary": "Water." },
    })))
    .await;
    app.dashboard("update emergency_incidents set status = 'closed'")
        .await;
    app.settles().await;
    app.stop().await.unwrap().unwrap();
    let database = std::mem::replace(&mut app.database, TestDatabase::new().await);
    database.run(BACKDATED).await;
    database
}

/// Everything becomes five hundred days older, without a trigger that would notice; then something of today is added.
const BACKDATED: &str = "
set session_replication_role = replica;
update private.outbox set due_at = null, state = 'done', settled_at = now() where due_at is not null;
insert into call_transfers (id, organization_id, vapi_call_id, status, summary)
values (md5('transfer')::uuid, '0f0f0f0f-0000-4000-8000-000000000001', 'call-x', 'completed', 'words');
insert into private.transfer_lines (transfer_id, organization_id, language_code)
values (md5('transfer')::uuid, '0f0f0f0f-0000-4000-8000-000000000001', 'en');
insert into staff_tasks (organization_id, kind, summary, status, done_at)
values ('0f0f0f0f-0000-4000-8000-000000000001', 'callback', 'words', 'done', now()),
    ('0f0f0f0f-0000-4000-8000-000000000001', 'callback', 'words', 'open', null);
update appointments set scheduled_date = scheduled_date - 500, created_at = created_at - interval '500 days',
    busy = tsrange(lower(busy) - interval '500 days', upper(busy) - interval '500 days'), confirmed_at = confirmed_at - interval '500 days',
    completed_at = completed_at - interval '500 days', updated_at = updated_at - interval '500 days';
update call_logs set created_at = created_at - interval '500 days';
update private.tool_calls set created_at = created_at - interval '500 days';
update sms_communications set created_at = created_at - interval '500 days';
update call_transfers set created_at = created_at - interval '500 days';
update staff_tasks set created_at = created_at - interval '500 days', done_at = done_at - interval '500 days';
update emergency_incidents set opened_at = opened_at - interval '500 days', closed_at = closed_at - interval '500 days';
update emergency_notifications set created_at = created_at - interval '500 days';
update private.outbox set created_at = created_at - interval '500 days';
update customers as c set last_appointment_date = c.last_appointment_date - 500, updated_at = c.updated_at - interval '500 days';
set session_replication_role = origin;
set frontdesk.quiet = 'on';
insert into organizations (id, name, industry) values ('0f0f0f0f-0000-4000-8000-0000000000ee', 'Sibling', 'plumbing');
insert into call_logs (organization_id, vapi_call_id, customer_phone_number, call_status, created_at)
values ('0f0f0f0f-0000-4000-8000-0000000000ee', 'sibling', '+1', 'ended', now() - interval '500 days');
insert into appointments (organization_id, customer_name, customer_phone, appointment_type, scheduled_date, scheduled_time)
values ('0f0f0f0f-0000-4000-8000-000000000001', 'Ruth', '+13035551701', 'repair', current_date + 1, '09:00');
insert into sms_communications (organization_id, phone_number, message_content, message_type, language_code, direction)
values ('0f0f0f0f-0000-4000-8000-000000000001', '+13035551701', 'today', 'x', 'en', 'outbound');
";

#[tokio::test]
async fn what_is_archived_is_restored_as_it_was_and_doing_either_twice_changes_nothing() {
    let database = furnished().await;
    let folder = Folder::new();
    let before = checksums(&database).await;
    let audited = count(&database, "audit_log").await;
    let url = database.url();
    let archive = [
        "archive",
        "--older-than",
        "13mo",
        "--to",
        folder.text(),
        "--json",
    ];

    let removed = moved(&frontdesk(&url, &archive), "removed");

    let names: Vec<&str> = removed.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "private.incident_calls",
            "private.incident_steps",
            "private.outbox",
            "private.outbox_attempts",
            "private.tool_calls",
            "private.transfer_lines",
            "public.appointments",
            "public.call_logs",
            "public.call_transfers",
            "public.emergency_incidents",
            "public.emergency_notifications",
            "public.sms_communications",
            "public.staff_tasks",
        ],
        "every table has something: {removed:?}"
    );
    assert_eq!(removed["public.appointments"], 2);
    assert_eq!(removed["public.staff_tasks"], 1, "an open task stays");
    assert_eq!(count(&database, "appointments").await, 1);
    assert_eq!(count(&database, "sms_communications").await, 1);
    assert_eq!(count(&database, "private.outbox").await, 0);
    let maria: i32 = database
        .value("select total_appointments from customers where phone_number = '+13035551700'")
        .await;
    assert_eq!(maria, 0, "a customer's counter follows");
    let entries: Vec<Value> = database
        .column("select new_row from audit_log where table_name = 'archive' order by id")
        .await;
    assert!(!entries.is_empty());
    assert!(entries.iter().all(|entry| entry["archived"] == true));
    let added = count(&database, "audit_log").await - audited;
    assert_eq!(
        added,
        i64::try_from(entries.len()).unwrap(),
        "rows leave no copy of themselves"
    );
    let manifest = folder.manifest();
    for table in manifest["tables"].as_array().unwrap() {
        let name = table["table"].as_str().unwrap();
        assert_eq!(
            table["rows"].as_i64().unwrap(),
            removed.get(name).copied().unwrap_or(0)
        );
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &fs::metadata(folder.0.join(table["file"]["name"].as_str().unwrap()))
                .unwrap()
                .permissions(),
        );
        assert_eq!(mode & 0o077, 0, "nobody else can read {name}");
    }

    // The same command again finds nothing left to remove.
    assert!(moved(&frontdesk(&url, &archive), "removed").is_empty());

    let restore = ["restore-archive", folder.text(), "--json"];
    let restored = frontdesk(&url, &restore);
    assert_eq!(moved(&restored, "restored"), removed);
    assert!(moved(&restored, "differ").is_empty());
    assert_eq!(checksums(&database).await, before);
    assert!(moved(&frontdesk(&url, &restore), "restored").is_empty());
    assert_eq!(checksums(&database).await, before);

    // A run that was interrupted before everything was removed is finished by the same command.
    assert_eq!(moved(&frontdesk(&url, &archive), "removed"), removed);
    assert_eq!(moved(&frontdesk(&url, &restore), "restored"), removed);
    assert_eq!(checksums(&database).await, before);
}

#[tokio::test]
async fn one_organization_is_archived_alone_and_a_run_that_was_cut_off_begins_anew() {
    let database = furnished().await;
    let folder = Folder::new();
    fs::create_dir(&folder.0).unwrap();
    fs::write(
        folder.0.join("public.appointments.jsonl.gz"),
        "half of a file",
    )
    .unwrap();
    let calls = count(&database, "call_logs").await;

    let removed = moved(
        &frontdesk(
            &database.url(),
            &[
                "archive",
                "--older-than",
                "400d",
                "--org",
                "Sibling",
                "--to",
                folder.text(),
                "--json",
            ],
        ),
        "removed",
    );

    assert_eq!(
        removed,
        BTreeMap::from([("public.call_logs".to_owned(), 1)])
    );
    assert_eq!(count(&database, "call_logs").await, calls - 1);
    assert_eq!(folder.manifest()["organization_id"], SIBLING);
    // An organization that is gone meanwhile is no place for its rows.
    database
        .run(&format!("delete from organizations where id = '{SIBLING}'"))
        .await;
    let refused = frontdesk(&database.url(), &["restore-archive", folder.text()]);
    assert!(!refused.status.success());
    let complaint = complaint(&refused);
    assert!(
        complaint.contains("public.call_logs")
            && complaint.contains("the organization is not there any more"),
        "{complaint}"
    );
}

#[tokio::test]
async fn an_archive_of_something_else_is_not_taken_for_the_one_that_was_asked_for() {
    let database = furnished().await;
    let url = database.url();
    let folder = Folder::new();
    let archive = |older_than: &str, org: &[&str]| {
        let mut line = vec!["archive", "--older-than", older_than, "--to", folder.text()];
        line.extend(org);
        frontdesk(&url, &line)
    };
    printed(&archive("13mo", &["--org", "Sibling"]));
    printed(&frontdesk(&url, &["restore-archive", folder.text()]));
    let before = checksums(&database).await;
    let main = "0f0f0f0f-0000-4000-8000-000000000001";

    for (older_than, org) in [
        ("13mo", &["--org", main] as &[&str]),
        ("13mo", &[]),
        ("2y", &["--org", SIBLING]),
        ("400d", &["--org", SIBLING]),
    ] {
        let refused = archive(older_than, org);
        assert!(!refused.status.success(), "{older_than} {org:?}");
        let complaint = complaint(&refused);
        assert!(
            complaint.contains(&format!("archive --org {SIBLING} --older-than 13mo --to")),
            "{complaint}"
        );
    }
    assert!(checksums(&database).await == before, "nothing was removed");

    printed(&archive("13mo", &["--org", SIBLING]));
    assert!(checksums(&database).await != before);
}

#[tokio::test]
async fn a_row_that_changed_since_it_was_written_stays_with_all_that_it_points_at() {
    let database = furnished().await;
    let folder = Folder::new();
    let url = database.url();
    let archive = [
        "archive",
        "--older-than",
        "13mo",
        "--to",
        folder.text(),
        "--json",
    ];
    printed(&frontdesk(&url, &archive));
    printed(&frontdesk(&url, &["restore-archive", folder.text()]));
    // A delivery report that comes late, of a text about an appointment.
    let appointment: Uuid = database
        .value("update sms_communications set provider_status = 'read' where id = (
                    select id from sms_communications where appointment_id is not null order by id limit 1)
                returning appointment_id")
        .await;

    let output = frontdesk(&url, &archive);

    let differing = moved(&output, "differ");
    assert_eq!(differing["public.sms_communications"], 1);
    assert_eq!(
        differing["public.appointments"], 1,
        "it is still pointed at"
    );
    let linked: i64 = database
        .value(&format!(
            "select count(*) from sms_communications where appointment_id = '{appointment}'"
        ))
        .await;
    assert_eq!(linked, 1);
    // Restoring leaves the newer row as it is, and says so.
    let restored = frontdesk(&url, &["restore-archive", folder.text(), "--json"]);
    assert_eq!(
        moved(&restored, "differ"),
        BTreeMap::from([("public.sms_communications".to_owned(), 1)])
    );
    let status: String = database
        .value(
            "select provider_status::text from sms_communications where provider_status = 'read'",
        )
        .await;
    assert_eq!(status, "read");
}

#[tokio::test]
async fn two_runs_at_once_are_refused() {
    let database = TestDatabase::new().await;
    let folder = Folder::new();
    let other = database.connect().await;
    other
        .batch_execute("select pg_advisory_lock(x'61726368697665'::int8)")
        .await
        .unwrap();

    let refused = frontdesk(
        &database.url(),
        &["archive", "--older-than", "13mo", "--to", folder.text()],
    );

    assert!(!refused.status.success());
    assert!(
        complaint(&refused).contains("another archive is being written"),
        "{}",
        complaint(&refused)
    );
    assert!(!folder.0.exists());
}

#[tokio::test]
async fn a_customer_who_was_deleted_meanwhile_is_not_made_again() {
    let database = furnished().await;
    let folder = Folder::new();
    printed(&frontdesk(
        &database.url(),
        &["archive", "--older-than", "13mo", "--to", folder.text()],
    ));
    database.run("delete from customers").await;

    printed(&frontdesk(
        &database.url(),
        &["restore-archive", folder.text()],
    ));

    let appointments: Vec<Option<Uuid>> = database
        .column("select customer_id from appointments where customer_name = 'Maria Lopez'")
        .await;
    assert_eq!(appointments, [None, None]);
}

#[tokio::test]
async fn files_that_are_damaged_or_foreign_are_refused_before_anything_is_done() {
    let database = furnished().await;
    let (folder, foreign) = (Folder::new(), Folder::new());
    let url = database.url();
    let archive = ["archive", "--older-than", "13mo", "--to", folder.text()];
    printed(&frontdesk(&url, &archive));
    let file = folder.0.join("public.call_logs.jsonl.gz");
    let mut bytes = fs::read(&file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&file, bytes).unwrap();
    let before = checksums(&database).await;
    fs::create_dir(&foreign.0).unwrap();
    fs::write(foreign.0.join("holiday.jpg"), "a picture").unwrap();

    for (arguments, reason) in [
        (
            vec!["restore-archive", folder.text()],
            "public.call_logs.jsonl.gz is not what the manifest says",
        ),
        (
            archive.to_vec(),
            "public.call_logs.jsonl.gz is not what the manifest says",
        ),
        (
            vec!["archive", "--older-than", "13mo", "--to", foreign.text()],
            "holds holiday.jpg",
        ),
        (
            vec!["restore-archive", foreign.text()],
            "has no manifest.json",
        ),
        (
            vec!["archive", "--older-than", "2mo", "--to", "/nowhere"],
            "90 days",
        ),
        (
            vec![
                "archive",
                "--older-than",
                "13mo",
                "--org",
                "Nobody",
                "--to",
                "/nowhere",
            ],
            "there is no organization Nobody",
        ),
    ] {
        let refused = frontdesk(&url, &arguments);
        assert!(!refused.status.success(), "{arguments:?}");
        assert!(
            complaint(&refused).contains(reason),
            "{arguments:?}: {}",
            complaint(&refused)
        );
    }
    assert_eq!(checksums(&database).await, before);
    assert!(foreign.0.join("holiday.jpg").exists());
}
