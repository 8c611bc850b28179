//! What the next release is held against, written by `make release` once everything of a release is there.

use std::{fmt::Write as _, fs, path::Path, process::Command};

use frontdesk::db::migrate::RELEASE;
use sha2::{Digest, Sha256};

use crate::statements;

fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The commit that is checked out.
fn commit() -> String {
    let output = Command::new("git")
        .args(["rev-parse", "HEAD"])
        .current_dir(checkout())
        .output()
        .unwrap();
    assert!(output.status.success(), "no commit is checked out");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
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

#[test]
#[ignore = "writes files: make release"]
fn write_what_the_next_release_is_held_against() {
    let folder = checkout().join("fixtures/releases").join(RELEASE);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("statements.sql"), all_statements()).unwrap();
    fs::write(folder.join("code.sql"), all_code()).unwrap();
    fs::write(folder.join("ledger.txt"), all_checksums()).unwrap();
    println!("written: {}", folder.display());
}
