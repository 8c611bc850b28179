//! The machine that is measured on, and what programs on it use.

use std::{fs, path::Path, process::Command};

/// Bytes in a MB.
const MB: f64 = 1_000_000.0;

/// What a program has used since it began, and what it holds now.
#[derive(Clone, Copy, Debug, Default)]
pub struct Used {
    /// Processor time in microseconds, user and system together.
    pub cpu_us: f64,
    /// Resident memory in MB; for several processes together what each has of its own, and what they share once.
    pub resident_mb: f64,
}

/// Processes that are looked at as one program.
#[derive(Clone, Copy, Debug)]
pub enum Watched {
    /// One process.
    Process(u32),
    /// A process and its children, such as PostgreSQL's postmaster.
    Family(u32),
}

impl Watched {
    /// What it has used; `None` where the system does not tell.
    pub fn used(self) -> Option<Used> {
        match self {
            Self::Process(pid) => Some(Used {
                cpu_us: stat(pid)?.cpu_us,
                resident_mb: resident(pid)?,
            }),
            Self::Family(pid) => {
                let own = stat(pid)?;
                // Children that are gone are counted in what their parent tells.
                let mut cpu_us = own.cpu_us + own.children_cpu_us;
                let mut held = held(pid)?;
                for child in children(pid) {
                    cpu_us += stat(child).map_or(0.0, |stat| stat.cpu_us);
                    let of_child = self::held(child).unwrap_or_default();
                    held.own_mb += of_child.own_mb;
                    held.shared_mb = held.shared_mb.max(of_child.shared_mb);
                }
                Some(Used {
                    cpu_us,
                    resident_mb: held.own_mb + held.shared_mb,
                })
            }
        }
    }
}

impl Watched {
    /// How many processes there are.
    pub fn members(self) -> usize {
        match self {
            Self::Process(_) => 1,
            Self::Family(pid) => 1 + children(pid).len(),
        }
    }
}

#[derive(Default)]
struct Held {
    own_mb: f64,
    /// Memory that it shares with the others, as far as it has touched it.
    shared_mb: f64,
}

struct Stat {
    parent: u32,
    cpu_us: f64,
    children_cpu_us: f64,
}

/// `/proc/<pid>/stat` (proc(5)): the name may hold spaces and parentheses, so the fields are counted from its end.
fn stat(pid: u32) -> Option<Stat> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |nth: usize| fields.get(nth)?.parse::<u32>().ok();
    let tick_us = 1_000_000.0 / 100.0;
    let ticks = |nth| number(nth).map(|ticks| f64::from(ticks) * tick_us);
    Some(Stat {
        parent: number(1)?,
        cpu_us: ticks(11)? + ticks(12)?,
        children_cpu_us: ticks(13)? + ticks(14)?,
    })
}

fn children(pid: u32) -> Vec<u32> {
    let Ok(entries) = fs::read_dir("/proc") else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|child| stat(*child).is_some_and(|stat| stat.parent == pid))
        .collect()
}

/// The parent of a process: a connection's is the postmaster.
pub fn parent(pid: u32) -> Option<u32> {
    Some(stat(pid)?.parent)
}

fn resident(pid: u32) -> Option<f64> {
    kib(&format!("/proc/{pid}/status"), "VmRSS:")
}

/// What one process of several holds. `smaps_rollup` would tell its share exactly, but the kernel walks every page for it: with a
/// gigabyte of shared buffers a tenth of a second, in which the generator sends nothing.
fn held(pid: u32) -> Option<Held> {
    let path = format!("/proc/{pid}/status");
    Some(Held {
        own_mb: kib(&path, "RssAnon:")?,
        shared_mb: kib(&path, "RssShmem:")?,
    })
}

fn kib(path: &str, label: &str) -> Option<f64> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(label))?;
    let kib: u32 = line.split_whitespace().next()?.parse().ok()?;
    Some(f64::from(kib) * 1024.0 / MB)
}

/// The machine in one line.
pub fn describe(postgresql: &str) -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let processor = processor.map_or(std::env::consts::ARCH, |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let gigabytes = kib("/proc/meminfo", "MemTotal:").unwrap_or_default() / 1000.0;
    let kernel = told("uname", &["-sr"], Path::new(".")).unwrap_or_default();
    format!("{processor}, {cores} cores, {gigabytes:.0} GB, {kernel}, PostgreSQL {postgresql}")
}

/// The commit of a checkout, with `-dirty` behind it where files have changed since.
pub fn commit(checkout: &Path) -> String {
    told("git", &["describe", "--always", "--dirty"], checkout).unwrap_or_default()
}

fn told(program: &str, arguments: &[&str], folder: &Path) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
