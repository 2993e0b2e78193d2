//! Page roles: a change does what it says and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use status_roster::roster::{
    Change, Delta, MergeError, PageGrant, PageId, PageRoles, Permissions, Role,
};

fn page(n: u8) -> PageId {
    PageId::parse(&format!("page{n}")).unwrap()
}

fn held(roles: &[Role]) -> PageRoles {
    PageRoles {
        roles: roles.iter().copied().collect(),
        role_based: true,
        unknown: BTreeMap::new(),
    }
}

fn named(n: u8, roles: &[Role]) -> PageGrant {
    PageGrant {
        page_id: page(n),
        roles: roles.iter().copied().collect(),
    }
}

fn jane() -> Permissions {
    Permissions {
        pages: [
            (page(1), held(&[Role::IncidentManager])),
            (page(2), held(&[])),
        ]
        .into(),
    }
}

#[test]
fn a_grant_adds_and_loses_nothing() {
    let change = Change {
        grant: vec![named(2, &[Role::MaintenanceManager]), named(3, &[])],
        ..Change::default()
    };
    let merged = jane().merge(&change).unwrap();
    assert_eq!(merged.lost, []);
    assert_eq!(merged.gained.len(), 2);
    assert_eq!(merged.after.pages[&page(1)], jane().pages[&page(1)]);
    assert!(merged.gained[1].page_access && merged.gained[1].roles.is_empty());
    assert!(merged.after.pages[&page(3)].role_based);
}

#[test]
fn a_revoke_of_roles_leaves_the_page_and_one_without_roles_takes_it() {
    let roles = jane()
        .merge(&Change {
            revoke: vec![named(1, Role::ALL)],
            ..Change::default()
        })
        .unwrap();
    assert_eq!(roles.after.pages[&page(1)], held(&[]));
    assert_eq!(roles.lost[0].roles, [Role::IncidentManager].into());
    assert!(!roles.lost[0].page_access);

    let whole = jane()
        .merge(&Change {
            revoke: vec![named(1, &[])],
            ..Change::default()
        })
        .unwrap();
    assert!(!whole.after.pages.contains_key(&page(1)));
    assert!(whole.lost[0].page_access);
    assert_eq!(whole.after.pages.len(), 1);
}

#[test]
fn what_is_there_already_is_no_change() {
    let change = Change {
        grant: vec![named(1, &[Role::IncidentManager])],
        revoke: vec![named(9, &[]), named(2, &[Role::PageConfiguration])],
        ..Change::default()
    };
    let merged = jane().merge(&change).unwrap();
    assert_eq!(
        (merged.after, merged.gained, merged.lost),
        (jane(), vec![], vec![])
    );
}

#[test]
fn a_page_named_twice_is_refused() {
    let change = Change {
        grant: vec![named(1, &[])],
        revoke: vec![named(1, &[])],
        ..Change::default()
    };
    assert_eq!(jane().merge(&change), Err(MergeError::NamedTwice(page(1))));
    let twice = Change {
        replace: vec![named(1, &[]), named(1, &[])],
        ..Change::default()
    };
    assert_eq!(jane().merge(&twice), Err(MergeError::NamedTwice(page(1))));
}

#[test]
fn a_page_without_roles_takes_and_gives_none() {
    let flat = Permissions {
        pages: [(page(1), PageRoles::default())].into(),
    };
    let change = Change {
        grant: vec![named(1, &[Role::IncidentManager])],
        ..Change::default()
    };
    assert_eq!(flat.merge(&change), Err(MergeError::NoRoles(page(1))));
    let another = flat
        .merge(&Change {
            grant: vec![named(2, &[])],
            ..Change::default()
        })
        .unwrap();
    assert!(
        !another.after.pages[&page(2)].role_based,
        "its neighbours have no roles either"
    );
}

#[test]
fn switches_nobody_knows_stay_and_are_named_when_the_page_goes() {
    let mut before = jane();
    let unknown = BTreeMap::from([("on_call".to_owned(), true), ("beta".to_owned(), false)]);
    before
        .pages
        .get_mut(&page(1))
        .unwrap()
        .unknown
        .clone_from(&unknown);
    let kept = before
        .merge(&Change {
            replace: vec![named(1, &[])],
            ..Change::default()
        })
        .unwrap();
    assert_eq!(kept.after.pages[&page(1)].unknown, unknown);
    let gone = before
        .merge(&Change {
            revoke: vec![named(1, &[])],
            ..Change::default()
        })
        .unwrap();
    assert_eq!(gone.lost[0].unknown, ["on_call".to_owned()].into());
}

