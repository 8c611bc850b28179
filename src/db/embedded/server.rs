//! A running private PostgreSQL: with which settings it is started, where it is reached, how it is stopped.

use std::{
    fs::{self, DirBuilder, File},
    os::unix::{ffi::OsStrExt, fs::DirBuilderExt, process::CommandExt},
    path::{Path, PathBuf},
    process::Command,
    sync::{Arc, mpsc},
    thread::{self, JoinHandle},
};

use super::{
    EmbeddedError, Installation,
    account::{Account, program},
    cluster::{self, SUPERUSER},
    error::cannot,
    home::Home,
    postmaster::end_leftover,
    probe,
    process::{Expected, Process, watch},
};

/// The longest path of a socket: `sun_path` has 104 bytes on a Mac and 108 on Linux, the last one 0.
const MAX_SOCKET_PATH: usize = 103;

/// How a private PostgreSQL is to be run.
#[derive(Clone, Debug)]
pub struct Options {
    /// Where everything of it is kept: data, log, socket and lock. Made when missing.
    pub data_directory: PathBuf,
    /// Whether commits survive a crash of the machine; tests need no such promise and are faster without.
    pub durable: bool,
    /// More settings of the server, such as `max_connections`, by name and value.
    pub settings: Vec<(String, String)>,
}

/// A private PostgreSQL that runs; dropping it stops it.
#[derive(Debug)]
pub struct Server {
    socket_directory: PathBuf,
    process: Arc<Process>,
    watcher: Option<JoinHandle<()>>,
    /// Whether the socket's directory was made for this run only.
    is_temporary: bool,
    /// Keeps other programs from the data for as long as the server may run.
    lock: File,
}

impl Server {
    /// Starts PostgreSQL on a data directory, which is made on the first start, and waits until it accepts connections.
    ///
    /// A server that a killed run left on the same data is ended first.
    ///
    /// # Errors
    ///
    /// [`EmbeddedError::InUse`] when another program runs a server on this data; otherwise what kept the server from
    /// starting, with the end of its log.
    pub fn start(installation: &Installation, options: Options) -> Result<Self, EmbeddedError> {
        let Options {
            data_directory,
            durable,
            settings,
        } = options;
        let home = Home::open(&data_directory)?;
        end_leftover(&home)?;
        let installation = cluster::prepare(&home, installation, durable)?;
        let (socket_directory, is_temporary) = socket_directory(&home)?;
        let settings = all_settings(&socket_directory, durable, &settings);
        let command = command(&home, &installation, &settings)?;
        let expected = Expected {
            cluster: home.cluster(),
            log: home.log(),
            socket_directory: socket_directory.clone(),
        };
        let (report, reported) = mpsc::sync_channel(1);
        // A thread of its own, which lives as long as the server does: the signal that ends the server with this program
        // is sent when the thread that spawned it ends.
        let watcher = thread::Builder::new()
            .name("postgresql".to_owned())
            .spawn(move || watch(command, &expected, &report))
            .map_err(cannot("start a thread"))?;
        let started = reported
            .recv()
            .map_err(std::io::Error::other)
            .map_err(cannot("watch PostgreSQL"))
            .flatten();
        match started {
            Ok(process) => Ok(Self {
                socket_directory,
                process,
                watcher: Some(watcher),
                is_temporary,
                lock: home.into_lock(),
            }),
            Err(error) => {
                drop(watcher.join());
                if is_temporary {
                    drop(fs::remove_dir_all(&socket_directory));
                }
                Err(error)
            }
        }
    }

