//! Entry point of `brevet`.

fn main() {}
