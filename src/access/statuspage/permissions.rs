//! A team member's page roles: look, and change by merging.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::access::acts::put_permissions::PutPermissions;
use crate::access::change::plan::Plan;
use crate::access::reads::journey::only_waits;
use crate::access::statuspage::team::pick;
use crate::access::words::{address_or_id, who};
use crate::access::{Access, Ask, ChangeReport, Refusal, Who};
use crate::caller::Scope;
use crate::policy::Rules;
use crate::roster::{
    Change, Kind, Level, Merged, PageGrant, PageId, Permissions, Record, RecordScope, Role, System,
    UserId, text,
};

/// Roles on one page, as an argument.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct PageGrantInput {
    /// From `list_pages`.
    pub page_id: PageId,
    /// Empty: the page itself, without a role.
    pub roles: Vec<Role>,
}

/// The arguments of `set_permissions`.
#[derive(Debug, Clone)]
pub struct SetPermissions {
    /// The team member.
    pub who: Who,
    /// Adds.
    pub grant: Vec<PageGrantInput>,
    /// Takes.
    pub revoke: Vec<PageGrantInput>,
    /// Makes exactly so.
    pub replace: Vec<PageGrantInput>,
}

/// One page that a team member reaches.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[schemars(inline)]
pub struct PagePermission {
    /// The page's id.
    pub page_id: PageId,
    /// Its name, where the list of pages could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page_name: Option<String>,
    /// The roles held. Empty on a page with roles: may look at it in the management interface, no more.
    pub roles: Vec<Role>,
    /// Further roles that Statuspage answers with and this server does not know; every change keeps them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub other_roles: Vec<String>,
    /// False: the page has no roles; see `who_can_configure`.
    pub role_based: bool,
    /// The people who can change settings and publish, on a page without roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who_can_configure: Option<String>,
}

/// The rights on a page without roles (Statuspage, "Set up role-based access control").
const WITHOUT_ROLES: &str = "the page has no roles: every team member who reaches it can change its settings and publish on it";

impl PagePermission {
    /// Returns the page roles that `rules` let anybody see, and the number of further pages with roles.
    pub(in crate::access) fn shown(held: &Permissions, rules: &Rules) -> (Vec<Self>, usize) {
        let pages = held.pages.iter().filter(|(page, _)| rules.shows(page));
        let shown: Vec<Self> = pages
            .map(|(page, roles)| Self {
                page_id: page.clone(),
                page_name: None,
                roles: roles.roles.iter().copied().collect(),
                other_roles: roles
                    .unknown
                    .iter()
                    .filter(|(_, on)| **on)
                    .map(|(name, _)| text::clean(name, 60).text)
                    .collect(),
                role_based: roles.role_based,
                who_can_configure: (!roles.role_based).then(|| WITHOUT_ROLES.to_owned()),
            })
            .collect();
        let further = held.pages.len() - shown.len();
        (shown, further)
    }
}

/// The page roles of a team member.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct MemberPermissions {
    /// The team member.
    pub member: Record,
    /// Every page that the person reaches through page roles; a page that is not here cannot be reached through them.
    pub pages: Vec<PagePermission>,
    /// When it was read (RFC 3339).
    pub as_of: String,
    /// The limits of this answer.
    pub warnings: Vec<String>,
}

impl Access {
    /// A team member's page roles, read now.
    ///
    /// # Errors
    /// When there is no such member or something needed could not be read.
    pub async fn permissions_of(&self, ask: &Ask, who: &Who) -> Result<MemberPermissions, Refusal> {
        let as_of = self.clock().now().to_string();
        let (user, member, unlisted) = self.member(ask, who).await?;
        let permissions = self
            .statuspage()?
            .permissions(&ask.interactive(), &user)
            .await?;
        let (mut pages, further) = PagePermission::shown(&permissions, self.rules());
        let mut warnings: Vec<String> = unlisted.into_iter().collect();
        if further > 0 {
            warnings.push(format!("roles on {further} further pages are not shown: `policy.pages` does not allow those pages"));
        }
        if pages.iter().any(|page| !page.other_roles.is_empty()) {
            warnings.push("`other_roles` are roles that this server does not know: what they allow stands in Statuspage, and every change of the others keeps them".to_owned());
        }
        warnings.push("a person with a product role in admin.atlassian.com (product admin) reaches every page whatever stands here: the API does not show it".to_owned());
        let names = match self.page_names(ask).await {
            Ok(names) => names,
            Err(error) => {
                warnings.push(format!("the names of the pages could not be read: {error}"));
                std::collections::BTreeMap::new()
            }
        };
        for page in &mut pages {
            page.page_name = names.get(&page.page_id).cloned();
        }
        Ok(MemberPermissions {
            member,
            pages,
            as_of,
            warnings,
        })
    }

