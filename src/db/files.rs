//! The files of `sql/`, compiled in.

// From `build.rs`: the folders, each in the order of the files' names, and two single files. `MIGRATIONS` are tables, types and indexes,
// frozen once shipped; `FUNCTIONS` come with the triggers that use them, `POLICIES` with grants, a table each, and both are applied again
// when their text changes; `QUERIES` are statements; `RETIRED` drops what the release before last needed and nobody calls any more;
// `BACKFILL` is run at the end of every migration.
include!(concat!(env!("OUT_DIR"), "/files.rs"));

/// One file.
pub(super) struct File {
    /// Its folder and name, without its ending, such as `functions/clock`.
    pub(super) name: &'static str,
    /// What it says.
    pub(super) text: &'static str,
    /// The SHA-256 of its text, in hexadecimal.
    pub(super) checksum: &'static str,
}

/// The statements that the service sends. Those of the command line are for the tables' owner, and are none of them.
pub(super) fn sent() -> impl Iterator<Item = &'static File> {
    QUERIES.iter().filter(|file| {
        !file.name.starts_with("queries/org_") && !file.name.starts_with("queries/secrets_")
    })
}

/// What is replaced together, in the order in which it is applied.
pub(super) fn code() -> impl Iterator<Item = &'static File> {
    functions_and_policies().chain([&RETIRED])
}

/// The functions, then the policies.
pub(super) fn functions_and_policies() -> impl Iterator<Item = &'static File> {
    FUNCTIONS.iter().chain(POLICIES)
}

/// The names of the functions that the files create, each with its schema.
pub(super) fn function_names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS
        .iter()
        .flat_map(|file| file.text.split("create or replace function ").skip(1))
        .filter_map(|rest| rest.split_once('(').map(|(name, _)| name.trim()))
}
