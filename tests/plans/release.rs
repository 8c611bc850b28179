//! What the next release is held against, written by `make release` once everything of a release is there.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use frontdesk::db::migrate::RELEASE;
use sha2::{Digest, Sha256};

use crate::statements;

fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The commit that is checked out; `unknown` where there is no repository.
fn commit() -> String {
    let output = Command::new("git")
        .args(["rev-parse", "HEAD"])
        .current_dir(checkout())
        .output();
    match output {
        Ok(output) if output.status.success() => {
            String::from_utf8(output.stdout).unwrap().trim().to_owned()
        }
        _ => "unknown".to_owned(),
    }
}

/// Every statement that the service sends, with the types of its parameters.
fn all_statements() -> String {
    let mut text = format!(
        "-- Every statement that the service of release {RELEASE} sends, with the types of its parameters. Written by `make release`; do not edit.\n\
         -- release {RELEASE}\n-- commit {}\n",
        commit()
    );
    for name in statements::sent_by_the_service() {
        let types = match statements::types(&name) {
            types if types.is_empty() => types,
            types => format!(" ({types})"),
        };
        let statement = statements::text(&name);
        let statement = statement.trim_end().trim_end_matches(';');
        write!(
            text,
            "\n-- statement {name}\nprepare {name}{types} as\n{statement};\n"
        )
        .unwrap();
    }
    text
}

/// Every function and policy.
fn all_code() -> String {
    let mut text = format!(
        "-- Functions and policies of release {RELEASE}. Written by `make release`; do not edit.\n"
    );
    for folder in ["functions", "policies"] {
        let mut paths: Vec<_> = fs::read_dir(checkout().join("sql").join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        paths.sort();
        for path in paths {
            let name = path.file_stem().unwrap().to_str().unwrap();
            let file = fs::read_to_string(&path).unwrap();
            write!(text, "\n-- file {folder}/{name}\n{}\n", file.trim_end()).unwrap();
        }
    }
    text
}

/// The name and the checksum of every file, as the ledger has them.
fn all_checksums() -> String {
    let mut lines = Vec::new();
    for folder in ["migrations", "functions", "policies"] {
        for entry in fs::read_dir(checkout().join("sql").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            let sum = hex::encode(Sha256::digest(fs::read(&path).unwrap()));
            lines.push(format!("{folder}/{name} {sum}\n"));
        }
    }
    lines.sort();
    lines.concat()
}

/// Writes the files into the folder of `FRONTDESK_RELEASES`, which `make release` sets; without it they are made and thrown away, so that a
/// statement or a file that cannot be written down is found before the release.
#[test]
fn what_the_next_release_is_held_against_can_be_written_down() {
    let files = [
        ("statements.sql", all_statements()),
        ("code.sql", all_code()),
        ("ledger.txt", all_checksums()),
    ];
    for name in statements::sent_by_the_service() {
        assert!(files[0].1.contains(&format!("\n-- statement {name}\n")));
    }
    for (_, text) in &files {
        assert!(text.ends_with('\n'));
    }
    let Ok(releases) = std::env::var("FRONTDESK_RELEASES") else {
        return;
    };
    let folder = checkout().join(releases).join(RELEASE);
    fs::create_dir_all(&folder).unwrap();
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    println!("written: {}", folder.display());
}
