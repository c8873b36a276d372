//! Parse, open, run, restore; no logic.

fn main() {}
