//! One run of the command, in a folder of its own.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        LazyLock,
        atomic::{AtomicUsize, Ordering},
    },
};

use jsonschema::Validator;
use serde_json::Value;

/// The page of most tests.
pub(crate) const ORIGIN: &str = "http://sitea.com";

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/schema/run-1.json");
    let schema = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::validator_for(&schema).unwrap()
});

/// A folder with scripts in it, gone with the value.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("run-{}-{count}", std::process::id());
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        for (name, text) in files {
            let file = path.join(name);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) exit: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_corsac"));
    command.arg("run").args(args);
    // Whatever is set where the tests run must not change what comes out.
    command.env_remove("NO_COLOR").env("LC_ALL", "C.UTF-8");
    command.stdin(Stdio::null());
    command
}

fn ran(mut command: Command) -> Ran {
    let output = command.output().unwrap();
    Ran {
        exit: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

pub(crate) fn run(args: &[&str]) -> Ran {
    ran(command(args))
}

/// Runs it where these files are.
pub(crate) fn run_in(files: &[(&str, &str)], args: &[&str]) -> Ran {
    let folder = Folder::of(files);
    let mut command = command(args);
    command.current_dir(folder.path());
    ran(command)
}

/// Runs it with a script on its standard input.
pub(crate) fn run_with_stdin(args: &[&str], stdin: &[u8]) -> Ran {
    let mut child = command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        exit: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs code as a page of `http://sitea.com`.
pub(crate) fn eval(code: &str) -> Ran {
    run(&["--origin", ORIGIN, "-e", code])
}

/// The same as JSON, held against the schema.
pub(crate) fn json(code: &str) -> (i32, Value) {
    json_of(&["--origin", ORIGIN, "-e", code])
}

pub(crate) fn json_of(args: &[&str]) -> (i32, Value) {
    let ran = run(&[args, &["--format", "json"]].concat());
    let document: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    let mistakes: Vec<_> = SCHEMA
        .iter_errors(&document)
        .map(|it| it.to_string())
        .collect();
    assert_eq!(mistakes, [""; 0], "{document:#}");
    assert_eq!(document["exit"], ran.exit);
    (ran.exit, document)
}

impl Ran {
    #[track_caller]
    pub(crate) fn is(&self, exit: i32, stdout: &str) -> &Self {
        assert_eq!(
            (self.exit, &*self.stdout),
            (exit, stdout),
            "{}",
            self.stderr
        );
        self
    }

    #[track_caller]
    pub(crate) fn says(&self, words: &str) -> &Self {
        assert!(self.stderr.contains(words), "{words}: {}", self.stderr);
        self
    }
}
