//! The folder of the spool at the start: whether there is one, whether it can be written to, and whether it outlives the machine.

use std::{fs, path::Path, time::Duration};

use serde_json::json;

use crate::support::{
    Folder, TestDatabase,
    app::{ASSISTANT_ID, ORGANIZATION, PHONE_NUMBER_ID},
    eventually, eventually_within,
    process::Process,
};

async fn process(spool: Option<&Path>) -> (TestDatabase, Process) {
    let database = TestDatabase::new().await;
    database.run(ORGANIZATION).await;
    let mut environment = Vec::new();
    if let Some(folder) = spool {
        environment.push(("FRONTDESK_SPOOL", folder.to_str().unwrap()));
    }
    let process = Process::start(&database, &environment).await;
    (database, process)
}

#[tokio::test]
async fn a_service_without_a_spool_says_at_the_start_what_it_will_not_keep() {
    let (_database, process) = process(None).await;

    let lines = process.logged("FRONTDESK_SPOOL is not set");

    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["level"], "WARN");
    assert_eq!(process.figure("frontdesk_spool_writable").await, Some(0.0));
}

#[tokio::test]
async fn the_old_name_of_the_fallback_number_is_warned_of() {
    let database = TestDatabase::new().await;
    database.run(ORGANIZATION).await;
    let warned = async |name| {
        let process = Process::start(&database, &[(name, "+13035550188")]).await;
        process
            .logged("FRONTDESK_RESERVE_NUMBER is now FRONTDESK_FALLBACK_NUMBER")
            .len()
    };

    assert_eq!(warned("FRONTDESK_RESERVE_NUMBER").await, 1);
    assert_eq!(warned("FRONTDESK_FALLBACK_NUMBER").await, 0);
}

#[tokio::test]
async fn a_spool_on_the_machines_own_disk_is_warned_of_and_one_on_a_volume_is_not() {
    let on_root = Folder::on_disk();
    let same = |folder: &Path| {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(folder).unwrap().dev() == fs::metadata("/").unwrap().dev()
    };
    let warning = "FRONTDESK_SPOOL is on the file system of /";

    if same(Path::new(env!("CARGO_TARGET_TMPDIR"))) {
        let (_database, process) = process(Some(on_root.as_ref())).await;
        assert_eq!(process.logged(warning).len(), 1);
    }
    // A file system of its own, as a volume is.
    let volume = Path::new("/dev/shm");
    if volume.is_dir() && !same(volume) {
        let mounted = volume.join(format!("frontdesk-{}", uuid::Uuid::new_v4()));
        let (_database, process) = process(Some(&mounted)).await;
        assert!(process.logged("FRONTDESK_SPOOL").is_empty());
        eventually("the spool is found writable", async || {
            (process.figure("frontdesk_spool_writable").await == Some(1.0)).then_some(())
        })
        .await;
        fs::remove_dir_all(mounted).unwrap();
    }
}

#[tokio::test]
async fn a_spool_that_cannot_be_written_to_holds_a_release_back_and_answers_calls_honestly() {
    // A file where the folder should be: not even root can write into it.
    let blocked = Folder::new();
    fs::write(&blocked, "").unwrap();
    let (database, process) = process(Some(&blocked.as_ref().join("spool"))).await;

    let lines = process.logged("FRONTDESK_SPOOL cannot be written to");
    assert_eq!(lines[0]["level"], "ERROR");
    assert_eq!(process.health("serving").await.0, 200);
    let said = eventually("a release is held back", async || {
        let (status, said) = process.health("ready").await;
        (status == 503 && said["spool"] == "not writable").then_some(said)
    })
    .await;
    assert_eq!(said["database"], "ok");

    database.goes_away().await;
    let message = json!({ "message": {
        "type": "tool-calls",
        "call": {
            "id": "a-call", "phoneNumberId": PHONE_NUMBER_ID, "assistantId": ASSISTANT_ID,
            "customer": { "number": "+13035551234" },
        },
        "toolCallList": [{ "id": "a", "name": "take_message", "arguments": { "message": "Please call" } }],
    }});
    let reply = process.replies(&message).await;
    let heard = reply["results"][0]["error"].as_str().unwrap();
    assert!(heard.contains("could not leave your message"), "{heard}");
    database.comes_back().await;
}

#[tokio::test]
async fn files_in_the_spool_are_counted_by_kind_and_by_whether_they_wait_or_were_set_aside() {
    let spool = Folder::new();
    fs::create_dir_all(&spool).unwrap();
    // What an earlier start could not replay.
    fs::write(spool.as_ref().join("a.emergency.json.left"), "").unwrap();
    let (database, process) = process(Some(spool.as_ref())).await;
    database.goes_away().await;
    let message = json!({ "message": {
        "type": "tool-calls",
        "call": {
            "id": "a-call", "phoneNumberId": PHONE_NUMBER_ID, "assistantId": ASSISTANT_ID,
            "customer": { "number": "+13035551234" },
        },
        "toolCallList": [{ "id": "a", "name": "take_message", "arguments": { "message": "Please call" } }],
    }});
    let reply = process.replies(&message).await;
    let heard = reply["results"][0]["result"].as_str().unwrap();
    assert!(heard.contains("written your message down"), "{heard}");

    let series = |kind: &str, state: &str| {
        format!("frontdesk_spool_files{{kind=\"{kind}\",state=\"{state}\"}}")
    };
    eventually_within(
        Duration::from_secs(30),
        "the message is counted",
        async || {
            let waiting = process.figure(&series("message", "waiting")).await;
            (waiting == Some(1.0)).then_some(())
        },
    )
    .await;
    assert_eq!(
        process.figure(&series("emergency", "left")).await,
        Some(1.0)
    );
    assert_eq!(
        process.figure(&series("emergency", "waiting")).await,
        Some(0.0)
    );
    database.comes_back().await;
}