    /// The URL of a database of this server, for its superuser; the database `postgres` is always there.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        self.url_of(SUPERUSER, database)
    }

    /// The URL of a database of this server, for a role that may log in.
    #[must_use]
    pub fn url_of(&self, role: &str, database: &str) -> String {
        probe::url(&self.socket_directory, role, database)
    }

    /// Stops the server: open transactions are rolled back, what was committed is written out. Does nothing the second time.
    ///
    /// # Errors
    ///
    /// [`EmbeddedError::NotStopped`] when it still runs after 40 seconds.
    pub fn stop(&mut self) -> Result<(), EmbeddedError> {
        self.process.end()?;
        if let Some(watcher) = self.watcher.take() {
            drop(watcher.join());
            if self.is_temporary {
                drop(fs::remove_dir_all(&self.socket_directory));
            }
            self.lock
                .unlock()
                .map_err(cannot("unlock the data directory"))?;
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            tracing::error!(error = %error, "the private PostgreSQL was left running");
        }
    }
}

/// Where the socket is: in the data directory, which nobody else can enter, unless that makes too long a path.
fn socket_directory(home: &Home) -> Result<(PathBuf, bool), EmbeddedError> {
    let cluster = home.cluster();
    if is_short(&cluster) {
        return Ok((cluster, false));
    }
    let mut tries = (0..100)
        .map(|number| PathBuf::from(format!("/tmp/frontdesk-{}-{number}", std::process::id())));
    // A name that exists is passed over: whoever made it may have left it open to himself.
    let made = tries.find(|path| DirBuilder::new().mode(0o700).create(path).is_ok());
    let path = made
        .ok_or_else(std::io::Error::last_os_error)
        .map_err(cannot("make a directory for the socket in /tmp"))?;
    if let Some(Account { uid, gid }) = home.account {
        std::os::unix::fs::chown(&path, Some(uid), Some(gid))
            .map_err(cannot(format!("hand over {}", path.display())))?;
    }
    Ok((path, true))
}

fn is_short(directory: &Path) -> bool {
    directory.join(".s.PGSQL.5432").as_os_str().as_bytes().len() <= MAX_SOCKET_PATH
}

/// The server's settings as its command line has them; of two with one name the later counts.
fn all_settings(socket: &Path, durable: bool, wanted: &[(String, String)]) -> Vec<String> {
    let directories = quoted(socket);
    let always = [
        ("listen_addresses", ""),
        ("port", "5432"),
        ("unix_socket_directories", directories.as_str()),
        ("unix_socket_permissions", "0700"),
        ("timezone", "UTC"),
        ("log_timezone", "UTC"),
        // Statements and rows that fail a constraint hold what callers said; the log names the error only.
        ("log_min_error_statement", "panic"),
        ("log_error_verbosity", "terse"),
    ];
    let fast = ["fsync", "synchronous_commit", "full_page_writes"].map(|name| (name, "off"));
    let fast = fast.into_iter().filter(|_| !durable);
    let wanted = wanted
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let all = always.into_iter().chain(fast).chain(wanted);
    all.map(|(name, value)| format!("{name}={value}")).collect()
}

/// The command line of the server.
fn command(
    home: &Home,
    installation: &Installation,
    settings: &[String],
) -> Result<Command, EmbeddedError> {
    let log = home.new_log()?;
    let errors = log.try_clone().map_err(cannot("share the log"))?;
    let mut command = program(&installation.bin.join("postgres"), home.account, &home.path);
    command
        .stdout(log)
        .stderr(errors)
        .arg("-D")
        .arg(home.cluster());
    for setting in settings {
        command.arg("-c").arg(setting);
    }
    // Out of the terminal's foreground group: Ctrl-C is for the service, which then stops its database last.
    command.process_group(0);
    end_with_parent(&mut command);
    Ok(command)
}

/// A path as one item of a list of directories, which commas would divide.
fn quoted(path: &Path) -> String {
    format!("\"{}\"", path.to_string_lossy().replace('"', "\"\""))
}

