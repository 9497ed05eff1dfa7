//! The command line of Brevet.
