//! What the operator's rules allow, question by question.

use std::collections::BTreeSet;

use proptest::prelude::*;
use status_roster::{
    caller::{Caller, Scope},
    policy::{Question, Rules, Toolsets, Verdict, Why, judge},
    roster::{email::Email, ids::PageId},
};

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn page(text: &str) -> PageId {
    PageId::parse(text).unwrap()
}

fn writable() -> Rules {
    Rules {
        writes: true,
        ..Rules::default()
    }
}

fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> Option<BTreeSet<T>> {
    Some(items.into_iter().collect())
}

/// A removal of `jane@example.com` from page `p1` by the local caller.
fn asked(rules: &Rules, change: impl FnOnce(&mut Asked)) -> Verdict {
    let mut asked = Asked {
        caller: Caller::local(None),
        tool: "remove_user",
        needs: Scope::Remove,
        pages: vec![page("p1")],
        adds: vec![],
        removes: vec![email("jane@example.com")],
    };
    change(&mut asked);
    asked.judged_by(rules)
}

struct Asked {
    caller: Caller,
    tool: &'static str,
    needs: Scope,
    pages: Vec<PageId>,
    adds: Vec<Email>,
    removes: Vec<Email>,
}

impl Asked {
    fn judged_by(&self, rules: &Rules) -> Verdict {
        let Self {
            caller,
            tool,
            needs,
            pages,
            adds,
            removes,
        } = self;
        let needs = *needs;
        judge(
            rules,
            &Question {
                caller,
                tool,
                needs,
                pages,
                adds,
                removes,
            },
        )
    }
}

fn sentence(verdict: Verdict) -> String {
    match verdict {
        Verdict::Allowed => "allowed".to_owned(),
        Verdict::Refused(why) => why.to_string(),
    }
}

#[test]
fn by_default_everything_may_be_read_and_nothing_changed() {
    let rules = Rules::default();
    let read = |asked: &mut Asked| {
        asked.needs = Scope::Read;
        asked.removes.clear();
    };
    assert_eq!(asked(&rules, read), Verdict::Allowed);
    assert_eq!(
        sentence(asked(&rules, |_| {})),
        "`remove_user` makes changes, and this server is read-only; an operator can restart it with `--allow-writes` or \
         `mode = \"write\"`. Nothing was changed."
    );
}

#[test]
fn a_question_that_names_people_is_a_change_whatever_it_claims_to_need() {
    let rules = Rules::default();
    let claims_to_read = |asked: &mut Asked| asked.needs = Scope::Read;
    assert!(matches!(
        asked(&rules, claims_to_read),
        Verdict::Refused(Why::ReadOnly { .. })
    ));
}

#[test]
fn a_change_within_every_rule_is_allowed() {
    let rules = Rules {
        writes: true,
        toolsets: Toolsets::default(),
        tools: set(["remove_user".to_owned()]),
        without_tools: ["offboard_person".to_owned()].into(),
        pages: set([page("p1")]),
        domains: set(["example.com".to_owned()]),
        protected: [email("owner@example.com")].into(),
    };
    assert_eq!(
        asked(&rules, |asked| asked.adds = vec![email("Joe@EXAMPLE.com")]),
        Verdict::Allowed
    );
}

#[test]
fn each_refusal_names_the_setting_that_decided_and_what_would_change_it() {
    let other = "someone else";
    let table = [
        (
            Rules {
                without_tools: ["remove_user".to_owned()].into(),
                ..writable()
            },
            "`remove_user` is switched off by `policy.without_tools`; an operator can take it off that list",
        ),
        (
            Rules {
                tools: set([other.to_owned()]),
                ..writable()
            },
            "`remove_user` is not among the tools that `policy.tools` allows; an operator can add it",
        ),
        (
            Rules {
                pages: set([page("p2")]),
                ..writable()
            },
            "page `p1` is not among the pages that `policy.pages` allows; an operator can add it",
        ),
        (
            Rules {
                domains: set(["example.org".to_owned()]),
                ..writable()
            },
            "`joe@sub.example.org` cannot be given access: `sub.example.org` is not among the domains that \
             `policy.email_domains` allows",
        ),
        (
            Rules {
                protected: [email("JANE@example.com")].into(),
                ..writable()
            },
            "nothing may be taken away from `jane@example.com`: protected by `policy.protected_people`",
        ),
    ];
    for (rules, expected) in table {
        let said = sentence(asked(&rules, |asked| {
            asked.adds = vec![email("joe@sub.example.org")]
        }));
        assert!(said.starts_with(expected), "{said}");
        assert!(said.ends_with(" Nothing was changed."), "{said}");
    }
}

#[test]
fn a_caller_without_the_scope_is_refused_where_the_server_allows_it() {
    let reader = |asked: &mut Asked| {
        asked.caller = Caller {
            name: "dashboard".to_owned(),
            client: None,
            scopes: [Scope::Read, Scope::Write].into(),
            only: None,
        };
    };
    assert_eq!(
        sentence(asked(&writable(), reader)),
        "the caller `dashboard` has no `remove` scope, which this needs; an operator can give it a token that has it. \
         Nothing was changed."
    );
}

