//! A real SMTP server, PyPI's aiosmtpd, where this machine has Python to run it.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::LazyLock,
};

use serde_json::Value;

use super::python::{environment, folder, run};

/// The password of the user `office`.
pub const PASSWORD: &str = "p@ss:word/";

/// What is installed, at the versions that the tests were written with.
const PACKAGES: [&str; 2] = ["aiosmtpd==1.4.6", "trustme==1.2.1"];

/// The Python that has the packages; `None`, and a line on standard error that says why, where it is not to be had.
static PYTHON: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    environment("smtp", &PACKAGES)
        .inspect_err(|why| {
            // Past the test's own output, which nobody sees when it passes.
            drop(writeln!(
                std::io::stderr(),
                "no real SMTP server here, so that nothing is sent to one: {why}"
            ));
        })
        .ok()
});

/// A running server.
pub struct SmtpServer {
    /// Where it listens.
    pub port: u16,
    messages: BufReader<ChildStdout>,
    process: Child,
    /// The server ends with it.
    _input: ChildStdin,
}

/// A certificate for 127.0.0.1 with its key, and the authority that made it.
pub struct Certificate {
    folder: PathBuf,
    /// Certificate and key.
    pub pair: PathBuf,
    /// The authority.
    pub authority: PathBuf,
}

impl SmtpServer {
    /// Starts one that takes messages in plain text, or, with a certificate, encrypted ones only; `None` where there is no Python.
    pub fn start(certificate: Option<&Certificate>) -> Option<Self> {
        let python = PYTHON.as_ref()?;
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/api/support/smtp.py");
        let mut process = Command::new(python)
            .args(["-W", "ignore"])
            .arg(script)
            .arg(PASSWORD)
            .args(certificate.map(|certificate| &certificate.pair))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut messages = BufReader::new(process.stdout.take().unwrap());
        let mut port = String::new();
        messages.read_line(&mut port).unwrap();
        Some(Self {
            port: port.trim().parse().expect("the server did not start"),
            messages,
            _input: process.stdin.take().unwrap(),
            process,
        })
    }

    /// The next message that it took.
    pub fn message(&mut self) -> Value {
        let mut line = String::new();
        self.messages.read_line(&mut line).unwrap();
        serde_json::from_str(&line).unwrap()
    }

    /// Stops it and gives the messages that nobody has looked at.
    pub fn rest(mut self) -> Vec<Value> {
        self.process.kill().unwrap();
        self.messages
            .by_ref()
            .lines()
            .map(|line| serde_json::from_str(&line.unwrap()).unwrap())
            .collect()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Certificate {
    /// Makes one in a folder of this name; `None` where there is no Python.
    pub fn new(name: &str) -> Option<Self> {
        let python = PYTHON.as_ref()?;
        let folder = folder("smtp").join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        run(Command::new(python)
            .args(["-m", "trustme", "--quiet", "--identities", "127.0.0.1"])
            .arg("--dir")
            .arg(&folder))
        .unwrap();
        let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
        let pair = folder.join("pair.pem");
        fs::write(&pair, read("server.pem") + &read("server.key")).unwrap();
        Some(Self {
            pair,
            authority: folder.join("client.pem"),
            folder,
        })
    }
}

impl Drop for Certificate {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.folder));
    }
}
