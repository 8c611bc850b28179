//! A Vapi that takes commands for a live call, and remembers them.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::OnceCell,
};

use super::database::RUNTIME;

/// How each line answers and what it received, by the path of its commands.
type Lines = Arc<Mutex<HashMap<String, (Answers, Vec<Value>)>>>;

/// The port of the lines that the shared service may command, and those lines.
static SHARED: OnceCell<(u16, Lines)> = OnceCell::const_new();

/// The commands that one call received.
pub struct Line {
    port: u16,
    path: String,
    lines: Lines,
}

/// How the line answers a command.
#[derive(Clone, Copy)]
pub enum Answers {
    /// It takes the command.
    Ok,
    /// It answers 500.
    Broken,
    /// It says 200 and names a property that should not exist, as Vapi does for a body that it does not like.
    Disliked,
    /// It never answers.
    Never,
}

impl Line {
    /// A line that answers like this, at a port of its own.
    pub async fn new(answers: Answers) -> Self {
        Self::at(&listen().await, answers)
    }

    /// A line that answers like this, which the service of [`TestApp::shared`](super::TestApp::shared) may command.
    pub async fn shared(answers: Answers) -> Self {
        Self::at(SHARED.get_or_init(listen).await, answers)
    }

    /// The host and port of all of these.
    pub async fn shared_host() -> String {
        format!("127.0.0.1:{}", SHARED.get_or_init(listen).await.0)
    }

    fn at((port, lines): &(u16, Lines), answers: Answers) -> Self {
        let mut known = lines.lock().unwrap();
        let path = format!("/call-{}/control", known.len());
        known.insert(path.clone(), (answers, Vec::new()));
        Self {
            port: *port,
            path,
            lines: Arc::clone(lines),
        }
    }

    /// Where commands are sent.
    pub fn control_url(&self) -> String {
        format!("http://{}{}", self.host(), self.path)
    }

    /// Its host and port, as the allow-list has them.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// What it received.
    pub fn received(&self) -> Vec<Value> {
        self.lines.lock().unwrap()[&self.path].1.clone()
    }
}

/// A port whose connections outlive the test that asks for it.
async fn listen() -> (u16, Lines) {
    let lines = Lines::default();
    let known = Arc::clone(&lines);
    let listening = RUNTIME.spawn(async {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        RUNTIME.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                RUNTIME.spawn(serve(stream, Arc::clone(&known)));
            }
        });
        port
    });
    (listening.await.unwrap(), lines)
}

async fn serve(mut stream: TcpStream, lines: Lines) {
    let mut request = Vec::new();
    let (path, body) = loop {
        let mut chunk = [0_u8; 4096];
        let count = stream.read(&mut chunk).await.unwrap_or(0);
        request.extend_from_slice(&chunk[..count]);
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| {
                    line.to_lowercase()
                        .strip_prefix("content-length: ")?
                        .parse()
                        .ok()
                })
                .unwrap_or(0);
            if body.len() >= length {
                let path = head.split(' ').nth(1).unwrap();
                break (path.to_owned(), body.to_owned());
            }
        }
        if count == 0 {
            return;
        }
    };
    let answers = {
        let mut lines = lines.lock().unwrap();
        let (answers, received) = lines.get_mut(&path).unwrap();
        received.push(serde_json::from_str(&body).unwrap());
        *answers
    };
    let (status, reply) = match answers {
        Answers::Ok => ("200 OK", json!({})),
        Answers::Broken => ("500 Internal Server Error", json!({})),
        Answers::Disliked => (
            "200 OK",
            json!({ "message": ["property destination should not exist"], "error": "Bad Request" }),
        ),
        Answers::Never => std::future::pending().await,
    };
    let reply = reply.to_string();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        reply.len()
    );
    drop(stream.write_all(format!("{head}{reply}").as_bytes()).await);
}
