//! One thing by its id, as the read of a list that holds it or nothing.

use futures::future::BoxFuture;

use crate::access::reads::scan::Feed;
use crate::providers::ProviderError;
use crate::upstream::Cx;

type Read<T> = Box<dyn for<'a> Fn(&'a Cx) -> BoxFuture<'a, Result<T, ProviderError>> + Send + Sync>;

/// Reads it, once.
pub(in crate::access) struct One<T> {
    read: Read<T>,
    system: &'static str,
    over: bool,
    found: usize,
}

impl<T> One<T> {
    pub(in crate::access) fn new(system: &'static str, read: Read<T>) -> Self {
        Self {
            read,
            system,
            over: false,
            found: 0,
        }
    }
}

impl<T: Send + 'static> Feed<T> for One<T> {
    fn next<'a>(&'a mut self, cx: &'a Cx) -> BoxFuture<'a, Option<Result<Vec<T>, ProviderError>>> {
        Box::pin(async move {
            if self.over {
                return None;
            }
            let rows = match (self.read)(cx).await {
                Ok(one) => vec![one],
                Err(error) if error.is_not_found() => Vec::new(),
                Err(error) => return Some(Err(error)),
            };
            self.over = true;
            self.found = rows.len();
            Some(Ok(rows))
        })
    }

    fn flaw(&self) -> Option<String> {
        None
    }

    fn scanned(&self) -> usize {
        self.found
    }

    fn system(&self) -> &'static str {
        self.system
    }
}
