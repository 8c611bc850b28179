//! The service as a process of its own: what it writes to its log, and how much memory it takes.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
};

use super::{
    TestDatabase,
    app::{NOW, SECRET, SECRETS_KEY},
};

/// A running `frontdesk serve`; killed when it is dropped.
pub struct Process {
    /// The process.
    pub child: Child,
    lines: Arc<Mutex<Vec<Value>>>,
    /// For requests that no helper makes.
    pub http: reqwest::Client,
    /// The port of the webhook.
    pub port: u16,
    /// The port of the metrics.
    pub admin_port: u16,
}

impl Process {
    /// Starts the service on a database, with these environment variables beside the usual ones.
    pub async fn start(database: &TestDatabase, environment: &[(&str, &str)]) -> Self {
        Self::on(&database.service_url(), environment).await
    }

    /// Starts the service on the database at a URL, with these environment variables beside the usual ones.
    pub async fn on(url: &str, environment: &[(&str, &str)]) -> Self {
        Self::of_program(Path::new(env!("CARGO_BIN_EXE_frontdesk")), url, environment).await
    }

    /// The same of another program than the one under test.
    pub async fn of_program(program: &Path, url: &str, environment: &[(&str, &str)]) -> Self {
        let mut child = Command::new(program)
            .arg("serve")
            .env_clear()
            .env("DATABASE_URL", url)
            .env("VAPI_SECRET", SECRET)
            .env("FRONTDESK_SECRETS_KEY", SECRETS_KEY)
            .env("FRONTDESK_LISTEN", "127.0.0.1:0")
            .env("FRONTDESK_ADMIN_LISTEN", "127.0.0.1:0")
            .env("FRONTDESK_WORKERS", "1")
            .env("FRONTDESK_NOW", NOW)
            .envs(environment.iter().copied())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(child.stderr.take().unwrap());
        let lines: Arc<Mutex<Vec<Value>>> = Arc::default();
        let (sender, ports) = oneshot::channel();
        let written = Arc::clone(&lines);
        std::thread::spawn(move || {
            let mut sender = Some(sender);
            for line in output.lines().map_while(Result::ok) {
                let line: Value = serde_json::from_str(&line).unwrap_or(Value::String(line));
                if line["message"] == "listening"
                    && let Some(sender) = sender.take()
                {
                    let port = |field: &str| {
                        let address = line[field].as_str().unwrap();
                        address.rsplit(':').next().unwrap().parse().unwrap()
                    };
                    let _ = sender.send((port("listen"), port("admin.listen")));
                }
                written.lock().unwrap().push(line);
            }
        });
        let (port, admin_port) = ports.await.expect("the process listens");
        // The client needs one; an error means that another test has installed it.
        drop(rustls::crypto::ring::default_provider().install_default());
        Self {
            child,
            lines,
            http: super::app::http(),
            port,
            admin_port,
        }
    }

    /// What it has written to its log.
    pub fn log(&self) -> Vec<Value> {
        self.lines.lock().unwrap().clone()
    }

    /// The lines of its log whose message has these words in it.
    pub fn logged(&self, words: &str) -> Vec<Value> {
        let says = |line: &Value| {
            line["message"]
                .as_str()
                .is_some_and(|text| text.contains(words))
        };
        self.log().into_iter().filter(says).collect()
    }

    /// The status of a health page, and what it says.
    pub async fn health(&self, page: &str) -> (u16, Value) {
        let url = format!("http://127.0.0.1:{}/health/{page}", self.port);
        let reply = self.http.get(url).send().await.unwrap();
        (reply.status().as_u16(), reply.json().await.unwrap())
    }

    /// Its metrics, in Prometheus' text form.
    pub async fn figures(&self) -> String {
        let url = format!("http://127.0.0.1:{}/metrics", self.admin_port);
        self.http
            .get(url)
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap()
    }

    /// The value of one series, named as in the text form.
    pub async fn figure(&self, series: &str) -> Option<f64> {
        let figures = self.figures().await;
        let line = figures.lines().find_map(|line| line.strip_prefix(series));
        line.and_then(|value| value.trim().parse().ok())
    }

    /// The answer to a message, proved by the service-wide secret.
    pub async fn replies(&self, message: &Value) -> Value {
        let url = format!("http://127.0.0.1:{}/vapi/webhook", self.port);
        let reply = self
            .http
            .post(url)
            .header("X-Vapi-Secret", SECRET)
            .json(message)
            .send()
            .await
            .unwrap();
        assert_eq!(reply.status(), 200);
        reply.json().await.unwrap()
    }

    /// The most memory that it has held so far, in bytes.
    pub fn peak_memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .unwrap();
        let kibibytes: u64 = line.split_whitespace().next().unwrap().parse().unwrap();
        kibibytes * 1_024
    }

    /// A connection to it.
    pub async fn connect(&self) -> Connection {
        Connection::to(self.port).await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A connection on which requests are written byte by byte.
pub struct Connection(TcpStream);

impl Connection {
    /// A connection to a port of this machine.
    pub async fn to(port: u16) -> Self {
        Self(TcpStream::connect(("127.0.0.1", port)).await.unwrap())
    }

    /// Begins a POST whose body has this length; none of the body is sent.
    pub async fn begins(&mut self, path: &str, headers: &[(&str, &str)], length: usize) {
        let mut head =
            format!("POST {path} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {length}\r\n");
        for (name, value) in headers {
            head.extend([*name, ": ", *value, "\r\n"]);
        }
        head.push_str("\r\n");
        self.sends(head.as_bytes()).await;
    }

    /// Sends bytes; a service that has closed the connection no longer takes them.
    pub async fn sends(&mut self, bytes: &[u8]) {
        drop(self.0.write_all(bytes).await);
    }

    /// The answer: its status and all of its text that came with it.
    pub async fn hears(&mut self) -> (u16, String) {
        let mut text = Vec::new();
        while !text.windows(4).any(|end| end == b"\r\n\r\n") {
            if self.0.read_buf(&mut text).await.unwrap_or(0) == 0 {
                break;
            }
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        let status = text.split(' ').nth(1).and_then(|code| code.parse().ok());
        (status.unwrap_or(0), text)
    }
}
