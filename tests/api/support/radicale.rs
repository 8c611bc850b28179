//! A real CalDAV server, PyPI's Radicale, and the hand of somebody else who works in its calendars.
//!
//! It takes Python with its module venv. Where they are missing, they are installed as PostgreSQL is: with apt-get.

use std::{
    fs,
    net::TcpListener,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::LazyLock,
    time::Duration,
};

use reqwest::{Method, RequestBuilder, StatusCode};
use tokio::net::TcpStream;

use super::{
    Folder, eventually_within,
    python::{environment, run},
};

/// Its only user.
const USER: &str = "office";

/// Their password.
const PASSWORD: &str = "p@ss:word/ü";

/// What is installed, at the version that the tests were written with.
const PACKAGES: [&str; 1] = ["radicale==3.9.0"];

/// The Python that has it.
static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| {
    environment("radicale", &PACKAGES)
        .or_else(|why| {
            with_apt()
                .and_then(|()| environment("radicale", &PACKAGES))
                .map_err(|again| format!("{why}\n{again}"))
        })
        .unwrap_or_else(|why| {
            panic!("the tests of CalDAV take Python 3 with venv, and PyPI for Radicale: {why}")
        })
});

/// A running server with calendars of its own; stopped, and they removed, when it is dropped.
pub struct Radicale {
    folder: Folder,
    port: u16,
    process: Option<Child>,
    http: reqwest::Client,
}

impl Radicale {
    /// Starts one without any calendar.
    pub async fn start() -> Self {
        // The client needs one; an error means that another test has installed it.
        drop(rustls::crypto::ring::default_provider().install_default());
        let folder = Folder::new();
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        fs::create_dir_all(&folder).unwrap();
        fs::write(format!("{folder}/users"), format!("{USER}:{PASSWORD}\n")).unwrap();
        let settings = format!(
            "[server]\nhosts = 127.0.0.1:{port}\n\
             [auth]\ntype = htpasswd\nhtpasswd_filename = {folder}/users\nhtpasswd_encryption = plain\ndelay = 0\n\
             [storage]\nfilesystem_folder = {folder}/collections\n\
             [logging]\nlevel = warning\n"
        );
        fs::write(format!("{folder}/config"), settings).unwrap();
        let mut server = Self {
            folder,
            port,
            process: None,
            http: super::app::http(),
        };
        server.restart().await;
        server
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Who may log in.
    #[expect(clippy::unused_self, reason = "a server's own")]
    pub fn user(&self) -> &'static str {
        USER
    }

    /// With which password.
    #[expect(clippy::unused_self, reason = "a server's own")]
    pub fn password(&self) -> &'static str {
        PASSWORD
    }

    /// Makes a calendar, and gives its path.
    pub async fn make_calendar(&self, name: &str) -> String {
        let path = format!("/{USER}/{name}/");
        let body = format!(
            r#"<C:mkcalendar xmlns="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><set><prop><displayname>{name}</displayname>
            <C:supported-calendar-component-set><C:comp name="VEVENT"/></C:supported-calendar-component-set></prop></set></C:mkcalendar>"#
        );
        self.send("MKCALENDAR", &path, Some(body)).await;
        path
    }

    /// Puts an object there, whatever was there before.
    pub async fn put(&self, path: &str, ics: &str) {
        self.send("PUT", path, Some(ics.to_owned())).await;
    }

    /// The object that is there.
    pub async fn get(&self, path: &str) -> Option<String> {
        let response = self.request("GET", path).send().await.unwrap();
        if response.status() == StatusCode::NOT_FOUND {
            return None;
        }
        Some(response.error_for_status().unwrap().text().await.unwrap())
    }

    /// All objects of a calendar: the path and the text of each.
    pub async fn list(&self, calendar: &str) -> Vec<(String, String)> {
        let answer = self.send("PROPFIND", calendar, None).await;
        let paths = answer
            .split("<href>")
            .skip(1)
            .filter_map(|rest| rest.split("</href>").next())
            .filter(|path| path.len() > calendar.len() && path.starts_with(calendar));
        let mut objects = Vec::new();
        for path in paths {
            objects.push((path.to_owned(), self.get(path).await.unwrap()));
        }
        objects
    }

    /// Deletes an object, or a calendar.
    pub async fn delete(&self, path: &str) {
        self.send("DELETE", path, None).await;
    }

    /// Moves an object to another path.
    pub async fn move_object(&self, path: &str, to: &str) {
        let request = self
            .request("MOVE", path)
            .header("destination", self.url() + to);
        let status = request.send().await.unwrap().status();
        assert!(status.is_success(), "MOVE {path} {to}: {status}");
    }

    /// Stops it; its calendars remain.
    pub fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            drop(process.kill());
            drop(process.wait());
        }
    }

    /// Starts it at the same address, with the calendars that it had.
    pub async fn restart(&mut self) {
        self.stop();
        let log = format!("{}/log", self.folder);
        let process = Command::new(&*PYTHON)
            .args(["-m", "radicale", "--config"])
            .arg(format!("{}/config", self.folder))
            .stdin(Stdio::null())
            .stderr(fs::File::create(&log).unwrap())
            .spawn()
            .unwrap();
        let process = self.process.insert(process);
        let address = format!("127.0.0.1:{}", self.port);
        eventually_within(
            Duration::from_mins(1),
            "the CalDAV server's start",
            async || {
                if let Some(status) = process.try_wait().unwrap() {
                    panic!("{status}: {}", fs::read_to_string(&log).unwrap());
                }
                TcpStream::connect(&address).await.ok()
            },
        )
        .await;
    }

    async fn send(&self, method: &str, path: &str, body: Option<String>) -> String {
        let request = self.request(method, path).header("depth", "1");
        let request = body.into_iter().fold(request, RequestBuilder::body);
        let response = request.send().await.unwrap();
        let status = response.status();
        let text = response.text().await.unwrap();
        assert!(status.is_success(), "{method} {path}: {status}: {text}");
        text
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        self.http
            .request(method, self.url() + path)
            .basic_auth(USER, Some(PASSWORD))
    }
}

impl Drop for Radicale {
    fn drop(&mut self) {
        self.stop();
    }
}

fn with_apt() -> Result<(), String> {
    let script = "root=; [ \"$(id -u)\" = 0 ] || root='sudo -n'
        $root apt-get update --quiet
        $root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --no-install-recommends \
            -o DPkg::Lock::Timeout=120 python3 python3-venv";
    run(Command::new("sh").args(["-ec", script]))
}