fn roles() -> impl Strategy<Value = BTreeSet<Role>> {
    prop::collection::btree_set(prop::sample::select(Role::ALL), 0..=3)
}

fn permissions() -> impl Strategy<Value = Permissions> {
    let unknown = prop::collection::btree_map("[xyz]", any::<bool>(), 0..3);
    let on_page = (roles(), unknown).prop_map(|(roles, unknown)| PageRoles {
        roles,
        role_based: true,
        unknown,
    });
    prop::collection::btree_map((0u8..8).prop_map(page), on_page, 0..8)
        .prop_map(|pages| Permissions { pages })
}

/// Up to eight different pages, each put into one of the three lists.
fn change() -> impl Strategy<Value = Change> {
    prop::collection::btree_map(0u8..8, (roles(), 0u8..3), 0..8).prop_map(|pages| {
        let mut change = Change::default();
        for (n, (roles, list)) in pages {
            let grant = PageGrant {
                page_id: page(n),
                roles,
            };
            match list {
                0 => change.grant.push(grant),
                1 => change.revoke.push(grant),
                _ => change.replace.push(grant),
            }
        }
        change
    })
}

fn untouched(deltas: &[Delta], page_id: &PageId) -> bool {
    deltas.iter().all(|d| d.page_id != *page_id)
}

proptest! {
    #[test]
    fn a_page_that_is_not_named_never_changes(before in permissions(), change in change()) {
        let merged = before.merge(&change).unwrap();
        let named: BTreeSet<_> =
            change.grant.iter().chain(&change.revoke).chain(&change.replace).map(|p| p.page_id.clone()).collect();
        for n in 0..8 {
            if !named.contains(&page(n)) {
                prop_assert_eq!(merged.after.pages.get(&page(n)), before.pages.get(&page(n)));
                prop_assert!(untouched(&merged.gained, &page(n)) && untouched(&merged.lost, &page(n)));
            }
        }
    }

    #[test]
    fn a_grant_only_gains_a_revoke_only_loses_a_replace_is_exact(before in permissions(), change in change()) {
        let granted = before.merge(&Change { grant: change.grant.clone(), ..Change::default() }).unwrap();
        prop_assert_eq!(granted.lost, vec![]);
        let revoked = before.merge(&Change { revoke: change.revoke.clone(), ..Change::default() }).unwrap();
        prop_assert_eq!(revoked.gained, vec![]);
        let replaced = before.merge(&Change { replace: change.replace.clone(), ..Change::default() }).unwrap();
        for page in &change.replace {
            prop_assert_eq!(&replaced.after.pages[&page.page_id].roles, &page.roles);
        }
    }

    #[test]
    fn before_without_the_lost_and_with_the_gained_is_after(before in permissions(), change in change()) {
        let merged = before.merge(&change).unwrap();
        let mut rebuilt = before.clone();
        for lost in &merged.lost {
            if lost.page_access {
                rebuilt.pages.remove(&lost.page_id);
            } else {
                rebuilt.pages.get_mut(&lost.page_id).unwrap().roles.retain(|r| !lost.roles.contains(r));
            }
        }
        for gained in &merged.gained {
            prop_assert_eq!(gained.page_access, !rebuilt.pages.contains_key(&gained.page_id));
            let fresh = PageRoles { role_based: true, ..PageRoles::default() };
            rebuilt.pages.entry(gained.page_id.clone()).or_insert(fresh).roles.extend(&gained.roles);
        }
        prop_assert_eq!(rebuilt, merged.after);
    }

    #[test]
    fn the_same_change_again_changes_nothing(before in permissions(), change in change()) {
        let once = before.merge(&change).unwrap().after;
        let twice = once.merge(&change).unwrap();
        prop_assert_eq!((twice.after, twice.gained, twice.lost), (once, vec![], vec![]));
    }
}
