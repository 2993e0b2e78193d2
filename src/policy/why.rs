//! The reason of a refusal: which setting decided, and how an operator changes it.

use super::Toolset;
use crate::{
    caller::Scope,
    roster::{email::Email, ids::PageId},
};

/// The reasons why something may not be done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The group of tools that it belongs to is off.
    #[error(
        "`{tool}` belongs to the toolset `{}`, which is off on this server; an operator can turn it on with \
         `[toolsets] enabled = [\"access\", \"{}\"]` or `--toolsets access,{}` and restart the server. Nothing was changed.",
        .toolset.word(), .toolset.word(), .toolset.word()
    )]
    ToolsetOff {
        /// The tool.
        tool: String,
        /// Its group.
        toolset: Toolset,
    },
    /// The tool is switched off.
    #[error(
        "`{tool}` is switched off by `policy.without_tools`; an operator can take it off that list and \
         restart the server. Nothing was changed."
    )]
    ToolOff {
        /// The tool.
        tool: String,
    },
    /// Only some tools are on, and this is none of them.
    #[error(
        "`{tool}` is not among the tools that `policy.tools` allows; an operator can add it to that list and \
         restart the server. Nothing was changed."
    )]
    ToolNotListed {
        /// The tool.
        tool: String,
    },
    /// The caller asked for other tools only.
    #[error(
        "`{tool}` is not among the tools that this client asked for in its `X-Roster-Tools` header; whoever set \
         the client up can add it there. Nothing was changed."
    )]
    Narrowed {
        /// The tool.
        tool: String,
    },
    /// The server only looks.
    #[error(
        "`{tool}` makes changes, and this server is read-only; an operator can restart it with \
         `--allow-writes` or `mode = \"write\"`. Nothing was changed."
    )]
    ReadOnly {
        /// The tool.
        tool: String,
    },
    /// The caller was not given this.
    #[error(
        "the caller `{caller}` has no `{}` scope, which this needs; an operator can give it a token that has \
         it. Nothing was changed.", needs.word()
    )]
    Scope {
        /// The caller.
        caller: String,
        /// The scope that is missing.
        needs: Scope,
    },
    /// The page is not among those that are allowed.
    #[error(
        "page `{page}` is not among the pages that `policy.pages` allows; an operator can add it to that list \
         and restart the server. Nothing was changed."
    )]
    Page {
        /// The page.
        page: PageId,
    },
    /// It reaches pages that nobody named and that are not among those that are allowed. They are not named here either.
    #[error(
        "this reaches further pages that `policy.pages` does not allow ({pages} of them), so it is not done at all; an operator \
         can add them to that list and restart the server, or make the change in Statuspage. Nothing was changed."
    )]
    FurtherPages {
        /// The number of pages.
        pages: usize,
    },
    /// The address is in no allowed domain.
    #[error(
        "`{email}` cannot be given access: `{}` is not among the domains that `policy.email_domains` allows \
         (a subdomain is another domain); an operator can add it to that list and restart the server. Nothing \
         was changed.", .email.shown_domain()
    )]
    Domain {
        /// The address.
        email: Email,
    },
    /// The person is protected under another name.
    #[error(
        "nothing may be taken away from this person: a name of theirs is one of `{email}`, who is protected by \
         `policy.protected_people`; an operator can take the address off that list and restart the server. \
         Nothing was changed."
    )]
    ProtectedName {
        /// The address on the list.
        email: Email,
    },
    /// It is not known whether the person is protected.
    #[error(
        "`policy.protected_people` protects people under every name of theirs, and the directory, which knows \
         those names, could not be read to its end ({why}); until it can, nothing is taken away from anybody. \
         Nothing was changed."
    )]
    ProtectedUnknown {
        /// The reason why it was not read.
        why: String,
    },
    /// The person is protected.
    #[error(
        "nothing may be taken away from `{email}`: protected by `policy.protected_people`; an operator can \
         take the address off that list and restart the server. Nothing was changed."
    )]
    Protected {
        /// The person.
        email: Email,
    },
}
