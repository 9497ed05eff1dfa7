use serde::{Deserialize, Serialize};

use super::parts::{PARTS, Part, part_of};
use crate::requests::function::Function;
use crate::requests::scene::Scene;
use crate::requests::{FEW, MORE};
use crate::written::{Did, Written};

/// With names of callers, as far out as `main`: the deepest path is some seventy functions long.
const FLAGS: [&str; 2] = ["--separate-callers=100", "--compress-strings=yes"];

/// What one warm request takes.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Request {
    pub(super) request: String,
    pub(super) instructions: i64,
    /// As many of them as are in the C library: mostly its allocator and `memcpy`.
    pub(super) libc: i64,
    pub(super) allocations: i64,
    pub(super) parts: Vec<Share>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Share {
    pub(super) part: String,
    pub(super) instructions: i64,
}

impl Request {
    /// Of two lives, one of which answers more requests than the other.
    pub(super) async fn count(scene: &Scene, function: &Function<'_>) -> anyhow::Result<Self> {
        let few = function.watch(scene, FEW, &FLAGS).await?;
        let many = function.watch(scene, FEW + MORE, &FLAGS).await?;
        Self::between(function.title, &few, &many)
    }

    pub(super) fn instructions_of(&self, part: &str) -> i64 {
        self.parts.iter().filter(|share| share.part == part).map(|share| share.instructions).sum()
    }

    /// Of what callgrind wrote of each life.
    pub(super) fn between(title: &str, few: &str, many: &str) -> anyhow::Result<Self> {
        let (few, many) = (Life::read(few)?, Life::read(many)?);
        let share = |index: usize, part: &Part| Share {
            part: part.title.to_owned(),
            instructions: each(few.parts.get(index), many.parts.get(index)),
        };
        let parts: Vec<_> = PARTS.iter().enumerate().map(|(index, part)| share(index, part)).collect();
        Ok(Self {
            request: title.to_owned(),
            instructions: parts.iter().map(|share| share.instructions).sum(),
            libc: each(Some(&few.libc), Some(&many.libc)),
            allocations: each(Some(&few.allocations), Some(&many.allocations)),
            parts,
        })
    }
}

/// What a process has done from its start to its end.
#[derive(Default)]
struct Life {
    parts: [i64; PARTS.len()],
    libc: i64,
    allocations: i64,
}

impl Life {
    fn read(text: &str) -> anyhow::Result<Self> {
        let mut life = Self::default();
        // The lines of a function come together, and looking its part up takes longer than reading them.
        let (mut path, mut part) = ("", PARTS.len() - 1);
        Written::new(text).each(|function, did| match did {
            Did::Run(instructions) => {
                if !std::ptr::eq(path, function.name) {
                    (path, part) = (function.name, part_of(function.name));
                }
                let instructions = i64::try_from(instructions).unwrap_or(i64::MAX);
                if let Some(all) = life.parts.get_mut(part) {
                    *all += instructions;
                }
                if function.is_libc() {
                    life.libc += instructions;
                }
            }
            Did::Call(callee, times) if callee.allocates() && !function.is_libc() => {
                life.allocations += i64::try_from(times).unwrap_or(i64::MAX);
            }
            Did::Call(..) => {}
        })?;
        Ok(life)
    }
}

/// To the nearest whole.
fn each(few: Option<&i64>, many: Option<&i64>) -> i64 {
    let (more, requests) = (many.unwrap_or(&0) - few.unwrap_or(&0), MORE as i64);
    (more + requests / 2).div_euclid(requests)
}