    /// Grants, revokes or replaces page roles, by merging with what is held.
    ///
    /// # Errors
    /// A [`Refusal`] when nothing was sent.
    pub async fn set_permissions(
        &self,
        ask: &Ask,
        wanted: SetPermissions,
        token: Option<&str>,
    ) -> Result<ChangeReport, Refusal> {
        let named = |list: &[PageGrantInput]| {
            list.iter()
                .map(|page| page.page_id.clone())
                .collect::<Vec<_>>()
        };
        let pages = [
            named(&wanted.grant),
            named(&wanted.revoke),
            named(&wanted.replace),
        ]
        .concat();
        if pages.is_empty() {
            return Err(Refusal::arguments(
                "name at least one page in `grant`, `revoke` or `replace`",
            ));
        }
        self.permit(ask, Scope::Write, &pages, &[], &[])?;
        if let (Who::Email(email), false) = (&wanted.who, wanted.revoke.is_empty()) {
            self.permit(ask, Scope::Remove, &pages, &[], std::slice::from_ref(email))?;
        }
        let change = Change {
            grant: grants(wanted.grant),
            revoke: grants(wanted.revoke),
            replace: grants(wanted.replace),
        };
        let statuspage = self.statuspage()?.clone();
        let (user, record, unlisted) = self.member(ask, &wanted.who).await?;
        self.known_pages(
            ask,
            change
                .grant
                .iter()
                .chain(&change.replace)
                .map(|page| &page.page_id),
        )
        .await?;
        let _turn = self
            .alone_with(ask, &format!("the page roles of team member {user}"))
            .await?;
        let before = statuspage.permissions(&ask.interactive(), &user).await?;
        let merged = before
            .merge(&change)
            .map_err(|error| Refusal::arguments(error.to_string()))?;

        let mut plan = Plan::so(String::new());
        plan.pages = pages;
        plan.to_type = Some(address_or_id(&record));
        if unlisted.is_some() {
            self.nobody_is_judged(&merged)?;
        }
        plan.warnings.extend(unlisted);
        // The step holds the whole; what is shown of a difference holds no page that may not be shown.
        let mut shown = before.clone();
        shown.pages.retain(|page, _| self.rules().shows(page));
        plan.state = json!({"member": json!(&record), "permissions": shown});
        if merged.gained.is_empty() && merged.lost.is_empty() {
            plan.say_so(format!("{} has exactly these roles already.", who(&record)));
        } else {
            let on = format!(
                "on {} of {} pages",
                touched(&merged),
                merged.after.pages.len().max(before.pages.len())
            );
            let shown = who(&record);
            plan.say(
                format!("The page roles of {shown} will change {on}; the others stay as they are."),
                format!(
                    "The page roles of {shown} were changed {on}; the others stayed as they were."
                ),
            );
            plan.acts.push(Box::new(PutPermissions {
                statuspage,
                user,
                record,
                before,
                merged,
            }));
        }
        self.carry_out(ask, token, plan).await
    }

    /// Refuses what the rules would judge by an address that is not known.
    fn nobody_is_judged(&self, merged: &Merged) -> Result<(), Refusal> {
        let rules = self.rules();
        let setting = if !merged.lost.is_empty() && !rules.protected.is_empty() {
            "policy.protected_people"
        } else if !merged.gained.is_empty() && rules.domains.is_some() {
            "policy.email_domains"
        } else {
            return Ok(());
        };
        Err(Refusal::Preflight(format!(
            "the list of the team could not be read, so the address behind the id is not known, and `{setting}` cannot be judged. Make the change in Statuspage."
        )))
    }

    /// The team member meant, and what to know where the list of the team is refused: page roles are another request, which an
    /// organization on Atlassian accounts may still answer, so an id is enough for it.
    async fn member(
        &self,
        ask: &Ask,
        who: &Who,
    ) -> Result<(UserId, Record, Option<String>), Refusal> {
        let team = match (self.whole_team(ask).await, who) {
            (Ok(team), _) => team,
            (Err(Refusal::Upstream(error)), Who::Id(id)) if !only_waits(&error) => {
                let user = UserId::parse(id)
                    .map_err(|error| Refusal::arguments(format!("`user_id`: {error}")))?;
                let record = Record::new(
                    System::Statuspage,
                    Kind::TeamMember,
                    user.clone(),
                    RecordScope {
                        level: Level::Organization,
                        id: Some(self.statuspage()?.organization().clone().into()),
                    },
                    self.clock().now(),
                );
                let why = format!(
                    "the list of the team could not be read, so the name and address behind the id are not known: {error}"
                );
                return Ok((user, record, Some(why)));
            }
            (Err(Refusal::Upstream(error)), Who::Email(_)) if !only_waits(&error) => {
                return Err(Refusal::Preflight(format!(
                    "the list of the team, which tells whose address it is, could not be read: {error}. With `user_id` the page roles can be asked for without it."
                )));
            }
            (Err(refusal), _) => return Err(refusal),
        };
        let (user, record) = pick(&team, who)?.ok_or_else(|| Refusal::NotFound {
            what: format!("{who}"),
            where_: " among the team members".to_owned(),
            next: "A viewer of a page is another kind of account: `list_page_access_users` finds those.".to_owned(),
        })?;
        Ok((user, record, None))
    }
}

fn grants(list: Vec<PageGrantInput>) -> Vec<PageGrant> {
    list.into_iter()
        .map(|page| PageGrant {
            page_id: page.page_id,
            roles: page.roles.into_iter().collect(),
        })
        .collect()
}

fn touched(merged: &crate::roster::Merged) -> usize {
    let pages: std::collections::BTreeSet<_> = merged
        .gained
        .iter()
        .chain(&merged.lost)
        .map(|delta| &delta.page_id)
        .collect();
    pages.len()
}
