//! Databases that are slow, and servers that are stopped and started again.

use std::{
    io::Write,
    path::PathBuf,
    process::Command,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering},
    },
    time::Duration,
};

use frontdesk::db::{
    embedded::{self, Server},
    migrate,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, UnixStream},
};
use tokio_postgres::{Client, NoTls, config::Host};

use super::database::{RUNTIME, TestDatabase, data_directory};

/// A way to a database on which every answer can be made to take longer, or not to come at all.
pub struct SlowWay {
    port: u16,
    name: String,
    state: Arc<State>,
}

/// How connections are treated.
#[derive(Default)]
struct State {
    /// How much longer every answer takes, in milliseconds.
    delay: AtomicU64,
    /// How many connections there were.
    connections: AtomicU64,
    /// Connections whose number is lower get no answer any more, and neither does the server.
    silent_below: AtomicU64,
    /// What becomes of new connections: see [`Hangs`].
    hangs: AtomicU8,
    /// The names under which clients prepared statements.
    names: Mutex<Vec<String>>,
}

/// From when on a server that takes connections says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Hangs {
    /// Never.
    Not,
    /// From the beginning.
    AtOnce,
    /// Once the connection is ready for statements.
    AfterTheHandshake,
}

/// The end of what a server says when it is ready for the first statement.
const READY_FOR_QUERY: &[u8] = b"Z\0\0\0\x05I";

impl SlowWay {
    /// A way to a database, which takes no longer at first.
    pub async fn to(database: &TestDatabase) -> Self {
        let config: tokio_postgres::Config = database.url().parse().unwrap();
        let socket = match (&config.get_hosts()[0], config.get_ports().first()) {
            (Host::Unix(folder), port) => {
                folder.join(format!(".s.PGSQL.{}", port.copied().unwrap_or(5432)))
            }
            (Host::Tcp(host), _) => panic!("{host} is no socket"),
        };
        let listener = RUNTIME
            .spawn(TcpListener::bind("127.0.0.1:0"))
            .await
            .unwrap()
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(State::default());
        let shared = Arc::clone(&state);
        RUNTIME.spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                RUNTIME.spawn(carry(client, socket.clone(), Arc::clone(&shared)));
            }
        });
        Self {
            port,
            name: config.get_dbname().unwrap().to_owned(),
            state,
        }
    }

    /// Where the database is on this way, for the service's role.
    pub fn url(&self) -> String {
        format!(
            "postgresql://frontdesk_app@127.0.0.1:{}/{}?sslmode=disable",
            self.port, self.name
        )
    }

    /// From now on every answer takes this much longer.
    pub fn takes(&self, delay: Duration) {
        let millis = u64::try_from(delay.as_millis()).unwrap();
        self.state.delay.store(millis, Ordering::Relaxed);
    }

    /// What is sent on the connections that there are is swallowed from now on, in both directions; new connections work.
    pub fn forgets_its_connections(&self) {
        let connections = self.state.connections.load(Ordering::Relaxed);
        self.state
            .silent_below
            .store(connections, Ordering::Relaxed);
    }

    /// What becomes of connections that are made from now on.
    pub fn hangs(&self, hangs: Hangs) {
        self.state.hangs.store(hangs as u8, Ordering::Relaxed);
    }

    /// The names under which statements were prepared, which a transaction pooler would hand to another session.
    pub fn named_statements(&self) -> Vec<String> {
        self.state.names.lock().unwrap().clone()
    }
}

/// Reads what a client sends, message by message, for the names of prepared statements.
#[derive(Default)]
struct Requests {
    unread: Vec<u8>,
    is_started: bool,
}

impl Requests {
    /// The names in what was sent next. The first message has no type, the others have one byte before their length.
    fn names(&mut self, sent: &[u8]) -> Vec<String> {
        self.unread.extend_from_slice(sent);
        let mut names = Vec::new();
        loop {
            let head = usize::from(self.is_started);
            let Some(length) = self.unread.get(head..head + 4) else {
                return names;
            };
            let end = head + u32::from_be_bytes(length.try_into().unwrap()) as usize;
            if self.unread.len() < end {
                return names;
            }
            let message: Vec<u8> = self.unread.drain(..end).collect();
            if self.is_started && message[0] == b'P' {
                let name = message[5..].split(|byte| *byte == 0).next().unwrap();
                if !name.is_empty() {
                    names.push(String::from_utf8(name.to_vec()).unwrap());
                }
            }
            self.is_started = true;
        }
    }
}

async fn carry(client: TcpStream, socket: PathBuf, state: Arc<State>) {
    let Ok(server) = UnixStream::connect(socket).await else {
        return;
    };
    let number = state.connections.fetch_add(1, Ordering::Relaxed);
    let hangs = state.hangs.load(Ordering::Relaxed);
    if hangs == Hangs::AtOnce as u8 {
        // The connection stays open, and nobody reads what is sent on it.
        return std::future::pending().await;
    }
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let (shared, heard) = (Arc::clone(&state), Arc::clone(&state));
    let is_silent = move || number < shared.silent_below.load(Ordering::Relaxed);
    let is_deaf = is_silent.clone();
    RUNTIME.spawn(async move {
        let (mut chunk, mut requests) = (vec![0; 65_536], Requests::default());
        while let Ok(count @ 1..) = from_client.read(&mut chunk).await {
            let names = requests.names(&chunk[..count]);
            heard.names.lock().unwrap().extend(names);
            if !is_deaf() && to_server.write_all(&chunk[..count]).await.is_err() {
                return;
            }
        }
        // The client is gone; where the way is broken the server does not hear of that either.
        if is_deaf() {
            let _open = to_server;
            std::future::pending::<()>().await;
        }
    });
    let (mut chunk, mut is_ready) = (vec![0; 65_536], false);
    while let Ok(count @ 1..) = from_server.read(&mut chunk).await {
        // The answer itself, not the test, is what takes its time.
        tokio::time::sleep(Duration::from_millis(state.delay.load(Ordering::Relaxed))).await;
        if is_silent() || (is_ready && hangs == Hangs::AfterTheHandshake as u8) {
            continue;
        }
        is_ready = is_ready || chunk[..count].ends_with(READY_FOR_QUERY);
        if to_client.write_all(&chunk[..count]).await.is_err() {
            break;
        }
    }
}

