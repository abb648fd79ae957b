//! Instructions, counted by callgrind in two runs of different length: their difference is what the
//! added iterations cost, start and end of the process aside. Other work on the machine does not
//! show in it.

use std::env;

use anyhow::{Context as _, Result};

use crate::tool::Tool;

/// Iterations of the shorter and the longer run.
const FEW: u64 = 100;
const MANY: u64 = 1100;

/// Whether valgrind is there; on a fresh machine, where nobody would install it, it is fetched.
pub(super) fn can_count() -> Result<bool> {
    let is_there = || Tool::new("valgrind").args(["--version"]).succeeds();
    if !is_there() && env::var_os("CI").is_some() {
        let apt = |words: &str| Tool::new("apt-get").args(words.split(' ')).run();
        let _ = apt("update --quiet")? && apt("install --yes --quiet valgrind")?;
    }
    Ok(is_there())
}

/// What a case costs, the making of its inputs taken off.
pub(super) fn count(executable: &str, case: &str) -> Result<u64> {
    counted(executable, case, collected)
}

/// [`count`], less what the allocator does: for who allocates nothing, but runs amid others who do.
/// How long a search for free memory takes depends on what lies where, and that on the length of
/// this machine's paths.
pub(super) fn count_own(executable: &str, case: &str) -> Result<u64> {
    counted(executable, case, |dump| {
        Ok(collected(dump)?.saturating_sub(of_allocator(dump)))
    })
}

fn counted(executable: &str, case: &str, read: impl Fn(&str) -> Result<u64>) -> Result<u64> {
    let an_iteration = |options: &[&str]| {
        let few = read(&dump(executable, case, FEW, options)?)?;
        let many = read(&dump(executable, case, MANY, options)?)?;
        anyhow::Ok(many.saturating_sub(few) / (MANY - FEW))
    };
    let whole = an_iteration(&[])?;
    let prepared = an_iteration(&["--prepare-only"])?;
    Ok(whole.saturating_sub(prepared))
}

/// What callgrind writes of a run: functions, and after each what it cost, and its calls.
fn dump(executable: &str, case: &str, iterations: u64, options: &[&str]) -> Result<String> {
    let iterations = iterations.to_string();
    Tool::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/stdout"])
        .args(["--compress-strings=no", "--compress-pos=no"])
        .args([executable, "--case", case, "--iterations", &iterations])
        .args(options)
        .stdout()
}

fn collected(dump: &str) -> Result<u64> {
    let totals = dump.lines().find_map(|line| line.strip_prefix("totals: "));
    Ok(totals
        .context("callgrind says what it collected")?
        .trim()
        .parse()?)
}

/// What calls of the allocator cost, those that it makes itself left out.
fn of_allocator(dump: &str) -> u64 {
    let is_allocator =
        |name: &str| matches!(name, "malloc" | "calloc" | "realloc" | "free" | "memalign");
    let mut lines = dump.lines();
    let (mut by_allocator, mut of_allocator, mut sum) = (false, false, 0);
    while let Some(line) = lines.next() {
        if let Some(name) = line.strip_prefix("fn=") {
            by_allocator = is_allocator(name);
        } else if let Some(name) = line.strip_prefix("cfn=") {
            of_allocator = is_allocator(name);
        } else if line.starts_with("calls=") {
            // On the next line: where from, and what they cost together.
            let cost = lines.next().and_then(|line| line.rsplit(' ').next());
            if of_allocator && !by_allocator {
                sum += cost.and_then(|cost| cost.parse::<u64>().ok()).unwrap_or(0);
            }
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{collected, of_allocator};

    #[test]
    fn calls_of_the_allocator_are_told_apart() {
        let dump = "events: Ir\n\nfn=main\n14 2\ncob=libc.so.6\ncfi=malloc.c\ncfn=malloc\n\
                    calls=2 3281 \n14 60\ncfn=memcpy\ncalls=1 7 \n15 9\n\nfn=malloc\n0 30\n\
                    cfn=_int_malloc\ncalls=2 0 \n0 30\n\nfn=realloc\n0 5\ncfn=malloc\ncalls=1 0 \n\
                    0 20\n\ntotals: 96\n";
        assert_eq!(of_allocator(dump), 60);
        assert_eq!(collected(dump).unwrap(), 96);
    }
}
