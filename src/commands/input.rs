//! What is typed on standard input.

use std::io::{self, IsTerminal, Read, Write};

use anyhow::{Context, ensure};

/// A secret, up to so many bytes, without the end of its line: typed at a terminal, which does not show it, or from standard input. On the
/// command line every user of the machine could read it.
pub(super) fn secret(what: &str, most: u64) -> anyhow::Result<String> {
    let mut text = String::new();
    if io::stdin().is_terminal() {
        text = rpassword::prompt_password(format!("The {what}, which is not shown: "))
            .context("the terminal cannot be read")?;
    } else {
        io::stdin()
            .take(most + 1)
            .read_to_string(&mut text)
            .with_context(|| format!("the {what} is read from standard input, as text"))?;
    }
    ensure!(
        text.len() as u64 <= most,
        "the {what} is longer than {most} bytes"
    );
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    Ok(text)
}

/// Asks whoever sits at the terminal; refuses with `alone` where nobody is there to be asked.
pub(super) fn asked(question: &str, alone: &str) -> anyhow::Result<String> {
    ensure!(io::stdin().is_terminal(), "{alone}");
    eprint!("{question}");
    io::stderr().flush()?;
    let mut typed = String::new();
    io::stdin().read_line(&mut typed)?;
    Ok(typed.trim_end_matches(['\n', '\r']).to_owned())
}
