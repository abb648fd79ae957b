//! Where the lines of a console go.

use std::{
    cell::RefCell,
    io::{self, IsTerminal, Write},
    process,
    rc::Rc,
};

use corsac_js::{Console, Level};

use super::report::ConsoleLine;

/// What was logged so far.
pub(super) type Log = Rc<RefCell<Vec<ConsoleLine>>>;

/// Prints each line as it comes: what warns or fails to standard error, all else to standard output.
pub(super) fn printed() -> Console {
    let (to_terminal, err_to_terminal) = (io::stdout().is_terminal(), io::stderr().is_terminal());
    Box::new(move |level, text| {
        let written = match level {
            Level::Debug | Level::Log | Level::Info => {
                line(&mut io::stdout().lock(), text, to_terminal)
            }
            Level::Warn | Level::Error => line(&mut io::stderr().lock(), text, err_to_terminal),
        };
        // Whoever closed the pipe has read enough; nothing else would end a page that logs for ever.
        if written.is_err_and(|error| error.kind() == io::ErrorKind::BrokenPipe) {
            process::exit(0);
        }
    })
}

/// Keeps each line.
pub(super) fn kept(log: &Log) -> Console {
    let log = Rc::clone(log);
    Box::new(move |level, text| {
        log.borrow_mut().push(ConsoleLine {
            level: level.into(),
            text: text.to_owned(),
        });
    })
}

fn line(out: &mut impl Write, text: &str, to_terminal: bool) -> io::Result<()> {
    match to_terminal {
        true => writeln!(out, "{}", tamed(text))?,
        false => writeln!(out, "{text}")?,
    }
    out.flush()
}

/// What a script logs may be somebody else's text, and must not steer a terminal.
pub(super) fn tamed(text: &str) -> String {
    let mut tamed = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '\n' | '\t' => tamed.push(char),
            char if char.is_control() => tamed.extend(char.escape_default()),
            char => tamed.push(char),
        }
    }
    tamed
}

#[cfg(test)]
mod tests {
    use super::tamed;

    #[test]
    fn a_terminal_is_steered_by_nobody() {
        assert_eq!(tamed("a\tb\nc\u{e9}"), "a\tb\nc\u{e9}");
        assert_eq!(tamed("\u{1b}[2J\r\u{9b}1m"), "\\u{1b}[2J\\r\\u{9b}1m");
    }
}