/// Has the system stop the server (the fast way) when this program ends without doing so, be it by `kill -9`.
#[cfg(target_os = "linux")]
fn end_with_parent(command: &mut Command) {
    use rustix::{
        io::Errno,
        process::{Signal, getpid, getppid, set_parent_process_death_signal},
    };

    let parent = getpid();
    #[expect(
        unsafe_code,
        reason = "the signal can be asked for only between fork and exec; what runs there are two system calls, which \
                  allocate nothing and take no lock"
    )]
    // SAFETY: both calls are async-signal-safe, and the closure touches no memory but its copy of `parent`.
    unsafe {
        command.pre_exec(move || {
            set_parent_process_death_signal(Some(Signal::INT))?;
            // A parent that ended before the call above will send nothing any more.
            if getppid() == Some(parent) {
                Ok(())
            } else {
                Err(Errno::CHILD.into())
            }
        });
    }
}

/// Other systems have no such signal: the next start ends what was left.
#[cfg(not(target_os = "linux"))]
fn end_with_parent(_: &mut Command) {}

#[cfg(test)]
mod tests {
    use tokio_postgres::{NoTls, SimpleQueryMessage};

    use super::{super::find_or_install, *};

    /// A directory of one test, reachable by every user.
    fn directory(name: &str) -> PathBuf {
        Path::new("/tmp").join(format!("frontdesk-{name}-{}", std::process::id()))
    }

    fn start(data_directory: &Path) -> Result<Server, EmbeddedError> {
        let installation = find_or_install(&mut |line| println!("{line}"))?;
        Server::start(
            &installation,
            Options {
                data_directory: data_directory.to_path_buf(),
                durable: false,
                settings: vec![("max_connections".to_owned(), "20".to_owned())],
            },
        )
    }

    /// Runs statements; what the last of them returns.
    fn value_of(server: &Server, sql: &str) -> String {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let url = server.url("postgres");
            let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
            tokio::spawn(connection);
            let answers = client.simple_query(sql).await.unwrap();
            let rows = answers.iter().filter_map(|answer| match answer {
                SimpleQueryMessage::Row(row) => row.get(0),
                _ => None,
            });
            rows.last().unwrap().to_owned()
        })
    }

    #[test]
    fn what_was_committed_is_there_at_the_next_start() {
        let data = directory("kept");
        let mut first = start(&data).unwrap();
        assert_eq!(value_of(&first, "show max_connections"), "20");
        value_of(
            &first,
            "create table kept as select 'words' as text; show port",
        );
        first.stop().unwrap();
        let second = start(&data).unwrap();
        assert_eq!(value_of(&second, "select text from kept"), "words");
        drop(second);
        fs::remove_dir_all(&data).unwrap();
    }

    #[test]
    fn data_in_use_is_refused_and_the_user_named() {
        let data = directory("used");
        let first = start(&data).unwrap();
        let refused = start(&data).unwrap_err();
        let expected = Some(std::process::id());
        assert!(matches!(refused, EmbeddedError::InUse { pid, .. } if pid == expected));
        assert_eq!(value_of(&first, "select 'still here'"), "still here");
        drop(first);
        fs::remove_dir_all(&data).unwrap();
    }

    #[test]
    fn a_server_without_a_network_listens_on_its_socket_only() {
        let data = directory("socket");
        let server = start(&data).unwrap();
        assert_eq!(value_of(&server, "show listen_addresses"), "");
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &fs::metadata(data.join("cluster")).unwrap().permissions(),
        );
        assert_eq!(mode & 0o077, 0, "others may enter the socket's directory");
        drop(server);
        fs::remove_dir_all(&data).unwrap();
    }

    #[test]
    fn a_start_that_fails_says_what_the_server_said() {
        let data = directory("failed");
        drop(start(&data).unwrap());
        fs::write(data.join("cluster/postgresql.auto.conf"), "nonsense = 1\n").unwrap();
        let told = start(&data).unwrap_err().to_string();
        assert!(told.contains("nonsense"), "{told}");
        fs::remove_dir_all(&data).unwrap();
    }
}
