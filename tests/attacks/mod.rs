//! The attack corpus: every case of `cases/*.json` against both functions, in the shapes of API Gateway's own events.

mod corpus;
mod range;
mod scenes;
mod target;
mod tokens;
