use std::{error, fmt};

/// An error that no script caught.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScriptError {
    /// What it is.
    pub kind: ErrorKind,
    /// What it says, as `TypeError: not a function`.
    pub message: String,
    /// Where it was thrown, a line a call; empty if nobody knows.
    pub stack: String,
}

/// What an uncaught error is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A script threw it.
    Exception,
    /// A promise was rejected with it.
    Rejection,
    /// The engine has no more memory.
    OutOfMemory,
    /// A time limit ended the page; no script of it runs any more.
    Timeout,
    /// A script could not be loaded.
    Load,
}

impl ScriptError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            stack: String::new(),
        }
    }
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ErrorKind::Exception | ErrorKind::OutOfMemory => write!(f, "Uncaught {}", self.message),
            ErrorKind::Rejection => write!(f, "Uncaught (in promise) {}", self.message),
            ErrorKind::Timeout | ErrorKind::Load => f.write_str(&self.message),
        }
    }
}

impl error::Error for ScriptError {}

/// Why there is no page.
#[derive(Debug)]
#[non_exhaustive]
pub enum PageError {
    /// The system gives no thread or no sockets for the user agent.
    Agent(std::io::Error),
    /// The engine does not start with this little memory.
    Engine(String),
}

impl fmt::Display for PageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Agent(error) => write!(f, "the user agent does not start: {error}"),
            Self::Engine(message) => write!(f, "the engine does not start: {message}"),
        }
    }
}

impl error::Error for PageError {
    fn source(&self) -> Option<&(dyn error::Error + 'static)> {
        match self {
            Self::Agent(error) => Some(error),
            Self::Engine(_) => None,
        }
    }
}
