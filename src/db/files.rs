//! The files of `sql/`, compiled in.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

static SQL: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/sql");

/// One file.
pub(super) struct File {
    /// Its folder and name, without its ending, such as `functions/clock`.
    pub(super) name: &'static str,
    /// What it says.
    pub(super) text: &'static str,
}

/// Tables, types and indexes, in the order in which they are applied; frozen once shipped.
pub(super) static MIGRATIONS: LazyLock<Vec<File>> = LazyLock::new(|| folder("migrations"));

/// Functions and the triggers that use them; each is applied again when its text changes.
static FUNCTIONS: LazyLock<Vec<File>> = LazyLock::new(|| folder("functions"));

/// Row level security and grants, a table each; applied again when its text changes, once the functions are there.
static POLICIES: LazyLock<Vec<File>> = LazyLock::new(|| folder("policies"));

/// What the release before last needed, dropped once nobody calls it.
static RETIRED: File = File {
    name: "retired",
    text: include_str!("../../sql/retired.sql"),
};

/// What is run at the end of every migration.
pub(super) static BACKFILL: File = File {
    name: "backfill",
    text: include_str!("../../sql/backfill.sql"),
};

/// The statements that the service sends. Those of the command line are for the tables' owner, and are none of them.
pub(super) static SENT: LazyLock<Vec<File>> = LazyLock::new(|| {
    let mut sent = folder("queries");
    sent.retain(|file| {
        !file.name.starts_with("queries/org_") && !file.name.starts_with("queries/secrets_")
    });
    sent
});

/// What is replaced together, in the order in which it is applied.
pub(super) fn code() -> impl Iterator<Item = &'static File> {
    functions_and_policies().chain([&RETIRED])
}

/// The functions, then the policies.
pub(super) fn functions_and_policies() -> impl Iterator<Item = &'static File> {
    FUNCTIONS.iter().chain(POLICIES.iter())
}

/// The names of the functions that the files create, each with its schema.
pub(super) fn function_names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS
        .iter()
        .flat_map(|file| file.text.split("create or replace function ").skip(1))
        .filter_map(|rest| rest.split_once('(').map(|(name, _)| name.trim()))
}

/// The files of a folder, in the order of their names.
fn folder(name: &str) -> Vec<File> {
    let files = SQL.get_dir(name).into_iter().flat_map(Dir::files);
    let mut files: Vec<File> = files
        .filter_map(|file| {
            Some(File {
                name: file.path().to_str()?.strip_suffix(".sql")?,
                text: file.contents_utf8()?,
            })
        })
        .collect();
    files.sort_by_key(|file| file.name);
    files
}
