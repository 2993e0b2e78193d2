//! The audience-specific page: components under headings, metrics, groups, and more viewers than any one answer holds.

use std::collections::BTreeSet;

use super::{known, names};
use crate::sandbox::{
    random::Random,
    settings::{Addresses, Settings},
    world::{Component, Group, Metric, Page, Viewer},
};

const SERVICES: [&str; 12] = [
    "API",
    "Dashboard",
    "Webhooks",
    "Payments",
    "Search",
    "Login",
    "E-mail",
    "Reports",
    "Storage",
    "Billing",
    "Mobile app",
    "Imports",
];
const REGIONS: [&str; 4] = ["Europe", "Americas", "Asia-Pacific", "Shared"];

/// Addresses that no mail program accepts and an upstream may still hold.
const HOSTILE_ADDRESSES: [&str; 4] = [
    "zero\u{200b}width@northwind.example",
    "\u{202e}moc.live@drazil",
    "two@at@contoso.example",
    "=cmd()@fabrikam.example\n",
];

pub(super) fn fill(page: &mut Page, settings: &Settings, random: &mut Random) {
    components(page, 40, random);
    if let Some(component) = page
        .components
        .iter_mut()
        .find(|component| !component.group)
    {
        known::COMPONENT.clone_into(&mut component.id);
    }
    for (at, name) in [
        "Uptime",
        "Latency",
        "Error rate",
        "Queue depth",
        "Throughput",
        "Log-in time",
    ]
    .into_iter()
    .enumerate()
    {
        let created_at = random.date();
        page.metrics.push(Metric {
            id: if at == 0 {
                known::METRIC.to_owned()
            } else {
                random.id()
            },
            name: name.to_owned(),
            suffix: if at == 1 { "ms" } else { "%" }.to_owned(),
            provider_id: known::PROVIDER.to_owned(),
            look: serde_json::Value::Null,
            data: crate::sandbox::world::Data::new(),
            most_recent_data_at: Some(created_at.clone()),
            updated_at: created_at.clone(),
            created_at,
        });
    }
    for (id, name) in known::GROUPS {
        let group = group(page, id, name, random);
        page.groups.push(group);
    }
    viewers(page, settings, random);
}

/// Headings count too: of 40 rows, 4 are headings.
pub(super) fn components(page: &mut Page, rows: usize, random: &mut Random) {
    let headings = (rows / 10).clamp(1, REGIONS.len());
    let mut heading_ids = Vec::new();
    for position in 0..rows {
        let heading = position < headings;
        let service = random.pick(&SERVICES, "API");
        let region = REGIONS
            .get(position % headings)
            .copied()
            .unwrap_or("Shared");
        let created_at = random.date();
        let id = random.id();
        if heading {
            heading_ids.push(id.clone());
        }
        page.components.push(Component {
            id,
            // One in five stands alone.
            group_id: if heading || position % 5 == 0 {
                None
            } else {
                heading_ids.get(position % headings).cloned()
            },
            group: heading,
            // Names are not unique upstream, and are not here.
            name: if heading {
                region.to_owned()
            } else {
                format!("{service} ({region})")
            },
            description: (position % 3 == 0)
                .then(|| format!("{service} for customers in {region}")),
            position: position + 1,
            status: if position % 17 == 9 {
                "degraded_performance"
            } else {
                "operational"
            }
            .to_owned(),
            showcase: false,
            only_show_if_degraded: false,
            start_date: None,
            updated_at: created_at.clone(),
            created_at,
        });
    }
}

fn group(page: &Page, id: &str, name: &str, random: &mut Random) -> Group {
    let created_at = random.date();
    let usable = page.components.iter().filter(|component| !component.group);
    Group {
        id: id.to_owned(),
        name: name.to_owned(),
        external_identifier: random
            .one_in(2)
            .then(|| format!("idp-{}", name.to_lowercase().replace(' ', "-"))),
        component_ids: usable
            .filter(|_| random.one_in(4))
            .map(|component| component.id.clone())
            .collect(),
        metric_ids: page
            .metrics
            .iter()
            .filter(|_| random.one_in(3))
            .map(|metric| metric.id.clone())
            .collect(),
        updated_at: created_at.clone(),
        created_at,
    }
}

fn viewers(page: &mut Page, settings: &Settings, random: &mut Random) {
    let mut taken = BTreeSet::from([known::JANE.to_owned(), known::LEAVER.to_owned()]);
    let mut jane = viewer(
        known::JANE_VIEWER.to_owned(),
        known::JANE.to_owned(),
        random,
    );
    jane.group_ids = vec!["groupeurope1".to_owned(), "grouppayment".to_owned()];
    jane.component_ids = vec![known::COMPONENT.to_owned()];
    jane.metric_ids = vec![known::METRIC.to_owned()];
    page.viewers.push(jane);
    let mut leaver = viewer(
        known::LEAVER_VIEWER.to_owned(),
        known::LEAVER.to_owned(),
        random,
    );
    leaver.group_ids = vec!["groupamerica".to_owned()];
    page.viewers.push(leaver);
    while page.viewers.len() < settings.viewers {
        let (at, id) = (page.viewers.len(), random.id());
        let mut next = viewer(id, address(at, &mut taken, random), random);
        // The last group keeps no members; one viewer in twenty has no group.
        if at % 20 != 0 {
            let group = |n: usize| known::GROUPS.get(n).map(|(id, _)| (*id).to_owned());
            next.group_ids.extend(group(random.below(7)));
            if random.one_in(6) {
                next.group_ids
                    .extend(group(random.below(7)).filter(|id| !next.group_ids.contains(id)));
            }
        }
        if at % 25 == 5 {
            let direct = page
                .components
                .iter()
                .filter(|component| !component.group && random.one_in(8));
            next.component_ids = direct.map(|component| component.id.clone()).collect();
        }
        if at % 7 == 3 {
            next.external_login = Some(format!("uid-{at:05}"));
        }
        if at % 400 == 399 {
            // Known to the identity provider alone.
            next.email = None;
            next.external_login = Some(format!("uid=sso{at:05}&org=northwind"));
        }
        page.viewers.push(next);
    }
    page.viewers.truncate(settings.viewers);
    if settings.addresses == Addresses::Hostile {
        for email in HOSTILE_ADDRESSES {
            let id = random.id();
            page.viewers.push(viewer(id, email.to_owned(), random));
        }
    }
}

pub(super) fn viewer(id: String, email: String, random: &mut Random) -> Viewer {
    let created_at = random.date();
    Viewer {
        id,
        email: Some(email),
        external_login: None,
        group_ids: Vec::new(),
        component_ids: Vec::new(),
        metric_ids: Vec::new(),
        updated_at: created_at.clone(),
        created_at,
    }
}

/// Mostly customers; some in capitals, some with a `+`, which a careless client turns into a space.
fn address(at: usize, taken: &mut BTreeSet<String>, random: &mut Random) -> String {
    let first = names::FIRST
        .get(random.below(names::FIRST.len()))
        .map_or("alex", |name| name.1);
    let last = names::LAST
        .get(random.below(names::LAST.len()))
        .map_or("smith", |name| name.1);
    let domain = random.pick(&names::CUSTOMERS, "northwind.example");
    let mut email = format!("{first}.{last}@{domain}");
    if !taken.insert(email.clone()) {
        email = format!("{first}.{last}{at}@{domain}");
        taken.insert(email.clone());
    }
    match at % 50 {
        11 => email.to_uppercase(),
        23 => email.replacen('@', "+status@", 1),
        _ => email,
    }
}
