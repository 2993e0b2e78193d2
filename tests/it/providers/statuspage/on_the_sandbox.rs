//! The provider against the sandbox: two readings of the same documents, written apart, have to meet.

use status_roster::{
    audit::Intent,
    providers::{
        ProviderError,
        statuspage::{
            Contact, GroupChange, Holder, NewGroup, NewSubscriber, NewTeamMember, NewViewer,
            Notify, SignIn, Statuspage, SubscriberQuery, ViewerChange,
        },
    },
    roster::{
        Change, ComponentId, Email, GroupId, MetricId, OrganizationId, PageGrant, PageId, Role,
        UserId, ViewerId,
    },
    sandbox::{Accounts, Duplicates, ListRows, PermissionsShape, Running, Settings, known, start},
    upstream::Cx,
};

use super::super::support::Stage;

struct Played {
    sandbox: Running,
    statuspage: Statuspage,
    intent: Intent,
    cx: Cx,
    _stage: Stage,
}

async fn play(settings: Settings) -> Played {
    let sandbox = start(settings).await.unwrap();
    let stage = Stage::new().await;
    let organization = OrganizationId::parse(&sandbox.organization_id).unwrap();
    let client = Stage::client(&sandbox.statuspage_url(), &sandbox.api_key);
    let statuspage = Statuspage::new(client, organization, status_roster::clock::Clock::system());
    Played {
        sandbox,
        statuspage,
        intent: stage.intent().await,
        cx: stage.cx.clone(),
        _stage: stage,
    }
}

fn page() -> PageId {
    PageId::parse(known::AUDIENCE_PAGE).unwrap()
}

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

#[tokio::test]
async fn long_lists_are_read_whole_in_the_least_requests() {
    let p = play(Settings::default()).await;
    let mut viewers = p.statuspage.viewers(&page());
    let all = viewers.rest(&p.cx).await.unwrap();
    assert!(viewers.progress().complete);
    assert_eq!((all.len(), viewers.progress().pages_fetched), (1_234, 13));
    let mut team = p.statuspage.team_members();
    let people = team.rest(&p.cx).await.unwrap();
    assert!(team.progress().complete);
    assert_eq!(u64::try_from(people.len()).unwrap(), 250);
    assert!(
        people
            .iter()
            .chain(&all)
            .all(|record| record.email.is_some() || record.external_id.is_some())
    );
}

