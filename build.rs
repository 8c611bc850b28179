//! The files of `sql/` are compiled in (`src/db/files.rs`): a new one makes a new build.

fn main() {
    println!("cargo::rerun-if-changed=sql");
}
