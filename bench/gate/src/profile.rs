use anyhow::{Context as _, ensure};

use crate::figures::Cost;

/// Whose code an instruction is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Own,
    Cryptography,
    Libc,
}

/// What callgrind wrote, added up by owner.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Profile(Cost);

impl Profile {
    /// Reads callgrind's format (<https://valgrind.org/docs/manual/cl-format.html>), names and positions uncompressed.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let (mut object, mut callee_object, mut callee, mut owner) = ("", None, "", Owner::Own);
        let (mut cost, mut totals, mut of_a_call) = (Cost::default(), None, false);
        for line in text.lines() {
            match line.split_once('=') {
                Some(("ob", name)) => object = name,
                Some(("fn", name)) => owner = owner_of(object, name),
                Some(("cob", name)) => callee_object = Some(name),
                Some(("cfn", name)) => callee = name,
                Some(("calls", rest)) => {
                    let allocates = is_libc(callee_object.take().unwrap_or(object)) && is_allocation(callee);
                    if allocates && owner != Owner::Libc {
                        cost.allocations += number(rest.split(' ').next())?;
                    }
                    of_a_call = true;
                }
                Some(_) => {}
                None if line.starts_with(|first: char| first.is_ascii_digit()) => {
                    // The line after `calls` is what the callee cost, which is counted where the callee is.
                    if !std::mem::take(&mut of_a_call) {
                        let instructions = number(line.split(' ').nth(1))?;
                        match owner {
                            Owner::Own => cost.own += instructions,
                            Owner::Cryptography => cost.cryptography += instructions,
                            Owner::Libc => cost.libc += instructions,
                        }
                    }
                }
                None => {
                    if let Some(all) = line.strip_prefix("totals: ") {
                        totals = Some(number(all.split(' ').next())?);
                    }
                }
            }
        }
        let sum = cost.instructions();
        ensure!(sum > 0, "nothing was counted: is the program stripped?");
        ensure!(totals == Some(sum), "callgrind counted {totals:?} instructions, and its functions had {sum}");
        Ok(Self(cost))
    }

    pub(crate) fn cost(self) -> Cost {
        self.0
    }
}

/// Whatever is neither Rust nor the C library is C or assembler of aws-lc. SHA-256 is with it: callgrind's processor has no
/// instructions for that, so it would drown Brevet's own share as it never does on Lambda.
fn owner_of(object: &str, function: &str) -> Owner {
    let is_rust = function.contains("::");
    match () {
        () if is_libc(object) => Owner::Libc,
        () if is_rust && !function.starts_with("sha2::") => Owner::Own,
        () => Owner::Cryptography,
    }
}

fn is_libc(object: &str) -> bool {
    let file = object.rsplit('/').next().unwrap_or(object);
    file.starts_with("libc.so") || file.starts_with("ld-linux")
}

fn is_allocation(function: &str) -> bool {
    ["malloc", "calloc", "realloc", "posix_memalign"].contains(&function)
}

fn number(word: Option<&str>) -> anyhow::Result<u64> {
    word.and_then(|word| word.parse().ok()).context("callgrind's output is not in the format that is expected here")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROFILE: &str = "\
version: 1
creator: callgrind-3.19.0
events: Ir
ob=/brevet/target/release/gate
fl=???
fn=brevet_identity::verify::verify
0 30
cfn=aws_lc_0_47_0_RSA_verify
calls=2 0
0 500
cob=/usr/lib/x86_64-linux-gnu/libc.so.6
cfn=malloc
calls=7 0
0 70
0 5

fn=sha2::sha256::compress
0 200

fn=aws_lc_0_47_0_RSA_verify
0 500

ob=/usr/lib/x86_64-linux-gnu/libc.so.6
fn=malloc
0 60
cfn=malloc
calls=1 0
0 10

fn=_int_malloc
0 10

totals: 805
";

    #[test]
    fn adds_up_by_whose_code_it_is() {
        let expected = Cost { own: 35, cryptography: 700, libc: 70, allocations: 7 };
        assert_eq!(Profile::parse(PROFILE).unwrap().cost(), expected);
    }

    #[test]
    fn a_profile_that_does_not_add_up_is_refused() {
        assert!(Profile::parse(&PROFILE.replace("totals: 805", "totals: 806")).is_err());
        assert!(Profile::parse(&PROFILE.replace("0 30", "0 thirty")).is_err());
        assert!(Profile::parse("totals: 0\n").is_err());
    }
}
