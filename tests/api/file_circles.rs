//! No circle of files, and no file that is too long: `src` is read by following what a file uses, and that must come to an end.
//!
//! In every folder the files (each with the folder below it) use each other in one direction only. A file and the folder below it are one
//! thing: the parts may use what the whole defines.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use syn::{
    Item, ItemMod, ItemUse, UseTree, Visibility,
    visit::{self, Visit},
};

/// The most lines of a file with code, and of one with tests.
const MAX_LINES: usize = 450;
const MAX_TEST_LINES: usize = 600;

/// The names in a path: `["calls", "line", "Line"]`.
type Names = Vec<String>;

/// What one file uses, and what it passes on under its own name.
#[derive(Default)]
struct Module {
    path: Names,
    uses: Vec<Names>,
    passes_on: BTreeMap<String, Names>,
    imported: BTreeMap<String, Names>,
}

impl Module {
    /// A path as it stands in the file, from the root of the crate on.
    fn absolute(&self, written: &[String]) -> Names {
        let (mut at, mut rest) = (self.path.clone(), written);
        match written.first().map(String::as_str) {
            Some("crate") => {
                at.clear();
                rest = &rest[1..];
            }
            Some("self") => rest = &rest[1..],
            Some("super") => {
                while rest.first().is_some_and(|name| name == "super") {
                    at.pop();
                    rest = &rest[1..];
                }
            }
            Some(first) if let Some(import) = self.imported.get(first) => {
                at.clone_from(import);
                rest = &rest[1..];
            }
            _ => {}
        }
        at.extend_from_slice(rest);
        at
    }

    fn import(&mut self, tree: &UseTree, mut before: Names, is_passed_on: bool) {
        let name = match tree {
            UseTree::Group(group) => {
                for tree in &group.items {
                    self.import(tree, before.clone(), is_passed_on);
                }
                return;
            }
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                return self.import(&path.tree, before, is_passed_on);
            }
            UseTree::Glob(_) => None,
            UseTree::Name(name) => Some((name.ident.to_string(), None)),
            UseTree::Rename(name) => Some((name.ident.to_string(), Some(name.rename.to_string()))),
        };
        let renamed = name.and_then(|(name, renamed)| {
            if name != "self" {
                before.push(name);
            }
            renamed.or_else(|| before.last().cloned())
        });
        let path = self.absolute(&before);
        if let Some(name) = renamed {
            self.imported.insert(name.clone(), path.clone());
            if is_passed_on {
                self.passes_on.insert(name, path);
                return;
            }
        }
        self.uses.push(path);
    }
}

