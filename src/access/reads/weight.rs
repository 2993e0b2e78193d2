//! The memory that a row takes, by estimate: its own size, and what it points to. Of the two kinds of rows that come by the thousand it is
//! counted text by text; of the others it is as much as they take in writing, where names of fields and quotation marks stand for what an
//! allocator adds.

use smol_str::SmolStr;

use crate::access::reads::size;
use crate::roster::{
    DirectoryGroup, DirectoryUser, Email, Incident, Invitation, MetricDetail, PageAccessGroup,
    Record, Subscriber,
};

/// The two counters of a shared text, and what an allocator adds to round it up.
const SHARED: usize = 32;

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
    PageAccessGroup,
    DirectoryUser,
    DirectoryGroup,
    Invitation,
    Incident,
    MetricDetail
);

impl Weighs for Record {
    fn weight(&self) -> usize {
        size_of::<Self>() + pointed_to(self)
    }
}

impl Weighs for Subscriber {
    fn weight(&self) -> usize {
        let texts = [&self.endpoint_host, &self.phone_ending, &self.channel];
        let texts: usize = texts.into_iter().flatten().map(outside).sum();
        let components = self.component_ids.as_deref().map_or(0, size_of_val);
        size_of::<Self>() + pointed_to(&self.record) + texts + components
    }
}

/// Bytes that a record takes besides its own size. Ids are short.
fn pointed_to(record: &Record) -> usize {
    let texts = [
        &record.email_invalid,
        &record.first_name,
        &record.last_name,
        &record.display_name,
        &record.external_id,
    ];
    let texts = texts.into_iter().flatten().map(outside).sum::<usize>();
    let address = |email: &Email| match email.as_str().len() {
        length if length > INSIDE => 2 * (length + SHARED),
        _ => 0,
    };
    let addresses = record.email.as_ref().map_or(0, address)
        + record
            .email_reads_as
            .as_deref()
            .map_or(0, |email| size_of::<Email>() + address(email));
    let groups = record.groups.as_deref().map_or(0, size_of_val);
    let roles = record.roles.iter().flatten();
    let roles: usize = roles.map(|role| size_of::<SmolStr>() + outside(role)).sum();
    texts + addresses + groups + roles
}

/// Bytes that a text can have in the row itself.
const INSIDE: usize = 23;

/// Bytes that a text takes besides its place in the row.
fn outside(text: &SmolStr) -> usize {
    if text.is_heap_allocated() {
        text.len() + SHARED
    } else {
        0
    }
}
