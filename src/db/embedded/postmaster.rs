//! A server that an earlier run left behind, as its `postmaster.pid` tells.
//!
//! Its program is gone, since this one holds the lock. On Linux the server is told to end by the same event and may need a
//! moment; elsewhere it goes on until it is told to. A file that outlived a crash or a power failure names a process that
//! is gone, which PostgreSQL sees by itself, or one that is no PostgreSQL, which it does not.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::{
    io::Errno,
    process::{Pid, Signal, kill_process, test_kill_process},
};

use super::{EmbeddedError, error::cannot, home::Home, probe::Probe};

/// How long a server may take to end: it writes out what it has in memory first.
pub(super) const END_TIMEOUT: Duration = Duration::from_secs(30);

/// How often a server is looked at while it starts or ends.
pub(super) const STEP: Duration = Duration::from_millis(50);

/// What `postmaster.pid` says: the process on line 1, the socket's directory on line 5.
#[derive(Debug, PartialEq, Eq)]
struct Postmaster {
    pid: Pid,
    socket_directory: Option<PathBuf>,
}

impl Postmaster {
    fn read(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        let pid = Pid::from_raw(lines.next()?.trim().parse().ok().filter(|pid| *pid > 0)?)?;
        let socket_directory = lines
            .nth(3)
            .filter(|path| !path.is_empty())
            .map(PathBuf::from);
        Some(Self {
            pid,
            socket_directory,
        })
    }

    fn is_alive(&self) -> bool {
        !matches!(test_kill_process(self.pid), Err(Errno::SRCH))
    }

    /// Whether the process is certainly something else, whose number happens to be the same.
    fn is_other_program(&self) -> bool {
        Command::new("ps")
            .args(["-o", "comm=", "-p"])
            .arg(self.pid.as_raw_nonzero().to_string())
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .is_ok_and(|told| {
                let name = String::from_utf8_lossy(&told.stdout);
                told.status.success() && !name.trim().is_empty() && !name.contains("postgres")
            })
    }
}

/// Ends a server that an earlier run left on this data, and waits for it.
pub(super) fn end_leftover(home: &Home) -> Result<(), EmbeddedError> {
    let file = home.cluster().join("postmaster.pid");
    let Some(first) = living(&file) else {
        return Ok(());
    };
    if first.is_other_program() {
        return fs::remove_file(&file).map_err(cannot(format!("remove {}", file.display())));
    }
    let probe = Probe::new()?;
    let begun = Instant::now();
    let mut told = false;
    while let Some(postmaster) = living(&file) {
        if begun.elapsed() > END_TIMEOUT {
            return Err(EmbeddedError::LeftRunning {
                pid: postmaster.pid.as_raw_nonzero().get().unsigned_abs(),
                directory: home.path.clone(),
            });
        }
        if !told && answers_for(&probe, &postmaster, &home.cluster()) {
            // A server that answers for this data directory keeps its own number in this file.
            told = kill_process(postmaster.pid, Signal::INT).is_ok();
        }
        sleep(STEP);
    }
    Ok(())
}

fn living(file: &Path) -> Option<Postmaster> {
    Postmaster::read(&fs::read_to_string(file).ok()?).filter(Postmaster::is_alive)
}

fn answers_for(probe: &Probe, postmaster: &Postmaster, cluster: &Path) -> bool {
    postmaster
        .socket_directory
        .as_deref()
        .and_then(|directory| probe.ask(directory))
        .is_some_and(|answer| answer.data_directory == cluster)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_process_and_its_socket_are_read() {
        let text = "4711\n/data/cluster\n1763855532\n5432\n/data/cluster\n\n 1234 5\nready   \n";
        let expected = Postmaster {
            pid: Pid::from_raw(4711).unwrap(),
            socket_directory: Some("/data/cluster".into()),
        };
        assert_eq!(Postmaster::read(text), Some(expected));
    }

    #[test]
    fn a_file_that_is_still_being_written_names_a_process_only() {
        let read = Postmaster::read("4711\n/data/cluster").unwrap();
        assert_eq!(read.socket_directory, None);
    }

    #[test]
    fn what_names_no_process_is_not_read() {
        for text in ["", "\n", "0\n", "-1\n", "x", "99999999999999999999"] {
            assert_eq!(Postmaster::read(text), None, "{text}");
        }
    }
}
