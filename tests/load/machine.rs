//! The machine that is measured on, and what programs on it use.

use std::{fs, path::Path, process::Command};

/// Processes that are measured as one program.
#[derive(Clone, Copy, Debug)]
pub enum Watched {
    /// One process.
    Process(u32),
    /// A process and its children, such as PostgreSQL's postmaster.
    Family(u32),
}

impl Watched {
    /// The processor time it has used, user and system together, in microseconds; `None` where the system does not tell.
    pub fn cpu_us(self) -> Option<f64> {
        match self {
            Self::Process(pid) => Some(stat(pid)?.cpu_us),
            Self::Family(pid) => {
                let own = stat(pid)?;
                // Children that have ended are counted with their parent.
                let of_children = children(pid).map(|child| child.cpu_us);
                Some(own.cpu_us + own.ended_cpu_us + of_children.sum::<f64>())
            }
        }
    }

    /// The resident memory of its first process, in MB.
    pub fn resident_mb(self) -> Option<f64> {
        let (Self::Process(pid) | Self::Family(pid)) = self;
        kib(&format!("/proc/{pid}/status"), "VmRSS:").map(|kib| kib * 1024.0 / 1e6)
    }
}

struct Stat {
    parent: u32,
    cpu_us: f64,
    /// The processor time of children that have ended.
    ended_cpu_us: f64,
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
        ended_cpu_us: ticks(13)? + ticks(14)?,
    })
}

fn children(pid: u32) -> impl Iterator<Item = Stat> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| stat(entry.file_name().to_str()?.parse().ok()?))
        .filter(move |stat| stat.parent == pid)
}

/// The parent of a process: a connection's is the postmaster.
pub fn parent(pid: u32) -> Option<u32> {
    Some(stat(pid)?.parent)
}

fn kib(path: &str, label: &str) -> Option<f64> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix(label))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The machine in one line.
pub fn describe(postgresql: &str) -> String {
    let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = cpuinfo
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let processor = processor.map_or(std::env::consts::ARCH, |(_, name)| name.trim());
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let gigabytes = kib("/proc/meminfo", "MemTotal:").unwrap_or_default() * 1024.0 / 1e9;
    format!("{processor}, {cores} cores, {gigabytes:.0} GB, PostgreSQL {postgresql}")
}

/// The commit of a checkout, with `-dirty` behind it where files have changed since.
pub fn commit(checkout: &Path) -> Option<String> {
    let mut git = Command::new("git");
    git.args(["describe", "--always", "--dirty"])
        .current_dir(checkout);
    let output = git.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}
