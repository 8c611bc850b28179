//! Values that are read once, from the command line or the environment.

use std::{ffi::OsStr, fmt::Display, sync::Arc};

use clap::{Arg, Command, Error, builder::TypedValueParser, error::ErrorKind};

/// Reads a value of this type, given the name that it goes by.
type Reader<T> = dyn Fn(&str, &str) -> Result<T, String> + Send + Sync;

/// Reads one value; what is wrong with it is said in the words of its reader, and nothing else of it is shown: it may be a secret.
pub struct Read<T>(Arc<Reader<T>>);

/// Reads a value by a function of the name that it goes by (its variable, else its option) and of its text, without the space around it.
pub fn read<T, E: Display>(
    reader: impl Fn(&str, &str) -> Result<T, E> + Send + Sync + 'static,
) -> Read<T> {
    Read(Arc::new(move |name, text| {
        reader(name, text.trim()).map_err(|problem| format!("{problem:#}"))
    }))
}

impl<T> Clone for Read<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T: Clone + Send + Sync + 'static> TypedValueParser for Read<T> {
    type Value = T;

    fn parse_ref(&self, _: &Command, arg: Option<&Arg>, value: &OsStr) -> Result<T, Error> {
        let option = arg.and_then(|arg| Some(format!("--{}", arg.get_long()?)));
        let variable = arg.and_then(|arg| Some(arg.get_env()?.to_string_lossy().into_owned()));
        let name = variable.or(option).unwrap_or_default();
        let read = match value.to_str() {
            Some(text) => (self.0)(&name, text),
            None => Err(format!("{name} is not UTF-8")),
        };
        read.map_err(|problem| Error::raw(ErrorKind::ValueValidation, problem + "\n"))
    }
}

/// The same command, to which variables that are blank are not set: deployment files like to leave them so.
#[must_use]
pub fn without_blank_variables(command: Command) -> Command {
    let is_blank = |arg: &Arg| {
        let value = arg.get_env().and_then(std::env::var_os);
        value.is_some_and(|value| value.to_string_lossy().trim().is_empty())
    };
    command
        .mut_args(|arg| {
            if is_blank(&arg) {
                arg.env(None::<&'static str>)
            } else {
                arg
            }
        })
        .mut_subcommands(without_blank_variables)
}
