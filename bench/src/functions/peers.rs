use std::path::PathBuf;

use brevet_tests::runtime_api::Bootstrap;

use super::comparison::FLOOR;
use crate::contender::{Answers, Contender};
use crate::options::Run;
use crate::package::{Package, python, site_packages};
use crate::paths::in_repository;
use crate::world::World;

/// A function in a language that is interpreted: fewer invocations, because they take longer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// The name of its file, without the ending.
    pub(super) handler: &'static str,
    pub(super) answers: Answers,
    pub(super) warm: usize,
}

/// The floor: the same runtime crate in the same build, and nothing in it.
pub(super) fn do_nothing(run: &Run, warm: usize) -> Contender {
    let program = run.binary(FLOOR);
    Contender {
        name: FLOOR,
        title: "do-nothing function",
        bootstrap: Bootstrap::new(&program).name(FLOOR),
        warm: run.times(warm),
        answers: Answers::Anything,
        package: Package(vec![program]),
    }
}

/// A handler in JavaScript, bundled and minified as AWS advises, on the official runtime client.
pub(super) fn in_javascript(run: &Run, world: &World, peer: Peer) -> Contender {
    let Peer { name, title, handler, answers, warm } = peer;
    let folder = in_repository("bench/peers/node");
    let start = folder.join("start.js");
    let bootstrap = Bootstrap::new(find_in_path("node")).argument(start).argument(format!("dist/{handler}.handler"));
    Contender {
        name,
        title,
        bootstrap: world.peer(bootstrap.name(name)),
        warm: run.times(warm),
        answers,
        package: Package(vec![folder.join("dist").join(format!("{handler}.cjs"))]),
    }
}

/// A handler in Python on the official runtime client.
pub(super) fn in_python(run: &Run, world: &World, peer: Peer) -> anyhow::Result<Contender> {
    let Peer { name, title, handler, answers, warm } = peer;
    let folder = in_repository("bench/peers/python");
    let bootstrap =
        Bootstrap::new(python()).argument("-m").argument("awslambdaric").argument(format!("{handler}.handler"));
    let libraries = site_packages()?;
    let uploaded = ["jwt", "cryptography", "cffi"].map(|package| libraries.join(package));
    Ok(Contender {
        name,
        title,
        bootstrap: world.peer(bootstrap.name(name).variable("PYTHONPATH", folder.display().to_string())),
        warm: run.times(warm),
        answers,
        package: Package(uploaded.into_iter().chain([folder.join(format!("{handler}.py"))]).collect()),
    })
}

/// A process has no `PATH` of its own here.
fn find_in_path(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|file| file.is_file())
        .unwrap_or_else(|| program.into())
}