static SERVERS: AtomicU32 = AtomicU32::new(1);

/// A PostgreSQL of one test's own, which can be stopped and started.
pub struct OwnServer {
    folder: PathBuf,
    server: Option<Server>,
}

impl OwnServer {
    /// A server with a migrated database named `frontdesk` and the organization of `seed`.
    pub async fn with(seed: &str) -> Self {
        let own = Self::empty().await;
        let mut client = own.connect("frontdesk").await;
        migrate::migrate(&mut client).await.unwrap();
        let login = "alter role frontdesk_app login";
        client.batch_execute(login).await.unwrap();
        client.batch_execute(seed).await.unwrap();
        own
    }

    /// A server with an empty database named `frontdesk`, and none of the roles.
    pub async fn empty() -> Self {
        let folder = data_directory(&format!("own-{}", SERVERS.fetch_add(1, Ordering::Relaxed)));
        let mut own = Self {
            folder,
            server: None,
        };
        own.starts().await;
        own.connect("postgres")
            .await
            .batch_execute("create database frontdesk")
            .await
            .unwrap();
        own
    }

    /// Where its database is, for the service's role.
    pub fn service_url(&self) -> String {
        self.server().url_of("frontdesk_app", "frontdesk")
    }

    /// Where its database is, for the owner of its tables.
    pub fn url(&self) -> String {
        self.server().url("frontdesk")
    }

    /// A server that follows this one and takes no writes until it is promoted; this one is stopped for a moment.
    pub async fn standby(&mut self) -> Self {
        self.stops().await;
        let folder = data_directory(&format!("own-{}", SERVERS.fetch_add(1, Ordering::Relaxed)));
        // Its owner and mode are kept.
        let copied = Command::new("cp")
            .arg("-a")
            .args([&self.folder, &folder])
            .status();
        assert!(copied.unwrap().success());
        self.starts().await;
        let primary: tokio_postgres::Config = self.service_url().parse().unwrap();
        let Host::Unix(socket) = &primary.get_hosts()[0] else {
            panic!("the server is on no socket");
        };
        let cluster = folder.join("cluster");
        std::fs::write(cluster.join("standby.signal"), "").unwrap();
        let mut settings = std::fs::OpenOptions::new()
            .append(true)
            .open(cluster.join("postgresql.auto.conf"))
            .unwrap();
        let socket = socket.display();
        writeln!(
            settings,
            "primary_conninfo = 'host={socket} user=frontdesk'"
        )
        .unwrap();
        let mut standby = Self {
            folder,
            server: None,
        };
        standby.starts().await;
        standby
    }

    /// Where the database of several servers is, whichever of them takes writes, for the service's role.
    pub fn url_of_all(servers: &[&Self]) -> String {
        let sockets: Vec<String> = servers
            .iter()
            .map(|server| {
                let config: tokio_postgres::Config = server.service_url().parse().unwrap();
                match &config.get_hosts()[0] {
                    Host::Unix(socket) => socket.display().to_string(),
                    Host::Tcp(host) => panic!("{host} is no socket"),
                }
            })
            .collect();
        let hosts = sockets.join(",");
        format!("host={hosts} user=frontdesk_app dbname=frontdesk sslmode=disable")
    }

    /// A connection of the test's own.
    pub async fn connect(&self, database: &str) -> Client {
        let url = self.server().url(database);
        let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
        tokio::spawn(connection);
        client
    }

    /// From now on the service's role must give this password, and nobody else is let in without one either, but for the owner.
    pub async fn asks_for_passwords(&self, password: &str) {
        let client = self.connect("frontdesk").await;
        client
            .batch_execute(&format!("alter role frontdesk_app password '{password}'"))
            .await
            .unwrap();
        let rules = "local all frontdesk trust\nlocal all all scram-sha-256\n";
        std::fs::write(self.folder.join("cluster/pg_hba.conf"), rules).unwrap();
        client
            .batch_execute("select pg_reload_conf()")
            .await
            .unwrap();
    }

    /// The server is gone, in the middle of whatever it does.
    pub async fn stops(&mut self) {
        let mut server = self.server.take().unwrap();
        let stopped = tokio::task::spawn_blocking(move || server.stop());
        stopped.await.unwrap().unwrap();
    }

    /// The server is there, at the same address.
    pub async fn starts(&mut self) {
        let folder = self.folder.clone();
        let started = tokio::task::spawn_blocking(move || {
            let installation = embedded::find_or_install(&mut |line| eprintln!("{line}")).unwrap();
            let options = embedded::Options {
                data_directory: folder,
                durable: false,
                settings: Vec::new(),
            };
            Server::start(&installation, options).unwrap()
        });
        self.server = Some(started.await.unwrap());
    }

    fn server(&self) -> &Server {
        self.server.as_ref().expect("the server runs")
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        drop(self.server.take());
        drop(std::fs::remove_dir_all(&self.folder));
    }
}
