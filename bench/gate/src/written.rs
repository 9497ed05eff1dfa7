use std::collections::HashMap;

use anyhow::{Context as _, ensure};

/// What callgrind has written (<https://valgrind.org/docs/manual/cl-format.html>), positions uncompressed.
pub(crate) struct Written<'a> {
    text: &'a str,
    objects: Names<'a>,
    functions: Names<'a>,
}

/// A function, and in which file its code is. With `--separate-callers` its name has those of its callers behind it, the
/// nearest first, each after a `'`.
#[derive(Clone, Copy, Default)]
pub(crate) struct Function<'a> {
    pub(crate) object: &'a str,
    pub(crate) name: &'a str,
}

/// What a function did.
pub(crate) enum Did<'a> {
    /// Instructions of its own.
    Run(u64),
    /// Called another so many times.
    Call(Function<'a>, u64),
}

impl<'a> Written<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, objects: Names::default(), functions: Names::default() }
    }

    /// Tells what each function did. Every instruction is told once, or this fails.
    pub(crate) fn each(mut self, mut tell: impl FnMut(Function<'a>, Did<'a>)) -> anyhow::Result<()> {
        let (mut caller, mut callee) = (Function::default(), Function::default());
        let (mut callee_object, mut of_a_call, mut sum, mut totals) = (None, false, 0, None);
        for line in self.text.lines() {
            match line.split_once('=') {
                Some(("ob", name)) => caller.object = self.objects.full(name)?,
                Some(("fn", name)) => caller.name = self.functions.full(name)?,
                Some(("cob", name)) => callee_object = Some(self.objects.full(name)?),
                Some(("cfn", name)) => callee.name = self.functions.full(name)?,
                Some(("calls", rest)) => {
                    callee.object = callee_object.take().unwrap_or(caller.object);
                    tell(caller, Did::Call(callee, number(rest.split(' ').next())?));
                    of_a_call = true;
                }
                Some(_) => {}
                None if line.starts_with(|first: char| first.is_ascii_digit()) => {
                    // The line after `calls` is what the callee cost, which is counted where the callee is.
                    if !std::mem::take(&mut of_a_call) {
                        let instructions = number(line.split(' ').nth(1))?;
                        sum += instructions;
                        tell(caller, Did::Run(instructions));
                    }
                }
                None => {
                    if let Some(all) = line.strip_prefix("totals: ") {
                        totals = Some(number(all.split(' ').next())?);
                    }
                }
            }
        }
        ensure!(sum > 0, "nothing was counted: is the program stripped?");
        ensure!(totals == Some(sum), "callgrind counted {totals:?} instructions, and its functions had {sum}");
        Ok(())
    }
}

impl<'a> Function<'a> {
    /// Its name alone.
    pub(crate) fn own_name(self) -> &'a str {
        self.name.split('\'').next().unwrap_or(self.name)
    }

    pub(crate) fn is_libc(self) -> bool {
        let file = self.object.rsplit('/').next().unwrap_or(self.object);
        file.starts_with("libc.so") || file.starts_with("ld-linux")
    }

    /// Whether a call of this is an allocation.
    pub(crate) fn allocates(self) -> bool {
        self.is_libc() && ["malloc", "calloc", "realloc", "posix_memalign"].contains(&self.own_name())
    }
}

/// Names that may be written as `(7) name` the first time and `(7)` from then on.
#[derive(Default)]
struct Names<'a>(HashMap<u64, &'a str>);

impl<'a> Names<'a> {
    fn full(&mut self, written: &'a str) -> anyhow::Result<&'a str> {
        let numbered = written.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        let Some((Ok(number), name)) = numbered.map(|(number, name)| (number.parse(), name.trim_start())) else {
            return Ok(written);
        };
        if !name.is_empty() {
            self.0.insert(number, name);
        }
        self.0.get(&number).copied().with_context(|| format!("callgrind's name `{written}` was never told"))
    }
}

fn number(word: Option<&str>) -> anyhow::Result<u64> {
    word.and_then(|word| word.parse().ok()).context("callgrind's output is not in the format that is expected here")
}
