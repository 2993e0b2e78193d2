//! Where shared state is kept: in memory, or in files of the state directory.

pub mod window;
