use crate::figures::Cost;
use crate::written::{Did, Function, Written};

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
    /// Adds up what callgrind wrote.
    pub(crate) fn parse(text: &str) -> anyhow::Result<Self> {
        let mut cost = Cost::default();
        Written::new(text).each(|function, did| match (did, owner_of(function)) {
            (Did::Run(instructions), Owner::Own) => cost.own += instructions,
            (Did::Run(instructions), Owner::Cryptography) => cost.cryptography += instructions,
            (Did::Run(instructions), Owner::Libc) => cost.libc += instructions,
            (Did::Call(callee, times), Owner::Own | Owner::Cryptography) if callee.allocates() => {
                cost.allocations += times;
            }
            (Did::Call(..), _) => {}
        })?;
        Ok(Self(cost))
    }

    pub(crate) fn cost(self) -> Cost {
        self.0
    }
}

/// Whatever is neither Rust nor the C library is C or assembler of aws-lc. SHA-256 is with it: callgrind's processor has no
/// instructions for that, so it would drown Brevet's own share as it never does on Lambda.
fn owner_of(function: Function<'_>) -> Owner {
    let is_rust = function.name.contains("::");
    match () {
        () if function.is_libc() => Owner::Libc,
        () if is_rust && !function.name.starts_with("sha2::") => Owner::Own,
        () => Owner::Cryptography,
    }
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
