//! Names beside the ids of accounts that were found: the pages of page roles, and the groups of the directory.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::access::account::Account;
use crate::access::{Access, Ask, GroupHeld, Refusal};
use crate::roster::{DirectoryGroup, GroupId, Kind, PageId};

impl Access {
    /// Puts the names in. `pages`: those that the search read. The groups of the directory are read where somebody is in one.
    pub(in crate::access) async fn name_ids(
        &self,
        ask: &Ask,
        accounts: &mut [Account],
        pages: &BTreeMap<PageId, String>,
        max_age: Duration,
    ) {
        for on_page in accounts.iter_mut().flat_map(|it| it.page_roles.iter_mut()) {
            for page in on_page {
                page.page_name = pages.get(&page.page_id).cloned();
            }
        }
        let in_group = |account: &&mut Account| {
            let groups = account.record.groups.as_ref();
            account.record.kind == Kind::DirectoryUser && groups.is_some_and(|all| !all.is_empty())
        };
        let mut members: Vec<&mut Account> = accounts.iter_mut().filter(in_group).collect();
        if members.is_empty() {
            return;
        }
        let names = self.directory_group_names(ask, max_age).await;
        for account in &mut members {
            match &names {
                Ok(names) => {
                    let ids = account.record.groups.iter().flatten();
                    let named = ids.map(|id| GroupHeld {
                        id: id.clone(),
                        name: names.get(id).cloned(),
                    });
                    account.in_groups = named.collect();
                }
                Err(why) => {
                    let why = format!("the names of the directory's groups: {why}");
                    account.unread.push(why);
                }
            }
        }
    }

    async fn directory_group_names(
        &self,
        ask: &Ask,
        max_age: Duration,
    ) -> Result<BTreeMap<GroupId, String>, String> {
        let without_ending = |refusal: Refusal| refusal.without_ending();
        let directory = self.atlassian_scim().map_err(without_ending)?;
        let scan = self.directory_groups_scan(directory, max_age);
        let reach = scan.drive(self, ask, usize::MAX).await;
        reach
            .and_then(|reach| reach.whole(&scan.what))
            .map_err(without_ending)?;
        let name = |group: &DirectoryGroup| Some((group.id.clone(), group.name.clone()?));
        let rows = |rows: &[DirectoryGroup], _| rows.iter().filter_map(name).collect();
        Ok(scan.with_rows(0, rows).await)
    }
}