#[tokio::test]
async fn permissions_read_alike_in_every_shape_and_a_merge_arrives_as_planned() {
    let user = UserId::parse(known::EXTRA_ROLE_USER).unwrap();
    let jane = UserId::parse(known::JANE_USER).unwrap();
    let mut seen = Vec::new();
    for permissions_shape in [
        PermissionsShape::Official,
        PermissionsShape::Wrapped,
        PermissionsShape::MapOfObjects,
    ] {
        let p = play(Settings {
            permissions_shape,
            ..Settings::default()
        })
        .await;
        let before = p.statuspage.permissions(&p.cx, &user).await.unwrap();
        let grant = PageGrant {
            page_id: PageId::parse(known::PUBLIC_PAGE).unwrap(),
            roles: [Role::IncidentManager].into(),
        };
        let merged = before
            .merge(&Change {
                grant: vec![grant],
                ..Change::default()
            })
            .unwrap();
        p.statuspage
            .put_permissions(&p.cx, &p.intent, &user, &merged.after)
            .await
            .unwrap();
        assert_eq!(
            p.statuspage.permissions(&p.cx, &user).await.unwrap(),
            merged.after,
            "{permissions_shape:?}"
        );
        seen.push((
            before,
            p.statuspage.permissions(&p.cx, &jane).await.unwrap(),
        ));
    }
    assert!(seen.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(
        seen[0]
            .0
            .pages
            .values()
            .any(|page| page.unknown.values().any(|on| *on)),
        "the extra role was kept"
    );
}

#[tokio::test]
async fn a_viewer_comes_changes_and_goes() {
    for duplicates in [Duplicates::Conflict, Duplicates::Unprocessable] {
        let p = play(Settings {
            duplicates,
            list_rows: ListRows::WithoutGroups,
            ..Settings::default()
        })
        .await;
        let new = NewViewer {
            sign_in: SignIn {
                email: Some(email("new+viewer@example.com")),
                external_login: None,
            },
            group_ids: vec![],
            subscribe: false,
        };
        p.statuspage
            .create_viewer(&p.cx, &p.intent, &page(), &new)
            .await
            .unwrap();
        let again = p
            .statuspage
            .create_viewer(&p.cx, &p.intent, &page(), &new)
            .await
            .unwrap_err();
        assert!(
            matches!(again, ProviderError::AlreadyExists { .. }),
            "{again}"
        );
        let found = p
            .statuspage
            .viewers_by(
                &page(),
                &email("new+viewer@example.com"),
                "new+viewer@example.com",
            )
            .rest(&p.cx)
            .await
            .unwrap();
        assert_eq!(
            (found.len(), &found[0].groups),
            (1, &None),
            "the list says nothing about groups here"
        );
        let id = found[0].viewer_id().unwrap();
        let groups = vec![GroupId::parse(known::GROUPS[0].0).unwrap()];
        let change = ViewerChange {
            group_ids: Some(groups.clone()),
            ..ViewerChange::default()
        };
        p.statuspage
            .update_viewer(&p.cx, &p.intent, &page(), &id, &change)
            .await
            .unwrap();
        assert_eq!(
            p.statuspage
                .viewer(&p.cx, &page(), &id)
                .await
                .unwrap()
                .groups,
            Some(groups)
        );
        p.statuspage
            .delete_viewer(&p.cx, &p.intent, &page(), &id)
            .await
            .unwrap();
        assert!(
            p.statuspage
                .viewer(&p.cx, &page(), &id)
                .await
                .unwrap_err()
                .is_not_found()
        );
    }
}

#[tokio::test]
async fn components_and_metrics_are_added_replaced_and_removed_as_named() {
    let p = play(Settings::default()).await;
    let (s, cx, intent) = (&p.statuspage, &p.cx, &p.intent);
    let jane = ViewerId::parse(known::JANE_VIEWER).unwrap();
    let all: Vec<ComponentId> = s
        .components(&page())
        .rest(cx)
        .await
        .unwrap()
        .into_iter()
        .filter(|c| !c.is_group)
        .map(|c| c.id)
        .collect();
    let (first, second) = (all[0].clone(), all[1].clone());
    for holder in [
        Holder::Viewer(jane.clone()),
        Holder::Group(GroupId::parse(known::GROUPS[1].0).unwrap()),
    ] {
        s.replace_components(cx, intent, &page(), &holder, std::slice::from_ref(&first))
            .await
            .unwrap();
        s.add_components(cx, intent, &page(), &holder, std::slice::from_ref(&second))
            .await
            .unwrap();
        let ids = |c: Vec<status_roster::roster::Component>| {
            c.into_iter().map(|c| c.id).collect::<Vec<_>>()
        };
        let mut held = ids(s.components_of(&page(), &holder).rest(cx).await.unwrap());
        held.sort();
        let mut both = vec![first.clone(), second.clone()];
        both.sort();
        assert_eq!(held, both, "{holder:?}");
        s.remove_component(cx, intent, &page(), &holder, &first)
            .await
            .unwrap();
        assert_eq!(
            ids(s.components_of(&page(), &holder).rest(cx).await.unwrap()),
            std::slice::from_ref(&second),
            "{holder:?}"
        );
    }
    let metric = MetricId::parse(known::METRIC).unwrap();
    s.replace_metrics(cx, intent, &page(), &jane, &[])
        .await
        .unwrap();
    assert_eq!(s.metrics_of(&page(), &jane).rest(cx).await.unwrap(), []);
    s.add_metrics(cx, intent, &page(), &jane, std::slice::from_ref(&metric))
        .await
        .unwrap();
    assert_eq!(
        s.metrics_of(&page(), &jane).rest(cx).await.unwrap()[0].id,
        metric
    );
    s.remove_metric(cx, intent, &page(), &jane, &metric)
        .await
        .unwrap();
    assert_eq!(s.metrics_of(&page(), &jane).rest(cx).await.unwrap(), []);
}

#[tokio::test]
async fn a_group_comes_changes_and_goes() {
    let p = play(Settings::default()).await;
    let (s, cx, intent) = (&p.statuspage, &p.cx, &p.intent);
    let jane = ViewerId::parse(known::JANE_VIEWER).unwrap();
    let new = NewGroup {
        name: "Night shift".to_owned(),
        member_ids: vec![jane],
        ..NewGroup::default()
    };
    let id = s
        .create_group(cx, intent, &page(), &new)
        .await
        .unwrap()
        .unwrap();
    let change = GroupChange {
        component_ids: Some(vec![ComponentId::parse(known::COMPONENT).unwrap()]),
        ..GroupChange::default()
    };
    s.update_group(cx, intent, &page(), &id, &change)
        .await
        .unwrap();
    let group = s.group(cx, &page(), &id).await.unwrap();
    assert_eq!(group.name.as_deref(), Some("Night shift"));
    assert_eq!(
        (&group.member_ids, &group.component_ids),
        (&Some(new.member_ids), &change.component_ids)
    );
    assert_eq!(
        s.groups(&page()).rest(cx).await.unwrap().len(),
        known::GROUPS.len() + 1
    );
    s.delete_group(cx, intent, &page(), &id).await.unwrap();
    assert!(s.group(cx, &page(), &id).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn a_subscriber_comes_and_goes_without_a_message() {
    let p = play(Settings::default()).await;
    let (s, cx, intent) = (&p.statuspage, &p.cx, &p.intent);
    let new = NewSubscriber {
        contact: Contact::Email(email("pager@example.com")),
        component_ids: vec![],
        viewer_id: None,
        confirmation: Notify::No,
    };
    s.create_subscriber(cx, intent, &page(), &new)
        .await
        .unwrap();
    let query = SubscriberQuery {
        email: Some(email("pager@example.com")),
        ..SubscriberQuery::default()
    };
    let found = s.subscribers(&page(), &query).rest(cx).await.unwrap();
    assert_eq!(found.len(), 1);
    let id = found[0].record.subscriber_id().unwrap();
    s.delete_subscriber(cx, intent, &page(), &id, Notify::No)
        .await
        .unwrap();
    assert_eq!(s.subscribers(&page(), &query).rest(cx).await.unwrap(), []);
    let told = format!("{:?}", p.sandbox.report());
    assert!(!told.contains("pager@example.com"), "{told}");
    let mut everybody = s.subscribers(&page(), &SubscriberQuery::default());
    let all = everybody.rest(cx).await.unwrap();
    assert!(everybody.progress().complete);
    let counted: u64 = s
        .subscriber_counts(cx, &page())
        .await
        .unwrap()
        .values()
        .filter_map(|counts| counts.total)
        .sum();
    assert_eq!(
        u64::try_from(all.len()).unwrap(),
        counted,
        "the quarantined are among them"
    );
}

#[tokio::test]
async fn an_organization_on_atlassian_accounts_is_recognised() {
    let p = play(Settings {
        accounts: Accounts::Atlassian,
        ..Settings::default()
    })
    .await;
    let new = NewTeamMember {
        email: email("new@example.com"),
        first_name: None,
        last_name: None,
    };
    let error = p
        .statuspage
        .create_team_member(&p.cx, &p.intent, &new)
        .await
        .unwrap_err();
    assert!(
        matches!(error, ProviderError::AtlassianAccounts(_)),
        "{error}"
    );
    p.statuspage
        .team_members()
        .next(&p.cx)
        .await
        .unwrap()
        .unwrap();

    let p = play(Settings {
        accounts: Accounts::AtlassianWithoutList,
        ..Settings::default()
    })
    .await;
    let error = p
        .statuspage
        .team_members()
        .next(&p.cx)
        .await
        .unwrap()
        .unwrap_err();
    assert!(
        matches!(error, ProviderError::AtlassianAccounts(_)),
        "{error}"
    );
}
