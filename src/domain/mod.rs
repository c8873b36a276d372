//! The rules, pure: no SQL, no clock, no terminal, no files.
