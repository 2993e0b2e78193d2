//! One look at everything that a change would depend on, for `check`.

use tokio_util::sync::CancellationToken;

use crate::access::Access;
use crate::access::look::whole::read_all;
use crate::providers::atlassian_scim::AtlassianScim;
use crate::providers::statusapp::StatusApp;
use crate::providers::statuspage::Statuspage;
use crate::upstream::Cx;

/// A thing that was looked at, and what was found, good or bad.
type Finding = (String, Result<String, String>);

impl Access {
    /// Reaches every configured system once and looks at the record and the age of the keys. Each finding is words.
    pub async fn check(&self) -> Vec<Finding> {
        let cx = Cx::interactive(CancellationToken::new());
        let audit = self
            .log_state()
            .map(|_| "writable".to_owned())
            .map_err(str::to_owned);
        let mut found = vec![("audit file".to_owned(), audit)];
        if let Ok(statuspage) = self.statuspage() {
            look_at_statuspage(statuspage, &cx, &mut found).await;
        }
        if let Ok(directory) = self.atlassian_scim() {
            let words = look_at_directory(directory, &cx).await;
            found.push(("atlassian_scim".to_owned(), words));
        }
        if let Ok(statusapp) = self.statusapp() {
            let words = look_at_statusapp(statusapp, &cx).await;
            found.push(("statusapp".to_owned(), words));
        }
        for key in self.key_ages() {
            if let Some(warning) = key.warning {
                let words = if key.over { Err(warning) } else { Ok(warning) };
                found.push(("key".to_owned(), words));
            }
        }
        found
    }
}

async fn look_at_statuspage(statuspage: &Statuspage, cx: &Cx, found: &mut Vec<Finding>) {
    let pages = read_all(statuspage.pages(), cx, "pages").await;
    let pages = pages
        .map(|pages| format!("the key works; {} pages", pages.len()))
        .map_err(|error| error.to_string());
    let sound = pages.is_ok();
    found.push(("statuspage".to_owned(), pages));
    if !sound {
        return;
    }
    let organization = statuspage.organization();
    let team = match statuspage.team_members().next(cx).await {
        Some(Ok(first)) => Ok(format!(
            "organization {organization} answers; {} team members on the first page",
            first.records.len()
        )),
        None => Err(format!(
            "organization {organization} has no team members, which no real one has: check `statuspage.organization_id`"
        )),
        Some(Err(error)) => Err(error.to_string()),
    };
    found.push(("team members".to_owned(), team));
}

async fn look_at_directory(directory: &AtlassianScim, cx: &Cx) -> Result<String, String> {
    let features = directory
        .features(cx)
        .await
        .map_err(|error| error.to_string())?;
    if features.patch == Some(false) {
        return Err("the directory says that it has no PATCH, and this server changes people in no other way: nothing could be changed there".to_owned());
    }
    if features.filter == Some(false) {
        return Err(
            "the directory says that it has no filter: finding one person would read everybody"
                .to_owned(),
        );
    }
    let people = match directory.users(None).next(cx).await {
        Some(Err(error)) => return Err(error.to_string()),
        Some(Ok(first)) => first.records.len(),
        None => 0,
    };
    Ok(format!(
        "directory {} answers; schemas {}; {people} people on the first page",
        directory.directory(),
        features.schemas.join(", ")
    ))
}

async fn look_at_statusapp(statusapp: &StatusApp, cx: &Cx) -> Result<String, String> {
    match statusapp.members().next(cx).await {
        Some(Ok(first)) => Ok(format!("the key works; {} members", first.records.len())),
        None => Err("the team has no members, which no real one has".to_owned()),
        Some(Err(error)) => Err(error.to_string()),
    }
}
