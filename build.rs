//! Compiles in the files of `sql/`, each with its checksum, so that no start hashes them (`src/db/files.rs`).

use std::{
    env,
    error::Error,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=sql");
    let sql = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("sql");
    let mut made = String::new();
    for folder in ["migrations", "functions", "policies", "queries"] {
        let mut files = fs::read_dir(sql.join(folder))?
            .map(|entry| Ok(entry?.path()))
            .collect::<std::io::Result<Vec<PathBuf>>>()?;
        files.sort_by(|a, b| a.file_stem().cmp(&b.file_stem()));
        writeln!(
            made,
            "pub(super) static {}: &[File] = &[",
            folder.to_uppercase()
        )?;
        for path in files {
            writeln!(made, "{},", file(&sql, &path)?)?;
        }
        writeln!(made, "];")?;
    }
    for name in ["retired", "backfill"] {
        let file = file(&sql, &sql.join(format!("{name}.sql")))?;
        writeln!(
            made,
            "pub(super) static {}: File = {file};",
            name.to_uppercase()
        )?;
    }
    fs::write(Path::new(&env::var("OUT_DIR")?).join("files.rs"), made)?;
    Ok(())
}

/// One file as `src/db/files.rs` has it.
fn file(sql: &Path, path: &Path) -> Result<String, Box<dyn Error>> {
    let name = path.strip_prefix(sql)?.with_extension("");
    let name = name.to_str().ok_or("a name is no UTF-8")?;
    let sum = hex::encode(Sha256::digest(fs::read(path)?));
    let path = path.to_str().ok_or("a path is no UTF-8")?;
    Ok(format!(
        "File {{ name: {name:?}, text: include_str!({path:?}), checksum: {sum:?} }}"
    ))
}
