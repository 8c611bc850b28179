//! The server's process: spawned, awaited until it accepts connections, ended.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc},
    thread::sleep,
    time::{Duration, Instant},
};

use rustix::{
    io::Errno,
    process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid},
};

use super::{
    EmbeddedError,
    error::cannot,
    postmaster::{END_TIMEOUT, STEP},
    probe::{Answer, Probe},
};

/// How long a start may take; after a crash the server first repeats what its log holds.
const START_TIMEOUT: Duration = Duration::from_mins(1);

/// How long the server may take to end when it need not write anything out.
const QUIT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where a server that starts is to be seen.
pub(super) struct Expected {
    pub(super) cluster: PathBuf,
    pub(super) log: PathBuf,
    pub(super) socket_directory: PathBuf,
}

/// The server's process, for the thread that waits for it and for whoever ends it.
#[derive(Debug)]
pub(super) struct Process {
    pid: Pid,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    asked_to_end: bool,
    has_ended: bool,
}

impl Process {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the server the fast way, and if that takes too long the immediate way, after which it recovers when started.
    pub(super) fn end(&self) -> Result<(), EmbeddedError> {
        for (signal, timeout) in [(Signal::INT, END_TIMEOUT), (Signal::QUIT, QUIT_TIMEOUT)] {
            let mut state = self.state();
            if !state.has_ended {
                state.asked_to_end = true;
                // The number is still this process's: it is given back only under the lock that is held here.
                let _ = kill_process(self.pid, signal);
            }
            let waited = self
                .changed
                .wait_timeout_while(state, timeout, |state| !state.has_ended)
                .unwrap_or_else(PoisonError::into_inner);
            if waited.0.has_ended {
                return Ok(());
            }
        }
        Err(EmbeddedError::NotStopped(self.pid.as_raw_nonzero().get()))
    }

    /// Waits for the process and gives its number back.
    fn wait(&self, mut child: Child) {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while matches!(waitid(WaitId::Pid(self.pid), options), Err(Errno::INTR)) {}
        let mut state = self.state();
        drop(child.wait());
        state.has_ended = true;
        if !state.asked_to_end {
            tracing::error!("the private PostgreSQL ended by itself");
        }
        self.changed.notify_all();
    }
}

/// Starts the server, reports once it accepts connections or cannot, and then waits for its end.
pub(super) fn watch(
    mut command: Command,
    expected: &Expected,
    report: &mpsc::SyncSender<Result<Arc<Process>, EmbeddedError>>,
) {
    let started = command
        .spawn()
        .map_err(cannot("run postgres"))
        .and_then(|child| {
            let pid = Pid::from_child(&child);
            await_connections(child, expected).map(|child| (pid, child))
        });
    // Whoever waits for the report cannot be gone: it waits without a limit.
    match started {
        Ok((pid, child)) => {
            let process = Arc::new(Process {
                pid,
                state: Mutex::default(),
                changed: Condvar::new(),
            });
            drop(report.send(Ok(Arc::clone(&process))));
            process.wait(child);
        }
        Err(error) => drop(report.send(Err(error))),
    }
}

/// Waits until the server answers and is the right one; otherwise ends it.
fn await_connections(mut child: Child, expected: &Expected) -> Result<Child, EmbeddedError> {
    let answered = until_answer(&mut child, expected).and_then(|answer| {
        if answer.data_directory != expected.cluster {
            Err(EmbeddedError::AnotherServer(answer.data_directory))
        } else if answer.has_btree_gist {
            Ok(())
        } else {
            Err(EmbeddedError::NoBtreeGist)
        }
    });
    if let Err(error) = answered {
        // Its number is still its own: it has not been waited for, unless it ended, and then there is nothing to end.
        if matches!(child.try_wait(), Ok(None)) {
            let _ = kill_process(Pid::from_child(&child), Signal::QUIT);
            drop(child.wait());
        }
        return Err(error);
    }
    Ok(child)
}

fn until_answer(child: &mut Child, expected: &Expected) -> Result<Answer, EmbeddedError> {
    let probe = Probe::new()?;
    let begun = Instant::now();
    loop {
        let ended = child.try_wait().map_err(cannot("watch PostgreSQL"))?;
        if let Some(status) = ended {
            return Err(not_started(status.to_string(), &expected.log));
        }
        if let Some(answer) = probe.ask(&expected.socket_directory) {
            return Ok(answer);
        }
        if begun.elapsed() > START_TIMEOUT {
            let reason = format!("no connection within {} seconds", START_TIMEOUT.as_secs());
            return Err(not_started(reason, &expected.log));
        }
        sleep(STEP);
    }
}

fn not_started(reason: String, log: &Path) -> EmbeddedError {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let mut tail: Vec<&str> = text.lines().rev().take(10).collect();
    tail.reverse();
    EmbeddedError::NotStarted {
        reason,
        log: log.to_path_buf(),
        tail: tail.join("\n"),
    }
}
