use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::contender::Contender;
use crate::contest::Rounds;
use crate::goal::Goal;
use crate::machine::Measured;
use crate::package::PackageSize;
use crate::summary::Summary;
use crate::versions::{self, Versions};

/// The function that every other is compared with.
pub(crate) const FLOOR: &str = "do-nothing";

/// Functions that were measured in the same rounds.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Comparison {
    pub(crate) measured: Measured,
    pub(crate) versions: Versions,
    pub(crate) rounds: usize,
    pub(crate) functions: Vec<Function>,
    /// One bare verification of a signature, where it was measured.
    pub(crate) bare: BTreeMap<String, Summary>,
    pub(crate) goals: Vec<Goal>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) title: String,
    /// Warm invocations of each kind in a round.
    pub(crate) invocations: usize,
    pub(crate) package: PackageSize,
    pub(crate) figures: BTreeMap<String, Summary>,
    /// The same figures as multiples of the floor's, round by round.
    pub(crate) multiples: BTreeMap<String, Summary>,
}

impl Comparison {
    pub(crate) fn new(contenders: &[Contender], rounds: &Rounds, goals: Vec<Goal>) -> anyhow::Result<Self> {
        let functions = contenders.iter().map(|contender| Function::new(contender, rounds));
        Ok(Self {
            measured: Measured::now()?,
            versions: versions::all()?,
            rounds: rounds.0.len(),
            functions: functions.collect::<anyhow::Result<_>>()?,
            bare: rounds.figures("bare"),
            goals,
        })
    }
}

impl Function {
    fn new(contender: &Contender, rounds: &Rounds) -> anyhow::Result<Self> {
        let figures = rounds.figures(contender.name);
        let multiple = |metric: &String| {
            let multiple = rounds.summary(|round| round.ratio(contender.name, FLOOR, metric));
            Some((metric.clone(), multiple.filter(|multiple| multiple.median.is_finite())?))
        };
        Ok(Self {
            name: contender.name.to_owned(),
            title: contender.title.to_owned(),
            invocations: contender.warm,
            package: contender.package.size()?,
            multiples: figures.keys().filter_map(multiple).collect(),
            figures,
        })
    }
}