impl<'ast> Visit<'ast> for Module {
    fn visit_item_mod(&mut self, module: &'ast ItemMod) {
        let is_test = module
            .attrs
            .iter()
            .any(|attribute| attribute.path().is_ident("cfg"));
        if !is_test {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Names = path
            .segments
            .iter()
            .map(|name| name.ident.to_string())
            .collect();
        if names.len() > 1 {
            self.uses.push(self.absolute(&names));
        }
        visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, _: &'ast ItemUse) {}
}

/// What a file's text uses.
fn module(path: Names, text: &str) -> Module {
    let file = syn::parse_file(text).unwrap();
    let mut module = Module {
        path,
        ..Module::default()
    };
    for item in &file.items {
        if let Item::Use(item) = item {
            let is_passed_on = !matches!(item.vis, Visibility::Inherited);
            module.import(&item.tree, Names::new(), is_passed_on);
        }
    }
    module.visit_file(&file);
    module
}

/// Every way from one name to another in a folder that is part of a circle.
fn circles(modules: &[Module]) -> Vec<String> {
    let by_path: BTreeMap<&[String], &Module> = modules
        .iter()
        .map(|module| (module.path.as_slice(), module))
        .collect();
    let mut levels: BTreeMap<Names, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for module in modules {
        for used in &module.uses {
            let Some(file) = file_of(used.clone(), &by_path) else {
                continue;
            };
            let shared = module
                .path
                .iter()
                .zip(&file)
                .take_while(|(a, b)| a == b)
                .count();
            if let (Some(from), Some(to)) = (module.path.get(shared), file.get(shared)) {
                let level = levels.entry(file[..shared].to_vec()).or_default();
                level.entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    let mut found = Vec::new();
    for (folder, ways) in &levels {
        for (from, targets) in ways {
            for to in targets.iter().filter(|to| leads(ways, to, from)) {
                found.push(format!(
                    "{}: {from} uses {to}, which leads back",
                    folder.join("/")
                ));
            }
        }
    }
    found
}

/// The file in which something is defined, behind every name that passes it on; `None` outside of the crate.
fn file_of(mut path: Names, modules: &BTreeMap<&[String], &Module>) -> Option<Names> {
    loop {
        let known = (1..=path.len())
            .rev()
            .find(|end| modules.contains_key(&path[..*end]))?;
        let module = modules[&path[..known]];
        let passed = path.get(known).and_then(|name| module.passes_on.get(name));
        // A macro is passed on by the file that defines it, under its own path.
        let Some(further) = passed.filter(|further| **further != path[..=known]) else {
            return Some(module.path.clone());
        };
        path = [further.clone(), path[known + 1..].to_vec()].concat();
    }
}

/// Whether one leads to another over any number of uses.
fn leads(ways: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(at) = open.pop() {
        for next in ways.get(at).into_iter().flatten() {
            if next == to {
                return true;
            }
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    false
}

fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
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
    found.sort();
    found
}

/// Where a file's module stands. `jobs/run`, which alone knows the providers, is a room beside `jobs`.
fn module_path(file: &Path) -> Names {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let inside = file.strip_prefix(root).unwrap().with_extension("");
    let mut names: Names = inside
        .iter()
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    if names
        .last()
        .is_some_and(|name| name == "mod" || name == "lib")
    {
        names.pop();
    }
    names
}

/// Files that hold tests only, by their names.
fn is_test(file: &Path) -> bool {
    file.iter().any(|name| {
        let name = name.to_string_lossy();
        matches!(
            name.trim_end_matches(".rs"),
            "tests" | "golden" | "properties" | "fixtures"
        )
    })
}

#[test]
fn no_file_uses_one_that_uses_it() {
    let mut modules: Vec<Module> = files("src")
        .iter()
        .filter(|file| !is_test(file) && !file.ends_with("src/main.rs"))
        .map(|file| module(module_path(file), &fs::read_to_string(file).unwrap()))
        .collect();
    // The rooms are held to their order by `architecture.rs`, which knows that `jobs/run` is a room of its own.
    modules.retain(|module| module.path != ["lib"] && !module.path.is_empty());
    let found: Vec<String> = circles(&modules)
        .into_iter()
        .filter(|found| !found.starts_with(": "))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_circle_would_be_seen() {
    let path = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Names>();
    let modules = [
        module(path(&["room"]), "pub use second::Second;"),
        module(
            path(&["room", "first"]),
            "use super::Second;\nstruct First;",
        ),
        module(
            path(&["room", "second"]),
            "pub struct Second;\nfn f() { super::third::f() }",
        ),
        module(
            path(&["room", "third"]),
            "use crate::room::first;\nfn f() { first::g() }",
        ),
        module(path(&["room", "fourth"]), "use super::first::First;"),
    ];
    let found = circles(&modules);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found.iter().all(|found| !found.contains("fourth")));
}

#[test]
fn no_file_is_too_long_to_be_read_at_once() {
    let too_long: Vec<String> = ["src", "tests"]
        .into_iter()
        .flat_map(|folder| files(folder).into_iter().map(move |file| (folder, file)))
        .filter_map(|(folder, file)| {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            let most = if folder == "tests" || is_test(&file) {
                MAX_TEST_LINES
            } else {
                MAX_LINES
            };
            (lines > most).then(|| format!("{}: {lines} lines", file.display()))
        })
        .collect();
    assert!(too_long.is_empty(), "{}", too_long.join("\n"));
}