#[test]
fn one_page_or_person_outside_the_rules_refuses_the_whole_question() {
    let rules = Rules {
        pages: set([page("p1"), page("p2")]),
        protected: [email("owner@example.com")].into(),
        ..writable()
    };
    let three = |asked: &mut Asked| asked.pages = vec![page("p1"), page("p2"), page("p3")];
    assert_eq!(
        asked(&rules, three),
        Verdict::Refused(Why::Page { page: page("p3") })
    );
    let two = |asked: &mut Asked| asked.removes.push(email("Owner@Example.com"));
    assert!(matches!(
        asked(&rules, two),
        Verdict::Refused(Why::Protected { .. })
    ));
}

#[test]
fn an_empty_list_allows_nothing() {
    let adds = |asked: &mut Asked| asked.adds = vec![email("joe@example.com")];
    let no_tools = Rules {
        tools: set([]),
        ..writable()
    };
    assert!(matches!(
        asked(&no_tools, adds),
        Verdict::Refused(Why::ToolNotListed { .. })
    ));
    let no_pages = Rules {
        pages: set([]),
        ..writable()
    };
    assert!(matches!(
        asked(&no_pages, adds),
        Verdict::Refused(Why::Page { .. })
    ));
    let no_domains = Rules {
        domains: set([]),
        ..writable()
    };
    assert!(matches!(
        asked(&no_domains, adds),
        Verdict::Refused(Why::Domain { .. })
    ));
}

#[test]
fn switched_off_wins_over_listed() {
    let rules = Rules {
        tools: set(["remove_user".to_owned()]),
        without_tools: ["remove_user".to_owned()].into(),
        ..writable()
    };
    assert!(matches!(
        asked(&rules, |_| {}),
        Verdict::Refused(Why::ToolOff { .. })
    ));
}

fn pages() -> impl Strategy<Value = Vec<PageId>> {
    prop::collection::vec("[a-c]{1,2}".prop_map(|id| page(&id)), 0..4)
}

fn people() -> impl Strategy<Value = Vec<Email>> {
    prop::collection::vec(
        "[A-Ca-c]{1,2}@(x|y)\\.com".prop_map(|text| email(&text)),
        0..4,
    )
}

prop_compose! {
    fn rules()(
        writes: bool,
        tools in prop::option::of(prop::collection::btree_set("(remove_user|other)", 0..2)),
        without in prop::collection::btree_set("(remove_user|other)", 0..2),
        pages in prop::option::of(pages()),
        domains in prop::option::of(prop::collection::btree_set("(x|y)\\.com", 0..2)),
        protected in people(),
    ) -> Rules {
        let (pages, protected) = (pages.map(BTreeSet::from_iter), protected.into_iter().collect());
        Rules { writes, toolsets: Toolsets::default(), tools, without_tools: without, pages, domains, protected }
    }
}

prop_compose! {
    fn questions()(
        scopes in prop::collection::btree_set(prop::sample::select(SCOPES), 0..5),
        needs in prop::sample::select(SCOPES),
        pages in pages(),
        adds in people(),
        removes in people(),
    ) -> Asked {
        let caller = Caller { name: "anyone".to_owned(), client: None, scopes, only: None };
        Asked { caller, tool: "remove_user", needs, pages, adds, removes }
    }
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} {:?} {:?} {:?}",
            self.needs, self.pages, self.adds, self.removes
        )
    }
}

const SCOPES: &[Scope] = &[Scope::Read, Scope::Write, Scope::Remove, Scope::Admin];

proptest! {
    #[test]
    fn nothing_is_ever_taken_away_from_a_protected_person(rules in rules(), asked in questions()) {
        if asked.removes.iter().any(|email| rules.protected.contains(email)) {
            prop_assert!(matches!(asked.judged_by(&rules), Verdict::Refused(_)));
        }
    }

    #[test]
    fn what_is_allowed_is_inside_every_rule(rules in rules(), asked in questions()) {
        if asked.judged_by(&rules) == Verdict::Allowed {
            prop_assert!(rules.writes || asked.adds.is_empty() && asked.removes.is_empty());
            prop_assert!(rules.writes || !matches!(asked.needs, Scope::Write | Scope::Remove));
            prop_assert!(asked.caller.scopes.contains(&asked.needs));
            prop_assert!(!rules.without_tools.contains(asked.tool));
            prop_assert!(rules.tools.is_none_or(|tools| tools.contains(asked.tool)));
            prop_assert!(rules.pages.is_none_or(|on| asked.pages.iter().all(|it| on.contains(it))));
            prop_assert!(rules.domains.is_none_or(|on| asked.adds.iter().all(|it| on.contains(it.domain()))));
        }
    }
}
