//! Who may know whom: the table in `src/lib.rs`, held against the `use crate::` lines.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// Each room and the rooms that it may use. A room that is not listed may use all.
const WALLS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("error", &[]),
    ("clock", &[]),
    ("keyring", &[]),
    ("body", &[]),
    ("stage", &[]),
    ("db", &["domain", "error", "stage"]),
    ("directory", &["clock", "db", "domain", "error", "keyring"]),
    ("calls", &["directory", "db", "domain", "error"]),
    ("mail", &["domain", "error"]),
    ("calendar", &["domain"]),
    (
        "sync",
        &[
            "jobs",
            "clock",
            "directory",
            "db",
            "domain",
            "error",
            "keyring",
        ],
    ),
    ("jobs", &["db", "domain", "error"]),
    ("messages", &["jobs", "directory", "db", "domain", "error"]),
    (
        "escalation",
        &[
            "jobs",
            "calls",
            "directory",
            "db",
            "domain",
            "error",
            "keyring",
        ],
    ),
    (
        "outage",
        &["escalation", "calls", "directory", "db", "domain", "error"],
    ),
    (
        "tools",
        &[
            "outage",
            "escalation",
            "calls",
            "directory",
            "db",
            "domain",
            "error",
        ],
    ),
    (
        "vapi",
        &[
            "body",
            "tools",
            "outage",
            "escalation",
            "calls",
            "directory",
            "db",
            "domain",
            "error",
            "clock",
            "stage",
        ],
    ),
    (
        "twilio",
        &[
            "body",
            "messages",
            "escalation",
            "jobs",
            "calls",
            "directory",
            "db",
            "domain",
            "error",
            "clock",
        ],
    ),
    (
        "jobs/run",
        &[
            "calendar",
            "sync",
            "twilio",
            "vapi",
            "mail",
            "messages",
            "outage",
            "escalation",
            "jobs",
            "calls",
            "directory",
            "db",
            "domain",
            "error",
            "clock",
            "keyring",
        ],
    ),
    (
        "links",
        &[
            "body",
            "escalation",
            "db",
            "domain",
            "error",
            "clock",
            "keyring",
        ],
    ),
    (
        "config",
        &[
            "calendar",
            "clock",
            "db",
            "domain",
            "keyring",
            "mail",
            "telemetry",
            "vapi",
        ],
    ),
    ("feed", &["calendar", "clock", "db", "domain", "error"]),
    ("retention", &["clock", "db", "error"]),
    ("telemetry", &[]),
    ("health", &["config", "db", "error", "telemetry"]),
    (
        "routes",
        &[
            "calendar_callbacks",
            "feed",
            "health",
            "links",
            "twilio",
            "vapi",
        ],
    ),
    (
        "calendar_callbacks",
        &["body", "calendar", "clock", "db", "error", "keyring"],
    ),
];

fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    found
}

/// The room of a file: its first folder under `src/`, or its own name. `jobs/run`, which alone knows the providers, is a room of its own.
fn room(path: &Path) -> String {
    let inside = path
        .strip_prefix(Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .unwrap();
    if inside.starts_with("jobs/run") {
        return "jobs/run".to_owned();
    }
    let first = inside
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms that a source names: after `crate::`, alone or as the first names of a braced list.
fn named_rooms(source: &str) -> BTreeSet<String> {
    let code: String = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut rooms = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if code[..at].ends_with('$') {
            continue;
        }
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut name = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        rooms.insert(named_room(&name));
                        name.clear();
                        continue;
                    }
                    _ => {}
                }
                name.push(c);
            }
            rooms.insert(named_room(&name));
        } else {
            let path = rest.split(|c: char| c != ':' && c != '_' && !c.is_alphanumeric());
            rooms.insert(named_room(path.into_iter().next().unwrap_or_default()));
        }
    }
    rooms.remove("");
    rooms
}

/// The room that a path or a branch of a braced list begins with.
fn named_room(path: &str) -> String {
    let first = first_name(path);
    let mut words = path.split(|c: char| c != '_' && !c.is_alphanumeric());
    if first == "jobs" && words.any(|word| word == "run") {
        return "jobs/run".to_owned();
    }
    first
}

fn first_name(path: &str) -> String {
    path.trim_start()
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

#[test]
fn no_room_knows_one_that_it_may_not() {
    let walls: BTreeMap<_, _> = WALLS.iter().copied().collect();
    let mut broken = Vec::new();
    for path in sources() {
        let room = room(&path);
        let Some(allowed) = walls.get(room.as_str()) else {
            continue;
        };
        for named in named_rooms(&fs::read_to_string(&path).unwrap()) {
            // The macro that takes a statement from its file belongs to db.
            let named = if named == "sql" {
                "db".to_owned()
            } else {
                named
            };
            if named != room && !allowed.contains(&named.as_str()) {
                broken.push(format!("{}: {room} may not know {named}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn a_wall_that_is_broken_would_be_seen() {
    let source = "use crate::{\n    db::{Database, Sql},\n    jobs::{due, run::Runner},\n    vapi::authenticate::Verifier,\n};\nlet x = crate::tools::run();";
    let rooms: Vec<_> = named_rooms(source).into_iter().collect();
    assert_eq!(rooms, ["db", "jobs/run", "tools", "vapi"]);
}

#[test]
fn no_tool_and_no_rule_knows_the_web_framework() {
    for path in sources() {
        if matches!(
            room(&path).as_str(),
            "domain"
                | "error"
                | "db"
                | "directory"
                | "calls"
                | "mail"
                | "jobs"
                | "escalation"
                | "outage"
                | "tools"
        ) {
            let source = fs::read_to_string(&path).unwrap();
            for name in ["actix_web", "reqwest"] {
                assert!(!source.contains(name), "{} knows {name}", path.display());
            }
        }
    }
}

#[test]
fn every_query_file_is_sent_and_opens_with_a_comment() {
    let queries = Path::new(env!("CARGO_MANIFEST_DIR")).join("sql/queries");
    let code: String = sources()
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for entry in fs::read_dir(queries).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            code.contains(&format!("\"{name}\"")),
            "nothing sends {name}.sql"
        );
        assert!(
            fs::read_to_string(&path).unwrap().starts_with("-- "),
            "{name}.sql does not say why it exists"
        );
    }
}
