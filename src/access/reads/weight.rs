//! How much memory a row takes, by estimate: its own size, and what it points to as long as it is in writing. What writing adds, names of
//! fields and quotation marks, is about what an allocator adds.

use crate::access::reads::size;
use crate::roster::{
    DirectoryGroup, DirectoryUser, Incident, Invitation, MetricDetail, PageAccessGroup, Record,
    Subscriber,
};

/// A row whose size can be estimated.
pub(in crate::access) trait Weighs {
    /// Bytes that keeping it takes.
    fn weight(&self) -> usize;
}

macro_rules! as_written {
    ($($row:ty),*) => {$(
        impl Weighs for $row {
            fn weight(&self) -> usize {
                size_of::<Self>() + size::of(self)
            }
        }
    )*};
}

as_written!(
    Record,
    Subscriber,
    PageAccessGroup,
    DirectoryUser,
    DirectoryGroup,
    Invitation,
    Incident,
    MetricDetail
);
